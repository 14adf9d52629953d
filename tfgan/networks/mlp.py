"""Fully connected networks, for points and for images as vectors."""

import math

import keras
from keras.initializers import Orthogonal, RandomUniform

from tfgan.checks import positive, positive_or_none, whole_number
from tfgan.layers import Maxout, MinibatchDiscrimination
from tfgan.networks import arguments
from tfgan.networks.conditioning import condition_on


def mlp(
    image_shape,
    latent_dim,
    units=128,
    layers=2,
    activation="relu",
    orthogonal=None,
    input_scale=1.0,
    minibatch_kernels=0,
    generator_layers=None,
    packing=1,
    num_classes=(),
):
    """A generator and a discriminator with `layers` hidden dense layers of `units` each.

    Args:
        image_shape: (height, width, channels), where the generator ends in
            tanh, or (dims,) for points, where it ends linear.
        units: int, width of the hidden layers.
        layers: int, number of hidden layers; 0 gives linear networks.
        activation: the hidden layers' activation, as in `keras.layers.Dense`.
        orthogonal: gain of the orthogonal initialiser of all kernels, 1.4 in Unrolled GAN's
            demonstration (https://arxiv.org/abs/1611.02163); None: Glorot's uniform one.
        input_scale: float > 0, factor on the discriminator's input; above 1 it widens modes
            that are narrow in the data's unit.
        minibatch_kernels: int, features of minibatch discrimination (of 3 dimensions)
            before the discriminator's last layer; 0 for none.
        generator_layers: int, the generator's hidden layers, where they are not `layers`; with
            0 it makes Gaussian points of a normal prior.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 1, 3)
    num_classes = arguments.classes(num_classes)
    whole_number("units", units, 1)
    whole_number("layers", layers, 0)
    if generator_layers is None:
        generator_layers = layers
    whole_number("generator_layers", generator_layers, 0)
    positive_or_none("orthogonal", orthogonal)
    positive("input_scale", input_scale)

    def kernel():
        return "glorot_uniform" if orthogonal is None else Orthogonal(orthogonal)

    def hidden(x, layers):
        for i in range(1, layers + 1):
            x = keras.layers.Dense(
                units, activation=activation, kernel_initializer=kernel(), name=f"dense{i}"
            )(x)
        return x

    latents = keras.Input((whole_number("latent_dim", latent_dim, 1),), name="latents")
    latents_and_condition, z = condition_on(latents, latents, num_classes)
    images = keras.Input(arguments.packed(image_shape, packing), name="images")
    seen = _flat(images)
    if input_scale != 1:
        seen = keras.layers.Rescaling(input_scale, name="input_scale")(seen)
    images_and_condition, x = condition_on(images, seen, num_classes)
    x = hidden(x, layers)
    if whole_number("minibatch_kernels", minibatch_kernels, 0):
        x = MinibatchDiscrimination(minibatch_kernels, kernel_dims=3, name="minibatch")(x)
    return _pair(
        (latents_and_condition, _images(hidden(z, generator_layers), image_shape, kernel())),
        (images_and_condition, _logits(x, kernel())),
    )


def maxout_mlp(
    image_shape,
    latent_dim=100,
    generator_units=1200,
    units=240,
    pieces=5,
    packing=1,
    num_classes=(),
):
    """The networks of the first GAN paper for MNIST: ReLU generator, maxout discriminator.

    Generator: two ReLU layers, then a sigmoid. Discriminator: dropout 0.2 on the
    input (not on the condition), two maxout layers with dropout 0.5 after each, one
    logit. Inside, both compute with pixels in [0, 1], as in the paper, because training
    diverges with the paper's learning rate otherwise; their images are in [-1, 1].

    Args:
        image_shape: (height, width, channels), or (dims,) for points, where the
            generator ends linear.
        generator_units: int, width of the generator's hidden layers.
        units, pieces: ints, units of the discriminator's maxout layers and linear pieces
            of each unit.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`. The
            paper draws z uniformly.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
        Code: https://github.com/goodfeli/adversarial
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 1, 3)
    num_classes = arguments.classes(num_classes)
    for argument, value in (
        ("latent_dim", latent_dim),
        ("generator_units", generator_units),
        ("units", units),
        ("pieces", pieces),
    ):
        whole_number(argument, value, 1)
    return _pair(
        _maxout_generator(image_shape, latent_dim, generator_units, num_classes),
        _maxout_discriminator(
            arguments.packed(image_shape, packing), units, pieces, num_classes
        ),
    )


def _maxout_generator(image_shape, latent_dim, units, num_classes):
    latents = keras.Input((latent_dim,), name="latents")
    inputs, x = condition_on(latents, latents, num_classes)
    for i in (1, 2):
        x = keras.layers.Dense(
            units, activation="relu", kernel_initializer=_uniform(0.05), name=f"dense{i}"
        )(x)
    return inputs, _images(x, image_shape, _uniform(0.05), activation="sigmoid")


def _maxout_discriminator(image_shape, units, pieces, num_classes):
    images = keras.Input(image_shape, name="images")
    x = _flat(images)
    if len(image_shape) > 1:
        x = keras.layers.Rescaling(0.5, 0.5, name="scaled")(x)
    x = keras.layers.Dropout(0.2, name="dropout0")(x)
    inputs, x = condition_on(images, x, num_classes)
    for i in (1, 2):
        x = Maxout(units, pieces, kernel_initializer=_uniform(0.005), name=f"maxout{i}")(x)
        x = keras.layers.Dropout(0.5, name=f"dropout{i}")(x)
    return inputs, _logits(x, _uniform(0.005))


def _uniform(limit):
    return RandomUniform(-limit, limit)


def _flat(images):
    return images if len(images.shape) == 2 else keras.layers.Flatten(name="flatten")(images)


def _images(x, image_shape, kernel_initializer="glorot_uniform", activation="tanh"):
    """The generator's last layer: images in [-1, 1], or linear for points."""
    points = len(image_shape) == 1
    x = keras.layers.Dense(
        math.prod(image_shape),
        activation=None if points else activation,
        kernel_initializer=kernel_initializer,
        dtype="float32",
        name="points" if points else "pixels",
    )(x)
    if points:
        return x
    if activation == "sigmoid":
        x = keras.layers.Rescaling(2.0, -1.0, dtype="float32", name="scaled")(x)
    return keras.layers.Reshape(image_shape, dtype="float32", name="images")(x)


def _logits(x, kernel_initializer="glorot_uniform"):
    return keras.layers.Dense(
        1, kernel_initializer=kernel_initializer, dtype="float32", name="logits"
    )(x)


def _pair(generator, discriminator):
    return {
        "generator": keras.Model(*generator, name="generator"),
        "discriminator": keras.Model(*discriminator, name="discriminator"),
    }
