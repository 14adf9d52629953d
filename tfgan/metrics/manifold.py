"""Precision and recall, density and coverage: fidelity and diversity by nearest neighbours."""

from typing import NamedTuple

import numpy as np

from tfgan.metrics import arrays
from tfgan.metrics.neighbours import BLOCK, blocks, nearest_squares, slack


class PrecisionRecall(NamedTuple):
    """Result of `precision_recall`: shares in [0, 1]."""

    precision: float
    recall: float


class DensityCoverage(NamedTuple):
    """Result of `density_coverage`: density >= 0, and coverage in [0, 1]."""

    density: float
    coverage: float


class ManifoldScores(NamedTuple):
    """Result of `manifold_scores`: the fields of `PrecisionRecall` and `DensityCoverage`."""

    precision: float
    recall: float
    density: float
    coverage: float


def precision_recall(real, generated, k=3, block=BLOCK):
    """Improved precision and recall.

    The neighbourhood of a sample reaches to its k-th nearest neighbour in its own set.
    Precision is the share of generated samples in the neighbourhood of some real
    sample; recall is the share of real samples in that of some generated one. The
    border belongs to the neighbourhood.

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
    real, generated = arrays.pair(real, generated)
    for features in (real, generated):
        arrays.check_neighbours(k, len(features))
    hits = _PrecisionRecall(
        real, generated, nearest_squares(real, k, block), nearest_squares(generated, k, block)
    )
    return _count(real, generated, block, hits)[0]


def density_coverage(real, generated, k=5, block=BLOCK):
    """Density and coverage, which are robust to outliers.

    Density is the mean number of real samples' neighbourhoods (see `precision_recall`)
    that a generated sample lies in, divided by k: 1 for equal distributions, and it may
    exceed 1. Coverage is the share of real samples with a generated one in their
    neighbourhood: 1 - 2^-k for equal distributions and many samples. The border does
    not belong to the neighbourhood, as in the authors' code.

    Args:
        real, generated, k, block: as in `precision_recall`.

    Returns:
        `DensityCoverage`, density >= 0 and coverage in [0, 1].

    Raises:
        ValueError: as in `precision_recall`.

    Reference:
        Naeem et al. 2020, https://arxiv.org/abs/2002.09797
    """
    real, generated = arrays.pair(real, generated)
    arrays.check_neighbours(k, len(real))
    hits = _DensityCoverage(real, generated, nearest_squares(real, k, block))
    return _count(real, generated, block, hits)[0]


def manifold_scores(real, generated, precision_k=3, density_k=5, block=BLOCK):
    """`precision_recall` and `density_coverage` together, with distances computed once.

    Args:
        real, generated, block: as in `precision_recall`.
        precision_k: k of precision and recall.
        density_k: k of density and coverage.

    Returns:
        `ManifoldScores`.

    Raises:
        ValueError: as in `precision_recall`.
    """
    real, generated = arrays.pair(real, generated)
    arrays.check_neighbours(max(precision_k, density_k), len(real))
    arrays.check_neighbours(precision_k, len(generated))
    around_real = nearest_squares(real, max(precision_k, density_k), block)
    around_generated = nearest_squares(generated, precision_k, block)
    shares = _count(
        real,
        generated,
        block,
        _PrecisionRecall(real, generated, around_real[:, :precision_k], around_generated),
        _DensityCoverage(real, generated, around_real[:, :density_k]),
    )
    return ManifoldScores(*shares[0], *shares[1])


def _count(real, generated, block, *hits):
    for rows, distances in blocks(generated, real, block):
        for hit in hits:
            hit.add(rows, distances)
    return [hit.result() for hit in hits]


class _PrecisionRecall:
    def __init__(self, real, generated, around_real, around_generated):
        # Ties count in spite of rounding, which differs from block to block.
        margin = slack(real, generated)
        self.around_real = around_real[:, -1] + margin
        self.around_generated = around_generated[:, -1] + margin
        self.precise = np.empty(len(generated), bool)
        self.recalled = np.zeros(len(real), bool)

    def add(self, rows, distances):
        self.precise[rows] = (distances <= self.around_real).any(axis=1)
        self.recalled |= (distances <= self.around_generated[rows, None]).any(axis=0)

    def result(self):
        return PrecisionRecall(float(self.precise.mean()), float(self.recalled.mean()))


class _DensityCoverage:
    def __init__(self, real, generated, around_real):
        # Ties do not count, in spite of rounding.
        self.k = around_real.shape[1]
        self.around_real = around_real[:, -1] - slack(real, generated)
        self.generated = len(generated)
        self.inside = 0
        self.covered = np.zeros(len(real), bool)

    def add(self, rows, distances):
        within = distances < self.around_real
        self.inside += int(np.count_nonzero(within))
        self.covered |= within.any(axis=0)

    def result(self):
        return DensityCoverage(
            self.inside / (self.k * self.generated), float(self.covered.mean())
        )
