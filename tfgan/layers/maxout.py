"""Maxout layers."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="tfgan")
class Maxout(keras.layers.Layer):
    """A dense layer each of whose outputs is the maximum of several linear pieces.

    Input `[batch, features]`, output `[batch, units]`. Columns
    `i * pieces ... (i + 1) * pieces - 1` of the kernel are the pieces of unit i.

    Args:
        units: int, number of outputs.
        pieces: int, linear pieces of each output.
        kernel_initializer, bias_initializer: as in `keras.layers.Dense`.

    Reference:
        Goodfellow et al. 2013, https://arxiv.org/abs/1302.4389
    """

    def __init__(
        self,
        units,
        pieces,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.pieces = pieces
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def build(self, input_shape):
        columns = self.units * self.pieces
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], columns),
            initializer=self.kernel_initializer,
        )
        self.bias = self.add_weight(
            name="bias", shape=(columns,), initializer=self.bias_initializer
        )

    def call(self, inputs):
        z = ops.matmul(inputs, self.kernel) + self.bias
        return ops.max(ops.reshape(z, (-1, self.units, self.pieces)), axis=-1)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
        }
