"""InfoGAN's networks for MNIST, whose discriminator also estimates the codes."""

import keras

from tfgan import errors
from tfgan.checks import whole_number, whole_numbers
from tfgan.layers import Conv2D, Conv2DTranspose
from tfgan.networks import arguments, blocks
from tfgan.networks.norms import batch_normalization

KERNEL_SIZE = 4
SLOPE = 0.01


def infogan_codes(image_shape=(28, 28, 1), latent_dim=62, categorical=10, continuous=2):
    """InfoGAN's generator, and its discriminator with the recognition network.

    Generator: dense 1024, dense to 128 maps of a quarter of the sides, 4x4 transposed
    convolutions of stride 2 to 64 maps and to the image. Discriminator: 4x4 convolutions
    of stride 2 to 64 and 128 maps, dense 1024, one logit; on its last hidden layer stands
    the recognition network Q, dense 128 and the parameters of the codes. Batch
    normalisation in all hidden layers but the discriminator's first; ReLU in the
    generator, LeakyReLU of slope 0.01 elsewhere. Inside, pixels are in [0, 1] as in the paper.

    Args:
        image_shape: (height, width, channels), both sides divide by 4.
        latent_dim: length of the noise z, without the codes.
        categorical: classes of the categorical codes, an int or a tuple of ints.
        continuous: number of continuous codes.

    Returns:
        Dict of "generator", which takes z and the codes, one vector `[batch, latent_dim +
        sum of classes + continuous]`; and "discriminator", which returns a dict of "logits"
        `[batch, 1]` and "code" `[batch, sum of classes + 2 * continuous]`: logits of the
        classes, means of the continuous codes, and as many outputs for their standard
        deviations, which `tfgan.models.InfoGAN` fixes at 1 as the paper's code does.

    Raises:
        ValueError: a bad argument.

    Reference:
        Chen et al. 2016, https://arxiv.org/abs/1606.03657;
        code: https://github.com/openai/InfoGAN
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    if image_shape[0] % 4 or image_shape[1] % 4:
        raise errors.invalid("image_shape", "sides that divide by 4", image_shape)
    classes = sum(whole_numbers("categorical", categorical, 2))
    numbers = whole_number("continuous", continuous, 0)
    latents = whole_number("latent_dim", latent_dim, 1) + classes + numbers
    return {
        "generator": _generator(image_shape, latents),
        "discriminator": _discriminator(image_shape, classes + 2 * numbers),
    }


def _generator(image_shape, latents):
    height, width, channels = image_shape
    quarter = (height // 4, width // 4, 128)
    inputs = keras.Input((latents,), name="latents")
    x = _relu(_dense(inputs, 1024, 1), 1)
    x = _relu(_dense(x, quarter[0] * quarter[1] * quarter[2], 2), 2)
    x = keras.layers.Reshape(quarter, name="reshape")(x)
    x = _relu(_double(x, 64, "deconv3"), 3)
    x = _double(x, channels, "deconv4", activation="sigmoid", dtype="float32")
    x = keras.layers.Rescaling(2.0, -1.0, dtype="float32", name="images")(x)
    return keras.Model(inputs, x, name="generator")


def _discriminator(image_shape, parameters):
    images = keras.Input(image_shape, name="images")
    x = keras.layers.Rescaling(0.5, 0.5, name="rescale")(images)
    x = _leaky_relu(_halve(x, 64, 1), 1, norm=False)
    x = _leaky_relu(_halve(x, 128, 2), 2)
    x = keras.layers.Flatten(name="flatten")(x)
    x = _leaky_relu(_dense(x, 1024, 3), 3)
    logits = _dense(x, 1, "_logits", dtype="float32")
    x = _leaky_relu(_dense(x, 128, "_q"), "_q")
    outputs = {"logits": logits, "code": _dense(x, parameters, "_code", dtype="float32")}
    return keras.Model(images, outputs, name="discriminator")


def _dense(x, units, name, **kwargs):
    normal = blocks.dcgan_normal()
    return keras.layers.Dense(units, kernel_initializer=normal, name=f"dense{name}", **kwargs)(x)


def _halve(x, filters, name):
    kernel = keras.initializers.TruncatedNormal(stddev=0.02)
    return Conv2D(
        filters, KERNEL_SIZE, strides=2, padding="same", kernel_initializer=kernel, name=f"conv{name}"
    )(x)


def _double(x, filters, name, **kwargs):
    return Conv2DTranspose(
        filters,
        KERNEL_SIZE,
        strides=2,
        padding="same",
        kernel_initializer=blocks.dcgan_normal(),
        name=name,
        **kwargs,
    )(x)


def _relu(x, name):
    return blocks.relu(f"activation{name}")(_normalized(x, name))


def _leaky_relu(x, name, norm=True):
    x = _normalized(x, name) if norm else x
    return keras.layers.LeakyReLU(negative_slope=SLOPE, name=f"activation{name}")(x)


def _normalized(x, name):
    gamma = keras.initializers.RandomNormal(1.0, 0.02)
    return batch_normalization(f"norm{name}", gamma_initializer=gamma)(x)
