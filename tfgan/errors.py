"""Errors in three beats: which argument, what was expected, what arrived."""

import contextlib
import difflib


class InputError(ValueError):
    """Something that the user gave cannot be used."""


class MissingError(InputError, FileNotFoundError):
    """A file or folder that the user named is not there."""


def invalid(argument, expected, got):
    """An `InputError` such as `batch_size: expected an integer >= 1; got 0`.

    Args:
        argument: name of the argument, or of the file, that is wrong.
        expected: str, what would have been right.
        got: what arrived; shown by its repr.

    Returns:
        The error, to be raised by the caller.
    """
    return InputError(_text(argument, expected, got))


def missing(argument, expected, got):
    """The same as `invalid`, as a `MissingError`."""
    return MissingError(_text(argument, expected, got))


def unknown(argument, value, known, also=()):
    """An `InputError` that lists the known names and the one closest to `value`.

    Args:
        argument: name of the argument.
        value: the name that was not found.
        known: iterable of str, the names to list.
        also: iterable of str, names that may be the closest but are too many
            to list.

    Returns:
        The error, to be raised by the caller.
    """
    known = [str(name) for name in known]
    text = _text(argument, f"one of {', '.join(known)}", value)
    close = difflib.get_close_matches(str(value), [*known, *also], n=1)
    return InputError(f"{text}. Did you mean {close[0]!r}?" if close else text)


def lookup(argument, name, table):
    """`table[name]`, or the error of `unknown`.

    Args:
        argument: name of the argument, for the error.
        name: str, the key.
        table: dict whose keys are the known names.

    Returns:
        The entry.

    Raises:
        InputError: `name` is not a key of `table`.
    """
    if isinstance(name, str) and name in table:
        return table[name]
    raise unknown(argument, name, table)


@contextlib.contextmanager
def about(argument, **names):
    """A scope whose errors say that they are about an argument, such as "validation_data".

    Args:
        argument: its name.
        **names: arguments as errors within the scope name them, to what they are called here.
    """
    try:
        yield
    except InputError as error:
        name, colon, text = str(error).partition(":")
        if name in names:
            raise InputError(f"{names[name]}{colon}{text}") from error
        raise InputError(f"{argument}: {error}") from error


def _text(argument, expected, got):
    return f"{argument}: expected {expected}; got {got!r}"
