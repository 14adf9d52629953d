"""Conditions: the labels that a game is conditioned on, as classes, multi-hot tags or tokens."""

import numpy as np

from tfgan import errors
from tfgan.data.ranges import check_labels

# Separates the values of a cell that holds several.
SEPARATOR = ";"


def select(request, columns, whose):
    """The part `condition` that a request asks for, as arguments of `Records`.

    Args:
        request: `Request`, of which `condition` and `condition_kind`.
        columns: `Columns`.
        whose: str, names the source in an error.

    Returns:
        Three dicts, from "condition" to its array, its names and its kind; all empty where
        no condition was asked for.

    Raises:
        ValueError: an unknown column or kind, or a source without labels.
    """
    build, kind = errors.lookup("condition_kind", request.condition_kind, CONDITIONS)
    names = ("label",) if request.condition is True else request.condition or ()
    if not names:
        return {}, {}, {}
    picked = {name: _column(name, columns, whose) for name in names}
    array, names = build(picked)
    return {"condition": array}, {"condition": names}, {"condition": kind}


def lookup(name, columns, whose):
    """`columns[name]`, or an error that says which columns there are."""
    if not columns:
        raise errors.invalid("condition", f"False, because {whose} has no labels", name)
    return errors.lookup("condition", name, columns)


def encode(values):
    """(class numbers, sorted names of the classes) of `values`, a list of str."""
    names = tuple(sorted(set(values)))
    numbers = {name: number for number, name in enumerate(names)}
    return [numbers[value] for value in values], names


def classes(columns):
    """One class per column.

    Args:
        columns: dict of name to (int codes [n], names of the classes), in order.

    Returns:
        int [n] of one column or [n, k] of k, and a tuple of names for each.
    """
    codes = [codes for codes, _ in columns.values()]
    return codes[0] if len(codes) == 1 else np.stack(codes, axis=1), tuple(
        names for _, names in columns.values()
    )


def tags(columns):
    """Multi-hot tags: every value of the columns is a tag; a cell may hold several, "a;b".

    Args:
        columns: as in `classes`.

    Returns:
        float32 [n, tags] of 0 and 1, and the tags' names: the values, where there is one
        column, or `<column>=<value>`, where there are several.
    """
    arrays, names = [], []
    for column, (codes, values) in columns.items():
        cells = [{tag.strip() for tag in value.split(SEPARATOR)} - {""} for value in values]
        found = sorted(set().union(*cells))
        hot = np.array([[tag in cell for tag in found] for cell in cells], np.float32)
        arrays.append(hot.reshape(len(values), len(found))[codes])
        names += found if len(columns) == 1 else [f"{column}={tag}" for tag in found]
    if not names:
        raise errors.invalid("condition", "columns with at least one tag", list(columns))
    return np.concatenate(arrays, axis=1), tuple(names)


def text(columns):
    """Tokens: the words of one column as numbers, padded with 0 to the longest text.

    Args:
        columns: as in `classes`, a single one.

    Returns:
        int32 [n, length], and the vocabulary: "" (the padding), then all words, sorted.
    """
    if len(columns) != 1:
        raise errors.invalid("condition", "one column, of text", list(columns))
    ((codes, values),) = columns.values()
    words = [value.split() for value in values]
    vocabulary = ("", *sorted(set().union(*words)))
    numbers = {word: number for number, word in enumerate(vocabulary)}
    tokens = np.zeros((len(values), max([1, *map(len, words)])), np.int32)
    for row, text_words in zip(tokens, words):
        row[: len(text_words)] = [numbers[word] for word in text_words]
    return tokens[codes], vocabulary


def _column(name, columns, whose):
    codes, names = lookup(name, columns, whose)
    check_labels("condition", codes, len(names))
    return codes, names


# Name to (function, kind of the part that the function makes).
CONDITIONS = {
    "classes": (classes, "classes"),
    "tags": (tags, "tags"),
    "text": (text, "tokens"),
}
