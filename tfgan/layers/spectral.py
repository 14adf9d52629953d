"""Dense and convolutional layers with spectral normalisation.

The gradient passes through the normalisation.
"""

import keras
from keras import ops

from tfgan.layers.convolutions import Conv2D

# Smallest norm to divide by.
EPSILON = 1e-12


class _SpectralNormalization:
    """Mixin of layers that compute with their kernel divided by its largest singular value, sigma.

    sigma = v^T W u, with W the kernel as a matrix `[inputs, outputs]`. The gradient
    treats u and v as constants, but not sigma: it is the exact gradient of
    W / sigma(W) once u has converged. The trained weight, `_kernel`, is not
    normalised itself; every forward pass with training=True makes one power iteration
    of u.
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

    # Those of Dense and Conv2D would save the normalised kernel, and not save u.
    def save_own_variables(self, store):
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        keras.layers.Layer.load_own_variables(self, store)


@keras.saving.register_keras_serializable(package="tfgan")
class SpectralDense(_SpectralNormalization, keras.layers.Dense):
    """`keras.layers.Dense` with a kernel of spectral norm 1 (SNGAN).

    Args:
        *args, **kwargs: those of `keras.layers.Dense`.

    Reference:
        Miyato et al. 2018, https://arxiv.org/abs/1802.05957
    """


@keras.saving.register_keras_serializable(package="tfgan")
class SpectralConv2D(_SpectralNormalization, Conv2D):
    """`keras.layers.Conv2D` whose kernel, as a matrix `[h * w * in, out]`, has spectral norm 1.

    Args:
        *args, **kwargs: those of `keras.layers.Conv2D`.

    Reference:
        Miyato et al. 2018, https://arxiv.org/abs/1802.05957
    """


def _unit(vector):
    return vector / ops.maximum(ops.norm(vector), EPSILON)


def _float32(variable):
    """The value in float32, or in float64 where the layer is."""
    return ops.cast(variable, keras.backend.result_type(variable.dtype, "float32"))
