"""Memorisation of the training data, and the number of distinct samples of a generator."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays
from tfgan.metrics.neighbours import blocks, slack

# Pairs at a time whose distance is recomputed without `blocks`' rounding error.
EXACT_PAIRS = 10_000


class Memorization(NamedTuple):
    """Mean distances to the nearest training sample, their ratio, and the closest pairs.

    Attributes:
        generated: mean distance of generated samples.
        held_out: mean distance of held-out data.
        ratio: generated / held_out; well below 1 where training data is repeated.
        pairs: tuple of (generated row, training row, distance), the closest first.
    """

    generated: float
    held_out: float
    ratio: float
    pairs: tuple


def memorization(training, held_out, generated, pairs=10):
    """Distances of samples and of held-out data to their nearest training examples.

    Args:
        training: features [n, dims] of the training data.
        held_out: features [m, dims] of real data that the game was not trained on.
        generated: features [k, dims] of samples.
        pairs: how many of the closest pairs to return.

    Returns:
        `Memorization`, Euclidean distances.

    Raises:
        ValueError: NaN, or different numbers of dimensions.
    """
    training = arrays.features("training", training)
    nearest = {}
    for name, features in (("generated", generated), ("held_out", held_out)):
        features = arrays.features(name, features)
        if features.shape[1] != training.shape[1]:
            expected = f"{training.shape[1]} dimensions, as training has"
            raise errors.invalid(name, expected, features.shape[1])
        nearest[name] = _nearest(features, training)
    distances, rows = nearest["generated"]
    order = np.argsort(distances, kind="stable")[:pairs]
    closest = tuple((int(i), int(rows[i]), float(distances[i])) for i in order)
    means = {name: float(found.mean()) for name, (found, _) in nearest.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = float(np.divide(means["generated"], means["held_out"]))
    return Memorization(means["generated"], means["held_out"], ratio, closest)


class SupportSize(NamedTuple):
    """Estimated number of distinct samples, and the number of equal pairs that were found."""

    size: float
    pairs: int


def support_size(samples, threshold):
    """Estimates the number of distinct samples of a generator, by the birthday paradox.

    Among n samples of a uniform distribution on s values, n (n - 1) / (2 s) pairs are
    equal on average; so s is about n (n - 1) / 2 divided by the number of pairs within
    the threshold. It is infinite if there is no such pair: the support is then likely
    larger than n^2 / 2.

    Args:
        samples: features [n, dims], n >= 2.
        threshold: Euclidean distance up to which two samples count as equal, >= 0.

    Returns:
        `SupportSize`.

    Raises:
        ValueError: fewer than 2 samples, NaN, or a negative threshold.

    Reference:
        Arora & Zhang 2017, https://arxiv.org/abs/1706.08224
    """
    samples = arrays.features("samples", samples, least=2)
    if not threshold >= 0:
        raise errors.invalid("threshold", "a distance >= 0", threshold)
    within = sum(
        _alike(samples, rows, distances, threshold) for rows, distances in blocks(samples, samples)
    )
    count = len(samples) * (len(samples) - 1) / 2
    return SupportSize(count / within if within else float("inf"), within)


def _alike(samples, rows, squares, threshold):
    """Number of pairs (one of `rows`, a later sample) within the threshold."""
    later = np.arange(len(samples)) > np.arange(rows.start, rows.stop)[:, None]
    margin = slack(samples, samples)
    sure = later & (squares < threshold**2 - margin)
    close = later & ~sure & (squares <= threshold**2 + margin)
    one, other = np.nonzero(close)
    found = int(np.count_nonzero(sure))
    for start in range(0, len(one), EXACT_PAIRS):
        pairs = slice(start, start + EXACT_PAIRS)
        exact = np.linalg.norm(samples[rows.start + one[pairs]] - samples[other[pairs]], axis=1)
        found += int((exact <= threshold).sum())
    return found


def _nearest(features, training):
    """Distance to the nearest training row, and its number, for each feature."""
    rows = np.empty(len(features), int)
    for block, squares in blocks(features, training):
        rows[block] = squares.argmin(axis=1)
    return np.linalg.norm(features - training[rows], axis=1), rows
