"""Points: mixtures of Gaussians, sampled without end."""

import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.data.order import check, endless


class Points:
    """An even mixture of Gaussians of one width, in its own units.

    Args:
        centres: float [modes, dims].
        sigma: float > 0, the standard deviation along each axis.

    Attributes:
        centres: float64 [modes, dims].
        sigma: float.
        shape: `(dims,)`.
        num_classes: `()`.
        class_names: `()`.
    """

    num_classes = ()
    class_names = ()

    def __init__(self, centres, sigma):
        self.centres = np.asarray(centres, np.float64)
        self.sigma = sigma
        self.shape = self.centres.shape[1:]

    def batches(self, batch_size, seed=0, start_step=0):
        """Endless batches of fresh points, batch i being a function of (seed, i).

        Args:
            batch_size: int >= 1.
            seed: int.
            start_step: int >= 0, the number of the first batch; costs nothing.

        Returns:
            A `tf.data.Dataset` of float32 [batch_size, dims].

        Raises:
            ValueError: an argument out of range.
        """
        check(batch_size, seed, start_step)
        return endless(lambda step: self.batch(step, batch_size, seed), start_step)

    def batch(self, step, batch_size, seed):
        """Batch `step`, float32 [batch_size, dims]."""
        keys = tf.random.experimental.stateless_split(
            tf.stack([tf.constant(seed, tf.int64), step]), 2, alg="philox"
        )
        modes = tf.random.stateless_uniform(
            [batch_size], keys[0], 0, len(self.centres), tf.int32, alg="philox"
        )
        noise = tf.random.stateless_normal([batch_size, *self.shape], keys[1], alg="philox")
        return tf.gather(tf.constant(self.centres, tf.float32), modes) + self.sigma * noise


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


def _check(request):
    if request.split != "train":
        raise errors.unknown("split", request.split, ["train"])
    if request.image_size is not None:
        expected = f"None, because {request.name} holds points"
        raise errors.invalid("image_size", expected, request.image_size)
    if request.condition:
        expected = f"False, because {request.name} has no labels"
        raise errors.invalid("condition", expected, request.condition)
