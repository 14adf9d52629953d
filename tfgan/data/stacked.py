"""Stacked MNIST: three digits as the channels of one image, a thousand modes."""

import dataclasses

import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.data.catalogue import open_tfds
from tfgan.data.order import batch_indices, check, endless
from tfgan.data.pixels import from_uint8
from tfgan.views import pack

CHANNELS = 3


class Stacked:
    """Colour images of three grey ones each, in combinations that never end.

    Every pass over the digits is a new permutation, three consecutive ones of which
    make an image.

    Args:
        digits: `Records` of one channel, without condition.

    Attributes:
        shape: (height, width, 3).
        num_classes, class_names: ().
        images: uint8 [n, height, width, 3], as many as there are digits, a fixed set.
    """

    num_classes = ()
    class_names = ()
    condition = None
    skipped = 0

    def __init__(self, digits):
        if digits.shape[-1] != 1:
            raise errors.invalid("digits", "images of one channel", digits.shape)
        self._digits = tf.constant(digits.images)
        self.shape = (*digits.shape[:2], CHANNELS)

    def __len__(self):
        return len(self._digits)

    @property
    def images(self):
        rng = np.random.default_rng(0)
        digits = self._digits.numpy()
        return np.concatenate([digits[rng.permutation(len(self))] for _ in range(CHANNELS)], axis=-1)

    def batches(self, batch_size, seed=0, start_step=0):
        """Endless batches of float32 images in [-1, 1], batch i a function of (seed, i).

        Args and Raises: as in `Records.batches`.
        """
        check(batch_size, seed, start_step)

        def batch(step):
            rows = batch_indices(step, CHANNELS * batch_size, len(self), seed)
            images = pack(from_uint8(tf.gather(self._digits, rows)), CHANNELS)
            return tf.ensure_shape(images, [batch_size, *self.shape])

        return endless(batch, start_step)


def open_stacked_mnist(request):
    """MNIST's digits of a split, three at a time.

    Reference:
        Metz et al. 2017, https://arxiv.org/abs/1611.02163
    """
    if request.condition:
        expected = "False, because stacked_mnist has no labels"
        raise errors.invalid("condition", expected, request.condition)
    return Stacked(open_tfds(dataclasses.replace(request, name="mnist")))
