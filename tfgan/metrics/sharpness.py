"""Sharpness of images: the variance of their Laplacian, beside that of real ones."""

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays

# Weights of red, green and blue in grey, as in ITU-R BT.601.
GREY = np.array([0.299, 0.587, 0.114])


def laplacian_variance_ratio(generated, real):
    """Sharpness relative to real images: below 1 they are blurred, above 1 noisy.

    The ratio of mean_i var(L g_i) of the generated images to that of the real ones, where
    g_i is image i in grey (BT.601 of three channels, the mean of others), L is the
    Laplacian of four neighbours, with the kernel [[0, 1, 0], [1, -4, 1], [0, 1, 0]], and
    var the variance over the positions where the kernel fits.

    Args:
        generated: images [n, height, width, channels] in [-1, 1], sides of at least 3.
        real: images [m, height, width, channels] of the same size.

    Returns:
        float >= 0, 1 for equal sets.

    Raises:
        ValueError: another shape, NaN, pixels out of range, or real images without any
            detail.

    Reference:
        Pech-Pacheco et al. 2000, https://doi.org/10.1109/ICPR.2000.903548; of generated
        images Tolstikhin et al. 2017, https://arxiv.org/abs/1711.01558
    """
    generated, real = arrays.images("generated", generated), arrays.images("real", real)
    if generated.shape[1:] != real.shape[1:]:
        expected = f"images of the size of real, {list(real.shape[1:])}"
        raise errors.invalid("generated", expected, list(generated.shape[1:]))
    if min(real.shape[1:3]) < 3:
        raise errors.invalid("real", "images with sides of at least 3 pixels", list(real.shape[1:3]))
    of_real = _sharpness(real)
    if not of_real > 0:
        raise errors.invalid("real", "images with some detail", "a variance of the Laplacian of 0")
    return _sharpness(generated) / of_real


def _sharpness(images):
    """Mean over images of the variance of the Laplacian."""
    found = [_laplacian(_grey(some)).var(axis=(1, 2)) for _, (some,) in arrays.parts(images)]
    return float(np.concatenate(found).mean())


def _grey(images):
    return images @ GREY if images.shape[3] == 3 else images.mean(axis=3)


def _laplacian(grey):
    """Of images [n, height, width], where its kernel fits: [n, height - 2, width - 2]."""
    neighbours = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    return neighbours - 4 * grey[:, 1:-1, 1:-1]
