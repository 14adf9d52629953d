"""Building blocks of convolutional generators and discriminators."""

import keras

from tfgan.layers import Conv2DTranspose
from tfgan.networks.norms import NORMS


def dcgan_normal():
    """DCGAN's initialiser N(0, 0.02); a new one per layer, since each repeats its numbers."""
    return keras.initializers.RandomNormal(stddev=0.02)


def leaky_relu(name):
    """LeakyReLU with DCGAN's slope of 0.2, as a layer."""
    return keras.layers.LeakyReLU(negative_slope=0.2, name=name)


def relu(name):
    """ReLU as a layer."""
    return keras.layers.ReLU(name=name)


def project(x, units, name, norm=NORMS["batch"]):
    """A generator's dense layer, without the normalisation and activation of `normalize`."""
    return keras.layers.Dense(
        units, use_bias=norm.use_bias, kernel_initializer=dcgan_normal(), name=f"dense{name}"
    )(x)


def normalize(x, activation, name, norm=NORMS["batch"]):
    """The normalisation and activation of a generator's hidden layer."""
    if norm.after:
        x = norm.after(f"norm{name}")(x)
    return activation(f"activation{name}")(x)


def double(x, filters, kernel_size, name, norm=NORMS["batch"]):
    """A generator's transposed convolution to twice the size, to be followed by `normalize`."""
    return Conv2DTranspose(
        filters,
        kernel_size,
        strides=2,
        padding="same",
        use_bias=norm.use_bias,
        kernel_initializer=dcgan_normal(),
        name=f"deconv{name}",
    )(x)


def images(x, channels, kernel_size, strides=2, name="images"):
    """A generator's last layer: a transposed convolution, by default to twice the size, and tanh."""
    return Conv2DTranspose(
        channels,
        kernel_size,
        strides=strides,
        padding="same",
        activation="tanh",
        kernel_initializer=dcgan_normal(),
        dtype="float32",
        name=name,
    )(x)


def halve(x, filters, kernel_size, norm, name, first=False):
    """A discriminator's convolution to half the size: normalised unless `first`, LeakyReLU."""
    return convolve(x, filters, kernel_size, norm, name, first, strides=2)


def convolve(x, filters, kernel_size, norm, name, first=False, strides=1):
    """A discriminator's convolution: normalised unless `first`, LeakyReLU."""
    x = norm.conv(
        filters,
        kernel_size,
        strides=strides,
        padding="same",
        use_bias=first or norm.use_bias,
        kernel_initializer=dcgan_normal(),
        name=f"conv{name}",
    )(x)
    return _after(x, None if first else norm.after, name)


def dense(x, units, norm, name):
    """A discriminator's hidden dense layer: normalised, LeakyReLU."""
    x = norm.dense(
        units, use_bias=norm.use_bias, kernel_initializer=dcgan_normal(), name=f"dense{name}"
    )(x)
    return _after(x, norm.after, name)


def logits(x, norm):
    """A discriminator's last layer: one logit, float32."""
    return norm.dense(
        1, kernel_initializer=dcgan_normal(), dtype="float32", name="logits"
    )(x)


def class_logits(x, classes, norm):
    """A discriminator's second output: logits of classes or tags, float32."""
    return norm.dense(
        classes, kernel_initializer=dcgan_normal(), dtype="float32", name="classes"
    )(x)


def _after(x, normalization, name):
    if normalization:
        x = normalization(f"norm{name}")(x)
    return leaky_relu(f"activation{name}")(x)
