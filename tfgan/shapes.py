"""Inputs, outputs and layers of networks: functional and Sequential models, and subclassed ones."""

import keras
import tensorflow as tf

# Rows of the batch on which a subclassed network is tried.
ROWS = 2
# Layers whose outputs are values of their inputs.
SAME_VALUES = (
    keras.layers.Reshape, keras.layers.Flatten, keras.layers.Permute, keras.layers.UpSampling2D,
    keras.layers.Cropping2D, keras.layers.Dropout,
)  # fmt: skip


def inputs_of(network):
    """What a network is called on, without a fixed batch size.

    Args:
        network: built `keras.Model`.

    Returns:
        List of `KerasTensor`, or of `tf.TensorSpec` without a name for a subclassed model,
        which knows shapes only: an input `[batch]` is taken for int32 class labels, the
        others are of the type that it computes in. Empty where it was never built.
    """
    known = getattr(network, "inputs", None)
    if known:
        return known
    config = network.get_build_config() or {}
    built_for = config.get("input_shape") or list(config.get("shapes_dict", {}).values())
    return [_spec(shape) for shape in _listed(built_for)]


def outputs_of(network):
    """What a network returns, a list in the order of `tf.nest.flatten`, with `shape` and `dtype`.

    A subclassed model is called once, on zeros and in inference mode; no variable changes.
    """
    known = getattr(network, "outputs", None)
    if known:
        return known
    with keras.StatelessScope():
        made = on_zeros(network)
    return [tf.TensorSpec([None, *x.shape[1:]], x.dtype) for x in tf.nest.flatten(made)]


def on_zeros(network, inputs=None):
    """The output of a network in inference mode for a small batch of zeros."""
    specs = inputs or inputs_of(network)
    zeros = [tf.zeros([ROWS, *spec.shape[1:]], spec.dtype) for spec in specs]
    return network(zeros[0] if len(zeros) == 1 else zeros, training=False)


def final_activation(network):
    """Name of the activation that a network ends with, such as "tanh"; None where it is not known."""
    outputs = getattr(network, "outputs", None)
    return activation_of(outputs[0]) if outputs else None


def layers_of(network):
    """A network's layers, with those inside layers, models and wrappers, and itself."""
    # Keras's public `layers` stops at layers that hold others.
    return network._flatten_layers()


def activation_of(tensor):
    """Name of the activation that a symbolic output comes from, or of its layer's or operation's class."""
    # Keras has no public way from a tensor to the layer that made it.
    history = tensor._keras_history
    layer = history.operation
    if getattr(layer, "layers", None):
        return final_activation(layer)
    name = getattr(getattr(layer, "activation", None), "__name__", None)
    same = isinstance(layer, SAME_VALUES) or isinstance(layer, keras.layers.Activation)
    if same and name in (None, "linear"):
        inputs = layer._inbound_nodes[history.node_index].input_tensors
        return activation_of(inputs[0])
    return name or type(layer).__name__.lower()


def _spec(shape):
    dtype = "int32" if len(shape) == 1 else keras.config.floatx()
    return tf.TensorSpec([None, *shape[1:]], dtype)


def _listed(built_for):
    """Shapes of several inputs, or the one shape in a list."""
    if not built_for:
        return []
    if isinstance(built_for, dict):
        return list(built_for.values())
    return list(built_for) if isinstance(built_for[0], (tuple, list)) else [built_for]
