"""Checks of values: the range of images and the numbers of classes."""

import warnings

import numpy as np

from tfgan import errors

# How far beyond the range values may lie, as a share of its width.
_TOLERANCE = 0.01
# What is taken for the overshoot of resizing when a remedy is looked for: a share of the
# highest value, and the highest value of images in [-1, 1].
_SLACK, _OVERSHOOT = 0.1, 1.5
# Scales that image files and other libraries use: the highest value, what it is called, and
# the factor by which such values become 0 to 1.
_SCALES = [(1.0, "0 to 1"), (255.0, "bytes"), (65535.0, "16 bits per channel")]


def check_images(name, images, lowest=-1.0):
    """Raises an error on NaN or infinity in images, and warns of values of another range.

    Args:
        name: str, names the images in messages.
        images: float array [n, height, width, channels], expected in [lowest, 1]; other
            types and no images at all pass unseen.
        lowest: the lowest value that the generator can make: -1, or 0 for a generator that
            ends in a sigmoid.

    Raises:
        InputError: a value is not finite.
    """
    bounds = finite_bounds(name, images)
    if bounds and (_outside(*bounds, lowest) or _looks_unsigned(*bounds, lowest)):
        warnings.warn(_out_of_range(name, *bounds, lowest), stacklevel=3)


def check_range(name, images):
    """Raises an error where images are not finite, or lie outside [-1, 1] by more than 1 %.

    Args:
        name, images: as in `check_images`.

    Raises:
        InputError: with the formula that brings the values into the range.
    """
    bounds = finite_bounds(name, images)
    if bounds and _outside(*bounds, -1.0):
        raise errors.InputError(_out_of_range(name, *bounds, -1.0))


def check_labels(name, labels, num_classes):
    """Raises an error where integer labels are not in 0 to `num_classes` - 1.

    Args:
        name: str, names the labels in the error.
        labels: integer array [n], or [n, k] of k labels per example.
        num_classes: int >= 1, of every label, or a tuple of one int for each of the k.

    Raises:
        InputError: a label out of range, labels that are no integers, or another k.
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "biu":
        raise errors.invalid(name, "classes, which are integers", labels.dtype.name)
    columns = labels[:, None] if labels.ndim == 1 else labels
    numbers = np.ravel(num_classes)
    if columns.ndim != 2 or len(numbers) not in (1, columns.shape[1]):
        expected = f"one class of each of {len(numbers)} labels per example"
        raise errors.invalid(name, expected, list(labels.shape))
    if not columns.size:
        return
    if columns.min() < 0:
        raise errors.invalid(name, "classes of 0 or more", int(columns.min()))
    for number, high in zip(np.broadcast_to(numbers, columns.shape[1]), columns.max(axis=0)):
        if high >= number:
            raise errors.invalid(name, f"classes below {number}", int(high))


def check_tags(name, tags):
    """Raises an error where tags are not 0 or 1.

    Args:
        name: str, names the tags in the error.
        tags: array of any shape and type.

    Raises:
        InputError: another value.
    """
    tags = np.asarray(tags)
    wrong = tags[~np.isin(tags, (0, 1))] if tags.dtype.kind in "fiub" else tags
    if wrong.size:
        raise errors.invalid(name, "tags of 0 and 1", wrong.ravel()[0].item())


def check_every_tag(name, tags, names):
    """Raises an error where a tag holds for no example, so that it cannot be learned.

    Args:
        name: str, names the tags in the error.
        tags: array [n, tags] of 0 and 1.
        names: of the tags.

    Raises:
        InputError: with the first such tags.
    """
    never = [tag for tag, holds in zip(names, np.any(tags, axis=0)) if not holds]
    if never:
        got = f"{len(never)} tags of none of {len(tags)} examples: {', '.join(never[:5])}"
        raise errors.invalid(name, "tags that each hold for at least one example", got)


def finite_bounds(name, array):
    """The lowest and the highest value of a float array; None of other types and of no values.

    Raises:
        InputError: a value is NaN or infinite.
    """
    array = np.asarray(array)
    if not array.size or not np.issubdtype(array.dtype, np.inexact):
        return None if array.dtype.name != "bfloat16" else finite_bounds(name, np.float32(array))
    # NaN passes through both, and no copy is made, which matters for whole data sets.
    low, high = float(array.min()), float(array.max())
    if not np.isfinite([low, high]).all():
        rows = np.flatnonzero(~np.isfinite(array.reshape(len(array), -1)).all(axis=1))
        got = f"NaN or infinity in {len(rows)} of {len(array)} rows, the first at {rows[0]}"
        raise errors.invalid(name, "finite values", got)
    return low, high


def _outside(low, high, lowest):
    margin = _TOLERANCE * (1 - lowest)
    return low < lowest - margin or high > 1 + margin


def _looks_unsigned(low, high, lowest):
    return lowest < 0 and low >= -_TOLERANCE and high > 0


def _out_of_range(name, low, high, lowest):
    text = str(errors.invalid(name, f"values from {lowest:g} to 1", f"{low:.5g} to {high:.5g}"))
    formula, scale = _remedy(low, high, lowest)
    return f"{text}. {scale}: use `{formula}`"


def _remedy(low, high, lowest):
    """(formula, what the values look like)."""
    if low < -_SLACK * high:
        if lowest >= 0 and not _outside(low, high, -1.0):
            return "(images + 1) / 2", "They look like -1 to 1"
        if max(-low, high) <= _OVERSHOOT:
            return f"np.clip(images, {lowest:g}, 1)", "They overshoot, as by resizing"
        scaled = "images / np.abs(images).max()"
        return scaled if lowest < 0 else f"({scaled} + 1) / 2", "They have a range of their own"
    width, shift = 1 - lowest, f" - {-lowest:g}" if lowest else ""
    for top, words in _SCALES:
        if high <= top * (1 + _SLACK):
            scaled = f"images / {top / width:g}" if top > 1 else "images * 2"
            return scaled + shift, f"They look like {words}"
    return f"images / {high / width:.6g}" + shift, "They have a range of their own"
