"""Batch normalisation whose scale and offset depend on a condition."""

import keras
from keras import ops

from tfgan.layers.normalization import BatchNormalization


@keras.saving.register_keras_serializable(package="tfgan")
class ConditionalBatchNormalization(keras.layers.Layer):
    """Batch normalisation with a scale and an offset for every class or tag.

    Called on `[x, condition]`: x float `[batch, ..., channels]`, condition a vector
    `[batch, n]`, one-hot, of several labels side by side or multi-hot. With W and V of shape
    `[n, channels]`, both 0 at first, it returns `(1 + condition W) BN(x) + condition V`: the
    rows of several labels or tags add up. All classes share the statistics.

    Args:
        momentum, epsilon, synchronized: as in `keras.layers.BatchNormalization`.

    Reference:
        de Vries et al. 2017, https://arxiv.org/abs/1707.00683
        Dumoulin et al. 2017, https://arxiv.org/abs/1610.07629
    """

    def __init__(self, momentum=0.99, epsilon=1e-3, synchronized=False, **kwargs):
        super().__init__(**kwargs)
        self.momentum, self.epsilon, self.synchronized = momentum, epsilon, synchronized
        self.norm = BatchNormalization(
            momentum=momentum,
            epsilon=epsilon,
            scale=False,
            center=False,
            synchronized=synchronized,
            dtype=self.dtype_policy,
            name="norm",
        )

    def build(self, input_shape):
        of_x, of_condition = input_shape
        self.norm.build(of_x)
        # In bfloat16 a scale of 1 + a small weight would be rounded to 1.
        self.scale, self.offset = (
            self.add_weight(
                name=name, shape=(of_condition[-1], of_x[-1]), initializer="zeros", autocast=False
            )
            for name in ("scale", "offset")
        )

    def call(self, inputs, training=None):
        x, condition = inputs
        rows = (-1, *[1] * (len(x.shape) - 2), x.shape[-1])
        vector = ops.cast(condition, self.scale.dtype)
        scale = ops.reshape(1.0 + ops.matmul(vector, self.scale), rows)
        offset = ops.reshape(ops.matmul(vector, self.offset), rows)
        normal = self.norm(x, training=training)
        return ops.cast(scale, normal.dtype) * normal + ops.cast(offset, normal.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        config = {name: getattr(self, name) for name in ("momentum", "epsilon", "synchronized")}
        return {**super().get_config(), **config}
