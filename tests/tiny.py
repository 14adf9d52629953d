"""The smallest games that can be played, and what tests ask of any of them."""

import keras
import numpy as np
import tensorflow as tf

import tfgan

LATENT = 3
DIMS = 2

# Small arguments of each builder of networks.
SMALL_ARGUMENTS = {
    "mlp": {"image_shape": (2,), "latent_dim": 2, "units": 3},
    "maxout_mlp": {
        "image_shape": (4, 4, 1),
        "latent_dim": 2,
        "generator_units": 3,
        "units": 3,
        "pieces": 2,
    },
    "dcgan": {"image_shape": (16, 16, 1), "latent_dim": 2, "width": 2},
    "infogan": {"image_shape": (8, 8, 1), "latent_dim": 2},
    "sngan": {"image_shape": (8, 8, 1), "latent_dim": 2, "width": 2},
    "sn_resnet": {"image_shape": (16, 16, 1), "latent_dim": 2, "width": 2},
    "gaussian_1d": {"image_shape": (1,), "packing": 2, "sort": True},
    "pacgan": {"image_shape": (2,), "units": 4, "packing": 2},
    "stacked_mnist": {"image_shape": (28, 28, 3), "latent_dim": 2},
}

# Networks for games of their own, each with tests of its own.
OF_GAMES = (
    "acgan", "semi_supervised", "infogan_codes", "bigan", "inference", "autoencoder", "began", "infogan_vae",
)  # fmt: skip
# Those of a generator and a discriminator alone, which `tfgan.GAN` trains.
PLAIN = tuple(name for name in tfgan.networks.NETWORKS if name not in OF_GAMES)


def points_networks(dropout=0.0, batch_norm=False):
    """A generator of points and its discriminator, as small as they can be."""
    layers = keras.layers
    generator = keras.Sequential(
        [keras.Input((LATENT,)), layers.Dense(4, activation="tanh"), layers.Dense(DIMS)]
    )
    discriminator = [keras.Input((DIMS,)), layers.Dense(4, activation="tanh")]
    if batch_norm:
        discriminator.append(layers.BatchNormalization())
    if dropout:
        discriminator.append(layers.Dropout(dropout))
    return {
        "generator": generator,
        "discriminator": keras.Sequential([*discriminator, layers.Dense(1)]),
    }


def compiled(game, optimizer=lambda: keras.optimizers.SGD(0.01), **kwargs):
    game.compile(generator_optimizer=optimizer(), discriminator_optimizer=optimizer(), **kwargs)
    return game


def points_game(optimizer=lambda: keras.optimizers.SGD(0.01), networks=None, **kwargs):
    return compiled(tfgan.GAN(**(networks or points_networks()), **kwargs), optimizer)


def endless(*parts):
    """An endless data set of one batch, of arrays or tuples of them."""
    batch = parts[0] if len(parts) == 1 else parts
    return tf.data.Dataset.from_tensors(batch).repeat()


def points(rows, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, DIMS)).astype("float32")


def values(variables):
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def batch(rows, seed=0):
    """One slice of a batch, as hooks get it."""
    return {"images": tf.constant(points(rows, seed))}


def same(before, after):
    return all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def assert_trains(game, data, steps=2):
    """Real training steps move every network of both sides, and every log is finite."""
    before = {side: values(game.side_variables(side)) for side in ("generator", "discriminator")}
    history = game.fit(data, epochs=1, steps_per_epoch=steps, verbose=0).history
    assert history and all(np.isfinite(value).all() for value in history.values()), history
    for side, old in before.items():
        assert not same(old, values(game.side_variables(side))), f"{side} did not move"
    return history
