"""Mixtures of Gaussians: toy data of points, sampled without end."""

import numpy as np
import tensorflow as tf

from tfgan import checks, errors
from tfgan.data.source import Part, Source


class Points(Source):
    """A source of points from a mixture of equally likely Gaussians of one standard deviation.

    Args:
        centres: float [modes, dims].
        sigma: float > 0, the standard deviation along each axis.

    Attributes:
        centres: float64 [modes, dims].
        sigma: float.
        spec: one part, `images`.
    """

    def __init__(self, centres, sigma):
        self.centres = np.asarray(centres, np.float64)
        if self.centres.ndim != 2 or not self.centres.size or not np.isfinite(self.centres).all():
            raise errors.invalid("centres", "finite floats [modes, dims]", self.centres)
        self.sigma = checks.positive("sigma", sigma)
        self.spec = {"images": Part(self.centres.shape[1:], "points")}

    def batch(self, step, size, seed):
        keys = tf.random.experimental.stateless_split(
            tf.stack([tf.constant(seed, tf.int64), tf.cast(step, tf.int64)]), 2, alg="philox"
        )
        modes = tf.random.stateless_uniform(
            [size], keys[0], 0, len(self.centres), tf.int32, alg="philox"
        )
        noise = tf.random.stateless_normal([size, *self.centres.shape[1:]], keys[1], alg="philox")
        centres = tf.gather(tf.constant(self.centres, tf.float32), modes)
        return {"images": centres + self.sigma * noise}


def ring_centres():
    """The 8 centres on the unit circle, at angles 2 pi i / 8; float64 [8, 2]."""
    angles = 2 * np.pi * np.arange(8) / 8
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def grid_centres():
    """The 25 centres {-4, -2, 0, 2, 4}^2; float64 [25, 2]."""
    ticks = np.arange(-4.0, 5.0, 2.0)
    return np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(-1, 2)


def open_ring(request):
    """8 Gaussians of sigma 0.01 on the unit circle."""
    _check(request)
    return Points(ring_centres(), sigma=0.01)


def open_grid(request):
    """25 Gaussians of sigma 0.05 on a grid of step 2."""
    _check(request)
    return Points(grid_centres(), sigma=0.05)


def open_gaussian_1d(request):
    """One Gaussian on the line, of mean 4 and standard deviation 1.25."""
    _check(request)
    return Points([[4.0]], sigma=1.25)


def open_bimodal_1d(request):
    """Two Gaussians of standard deviation 1 on the line: 0.7 N(0, 1) + 0.3 N(4, 1)."""
    _check(request)
    # Modes are equally likely: seven of ten are the same.
    return Points([[0.0]] * 7 + [[4.0]] * 3, sigma=1.0)


def _check(request):
    if request.shuffled is not None:
        expected = f"none, because {request.name} never ends"
        raise errors.invalid("shuffled", expected, request.shuffled)
    if request.split != "train":
        raise errors.unknown("split", request.split, ["train"])
    if request.image_size is not None:
        expected = f"None, because {request.name} holds points"
        raise errors.invalid("image_size", expected, request.image_size)
    if request.condition:
        expected = f"False, because {request.name} has no labels"
        raise errors.invalid("condition", expected, request.condition)
