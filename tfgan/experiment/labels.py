"""From the labels that a user names to the conditions of a game."""

import numpy as np

from tfgan import errors


def conditions_for(data, labels, count, columns):
    """What to condition `count` samples on, and the columns of their grid.

    Args:
        data: the `DataShape` of the game's data.
        labels: one class per label, by name or number; empty: every class in turn.
        count: samples, >= 1.
        columns: of a grid whose columns are no classes.

    Returns:
        `(condition, columns)`: what `GAN.generate` takes, and an int.

    Raises:
        ValueError: labels that the game does not have.
    """
    if not data.num_classes:
        if labels:
            raise errors.invalid("label", "none for a game without conditions", ",".join(labels))
        return None, columns
    if labels:
        if len(labels) != len(data.num_classes):
            raise errors.invalid(
                "label", f"{len(data.num_classes)} comma-separated class(es)", ",".join(labels)
            )
        chosen = [_class(label, names) for label, names in zip(labels, data.class_names)]
        return np.int32(chosen if len(chosen) > 1 else chosen[0]), columns
    from tfgan import pictures

    classes = data.num_classes[0]
    rows = -(-count // classes)
    return pictures.class_columns(data.num_classes, rows)[:count], classes


def _class(label, names):
    if label in names:
        return names.index(label)
    if label.isdecimal() and int(label) < len(names):
        return int(label)
    raise errors.unknown("label", label, [*names, f"0 to {len(names) - 1}"])
