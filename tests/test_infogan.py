import math

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan.models import InfoGAN
from tfgan.networks import NETWORKS
from tfgan.randomness import Random
from tfgan.samplers import GENERATE_SALT

SMALL = {"image_shape": (8, 8, 1), "latent_dim": 3}
HALF_LOG_2_PI = 0.5 * math.log(2.0 * math.pi)


def networks(latents, code, dims=2):
    """A generator and a discriminator of points, of one dense layer each."""
    layers = keras.layers
    z, points = keras.Input((latents,)), keras.Input((dims,))
    hidden = layers.Dense(4, activation="tanh", name="hidden")(points)
    outputs = {name: layers.Dense(n, name=name)(hidden) for name, n in (("logits", 1), ("code", code))}
    return {
        "generator": keras.Model(z, layers.Dense(dims)(z)),
        "discriminator": keras.Model(points, outputs),
    }


@pytest.fixture(scope="module")
def game():
    """Two categorical codes and one continuous one, beside 3 latents."""
    built = networks(latents=3 + 4 + 2 + 1, code=4 + 2 + 2)
    return tiny.compiled(InfoGAN(**built, categorical=(4, 2), continuous=1))


def count(weights):
    return sum(int(np.prod(w.shape)) for w in weights)


def test_the_networks_are_the_papers():
    built = NETWORKS["infogan_codes"]()
    assert count(built["generator"].trainable_weights) == 6_652_481
    of_q = [w for w in built["discriminator"].trainable_weights if "_q" in w.path or "_code" in w.path]
    of_head = [w for w in built["discriminator"].trainable_weights if "_logits" in w.path]
    assert (count(of_q), count(of_head)) == (133_262, 1_025)
    assert count(built["discriminator"].trainable_weights) == 6_558_144 + 1_025 + 133_262
    assert built["generator"].input_shape == (None, 74)
    shapes = {name: x.shape for name, x in built["discriminator"].output.items()}
    assert shapes == {"logits": (None, 1), "code": (None, 14)}
    slopes = {
        layer.negative_slope
        for layer in built["discriminator"].layers
        if isinstance(layer, keras.layers.LeakyReLU)
    }
    assert slopes == {0.01}
    gammas = built["discriminator"].get_layer("norm3").gamma.numpy()
    assert gammas.mean() == pytest.approx(1, abs=0.003) and gammas.std() == pytest.approx(0.02, rel=0.1)


def test_codes_are_drawn_from_their_priors(game):
    codes = game.latents(6000, Random([0, 0])).numpy()[:, 3:]
    first, second, number = codes[:, :4], codes[:, 4:6], codes[:, 6]
    for part in (first, second):
        assert (part.sum(axis=1) == 1).all() and set(np.unique(part)) == {0, 1}
        np.testing.assert_allclose(part.mean(axis=0), 1 / part.shape[1], atol=0.025)
    assert -1 <= number.min() and number.max() <= 1
    assert number.mean() == pytest.approx(0, abs=0.03) and number.var() == pytest.approx(1 / 3, abs=0.02)
    assert abs(np.corrcoef(first[:, 0], second[:, 0])[0, 1]) < 0.05, "independent codes"


def test_the_bound_by_hand(game):
    codes = tf.constant([[0, 1, 0, 0, 1, 0, 0.5], [0, 0, 0, 1, 0, 1, -1.0]], tf.float32)
    bound = lambda outputs: sum(game.information(tf.constant(outputs, tf.float32), codes)).numpy()
    # Q that answers with the priors, and means of 0: 1/6 - c^2 / 2 is left, whose mean is 0.
    np.testing.assert_allclose(bound(np.zeros([2, 8])), [1 / 6 - 0.125, 1 / 6 - 0.5], rtol=1e-5)
    # A perfect Q, whatever its unused outputs are: all that there is to know.
    sure = np.concatenate([200 * codes[:, :6], codes[:, 6:], [[7.0], [-7.0]]], axis=1)
    np.testing.assert_allclose(bound(sure), math.log(4) + math.log(2) + 1 / 6, rtol=1e-5)
    # As the paper's code has it: entropy of an N(0, 1) prior minus Q's cross-entropy.
    assert HALF_LOG_2_PI + 1 / 6 == pytest.approx(1.085605, abs=1e-6)
    means = 0.25 * codes[:, 6:]
    cross = HALF_LOG_2_PI + 0.5 * (0.75 * codes[:, 6]) ** 2
    outputs = np.concatenate([200 * codes[:, :6], means, means], axis=1)
    np.testing.assert_allclose(bound(outputs), math.log(8) + HALF_LOG_2_PI + 1 / 6 - cross, rtol=1e-5)


def test_ten_classes_and_two_numbers_have_at_most_2_636_nats():
    ten = InfoGAN(**networks(13, 14), categorical=10, continuous=2)
    codes = ten.draw_codes(50, Random([0, 0]))
    sure = tf.concat([200.0 * codes[:, :10], codes[:, 10:], tf.zeros([50, 2])], axis=1)
    of_classes, of_numbers = ten.information(sure, codes)
    assert np.allclose(of_classes, 2.302585, atol=1e-5) and np.allclose(of_numbers, 2 / 6, atol=1e-5)


