"""InfoGAN's networks, on which Lucic et al. compared losses."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.networks import arguments, blocks
from tfgan.networks.conditioning import condition_on
from tfgan.networks.norms import NORMS

KERNEL_SIZE = 4


def infogan(image_shape=(28, 28, 1), latent_dim=64, norm="batch", packing=1, num_classes=()):
    """The networks of "Are GANs Created Equal?", for images whose sides divide by 4.

    Generator: dense 1024, dense to 128 maps of a quarter of the sides, 4x4
    transposed convolutions of stride 2 to 64 maps and to the image; batch
    normalisation and LeakyReLU in between. Discriminator: 4x4 convolutions of
    stride 2 to 64 and 128 maps, dense 1024, one logit; LeakyReLU.
    The generator ends in tanh, since pixels are in [-1, 1] here; in the paper they
    are in [0, 1], and the generator ends in a sigmoid.

    Args:
        image_shape: (height, width, channels), both sides divide by 4.
        norm: a name in `NORMS`, the discriminator's normalisation.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Chen et al. 2016, https://arxiv.org/abs/1606.03657
        Lucic et al. 2018, https://arxiv.org/abs/1711.10337
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    if image_shape[0] % 4 or image_shape[1] % 4:
        raise errors.invalid("image_shape", "sides that divide by 4", image_shape)
    num_classes = arguments.classes(num_classes)
    return {
        "generator": _generator(
            image_shape, whole_number("latent_dim", latent_dim, 1), num_classes
        ),
        "discriminator": _discriminator(
            arguments.packed(image_shape, packing),
            errors.lookup("norm", norm, NORMS),
            num_classes,
        ),
    }


def _generator(image_shape, latent_dim, num_classes):
    height, width, channels = image_shape
    quarter = (height // 4, width // 4, 128)
    latents = keras.Input((latent_dim,), name="latents")
    inputs, x = condition_on(latents, latents, num_classes)
    x = blocks.normalize(blocks.project(x, 1024, name=1), blocks.leaky_relu, name=1)
    x = blocks.project(x, quarter[0] * quarter[1] * quarter[2], name=2)
    x = blocks.normalize(x, blocks.leaky_relu, name=2)
    x = keras.layers.Reshape(quarter, name="reshape")(x)
    x = blocks.normalize(blocks.double(x, 64, KERNEL_SIZE, name=3), blocks.leaky_relu, name=3)
    return keras.Model(inputs, blocks.images(x, channels, KERNEL_SIZE), name="generator")


def _discriminator(image_shape, norm, num_classes):
    images = keras.Input(image_shape, name="images")
    inputs, x = condition_on(images, images, num_classes)
    return keras.Model(inputs, blocks.logits(hidden(x, norm), norm), name="discriminator")


def hidden(images, norm):
    """The discriminator's hidden layers.

    Args:
        images: Keras tensor `[batch, height, width, channels]`, both sides divide by 4.
        norm: `Norm`.

    Returns:
        Keras tensor `[batch, 1024]`.
    """
    x = blocks.halve(images, 64, KERNEL_SIZE, norm, name=1, first=True)
    x = blocks.halve(x, 128, KERNEL_SIZE, norm, name=2)
    return blocks.dense(keras.layers.Flatten(name="flatten")(x), 1024, norm, name=3)
