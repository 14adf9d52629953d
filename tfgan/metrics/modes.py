"""Mode coverage: how many of the known modes or classes are found, and how evenly."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays
from tfgan.metrics.neighbours import blocks


class ModeStatistics(NamedTuple):
    """Modes found, share of high-quality samples, reverse KL to the uniform distribution in nats."""

    modes: int
    high_quality: float
    reverse_kl: float


def mode_statistics(samples, centres, sigma, within=3.0):
    """Modes found and sample quality, for a mixture of equally likely Gaussians.

    A sample is of high quality if it lies within `within` sigma of the nearest centre; a
    mode is found if it is nearest to at least one such sample. In two dimensions a
    perfect sampler has 98.889 % within 3 sigma: more means modes that are too narrow.

    Args:
        samples: [n, dims].
        centres: [modes, dims].
        sigma: standard deviation of each mode, > 0.
        within: radius of high quality, in sigmas.

    Returns:
        `ModeStatistics`; the reverse KL is KL(modes of high-quality samples || uniform
        distribution), infinite if no sample is of high quality.

    Raises:
        ValueError: sigma <= 0, NaN, or different numbers of dimensions.

    Reference:
        Srivastava et al. 2017, https://arxiv.org/abs/1705.07761 (modes and quality);
        Lin et al. 2018, https://arxiv.org/abs/1712.04086 (reverse KL)
    """
    counts = mode_counts(samples, centres, sigma, within)
    return ModeStatistics(
        int((counts > 0).sum()), float(counts.sum() / len(samples)), kl_to_uniform(counts)
    )


def mode_counts(samples, centres, sigma, within=3.0):
    """Number of high-quality samples of each mode, int [modes].

    Args and Raises: as in `mode_statistics`.
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
    """Number of classes found, and KL(generated classes || uniform distribution) in nats."""

    modes: int
    kl: float


def class_statistics(classes, count):
    """Classes found among classified samples, as for stacked MNIST.

    Args:
        classes: int [n], each in [0, count).
        count: number of classes, 1,000 for stacked MNIST (100 r + 10 g + b).

    Returns:
        `ClassStatistics`. The KL of a uniform sampler is about (count - 1) / (2 n).

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
    """KL(counts / their sum || uniform distribution) in nats; infinite if all counts are 0."""
    counts = np.asarray(counts, np.float64)
    if not counts.sum():
        return float("inf")
    p = counts / counts.sum()
    return float(np.sum(p[p > 0] * np.log(p[p > 0] * len(p))))


def js_to_uniform(counts):
    """Jensen-Shannon divergence of counts / their sum and the uniform distribution, in nats.

    From 0 to log 2; NaN if all counts are 0.
    """
    counts = np.asarray(counts, np.float64)
    if not counts.sum():
        return float("nan")
    p, even = counts / counts.sum(), np.full(len(counts), 1 / len(counts))
    middle = (p + even) / 2
    found = p > 0
    one = np.sum(p[found] * np.log(p[found] / middle[found]))
    return float((one + np.sum(even * np.log(even / middle))) / 2)
