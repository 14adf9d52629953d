"""tfgan.models.vae: its two terms by hand, and a linear autoencoder, which is a PCA."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan.experiment import Recipe, settings_of
from tfgan.models import VAE
from tfgan.models.vae import divergence_from_prior, gaussian_cost
from tfgan.networks import NETWORKS
from tfgan.randomness import Random
from tfgan.training import compatibility


def linear_networks(dims=4, width=2):
    z, x = keras.Input((width,)), keras.Input((dims,))
    outputs = {name: keras.layers.Dense(width)(x) for name in ("means", "log_variances")}
    return {"generator": keras.Model(z, keras.layers.Dense(dims)(z)), "encoder": keras.Model(x, outputs)}


def test_the_divergence_of_gaussians():
    """KL(N(1, 2^2) || N(0, 1)) = (1 + 4 - 1 - ln 4) / 2; of the prior itself 0; sums over codes."""
    means, log_variances = tf.constant([[1.0], [0.0]]), tf.constant([[math.log(4.0)], [0.0]])
    found = divergence_from_prior(means, log_variances)
    np.testing.assert_allclose(found, [1.306853, 0.0], atol=1e-6)
    twice = divergence_from_prior(tf.repeat(means, 2, axis=1), tf.repeat(log_variances, 2, axis=1))
    np.testing.assert_allclose(twice, 2 * found)


def test_the_cost_of_an_error_is_minus_a_log_density():
    x, mean, deviation = np.array([0.3, -0.2, 0.9]), np.array([0.1, 0.0, 0.4]), 0.7
    density = np.prod(np.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * np.sqrt(2 * np.pi)))
    error = tf.constant(np.mean((x - mean) ** 2), tf.float32)
    assert float(gaussian_cost(error, 3, deviation)) == pytest.approx(-np.log(density), rel=1e-6)
    learned = float(gaussian_cost(error, 3))
    assert learned == pytest.approx(float(gaussian_cost(error, 3, math.sqrt(float(error)))), rel=1e-6)
    assert all(learned < float(gaussian_cost(error, 3, each)) for each in (0.2, 0.3, 0.4, 1.0))


@pytest.mark.parametrize("beta", [1.0, 4.0, 0.0])
def test_terms_are_sums_over_an_image(beta):
    keras.utils.set_random_seed(0)
    game = VAE(**linear_networks(), beta=beta, deviation=0.5)
    images = tf.constant(np.random.default_rng(0).normal(size=(3, 4)), tf.float32)
    terms, _, logs = game.outcome("generator", {"images": images}, Random([1, 2]))
    codes = game.encoder(images)
    noise = Random([1, 2]).normal([3, 2]) if beta else 0.0
    decoded = game.generator(codes["means"] + tf.exp(codes["log_variances"] / 2) * noise)
    squares = np.sum(np.square(images - decoded), axis=1)
    expected = np.mean(squares) / (2 * 0.25) + 2 * math.log(2 * math.pi * 0.25)
    assert float(terms["reconstruction"]) == pytest.approx(expected, rel=1e-5)
    kl = np.mean(divergence_from_prior(codes["means"], codes["log_variances"]))
    assert float(terms["divergence"]) == pytest.approx(beta * kl, rel=1e-5)
    assert float(logs["error"]) == pytest.approx(squares.mean() / 4, rel=1e-5)


def test_a_linear_autoencoder_leaves_what_pca_leaves():
    keras.utils.set_random_seed(0)
    data = np.random.default_rng(0).normal(size=(64, 4)) @ np.diag([3.0, 2.0, 1.0, 0.5]) + 1.0
    left = np.linalg.svd(data - data.mean(axis=0), compute_uv=False)[2:] ** 2
    game = VAE(**linear_networks(), beta=0.0, ema_half_life=None)
    game.compile(generator_optimizer=keras.optimizers.Adam(0.03))
    game.fit(tiny.endless(data.astype("float32")), steps_per_epoch=400, verbose=0)
    made = game.generate(images=data.astype("float32"), sampler="reconstruct")
    assert np.sum((data - made) ** 2) == pytest.approx(left.sum(), rel=0.01)
    assert list(game.samplers()) == ["reconstruct", "encode"], "no prior to sample from"


def test_images_codes_and_reconstructions():
    built = NETWORKS["infogan_vae"](image_shape=(4, 8, 2), latent_dim=3)
    game = VAE(**built)
    game.compile(generator_optimizer=keras.optimizers.Adam(1e-3), run_eagerly=True)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 4, 8, 2)).astype("float32")
    before = tiny.values(game.encoder.trainable_variables)
    logs = game.fit(tiny.endless(images), steps_per_epoch=1, verbose=0).history
    assert set(logs) == {"generator_reconstruction", "generator_divergence", "generator_error"}
    assert not any(np.array_equal(*pair) for pair in zip(before, tiny.values(game.encoder.trainable_variables)))
    assert game.generate(2, seed=0).shape == (2, 4, 8, 2)
    codes = game.generate(images=images, sampler="encode")
    assert codes.shape == (4, 3)
    decoded = game.sampling_network("generator")(codes, training=False)
    np.testing.assert_allclose(game.generate(images=images, sampler="reconstruct"), decoded, atol=1e-5)


def test_what_is_refused():
    with pytest.raises(ValueError, match="penalties: expected none for VAE"):
        VAE(**linear_networks(), penalties={"r1": 1.0})
    for flag in ({"loss": "hinge"}, {"prior": "uniform"}, {"discriminator_steps": 5}):
        with pytest.raises(ValueError, match=f"{next(iter(flag))}: expected none for --game=vae"):
            settings_of(Recipe(game="vae", **flag))
    with pytest.raises(ValueError, match="beta: expected a number >= 0; got -1"):
        VAE(**linear_networks(), beta=-1)
    wrong = {**linear_networks(), "encoder": keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])}
    with pytest.raises(ValueError, match="encoder: expected outputs of these widths.*got 'none of them'"):
        VAE(**wrong)
    for deviation, refused in ((None, True), (0.5, False)):
        game = VAE(**linear_networks(), deviation=deviation)
        game.compile(generator_optimizer="adam")
        if refused:
            with pytest.raises(ValueError, match="replicas: expected 1 for VAE; got 2"):
                compatibility.check_compiled(game, replicas=2)
        else:
            compatibility.check_compiled(game, replicas=2)
