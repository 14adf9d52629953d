"""Filters of `Finite.subset`: by class, by file name, so many of each class."""

import operator
from fnmatch import fnmatchcase

import numpy as np

from tfgan import checks, errors
from tfgan.data.order import permutation


def matching(source, per_class, draw, files, columns):
    """The sorted rows of a source that meet all given conditions.

    Args:
        source: `Finite`.
        per_class, draw, files, columns: as in `Finite.subset`, columns as a dict.

    Returns:
        int array [m], m >= 0.

    Raises:
        ValueError: an unknown column or class, or something the source does not have.
    """
    keep = np.ones(len(source), bool)
    for name, value in columns.items():
        codes, names = _column(source, name)
        keep &= codes == _class_number(name, value, names)
    if files is not None:
        keep &= _named(source.files, files)
    rows = np.flatnonzero(keep)
    if draw is not None:
        _check_draw(draw, per_class)
        rows = rows[permutation(len(rows), draw)]
    return rows if per_class is None else _first(rows, _classes(source), per_class)


def _column(source, name):
    if not source.columns:
        raise errors.invalid("subset", "data with labels", name)
    return errors.lookup("subset", name, source.columns)


def _class_number(column, value, names):
    """The number of a class that is given by its name, or by the number itself."""
    if isinstance(value, str) and value in names:
        return names.index(value)
    try:
        number = int(value) if isinstance(value, str) else operator.index(value)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number < len(names):
        raise errors.unknown(column, value, names)
    return number


def _named(files, pattern):
    """Whether each file has a name or a path that matches, bool [n]."""
    if not files:
        raise errors.invalid("files", "none, because these examples are no files", pattern)
    if not isinstance(pattern, str):
        raise errors.invalid("files", "one pattern, such as day/*.png", pattern)
    others, wanted = pattern.startswith("!"), pattern.removeprefix("!")
    matches = [fnmatchcase(name, wanted) for name in files]
    bare = [fnmatchcase(name.rpartition("/")[2], wanted) for name in files]
    return np.logical_or(matches, bare) != others


def _classes(source):
    """int [n] or [n, k]: the condition's classes, or those of the column `label`."""
    part = source.spec.get("condition")
    if part is not None and part.kind == "classes":
        return source.table("condition")["condition"]
    if "label" in source.columns:
        return source.columns["label"][0]
    raise errors.invalid("per_class", "data with classes as their condition", part)


def _first(rows, classes, count):
    """The first `count` of `rows` in each class, or in each combination of classes, sorted."""
    checks.whole_number("per_class", count, 1)
    found, numbers = np.unique(classes[rows].reshape(len(rows), -1), axis=0, return_inverse=True)
    groups = [np.flatnonzero(numbers.ravel() == number) for number in range(len(found))]
    smallest = min(groups, key=len, default=())
    if len(groups) and len(smallest) < count:
        which = "+".join(map(str, classes[rows[smallest[0]]].reshape(-1)))
        got = f"{len(smallest)} of class {which}"
        raise errors.invalid("per_class", f"at least {count} examples of each class", got)
    return np.sort(rows[np.concatenate([group[:count] for group in groups] or [rows])])


def _check_draw(draw, per_class):
    checks.whole_number("draw", draw, 0)
    if per_class is None:
        raise errors.invalid("draw", "none without per_class, whose examples it draws", draw)
