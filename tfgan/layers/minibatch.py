"""Layers that add statistics of the whole batch, by which a discriminator sees mode collapse.

Under a strategy the batch is that of each replica. Examples are compared in float32
under mixed precision.
"""

import keras
from keras import ops

from tfgan import errors

# The derivative of a square root is infinite at 0: identical examples.
EPSILON = 1e-8


@keras.saving.register_keras_serializable(package="tfgan")
class MinibatchDiscrimination(keras.layers.Layer):
    """Appends features that measure how close each example is to the others of its batch.

    Input `[batch, features]`, output `[batch, features + kernels]`. With
    `M_i = f(x_i) T`, a matrix of `kernels` rows, feature b of example i is
    `o(x_i)_b = sum over j != i of exp(-||M_ib - M_jb||_1)`.

    Args:
        kernels: int, features to append (the paper's B).
        kernel_dims: int, length of the rows that are compared (the paper's C).

    Reference:
        Salimans et al. 2016, https://arxiv.org/abs/1606.03498
    """

    def __init__(self, kernels, kernel_dims, **kwargs):
        super().__init__(**kwargs)
        self.kernels = kernels
        self.kernel_dims = kernel_dims

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.kernels * self.kernel_dims)
        )

    def call(self, inputs):
        m = ops.cast(ops.matmul(inputs, self.kernel), "float32")
        m = ops.reshape(m, (-1, self.kernels, self.kernel_dims))
        distances = ops.sum(ops.abs(m[:, None] - m[None]), axis=-1)
        others = 1.0 - ops.eye(ops.shape(m)[0])
        o = ops.sum(ops.exp(-distances) * others[:, :, None], axis=1)
        return ops.concatenate([inputs, ops.cast(o, inputs.dtype)], axis=-1)

    def get_config(self):
        return {
            **super().get_config(),
            "kernels": self.kernels,
            "kernel_dims": self.kernel_dims,
        }


@keras.saving.register_keras_serializable(package="tfgan")
class MinibatchStdDev(keras.layers.Layer):
    """Appends one channel: the mean standard deviation within a group of examples.

    Input `[batch, ..., channels]`, output `[batch, ..., channels + 1]`. The
    batch is split into `m = max(1, batch // group_size)` groups; example i belongs to
    group i mod m. A group thus has `group_size` members, or a few more if
    that does not divide the batch; a smaller batch is one group.

    Args:
        group_size: int >= 2, members of a group.

    Raises:
        ValueError: a group of fewer than 2.

    Reference:
        Karras et al. 2018, https://arxiv.org/abs/1710.10196
    """

    def __init__(self, group_size=4, **kwargs):
        super().__init__(**kwargs)
        if group_size < 2:
            raise errors.invalid("group_size", "an int >= 2", group_size)
        self.group_size = group_size

    def call(self, inputs):
        x = ops.cast(ops.reshape(inputs, (ops.shape(inputs)[0], -1)), "float32")
        average = self._group_average(ops.shape(inputs)[0])
        variance = ops.matmul(average, ops.square(x - ops.matmul(average, x)))
        stddev = ops.mean(ops.sqrt(variance + EPSILON), axis=-1)
        stddev = ops.reshape(stddev, (-1,) + (1,) * (len(inputs.shape) - 1))
        channel = ops.cast(stddev, inputs.dtype) * ops.ones_like(inputs[..., :1])
        return ops.concatenate([inputs, channel], axis=-1)

    def _group_average(self, batch):
        """[batch, batch] matrix that replaces every row by its group's mean."""
        group = ops.arange(batch) % ops.maximum(batch // self.group_size, 1)
        same = ops.cast(group[:, None] == group[None], "float32")
        return same / ops.sum(same, axis=1, keepdims=True)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        return {**super().get_config(), "group_size": self.group_size}
