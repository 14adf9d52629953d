"""Convolution layers that are faster on CPUs: matrix products, where feature maps are small.

On a CPU, native convolutions between 8x8 and 4x4 maps of many channels run at a
third of the speed of a matrix product of the same size (float32, two cores: 105
to 172 GFLOP/s against 230 to 304), and take half of a DCGAN's time; the native
gradient by a bfloat16 kernel reaches a third to a twelfth, up to 8x8 maps.
`Conv2D` and `Conv2DTranspose` are Keras's layers, with the same weights; where
products are faster and there is no GPU, they compute with the three functions
here. The gradients of each are computed by the other two, so that they can be
differentiated any number of times, as penalties need.

Images are `[batch, height, width, inputs]`, whose sides divide by the stride;
maps `[batch, height / stride, width / stride, outputs]`; kernels `[size, size,
inputs, outputs]`. Padding is TensorFlow's SAME.
"""

import keras
import numpy as np
import tensorflow as tf

# Largest number of positions of the maps, height * width, and smallest number of inputs *
# outputs for which products are faster. Measured with kernels 3 to 5 wide, at batch 16 and 64.
MOST_POSITIONS = {"convolve": 16, "convolve_back": 16, "kernel_gradient": 64}
LEAST_CHANNELS = 2**17
LEAST_CHANNELS_OF_BFLOAT16_GRADIENTS = 2**13


