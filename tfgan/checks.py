"""Checks of single arguments: numbers and networks."""

import numbers
import operator

import keras

from tfgan import errors


def whole_number(argument, value, least):
    """`value` as an int, if it is a whole number of at least `least`; else InputError."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise errors.invalid(argument, f"a whole number >= {least}", value)
    return number


def positive(argument, value):
    """`value`, if it is a number above 0; else InputError."""
    if isinstance(value, bool) or not (isinstance(value, numbers.Real) and value > 0):
        raise errors.invalid(argument, "a number > 0", value)
    return value


def positive_or_none(argument, value):
    """`value`, if it is None or a number above 0; else InputError."""
    if value is not None and not (isinstance(value, numbers.Real) and value > 0):
        raise errors.invalid(argument, "a number > 0 or None", value)
    return value


def number_from_0(argument, value):
    """`value`, if it is a number of at least 0; else InputError."""
    if isinstance(value, bool) or not (isinstance(value, numbers.Real) and value >= 0):
        raise errors.invalid(argument, "a number >= 0", value)
    return value


def network(name, value):
    """`value`, if it is a Keras model that knows its inputs; else InputError."""
    if not isinstance(value, keras.Model) or not getattr(value, "inputs", None):
        raise errors.invalid(name, "a functional or Sequential keras.Model with an Input", value)
    return value
