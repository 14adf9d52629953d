"""A condition as an additional input of a network: class labels, or multi-hot tags."""

import dataclasses

import keras

from tfgan.layers import LabelsToOneHot, MultiHotTags
from tfgan.networks.blocks import dcgan_normal


@dataclasses.dataclass(frozen=True)
class Tags:
    """A multi-hot condition, as the `num_classes` of a builder.

    Attributes:
        count: int >= 1, the number of tags, any of which may hold at once.
    """

    count: int


def condition_on(inputs, features, num_classes):
    """Joins a condition's vector to `features`, which are computed from `inputs`.

    Vectors are concatenated. Feature maps `[batch, height, width, channels]` get one
    more channel: a learned map, linear in the condition's vector.

    Args:
        inputs: the network's Keras input, latents or images.
        features: Keras tensor of rank 2 or 4, `inputs` itself or made from it.
        num_classes: tuple of ints, the number of values of each label; or `Tags`; empty
            for a network without a condition.

    Returns:
        The pair (inputs of the `keras.Model`, joined features). The inputs are
        `[inputs, condition]`, or `inputs` alone where `num_classes` is empty.

    Reference:
        Mirza & Osindero 2014, https://arxiv.org/abs/1411.1784
    """
    if not num_classes:
        return inputs, features
    condition, vector = condition_vector(num_classes)
    if len(features.shape) == 4:
        vector = _as_channel(vector, features.shape[1:3])
    joined = keras.layers.Concatenate(name="conditioned")([features, vector])
    return [inputs, condition], joined


def condition_vector(num_classes):
    """A network's input for a condition, and the condition as a vector.

    Args:
        num_classes: tuple of ints, or `Tags`.

    Returns:
        The pair (input, vector), Keras tensors. The input is int32 `[batch]` of one label,
        `[batch, k]` of k, float32 `[batch, tags]` of tags; the vector is one-hot or
        multi-hot, float `[batch, vector_length(num_classes)]`.
    """
    if isinstance(num_classes, Tags):
        condition = keras.Input((num_classes.count,), dtype="float32", name="condition")
        return condition, MultiHotTags(num_classes.count, name="multi_hot")(condition)
    shape = () if len(num_classes) == 1 else (len(num_classes),)
    condition = keras.Input(shape, dtype="int32", name="condition")
    return condition, LabelsToOneHot(num_classes, name="one_hot")(condition)


def vector_length(num_classes):
    """Length of a condition's one-hot or multi-hot vector, an int."""
    return num_classes.count if isinstance(num_classes, Tags) else sum(num_classes)


def _as_channel(vector, size):
    height, width = size
    x = keras.layers.Dense(
        height * width, kernel_initializer=dcgan_normal(), name="condition_map"
    )(vector)
    return keras.layers.Reshape((height, width, 1), name="condition_channel")(x)
