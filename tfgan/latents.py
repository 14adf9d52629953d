"""Priors: where latent vectors come from.

Every prior is `(random, shape) -> float32`, with `random` a
`tfgan.randomness.Random` and `shape` `[batch, latent_dim]`.
"""


def normal(random, shape):
    """Standard normal."""
    return random.normal(shape)


def uniform(random, shape):
    """Uniform on [-1, 1)."""
    return 2.0 * random.uniform(shape) - 1.0


def uniform01(random, shape):
    """Uniform on [0, 1), as in Goodfellow et al. 2014's code."""
    return random.uniform(shape)


PRIORS = {
    "normal": normal,
    "uniform": uniform,
    "uniform01": uniform01,
}
