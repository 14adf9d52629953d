"""BEGAN's networks: a decoder as generator, and an autoencoder as discriminator."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.layers import Conv2D, ReconstructionLogit
from tfgan.networks import arguments

# Smallest side of a feature map: 8 in the paper, for images of 32, 64 and 128; 7 for images of 28.
SMALLEST = 7


def began(image_shape=(28, 28, 1), latent_dim=64, width=64, packing=1):
    """BEGAN's generator and autoencoder, of 3x3 convolutions with ELU.

    Decoder: dense to `width` maps of the smallest size, two convolutions at each size, then
    each pixel repeated to twice the size. Encoder: a convolution to `width` maps, two at
    each size, whose maps grow by `width`, then one of stride 2; a dense code. Generator and
    decoder are alike. Sides are halved as long as they stay whole and at least 7:
    28-14-7, 64-32-16-8.

    The paper's generator and decoder end linear. Here both end in tanh, since pixels are
    in [-1, 1]. On Fashion-MNIST the generator stayed at one grey image for 3,600 rounds (with a
    width of 8), where that of `autoencoder` made varied shapes within 400.

    Args:
        image_shape: (height, width, channels); both sides divide by 2 and are at least 14.
        width: int, maps of the first convolution: n in the paper, 64 or 128.
        latent_dim: int, length of z and of the code; the paper draws z uniformly.
        packing: as in every builder, see `tfgan.networks`.

    Returns:
        Dict of "generator", see `tfgan.networks`, and "discriminator", which returns a dict
        of "logits" `[batch, 1]`, minus the mean absolute error of the reconstruction;
        "images", the reconstruction; and "features", the code `[batch, latent_dim]`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Berthelot et al. 2017, https://arxiv.org/abs/1703.10717
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 3)
    halvings = _halvings(image_shape)
    whole_number("width", width, 1)
    latents = keras.Input((whole_number("latent_dim", latent_dim, 1),), name="latents")
    made = _decoded(latents, image_shape, halvings, width, "images")
    packed = arguments.packed(image_shape, packing)
    images = keras.Input(packed, name="images")
    code = keras.layers.Dense(latent_dim, name="code")(_encoded(images, halvings, width))
    decoded = _decoded(code, packed, halvings, width, "reconstruction")
    logits = ReconstructionLogit("absolute", dtype="float32", name="logits")([images, decoded])
    outputs = {"logits": logits, "images": decoded, "features": code}
    return {
        "generator": keras.Model(latents, made, name="generator"),
        "discriminator": keras.Model(images, outputs, name="discriminator"),
    }


def _halvings(image_shape):
    sides, n = image_shape[:2], 0
    while not any(side % 2 ** (n + 1) for side in sides) and min(sides) >> (n + 1) >= SMALLEST:
        n += 1
    if not n:
        expected = f"sides that divide by 2 and are at least {2 * SMALLEST}"
        raise errors.invalid("image_shape", expected, image_shape)
    return n


def _encoded(x, halvings, width):
    x = _convolve(x, width, "encode0")
    for i in range(halvings + 1):
        for step in "ab":
            x = _convolve(x, width * (i + 1), f"encode{i + 1}{step}")
        if i < halvings:
            x = _convolve(x, width * (i + 1), f"halve{i + 1}", strides=2)
    return keras.layers.Flatten(name="flatten")(x)


def _decoded(x, image_shape, halvings, width, name):
    """Images of vectors; `name` is that of the last layer."""
    height, breadth, channels = image_shape
    smallest = (height >> halvings, breadth >> halvings, width)
    x = keras.layers.Dense(smallest[0] * smallest[1] * width, name="decode0")(x)
    x = keras.layers.Reshape(smallest, name="reshape")(x)
    for i in range(halvings + 1):
        for step in "ab":
            x = _convolve(x, width, f"decode{i + 1}{step}")
        if i < halvings:
            x = keras.layers.UpSampling2D(name=f"double{i + 1}")(x)
    return Conv2D(channels, 3, padding="same", activation="tanh", dtype="float32", name=name)(x)


def _convolve(x, filters, name, strides=1):
    return Conv2D(filters, 3, strides=strides, padding="same", activation="elu", name=name)(x)
