"""Conditions to sample with, from labels that a user names."""

import numpy as np

from tfgan import errors


def conditions_for(spec, labels, count, columns):
    """What to condition `count` samples on, and the columns of their grid.

    Args:
        spec: dict of part to `Part` of the game's data.
        labels: of classes, one per label, by name or number; of tags, those that hold; of
            text, its words; empty: every class, or every tag, in turn.
        count: samples, >= 1.
        columns: columns of a grid that does not have one per class.

    Returns:
        `(condition, columns)`: what `GAN.generate` takes, and an int.

    Raises:
        ValueError: labels that the game does not have.
    """
    part = spec.get("condition")
    if part is None:
        if labels:
            raise errors.invalid("label", "none for a game without conditions", ",".join(labels))
        return None, columns
    return KINDS[part.kind](part, labels, count, columns)


def _classes(part, labels, count, columns):
    names = part.names
    if not labels:
        from tfgan import pictures

        rows = -(-count // len(names[0]))
        return pictures.class_columns(part.num_classes, rows)[:count], len(names[0])
    if len(labels) != len(names):
        expected = f"{len(names)} comma-separated class(es)"
        raise errors.invalid("label", expected, ",".join(labels))
    chosen = [_number(label, its) for label, its in zip(labels, names)]
    return np.int32(chosen if part.shape else chosen[0]), columns


def _tags(part, labels, count, columns):
    every = np.eye(len(part.names), dtype=np.float32)
    if not labels:
        return every[np.arange(count) % len(every)], len(every)
    return every[[_number(label, part.names) for label in labels]].max(axis=0), columns


def _tokens(part, labels, count, columns):
    words = " ".join(labels).split()
    if not 0 < len(words) <= part.shape[0]:
        raise errors.invalid("label", f"1 to {part.shape[0]} words", " ".join(labels))
    numbers = [_number(word, part.names) for word in words]
    return np.int32(numbers + [0] * (part.shape[0] - len(numbers))), columns


def _number(label, names):
    if label in names:
        return names.index(label)
    if label.isdecimal() and int(label) < len(names):
        return int(label)
    raise errors.unknown("label", label, [*names, f"0 to {len(names) - 1}"])


KINDS = {"classes": _classes, "tags": _tags, "tokens": _tokens}
