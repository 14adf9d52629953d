import keras
import numpy as np
import pytest

from tfgan.latents import PRIORS, refine
from tfgan.randomness import Random

# Name to (lower bound, upper bound, mean, standard deviation).
MOMENTS = {
    "normal": (-10, 10, 0.0, 1.0),
    "uniform": (-1, 1, 0.0, 3**-0.5),
    "uniform01": (0, 1, 0.5, 12**-0.5),
}


@pytest.mark.parametrize("name", PRIORS)
def test_moments(name):
    low, high, mean, std = MOMENTS[name]
    draws = PRIORS[name](Random([0, 0]), [5_000, 4]).numpy()
    assert draws.shape == (5_000, 4) and draws.dtype == "float32"
    assert low <= draws.min() and draws.max() <= high
    assert draws.mean() == pytest.approx(mean, abs=0.02)
    assert draws.std() == pytest.approx(std, abs=0.02)


def linear_generator():
    """G(z) = A z with orthonormal columns, from 2 latents to points of 4 dims."""
    kernel = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0][:, :2].T
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, use_bias=False)])
    generator.set_weights([kernel])
    return generator


def test_refined_latents_are_those_that_the_images_were_made_of():
    generator = linear_generator()
    z = np.random.default_rng(1).normal(size=(5, 2)).astype("float32")
    images = generator(z).numpy()
    found = refine(generator, images, np.zeros_like(z), steps=300, batch_size=2)
    np.testing.assert_allclose(found.latents, z, atol=1e-3)
    assert found.errors.shape == (301, 5)
    # |A z|^2 = |z|^2, of which a pixel has a quarter.
    np.testing.assert_allclose(found.errors[0], (z**2).sum(axis=1) / 4, rtol=1e-5)
    assert (found.errors[-1] < 1e-6).all()


def test_a_step_of_refinement_is_the_learning_rate_and_stays_within_its_limit():
    generator = linear_generator()
    images = generator(np.full((3, 2), 2.0, "float32")).numpy()
    start = np.zeros((3, 2), "float32")
    (once, _), (limited, _) = (
        refine(generator, images, start, steps=1, limit=limit) for limit in (None, 0.01)
    )
    np.testing.assert_allclose(once, 0.05, rtol=1e-4)  # Adam's first step, whatever the gradient
    np.testing.assert_allclose(limited, 0.01, rtol=1e-6)


@pytest.mark.parametrize("change, message", [
    ({"start": np.zeros((2, 2))}, "start: expected latents for 3 images, one or more; got 2"),
    ({"steps": -1}, "steps: expected a whole number >= 0; got -1"),
    ({"learning_rate": 0}, "learning_rate: expected a number > 0; got 0"),
    ({"limit": 0}, "limit: expected a number > 0 or None; got 0"),
])  # fmt: skip
def test_bad_arguments_of_refinement(change, message):
    with pytest.raises(ValueError, match=message):
        refine(linear_generator(), **{"images": np.zeros((3, 4)), "start": np.zeros((3, 2)), **change})
