"""Strided convolutions that are matrix products where the maps are tiny.

On a CPU, native convolutions between 8x8 and 4x4 maps of many channels run at a
third of the speed of a matrix product of the same size (float32, two cores: 102
to 147 GFLOP/s against 255 to 317), and take half of a DCGAN's time. `Conv2D` and
`Conv2DTranspose` are Keras's layers, with the same weights; where there is no
GPU, the convolution's small side has at most 16 positions and the channels are
many, they compute with the three functions here. Each of these is the gradient of the other two,
so that they can be differentiated as often as a penalty needs.

Images are `[batch, height, width, inputs]`, whose sides divide by the stride;
maps `[batch, height / stride, width / stride, outputs]`; kernels `[size, size,
inputs, outputs]`. Padding is TensorFlow's SAME.
"""

import keras
import tensorflow as tf

# Positions of the small side, height * width, up to which products win.
MOST_POSITIONS = 16
# inputs * outputs from which they do: at 128 x 256 channels native convolutions
# still train a DCGAN 14 % faster, at 256 x 512 both are as fast.
LEAST_CHANNELS = 2**18


def convolve(images, kernel, stride):
    """Maps: the convolution of images with a kernel."""

    @tf.custom_gradient
    def product(images, kernel):
        def gradient(upstream):
            return (
                convolve_back(upstream, kernel, stride),
                kernel_gradient(images, upstream, kernel.shape[0], stride),
            )

        maps = _product(_patches(images, kernel.shape[0], stride), kernel)
        return maps, gradient

    return product(images, kernel)


def convolve_back(maps, kernel, stride):
    """Images: the transposed convolution of maps, `convolve`'s gradient by its images."""

    @tf.custom_gradient
    def product(maps, kernel):
        def gradient(upstream):
            return (
                convolve(upstream, kernel, stride),
                kernel_gradient(upstream, maps, kernel.shape[0], stride),
            )

        size, inputs = kernel.shape[0], kernel.shape[2]
        taps = [_taps(row, size, stride) for row in range(stride)]
        # Pixels of one phase, (row, column) modulo the stride, see the same taps.
        phases = [
            _product(
                _windows(maps, rows, columns),
                tf.transpose(_select(kernel, rows, columns), [0, 1, 3, 2]),
            )
            for rows in taps
            for columns in taps
        ]
        height, width = maps.shape[1:3]
        pixels = tf.reshape(tf.stack(phases, axis=3), [-1, height, width, stride, stride, inputs])
        pixels = tf.transpose(pixels, [0, 1, 3, 2, 4, 5])
        return tf.reshape(pixels, [-1, height * stride, width * stride, inputs]), gradient

    return product(maps, kernel)


def kernel_gradient(images, maps, size, stride):
    """Kernel: the gradient of `convolve` by its kernel, where maps is the upstream one."""

    @tf.custom_gradient
    def product(images, maps):
        def gradient(upstream):
            return (
                convolve_back(maps, upstream, stride),
                convolve(images, upstream, stride),
            )

        inputs, outputs = images.shape[-1], maps.shape[-1]
        patches = tf.reshape(_patches(images, size, stride), [-1, size * size * inputs])
        kernel = tf.matmul(patches, tf.reshape(maps, [-1, outputs]), transpose_a=True)
        return tf.reshape(kernel, [size, size, inputs, outputs]), gradient

    return product(images, maps)


def _product(patches, kernel):
    """Patches `[batch, h, w, taps * channels]` times a kernel `[a, b, channels, outputs]`."""
    _, height, width, features = patches.shape
    outputs = kernel.shape[-1]
    product = tf.matmul(
        tf.reshape(patches, [-1, features]), tf.reshape(kernel, [features, outputs])
    )
    return tf.reshape(product, [-1, height, width, outputs])


def _patches(images, size, stride):
    return tf.image.extract_patches(
        images, [1, size, size, 1], [1, stride, stride, 1], [1, 1, 1, 1], "SAME"
    )


def _taps(phase, size, stride):
    """Pairs (offset of a map's cell, tap of the kernel) that make up pixels of a phase."""
    before = max(size - stride, 0) // 2
    offsets = range(-size, size + 1)
    pairs = [(offset, phase + before - stride * offset) for offset in offsets]
    return [(offset, tap) for offset, tap in pairs if 0 <= tap < size]


def _windows(maps, rows, columns):
    """The cells of maps at the offsets of a phase, zero outside: `[batch, h, w, ...]`."""
    height, width = maps.shape[1:3]
    (top, bottom), (left, right) = ((taps[0][0], taps[-1][0]) for taps in (rows, columns))
    margins = [(max(-top, 0), max(bottom, 0)), (max(-left, 0), max(right, 0))]
    padded = tf.pad(maps, [(0, 0), *margins, (0, 0)])
    padded = padded[:, max(top, 0) :, max(left, 0) :]
    size = [1, len(rows), len(columns), 1]
    windows = tf.image.extract_patches(padded, size, [1, 1, 1, 1], [1, 1, 1, 1], "VALID")
    return windows[:, :height, :width]


def _select(kernel, rows, columns):
    """The taps of a phase, in the order of its offsets."""
    kernel = tf.gather(kernel, [tap for _, tap in rows], axis=0)
    return tf.gather(kernel, [tap for _, tap in columns], axis=1)


def _is_tiny(layer, small, large, channels):
    """Whether products serve this convolution between a small and a large side."""
    return (
        not tf.config.list_logical_devices("GPU")
        and layer.padding == "same"
        and layer.data_format == "channels_last"
        and layer.dilation_rate == (1, 1)
        and len(set(layer.kernel_size)) == len(set(layer.strides)) == 1
        and layer.kernel_size[0] >= layer.strides[0] > 1
        and None not in (*small, *large)
        and small[0] * small[1] <= MOST_POSITIONS
        and channels >= LEAST_CHANNELS
        and tuple(side * layer.strides[0] for side in small) == tuple(large)
    )


@keras.saving.register_keras_serializable(package="tfgan")
class Conv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`, faster on CPUs where its output is tiny."""

    def convolution_op(self, inputs, kernel):
        large = inputs.shape[1:3]
        small = tuple(-(-side // self.strides[0]) if side else None for side in large)
        if self.groups == 1 and _is_tiny(self, small, large, inputs.shape[-1] * self.filters):
            return convolve(inputs, tf.cast(kernel, inputs.dtype), self.strides[0])
        return super().convolution_op(inputs, kernel)


@keras.saving.register_keras_serializable(package="tfgan")
class Conv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, faster on CPUs where its input is tiny."""

    def call(self, inputs):
        small = inputs.shape[1:3]
        large = tuple(side * self.strides[0] if side else None for side in small)
        channels = inputs.shape[-1] * self.filters
        if self.output_padding is not None or not _is_tiny(self, small, large, channels):
            return super().call(inputs)
        images = convolve_back(inputs, tf.cast(self.kernel, inputs.dtype), self.strides[0])
        if self.use_bias:
            images += tf.cast(self.bias, images.dtype)
        return images if self.activation is None else self.activation(images)
