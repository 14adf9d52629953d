"""tfgan.models.ebgan, by energies and codes that one can compute by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan.layers import ReconstructionLogit
from tfgan.models import EBGAN
from tfgan.models.ebgan import pulling_away
from tfgan.networks import NETWORKS
from tfgan.randomness import Random


def networks(made):
    """A generator of one number, and an autoencoder that answers 0: the energy of x is x^2."""
    z, x = keras.Input((1,)), keras.Input((1,))
    zeros = lambda bias: keras.layers.Dense(
        1, kernel_initializer="zeros", bias_initializer=keras.initializers.Constant(bias)
    )
    answer, code = zeros(0.0)(x), keras.layers.Concatenate()([x, x])
    outputs = {"logits": ReconstructionLogit()([x, answer]), "images": answer, "features": code}
    return {"generator": keras.Model(z, zeros(made)(z)), "discriminator": keras.Model(x, outputs)}


def terms(game, side):
    batch = {"images": tf.fill([4, 1], 0.2)}
    return {name: float(value) for name, value in game.outcome(side, batch, Random([0, 0])).terms.items()}


def test_the_pulling_away_term_of_angles():
    """Of two codes the squared cosine: right angle 0, equal 1, 60 degrees 1/4, whatever their length."""
    sixty = [[1.0, 0.0], [0.5, np.sqrt(0.75)]]
    for codes, expected in (([[2.0, 0.0], [0.0, 1.0]], 0), ([[1.0, 1.0], [3.0, 3.0]], 1), (sixty, 0.25)):
        assert float(pulling_away(tf.constant(codes))) == pytest.approx(expected, abs=1e-6)
    # Of three codes three pairs: 1, 0 and 0.
    three = tf.constant([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert float(pulling_away(three)) == pytest.approx(1 / 3, abs=1e-6)


def test_terms_by_hand():
    """E = 0.04 and F = 0.25: E + (1 - F) for one side; F and 0.1 for codes that are all alike for the other."""
    game = EBGAN(**networks(0.5), margin=1.0)
    assert terms(game, "discriminator") == pytest.approx({"loss": 0.04 + 0.75})
    assert terms(game, "generator") == pytest.approx({"loss": 0.25, "pull_away": 0.1})
    assert terms(EBGAN(**networks(0.5), pull_away=0.0), "generator")["pull_away"] == 0


@pytest.mark.parametrize("margin, gradient", [(1.0, 1.0), (0.2, 0.0)])
def test_beyond_the_margin_generated_images_are_left_alone(margin, gradient):
    loss = EBGAN(**networks(0.5), margin=margin).objective.loss
    real, fake = tf.constant([[-0.04]]), tf.constant([[-0.25]])
    with tf.GradientTape() as tape:
        tape.watch(fake)
        value = loss.discriminator(real, fake)
    assert tape.gradient(value, fake).numpy().item() == gradient
    assert float(value) == pytest.approx(0.04 + max(0.0, margin - 0.25))


def test_a_round_moves_both_sides():
    keras.utils.set_random_seed(0)
    built = NETWORKS["autoencoder"](image_shape=(4, 4, 1), latent_dim=2, code_dim=3)
    game = tiny.compiled(EBGAN(**built), lambda: keras.optimizers.Adam(1e-3), run_eagerly=True)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 4, 4, 1)).astype("float32")
    logs = tiny.assert_trains(game, tiny.endless(images), steps=1)
    assert 0 <= logs["generator_pull_away"][0] <= 0.1


@pytest.mark.parametrize("error, of", [("squared", np.square), ("absolute", np.abs)])
def test_the_logit_is_minus_the_mean_error_of_the_reconstruction(error, of):
    built = NETWORKS["autoencoder"](image_shape=(8, 4, 2), latent_dim=2, code_dim=3, error=error)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 4, 2)).astype("float32")
    outputs = built["discriminator"](images)
    assert outputs["images"].shape == (3, 8, 4, 2) and outputs["features"].shape == (3, 3)
    expected = -of(images - outputs["images"]).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(outputs["logits"][:, 0], expected, rtol=1e-5)


def test_what_is_refused():
    with pytest.raises(ValueError, match="loss: expected none for EBGAN"):
        EBGAN(**networks(0.5), loss="hinge")
    with pytest.raises(ValueError, match="margin: expected a number > 0; got 0"):
        EBGAN(**networks(0.5), margin=0)
    plain = NETWORKS["mlp"]((1,), 1, units=2)
    with pytest.raises(ValueError, match="discriminator: expected .* logits and features; got 'logits alone'"):
        EBGAN(**plain)
    with pytest.raises(ValueError, match="error: expected one of absolute, squared; got 'cubic'"):
        NETWORKS["autoencoder"](error="cubic")
