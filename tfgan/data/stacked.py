"""Stacked MNIST: images of three digits as their channels, which have a thousand modes."""

import dataclasses

import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.data.catalogue import open_tfds
from tfgan.data.finite import Finite
from tfgan.data.order import batch_indices
from tfgan.data.source import Part

CHANNELS = 3


class Stacked(Finite):
    """A source of images whose three channels are random combinations of grey images.

    Every pass over the digits is a new permutation; three consecutive digits make an
    image. `table` and `take` give a fixed set of combinations, as many as there are
    digits.

    Args:
        digits: `Records` of one part, `images` of one channel.
    """

    def __init__(self, digits):
        if not isinstance(digits, Finite) or list(digits.spec) != ["images"]:
            raise errors.invalid("digits", "a finite source of images alone", type(digits).__name__)
        part = digits.spec["images"]
        if part.kind != "image" or part.shape[-1] != 1:
            raise errors.invalid("digits", "images of one channel", part.shape)
        self._digits = digits
        self.spec = {"images": Part((*part.shape[:2], CHANNELS), "image")}
        self.skipped = digits.skipped

    def __len__(self):
        return len(self._digits)

    def batch(self, step, size, seed):
        rows = batch_indices(step, CHANNELS * size, len(self), seed)
        height, width, _ = self.spec["images"].shape
        triples = tf.reshape(self._digits.take(rows)["images"], [size, CHANNELS, height, width])
        return {"images": tf.transpose(triples, [0, 2, 3, 1])}

    def take(self, rows):
        channels = [tf.gather(order, rows) for order in self._fixed_orders()]
        digits = [self._digits.take(order)["images"] for order in channels]
        return {"images": tf.concat(digits, axis=-1)}

    def _table(self, names):
        digits = self._digits.table("images")["images"]
        return {"images": np.concatenate([digits[x] for x in self._fixed_orders()], axis=-1)}

    def _fixed_orders(self):
        rng = np.random.default_rng(0)
        return [rng.permutation(len(self)) for _ in range(CHANNELS)]

    def _select(self, rows):
        expected = "none of stacked images: choose among the digits that are stacked"
        raise errors.invalid("subset", expected, f"{len(rows)} examples")


def open_stacked_mnist(request):
    """MNIST's digits of a split, three at a time.

    Reference:
        Metz et al. 2017, https://arxiv.org/abs/1611.02163
    """
    if request.condition:
        expected = "False, because stacked_mnist has no labels"
        raise errors.invalid("condition", expected, request.condition)
    return Stacked(open_tfds(dataclasses.replace(request, name="mnist")))
