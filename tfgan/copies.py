"""Copies of networks: the same layers with variables of their own."""

import inspect
import types

import keras

from tfgan import errors, shapes

# What Keras's own `get_config` adds to a layer's arguments.
OF_KERAS = ("name", "trainable", "dtype")


def copy(network):
    """A network with the same layers and weights.

    Custom layers and functions need not be registered with Keras: layers are made anew by
    their own classes, and functions are shared.

    Args:
        network: built `keras.Model`.

    Raises:
        ValueError: a layer or model lacks `get_config`, or is not what its config says.
    """
    with keras.saving.custom_object_scope(_classes(network)):
        if isinstance(network, (keras.Sequential, keras.src.models.Functional)):
            made = keras.models.clone_model(network, clone_function=_layer, recursive=True)
        else:
            made = _layer(network)
            made.build_from_config(network.get_build_config())
            shapes.on_zeros(made, shapes.inputs_of(network))
    _set_weights(made, network)
    return made


def _layer(layer):
    """A layer of the same class and config."""
    kind, config = type(layer), _config(layer)
    functions = {key: vars(layer).get(key) for key in config}
    config |= {key: f for key, f in functions.items() if isinstance(f, types.FunctionType)}
    try:
        # `Lambda.from_config` reads its function from text.
        return kind(**config) if isinstance(layer, keras.layers.Lambda) else kind.from_config(config)
    except TypeError as error:
        expected = f"a config (get_config) that {kind.__name__} can be made from, to copy it"
        raise errors.invalid(layer.name, expected, ", ".join(config)) from error


def _config(layer):
    """The config of a layer, of Keras's own arguments only those that its constructor takes."""
    try:
        config = layer.get_config()
    except NotImplementedError as error:
        expected = "a network whose layers and models have get_config, to copy it"
        raise errors.invalid(layer.name, expected, type(layer).__name__) from error
    taken = inspect.signature(type(layer).__init__).parameters
    if any(each.kind is each.VAR_KEYWORD for each in taken.values()):
        return config
    return {key: value for key, value in config.items() if key in taken or key not in OF_KERAS}


def _classes(network):
    """Dict of registered name to class of custom layers, which are found by it within wrappers."""
    found = {}
    for kind in map(type, shapes.layers_of(network)):
        if kind.__module__.startswith("keras."):
            continue
        if found.setdefault(keras.saving.get_registered_name(kind), kind) is not kind:
            expected = "classes of different names, to copy the network"
            raise errors.invalid(network.name, expected, f"two called {kind.__name__}")
    return found


def _set_weights(made, network):
    found, wanted = ([v.shape for v in each.variables] for each in (made, network))
    if found != wanted:
        raise errors.invalid(network.name, f"a config that makes weights {wanted}", found)
    made.set_weights(network.get_weights())
