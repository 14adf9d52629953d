"""Conversion of users' arrays to the types that `Records` hold, if that loses nothing."""

import warnings

import numpy as np

from tfgan import errors
from tfgan.data.ranges import check_labels, check_range, check_tags, finite_bounds

_KINDS_OF_IMAGES = "uint8 or floats in [-1, 1], [n, height, width, channels]"
_EXPECTED = f"images ({_KINDS_OF_IMAGES}), points (floats [n, dims]) or classes (integers [n] or [n, k])"
_CHANNELS = (1, 3, 4)
# Every class has a name, so larger numbers, which are identifiers, would fill the memory.
_MOST_CLASSES = 2**20


def converted(name, array, kind=None):
    """An array of examples as uint8 or float32 images, float32 points or tags, or integers.

    Args:
        name: str, names the array in errors.
        array: what the user gave: an array, a tensor, or nested lists of numbers; images are
            uint8, other integers in 0 to 255, or floats in [-1, 1].
        kind: "tags", for an array of 0 and 1 of any type; "tokens"; or None.

    Returns:
        NumPy array [n, ...], n >= 1; an `np.memmap` of images stays one.

    Raises:
        InputError: an array of another type, shape or range, with what to do about it.
    """
    array = _as_array(name, array)
    if not len(array):
        raise errors.invalid(name, "n >= 1 examples", list(array.shape))
    if kind == "tags" and array.ndim == 2:
        return _tags(name, array)
    convert = _BY_RANK_AND_TYPE.get((array.ndim, _type(array)), _refuse)
    return convert(name, array, kind)


def _as_array(name, array):
    if isinstance(array, np.memmap):
        return array
    try:
        found = np.asarray(array)
    except (TypeError, ValueError) as error:
        raise errors.invalid(name, "examples of one shape", str(error)) from error
    if found.dtype == object or not found.ndim:
        got = f"{type(array).__name__} of objects" if found.ndim else type(array).__name__
        raise errors.invalid(name, "an array of numbers, [n, ...], of examples of one shape", got)
    return np.float32(found) if found.dtype.name == "bfloat16" else found


def _type(array):
    return {"i": "integers", "u": "integers", "f": "floats", "b": "bools"}.get(array.dtype.kind)


def _refuse(name, array, kind):
    expected = _REMEDIES.get((array.ndim, _type(array)), _EXPECTED)
    raise errors.invalid(name, expected, f"{array.dtype.name} {list(array.shape)}")


_REMEDIES = {
    (1, None): "integers; of words, np.unique(words, return_inverse=True)[1]",
    (1, "floats"): "integers for classes (x.astype(int)), or floats [n, dims] for points (x[:, None])",
    (2, "bools"): 'integers, or kinds={name: "tags"} for tags',
    **dict.fromkeys(
        [(3, "integers"), (3, "floats")], "images [n, height, width, channels]: of grey ones x[..., None]"
    ),
    (4, "bools"): f"{_KINDS_OF_IMAGES}: of black and white ones x.astype('uint8') * 255",
}


def _images_of_integers(name, array, kind):
    _warn_of_channels_first(name, array)
    if array.dtype == np.uint8:
        return array
    low, high = int(array.min()), int(array.max())
    if low < 0 or high > 255:
        raise errors.invalid(name, "integers in 0 to 255 for images", f"{low} to {high}")
    return array.astype(np.uint8)


def _images_of_floats(name, array, kind):
    _warn_of_channels_first(name, array)
    check_range(name, array)
    return array if array.dtype == np.float32 else array.astype(np.float32)


def _warn_of_channels_first(name, array):
    _, first, side, last = array.shape
    if first in _CHANNELS and last not in _CHANNELS and side == last:
        expected = "images [n, height, width, channels], as by np.moveaxis(x, 1, -1)"
        warnings.warn(str(errors.invalid(name, expected, list(array.shape))), stacklevel=2)


def _points(name, array, kind):
    finite_bounds(name, array)
    return np.asarray(array, np.float32)


def _tags(name, array):
    check_tags(name, array)
    return np.asarray(array, np.float32)


def _classes(name, array, kind):
    if name == "images":
        expected = f"{_KINDS_OF_IMAGES}, or floats [n, dims] for points"
        raise errors.invalid(name, expected, f"{array.dtype.name} {list(array.shape)}")
    highest = int(array.max())
    check_labels(name, array, highest + 1)
    if highest >= _MOST_CLASSES:
        raise errors.invalid(name, "classes numbered from 0 without gaps", highest)
    # Keras's own data sets have labels [n, 1].
    integers = array.astype(np.int32)
    return integers[:, 0] if integers.shape[1:] == (1,) and kind != "tokens" else integers


_BY_RANK_AND_TYPE = {
    (1, "bools"): _classes,
    (1, "integers"): _classes,
    (2, "integers"): _classes,
    (2, "floats"): _points,
    (4, "integers"): _images_of_integers,
    (4, "floats"): _images_of_floats,
}
