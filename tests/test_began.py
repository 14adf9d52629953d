"""tfgan.models.began, by reconstruction errors that one can compute by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan.layers import ReconstructionLogit
from tfgan.models import BEGAN
from tfgan.networks import NETWORKS
from tfgan.randomness import Random


def networks(made):
    """A generator of one number, and an autoencoder that answers 0: the error of x is |x|."""
    z, x = keras.Input((1,)), keras.Input((1,))
    zeros = lambda bias: keras.layers.Dense(
        1, kernel_initializer="zeros", bias_initializer=keras.initializers.Constant(bias)
    )
    answer = zeros(0.0)(x)
    outputs = {"logits": ReconstructionLogit("absolute")([x, answer]), "images": answer}
    return {"generator": keras.Model(z, zeros(made)(z)), "discriminator": keras.Model(x, outputs)}


def outcome(game, k, real=0.2):
    game.remembered["k"].assign(k)
    return game.outcome("discriminator", {"images": tf.fill([4, 1], real)}, Random([0, 0]))


def test_one_update_by_hand():
    """L = 0.2, F = 0.05, k = 0.1: the loss L - k F; k + 0.001 (L / 2 - F); M = L + |L / 2 - F|."""
    game = BEGAN(**networks(0.05))
    terms, remembered, logs = outcome(game, 0.1)
    assert float(terms["loss"]) == pytest.approx(0.195)
    assert float(remembered["k"]) == pytest.approx(0.10005, abs=1e-7)
    expected = {"real": 0.2, "fake": 0.05, "k": 0.1, "convergence": 0.25}
    assert {name: float(value) for name, value in logs.items()} == pytest.approx(expected)
    batch = {"images": tf.fill([4, 1], 0.2)}
    assert float(game.generator_terms(batch, Random([0, 0]))["loss"]) == pytest.approx(0.05)


def test_k_stays_within_0_and_1():
    assert float(outcome(BEGAN(**networks(0.3)), 0.0).remembered["k"]) == 0, "F > L / 2"
    game = BEGAN(**networks(0.0), balance_rate=10.0)
    assert float(outcome(game, 0.5).remembered["k"]) == 1


def test_a_round_moves_both_sides_and_k_is_kept(tmp_path):
    keras.utils.set_random_seed(0)
    built = NETWORKS["began"](image_shape=(14, 14, 1), latent_dim=2, width=2)
    game = tiny.compiled(BEGAN(**built), lambda: keras.optimizers.Adam(1e-3), run_eagerly=True)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 14, 14, 1)).astype("float32")
    logs = tiny.assert_trains(game, tiny.endless(images), steps=1)
    real, fake = logs["discriminator_real"][0], logs["discriminator_fake"][0]
    kept = float(game.remembered["k"].numpy())
    assert kept == pytest.approx(max(0.0, 0.001 * (0.5 * real - fake)), abs=1e-7) and kept > 0
    game.save(tmp_path / "game.keras")
    loaded = tfgan.load(tmp_path / "game.keras")
    assert float(loaded.remembered["k"].numpy()) == kept
    np.testing.assert_allclose(loaded.logits(images), game.logits(images))


def test_sides_are_halved_down_to_7():
    built = NETWORKS["began"](image_shape=(28, 28, 1), latent_dim=3, width=2)
    smallest = {name: built[name].get_layer("reshape").output.shape[1:] for name in built}
    assert set(smallest.values()) == {(7, 7, 2)}
    encoder = [layer.filters for layer in built["discriminator"].layers if "encode" in layer.name]
    assert encoder == [2, 2, 2, 4, 4, 6, 6]
    grown = [built["generator"].get_layer(f"decode{i}b").output.shape[1] for i in (1, 2, 3)]
    assert grown == [7, 14, 28]
    images = np.random.default_rng(0).uniform(-1, 1, (2, 28, 28, 1)).astype("float32")
    outputs = built["discriminator"](images)
    expected = -np.abs(images - outputs["images"]).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(outputs["logits"][:, 0], expected, rtol=1e-5)


def test_what_is_refused():
    with pytest.raises(ValueError, match="loss: expected none for BEGAN"):
        BEGAN(**networks(0.1), loss="hinge")
    with pytest.raises(ValueError, match="gamma: expected a number above 0, at most 1; got 1.5"):
        BEGAN(**networks(0.1), gamma=1.5)
    with pytest.raises(ValueError, match=r"image_shape: expected sides .* at least 14; got \(8, 8, 1\)"):
        NETWORKS["began"]((8, 8, 1))
