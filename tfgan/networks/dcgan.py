"""DCGAN's networks, for images of any size that can be halved at least twice."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.layers import MinibatchDiscrimination, MinibatchStdDev, SamplingDropout
from tfgan.networks import arguments, blocks
from tfgan.networks.conditioning import condition_on
from tfgan.networks.norms import GENERATOR_NORMS, NORMS

KERNEL_SIZE = 5
MAX_FILTERS = 1024


def dcgan(
    image_shape,
    latent_dim=100,
    width=None,
    norm="batch",
    generator_norm="batch",
    dropout=0.0,
    generator_dropout=0.0,
    sampling_dropout=False,
    output_noise=0.0,
    minibatch=None,
    packing=1,
    num_classes=(),
):
    """DCGAN's generator and discriminator, of 5x5 convolutions with stride 2.

    The image is halved as long as both sides stay whole and at least 4. The
    discriminator's filters start at `width` and double up to 1024; the generator has
    the same numbers in reverse, and ends in tanh.

    Args:
        image_shape: (height, width, channels); both sides divide by 4 and are
            at least 16.
        width: int, filters of the discriminator's first convolution. Default:
            the paper's 128 where the image is halved four times (64x64), else 64.
        norm: a name in `NORMS`, the discriminator's normalisation: "batch" and "layer" in
            all but its first layer, "spectral" in all, "none".
        generator_norm: normalisation of the generator's hidden layers: "batch", as in
            the paper, "layer" or "none".
        dropout, generator_dropout: dropout rates in [0, 1) after every hidden layer.
        sampling_dropout: whether the generator's dropout is active in inference too.
        output_noise: standard deviation of the Gaussian noise that is added to
            the generator's images in training, which may then leave [-1, 1].
        minibatch: layer in front of the discriminator's last, which adds statistics of the
            batch: None, "discrimination" or "stddev".
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: an image that cannot be halved twice, or a bad argument.

    Reference:
        Radford et al. 2016, https://arxiv.org/abs/1511.06434
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    filters = filters_of(image_shape, width)
    num_classes = arguments.classes(num_classes)
    if sampling_dropout and not generator_dropout:
        raise errors.invalid("generator_dropout", "a rate > 0 that can stay", generator_dropout)
    return {
        "generator": generator_of(
            image_shape,
            whole_number("latent_dim", latent_dim, 1),
            filters,
            num_classes,
            errors.lookup("generator_norm", generator_norm, GENERATOR_NORMS),
            (generator_dropout, SamplingDropout if sampling_dropout else keras.layers.Dropout),
            output_noise,
        ),
        "discriminator": _discriminator(
            arguments.packed(image_shape, packing),
            filters,
            errors.lookup("norm", norm, NORMS),
            dropout,
            minibatch,
            num_classes,
        ),
    }


def filters_of(image_shape, width=None):
    """Filters of the discriminator's convolutions, one per halving of the image.

    Args:
        image_shape: (height, width, channels).
        width: int, filters of the first; None: 128 where the image is halved four times, else 64.

    Returns:
        List of int.

    Raises:
        ValueError: an image that cannot be halved twice.
    """
    halvings = arguments.halvings(image_shape)
    if width is None:
        width = 128 if halvings == 4 else 64
    whole_number("width", width, 1)
    return [min(width * 2**i, MAX_FILTERS) for i in range(halvings)]


def generator_of(
    image_shape,
    latent_dim,
    filters,
    num_classes,
    norm=GENERATOR_NORMS["batch"],
    dropout=(0.0, keras.layers.Dropout),
    noise=0.0,
):
    """DCGAN's generator.

    Args:
        image_shape: (height, width, channels).
        latent_dim: int >= 1.
        filters: those of the discriminator, which this one has in reverse.
        num_classes: as in every builder.
        norm: `Norm` of the hidden layers.
        dropout: (rate, class of the layers) after every hidden layer.
        noise: standard deviation of the noise that is added to the images in training.

    Returns:
        `keras.Model`.
    """
    height, breadth, channels = image_shape
    first, *others = filters[::-1]
    shape = (height >> len(filters), breadth >> len(filters), first)
    latents = keras.Input((latent_dim,), name="latents")
    inputs, x = condition_on(latents, latents, num_classes)
    x = blocks.project(x, shape[0] * shape[1] * shape[2], name=1, norm=norm)
    x = keras.layers.Reshape(shape, name="reshape")(x)
    x = _dropout(blocks.normalize(x, blocks.relu, name=1, norm=norm), *dropout, name=1)
    for i, units in enumerate(others, start=2):
        x = blocks.double(x, units, KERNEL_SIZE, name=i, norm=norm)
        x = _dropout(blocks.normalize(x, blocks.relu, name=i, norm=norm), *dropout, name=i)
    x = blocks.images(x, channels, KERNEL_SIZE)
    if noise:
        x = keras.layers.GaussianNoise(noise, dtype="float32", name="noise")(x)
    return keras.Model(inputs, x, name="generator")


def features_of(x, filters, norm, dropout=0.0):
    """Feature maps of DCGAN's discriminator, before its last layer.

    Args:
        x: Keras tensor [batch, height, width, channels].
        filters: of the convolutions, each of which halves the sides.
        norm: `Norm` of all but the first.
        dropout: rate after every convolution.
    """
    for i, units in enumerate(filters, start=1):
        x = blocks.halve(x, units, KERNEL_SIZE, norm, name=i, first=i == 1)
        x = _dropout(x, dropout, keras.layers.Dropout, name=i)
    return x


def _discriminator(image_shape, filters, norm, dropout, minibatch, num_classes):
    images = keras.Input(image_shape, name="images")
    inputs, x = condition_on(images, images, num_classes)
    x = features_of(x, filters, norm, dropout)
    x = _flat(x) if minibatch is None else errors.lookup("minibatch", minibatch, MINIBATCH)(x)
    return keras.Model(inputs, blocks.logits(x, norm), name="discriminator")


def _dropout(x, rate, kind, name):
    return kind(rate, name=f"dropout{name}")(x) if rate else x


def _flat(x):
    return keras.layers.Flatten(name="flatten")(x)


def _discrimination(x):
    return MinibatchDiscrimination(kernels=100, kernel_dims=5, name="minibatch")(_flat(x))


def _stddev(x):
    return _flat(MinibatchStdDev(name="minibatch")(x))


MINIBATCH = {"discrimination": _discrimination, "stddev": _stddev}
