import math
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny
from runs import ROOT
from sklearn.metrics import r2_score

from tfgan.models import Inference
from tfgan.networks import NETWORKS
from tfgan.randomness import Random

sys.path.insert(0, str(ROOT / "scripts"))

from tables import encoders, inference, mnist  # noqa: E402

SMALL = {"image_shape": (8, 8, 1), "latent_dim": 3, "of": "mlp"}
BATCH = {"images": tf.zeros([2000, 4])}


def dense(inputs, kernel):
    network = keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(len(kernel.T), use_bias=False)])
    network.set_weights([kernel])
    return network


def linear_game(encoder=None, prior="normal", **kwargs):
    """G(z) = A z with orthonormal columns, and E(x) = W x, by default A's transpose."""
    a = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0][:, :2].astype("float32")
    kernel = a if encoder is None else np.asarray(encoder, "float32")
    game = Inference(generator=dense(2, a.T), encoder=dense(4, kernel), prior=prior, **kwargs)
    game.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    return game


def latent(game, **kwargs):
    return float(game.generator_terms(BATCH, Random([0, 0]), **kwargs)["latent"])


def test_the_inverse_of_a_linear_generator_has_loss_0():
    assert latent(linear_game()) == pytest.approx(0, abs=1e-10)


def test_an_encoder_that_knows_nothing():
    nothing = np.zeros((4, 2))
    # Half the variance of N(0, 1), which is 1; ln 2; for U(-1, 1) the mean square is 1/3.
    assert latent(linear_game(nothing)) == pytest.approx(0.5, abs=0.02)
    assert latent(linear_game(nothing, "uniform")) == pytest.approx(math.log(2), rel=1e-5)
    assert latent(linear_game(nothing, "uniform01")) == pytest.approx(math.log(2), rel=1e-5)
    game = linear_game(nothing, "uniform")
    z = game.sample_inputs(2000, Random([0, 0])).numpy()
    codes = game.generate(sampler="encode", images=game.generator(z).numpy())
    assert np.mean((codes - z) ** 2) == pytest.approx(1 / 3, abs=0.02)
    constant = np.broadcast_to(z.mean(axis=0), z.shape)
    assert r2_score(z, constant) == pytest.approx(0, abs=1e-6)


def test_the_loss_of_a_perfect_encoder_of_uniform_latents_is_a_half():
    """The mean entropy of a coin whose probability is uniform."""
    game = linear_game(prior="uniform")
    z = game.sample_inputs(2000, Random([0, 0]))
    perfect = 2.0 * tf.atanh(z)
    from tfgan.models.inference import ESTIMATES

    estimate = ESTIMATES[game.prior]
    np.testing.assert_allclose(estimate.codes(perfect), z, atol=1e-5)
    assert np.mean(estimate.loss(perfect, z)) == pytest.approx(0.5, abs=0.01)


def test_training_finds_the_inverse_and_leaves_the_generator_bit_for_bit():
    game = linear_game(np.zeros((4, 2)), ema_half_life=None)
    before = tiny.values(game.generator.variables)
    game.fit(tiny.endless(tf.zeros([64, 4])), epochs=1, steps_per_epoch=25, verbose=0)
    assert tiny.same(before, tiny.values(game.generator.variables))
    assert np.allclose(game.encoder.get_weights()[0], before[0].T, atol=1e-3)
    z = Random([1, 0]).normal([200, 2]).numpy()
    assert r2_score(z, game.generate(sampler="encode", images=game.generator(z).numpy())) > 0.999
    assert list(game.optimizers) == ["generator"]


def test_the_generator_is_in_inference_mode_while_the_encoder_trains():
    built = NETWORKS["inference"](**SMALL)
    game, seen = Inference(**built), {}
    for name, network in built.items():
        call = network.call
        network.call = lambda x, training=None, name=name, call=call, **kwargs: (
            seen.update({name: training}) or call(x, training=training, **kwargs)
        )
    game.generator_terms({"images": tf.zeros([4, 8, 8, 1])}, Random([0, 0]))
    assert seen == {"generator": False, "encoder": True}


def test_the_encoder_is_the_discriminator_but_for_its_last_layer():
    built = NETWORKS["inference"](**SMALL)
    alone = NETWORKS["mlp"](image_shape=(8, 8, 1), latent_dim=3)
    shapes = lambda network: [(w.path, tuple(w.shape)) for w in network.weights]
    assert shapes(built["generator"]) == shapes(alone["generator"])
    assert shapes(built["encoder"])[:-2] == shapes(alone["discriminator"])[:-2]
    assert shapes(built["encoder"])[-2:] == [("codes/kernel", (128, 3)), ("codes/bias", (3,))]
    outputs = built["encoder"].output
    assert (outputs["codes"].shape, outputs["features"].shape) == ((None, 3), (None, 128))


