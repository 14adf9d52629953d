"""Distances between sets of features in blocks: never a matrix of all pairs."""

import numpy as np

# Rows of a block; 1,000 x 10,000 float64 distances are 80 MB.
BLOCK = 1000


def blocks(x, y, block=BLOCK):
    """Squared Euclidean distances in blocks of rows of `x`.

    Args:
        x: float64 [n, dims].
        y: float64 [m, dims].
        block: rows of x at once.

    Yields:
        (slice of x, float64 [rows, m]); identical rows may be off 0 by rounding.
    """
    squares = np.einsum("ij,ij->i", y, y)
    for start in range(0, len(x), block):
        rows = slice(start, min(start + block, len(x)))
        part = x[rows]
        distances = part @ y.T
        distances *= -2
        distances += squares
        distances += np.einsum("ij,ij->i", part, part)[:, None]
        np.maximum(distances, 0, out=distances)
        yield rows, distances


def slack(x, y):
    """What rounding may add to or take from a squared distance that `blocks` yields."""
    largest = max(np.einsum("ij,ij->i", part, part).max() for part in (x, y))
    return 32 * np.finfo(np.float64).eps * largest


def squared_radii(x, k, block=BLOCK):
    """Squared distance of every row to its k-th nearest other row, float64 [n].

    Args:
        x: float64 [n, dims], n > k.
        k: whole number >= 1.
        block: rows at once.
    """
    radii = np.empty(len(x))
    for rows, distances in blocks(x, x, block):
        # Oneself is at infinity, so that the k-th of the rest is at index k - 1.
        distances[np.arange(len(distances)), np.arange(rows.start, rows.stop)] = np.inf
        radii[rows] = np.partition(distances, k - 1, axis=1)[:, k - 1]
    return radii
