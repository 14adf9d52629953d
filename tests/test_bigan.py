import math

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan.models import BiGAN
from tfgan.networks import NETWORKS
from tfgan.randomness import Random

SMALL = {"image_shape": (4, 4, 1), "latent_dim": 3, "units": 5}


def small_game(**kwargs):
    game = BiGAN(**NETWORKS["bigan"](**SMALL), prior="uniform", **kwargs)
    return tiny.compiled(game, lambda: keras.optimizers.Adam(1e-3), run_eagerly=True)


@pytest.fixture(scope="module")
def game():
    return small_game(weight_decay=0.5)


def images(rows, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (rows, 4, 4, 1)).astype("float32")


def scalar(value):
    """A network of one weight without a bias: x -> value * x."""
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    network.set_weights([np.full((1, 1), value, "float32")])
    return network


def judge(function=lambda x, z: 0.0 * x):
    """A discriminator of pairs of numbers, with one weight that is a factor of its logits."""
    x, z = keras.Input((1,)), keras.Input((1,))
    logits = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")(function(x, z))
    return keras.Model([x, z], logits)


def toy(a, b, function=lambda x, z: 0.0 * x):
    """The game of G(z) = a z and E(x) = b x."""
    return BiGAN(generator=scalar(a), encoder=scalar(b), discriminator=judge(function))


def test_the_networks_are_the_papers():
    built = NETWORKS["bigan"]()
    counts = {name: sum(int(np.prod(w.shape)) for w in net.trainable_weights) for name, net in built.items()}
    assert counts == {"generator": 1_902_592, "encoder": 1_902_592, "discriminator": 1_903_616}
    assert all(w.name == "kernel" for net in built.values() for w in net.trainable_weights)
    kernels = [w.numpy() for net in built.values() for w in net.trainable_weights]
    assert all(kernel.std() == pytest.approx(0.02, rel=0.06) for kernel in kernels)
    norms = {
        name: [layer.name for layer in net.layers if isinstance(layer, keras.layers.BatchNormalization)]
        for name, net in built.items()
    }
    assert norms == {"generator": ["norm1", "norm2"], "encoder": ["norm2"], "discriminator": ["norm2"]}
    assert built["encoder"].get_layer("norm2").epsilon == 1e-8
    skipping = NETWORKS["bigan"](**SMALL, generator_skip=True)["generator"]
    assert sum(int(np.prod(w.shape)) for w in skipping.trainable_weights) == 3 * 5 + 5 * 5 + 3 * 5 + 5 * 16


def test_the_code_enters_the_second_layer_of_the_discriminator_linearly():
    discriminator = NETWORKS["bigan"](**SMALL)["discriminator"]
    hidden = keras.Model(discriminator.inputs, discriminator.get_layer("norm2").input)
    x, z = images(2), np.random.default_rng(1).normal(size=(2, 3)).astype("float32")
    of = lambda codes: hidden([x, codes]).numpy()
    kernel = discriminator.get_layer("dense_codes").kernel.numpy()
    np.testing.assert_allclose(of(z) - of(0 * z), z @ kernel, atol=1e-6)


def test_codes_are_in_the_range_of_a_uniform_prior_and_pixels_in_that_of_images():
    built = NETWORKS["bigan"](**SMALL)
    codes = built["encoder"](1e7 * images(50))["codes"].numpy()
    assert -1 <= codes.min() < -0.5 and 0.5 < codes.max() <= 1
    made = built["generator"](1e5 * np.ones((2, 3), "float32")).numpy()
    assert -1 <= made.min() and made.max() <= 1
    linear = NETWORKS["bigan"](**SMALL, bounded=False)["encoder"]
    assert np.abs(linear(1e7 * images(50))["codes"]).max() > 1


def test_both_losses_are_ln_2_where_the_discriminator_knows_nothing():
    batch = {"images": tf.constant([[1.0], [2.0]])}
    for side in ("discriminator", "generator"):
        terms = getattr(toy(2.0, 0.5), f"{side}_terms")(batch, Random([0, 0]))
        assert set(terms) == {"loss"}
        assert float(terms["loss"]) == pytest.approx(math.log(2), rel=1e-6)


def test_generator_and_encoder_have_the_labels_inverted_on_both_pairs():
    """D(x, z) = x: the real pair's logit is x, the other's a z."""
    game = toy(2.0, 0.5, lambda x, z: x)
    x = tf.constant([[0.3], [-1.2]])
    z = game.sample_inputs(2, Random([3, 4])).numpy()
    real, fake = x.numpy(), 2.0 * z
    softplus = lambda values: np.log1p(np.exp(values)).mean()
    terms = lambda side: getattr(game, f"{side}_terms")({"images": x}, Random([3, 4]))
    found = [float(terms(side)["loss"]) for side in ("discriminator", "generator")]
    assert found[0] == pytest.approx((softplus(-real) + softplus(fake)) / 2, rel=1e-5)
    assert found[1] == pytest.approx((softplus(real) + softplus(-fake)) / 2, rel=1e-5)


