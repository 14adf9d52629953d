import math

import numpy as np
import pytest
import tensorflow as tf

from tfgan import losses
from tfgan.losses import LOSSES

REAL, FAKE = 1.5, -0.5


def softplus(x):
    return math.log1p(math.exp(x))


# Of one real logit 1.5 and one generated logit -0.5, by hand: value of each half,
# and its derivative by the logits it reads.
BY_HAND = {
    "minimax": (softplus(-1.5) + softplus(-0.5), -softplus(-0.5)),
    "non_saturating": (softplus(-1.5) + softplus(-0.5), softplus(0.5)),
    "maximum_likelihood": (softplus(-1.5) + softplus(-0.5), -math.exp(-0.5)),
    "least_squares": (0.5 * 0.25 + 0.5 * 0.25, 0.5 * 2.25),
    "wasserstein": (-2.0, 0.5),
    "hinge": (0.0 + 0.5, 0.5),
    "relativistic": (softplus(-2.0), softplus(2.0)),
    "relativistic_average": (softplus(-2.0) * 2, softplus(2.0) * 2),
}
sigmoid = lambda x: 1 / (1 + math.exp(-x))
# (d discriminator / d real, d discriminator / d fake, d generator / d fake)
GRADIENTS_BY_HAND = {
    "minimax": (-sigmoid(-1.5), sigmoid(-0.5), -sigmoid(-0.5)),
    "non_saturating": (-sigmoid(-1.5), sigmoid(-0.5), -sigmoid(0.5)),
    "maximum_likelihood": (-sigmoid(-1.5), sigmoid(-0.5), -math.exp(-0.5)),
    "least_squares": (0.5, -0.5, -1.5),
    "wasserstein": (-1.0, 1.0, -1.0),
    "hinge": (0.0, 1.0, -1.0),
    "relativistic": (-sigmoid(-2.0), sigmoid(-2.0), -sigmoid(2.0)),
    "relativistic_average": (-2 * sigmoid(-2.0), 2 * sigmoid(-2.0), -2 * sigmoid(2.0)),
}


def test_every_loss_has_hand_computed_values():
    assert set(BY_HAND) == set(GRADIENTS_BY_HAND) == set(LOSSES)


