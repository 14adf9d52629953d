"""What `open_source` was asked for, checked once for every kind of source."""

import dataclasses
import operator

from tfgan import errors


@dataclasses.dataclass(frozen=True)
class Request:
    """The arguments of `open_source`, in one form each.

    Attributes:
        name: str.
        split: str.
        image_size: (height, width), or None for the images' own.
        data_dir: str or None.
        condition: None, True for the label, or a tuple of column names.
        download: bool.
        skip_bad_images: bool.
        memory_limit: GiB.
    """

    name: str
    split: str
    image_size: tuple | None
    data_dir: str | None
    condition: tuple | bool | None
    download: bool
    skip_bad_images: bool
    memory_limit: float


def image_size(value):
    """(height, width) from an int, a pair of ints or None; ValueError otherwise."""
    if value is None:
        return None
    try:
        size = tuple(operator.index(side) for side in _pair(value))
    except TypeError:
        size = ()
    if len(size) != 2 or min(size) < 1 or isinstance(value, bool):
        raise errors.invalid("image_size", "a positive integer or (height, width)", value)
    return size


def _pair(value):
    return value if isinstance(value, (tuple, list)) else (value, value)


def condition(value):
    """None, True or a tuple of names; ValueError otherwise."""
    if value is None or value is False:
        return None
    if value is True:
        return True
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, (tuple, list)) or not all(isinstance(name, str) for name in names):
        raise errors.invalid("condition", "False, True or a sequence of column names", value)
    return tuple(names) or None
