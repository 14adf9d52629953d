"""Priors: the distributions that latent vectors are drawn from.

Every prior is `(random, shape) -> float32`, with `random` a
`tfgan.randomness.Random` and `shape` `[batch, latent_dim]`.
"""


def normal(random, shape):
    """Standard normal prior: N(0, 1), independently for each element."""
    return random.normal(shape)


def uniform(random, shape):
    """Uniform prior on [-1, 1)."""
    return 2.0 * random.uniform(shape) - 1.0


def uniform01(random, shape):
    """Uniform prior on [0, 1).

    Reference:
        The code of Goodfellow et al. 2014, https://github.com/goodfeli/adversarial
    """
    return random.uniform(shape)


PRIORS = {
    "normal": normal,
    "uniform": uniform,
    "uniform01": uniform01,
}
