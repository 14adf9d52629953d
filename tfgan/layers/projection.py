"""The inner product by which a discriminator compares an image with its condition."""

import keras
from keras import ops

from tfgan.layers.spectral import SpectralDense


@keras.saving.register_keras_serializable(package="tfgan")
class Projection(keras.layers.Layer):
    """Inner product of features with the embedding of a condition.

    Called on `[features, condition]`: features float `[batch, dims]`, condition a vector
    `[batch, n]`, one-hot, of several labels side by side or multi-hot. Returns
    `<condition V, features>`, `[batch, 1]`, with V `[n, dims]` of spectral norm 1: one row per
    class, and the sum of their rows for several labels or tags.

    Reference:
        Miyato & Koyama 2018, https://arxiv.org/abs/1802.05637
    """

    def build(self, input_shape):
        of_features, of_condition = input_shape
        self.embedding = SpectralDense(
            of_features[-1], use_bias=False, dtype=self.dtype_policy, name="embedding"
        )
        self.embedding.build(of_condition)

    def call(self, inputs, training=None):
        features, condition = inputs
        embedded = self.embedding(condition, training=training)
        return ops.sum(features * embedded, axis=-1, keepdims=True)

    def compute_output_shape(self, input_shape):
        return (input_shape[0][0], 1)
