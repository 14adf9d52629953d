"""The kernel distance (KID): an unbiased estimate of a maximum mean discrepancy."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays


class KernelDistance(NamedTuple):
    """Mean and standard deviation (divided by n) over the subsets."""

    mean: float
    std: float


def kernel_distance(real, generated, subsets=100, subset_size=1000, seed=0):
    """Squared maximum mean discrepancy with the kernel (x . y / dims + 1)^3.

    Unbiased: (sum of k(x, x') + sum of k(y, y') over x != x', y != y') / (m (m - 1))
    - 2 mean k(x, y). It may be negative where the sets are alike.

    Args:
        real: features [n, dims].
        generated: features [n', dims].
        subsets: how many pairs of subsets to average over, >= 1.
        subset_size: m >= 2, samples of each subset, drawn without replacement;
            at most the smaller of n and n' are taken.
        seed: int, of the subsets.

    Returns:
        `KernelDistance`, in float64.

    Raises:
        ValueError: fewer than 2 rows, NaN, or different numbers of dimensions.

    Reference:
        Binkowski et al. 2018, https://arxiv.org/abs/1801.01401
    """
    real, generated = arrays.pair(real, generated, least=2)
    if subsets < 1:
        raise errors.invalid("subsets", "a whole number >= 1", subsets)
    if subset_size < 2:
        raise errors.invalid("subset_size", "a whole number >= 2", subset_size)
    size = min(subset_size, len(real), len(generated))
    rng = np.random.default_rng(seed)
    values = [
        _unbiased(
            real[rng.choice(len(real), size, replace=False)],
            generated[rng.choice(len(generated), size, replace=False)],
        )
        for _ in range(subsets)
    ]
    return KernelDistance(float(np.mean(values)), float(np.std(values)))


def _unbiased(x, y):
    m = len(x)
    within = sum(k.sum() - np.trace(k) for k in (_kernel(x, x), _kernel(y, y)))
    return within / (m * (m - 1)) - 2 * _kernel(x, y).mean()


def _kernel(x, y):
    return (x @ y.T / x.shape[1] + 1) ** 3
