"""The pair on which PacGAN was compared with others, for points in the plane."""

import keras

from tfgan.checks import whole_number
from tfgan.layers import Maxout
from tfgan.networks import arguments, blocks
from tfgan.networks.conditioning import condition_on


def pacgan(image_shape=(2,), latent_dim=2, units=400, packing=1, num_classes=()):
    """PacGAN's networks for mixtures, which are ALI's.

    Generator: four layers of `units` without bias, batch normalisation, ReLU; a linear
    layer. Discriminator: three maxout layers of half as many units (rounded down), five pieces each;
    one logit. Kernels from N(0, 0.02).

    Args:
        image_shape: (dims,).
        latent_dim: int, length of z.
        units: int >= 2, width of the generator's hidden layers.
        packing: int, points that the discriminator sees at once.
        num_classes: tuple of ints, the number of values of each label; empty
            for a pair without a condition.

    Returns:
        {"generator": latents -> points [batch, dims], "discriminator": points
        [batch / packing, packing * dims] -> logits [batch / packing, 1]}. With
        `num_classes` (and a packing of 1), `[latents, condition]` and `[points, condition]`.

    Raises:
        ValueError: on a bad argument.

    Reference:
        Lin et al. 2018, https://arxiv.org/abs/1712.04086; Dumoulin et al. 2017,
        https://arxiv.org/abs/1606.00704
    """
    image_shape = arguments.image_shape_of_rank(image_shape, 1)
    num_classes = arguments.classes(num_classes)
    latents = keras.Input((whole_number("latent_dim", latent_dim, 1),), name="latents")
    inputs, x = condition_on(latents, latents, num_classes)
    for i in range(1, 5):
        x = blocks.project(x, whole_number("units", units, 2), name=i)
        x = blocks.normalize(x, blocks.relu, name=i)
    points = _dense(image_shape[0], "points")(x)
    pack = keras.Input(arguments.packed(image_shape, packing), name="pack")
    seen, x = condition_on(pack, pack, num_classes)
    for i in range(1, 4):
        x = Maxout(units // 2, 5, kernel_initializer=blocks.dcgan_normal(), name=f"maxout{i}")(x)
    return {
        "generator": keras.Model(inputs, points, name="generator"),
        "discriminator": keras.Model(seen, _dense(1, "logits")(x), name="discriminator"),
    }


def _dense(units, name):
    return keras.layers.Dense(
        units, kernel_initializer=blocks.dcgan_normal(), dtype="float32", name=name
    )
