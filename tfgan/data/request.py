"""`Request`: the arguments of `open_source`, checked once for every kind of source."""

import dataclasses
import operator

from tfgan import checks, errors
from tfgan.data.storage import MEMORY_LIMIT


@dataclasses.dataclass(frozen=True)
class Request:
    """The arguments of `open_source`, each in one form.

    Attributes:
        name: str.
        split: str.
        image_size: (height, width), or None for the images' own.
        data_dir: str or None.
        condition: None, True for the label, or a tuple of column names.
        condition_kind: a key of `conditions.CONDITIONS`.
        download: bool.
        skip_bad_images: bool.
        memory_limit: GiB.
        shuffled: int >= 0, the seed by which examples are shuffled before the split is
            taken, or None.
    """

    name: str
    split: str = "train"
    image_size: tuple | None = None
    data_dir: str | None = None
    condition: tuple | bool | None = None
    condition_kind: str = "classes"
    download: bool = False
    skip_bad_images: bool = False
    memory_limit: float = MEMORY_LIMIT
    shuffled: int | None = None

    def __post_init__(self):
        bring = lambda name, value: object.__setattr__(self, name, value)
        bring("split", str(self.split))
        bring("image_size", image_size(self.image_size))
        bring("data_dir", None if self.data_dir is None else str(self.data_dir))
        bring("condition", condition(self.condition))
        limit = checks.positive_or_none("memory_limit", self.memory_limit)
        bring("memory_limit", limit or MEMORY_LIMIT)
        if self.shuffled is not None:
            checks.whole_number("shuffled", self.shuffled, 0)


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
