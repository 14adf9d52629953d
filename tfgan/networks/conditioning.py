"""Class labels as an additional input of a network."""

import keras

from tfgan.layers import LabelsToOneHot
from tfgan.networks.blocks import dcgan_normal


def condition_on(inputs, features, num_classes):
    """Joins the labels' one-hot vectors to `features`, which are computed from `inputs`.

    Vectors are concatenated. Feature maps `[batch, height, width, channels]` get one
    more channel: a learned map, linear in the one-hot vector.

    Args:
        inputs: the network's Keras input, latents or images.
        features: Keras tensor of rank 2 or 4, `inputs` itself or made from it.
        num_classes: tuple of ints, the number of values of each label; empty
            for a network without a condition.

    Returns:
        The pair (inputs of the `keras.Model`, joined features). The inputs are
        `[inputs, condition]`, or `inputs` alone where `num_classes` is empty.
        `condition` is int32 `[batch]` for one label, `[batch, k]` for several.

    Reference:
        Mirza & Osindero 2014, https://arxiv.org/abs/1411.1784
    """
    if not num_classes:
        return inputs, features
    shape = () if len(num_classes) == 1 else (len(num_classes),)
    condition = keras.Input(shape, dtype="int32", name="condition")
    joined = LabelsToOneHot(num_classes, name="one_hot")(condition)
    if len(features.shape) == 4:
        joined = _as_channel(joined, features.shape[1:3])
    joined = keras.layers.Concatenate(name="conditioned")([features, joined])
    return [inputs, condition], joined


def _as_channel(one_hot, size):
    height, width = size
    x = keras.layers.Dense(
        height * width, kernel_initializer=dcgan_normal(), name="condition_map"
    )(one_hot)
    return keras.layers.Reshape((height, width, 1), name="condition_channel")(x)
