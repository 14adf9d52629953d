"""Networks for a one-dimensional Gaussian, whose discriminator sees many samples at once."""

import keras

from tfgan.checks import whole_number
from tfgan.layers import Sort
from tfgan.networks import arguments
from tfgan.networks.conditioning import condition_on


def gaussian_1d(image_shape=(1,), latent_dim=1, packing=100, sort=False, num_classes=()):
    """Fully connected networks for scalars, with a discriminator of packs of samples.

    Generator: 100 ELU units, 100 sigmoid units, one linear unit. Discriminator: a whole
    pack of samples as one input, two layers of 50 ELU units, one logit.

    Args:
        image_shape: (1,).
        sort: whether the discriminator gets each pack in ascending order. The samples of a
            pack have no order, which the discriminator has to learn if they are unsorted.
        latent_dim, packing, num_classes: as in every builder, see `tfgan.networks`. The
            slides draw z from U(0, 1). Labels need a packing of 1.

    Returns:
        Dict of "generator" and "discriminator", see `tfgan.networks`.

    Raises:
        ValueError: a bad argument.

    Reference:
        C. Silva's slides, after https://github.com/devnag/pytorch-generative-adversarial-networks
    """
    (dims,) = arguments.points_of(image_shape, 1)
    num_classes = arguments.classes(num_classes)
    latents = keras.Input((whole_number("latent_dim", latent_dim, 1),), name="latents")
    inputs, x = condition_on(latents, latents, num_classes)
    x = keras.layers.Dense(100, activation="elu", name="dense1")(x)
    x = keras.layers.Dense(100, activation="sigmoid", name="dense2")(x)
    points = keras.layers.Dense(dims, dtype="float32", name="points")(x)
    pack = keras.Input(arguments.packed((dims,), packing), name="pack")
    seen, x = condition_on(pack, Sort(name="sort")(pack) if sort else pack, num_classes)
    x = keras.layers.Dense(50, activation="elu", name="dense1")(x)
    x = keras.layers.Dense(50, activation="elu", name="dense2")(x)
    logits = keras.layers.Dense(1, dtype="float32", name="logits")(x)
    return {
        "generator": keras.Model(inputs, points, name="generator"),
        "discriminator": keras.Model(seen, logits, name="discriminator"),
    }
