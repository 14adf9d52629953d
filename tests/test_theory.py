import numpy as np
import pytest

from tfgan import divergences
from tfgan.laboratory import theory
from tfgan.laboratory.theory import Normal

X = np.linspace(-12, 12, 20001)
NEAR, FAR = Normal(0.0, 1.0), Normal(1.5, 0.7)


def densities(*normals):
    return [normal.density(X) for normal in normals]


def test_equal_densities_cannot_be_told_apart():
    p, _ = densities(NEAR, NEAR)
    judged = theory.optimal_discriminator(p, p)
    np.testing.assert_allclose(judged, 0.5)
    assert theory.game_value(p, p, judged, X) == pytest.approx(-np.log(4), abs=1e-9)
    assert theory.jensen_shannon(p, p, X) == pytest.approx(0, abs=1e-12)


def test_densities_apart_are_told_apart():
    p, q = densities(Normal(-6, 0.5), Normal(6, 0.5))
    assert theory.jensen_shannon(p, q, X) == pytest.approx(np.log(2), abs=1e-9)


def test_the_value_is_minus_log_4_plus_twice_the_divergence():
    p, q = densities(NEAR, FAR)
    value = theory.game_value(p, q, theory.optimal_discriminator(p, q), X)
    assert value == pytest.approx(-np.log(4) + 2 * theory.jensen_shannon(p, q, X), abs=1e-9)
    worse = theory.game_value(p, q, np.full_like(p, 0.4), X)
    assert worse < value


def test_the_divergence_by_hand():
    """Two boxes on [0, 1] and [0, 2]: 0.5 log(4/3) + 0.25 log(2/3) + 0.25 log 2."""
    x = np.linspace(0, 2, 400_001)
    p, q = np.where(x <= 1, 1.0, 0.0), np.full_like(x, 0.5)
    by_hand = 0.5 * np.log(4 / 3) + 0.25 * np.log(2 / 3) + 0.25 * np.log(2)
    assert theory.jensen_shannon(p, q, x) == pytest.approx(by_hand, abs=1e-5)


@pytest.mark.slow
def test_a_trained_discriminator_is_the_optimal_one():
    game, batch = theory.line_game(NEAR, FAR)
    x = np.linspace(-2.5, 3.5, 61)
    expected = theory.optimal_discriminator(NEAR.density(x), FAR.density(x))
    judge = lambda: 1 / (1 + np.exp(-game.logits(x[:, None].astype("float32"))))
    assert np.abs(judge() - expected).max() > 0.3
    before = [w.copy() for w in game.generator.get_weights()]
    theory.discriminator_trainer(game, batch)(1500)
    assert np.abs(judge() - expected).max() < 0.06
    p, q = densities(NEAR, FAR)
    logits = game.logits(X[:, None].astype("float32"), batch_size=len(X)).astype("float64")
    value = theory.game_value(p, q, 1 / (1 + np.exp(-logits)), X)
    optimum = -np.log(4) + 2 * theory.jensen_shannon(p, q, X)
    assert optimum - 0.01 < value < optimum
    assert all(np.array_equal(a, b) for a, b in zip(before, game.generator.get_weights()))


@pytest.mark.slow
def test_the_saturating_gradient_vanishes_where_the_others_do_not():
    size = {}
    for loss in ("minimax", "non_saturating", "wasserstein"):
        penalties = {"gradient_penalty": 1.0} if loss == "wasserstein" else {}
        game, batch = theory.line_game(Normal(0, 0.5), Normal(4, 0.5), loss, penalties=penalties)
        theory.discriminator_trainer(game, batch)(300)
        size[loss] = theory.gradient_size(game, batch)
    assert size["minimax"] < 0.05 and min(size["non_saturating"], size["wasserstein"]) > 1


def test_the_generators_gradient_by_hand():
    """D(x) = w x: for Wasserstein the gradient by the mean is -w, by the deviation 0 on average."""
    game, batch = theory.line_game(Normal(0, 1), Normal(2, 1), "wasserstein", units=1)
    values = [np.zeros_like(w) for w in game.discriminator.get_weights()]
    values[0][:], values[2][:], values[4][:] = 1e-4, 1.0, 3e4
    game.discriminator.set_weights(values)
    assert theory.gradient_size(game, batch) == pytest.approx(3.0, rel=0.01)


def test_twice_the_jensen_shannon_divergence_is_an_f_divergence():
    p, q = densities(NEAR, FAR)
    found = theory.f_divergence(divergences.JENSEN_SHANNON.function, p, q, X)
    assert found == pytest.approx(2 * theory.jensen_shannon(p, q, X), abs=1e-9)


def test_divergences_of_gaussians_by_their_formulas():
    """Of N(0, 1) from N(m, s): KL ln s + (1 + m^2) / (2 s^2) - 1/2, and the other way round."""
    x, m, s = np.linspace(-14, 14, 20001), 1.0, 1.5
    p, q = Normal(0, 1).density(x), Normal(m, s).density(x)
    kl = np.log(s) + (1 + m**2) / (2 * s**2) - 0.5
    reverse = -np.log(s) + (s**2 + m**2) / 2 - 0.5
    hellinger = 2 - 2 * np.sqrt(2 * s / (1 + s**2)) * np.exp(-(m**2) / (4 * (1 + s**2)))
    expected = {"KL": kl, "REVERSE_KL": reverse, "JEFFREY": kl + reverse, "SQUARED_HELLINGER": hellinger}
    for name, value in expected.items():
        function = getattr(divergences, name).function
        assert theory.f_divergence(function, p, q, x) == pytest.approx(value, abs=1e-9), name


def test_the_gaussian_of_least_kl_has_the_moments():
    x = np.linspace(-20, 24, 4401)
    p = 0.7 * Normal(0, 1).density(x) + 0.3 * Normal(4, 1).density(x)
    closest, least = theory.closest_normal(divergences.KL.function, p, x, Normal(1, 2))
    assert closest == pytest.approx((1.2, np.sqrt(4.36)), abs=1e-5)
    assert least == pytest.approx(0.18009, abs=1e-5)
