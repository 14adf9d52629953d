"""Syntax of sources' names: `mnist`, `mnist?label=7&per_class=10`, `a=folder:day,b=folder:dusk`.

After the question mark come options of that source alone, `key=value` joined by `&`:

* `split`, `image_size` (`32` or `96x128`), `condition` (`hair+eyes`), `condition_kind`:
  replace the arguments of `open_source`;
* `shuffled=0`: shuffles, with this seed, before the split is taken;
* `per_class=10` (and `draw=1`), `files=!0001TP*`, `<column>=<class>`: choose examples of the
  split, as in `Finite.subset`; `per_class` limits training data, and not those that a run holds out;
* `map=small:2`: computes parts from others, by functions of `maps.MAPS`;
* `augment=flip+jitter_crop:8`: augments, by functions of `augment.AUGMENTATIONS`, last.
"""

import os
import re
from typing import NamedTuple

from tfgan import errors
from tfgan.data import augment, maps
from tfgan.data.finite import Finite

_KEYED = re.compile(r"([A-Za-z_]\w*)=(.+)", re.DOTALL)


class Query(NamedTuple):
    """The options after a name's question mark.

    Attributes:
        arguments: dict, arguments of `Request`.
        subset: dict, arguments of `Finite.subset`.
        maps, augment: lists of functions.
    """

    arguments: dict
    subset: dict
    maps: list
    augment: list

    def apply(self, source, limited=True):
        """`source` with the subset, maps and augmentation of the query.

        Args:
            source: `Source`.
            limited: whether `per_class` holds.
        """
        limits = ("per_class", "draw")
        subset = {name: x for name, x in self.subset.items() if limited or name not in limits}
        if self.subset and not isinstance(source, Finite):
            expected = f"none, because {type(source).__name__} has no fixed examples"
            raise errors.invalid("subset", expected, self.subset)
        if subset:
            source = source.subset(**subset)
        for function in self.maps:
            source = source.mapped(function)
        return source.augmented(*self.augment)


def several(name):
    """One name as a str, or several as a dict of part to name.

    Args:
        name: str; several as `part=name,part=name`, a list of such, or a dict.

    Returns:
        A str, or a dict of part to str.

    Raises:
        ValueError: several names without their parts, a part twice, or no name at all.
    """
    if isinstance(name, dict) and name:
        return {str(part): _text(text) for part, text in name.items()}
    texts = name if isinstance(name, (list, tuple)) else [name]
    texts = [piece for text in texts for piece in re.split(r",(?=[A-Za-z_]\w*=)", _text(text))]
    keyed = [_KEYED.fullmatch(text) for text in texts]
    if len(texts) == 1 and not keyed[0]:
        return texts[0]
    parts = [match and match[1] for match in keyed]
    if not texts or None in parts or len(set(parts)) < len(parts):
        raise errors.invalid("name", "one name, or part=name for each of several", name)
    return {match[1]: match[2] for match in keyed}


def _text(name):
    if not isinstance(name, (str, os.PathLike)):
        expected = "names of data sets; of arrays, tfgan.data.Records(arrays).batches(batch_size)"
        raise errors.invalid("name", expected, type(name).__name__)
    return str(name)


def parse(text):
    """(name, `Query`) of `name?key=value&key=value`."""
    name, _, query = text.partition("?")
    arguments, subset, mappings, functions = {}, {}, [], []
    for piece in filter(None, query.split("&")):
        match = re.fullmatch(r"([^=]+)=(.*)", piece, re.DOTALL)
        if not match:
            raise errors.invalid(f"name ({text})", "key=value after ?, joined by &", piece)
        key, value = match.groups()
        if key == "augment":
            functions = augment.parse(value)
        elif key == "map":
            mappings = augment.parse(value, key, maps.MAPS)
        elif key in _ARGUMENTS:
            arguments[key] = _ARGUMENTS[key](value)
        else:
            subset[key] = number(key, value) if key in ("per_class", "draw") else value
    return name, Query(arguments, subset, mappings, functions)


def number(key, text):
    """The whole number that a text stands for; ValueError otherwise."""
    if not re.fullmatch(r"\d+", text):
        raise errors.invalid(key, "a whole number >= 0", text)
    return int(text)


def _size(text):
    sides = [number("image_size", side) for side in text.split("x")]
    return sides[0] if len(sides) == 1 else sides


_ARGUMENTS = {
    "split": str,
    "image_size": _size,
    "condition": lambda text: [name for name in text.split("+") if name],
    "condition_kind": str,
    "shuffled": lambda text: number("shuffled", text),
}
