"""DCGAN's networks with a discriminator that is also a classifier."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.layers import Conv2D, MinibatchDiscrimination, MinibatchStdDev
from tfgan.networks import arguments, blocks, dcgan
from tfgan.networks.conditioning import vector_length
from tfgan.networks.norms import NORMS

# Feature maps that examples are compared by, and the size of minibatch discrimination.
REDUCED_MAPS, KERNELS, KERNEL_DIMS = 16, 50, 5


def acgan(
    image_shape,
    latent_dim=100,
    width=None,
    norm="batch",
    dropout=0.0,
    minibatch="discrimination",
    num_classes=(),
):
    """DCGAN's networks; the discriminator has a second output, logits of classes or tags.

    The generator is DCGAN's, with the condition beside its latents. The discriminator sees
    images alone. Its class head is a dense layer on the last feature maps. What it learns
    of the rest of the batch enters beside these maps, before the logit only: else a class
    would depend on the other images of the batch.

    Args:
        image_shape, width, norm, dropout: as in `tfgan.networks.dcgan`; dropout is the
            discriminator's.
        minibatch: statistics of the batch that the logit sees: "discrimination" (50 kernels
            of 5 dimensions, on 16 maps that a 1x1 convolution makes of the features),
            "stddev", or None.
        num_classes: as in every builder, see `tfgan.networks`; not empty.
        latent_dim: int >= 1, the length of z.

    Returns:
        Dict of "generator" and "discriminator". The discriminator's outputs are a dict of
        "logits", `[batch, 1]`, and "classes", the logits of all labels side by side,
        `[batch, sum(num_classes)]`, or of all tags.

    Raises:
        ValueError: an image that cannot be halved twice, or a bad argument.

    Reference:
        Odena et al. 2017, https://arxiv.org/abs/1610.09585
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    filters = dcgan.filters_of(image_shape, width)
    num_classes = arguments.classes(num_classes)
    if not num_classes:
        raise errors.invalid("num_classes", "at least one label, or Tags", num_classes)
    latent_dim = whole_number("latent_dim", latent_dim, 1)
    return {
        "generator": dcgan.generator_of(image_shape, latent_dim, filters, num_classes),
        "discriminator": _discriminator(
            image_shape,
            filters,
            errors.lookup("norm", norm, NORMS),
            dropout,
            minibatch if minibatch is None else errors.lookup("minibatch", minibatch, MINIBATCH),
            vector_length(num_classes),
        ),
    }


def _discriminator(image_shape, filters, norm, dropout, minibatch, classes):
    images = keras.Input(image_shape, name="images")
    maps = dcgan.features_of(images, filters, norm, dropout)
    features = keras.layers.Flatten(name="flatten")(maps)
    outputs = {"classes": blocks.class_logits(features, classes, norm)}
    if minibatch:
        features = minibatch(maps, features)
    outputs["logits"] = blocks.logits(features, norm)
    return keras.Model(images, outputs, name="discriminator")


def _discrimination(maps, features):
    reduced = Conv2D(
        REDUCED_MAPS, 1, kernel_initializer=blocks.dcgan_normal(), name="reduced"
    )(maps)
    flat = keras.layers.Flatten(name="flatten_reduced")(reduced)
    compared = MinibatchDiscrimination(KERNELS, KERNEL_DIMS, name="minibatch")(flat)
    return keras.layers.Concatenate(name="with_minibatch")([features, compared])


def _stddev(maps, features):
    return keras.layers.Flatten(name="with_minibatch")(MinibatchStdDev(name="minibatch")(maps))


MINIBATCH = {"discrimination": _discrimination, "stddev": _stddev}
