"""Conditions: columns of class numbers beside the images."""

import numpy as np

from tfgan import errors


def requested(condition):
    """The names of the columns that `condition` asks for, a tuple of str."""
    if condition is True:
        return ("label",)
    return condition or ()


def select(condition, columns, whose):
    """The columns that were asked for, as `Records` wants them.

    Args:
        condition: None, True (the column `label`) or a tuple of names.
        columns: dict from name to (int codes [n], names of the classes).
        whose: str, names the source in an error.

    Returns:
        (codes, class_names): None and (); or int [n] and one tuple of names; or
        int [n, k] and k tuples of names.

    Raises:
        ValueError: an unknown column, or a source that has none.
    """
    picked = [lookup(name, columns, whose) for name in requested(condition)]
    if not picked:
        return None, ()
    codes = [column for column, _ in picked]
    array = codes[0] if len(codes) == 1 else np.stack(codes, axis=1)
    return np.asarray(array), tuple(tuple(names) for _, names in picked)


def lookup(name, columns, whose):
    """`columns[name]`, or an error that says which columns there are."""
    if not columns:
        raise errors.invalid("condition", f"False, because {whose} has no labels", name)
    return errors.lookup("condition", name, columns)


def encode(values):
    """Class numbers for `values`, a list of str: their places in sorted order."""
    names = tuple(sorted(set(values)))
    numbers = {name: number for number, name in enumerate(names)}
    return [numbers[value] for value in values], names
