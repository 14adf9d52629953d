"""Modes: how many of those known to exist are found, and how evenly."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays
from tfgan.metrics.neighbours import blocks


class ModeStatistics(NamedTuple):
    """Modes found, share of high-quality samples, reverse KL to the even law in nats."""

    modes: int
    high_quality: float
    reverse_kl: float


def mode_statistics(samples, centres, sigma, within=3.0):
    """Statistics of samples of an even mixture of Gaussians.

    A sample is of high quality within `within` sigma of the nearest centre; a mode
    is found that is nearest to one such sample. A perfect sampler of a mixture in
    the plane has 98.889 % within 3 sigma: more means modes that are too narrow.

    Args:
        samples: [n, dims].
        centres: [modes, dims].
        sigma: standard deviation of each mode, > 0.
        within: radius of high quality, in sigmas.

    Returns:
        `ModeStatistics`; the reverse KL is that of the high-quality samples' modes
        against the even law, infinite where there is none.

    Reference:
        Srivastava et al. 2017, https://arxiv.org/abs/1705.07761 (modes and quality);
        Lin et al. 2018, https://arxiv.org/abs/1712.04086 (reverse KL)
    """
    counts = mode_counts(samples, centres, sigma, within)
    return ModeStatistics(
        int((counts > 0).sum()), float(counts.sum() / len(samples)), kl_to_uniform(counts)
    )


def mode_counts(samples, centres, sigma, within=3.0):
    """Samples of high quality that are nearest to each centre, int [modes].

    Args: as in `mode_statistics`.
    """
    samples, centres = arrays.features("samples", samples), arrays.features("centres", centres)
    if samples.shape[1] != centres.shape[1]:
        expected = f"{centres.shape[1]} dimensions, as centres has"
        raise errors.invalid("samples", expected, samples.shape[1])
    if not sigma > 0:
        raise errors.invalid("sigma", "a number > 0", sigma)
    nearest, good = np.empty(len(samples), int), np.empty(len(samples), bool)
    for rows, distances in blocks(samples, centres):
        nearest[rows] = distances.argmin(axis=1)
        good[rows] = distances.min(axis=1) <= (within * sigma) ** 2
    return np.bincount(nearest[good], minlength=len(centres))


class ClassStatistics(NamedTuple):
    """Classes found, and KL(generated || even law) in nats."""

    modes: int
    kl: float


def class_statistics(classes, count):
    """Statistics of samples that a classifier has sorted, as for stacked MNIST.

    Args:
        classes: int [n], each in [0, count).
        count: number of classes, 1,000 for stacked MNIST (100 r + 10 g + b).

    Returns:
        `ClassStatistics`. An even sampler's KL is about (count - 1) / (2 n).

    Raises:
        ValueError: classes out of range.
    """
    classes = np.asarray(classes)
    if classes.ndim != 1 or classes.dtype.kind not in "iu" or not len(classes):
        got = f"{classes.dtype} {list(classes.shape)}"
        raise errors.invalid("classes", "integers [n], n >= 1", got)
    if classes.min() < 0 or classes.max() >= count:
        got = f"{classes.min()} to {classes.max()}"
        raise errors.invalid("classes", f"0 to {count - 1}", got)
    counts = np.bincount(classes, minlength=count)
    return ClassStatistics(int((counts > 0).sum()), kl_to_uniform(counts))


def kl_to_uniform(counts):
    """KL(counts / their sum || even law) in nats; infinite where nothing was counted."""
    counts = np.asarray(counts, np.float64)
    if not counts.sum():
        return float("inf")
    p = counts / counts.sum()
    return float(np.sum(p[p > 0] * np.log(p[p > 0] * len(p))))


def js_to_uniform(counts):
    """Jensen-Shannon divergence of counts / their sum and the even law, in nats.

    From 0 to log 2; NaN where nothing was counted.
    """
    counts = np.asarray(counts, np.float64)
    if not counts.sum():
        return float("nan")
    p, even = counts / counts.sum(), np.full(len(counts), 1 / len(counts))
    middle = (p + even) / 2
    found = p > 0
    one = np.sum(p[found] * np.log(p[found] / middle[found]))
    return float((one + np.sum(even * np.log(even / middle))) / 2)
