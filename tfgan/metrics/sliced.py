"""The sliced Wasserstein distance between the patches of two sets of images, per scale."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays

# Side of a patch, and least side of the smallest level, in pixels.
PATCH = 7
SMALLEST = 16
# The filter between the levels of the pyramid.
BINOMIAL = np.array([1, 4, 6, 4, 1]) / 16
# Random projections, and how many of them a thread computes at once.
DIRECTIONS = 512
CHUNK = 16


class SlicedWasserstein(NamedTuple):
    """Heights of the scales in pixels, the largest first; the distance of each; their mean."""

    heights: tuple
    distances: tuple
    mean: float


def sliced_wasserstein(real, generated, patches=128, seed=0):
    """1,000 times the sliced Wasserstein-1 distance of patches of a Laplacian pyramid.

    Patches of 7x7 pixels are drawn from every level down to 16 pixels, at the same
    places in both sets. They are normalised per channel, separately for each set (which
    removes global shifts of colour), and projected on 512 random directions. Patches and
    projections are float32, which sorts several times as fast as float64.

    Args:
        real: images [n, height, width, channels] in [-1, 1], sides of at least 16
            that halve evenly down to the last level.
        generated: as many, of the same shape. The paper takes 16,384.
        patches: per image and level, >= 1.
        seed: int, of the places and directions.

    Returns:
        `SlicedWasserstein`, floats >= 0.

    Raises:
        ValueError: shapes that differ or do not halve, NaN, or pixels out of range.

    Reference:
        Karras et al. 2017, https://arxiv.org/abs/1710.10196
    """
    real, generated = arrays.images("real", real), arrays.images("generated", generated)
    if real.shape != generated.shape:
        expected = f"as many images of the same size as real, {list(real.shape)}"
        raise errors.invalid("generated", expected, list(generated.shape))
    if patches < 1:
        raise errors.invalid("patches", "a whole number >= 1", patches)
    heights, distances = _heights(*real.shape[1:3]), []
    for level in range(len(heights)):
        one, other = (
            _descriptors(images, level, patches, np.random.default_rng([seed, level]))
            for images in (real, generated)
        )
        rng = np.random.default_rng([seed, level, 1])
        distances.append(1e3 * _sliced(one, other, rng))
    return SlicedWasserstein(heights, tuple(distances), float(np.mean(distances)))


def wasserstein_1d(one, other, p=1):
    """Wasserstein-p distance of two equally large sets of numbers.

    Args:
        one, other: float [n], n >= 1.
        p: exponent, >= 1.

    Returns:
        float >= 0, computed from the sorted sets.

    Raises:
        ValueError: sets that are empty or not equally large.
    """
    one, other = (np.sort(np.asarray(values, np.float64)) for values in (one, other))
    if one.shape != other.shape or one.ndim != 1 or not len(one):
        expected = f"as many numbers as the first set, {list(one.shape)}"
        raise errors.invalid("other", expected, list(other.shape))
    return float(np.mean(np.abs(one - other) ** p) ** (1 / p))


def halves(height, width):
    """Whether images of these sides have a pyramid down to 16 pixels."""
    while min(height, width) >= 2 * SMALLEST:
        if height % 2 or width % 2:
            return False
        height, width = height // 2, width // 2
    return min(height, width) >= SMALLEST


def _heights(height, width):
    """Heights of the pyramid's levels, the largest first."""
    if not halves(height, width):
        expected = f"sides of at least {SMALLEST} pixels that halve evenly down to it"
        raise errors.invalid("real", expected, [height, width])
    levels = (min(height, width) // SMALLEST).bit_length()
    return tuple(height >> level for level in range(levels))


def _laplacian(images, level):
    """One level of the pyramid: the difference to the next smaller one, or the smallest itself."""
    for _ in range(level):
        images = _smaller(images)
    if min(images.shape[1:3]) < 2 * SMALLEST:
        return images
    rows, columns = (2 * _blur(side)[:, ::2] for side in images.shape[1:3])
    return images - _apply(_smaller(images), rows, columns)


def _smaller(images):
    return _apply(images, *(_blur(side)[::2] for side in images.shape[1:3]))


def _blur(side):
    """The matrix of a binomial filter of 5 taps, mirrored at the ends."""
    matrix = np.zeros([side, side])
    for row in range(side):
        for offset, weight in zip(range(-2, 3), BINOMIAL):
            place = abs(row + offset)
            matrix[row, place if place < side else 2 * (side - 1) - place] += weight
    return matrix


def _apply(images, rows, columns):
    return np.einsum("ai,nijc,bj->nabc", rows, images, columns, optimize=True)


def _descriptors(images, level, patches, rng):
    """float32 [7 * 7 * channels, n * patches], normalised per channel."""
    count, channels = len(images), images.shape[3]
    height, width = (side >> level for side in images.shape[1:3])
    rows = rng.integers(0, height - PATCH + 1, (count, patches))
    columns = rng.integers(0, width - PATCH + 1, (count, patches))
    found = np.empty([channels * PATCH * PATCH, count, patches], np.float32)
    for part, (some,) in arrays.parts(images):
        found[:, part] = _patches(_laplacian(some, level), rows[part], columns[part])
    for values in found.reshape(channels, -1):
        values -= values.mean(dtype=np.float64)
        values /= np.sqrt(np.einsum("i,i", values, values, dtype=np.float64) / values.size) or 1
    return found.reshape(len(found), -1)


def _patches(images, rows, columns):
    """Patches [7 * 7 * channels, n, patches], whose upper left corners are at (rows, columns)."""
    windows = np.lib.stride_tricks.sliding_window_view(images, (PATCH, PATCH), axis=(1, 2))
    found = windows[np.arange(len(images))[:, None], rows, columns]
    return np.moveaxis(found.reshape(*rows.shape, -1), -1, 0)


def _sliced(one, other, rng):
    """Mean Wasserstein-1 distance of two sets [dims, n] of points along random directions."""
    directions = rng.normal(size=(DIRECTIONS, len(one)))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    directions = directions.astype(np.float32)

    def along(start):
        some = directions[start : start + CHUNK]
        # Contiguous float32 rows sort several times as fast.
        a, b = (np.sort(some @ points, axis=1) for points in (one, other))
        return np.abs(np.subtract(a, b, out=a), out=a).mean(axis=1, dtype=np.float64).sum()

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # NumPy sorts without Python's lock
        return float(sum(pool.map(along, range(0, DIRECTIONS, CHUNK))) / DIRECTIONS)
