"""Listing of a folder's image files, by split, single or in pairs of input and target."""

import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tfgan import errors
from tfgan.data.decode import SUFFIXES

TRAIN = "train"
PAIR = ("inputs", "targets")
_LISTED = 10


class Member(NamedTuple):
    """One example.

    Attributes:
        files: tuple of relative paths, one per part.
        label: name of the subfolder that it lies in, or None.
    """

    files: tuple
    label: str | None


def list_examples(root):
    """The examples in a folder.

    Args:
        root: path of the folder.

    Returns:
        The names of an example's parts, and a dict of split to the list of its `Member`s,
        sorted by path.

    Raises:
        ValueError: a file in `inputs/` without one of its name in `targets/`, or the
            reverse.
    """
    files = _list_images(root)
    pairs = {split: place for split, place in _places(root).items() if _is_pair(root / place)}
    if pairs:
        return PAIR, {split: _pairs(root, files, place) for split, place in pairs.items()}
    groups = {split: _members(files, place) for split, place in _places(root).items() if place}
    return ("images",), {TRAIN: _members(files, ""), **groups}


def _places(root):
    """Dict of split to the subfolder that may hold it, "" being the folder itself."""
    inside = [x.name for x in sorted(root.iterdir()) if x.is_dir() and x.name[0] != "."]
    return {TRAIN: "", **{name: f"{name}/" for name in inside}}


def _is_pair(place):
    return all((place / name).is_dir() for name in PAIR)


def _members(files, place):
    inside = [file for file in files if file.startswith(place)]
    return [Member((file,), _label(file.removeprefix(place))) for file in inside]


def _label(file):
    folder, slash, _ = file.partition("/")
    return folder if slash else None


def _pairs(root, files, place):
    """The `Member`s of a folder with inputs/ and targets/; their file types may differ."""
    inputs, targets = (_by_name(root, files, f"{place}{name}/") for name in PAIR)
    alone = [inputs[name] for name in inputs.keys() - targets.keys()]
    alone += [targets[name] for name in targets.keys() - inputs.keys()]
    if alone:
        expected = f"a file of one name in both {place}inputs/ and {place}targets/"
        raise errors.invalid(str(root), expected, f"no partner of {_listed(sorted(alone))}")
    return [Member((inputs[name], targets[name]), _label(name)) for name in sorted(inputs)]


def _by_name(root, files, place):
    """Dict of path within a place, without suffix, to file."""
    inside = [file for file in files if file.startswith(place)]
    names = [file.removeprefix(place).rpartition(".")[0] for file in inside]
    counts = Counter(names)
    twice = [file for file, name in zip(inside, names) if counts[name] > 1]
    if twice:
        raise errors.invalid(str(root), "one file of each name", f"several of {_listed(twice)}")
    return dict(zip(names, inside))


def _listed(files):
    more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
    return ", ".join(files[:_LISTED]) + more


def _list_images(root):
    """Relative paths with forward slashes, sorted; follows links, once each."""
    found, seen = [], set()
    for folder, subfolders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        subfolders[:] = sorted(name for name in subfolders if name[0] != ".")
        for name in files:
            if name[0] != "." and Path(name).suffix.lower() in SUFFIXES:
                found.append(Path(folder, name).relative_to(root).as_posix())
    return sorted(found)
