"""Networks with a very small discriminator, to measure mode collapse on stacked MNIST."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.networks import arguments, blocks
from tfgan.networks.conditioning import condition_on
from tfgan.networks.norms import NORMS

MAPS = (64, 32, 16, 8)
SMALLEST = 4


def stacked_mnist(image_shape=(28, 28, 3), latent_dim=256, width=2, packing=1, norm="batch", num_classes=()):
    """Unrolled GAN's networks for stacked MNIST.

    Generator: dense to 64 maps of 4x4, 3x3 transposed convolutions of stride 2 to 32 maps
    of 7x7, 16 of 14x14 and 8 of 28x28, each with batch normalisation and ReLU, and a 3x3
    one to the image. Discriminator: 3x3 convolutions of stride 2 to `width`, twice and four
    times as many maps, batch normalisation and LeakyReLU(0.3) after each, one logit.

    Args:
        image_shape: (28, 28, channels).
        width: int, maps of the discriminator's first convolution: 2 and 4 in the papers
            ("1/4" and "1/2" of the generator's size).
        norm: a name in `NORMS`, the discriminator's normalisation: "batch" in the papers.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Metz et al. 2017 (Unrolled GAN), https://arxiv.org/abs/1611.02163, appendix D
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    if image_shape[:2] != (28, 28):
        raise errors.invalid("image_shape", "(28, 28, channels)", image_shape)
    num_classes = arguments.classes(num_classes)
    return {
        "generator": _generator(
            whole_number("latent_dim", latent_dim, 1), image_shape[-1], num_classes
        ),
        "discriminator": _discriminator(
            arguments.packed(image_shape, packing),
            whole_number("width", width, 1),
            errors.lookup("norm", norm, NORMS),
            num_classes,
        ),
    }


def _generator(latent_dim, channels, num_classes):
    latents = keras.Input((latent_dim,), name="latents")
    inputs, x = condition_on(latents, latents, num_classes)
    x = blocks.project(x, SMALLEST * SMALLEST * MAPS[0], name=1)
    x = keras.layers.Reshape((SMALLEST, SMALLEST, MAPS[0]), name="reshape")(x)
    x = blocks.normalize(x, blocks.relu, name=1)
    # From 4x4 to 7x7: twice the size without the last row and column.
    x = keras.layers.Conv2DTranspose(
        MAPS[1], 3, strides=2, padding="same", output_padding=0, use_bias=False,
        kernel_initializer=blocks.dcgan_normal(), name="deconv2",
    )(x)  # fmt: skip
    x = blocks.normalize(x, blocks.relu, name=2)
    for i, maps in enumerate(MAPS[2:], start=3):
        x = blocks.normalize(blocks.double(x, maps, 3, name=i), blocks.relu, name=i)
    return keras.Model(inputs, blocks.images(x, channels, 3, strides=1), name="generator")


def _discriminator(image_shape, width, norm, num_classes):
    images = keras.Input(image_shape, name="images")
    inputs, x = condition_on(images, images, num_classes)
    for i in (1, 2, 3):
        # With a bias although a normalisation follows: the papers count 613 weights.
        x = norm.conv(
            width * 2 ** (i - 1), 3, strides=2, padding="same",
            kernel_initializer=blocks.dcgan_normal(), name=f"conv{i}",
        )(x)  # fmt: skip
        if norm.after:
            x = norm.after(f"norm{i}")(x)
        x = keras.layers.LeakyReLU(negative_slope=0.3, name=f"activation{i}")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    return keras.Model(inputs, blocks.logits(x, norm), name="discriminator")
