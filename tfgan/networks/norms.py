"""Normalisations of convolutional networks, by name."""

from typing import Callable, NamedTuple

import keras
import tensorflow as tf

from tfgan.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    Conv2D,
    SpectralConv2D,
    SpectralDense,
)


class Norm(NamedTuple):
    """The layers that a normalisation puts into a discriminator.

    Attributes:
        conv, dense: classes of its convolutions and dense layers.
        after: `name -> layer`, put after every hidden layer but the first, or None.
        use_bias: whether layers followed by `after` have a bias.
    """

    conv: type = Conv2D
    dense: type = keras.layers.Dense
    after: Callable | None = None
    use_bias: bool = True


def batch_normalization(name, **kwargs):
    """Batch normalisation over the global batch, with DCGAN's constants but for further arguments.

    Under a strategy with several replicas, in whose scope it has to be called,
    the statistics are synchronised: otherwise each replica would have its own.

    With a momentum of 0.9 the inference statistics average over some 10 steps, so that
    they fit the present weights of a generator that changes quickly or trains for
    minutes only; with Keras's 0.99 the initial values matter for some hundreds of steps.

    Reference:
        Radford et al. 2016, https://arxiv.org/abs/1511.06434
    """
    return BatchNormalization(**{**_constants(), **kwargs}, name=name)


def conditional_batch_normalization(name):
    """The same with a scale and an offset for every class, for `[features, condition vector]`."""
    return ConditionalBatchNormalization(**_constants(), name=name)


def layer_normalization(name):
    """Normalisation of each example over all its positions and channels.

    Reference:
        Ba et al. 2016, https://arxiv.org/abs/1607.06450
    """
    return keras.layers.GroupNormalization(groups=1, epsilon=1e-5, name=name)


def _constants():
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    return {"momentum": 0.9, "epsilon": 1e-5, "synchronized": replicas > 1}


NORMS = {
    # Batch normalisation subtracts the mean, and a bias with it.
    "batch": Norm(after=batch_normalization, use_bias=False),
    "layer": Norm(after=layer_normalization),
    "spectral": Norm(conv=SpectralConv2D, dense=SpectralDense),
    "none": Norm(),
}

# Transposed convolutions with spectral normalisation are not implemented.
GENERATOR_NORMS = {name: norm for name, norm in NORMS.items() if name != "spectral"}
