"""The residual networks of the spectral normalisation paper, with labels by projection."""

from functools import partial

import keras
from keras import layers

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.layers import Conv2D, GlobalSumPooling2D, Projection, SpectralConv2D, SpectralDense
from tfgan.networks import arguments
from tfgan.networks.conditioning import condition_on, condition_vector
from tfgan.networks.norms import batch_normalization, conditional_batch_normalization


def sn_resnet(
    image_shape=(32, 32, 3),
    latent_dim=128,
    width=128,
    generator_condition="batch_norm",
    discriminator_condition="projection",
    packing=1,
    num_classes=(),
):
    """SNGAN's residual generator and discriminator, for images of about 32 pixels.

    Generator: dense to `width` maps of the image's smallest size, one residual block per
    doubling, each of two 3x3 convolutions with batch normalisation and ReLU before them, and
    a 3x3 one to the image. Discriminator, with spectral normalisation in all layers: four
    residual blocks of `width` maps, the first two of which halve the sides, the sum over all
    places, one logit. The image is halved as long as both sides stay whole and at least 4: 28
    pixels come from 7, 32 pixels from 4.

    Args:
        image_shape: (height, width, channels); both sides divide by 4 and are at least 16.
        width: int, maps of both networks; the paper's generator has twice as many.
        generator_condition: how a condition enters the generator: "batch_norm", as the scale
            and offset of the blocks' normalisations, or "concatenate", beside the latents.
        discriminator_condition: "projection", as an inner product of its embedding with the
            features that the logit is made of, or "concatenate", as one channel of the image.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Miyato et al. 2018, https://arxiv.org/abs/1802.05957, table 4
        Miyato & Koyama 2018, https://arxiv.org/abs/1802.05637
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    halvings = arguments.halvings(image_shape)
    width = whole_number("width", width, 1)
    num_classes = arguments.classes(num_classes)
    return {
        "generator": _generator(
            image_shape,
            halvings,
            whole_number("latent_dim", latent_dim, 1),
            width,
            errors.lookup("generator_condition", generator_condition, GENERATOR_CONDITIONS),
            num_classes,
        ),
        "discriminator": _discriminator(
            arguments.packed(image_shape, packing),
            width,
            errors.lookup("discriminator_condition", discriminator_condition, DISCRIMINATOR_CONDITIONS),
            num_classes,
        ),
    }


def _generator(image_shape, halvings, latent_dim, width, condition, num_classes):
    smallest = (image_shape[0] >> halvings, image_shape[1] >> halvings, width)
    latents = keras.Input((latent_dim,), name="latents")
    inputs, x, norm = condition(latents, num_classes)
    x = layers.Dense(smallest[0] * smallest[1] * width, name="dense")(x)
    x = layers.Reshape(smallest, name="reshape")(x)
    for i in range(1, halvings + 1):
        x = _double(x, width, norm, name=i)
    x = layers.ReLU(name="activation")(batch_normalization("norm")(x))
    x = Conv2D(
        image_shape[-1], 3, padding="same", activation="tanh", dtype="float32", name="images"
    )(x)
    return keras.Model(inputs, x, name="generator")


def _discriminator(image_shape, width, condition, num_classes):
    images = keras.Input(image_shape, name="images")
    inputs, x, compared = condition(images, num_classes)
    for i, (halves, first) in enumerate([(True, True), (True, False), (False, False), (False, False)], 1):
        x = _residual(x, width, halves, first, name=i)
    x = layers.ReLU(name="activation")(x)
    features = GlobalSumPooling2D(dtype="float32", name="features")(x)
    return keras.Model(inputs, compared(features), name="discriminator")


def _double(x, width, norm, name):
    """A generator's residual block to twice the size."""
    y = layers.ReLU(name=f"activation{name}a")(norm(f"norm{name}a", x))
    y = layers.UpSampling2D(name=f"up{name}")(y)
    # The normalisation after it subtracts the mean, and a bias with it.
    y = _conv(Conv2D, width, f"conv{name}a", use_bias=False)(y)
    y = layers.ReLU(name=f"activation{name}b")(norm(f"norm{name}b", y))
    y = _conv(Conv2D, width, f"conv{name}b")(y)
    # Enlarged after the 1x1 convolution: the same values as before it, for a quarter of the work.
    short = layers.UpSampling2D(name=f"shortcut_up{name}")(Conv2D(width, 1, name=f"shortcut{name}")(x))
    return layers.Add(name=f"block{name}")([y, short])


def _residual(x, width, halves, first, name):
    """A discriminator's residual block; the first has no activation in front."""
    y = x if first else layers.ReLU(name=f"activation{name}a")(x)
    y = _conv(SpectralConv2D, width, f"conv{name}a")(y)
    y = layers.ReLU(name=f"activation{name}b")(y)
    y = _conv(SpectralConv2D, width, f"conv{name}b")(y)
    if halves:
        y = layers.AveragePooling2D(2, name=f"down{name}")(y)
        short = layers.AveragePooling2D(2, name=f"shortcut_down{name}")(x)
        x = SpectralConv2D(width, 1, name=f"shortcut{name}")(short)
    return layers.Add(name=f"block{name}")([y, x])


def _conv(kind, width, name, use_bias=True):
    """A 3x3 convolution of a residual branch; it starts with the square root of 2 times Glorot's weights."""
    kernel = keras.initializers.VarianceScaling(2.0, "fan_avg", "uniform")
    return kind(width, 3, padding="same", use_bias=use_bias, kernel_initializer=kernel, name=name)


def _plain_norm(name, x):
    return batch_normalization(name)(x)


def _conditional_norm(vector, name, x):
    return conditional_batch_normalization(name)([x, vector])


def _logit(features):
    return SpectralDense(1, dtype="float32", name="logits")(features)


def _logit_and_projection(vector, features):
    plain = SpectralDense(1, dtype="float32", name="unconditional")(features)
    projected = Projection(dtype="float32", name="projection")([features, vector])
    return layers.Add(dtype="float32", name="logits")([plain, projected])


def _beside_latents(latents, num_classes):
    """(inputs, what the first layer sees, normalisation)."""
    return *condition_on(latents, latents, num_classes), _plain_norm


def _in_the_norms(latents, num_classes):
    if not num_classes:
        return _beside_latents(latents, num_classes)
    condition, vector = condition_vector(num_classes)
    return [latents, condition], latents, partial(_conditional_norm, vector)


def _as_a_channel(images, num_classes):
    """(inputs, what the first layer sees, function from features to logits)."""
    return *condition_on(images, images, num_classes), _logit


def _by_projection(images, num_classes):
    if not num_classes:
        return _as_a_channel(images, num_classes)
    condition, vector = condition_vector(num_classes)
    return [images, condition], images, partial(_logit_and_projection, vector)


GENERATOR_CONDITIONS = {"batch_norm": _in_the_norms, "concatenate": _beside_latents}
DISCRIMINATOR_CONDITIONS = {"projection": _by_projection, "concatenate": _as_a_channel}
