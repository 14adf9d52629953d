"""Dropout that is active in inference too."""

import keras


@keras.saving.register_keras_serializable(package="tfgan")
class SamplingDropout(keras.layers.Dropout):
    """`keras.layers.Dropout` that is active in inference too, as a generator's source of noise.

    The mask is drawn anew in every call; `GAN.generate` draws it from its seed.

    Args:
        *args, **kwargs: those of `keras.layers.Dropout`.

    Reference:
        Isola et al. 2017, https://arxiv.org/abs/1611.07004
    """

    def call(self, inputs, training=None):
        return super().call(inputs, training=True)