def test_both_sides_raise_the_bound_and_q_is_the_discriminators(game):
    batch, random = tiny.batch(64), Random([0, 0])
    kernels = {name: game.discriminator.get_layer(name).kernel.value for name in ("hidden", "logits", "code")}
    for side in ("discriminator", "generator"):
        with tf.GradientTape() as tape:
            terms = getattr(game, f"{side}_terms")(batch, random)
        assert set(terms) == {"loss", "code"}
        found = tape.gradient(terms["code"], kernels)
        assert np.abs(found["hidden"]).max() > 0 and np.abs(found["code"][:, :7]).max() > 0, side
        assert found["logits"] is None and not np.any(found["code"][:, 7:]), "standard deviations are fixed"
    assert game.sides["discriminator"] == ("discriminator",)
    heavier = InfoGAN(**game.networks(), categorical=(4, 2), continuous=1, weight=2.0)
    codes = [each.generator_terms(batch, random)["code"] for each in (game, heavier)]
    assert float(codes[1]) == pytest.approx(2 * float(codes[0]), rel=1e-6)


@pytest.mark.parametrize("weights", [{"weight": 0.0, "continuous_weight": 1.0}, {"continuous_weight": 0.0}])
def test_the_two_kinds_of_codes_have_weights_of_their_own(game, weights):
    weighted = InfoGAN(**game.networks(), categorical=(4, 2), continuous=1, **weights)
    with tf.GradientTape() as tape:
        terms = weighted.generator_terms(tiny.batch(16), Random([0, 0]))
    kernel = np.abs(tape.gradient(terms["code"], game.discriminator.get_layer("code").kernel.value))
    of_kind = {"weight": kernel[:, :6], "continuous_weight": kernel[:, 6:7]}
    assert {name: bool(np.any(part)) for name, part in of_kind.items()} == {
        "weight": True, "continuous_weight": True, **{name: bool(value) for name, value in weights.items()}
    }  # fmt: skip


def test_real_and_generated_images_are_normalised_apart():
    built = NETWORKS["infogan_codes"](**SMALL)
    game, sizes = tiny.compiled(InfoGAN(**built)), []
    call = game.discriminator.call
    game.discriminator.call = lambda x, **kwargs: sizes.append(x.shape[0]) or call(x, **kwargs)
    game.discriminator_terms({"images": tf.zeros([6, 8, 8, 1])}, Random([0, 0]))
    assert sizes == [6, 6]


def test_the_papers_networks_train():
    built = NETWORKS["infogan_codes"](**SMALL, categorical=3, continuous=1)
    game = tiny.compiled(InfoGAN(**built, categorical=3, continuous=1), run_eagerly=True)
    history = tiny.assert_trains(game, tiny.endless(tf.zeros([6, 8, 8, 1])), steps=1)
    assert {"discriminator_code", "generator_code"} <= set(history)


def test_codes_can_be_chosen_and_inferred(game):
    drawn = game.generate(6, seed=1)
    chosen = game.generate(6, seed=1, categorical_0=2, continuous_0=0.5)
    latents = game.latents(6, Random([1, GENERATE_SALT])).numpy()
    assert np.allclose(drawn, game.sampling_network()(latents), atol=1e-6)
    latents[:, 3:7], latents[:, 9] = [0, 0, 1, 0], 0.5
    assert np.allclose(chosen, game.sampling_network()(latents), atol=1e-6)
    found = game.generate(sampler="infer", images=drawn)
    outputs = game.discriminator(drawn)["code"].numpy()
    assert np.allclose(found[:, :4], tf.nn.softmax(outputs[:, :4]), atol=1e-6)
    assert np.allclose(found[:, 4:6], tf.nn.softmax(outputs[:, 4:6]), atol=1e-6)
    assert np.allclose(found[:, 6], outputs[:, 6], atol=1e-6) and found.shape == (6, 7)


def test_categories_in_turn_share_the_other_latents(game):
    latents = game.samplers()["categories"].draw(10, Random([0, 0])).numpy()
    assert (latents[:, 3:7].argmax(axis=1) == np.arange(10) % 4).all()
    others = np.delete(latents, range(3, 7), axis=1)
    assert (others[0] == others[3]).all() and not (others[3] == others[4]).any()


@pytest.mark.parametrize("change, message", [
    ({"categorical": 1}, "categorical: expected a whole number >= 2; got 1"),
    ({"weight": -1.0}, "weight: expected a number >= 0; got -1.0"),
    ({"continuous_weight": "no"}, "continuous_weight: expected a number >= 0; got 'no'"),
    ({"categorical": 5}, "discriminator: expected an output 'code' of 7 numbers; got 8"),
    ({"categorical": (), "continuous": 0}, "continuous: expected 1 or more without categorical codes"),
    ({"categorical": 20}, "generator: expected an input of noise and 21 numbers of codes, 22 or more; got"),
    ({"views": {"packing": 2}}, r"views\['packing'\]: expected 1, since codes belong to single images"),
])  # fmt: skip
def test_what_does_not_fit_the_codes_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        InfoGAN(**networks(10, 8), **{"categorical": (4, 2), "continuous": 1, **change})


def test_a_class_that_is_not_there_cannot_be_chosen(game):
    with pytest.raises(ValueError, match="categorical_1: expected a class below 2; got 2"):
        game.generate(2, seed=0, categorical_1=2)


@pytest.mark.parametrize("change, message", [
    ({"image_shape": (10, 8, 1)}, "image_shape: expected sides that divide by 4"),
    ({"latent_dim": 0}, "latent_dim: expected a whole number >= 1; got 0"),
    ({"continuous": -1}, "continuous: expected a whole number >= 0; got -1"),
    ({"categorical": (3, 1)}, "categorical: expected a whole number >= 2; got 1"),
])  # fmt: skip
def test_bad_arguments_of_the_networks(change, message):
    with pytest.raises(ValueError, match=message):
        NETWORKS["infogan_codes"](**{**SMALL, **change})
