import pytest

from tfgan.latents import PRIORS
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
