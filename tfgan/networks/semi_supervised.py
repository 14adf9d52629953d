"""The networks of "Improved techniques for training GANs" for MNIST with few labels."""

import math

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.layers import LogSumExp, MinibatchDiscrimination, WeightNormDense
from tfgan.networks import arguments

UNITS = (1000, 500, 250, 250, 250)
INPUT_NOISE, NOISE = 0.3, 0.5


def semi_supervised(image_shape, latent_dim=100, num_classes=(10,), minibatch_kernels=0):
    """A dense generator, and a classifier as discriminator, which adds noise to every layer.

    Generator: two layers of 500 softplus units with batch normalisation (no gain), a
    weight-normalised sigmoid layer. Discriminator: noise of deviation 0.3 on pixels in
    [0, 1], weight-normalised layers of 1000, 500 and three times 250 ReLU, noise of
    deviation 0.5 after each, 10 logits. Their scale is trained in the last layer only.

    Args:
        image_shape: (height, width, channels), or (dims,) for points.
        latent_dim: int >= 1, the length of z; the paper draws z uniformly.
        num_classes: tuple of one int, the number of classes K.
        minibatch_kernels: int, features of minibatch discrimination (of 10 dimensions) before
            the last layer; 0 for none.

    Returns:
        Dict of "generator", and "discriminator": images -> dict of `classes`, the logits
        `[batch, K]` of classes; `logits`, their log-sum-exp `[batch, 1]`, which is the logit
        of being real when that of the class "generated" is 0; `features` `[batch, 250]` of
        the last hidden layer.

    Raises:
        ValueError: a bad argument.

    Reference:
        Salimans et al. 2016, https://arxiv.org/abs/1606.03498
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 1, 3)
    classes = arguments.classes(num_classes)
    if len(classes) != 1:
        raise errors.invalid("num_classes", "the number of classes of one label, such as (10,)", num_classes)
    whole_number("minibatch_kernels", minibatch_kernels, 0)
    return {
        "generator": _generator(image_shape, whole_number("latent_dim", latent_dim, 1)),
        "discriminator": _discriminator(image_shape, *classes, minibatch_kernels),
    }


def _generator(image_shape, latent_dim):
    latents = x = keras.Input((latent_dim,), name="latents")
    for i in (1, 2):
        x = keras.layers.Dense(500, use_bias=False, name=f"dense{i}")(x)
        x = keras.layers.BatchNormalization(scale=False, momentum=0.9, epsilon=1e-5, name=f"norm{i}")(x)
        x = keras.layers.Activation("softplus", name=f"activation{i}")(x)
    x = WeightNormDense(math.prod(image_shape), name="pixels")(x)
    x = keras.layers.Activation("sigmoid", dtype="float32", name="sigmoid")(x)
    x = keras.layers.Rescaling(2.0, -1.0, dtype="float32", name="scaled")(x)
    return keras.Model(latents, keras.layers.Reshape(image_shape, name="images")(x), name="generator")


def _discriminator(image_shape, classes, kernels):
    images = keras.Input(image_shape, name="images")
    x = keras.layers.Flatten(name="flatten")(images)
    x = keras.layers.Rescaling(0.5, 0.5, name="scaled")(x)
    x = keras.layers.GaussianNoise(INPUT_NOISE, name="noise0")(x)
    for i, units in enumerate(UNITS, start=1):
        x = WeightNormDense(units, train_scale=False, name=f"dense{i}")(x)
        features = keras.layers.ReLU(name=f"activation{i}")(x)
        x = keras.layers.GaussianNoise(NOISE, name=f"noise{i}")(features)
    if kernels:
        x = MinibatchDiscrimination(kernels, 10, name="minibatch")(x)
    logits = WeightNormDense(classes, dtype="float32", name="classes")(x)
    real = LogSumExp(dtype="float32", name="logits")(logits)
    outputs = {"logits": real, "classes": logits, "features": features}
    return keras.Model(images, outputs, name="discriminator")

