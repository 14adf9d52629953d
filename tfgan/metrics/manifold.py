"""Precision and recall, density and coverage: fidelity and diversity from neighbours."""

from typing import NamedTuple

import numpy as np

from tfgan.metrics import checked
from tfgan.metrics.neighbours import BLOCK, blocks, slack, squared_radii


class PrecisionRecall(NamedTuple):
    precision: float
    recall: float


class DensityCoverage(NamedTuple):
    density: float
    coverage: float


def precision_recall(real, generated, k=3, block=BLOCK):
    """Improved precision and recall.

    Precision is the share of generated samples that lie within the k-th neighbour's
    distance of some real one; recall the share of real samples that lie within
    that of some generated one. Being exactly at that distance counts.

    Args:
        real: features [n, dims], n > k.
        generated: features [m, dims], m > k.
        k: neighbours other than oneself, >= 1.
        block: rows whose distances are in memory at once; changes no result.

    Returns:
        `PrecisionRecall`, shares in [0, 1].

    Raises:
        ValueError: k out of range, NaN, or different numbers of dimensions.

    Reference:
        Kynkaanniemi et al. 2019, https://arxiv.org/abs/1904.06991
    """
    real, generated = checked.pair(real, generated)
    for features in (real, generated):
        checked.neighbours(k, len(features))
    # Ties count whatever the rounding, which differs from block to block.
    room = slack(real, generated)
    around_real, around_generated = (squared_radii(x, k, block) + room for x in (real, generated))
    precise = np.empty(len(generated), bool)
    recalled = np.zeros(len(real), bool)
    for rows, distances in blocks(generated, real, block):
        precise[rows] = (distances <= around_real).any(axis=1)
        recalled |= (distances <= around_generated[rows, None]).any(axis=0)
    return PrecisionRecall(float(precise.mean()), float(recalled.mean()))


def density_coverage(real, generated, k=5, block=BLOCK):
    """Density and coverage, which outliers cannot inflate.

    Density is the mean number of real samples' neighbourhoods that a generated one
    lies in, divided by k (1 for equal laws; it may exceed 1); coverage the share of
    real samples with a generated one in their neighbourhood (1 - 2^-k for equal
    laws and many samples). Being exactly at the k-th neighbour's distance does not
    count, as in the authors' code.

    Args:
        real, generated, k, block: as in `precision_recall`.

    Returns:
        `DensityCoverage`, density >= 0 and coverage in [0, 1].

    Raises:
        ValueError: as in `precision_recall`.

    Reference:
        Naeem et al. 2020, https://arxiv.org/abs/2002.09797
    """
    real, generated = checked.pair(real, generated)
    checked.neighbours(k, len(real))
    around_real = squared_radii(real, k, block) - slack(real, generated)
    inside = 0
    covered = np.zeros(len(real), bool)
    for _, distances in blocks(generated, real, block):
        within = distances < around_real
        inside += int(within.sum())
        covered |= within.any(axis=0)
    return DensityCoverage(inside / (k * len(generated)), float(covered.mean()))
