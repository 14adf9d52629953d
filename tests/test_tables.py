"""Every entry of every table takes real training steps, at its smallest size.

Losses, penalties and schedules do so in test_gan.py.
"""

import os
from inspect import signature

import keras
import numpy as np
import pytest
import tiny

import tfgan
from tfgan.latents import PRIORS
from tfgan.models import GAMES
from tfgan.networks import NETWORKS, NORMS
from tfgan.networks.dcgan import MINIBATCH
from tfgan.networks.norms import GENERATOR_NORMS
from tfgan.training.optimizers import OPTIMIZERS


def batch(shape, num_classes=(), rows=4):
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (rows, *shape)).astype("float32")
    if not num_classes:
        return tiny.endless(images)
    return tiny.endless(images, rng.integers(0, num_classes[0], rows).astype("int32"))


def game_of(name, kind="gan", num_classes=(), eagerly=True, **options):
    """A compiled game; steps of small networks take less time than to compile them."""
    options = {**tiny.SMALL_ARGUMENTS[name], **options}
    networks = NETWORKS[name](**options, num_classes=num_classes)
    game = GAMES[kind](**networks, views={"packing": options.get("packing", 1)})
    return tiny.compiled(game, lambda: keras.optimizers.Adam(1e-3), run_eagerly=eagerly)


# Networks that take seconds to compile.
LARGE = ("sn_resnet", "sngan", "pacgan")


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n in LARGE else n for n in tiny.PLAIN]
)
def test_every_network_trains(name):
    tiny.assert_trains(game_of(name, eagerly=False), batch(tiny.SMALL_ARGUMENTS[name]["image_shape"]))


@pytest.mark.parametrize("name", [n for n in tiny.PLAIN if "num_classes" in signature(NETWORKS[n]).parameters])
def test_every_network_that_takes_classes_trains_with_them(name):
    packing = {"packing": 1} if "packing" in tiny.SMALL_ARGUMENTS[name] else {}
    game = game_of(name, "conditional", (3,), **packing)
    tiny.assert_trains(game, batch(tiny.SMALL_ARGUMENTS[name]["image_shape"], (3,)))


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize(
    "name", ["dcgan", *(pytest.param(name, marks=pytest.mark.slow) for name in ("infogan", "sngan"))]
)
def test_every_norm_trains(name, norm):
    tiny.assert_trains(game_of(name, norm=norm), batch(tiny.SMALL_ARGUMENTS[name]["image_shape"]))


@pytest.mark.parametrize("norm", GENERATOR_NORMS)
def test_every_norm_of_a_generator_trains(norm):
    tiny.assert_trains(game_of("dcgan", generator_norm=norm), batch((16, 16, 1)))


@pytest.mark.parametrize(
    "options",
    [{"minibatch": name} for name in MINIBATCH]
    + [{"dropout": 0.3}, {"generator_dropout": 0.3}, {"output_noise": 0.1}]
    + [{"packing": 2}, {"generator_dropout": 0.3, "sampling_dropout": True}],
)
def test_every_option_of_dcgan_trains(options):
    tiny.assert_trains(game_of("dcgan", **options), batch((16, 16, 1)))


@pytest.mark.parametrize("prior", PRIORS)
def test_every_prior_trains(prior):
    tiny.assert_trains(tiny.points_game(prior=prior), tiny.endless(tiny.points(8)))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains(name):
    optimizer = lambda: OPTIMIZERS[name](0.01, 0.5, 0.9)
    tiny.assert_trains(tiny.points_game(optimizer), tiny.endless(tiny.points(8)))


@pytest.mark.parametrize("name", tfgan.data.DATASETS)
def test_every_data_set_trains(name):
    real = os.environ.get("TFGAN_TEST_DATA")
    if name == "stacked_mnist" and not real:
        pytest.skip("TFGAN_TEST_DATA is unset: no folder with tfds/")
    source = tfgan.data.open_source(name, data_dir=real and f"{real}/tfds")
    # Of three units all can be dead on images that are mostly black.
    networks = NETWORKS["mlp"](image_shape=source.spec["images"].shape, latent_dim=2, units=16)
    tiny.assert_trains(tiny.compiled(tfgan.GAN(**networks)), source.batches(8))
