"""What a network costs: arithmetic and memory, counted from its layers."""

import math

import keras
import tensorflow as tf

# Bytes of a process that has imported TensorFlow and compiled a small step.
PROCESS = 750 * 2**20
# Layers whose output is their input's memory.
VIEWS = (keras.layers.InputLayer, keras.layers.Reshape, keras.layers.Flatten)


def operations(network):
    """Floating-point operations of one example's forward pass, per layer.

    Only products and convolutions count, two operations for a multiplication
    and its addition; the rest is small beside them.

    Args:
        network: a built Keras model.

    Returns:
        List of int, one per layer that counts, in the order of the layers.
    """
    counts = [_operations_of(layer) for layer in _layers(network)]
    return [count for count in counts if count]


def activations(network):
    """Bytes that one example's forward pass leaves for the backward pass, an int."""
    return sum(_bytes_of(layer) for layer in _layers(network))


def _layers(network):
    for layer in network.layers:
        if hasattr(layer, "layers"):
            yield from _layers(layer)
        else:
            yield layer


def _bytes_of(layer):
    output = getattr(layer, "output", None)
    if isinstance(layer, VIEWS) or not isinstance(output, keras.KerasTensor):
        return 0
    return math.prod(output.shape[1:]) * tf.as_dtype(output.dtype).size


def _operations_of(layer):
    kernel, output = getattr(layer, "kernel", None), getattr(layer, "output", None)
    if kernel is None or output is None:
        return 0
    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    shape = layer.input.shape if transposed else output.shape
    return 2 * math.prod(shape[1:-1]) * math.prod(kernel.shape)
