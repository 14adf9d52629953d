"""Layout of a folder: which of its images belong to which split, class and pair."""

import re
from collections import Counter
from typing import NamedTuple

from tfgan import errors
from tfgan.data import formats
from tfgan.data.scan import listed

TRAIN = "train"
PAIR = ("inputs", "targets")
_LISTED = 10
# Names that mark a subfolder as a split; with a letter those of two domains, such as trainA.
_SPLIT = re.compile(r"(?i:train|training|test|testing|val|valid|validation|dev|eval)[AB]?")


class Member(NamedTuple):
    """One example.

    Attributes:
        files: tuple of relative paths, one per part.
        label: name of the subfolder that it lies in, or None.
    """

    files: tuple
    label: str | None


class Examples(NamedTuple):
    """The examples in a folder.

    Attributes:
        parts: names of an example's parts.
        splits: dict of split to the list of its `Member`s, sorted by path.
        outside: list of images that are not among the pairs.
    """

    parts: tuple
    splits: dict
    outside: list


def list_examples(whose, scan, asked):
    """Sorts a folder's images into the examples of its splits, without opening a file.

    Args:
        whose: str, names the folder in errors.
        scan: the folder's `Scan`.
        asked: names of the splits that are asked for.

    Returns:
        `Examples`.

    Raises:
        InputError: a layout that can be read in two ways, or a file in `inputs/` without one
            of its name in `targets/`, or the reverse.
    """
    paired = [place for place in ["", *(f"{x}/" for x in scan.inside())] if _is_pair(scan, place)]
    for place in ["", *(f"{x}/" for x in scan.inside() if _is_split(x))]:
        _check_half(whose, scan, place)
    if paired:
        return _list_pairs(whose, scan, paired, asked)
    return Examples(("images",), _list_splits(whose, scan, asked), [])


def classes_of(members):
    """The sorted names of the classes among some members."""
    return sorted({member.label for member in members if member.label})


def _is_split(name):
    return _SPLIT.fullmatch(name) is not None


# Pairs


def _is_pair(scan, place):
    return all(f"{place}{name}" in scan.folders for name in PAIR)


def _check_half(whose, scan, place):
    """Raises an error if there is inputs/ without targets/, or the reverse."""
    for name, other in (PAIR, PAIR[::-1]):
        folder = f"{place}{name}"
        if folder in scan.folders and f"{place}{other}" not in scan.folders:
            if any(file.startswith(f"{folder}/") for file in scan.images):
                expected = f"{place}{other}/ beside {folder}/ for pairs, or another name than {name}"
                raise errors.invalid(whose, expected, f"{folder}/ alone")


def _list_pairs(whose, scan, places, asked):
    here = places[0] == ""
    splits = _splits_with_images(scan)
    if here and (len(places) > 1 or splits):
        expected = "inputs/ and targets/ either in the folder itself or in each split's folder"
        also = dict.fromkeys([*splits, *(place.removesuffix("/") for place in places[1:])])
        raise errors.invalid(whose, expected, f"pairs in the folder itself, beside {listed(list(also))}")
    for name in asked:
        if not here and name in splits and f"{name}/" not in places:
            expected = f"inputs/ and targets/ in {name}/, as in {places[0]}"
            raise errors.invalid(whose, expected, "images alone")
    places = sorted(places, key=lambda place: place != f"{TRAIN}/")
    found = {place.removesuffix("/") or TRAIN: _pairs(whose, scan, place) for place in places}
    used = {file for members in found.values() for member in members for file in member.files}
    return Examples(PAIR, found, [file for file in scan.images if file not in used])


def _pairs(whose, scan, place):
    """The `Member`s of a folder with inputs/ and targets/; their file types may differ."""
    inputs, targets = (_by_name(whose, scan.images, f"{place}{name}/") for name in PAIR)
    alone = [inputs[name] for name in inputs.keys() - targets.keys()]
    alone += [targets[name] for name in targets.keys() - inputs.keys()]
    if alone:
        expected = f"a file of one name in both {place}inputs/ and {place}targets/"
        raise errors.invalid(whose, expected, f"no partner of {listed(sorted(alone), _LISTED)}")
    return [Member((inputs[name], targets[name]), _label(name)) for name in sorted(inputs)]


def _by_name(whose, files, place):
    """Dict of path within a place, without extension, to file."""
    inside = [file for file in files if file.startswith(place)]
    names = [formats.without_extension(file.removeprefix(place)) for file in inside]
    counts = Counter(names)
    twice = [file for file, name in zip(inside, names) if counts[name] > 1]
    if twice:
        raise errors.invalid(whose, "one file of each name", f"several of {listed(twice, _LISTED)}")
    return dict(zip(names, inside))


# Splits


def _list_splits(whose, scan, asked):
    """Dict of split to its members: of every subfolder, and of `train`."""
    splits = {name: [] for name in scan.inside()}
    for file in scan.images:
        folder, slash, rest = file.partition("/")
        if slash:
            splits[folder].append(Member((file,), _label(rest)))
    if TRAIN in asked:
        _check_one_reading(whose, scan, splits)
    trains = [name for name in splits if name.lower() == TRAIN]
    shown = {name: splits[name] for name in splits if _is_split(name) or name in asked}
    if trains:
        return {TRAIN: splits[TRAIN if TRAIN in trains else trains[0]], **shown}
    return shown if _splits_with_images(scan) else {TRAIN: _everything(scan), **shown}


def _everything(scan):
    return [Member((file,), _label(file)) for file in scan.images]


def _label(file):
    folder, slash, _ = file.partition("/")
    return folder if slash else None


def _check_one_reading(whose, scan, splits):
    """Raises an error if subfolders may be splits or classes."""
    named = _splits_with_images(scan)
    loose = [file for file in scan.images if "/" not in file]
    others = [name for name, members in splits.items() if members and name not in named] + loose
    trains = [name for name in named if name.lower() == TRAIN]
    if named and others:
        raise _ambiguous(whose, listed(named), listed(others), trains)
    if len(trains) > 1:
        raise errors.invalid(whose, f"one folder called {TRAIN}", f"{listed(trains)}")
    if not named:
        _check_no_splits_below(whose, splits)


def _ambiguous(whose, named, others, trains):
    error = errors.invalid(
        whose, "subfolders that are all splits or all classes", f"{named} beside {others}"
    )
    remedy = f"open {whose}/{trains[0]}" if trains else f"move the rest into {TRAIN}/"
    return errors.InputError(f"{error}: for a split {remedy}, for a class rename {named}")


def _check_no_splits_below(whose, splits):
    for folder, members in splits.items():
        below = [name for name in classes_of(members) if _is_split(name)]
        if len(below) > 1:
            expected = (
                f"splits in the folder itself (open {whose}/{folder}, or move what is of one class "
                f"to {below[0]}/{folder})"
            )
            raise errors.invalid(whose, expected, listed([f"{folder}/{name}" for name in below]))


def _splits_with_images(scan):
    """The immediate subfolders with a split's name that hold images."""
    held = dict.fromkeys(file.partition("/")[0] for file in scan.images if "/" in file)
    return [name for name in held if _is_split(name)]
