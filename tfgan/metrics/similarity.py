"""Similarity of pairs of images: PSNR, SSIM and MS-SSIM, also of pairs that share their labels."""

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays

# Side of SSIM's window and deviation of its Gaussian, in pixels.
WINDOW, SIGMA = 11, 1.5
# (0.01 * 255)^2 and (0.03 * 255)^2.
C1, C2 = 2.55**2, 7.65**2
# Exponents of MS-SSIM's scales, the largest images first.
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def psnr(images, others):
    """Peak signal-to-noise ratio (PSNR) in dB: 10 log10(2^2 / mean squared error).

    Args:
        images: [n, height, width, channels] in [-1, 1].
        others: the same shape, compared image by image.

    Returns:
        float64 [n]; infinite for equal images.

    Raises:
        ValueError: shapes that differ, NaN, or pixels out of range.
    """
    error = _each(lambda one, other: np.mean((one - other) ** 2, axis=(1, 2, 3)), images, others)
    with np.errstate(divide="ignore"):
        return 10 * np.log10(4 / error)


def ssim(images, others):
    """Structural similarity (SSIM), with a Gaussian window of 11x11 pixels (sigma 1.5).

    The window is moved over the positions where it fits. Smaller images get a window of
    their size, and a sigma in proportion.

    Args and Raises: as in `psnr`.

    Returns:
        float64 [n], the mean over positions and channels; 1 for equal images.

    Reference:
        Wang et al. 2004, https://doi.org/10.1109/TIP.2003.819861
    """
    return _each(lambda one, other: _means(_to_255(one), _to_255(other))[0], images, others)


def ms_ssim(images, others=None):
    """Multi-scale structural similarity (MS-SSIM); between samples, lower means more diverse.

    Five scales, halved by averaging 2x2 pixels, with the weights of the paper (which
    do not sum to 1); negative contrast terms count as 0.

    Args:
        images: [n, height, width, channels] in [-1, 1], sides of at least 16.
        others: the same shape, compared image by image; None: neighbours in
            `images` (0 with 1, 2 with 3, ...), n even.

    Returns:
        float, the mean over all pairs.

    Raises:
        ValueError: as in `psnr`; an odd number of images; or too small ones.

    Reference:
        Wang et al. 2003, https://doi.org/10.1109/ACSSC.2003.1292216; as a measure of
        diversity Odena et al. 2016, https://arxiv.org/abs/1610.09585
    """
    if others is None:
        images = arrays.images("images", images)
        if len(images) % 2:
            raise errors.invalid("images", "an even number of them, for pairs", len(images))
        images, others = images[::2], images[1::2]
    arrays.images("images", images)
    least = 2 ** (len(WEIGHTS) - 1)
    if min(images.shape[1:3]) < least:
        got = "x".join(map(str, images.shape[1:3]))
        raise errors.invalid("images", f"sides of at least {least} pixels", got)
    return float(np.mean(_each(_over_scales, images, others)))


def ms_ssim_within(images, labels, pairs=2000, seed=0):
    """Mean MS-SSIM of random pairs of images that share all their labels.

    It measures the variety that is left once the labels are fixed: compare it with that of
    real images with the same labels. The first image of a pair is drawn uniformly from those
    that share their labels with another, the second from these others. Images and labels
    of the same order and seed give the same pairs.

    Args:
        images: [n, height, width, channels] in [-1, 1], sides of at least 16.
        labels: [n] or [n, k], classes or tags.
        pairs: number of pairs, >= 1.
        seed: int, of the pairs.

    Returns:
        float; lower means more variety.

    Raises:
        ValueError: as in `ms_ssim`; not as many labels as images; no two images with the
            same labels.
    """
    images = arrays.images("images", images)
    if pairs < 1:
        raise errors.invalid("pairs", "a whole number >= 1", pairs)
    one, other = _within(labels, len(images), pairs, np.random.default_rng(seed))
    return ms_ssim(images[one], images[other])


def _within(labels, count, pairs, rng):
    """Places of the first and of the second images of pairs with the same labels, int [pairs] each."""
    labels = np.asarray(labels)
    if labels.ndim not in (1, 2) or len(labels) != count:
        raise errors.invalid("labels", f"labels [{count}] or [{count}, k]", list(labels.shape))
    _, group, sizes = np.unique(
        labels.reshape(count, -1), axis=0, return_inverse=True, return_counts=True
    )
    group = group.reshape(-1)
    shared = np.flatnonzero(sizes[group] > 1)
    if not len(shared):
        raise errors.invalid("labels", "at least two images with the same labels", f"{count} that differ")
    # Members of a group are neighbours in this order, each at its rank within the group.
    order = np.argsort(group, kind="stable")
    first = np.cumsum(sizes) - sizes
    rank = np.empty(count, int)
    rank[order] = np.arange(count) - first[group[order]]
    one = rng.choice(shared, pairs)
    size = sizes[group[one]]
    # A step of 1 to size - 1 leads from an image to any other of its group.
    step = rng.integers(1, size)
    return one, order[first[group[one]] + (rank[one] + step) % size]


def _over_scales(images, others):
    """MS-SSIM of each pair."""
    one, other = _to_255(images), _to_255(others)
    result = np.ones(len(one))
    for scale, weight in enumerate(WEIGHTS):
        similarity, contrast = _means(one, other)
        last = scale == len(WEIGHTS) - 1
        result *= np.maximum(similarity if last else contrast, 0) ** weight
        one, other = _halved(one), _halved(other)
    return result


def _each(function, images, others):
    """`function` of images and others, which gives one number for each pair."""
    images, others = arrays.images("images", images), arrays.images("others", others)
    if images.shape != others.shape:
        raise errors.invalid("others", f"the shape {list(images.shape)}", list(others.shape))
    return np.concatenate([function(*pair) for _, pair in arrays.parts(images, others)])


def _to_255(images):
    """[n, channels, height, width] in 0 to 255, not rounded."""
    return (np.moveaxis(images, -1, 1) + 1) * 127.5


def _means(one, other):
    """Per pair, the means of SSIM and of its contrast-structure factor."""
    smooth = _smoother(*one.shape[2:])
    mean_1, mean_2 = smooth(one), smooth(other)
    variance_1 = smooth(one * one) - mean_1**2
    variance_2 = smooth(other * other) - mean_2**2
    covariance = smooth(one * other) - mean_1 * mean_2
    contrast = (2 * covariance + C2) / (variance_1 + variance_2 + C2)
    luminance = (2 * mean_1 * mean_2 + C1) / (mean_1**2 + mean_2**2 + C1)
    return tuple(values.mean(axis=(1, 2, 3)) for values in (luminance * contrast, contrast))


def _smoother(height, width):
    """Convolution with the window where it fits, as one matrix per axis."""
    size = min(WINDOW, height, width)
    offsets = np.arange(size) - (size - 1) / 2
    window = np.exp(-(offsets**2) / (2 * (SIGMA * size / WINDOW) ** 2))
    window /= window.sum()
    rows, columns = (_slides(window, side) for side in (height, width))
    return lambda images: rows @ images @ columns.T


def _slides(window, side):
    matrix = np.zeros([side - len(window) + 1, side])
    for start, row in enumerate(matrix):
        row[start : start + len(window)] = window
    return matrix


def _halved(images):
    height, width = (side - side % 2 for side in images.shape[2:])
    parts = [images[..., i:height:2, j:width:2] for i in (0, 1) for j in (0, 1)]
    return sum(parts) / 4
