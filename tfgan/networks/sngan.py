"""The convolutional networks without residual blocks of the spectral normalisation paper."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.networks import arguments, blocks
from tfgan.networks.conditioning import condition_on
from tfgan.networks.norms import NORMS


def sngan(
    image_shape=(32, 32, 3),
    latent_dim=128,
    width=64,
    norm="spectral",
    packing=1,
    num_classes=(),
):
    """SNGAN's "standard CNN" generator and discriminator.

    Generator: dense to 8 * `width` maps of an eighth of the sides, three 4x4
    transposed convolutions of stride 2 that halve the number of maps, each with batch
    normalisation and ReLU, and a 3x3 one to the image. Discriminator: a 3x3
    convolution and a 4x4 one of stride 2 at each of three sizes, the number of maps
    doubling from `width`, a last 3x3 one, one logit. LeakyReLU has a slope of 0.2,
    that of the paper 0.1.

    Args:
        image_shape: (height, width, channels), both sides divide by 8.
        width: int, maps of the discriminator's first convolution.
        norm: a name in `NORMS`, the discriminator's normalisation.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Miyato et al. 2018, https://arxiv.org/abs/1802.05957, table 3
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    if image_shape[0] % 8 or image_shape[1] % 8:
        raise errors.invalid("image_shape", "sides that divide by 8", image_shape)
    filters = [whole_number("width", width, 1) * factor for factor in (1, 2, 4, 8)]
    num_classes = arguments.classes(num_classes)
    return {
        "generator": _generator(
            image_shape, whole_number("latent_dim", latent_dim, 1), filters[::-1], num_classes
        ),
        "discriminator": _discriminator(
            arguments.packed(image_shape, packing),
            filters,
            errors.lookup("norm", norm, NORMS),
            num_classes,
        ),
    }


def _generator(image_shape, latent_dim, filters, num_classes):
    height, width, channels = image_shape
    shape = (height // 8, width // 8, filters[0])
    latents = keras.Input((latent_dim,), name="latents")
    inputs, x = condition_on(latents, latents, num_classes)
    x = blocks.project(x, shape[0] * shape[1] * shape[2], name=1)
    x = keras.layers.Reshape(shape, name="reshape")(x)
    x = blocks.normalize(x, blocks.relu, name=1)
    for i, maps in enumerate(filters[1:], start=2):
        x = blocks.normalize(blocks.double(x, maps, 4, name=i), blocks.relu, name=i)
    return keras.Model(inputs, blocks.images(x, channels, 3, strides=1), name="generator")


def _discriminator(image_shape, filters, norm, num_classes):
    images = keras.Input(image_shape, name="images")
    inputs, x = condition_on(images, images, num_classes)
    for i, maps in enumerate(filters[:-1], start=1):
        x = blocks.convolve(x, maps, 3, norm, name=f"{i}a", first=i == 1)
        x = blocks.halve(x, maps, 4, norm, name=f"{i}b")
    x = blocks.convolve(x, filters[-1], 3, norm, name=len(filters))
    x = keras.layers.Flatten(name="flatten")(x)
    return keras.Model(inputs, blocks.logits(x, norm), name="discriminator")
