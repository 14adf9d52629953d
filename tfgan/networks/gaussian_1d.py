"""The pair of the one-dimensional Gaussian, whose discriminator sees a hundred samples at once."""

import keras

from tfgan.checks import whole_number
from tfgan.layers import Sort
from tfgan.networks import arguments
from tfgan.networks.conditioning import condition_on


def gaussian_1d(image_shape=(1,), latent_dim=1, packing=100, sort=False, num_classes=()):
    """A pair from slides on GANs, for scalars.

    Generator: 100 ELU, 100 sigmoid units, a linear one. Discriminator: of a whole pack
    of samples as one input, twice 50 ELU and one logit.

    Args:
        image_shape: (1,).
        latent_dim: int, length of z, which the slides draw from U(0, 1).
        packing: int, samples that the discriminator sees at once.
        sort: whether it sees them in ascending order. A pack is a set; unsorted, the
            discriminator has to learn that.
        num_classes: tuple of ints, the number of values of each label; empty
            for a pair without a condition.

    Returns:
        {"generator": latents -> points [batch, 1], "discriminator": points
        [batch / packing, packing] -> logits [batch / packing, 1]}. With `num_classes`
        (and a packing of 1), `[latents, condition]` and `[points, condition]`.

    Raises:
        ValueError: on a bad argument.

    Reference:
        C. Silva's slides after https://github.com/devnag/pytorch-generative-adversarial-networks
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
