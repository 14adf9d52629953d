"""tfgan.laboratory.seeds: games trained together equal the same games trained one by one."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan import cost
from tfgan.data.points import Points, ring_centres
from tfgan.laboratory.seeds import ManySeeds, batches
from tfgan.laboratory.per_seed import stack
from tfgan.layers import SpectralDense
from tfgan.losses import LOSSES
from tfgan.networks import NETWORKS

SEEDS = [3, 1, 4]


def networks_of(seed, name="mlp", **options):
    keras.utils.set_random_seed(seed)
    return NETWORKS[name]((2,), latent_dim=3, **options)


def compiled(game, optimizer):
    game.compile(generator_optimizer=optimizer(), discriminator_optimizer=optimizer())
    return game


def unstacked(many, name):
    """Per seed, the weights of one network in the order of `get_weights`."""
    stacked = getattr(many, name).layers[-1].own_weights()
    return [[weight.numpy()[i] for weight in stacked] for i in range(len(many.seeds))]


SGD, ADAM = lambda: keras.optimizers.SGD(0.05), lambda: tfgan.training.optimizers.Adam(1e-2, 0.5)


@pytest.mark.parametrize("optimizer, options, settings", [
    (ADAM, {"units": 8, "activation": "tanh"}, {"penalties": {"r1": 1.0, "gradient_penalty": 1.0}}),
    pytest.param(SGD, {"units": 8, "packing": 2}, {"views": {"packing": 2}, "loss": "relativistic", "discriminator_steps": 2}, marks=pytest.mark.slow),
    pytest.param(SGD, {"units": 8}, {"loss": "wasserstein", "clip_weights": 0.1, "views": {"noise": 0.3}}, marks=pytest.mark.slow),
    pytest.param(
        ADAM, {"units": 8}, {"loss": "minimax", "rule": {"unrolled": 2}}, marks=pytest.mark.slow
    ),
    pytest.param(
        SGD, {"units": 8}, {"rule": "extragradient", "schedule": "simultaneous"}, marks=pytest.mark.slow
    ),
    pytest.param(SGD, {"units": 8}, {"rule": "consensus"}, marks=pytest.mark.slow),
    pytest.param(SGD, {"units": 8}, {"rule": "optimistic", "schedule": "alternating_shared"}, marks=pytest.mark.slow),
    pytest.param(SGD, {"units": 8, "minibatch_kernels": 3, "input_scale": 2.0}, {"schedule": "alternating"}, marks=pytest.mark.slow),
    pytest.param(SGD, {"name": "pacgan", "units": 8}, {"ema_half_life": 100}, marks=pytest.mark.slow),
], ids=lambda value: str(value) if isinstance(value, dict) else "")  # fmt: skip
def test_seeds_together_equal_seeds_apart(optimizer, options, settings):
    source = Points(ring_centres(), 0.01)
    rows = 8 * settings.get("discriminator_steps", 1)
    seeds = SEEDS[:2]
    many = ManySeeds([networks_of(seed, **options) for seed in seeds], seeds, **settings)
    compiled(many, optimizer)
    together = many.fit(batches(source, rows, seeds), steps_per_epoch=20, verbose=0).history
    apart = []
    for i, seed in enumerate(seeds):
        game = compiled(tfgan.GAN(**networks_of(seed, **options), seed=seed, **settings), optimizer)
        apart.append(game.fit(source.batches(rows, seed), steps_per_epoch=20, verbose=0).history)
        for name in ("generator", "discriminator"):
            for mine, alone in zip(unstacked(many, name)[i], getattr(game, name).get_weights(), strict=True):
                np.testing.assert_allclose(mine, alone, atol=1e-5, rtol=1e-5)
        np.testing.assert_allclose(many.generate_each(5, seed=1)[i], game.generate(5, seed=1), atol=1e-4)
        assert int(many.images_shown) == int(game.images_shown) == 20 * rows
    for name, value in together.items():
        assert value[0] == pytest.approx(np.mean([each[name][0] for each in apart]), abs=1e-4)


def test_every_seed_gives_logits_of_its_own_points():
    many = ManySeeds([networks_of(seed) for seed in SEEDS], SEEDS)
    points = np.stack([tiny.points(6, seed) for seed in SEEDS])
    for seed, own, logits in zip(SEEDS, points, many.logits_each(points)):
        expected = networks_of(seed)["discriminator"](own).numpy()[:, 0]
        np.testing.assert_allclose(logits, expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"points: expected \[3 seeds, n, dims\]; got \[2, 6, 2\]"):
        many.logits_each(points[:2])
    with pytest.raises(ValueError, match="n: expected a whole number >= 1; got 0"):
        many.generate_each(0)


@pytest.mark.parametrize("settings, message", [
    ({"loss": "relativistic_average"}, "loss: expected what does not compare examples"),
    ({"loss": LOSSES["relativistic_average"]}, "loss: expected what does not compare examples"),
    ({"penalties": {"dragan": 10.0}}, "penalties: expected what does not compare examples"),
    ({"schedule": "adaptive"}, "schedule: expected alternating or simultaneous, for all seeds alike"),
    ({"seed": 1}, "seed: expected none, since seeds has one for each"),
], ids=["loss", "loss as a value", "penalty", "schedule", "seed"])  # fmt: skip
def test_what_would_mix_seeds_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        ManySeeds([networks_of(0)], [0], **settings)


def test_replicas_are_refused(monkeypatch):
    many = compiled(ManySeeds([networks_of(0)], [0]), keras.optimizers.SGD)
    monkeypatch.setattr(tf.distribute, "get_strategy", lambda: SimpleNamespace(num_replicas_in_sync=2))
    with pytest.raises(ValueError, match="replicas: expected 1, which sees the rows of all seeds; got 2"):
        many.check_compiled()


def test_norms_over_seeds_are_refused():
    many = ManySeeds([networks_of(0)], [0])
    with pytest.raises(ValueError, match="clipnorm: expected None: it would join seeds; got 1.0"):
        compiled(many, lambda: keras.optimizers.Adam(0.1, clipnorm=1.0))
    with pytest.raises(ValueError, match="optimizer: expected SGD or Adam or RMSprop; got 'Lamb'"):
        compiled(many, keras.optimizers.Lamb)


def test_methods_of_one_seed_name_those_of_many(tmp_path):
    many = compiled(ManySeeds([networks_of(0)], [0]), SGD)
    for call, instead in (
        (lambda: many.generate(4), "generate_each"),
        (lambda: many.logits(tiny.points(4)), "logits_each"),
        (lambda: many.save(tmp_path / "many.keras"), "checkpoints"),
    ):
        with pytest.raises(ValueError, match=instead):
            call()


def test_a_pack_has_examples_of_one_seed_only():
    many = compiled(ManySeeds([networks_of(seed, packing=3) for seed in SEEDS], SEEDS, views={"packing": 3}), SGD)
    with pytest.raises(ValueError, match="x: expected batches that divide by 9 .*; got '24 rows'"):
        many.fit(tiny.endless(tiny.points(24)), steps_per_epoch=1)


def test_packs_are_those_that_the_discriminators_see():
    with pytest.raises(ValueError, match="views.*packing.*: expected"):
        ManySeeds([networks_of(0)], [0], views={"packing": 3})


def test_costs_are_those_of_one_seed():
    networks = networks_of(0)
    many = ManySeeds([networks, networks_of(1)], [0, 1])
    for name, network in networks.items():
        assert cost.operations(getattr(many, name)) == cost.operations(network)
        assert cost.activations(getattr(many, name)) >= cost.activations(network)


def test_batch_normalisation_is_seen_under_a_penalty():
    inputs = keras.Input((2,))
    outputs = keras.layers.Dense(1)(keras.layers.BatchNormalization()(inputs))
    networks = {**networks_of(0), "discriminator": keras.Model(inputs, outputs)}
    with pytest.raises(ValueError, match="gradient_penalty"):
        ManySeeds([networks], [0], penalties={"gradient_penalty": 10.0})


def test_only_dense_chains_are_stacked():
    networks = NETWORKS["dcgan"]((16, 16, 1), latent_dim=2, width=1)
    with pytest.raises(ValueError, match="networks: expected"):
        ManySeeds([networks], [0])
    with pytest.raises(ValueError, match="seeds: expected 1, as there are networks; got 2"):
        ManySeeds([networks_of(0)], [0, 1])
    with pytest.raises(ValueError, match="networks: expected at least one dict of networks"):
        ManySeeds([], [])
    with pytest.raises(ValueError, match="networks: expected weights of the same shapes"):
        ManySeeds([networks_of(0), networks_of(0, units=3)], [0, 1])
    constrained = keras.layers.Dense(2, kernel_constraint="non_neg")
    with pytest.raises(ValueError, match="networks: expected layers without constraints"):
        stack([keras.Sequential([keras.Input((3,)), constrained])])


def test_what_is_no_chain_is_not_stacked():
    inputs = keras.Input((3,))
    residual = keras.Model(inputs, inputs + keras.layers.Dense(3)(inputs))
    with pytest.raises(ValueError, match="networks: expected layers one after the other"):
        stack([residual])
    spectral = keras.Model(inputs, SpectralDense(2)(inputs))
    with pytest.raises(ValueError, match="networks: expected layers of these kinds.*got 'SpectralDense'"):
        stack([spectral])
