"""Estimates of a network's or game's arithmetic and memory, counted from its layers."""

import math

import keras
import tensorflow as tf

# Memory of a process that has imported TensorFlow and compiled a small step, in bytes.
PROCESS = 750 * 2**20
# Layers that compute nothing: their output shares their input's memory.
WITHOUT_MEMORY = (keras.layers.InputLayer, keras.layers.Reshape, keras.layers.Flatten)


def operations(network):
    """Floating-point operations of one example's forward pass, per layer.

    Only matrix products and convolutions are counted, as two operations for each
    multiplication and its addition; other operations are few in comparison.

    Args:
        network: a built Keras model.

    Returns:
        List of int, one per layer that counts, in the order of the layers.
    """
    counts = [_operations_of(layer) for layer in _layers(network)]
    return [count for count in counts if count]


def activations(network):
    """Bytes of activations that one example's forward pass keeps for the backward pass.

    Args:
        network: a built Keras model.

    Returns:
        int.
    """
    return sum(_bytes_of(layer) for layer in _layers(network))


def of_an_image(game, count):
    """A count of networks, such as `activations`, per image and side of a game.

    Args:
        game: a `tfgan.GAN`.
        count: function of a network that returns a number for one example.

    Returns:
        Dict of side to the sum over the side's networks. Where the discriminator's
        examples are packs of images, its sum is divided by the images in a pack.
    """
    images = {"generator": 1, "discriminator": game.objective.packing}
    networks = game.networks()
    return {
        side: sum(count(networks[name]) for name in names) / images[side]
        for side, names in game.sides.items()
    }


def peak_memory(game, rows):
    """Estimated peak memory of a process that trains a game, without its data.

    The sum of the process with TensorFlow, all variables, gradients, the moving
    averages' differences, and the activations that an update's passes keep.

    Args:
        game: a compiled `tfgan.GAN`.
        rows: int, examples in one of `fit`'s batches.

    Returns:
        int, in bytes.
    """
    examples = math.ceil(rows / max(1, game.discriminator_steps))
    left = of_an_image(game, activations)
    # D(real) and D(fake), and as many activations again for each penalty's gradient.
    passes = 2 * left["discriminator"] * (1 + len(game.objective.penalties)) + left["generator"]
    gradients = sum(_bytes(game.side_variables(side)) for side in game.sides)
    differences = 2 * sum(_bytes(network.variables) for network in game.averages.values())
    owners = [game, *game.metrics, *game.optimizers.values()]
    held = sum(_bytes(owner.variables) for owner in owners)
    return PROCESS + held + gradients + differences + math.ceil(examples * passes)


def _bytes(variables):
    return sum(math.prod(v.shape) * tf.as_dtype(v.dtype).size for v in variables)


def _layers(network):
    for layer in network.layers:
        if hasattr(layer, "layers"):
            yield from _layers(layer)
        else:
            yield layer


def _bytes_of(layer):
    output = getattr(layer, "output", None)
    if isinstance(layer, WITHOUT_MEMORY) or not isinstance(output, keras.KerasTensor):
        return 0
    return math.prod(output.shape[1:]) * tf.as_dtype(output.dtype).size


def _operations_of(layer):
    kernel, output = getattr(layer, "kernel", None), getattr(layer, "output", None)
    if kernel is None or output is None:
        return 0
    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    shape = layer.input.shape if transposed else output.shape
    return 2 * math.prod(shape[1:-1]) * math.prod(kernel.shape)