def convolve(images, kernel, stride):
    """Convolves images with a kernel; returns maps."""

    @tf.custom_gradient
    def product(images, kernel):
        def gradient(upstream):
            return (
                convolve_back(upstream, kernel, stride),
                kernel_gradient(images, upstream, kernel.shape[0], stride),
            )

        size, _, inputs, outputs = kernel.shape
        height, width = (side // stride for side in images.shape[1:3])
        if not _products_win("convolve", (height, width), kernel.shape, images.dtype):
            return tf.nn.conv2d(images, kernel, stride, "SAME"), gradient
        maps = tf.matmul(
            _patches(images, size, stride), tf.reshape(kernel, [size * size * inputs, outputs])
        )
        return tf.reshape(maps, [-1, height, width, outputs]), gradient

    return product(images, kernel)


def convolve_back(maps, kernel, stride):
    """Transposed convolution of maps, the gradient of `convolve` by its images; returns images."""

    @tf.custom_gradient
    def product(maps, kernel):
        def gradient(upstream):
            return (
                convolve(upstream, kernel, stride),
                kernel_gradient(upstream, maps, kernel.shape[0], stride),
            )

        size, _, inputs, outputs = kernel.shape
        if not _products_win("convolve_back", maps.shape[1:3], kernel.shape, maps.dtype):
            sides = [side * stride for side in maps.shape[1:3]]
            shape = [tf.shape(maps)[0], *sides, inputs]
            return tf.nn.conv2d_transpose(maps, kernel, shape, stride, "SAME"), gradient
        patches = tf.matmul(
            tf.reshape(maps, [-1, outputs]),
            tf.reshape(kernel, [size * size * inputs, outputs]),
            transpose_b=True,
        )
        return _sum_patches(patches, maps.shape[1:3], size, stride, inputs), gradient

    return product(maps, kernel)


def kernel_gradient(images, maps, size, stride):
    """Gradient of `convolve` by its kernel, with maps as the upstream gradient."""

    @tf.custom_gradient
    def product(images, maps):
        def gradient(upstream):
            return (
                convolve_back(maps, upstream, stride),
                convolve(images, upstream, stride),
            )

        inputs, outputs = images.shape[-1], maps.shape[-1]
        kernel = tf.matmul(
            _patches(images, size, stride), tf.reshape(maps, [-1, outputs]), transpose_a=True
        )
        return tf.reshape(kernel, [size, size, inputs, outputs]), gradient

    return product(images, maps)


def _patches(images, size, stride):
    """The patch of pixels under the kernel at every position.

    Returns:
        `[batch * positions, size * size * inputs]`.
    """
    _, height, width, inputs = images.shape
    pixels = _pixels(height // stride, width // stride, size, stride)
    # Gathering whole pixels is three times as fast as `tf.image.extract_patches`.
    patches = tf.gather(_with_zero(images), pixels.reshape(-1), axis=1)
    return tf.reshape(patches, [-1, size * size * inputs])


def _sum_patches(patches, sides, size, stride, inputs):
    """Adds overlapping patches up to images: the transpose of `_patches`."""
    height, width = sides
    pixels = _pixels(height, width, size, stride).reshape(-1)
    count = height * width * stride**2
    sources = [np.flatnonzero(pixels == pixel) for pixel in range(count)]
    most = max(map(len, sources))
    # Pixels with fewer sources than others are filled up with the index of a zero.
    table = np.full([count, most], len(pixels))
    for pixel, places in enumerate(sources):
        table[pixel, : len(places)] = places
    patches = _with_zero(tf.reshape(patches, [-1, 1, len(pixels), inputs]))
    images = tf.add_n([tf.gather(patches, table[:, i], axis=1) for i in range(most)])
    return tf.reshape(images, [-1, height * stride, width * stride, inputs])


def _pixels(height, width, size, stride):
    """Index of the pixel under each element of the kernel at each position.

    Returns:
        int array `[height, width, size, size]` of row-major indices; the number of pixels
        stands for the padding.
    """
    before = max(size - stride, 0) // 2
    rows = np.arange(height)[:, None] * stride + np.arange(size) - before
    columns = np.arange(width)[:, None] * stride + np.arange(size) - before
    rows, columns = rows[:, None, :, None], columns[None, :, None, :]
    inside = (rows >= 0) & (rows < height * stride) & (columns >= 0) & (columns < width * stride)
    return np.where(inside, rows * width * stride + columns, height * width * stride**2)


def _with_zero(images):
    """Flattens pixels and appends a zero: `[batch, height * width + 1, channels]`."""
    _, height, width, channels = images.shape
    return tf.pad(tf.reshape(images, [-1, height * width, channels]), [(0, 0), (0, 1), (0, 0)])


def _products_win(function, sides, kernel_shape, dtype):
    """Whether one of the functions above is faster as a matrix product, for these shapes."""
    _, _, inputs, outputs = kernel_shape
    least = LEAST_CHANNELS
    if function == "kernel_gradient" and dtype == "bfloat16":
        least = LEAST_CHANNELS_OF_BFLOAT16_GRADIENTS
    return sides[0] * sides[1] <= MOST_POSITIONS[function] and inputs * outputs >= least


def _serves(layer, small, large, kernel_shape):
    """Whether a layer is computed by this module's functions, not by Keras.

    Args:
        layer: `Conv2D` or `Conv2DTranspose`.
        small, large: (height, width) of its smaller and its larger side.
        kernel_shape: `[size, size, inputs, outputs]`.
    """
    size, stride = layer.kernel_size[0], layer.strides[0]
    return (
        not tf.config.list_logical_devices("GPU")
        and layer.padding == "same"
        and layer.data_format == "channels_last"
        and layer.dilation_rate == (1, 1)
        and len(set(layer.kernel_size)) == len(set(layer.strides)) == 1
        and size >= stride
        and size > 1
        and None not in (*small, *large)
        and tuple(side * stride for side in small) == tuple(large)
        and _products_win("kernel_gradient", small, kernel_shape, layer.compute_dtype)
    )


@keras.saving.register_keras_serializable(package="tfgan")
class Conv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`, faster on CPUs where its output is small.

    Args:
        *args, **kwargs: those of `keras.layers.Conv2D`.
    """

    def convolution_op(self, inputs, kernel):
        large = inputs.shape[1:3]
        small = tuple(-(-side // self.strides[0]) if side else None for side in large)
        if self.groups == 1 and _serves(self, small, large, kernel.shape):
            return convolve(inputs, tf.cast(kernel, inputs.dtype), self.strides[0])
        return super().convolution_op(inputs, kernel)


@keras.saving.register_keras_serializable(package="tfgan")
class Conv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, faster on CPUs where its input is small.

    Args:
        *args, **kwargs: those of `keras.layers.Conv2DTranspose`.
    """

    def call(self, inputs):
        small = inputs.shape[1:3]
        large = tuple(side * self.strides[0] if side else None for side in small)
        shape = (*self.kernel_size, self.filters, inputs.shape[-1])
        if self.output_padding is not None or not _serves(self, small, large, shape):
            return super().call(inputs)
        images = convolve_back(inputs, tf.cast(self.kernel, inputs.dtype), self.strides[0])
        if self.use_bias:
            images += tf.cast(self.bias, images.dtype)
        return images if self.activation is None else self.activation(images)