def test_it_trains_and_makes_codes_features_and_reconstructions():
    game = Inference(**NETWORKS["inference"](**SMALL), prior="uniform")
    game.compile(keras.optimizers.Adam(1e-3), run_eagerly=True)
    images = np.zeros((4, 8, 8, 1), "float32")
    history = game.fit(tiny.endless(images), epochs=1, steps_per_epoch=2, verbose=0).history
    assert list(history) == ["generator_latent"] and np.isfinite(history["generator_latent"]).all()
    assert set(game.averages) == {"encoder"}
    outputs = game.averages["encoder"](images, training=False)
    codes = game.generate(sampler="encode", images=images)
    assert np.allclose(codes, np.tanh(outputs["codes"].numpy() / 2), atol=1e-6)
    assert game.generate(sampler="features", images=images).shape == (4, 128)
    back = game.generate(sampler="reconstruct", images=images)
    assert np.allclose(back, game.generator(codes, training=False), atol=1e-6)
    z = game.latents(3, Random([7, 1_000_001]))
    assert np.allclose(game.generate(3, seed=7), game.generator(z, training=False), atol=1e-6)


@pytest.mark.parametrize("options, message", [
    ({"of": "dcgn"}, "of: expected one of .* Did you mean 'dcgan'"),
    ({"of": "bigan"}, "of: expected a builder of a generator and a discriminator that ends with one"),
    ({"of": "infogan_codes"}, "of: expected a builder of a generator and a discriminator that ends with"),
    ({"latent_dim": 0}, "latent_dim: expected a whole number >= 1; got 0"),
])  # fmt: skip
def test_networks_that_no_encoder_can_be_made_of(options, message):
    with pytest.raises(ValueError, match=message):
        NETWORKS["inference"](**{**SMALL, **options})


def test_an_encoder_of_other_latents_is_refused():
    with pytest.raises(ValueError, match="encoder: expected codes of length 2, .*; got 3"):
        linear_game(np.zeros((4, 3)))


# ------------------------------------------------------ what the page of results measures


def test_slants_by_hand():
    """A line that moves a columns to the right with each row has the slant a."""
    images = np.full((5, 9, 9, 1), -1.0, "float32")
    rows = np.arange(9)
    images[0, rows, rows] = 1.0
    images[1, rows, 8 - rows] = 1.0
    images[2, :, 4] = 1.0
    images[3, rows[:5], 2 * rows[:5]] = 0.2
    assert np.allclose(inference.slants(images), [1.0, -1.0, 0.0, 2.0, 0.0], atol=1e-6)


def test_an_encoder_that_inverts_its_generator_has_the_best_scores():
    """Ways back of 0, all of the variance of z; and refinement has nothing to do from its codes."""
    game = small_inverse()
    digits = mnist.Digits(np.zeros((6, 2, 2, 1), "uint8"), np.arange(6) % 2)
    made = np.rint(127.5 * (game.generate(6, seed=3) + 1)).clip(0, 255).astype("uint8")
    digits = digits._replace(images=made)
    found = encoders.scores(game, encoders.Data(digits, digits, digits), samples=50)
    assert found["features_held_out"] == found["codes_test"] == 100
    assert found["r2"] > 0.999 and found["made_ratio"] < 0.05 and found["real_ratio"] < 0.05
    curves = encoders.refinement(game, encoders.Data(digits, digits, digits), steps=2)
    from_codes, from_random = curves[encoders.FROM_CODES], curves[encoders.FROM_RANDOM]
    assert len(from_codes) == 3 and from_codes[0] < 1e-3 < from_random[0]


def small_inverse():
    """G(z) = A z as images of 2x2 pixels, and the encoder that inverts it."""
    a = 0.2 * np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0][:, :2].astype("float32")
    generator = keras.Sequential([dense(2, a.T), keras.layers.Reshape((2, 2, 1))])
    images = keras.Input((2, 2, 1))
    codes = dense(4, a / 0.04)(keras.layers.Flatten()(images))
    encoder = keras.Model(images, {"codes": codes, "features": keras.layers.Flatten()(images)})
    return Inference(generator=generator, encoder=encoder)
