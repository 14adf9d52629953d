"""Dropout that stays when samples are drawn."""

import keras


@keras.saving.register_keras_serializable(package="tfgan")
class SamplingDropout(keras.layers.Dropout):
    """`keras.layers.Dropout` in inference mode too: noise of the generator beside z.

    What is dropped is drawn anew in every call; `GAN.generate` draws it by its seed.

    Reference:
        Isola et al. 2017, https://arxiv.org/abs/1611.07004
    """

    def call(self, inputs, training=None):
        return super().call(inputs, training=True)
