"""The Frechet distance between Gaussians fitted to two sets of features."""

import warnings
from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays


class Gaussian(NamedTuple):
    """A Gaussian fitted to n features: mean [dims], covariance [dims, dims] (over n - 1), and n."""

    mean: np.ndarray
    covariance: np.ndarray
    count: int


def frechet_distance(real, generated):
    """Frechet distance of two Gaussians: |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)).

    m are the means and S the covariances of the features, in float64. The trace of the
    square root is the sum of the singular values of S1^(1/2) S2^(1/2), which is exact
    for rank-deficient covariances too: nothing is added to their diagonals.

    The estimate is biased upwards: two sets of n samples of one d-dimensional
    standard normal are about 2 d / n + (d^2 + d) / (2 n) apart. Compare only
    distances at the same n.

    Args:
        real: features [n, dims], n >= 2, or their `Gaussian`.
        generated: features [m, dims], m >= 2, or their `Gaussian`.

    Returns:
        float >= 0. Only with the features of TensorFlow's 2015 Inception network
        is it what the literature calls FID.

    Raises:
        ValueError: too few rows, NaN, or different numbers of dimensions.

    Reference:
        Heusel et al. 2017, https://arxiv.org/abs/1706.08500
    """
    one, other = gaussian("real", real), gaussian("generated", generated)
    if one.mean.shape != other.mean.shape:
        expected = f"features of {len(one.mean)} dimensions, as real has"
        raise errors.invalid("generated", expected, len(other.mean))
    for name, fitted in (("real", one), ("generated", other)):
        if fitted.count <= len(fitted.mean):
            warnings.warn(
                f"{name}: {fitted.count} samples of {len(fitted.mean)} dimensions leave the "
                "covariance singular, and the distance strongly biased upwards",
                stacklevel=2,
            )
    spread = np.trace(one.covariance) + np.trace(other.covariance)
    spread -= 2 * _trace_of_root(one.covariance, other.covariance)
    return float(max(np.sum((one.mean - other.mean) ** 2) + spread, 0.0))


def gaussian(name, features):
    """Fits a `Gaussian` to features [n, dims], n >= 2; returns a `Gaussian` as it is."""
    if isinstance(features, Gaussian):
        return features
    features = arrays.features(name, features, least=2)
    mean = features.mean(axis=0)
    centred = features - mean
    return Gaussian(mean, centred.T @ centred / (len(features) - 1), len(features))


def _trace_of_root(one, other):
    """tr((S1 S2)^(1/2)) of two positive semi-definite matrices.

    With R R' = S, it is the sum of the singular values of R1' R2. This takes no square
    root of eigenvalues of S1 S2 that rounding has made negative.
    """
    return np.linalg.svd(_root(one).T @ _root(other), compute_uv=False).sum()


def _root(matrix):
    """R [dims, rank] with R R' = the matrix."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > len(values) * np.finfo(values.dtype).eps * values[-1]
    return vectors[:, kept] * np.sqrt(values[kept])
