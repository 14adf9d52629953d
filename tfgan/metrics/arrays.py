"""Checks of the arrays that metrics are given."""

import numpy as np

from tfgan import errors

# Pixel values of images that are processed at a time.
VALUES = 2**22


def features(name, values, least=1):
    """Checks features; returns them as float64 `[n, dims]`.

    Args:
        name: of the argument, for the error.
        values: array of finite numbers, `[n, dims]` or `[n]` (then dims is 1).
        least: smallest number of rows.

    Raises:
        ValueError: another shape, too few rows, or NaN or infinity.
    """
    array = np.asarray(values, np.float64)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] == 0:
        raise errors.invalid(name, "features [n, dims]", f"shape {list(array.shape)}")
    if len(array) < least:
        raise errors.invalid(name, f"at least {least} rows", len(array))
    return _finite(name, array)


def pair(real, generated, least=1):
    """Checks two sets of features, which must have as many dimensions; returns both as float64."""
    real, generated = features("real", real, least), features("generated", generated, least)
    if real.shape[1] != generated.shape[1]:
        expected = f"features of {real.shape[1]} dimensions, as real has"
        raise errors.invalid("generated", expected, generated.shape[1])
    return real, generated


def labels(name, values):
    """Checks integer labels `[n]`, or `[n, k]` of k labels per example, n >= 1; returns them."""
    array = np.asarray(values)
    if array.ndim not in (1, 2) or array.dtype.kind not in "biu" or not array.size:
        got = f"{array.dtype} {list(array.shape)}"
        raise errors.invalid(name, "integer labels [n] or [n, k], n >= 1", got)
    return array


def labelled(name, values, classes):
    """Checks features and one class for each row; returns float64 `[n, dims]` and int `[n]`."""
    array, classes = features(name, values), labels(f"labels of {name}", classes)
    if classes.shape != (len(array),):
        expected = f"one for each of the {len(array)} rows"
        raise errors.invalid(f"labels of {name}", expected, list(classes.shape))
    return array, classes


def probabilities(name, values):
    """Checks probabilities, whose rows sum to 1 (to 1e-3); returns them as float64 `[n, classes]`."""
    array = features(name, values)
    if (array < 0).any() or np.abs(array.sum(axis=1) - 1).max() > 1e-3:
        got = f"rows that sum to {array.sum(axis=1).min():.4g} to {array.sum(axis=1).max():.4g}"
        raise errors.invalid(name, "probabilities >= 0 that sum to 1 in every row", got)
    return array


def images(name, values):
    """Checks images `[n, height, width, channels]` in [-1, 1]; returns them as float32 or float64."""
    array = np.asarray(values)
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float64)
    if array.ndim != 4 or not len(array):
        expected = "images [n, height, width, channels], n >= 1"
        raise errors.invalid(name, expected, f"shape {list(array.shape)}")
    _finite(name, array)
    if array.min() < -1.001 or array.max() > 1.001:
        got = f"{array.min():.4g} to {array.max():.4g}"
        raise errors.invalid(name, "pixels in [-1, 1]", got)
    return array


def parts(*sets):
    """Splits sets of images into parts that fit into memory as float64.

    Args:
        *sets: arrays of equally many images.

    Yields:
        (slice, list of float64 arrays): the rows, and that part of each set.
    """
    size = max(1, VALUES // sets[0][0].size)
    for start in range(0, len(sets[0]), size):
        part = slice(start, start + size)
        yield part, [np.asarray(images[part], np.float64) for images in sets]


def check_neighbours(k, count):
    """Raises InputError unless each of `count` samples has `k` others as neighbours, k >= 1."""
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k < count:
        raise errors.invalid("k", f"a whole number from 1 to {count - 1} (the samples but one)", k)


def _finite(name, array):
    if not np.isfinite(array).all():
        bad = int((~np.isfinite(array)).reshape(len(array), -1).any(axis=1).sum())
        raise errors.invalid(name, "finite numbers", f"NaN or infinity in {bad} rows")
    return array