def test_swapped_pairs_turn_the_discriminators_gradient_around():
    """At logits of 0 the gradient of its one weight: half the difference of what it sees."""
    function = lambda x, z: x * z
    game = toy(1.5, 2.0, function)
    game.discriminator.set_weights([np.zeros((1, 1), "float32")])
    weight = game.discriminator.trainable_variables[0].value
    x, z = tf.constant([[0.7], [-0.4]]), tf.constant([[1.0], [2.0]])
    one, other = [x, 2.0 * x], [1.5 * z, z]

    def gradient(real, fake):
        with tf.GradientTape() as tape:
            loss = game.objective.discriminator(game.discriminate, real, fake, Random([0, 0])).terms["loss"]
        return tape.gradient(loss, weight).numpy().item()

    assert gradient(one, other) == pytest.approx(-gradient(other, one), rel=1e-6)
    difference = np.mean(2.0 * x.numpy() ** 2) - np.mean(1.5 * z.numpy() ** 2)
    assert gradient(one, other) == pytest.approx(-difference / 2, rel=1e-5)


@pytest.mark.parametrize(
    "a, b, match", [(2.0, 0.5, True), (-2.0, -0.5, True), (2.0, 1.0, False), (1.0, 1.0, False)]
)
def test_the_pairs_of_a_linear_game_match_where_the_encoder_inverts_the_generator(a, b, match):
    """x ~ N(0, 2^2): (x, b x) and (a z, z) are equal in distribution if |a| = 2 and a b = 1."""
    game, n = toy(a, b), 4000
    x = 2.0 * Random([0, 1]).normal([n, 1])
    real, fake = game._pairs({"images": x}, Random([0, 2]))
    moments = [np.cov(np.concatenate(pair, axis=1).T) for pair in (real, fake)]
    assert np.allclose(*moments, rtol=0.1, atol=0.1) == match


def test_weight_decay_is_in_the_gradient_of_every_weight(game):
    variables = game.side_variables("generator")
    assert len(variables) == 6
    with tf.GradientTape() as tape:
        term = game.generator_terms({"images": tf.constant(images(4))}, Random([0, 0]))["weight_decay"]
    for gradient, variable in zip(tape.gradient(term, [v.value for v in variables]), variables):
        np.testing.assert_allclose(gradient, 0.5 * variable.numpy(), rtol=1e-5)


@pytest.mark.parametrize("schedule", ["alternating", "simultaneous_shared"])
def test_it_trains(schedule):
    game = small_game(weight_decay=1e-3, schedule=schedule, ema_half_life=10)
    history = tiny.assert_trains(game, tiny.endless(images(6)), steps=1)
    assert {"discriminator_weight_decay", "generator_weight_decay"} <= set(history)
    assert set(game.averages) == {"generator", "encoder"}


def test_a_round_of_rate_0_changes_only_batch_statistics():
    """What the stage "statistics" of flags/bigan_mnist.txt rests on."""
    game = small_game(weight_decay=1e-3, schedule="simultaneous_shared")
    game.compile(*(keras.optimizers.Adam(0.0, 0.5) for _ in range(2)), run_eagerly=True)
    before = [tiny.values(network.trainable_variables) for network in game.networks().values()]
    statistics = [tiny.values(network.non_trainable_variables) for network in game.networks().values()]
    game.fit(tiny.endless(images(6)), steps_per_epoch=1, verbose=0)
    for network, weights, old in zip(game.networks().values(), before, statistics, strict=True):
        assert tiny.same(weights, tiny.values(network.trainable_variables))
        assert not tiny.same(old, tiny.values(network.non_trainable_variables))


def test_what_it_makes_of_images(game):
    pixels = np.random.default_rng(0).integers(0, 256, (3, 4, 4, 1), "uint8")
    floats = pixels.astype("float32") / 127.5 - 1
    outputs = game.sampling_network("encoder")(floats, training=False)
    codes = game.generate(sampler="encode", images=pixels)
    assert np.allclose(codes, outputs["codes"], atol=1e-6) and codes.shape == (3, 3)
    assert np.allclose(game.generate(sampler="features", images=pixels), outputs["features"], atol=1e-6)
    back = game.generate(sampler="reconstruct", images=pixels)
    assert np.allclose(back, game.sampling_network("generator")(codes, training=False), atol=1e-6)
    live = game.encoder(floats, training=False)["codes"]
    seen = game.discriminator([tf.constant(floats), live], training=False)
    assert np.allclose(game.logits(pixels), seen[:, 0], atol=1e-6)
    assert [s.makes for s in game.samplers().values()] == ["images", "images", "codes", "features"]


def test_an_encoder_may_return_codes_alone():
    assert list(toy(1.0, 1.0).samplers()) == ["generate", "reconstruct", "encode"]


@pytest.mark.parametrize("outputs, message", [
    ({"code": 3}, "encoder: expected an output called 'codes'; got 'code'"),
    ({"codes": 2}, "encoder: expected codes of length 3, as the generator's latents; got 2"),
])  # fmt: skip
def test_an_encoder_that_does_not_fit_is_refused(outputs, message):
    built = NETWORKS["bigan"](**SMALL)
    features = built["encoder"].output["features"]
    made = {name: keras.layers.Dense(size)(features) for name, size in outputs.items()}
    built["encoder"] = keras.Model(built["encoder"].input, made)
    with pytest.raises(ValueError, match=message):
        BiGAN(**built)


def test_bad_numbers_are_refused():
    with pytest.raises(ValueError, match="weight_decay: expected a number >= 0; got -1"):
        small_game(weight_decay=-1)
    with pytest.raises(ValueError, match="units: expected a whole number >= 1; got 0"):
        NETWORKS["bigan"](**{**SMALL, "units": 0})
    with pytest.raises(ValueError, match="latent_dim: expected a whole number >= 1; got 0"):
        NETWORKS["bigan"](**{**SMALL, "latent_dim": 0})
