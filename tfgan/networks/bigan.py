"""BiGAN's dense networks for MNIST: generator, encoder, and a discriminator of pairs."""

import keras
import numpy as np

from tfgan.checks import whole_number
from tfgan.networks import arguments, blocks
from tfgan.networks.norms import batch_normalization

# Inference statistics average over some 100 steps: the paper's code averages 1,000 batches after
# training, and the weights move little in 100 steps of a run that takes tens of thousands.
MOMENTUM = 0.99


def bigan(image_shape=(28, 28, 1), latent_dim=50, units=1024, bounded=True, generator_skip=False):
    """BiGAN's networks: two hidden layers each, without biases, gains or offsets.

    Generator: ReLU, batch normalisation in both hidden layers. Encoder and discriminator:
    LeakyReLU of slope 0.2, batch normalisation in the second. The discriminator adds a
    linear map of the code to its second hidden layer, before the normalisation. All kernels start from
    N(0, 0.02). Inside, pixels are in [0, 1] as in the paper.

    Args:
        image_shape: (height, width, channels), of any size.
        latent_dim: length of the codes.
        units: of each hidden layer.
        bounded: whether the encoder's codes are in (-1, 1), for `prior="uniform"`; else they
            are linear, for a normal prior.
        generator_skip: whether the generator adds a linear map of the code to its second hidden
            layer too, as the paper's code does.

    Returns:
        Dict of "generator", codes to images; "encoder", images to a dict of "codes"
        `[batch, latent_dim]` and "features" `[batch, units]`, its last hidden layer; and
        "discriminator", `[images, codes]` to logits `[batch, 1]`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Donahue et al. 2017, https://arxiv.org/abs/1605.09782;
        code: https://github.com/jeffdonahue/bigan
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    latent_dim = whole_number("latent_dim", latent_dim, 1)
    units = whole_number("units", units, 1)
    return {
        "generator": _generator(image_shape, latent_dim, units, generator_skip),
        "encoder": _encoder(image_shape, latent_dim, units, bounded),
        "discriminator": _discriminator(image_shape, latent_dim, units),
    }


def _generator(image_shape, latent_dim, units, skip):
    codes = keras.Input((latent_dim,), name="latents")
    x = blocks.relu("activation1")(_norm(_dense(codes, units, "dense1"), 1))
    x = _dense(x, units, "dense2")
    if skip:
        x = keras.layers.Add(name="add")([x, _dense(codes, units, "dense_skip")])
    x = blocks.relu("activation2")(_norm(x, 2))
    pixels = int(np.prod(image_shape))
    x = _dense(x, pixels, "dense3", activation="sigmoid", dtype="float32")
    x = keras.layers.Reshape(image_shape, dtype="float32", name="reshape")(x)
    x = keras.layers.Rescaling(2.0, -1.0, dtype="float32", name="images")(x)
    return keras.Model(codes, x, name="generator")


def _encoder(image_shape, latent_dim, units, bounded):
    images = keras.Input(image_shape, name="images")
    features = _second(_dense(_first(images, units), units, "dense2"))
    codes = _dense(features, latent_dim, "dense3", dtype="float32")
    if bounded:
        codes = keras.layers.Activation("sigmoid", dtype="float32", name="sigmoid")(codes)
        codes = keras.layers.Rescaling(2.0, -1.0, dtype="float32", name="codes")(codes)
    return keras.Model(images, {"codes": codes, "features": features}, name="encoder")


def _discriminator(image_shape, latent_dim, units):
    images = keras.Input(image_shape, name="images")
    codes = keras.Input((latent_dim,), name="codes")
    x = _dense(_first(images, units), units, "dense2")
    x = _second(keras.layers.Add(name="add")([x, _dense(codes, units, "dense_codes")]))
    return keras.Model([images, codes], _dense(x, 1, "logits", dtype="float32"), name="discriminator")


def _first(images, units):
    """The first hidden layer of the encoder or the discriminator, which is not normalised."""
    x = keras.layers.Rescaling(0.5, 0.5, name="rescale")(images)
    x = _dense(keras.layers.Flatten(name="flatten")(x), units, "dense1")
    return blocks.leaky_relu("activation1")(x)


def _second(x):
    """The normalisation and activation of their second hidden layer."""
    return blocks.leaky_relu("activation2")(_norm(x, 2))


def _dense(x, units, name, **kwargs):
    return keras.layers.Dense(
        units, use_bias=False, kernel_initializer=blocks.dcgan_normal(), name=name, **kwargs
    )(x)


def _norm(x, name):
    constants = {"momentum": MOMENTUM, "epsilon": 1e-8, "center": False, "scale": False}
    return batch_normalization(f"norm{name}", **constants)(x)
