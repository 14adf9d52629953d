"""Normalisation in convolutional networks, by name."""

from typing import Callable, NamedTuple

import keras
import tensorflow as tf

from tfgan.layers import BatchNormalization, Conv2D, SpectralConv2D, SpectralDense


class Norm(NamedTuple):
    """What a way of normalising puts into a discriminator.

    Attributes:
        conv, dense: classes of its convolutions and dense layers.
        after: `name -> layer`, put after every hidden layer but the first, or None.
        use_bias: whether layers followed by `after` have a bias.
    """

    conv: type = Conv2D
    dense: type = keras.layers.Dense
    after: Callable | None = None
    use_bias: bool = True


def batch_normalization(name):
    """Batch normalisation over the global batch, with DCGAN's constants.

    Under a strategy with several replicas, in whose scope it has to be called,
    the statistics are synchronised: else every replica would drift off on its own.

    Momentum .9 averages over some 10 steps where Keras' .99 needs some hundreds
    to forget its start: the inference statistics of a generator that trains for
    minutes, or changes quickly, are those of its present weights.

    Reference:
        Radford et al. 2016, https://arxiv.org/abs/1511.06434
    """
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    return BatchNormalization(
        momentum=0.9, epsilon=1e-5, synchronized=replicas > 1, name=name
    )


def layer_normalization(name):
    """Normalisation of each example over all its positions and channels.

    Reference:
        Ba et al. 2016, https://arxiv.org/abs/1607.06450
    """
    return keras.layers.GroupNormalization(groups=1, epsilon=1e-5, name=name)


NORMS = {
    # A bias would be taken off again with the batch's mean.
    "batch": Norm(after=batch_normalization, use_bias=False),
    "layer": Norm(after=layer_normalization),
    "spectral": Norm(conv=SpectralConv2D, dense=SpectralDense),
    "none": Norm(),
}

# There is no transposed convolution with a spectral norm of 1.
GENERATOR_NORMS = {name: norm for name, norm in NORMS.items() if name != "spectral"}
