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


def of_an_image(game, count):
    """What a count of networks comes to per image of a game.

    Args:
        game: a `tfgan.GAN`.
        count: function of a network.

    Returns:
        Dict of side to the sum over its networks; of packs, each image's share.
    """
    images = {"generator": 1, "discriminator": game.objective.packing}
    networks = game.networks()
    return {
        side: sum(count(networks[name]) for name in names) / images[side]
        for side, names in game.sides.items()
    }


def peak_memory(game, rows):
    """An estimate of the memory of a process that trains a game.

    Args:
        game: a compiled `tfgan.GAN`.
        rows: of one of `fit`'s batches.

    Returns:
        Bytes: of the process with TensorFlow, of all variables, of gradients
        and the moving average's differences, and of what the passes of an
        update leave for their backward passes. Data held in memory come on top.
    """
    examples = math.ceil(rows / max(1, game.discriminator_steps))
    left = of_an_image(game, activations)
    # D(real) and D(fake), and as much again twice for each penalty's gradient.
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
