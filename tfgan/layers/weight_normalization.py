"""Dense layers with weight normalisation."""

import keras
from keras import ops

# Smallest length or deviation to divide by.
EPSILON = 1e-6


@keras.saving.register_keras_serializable(package="tfgan")
class WeightNormDense(keras.layers.Layer):
    """A dense layer whose kernel columns have a length of their own: W = theta s / ||theta||.

    Input `[batch, features]`, output `[batch, units]`. Before training, `initialize` can set
    scale and bias so that the outputs have mean 0 and standard deviation 1.

    Args:
        units: int, number of outputs.
        train_scale: whether the scale s, one number per unit, is trained.
        stddev: of the normal distribution that theta starts from.

    Reference:
        Salimans & Kingma 2016, https://arxiv.org/abs/1602.07868
    """

    def __init__(self, units, train_scale=True, stddev=0.1, **kwargs):
        super().__init__(**kwargs)
        self.units, self.train_scale, self.stddev = units, train_scale, stddev

    def build(self, input_shape):
        normal = keras.initializers.RandomNormal(stddev=self.stddev)
        shape = (input_shape[-1], self.units)
        self.theta = self.add_weight(name="theta", shape=shape, initializer=normal)
        self.scale = self.add_weight(
            name="scale", shape=(self.units,), initializer="ones", trainable=self.train_scale
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def call(self, inputs):
        # The norm is not divided into the kernel: columns of the product are scaled instead.
        length = ops.sqrt(ops.sum(ops.square(self.theta), axis=0) + EPSILON)
        return ops.matmul(inputs, self.theta) * (self.scale / length) + self.bias

    def initialize(self, inputs):
        """Sets scale and bias so that the outputs for `inputs` have mean 0 and standard deviation 1.

        Args:
            inputs: float `[batch, features]`, at least 2 examples.

        Returns:
            The outputs.
        """
        self.scale.assign(ops.ones_like(self.scale))
        self.bias.assign(ops.zeros_like(self.bias))
        outputs = self(inputs)
        factor = 1.0 / ops.maximum(ops.std(outputs, axis=0), EPSILON)
        self.scale.assign(factor)
        self.bias.assign(-ops.mean(outputs, axis=0) * factor)
        return self(inputs)

    def get_config(self):
        own = {"units": self.units, "train_scale": self.train_scale, "stddev": self.stddev}
        return {**super().get_config(), **own}
