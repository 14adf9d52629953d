"""Checks of single arguments: numbers and networks."""

import numbers
import operator

import keras
import tensorflow as tf

from tfgan import errors, shapes


def whole_number(argument, value, least):
    """`value` as an int, if it is a whole number of at least `least`; else InputError."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise errors.invalid(argument, f"a whole number >= {least}", value)
    return number


def whole_numbers(argument, value, least):
    """`value` as a tuple of ints, if it is one such whole number or a tuple or list of them; else InputError."""
    values = value if isinstance(value, (tuple, list)) else (value,)
    return tuple(whole_number(argument, each, least) for each in values)


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
    """`value`, if it is a built Keras model whose variables Keras knows; else InputError."""
    if not isinstance(value, keras.Model):
        raise errors.invalid(name, "a keras.Model", value)
    if not value.built or not shapes.inputs_of(value):
        expected = "a keras.Model with an Input, or one that was called on a batch before"
        raise errors.invalid(name, expected, f"{type(value).__name__}, which was never built")
    if not getattr(value, "inputs", None):
        _try(name, value)
    # A Sequential that was never called has inputs, but no input.
    elif isinstance(getattr(value, "input", None), dict):
        raise errors.invalid(name, "a network whose input is a tensor or a list of tensors", "a dict")
    unknown = _variables_of_tensorflow(value)
    if unknown:
        raise errors.invalid(
            name, "variables made by add_weight, which Keras saves", f"tf.Variable {unknown[0].name!r}"
        )
    return value


def _try(name, network):
    """Calls a subclassed network, whose layers may make their variables only then."""
    before = [(variable, variable.numpy()) for variable in network.variables]
    try:
        shapes.on_zeros(network)
    except Exception as error:
        expected = "a network that is called on one tensor, or on one list of tensors, as it was built"
        got = f"{type(network).__name__}, which raised {type(error).__name__}"
        raise errors.invalid(name, expected, got) from error
    for variable, value in before:
        variable.assign(value)


def _variables_of_tensorflow(model):
    """Variables that a model's layers hold without Keras's knowledge."""
    known = {id(variable.value) for variable in model.variables}
    held = tf.train.TrackableView(model).descendants()
    return [each for each in held if isinstance(each, tf.Variable) and id(each) not in known]
