"""Autoencoders on InfoGAN's networks: as a discriminator, and as encoder and decoder."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.layers import ReconstructionLogit
from tfgan.layers.energy import ERRORS
from tfgan.networks import arguments, blocks
from tfgan.networks.infogan import KERNEL_SIZE, hidden, infogan
from tfgan.networks.norms import GENERATOR_NORMS, NORMS


def autoencoder(
    image_shape=(28, 28, 1), latent_dim=64, code_dim=64, error="squared", norm="batch", packing=1
):
    """InfoGAN's generator, and an autoencoder as discriminator.

    The discriminator is that of BEGAN in "Are GANs Created Equal?": 4x4 convolutions of
    stride 2 to 64 and 128 maps, a dense code, and the way back with transposed
    convolutions; LeakyReLU. Like the generator it ends in tanh.

    Args:
        image_shape: (height, width, channels), both sides divide by 4.
        code_dim: int, length of the code.
        error: "squared" or "absolute", of the reconstructions: the discriminator's logit is
            minus its mean over pixels.
        norm: a name in `NORMS` but for "spectral", the discriminator's normalisation.
        latent_dim, packing: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator", see `tfgan.networks`, and "discriminator", which returns a dict
        of "logits" `[batch, 1]`, "images", the reconstructions, and "features", the code
        `[batch, code_dim]`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Zhao et al. 2017 (EBGAN), https://arxiv.org/abs/1609.03126
        Lucic et al. 2018, https://arxiv.org/abs/1711.10337; its code:
        https://github.com/google/compare_gan
    """
    generator = infogan(image_shape, latent_dim)["generator"]
    errors.lookup("error", error, ERRORS)
    discriminator = _discriminator(
        arguments.packed(image_shape, packing),
        whole_number("code_dim", code_dim, 1),
        errors.lookup("norm", norm, GENERATOR_NORMS),
        error,
    )
    return {"generator": generator, "discriminator": discriminator}


def infogan_vae(image_shape=(28, 28, 1), latent_dim=64, norm="batch"):
    """InfoGAN's generator as decoder, and its discriminator's layers as encoder.

    Args:
        image_shape: (height, width, channels), both sides divide by 4.
        norm: a name in `NORMS`, the encoder's normalisation.
        latent_dim: int >= 1, the length of z.

    Returns:
        Dict of "generator": z `[batch, latent_dim]` -> images; and "encoder": images -> a
        dict of "means" and "log_variances" of z, each `[batch, latent_dim]`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Kingma & Welling 2014, https://arxiv.org/abs/1312.6114
        Lucic et al. 2018, https://arxiv.org/abs/1711.10337
    """
    generator = infogan(image_shape, latent_dim)["generator"]
    images = keras.Input(tuple(image_shape), name="images")
    x = hidden(images, errors.lookup("norm", norm, NORMS))
    outputs = {name: _vector(x, latent_dim, name, dtype="float32") for name in ("means", "log_variances")}
    return {"generator": generator, "encoder": keras.Model(images, outputs, name="encoder")}


def _discriminator(image_shape, code_dim, norm, error):
    height, width, channels = image_shape
    quarter = (height // 4, width // 4, 128)
    images = keras.Input(image_shape, name="images")
    x = blocks.halve(images, 64, KERNEL_SIZE, norm, name=1, first=True)
    x = blocks.halve(x, 128, KERNEL_SIZE, norm, name=2)
    code = _vector(keras.layers.Flatten(name="flatten")(x), code_dim, "code")
    x = blocks.leaky_relu("activation_code")(code)
    x = blocks.project(x, quarter[0] * quarter[1] * quarter[2], name=3, norm=norm)
    x = blocks.normalize(x, blocks.leaky_relu, name=3, norm=norm)
    x = keras.layers.Reshape(quarter, name="reshape")(x)
    x = blocks.double(x, 64, KERNEL_SIZE, name=4, norm=norm)
    x = blocks.normalize(x, blocks.leaky_relu, name=4, norm=norm)
    decoded = blocks.images(x, channels, KERNEL_SIZE, name="reconstruction")
    logits = ReconstructionLogit(error, dtype="float32", name="logits")([images, decoded])
    outputs = {"logits": logits, "images": decoded, "features": code}
    return keras.Model(images, outputs, name="discriminator")


def _vector(x, units, name, **kwargs):
    normal = blocks.dcgan_normal()
    return keras.layers.Dense(units, kernel_initializer=normal, name=name, **kwargs)(x)
