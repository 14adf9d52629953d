"""Pooling over all places of an image."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="tfgan")
class GlobalSumPooling2D(keras.layers.Layer):
    """The sum of every map over all its places.

    Input `[batch, height, width, channels]`, output `[batch, channels]`. The sum is `height x
    width` times the mean, and so are the logits of a discriminator that ends with it.

    Reference:
        Miyato & Koyama 2018, https://arxiv.org/abs/1802.05637
    """

    def call(self, inputs):
        return ops.cast(ops.sum(ops.cast(inputs, "float32"), axis=(1, 2)), inputs.dtype)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])
