"""Inputs and outputs of networks: functional and Sequential models, and subclassed ones."""

import keras
import tensorflow as tf

# Rows of the batch on which a subclassed network is tried.
ROWS = 2
# Layers whose outputs are values of their inputs.
SAME_VALUES = (
    keras.layers.Reshape, keras.layers.Flatten, keras.layers.Permute, keras.layers.UpSampling2D,
    keras.layers.Cropping2D,
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
    shapes = config.get("input_shape") or list(config.get("shapes_dict", {}).values())
    return [_spec(network, shape) for shape in _listed(shapes)]


def outputs_of(network):
    """What a network returns, a list in the order of `tf.nest.flatten`, with `shape` and `dtype`.

    A subclassed model is called once, on zeros and in inference mode.
    """
    known = getattr(network, "outputs", None)
    if known:
        return known
    return [tf.TensorSpec([None, *x.shape[1:]], x.dtype) for x in tf.nest.flatten(on_zeros(network))]


def on_zeros(network, inputs=None):
    """The output of a network in inference mode for a small batch of zeros."""
    specs = inputs or inputs_of(network)
    zeros = [tf.zeros([ROWS, *spec.shape[1:]], spec.dtype) for spec in specs]
    return network(zeros[0] if len(zeros) == 1 else zeros, training=False)


def final_activation(network):
    """Name of the activation that a network ends with, such as "tanh"; None where it is not known."""
    outputs = getattr(network, "outputs", None)
    return _activation(outputs[0]) if outputs else None


def _activation(tensor):
    # Keras has no public way from a tensor to the layer that made it.
    history = tensor._keras_history
    layer = history.operation
    if getattr(layer, "layers", None):
        return final_activation(layer)
    name = getattr(getattr(layer, "activation", None), "__name__", None)
    same = isinstance(layer, SAME_VALUES) or isinstance(layer, keras.layers.Activation)
    if same and name in (None, "linear"):
        inputs = layer._inbound_nodes[history.node_index].input_tensors
        return _activation(inputs[0])
    return name


def _spec(network, shape):
    dtype = "int32" if len(shape) == 1 else keras.config.floatx()
    return tf.TensorSpec([None, *shape[1:]], dtype)


def _listed(shapes):
    """Shapes of several inputs, or the one shape in a list."""
    if not shapes:
        return []
    return [shapes] if not isinstance(shapes[0], (tuple, list)) else list(shapes)
