"""Distances and nearest neighbours of features, in blocks that bound the memory."""

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays

# Largest number of rows of a block, and of float64 distances in it (32 MB).
BLOCK = 1000
MOST_DISTANCES = 4_000_000


def blocks(x, y, block=BLOCK):
    """Squared Euclidean distances in blocks of rows of `x`.

    Args:
        x: float64 [n, dims].
        y: float64 [m, dims].
        block: largest number of rows of x at once.

    Yields:
        (slice of x, float64 [rows, m]). By rounding, the distance of equal rows may
        differ from 0, see `slack`.
    """
    squares = np.einsum("ij,ij->i", y, y)
    block = _rows(block, y)
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
    """Bound of the rounding error of the squared distances that `blocks` yields."""
    largest = max(np.einsum("ij,ij->i", part, part).max() for part in (x, y))
    return 32 * np.finfo(np.float64).eps * largest


def nearest_squares(x, most, block=BLOCK):
    """Squared distances of every row to its nearest others, float64 [n, most] ascending.

    Args:
        x: float64 [n, dims], n > most.
        most: number of neighbours, >= 1.
        block: largest number of rows at once.
    """
    nearest = np.full((len(x), most), np.inf)
    block = _rows(block, x)
    for start in range(0, len(x), block):
        # Distances are symmetric: those to earlier rows were computed in these rows' blocks.
        ((own, distances),) = blocks(x[start : start + block], x[start:], block)
        count = own.stop
        distances[np.arange(count), np.arange(count)] = np.inf
        _keep_nearest(nearest[start : start + count], distances)
        _keep_nearest(nearest[start + count :], distances[:, count:].T)
    return np.sort(nearest, axis=1)


def nearest_neighbour_accuracy(references, reference_labels, queries, labels, block=BLOCK):
    """Accuracy of the classifier that gives each query the class of its nearest reference (1-NN).

    Distances are Euclidean; of references at one distance the first counts.

    Args:
        references: [n, dims], features whose classes are known.
        reference_labels: int [n].
        queries: [m, dims], features to classify.
        labels: int [m], their classes.
        block: largest number of queries at once.

    Returns:
        float in [0, 1].

    Raises:
        ValueError: features and labels that do not fit each other, or NaN.

    Reference:
        Cover & Hart 1967, https://doi.org/10.1109/TIT.1967.1053964; of BiGAN's features
        Donahue et al. 2016, https://arxiv.org/abs/1605.09782
    """
    references, reference_labels = arrays.labelled("references", references, reference_labels)
    queries, labels = arrays.labelled("queries", queries, labels)
    if queries.shape[1] != references.shape[1]:
        expected = f"features of {references.shape[1]} dimensions, as references has"
        raise errors.invalid("queries", expected, queries.shape[1])
    nearest = [distances.argmin(axis=1) for _, distances in blocks(queries, references, block)]
    return float(np.mean(reference_labels[np.concatenate(nearest)] == labels))


def _keep_nearest(nearest, distances):
    """Puts into each row of `nearest` [n, most] the smallest of it and `distances` [n, m]."""
    most = nearest.shape[1]
    closer = distances < nearest.max(axis=1)[:, None]
    for row in np.flatnonzero(closer.any(axis=1)):
        found = np.concatenate((nearest[row], distances[row, closer[row]]))
        nearest[row] = np.partition(found, most - 1)[:most]


def _rows(block, y):
    return max(1, min(block, MOST_DISTANCES // len(y)))