@pytest.mark.parametrize("name", LOSSES)
def test_values_by_hand(name):
    real, fake = tf.constant([[REAL]]), tf.constant([[FAKE]])
    loss = LOSSES[name]
    assert float(loss.discriminator(real, fake)) == pytest.approx(BY_HAND[name][0], abs=1e-6)
    assert float(loss.generator(real, fake)) == pytest.approx(BY_HAND[name][1], abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_by_hand(name):
    real, fake = tf.constant([[REAL]]), tf.constant([[FAKE]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        discriminator = LOSSES[name].discriminator(real, fake)
        generator = LOSSES[name].generator(real, fake)
    found = [
        tape.gradient(discriminator, real),
        tape.gradient(discriminator, fake),
        tape.gradient(generator, fake),
    ]
    assert [gradient.numpy().item() for gradient in found] == pytest.approx(GRADIENTS_BY_HAND[name], abs=1e-6)


# Unequal logits on both sides, one real below the hinge: sums and lost terms show.
REALS, FAKES = (1.5, -0.5, 0.25), (-2.0, 0.5, 1.0)


def mean(function, values):
    return sum(map(function, values)) / len(values)


def halves_by_hand(name):
    cross_entropy = mean(lambda r: softplus(-r), REALS) + mean(softplus, FAKES)
    pairs = list(zip(REALS, FAKES))
    real_mean, fake_mean = sum(REALS) / 3, sum(FAKES) / 3
    return {
        "minimax": (cross_entropy, -mean(softplus, FAKES)),
        "non_saturating": (cross_entropy, mean(lambda f: softplus(-f), FAKES)),
        "maximum_likelihood": (cross_entropy, -mean(math.exp, FAKES)),
        "least_squares": (
            mean(lambda r: (r - 1) ** 2 / 2, REALS) + mean(lambda f: f**2 / 2, FAKES),
            mean(lambda f: (f - 1) ** 2 / 2, FAKES),
        ),
        "wasserstein": (fake_mean - real_mean, -fake_mean),
        "hinge": (
            mean(lambda r: max(0, 1 - r), REALS) + mean(lambda f: max(0, 1 + f), FAKES),
            -fake_mean,
        ),
        "relativistic": (
            mean(lambda pair: softplus(pair[1] - pair[0]), pairs),
            mean(lambda pair: softplus(pair[0] - pair[1]), pairs),
        ),
        "relativistic_average": (
            mean(lambda r: softplus(fake_mean - r), REALS)
            + mean(lambda f: softplus(f - real_mean), FAKES),
            mean(lambda f: softplus(real_mean - f), FAKES)
            + mean(lambda r: softplus(r - fake_mean), REALS),
        ),
    }[name]


@pytest.mark.parametrize("name", LOSSES)
def test_means_of_several_logits_by_hand(name):
    loss = LOSSES[name]
    found = [float(half(tf.constant(REALS), tf.constant(FAKES))) for half in loss[:2]]
    assert found == pytest.approx(halves_by_hand(name), abs=1e-6)


def test_relativistic_average_uses_the_other_sides_mean():
    real, fake = tf.constant([0.0, 2.0]), tf.constant([1.0, 5.0])
    expected = np.mean([softplus(3.0), softplus(1.0)]) + np.mean([softplus(0.0), softplus(4.0)])
    found = LOSSES["relativistic_average"].discriminator(real, fake)
    assert float(found) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_means_over_patches_of_any_shape(name):
    rng = np.random.default_rng(0)
    real, fake = (rng.normal(size=(3, 4, 5, 1)).astype("float32") for _ in range(2))
    for half in (LOSSES[name].discriminator, LOSSES[name].generator):
        assert float(half(real, fake)) == pytest.approx(
            float(half(real.reshape(-1), fake.reshape(-1))), rel=1e-5
        )


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_finite_values_and_gradients_at_large_logits(name, size):
    real, fake = tf.constant([[-size]]), tf.constant([[size]])
    for half in (LOSSES[name].discriminator, LOSSES[name].generator):
        with tf.GradientTape() as tape:
            tape.watch([real, fake])
            value = half(real, fake)
        gradients = tape.gradient(
            value, [real, fake], unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        assert np.isfinite(value) and np.isfinite(gradients).all()


def test_maximum_likelihood_is_clipped_at_80():
    at_clip = LOSSES["maximum_likelihood"].generator(None, tf.constant([80.0]))
    beyond = LOSSES["maximum_likelihood"].generator(None, tf.constant([1e4]))
    assert float(beyond) == float(at_clip) == pytest.approx(-math.exp(80), rel=1e-5)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_any_float_dtype_gives_at_least_float32(name, dtype):
    real, fake = tf.constant([[REAL]], dtype), tf.constant([[FAKE]], dtype)
    for half, expected in zip((LOSSES[name].discriminator, LOSSES[name].generator), BY_HAND[name]):
        value = half(real, fake)
        assert value.dtype == ("float64" if dtype == "float64" else "float32")
        assert float(value) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_the_record_says_whether_the_generators_half_reads_real_logits(name):
    loss = LOSSES[name]
    fake = tf.constant([[FAKE]])
    if loss.generator_sees_real:
        low, high = (float(loss.generator(tf.constant([[x]]), fake)) for x in (0.0, 3.0))
        assert low != high
    else:
        assert np.isfinite(float(loss.generator(None, fake)))


def test_relativistic_refuses_to_broadcast():
    with pytest.raises(ValueError):
        LOSSES["relativistic"].discriminator(tf.zeros([4, 1]), tf.zeros([4]))


@pytest.mark.parametrize("name", ["minimax", "non_saturating", "maximum_likelihood"])
def test_smoothing_moves_only_the_real_target(name):
    real, fake = tf.constant([[REAL]]), tf.constant([[FAKE]])
    smooth = losses.smooth(LOSSES[name], 0.1)
    expected = 0.9 * softplus(-REAL) + 0.1 * softplus(REAL) + softplus(FAKE)
    assert float(smooth.discriminator(real, fake)) == pytest.approx(expected, abs=1e-6)
    assert smooth.generator is LOSSES[name].generator


def test_smoothing_least_squares_aims_at_the_smoothed_target():
    value = losses.smooth(LOSSES["least_squares"], 0.25).discriminator([0.75], [0.0])
    assert float(value) == 0.0


def test_smoothing_needs_a_target():
    with pytest.raises(ValueError, match="label_smoothing.*least_squares"):
        losses.smooth(LOSSES["wasserstein"], 0.1)
    with pytest.raises(ValueError, match=r"label_smoothing.*\[0, 1\).*1.5"):
        losses.smooth(LOSSES["minimax"], 1.5)
