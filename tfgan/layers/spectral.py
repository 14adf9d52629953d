"""Spectral normalisation, with the gradient through sigma."""

import keras
from keras import ops

from tfgan.layers.convolutions import Conv2D

# Least norm to divide by.
EPSILON = 1e-12


class _SpectralNormalization:
    """Mixin: the layer computes with its kernel divided by sigma, its largest singular value.

    sigma = v^T W u, with W the kernel as a matrix `[inputs, outputs]`. u and v
    are constants to the gradient, sigma is not: this is the exact gradient of
    W / sigma(W) once u has converged. `_kernel`, which is trained, stays as it
    is; u advances by one power iteration in every forward with training=True.
    """

    def build(self, input_shape):
        super().build(input_shape)
        self.u = self.add_weight(
            name="u",
            shape=(self._kernel.shape[-1],),
            initializer="random_normal",
            trainable=False,
        )

    def add_weight(self, *args, name=None, **kwargs):
        # Only the bias follows the compute dtype: sigma needs the full kernel.
        return super().add_weight(*args, name=name, autocast=name == "bias", **kwargs)

    def call(self, inputs, training=None):
        if training:
            self.u.assign(_unit(ops.matmul(self._v(), self._matrix())))
        return super().call(inputs)

    @property
    def kernel(self):
        w = self._matrix()
        v, u = ops.stop_gradient(self._v()), ops.stop_gradient(self._u())
        sigma = ops.sum(v * ops.matmul(w, u))
        kernel = ops.reshape(w / ops.maximum(sigma, EPSILON), self._kernel.shape)
        return ops.cast(kernel, self.compute_dtype)

    def _matrix(self):
        return ops.reshape(_float32(self._kernel), (-1, self._kernel.shape[-1]))

    def _u(self):
        return _unit(_float32(self.u))

    def _v(self):
        return _unit(ops.matmul(self._matrix(), self._u()))

    # The layers' own two would store the normalised kernel, and no u.
    def save_own_variables(self, store):
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        keras.layers.Layer.load_own_variables(self, store)


@keras.saving.register_keras_serializable(package="tfgan")
class SpectralDense(_SpectralNormalization, keras.layers.Dense):
    """`keras.layers.Dense` with a kernel of spectral norm 1.

    Reference:
        Miyato et al. 2018, https://arxiv.org/abs/1802.05957
    """


@keras.saving.register_keras_serializable(package="tfgan")
class SpectralConv2D(_SpectralNormalization, Conv2D):
    """`keras.layers.Conv2D` whose kernel, as a matrix `[h * w * in, out]`, has spectral norm 1.

    Reference:
        Miyato et al. 2018, https://arxiv.org/abs/1802.05957
    """


def _unit(vector):
    return vector / ops.maximum(ops.norm(vector), EPSILON)


def _float32(variable):
    """The value in float32, or in float64 where the layer is."""
    return ops.cast(variable, keras.backend.result_type(variable.dtype, "float32"))
