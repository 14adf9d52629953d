"""PacGAN's networks for points, with which it was compared with other methods."""

import keras

from tfgan.checks import whole_number
from tfgan.layers import Maxout
from tfgan.networks import arguments, blocks
from tfgan.networks.conditioning import condition_on


def pacgan(image_shape=(2,), latent_dim=2, units=400, packing=1, num_classes=()):
    """PacGAN's networks for mixtures of Gaussians, which are those of ALI.

    Generator: four dense layers of `units` without bias, each with batch normalisation
    and ReLU, and a linear layer. Discriminator: three maxout layers of half as many
    units (rounded down), five pieces each; one logit. Kernels from N(0, 0.02).

    Args:
        image_shape: (dims,).
        units: int >= 2, width of the generator's hidden layers.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`. Labels
            need a packing of 1.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.

    Reference:
        Lin et al. 2018, https://arxiv.org/abs/1712.04086; Dumoulin et al. 2017 (ALI),
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
