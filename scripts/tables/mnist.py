"""MNIST's images with their digits, for tables that classify."""

from typing import NamedTuple

import numpy as np

from tfgan import data
from tfgan.data import from_uint8


class Digits(NamedTuple):
    """Images and what they show.

    Attributes:
        images: uint8 [n, 28, 28, 1].
        labels: int [n].
    """

    images: np.ndarray
    labels: np.ndarray

    @property
    def floats(self):
        """The images as float32 in [-1, 1]."""
        return np.asarray(from_uint8(self.images))


def digits(options, split, name="mnist", most=None):
    """The `Digits` of a split.

    Args:
        options: `Options`.
        split: str, such as "train[50000:]".
        name: of the data set, with its query.
        most: int, how many of its first images are taken; None: all.
    """
    source = data.open_source(name, split=split, data_dir=options.data_dir, condition=True)
    table = source.table("images", "condition")
    return Digits(table["images"][:most], table["condition"][:most])
