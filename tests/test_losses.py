import math

import numpy as np
import pytest
import tensorflow as tf

from tfgan import divergences, losses
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
tanh, exp = math.tanh, math.exp
# f-divergences: g and f*(g) of a logit, and the derivatives of both.
BY_DIVERGENCE = {
    "total_variation": (
        lambda v: tanh(v) / 2, lambda v: tanh(v) / 2,
        lambda v: (1 - tanh(v) ** 2) / 2, lambda v: (1 - tanh(v) ** 2) / 2,
    ),
    "kl": (lambda v: v, lambda v: exp(v - 1), lambda v: 1, lambda v: exp(v - 1)),
    "reverse_kl": (lambda v: -exp(-v), lambda v: v - 1, lambda v: exp(-v), lambda v: 1),
    "jeffrey": (
        lambda v: 1 + v - exp(-v), lambda v: exp(v) + v - 1,
        lambda v: 1 + exp(-v), lambda v: exp(v) + 1,
    ),
    "pearson": (lambda v: v, lambda v: v * v / 4 + v, lambda v: 1, lambda v: v / 2 + 1),
    "neyman": (
        lambda v: 1 - exp(-v), lambda v: 2 - 2 * math.sqrt(exp(-v)),
        lambda v: exp(-v), lambda v: exp(-v / 2),
    ),
    "squared_hellinger": (
        lambda v: 1 - exp(-v), lambda v: (1 - exp(-v)) / exp(-v), lambda v: exp(-v), exp,
    ),
    "jensen_shannon": (
        lambda v: math.log(2 * sigmoid(v)), lambda v: -math.log(2 - 2 * sigmoid(v)),
        lambda v: sigmoid(-v), sigmoid,
    ),
}  # fmt: skip
BY_HAND |= {name: (c(FAKE) - g(REAL), -c(FAKE)) for name, (g, c, _, _) in BY_DIVERGENCE.items()}
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
    **{n: (-dg(REAL), dc(FAKE), -dc(FAKE)) for n, (_, _, dg, dc) in BY_DIVERGENCE.items()},
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
    if name in BY_DIVERGENCE:
        witness, conjugate, _, _ = BY_DIVERGENCE[name]
        return mean(conjugate, FAKES) - mean(witness, REALS), -mean(conjugate, FAKES)
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


# The best discriminator's logits where u = p / q, by g(v) = f'(u).
BEST = {
    "total_variation": lambda u: 40.0 * np.sign(u - 1),
    "kl": lambda u: np.log(u) + 1,
    "reverse_kl": np.log,
    "jeffrey": np.log,
    "pearson": lambda u: 2 * (u - 1),
    "neyman": lambda u: 2 * np.log(u),
    "squared_hellinger": lambda u: np.log(u) / 2,
    "jensen_shannon": np.log,
}
# The divergences of p = (1/2, 1/2) from q = (1/4, 3/4).
OF_HALVES = {
    "total_variation": 0.25,
    "kl": 0.1438410362,
    "reverse_kl": 0.1308120359,
    "jeffrey": 0.1438410362 + 0.1308120359,
    "pearson": 1 / 3,
    "neyman": 0.25,
    "squared_hellinger": 0.0681483474,
    "jensen_shannon": 0.0676441511,
}
DIVERGENCES = {name: getattr(divergences, name.upper()) for name in OF_HALVES}
RATIOS = np.array([2.0, 2 / 3])


def bound(loss, logits):
    """The bound of a discriminator with logits (one, other) for p and q."""
    one, other = np.float32(logits)
    return -float(loss.discriminator(tf.constant([one, other]), tf.constant([one, other, other, other])))


@pytest.mark.parametrize("name", OF_HALVES)
def test_the_best_discriminator_meets_the_divergence(name):
    loss, best = LOSSES[name], BEST[name](RATIOS)
    assert bound(loss, best) == pytest.approx(OF_HALVES[name], abs=1e-6)
    # p over q, by f itself.
    assert DIVERGENCES[name].function(RATIOS) @ [0.25, 0.75] == pytest.approx(OF_HALVES[name], abs=1e-9)
    for step in ([0.1, 0], [-0.1, 0], [0, 0.1], [0, -0.1]):
        assert bound(loss, best + step) <= bound(loss, best) + 1e-6


@pytest.mark.parametrize("name", OF_HALVES)
def test_equal_densities_have_divergence_0(name):
    """At u = 1: f*(f'(1)) = f'(1) - f(1), and f(1) = 0."""
    assert DIVERGENCES[name].function(np.ones(1)) == 0
    logit = np.float32(BEST[name](1.0))
    assert bound(LOSSES[name], [logit, logit]) == pytest.approx(0, abs=1e-6)


def test_the_first_gan_is_an_f_gan():
    first, minimax = losses.f_gan(divergences.GAN), LOSSES["minimax"]
    shifted = LOSSES["jensen_shannon"]
    real, fake = tf.constant(REALS), tf.constant(FAKES)
    for half in ("discriminator", "generator"):
        value = float(getattr(minimax, half)(real, fake))
        assert float(getattr(first, half)(real, fake)) == pytest.approx(value, abs=1e-6)
    assert bound(first, np.log(RATIOS)) == pytest.approx(-1.3186502100, abs=1e-6)
    assert divergences.GAN.function(RATIOS) @ [0.25, 0.75] == pytest.approx(-1.3186502100, abs=1e-9)
    difference = float(shifted.discriminator(real, fake)) - float(minimax.discriminator(real, fake))
    assert difference == pytest.approx(-math.log(4), abs=1e-6)


def test_only_zero_sum_losses_say_so():
    real, fake = tf.constant(REALS), tf.constant(FAKES)
    for name, loss in LOSSES.items():
        if not loss.generator_sees_real:
            # Up to the term in the real logits, which is the same for other generated ones.
            sums = [float(loss.discriminator(real, f) + loss.generator(None, f)) for f in (fake, fake + 1.0)]
            assert loss.zero_sum == (abs(sums[0] - sums[1]) < 1e-6), name
