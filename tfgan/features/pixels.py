"""Pixels as features."""

import numpy as np

from tfgan.features.extractor import Extractor, Features


def open_pixels(path=None, data_dir=None):
    """An extractor whose features are the pixels in [-1, 1], for small images.

    Args:
        path, data_dir: not used.

    Returns:
        `Extractor` of images of any size, which does not classify.
    """
    return Extractor("pixels", None, _vectors, classifies=False)


def _vectors(images):
    return Features(images.reshape(len(images), -1).astype(np.float32) / 127.5 - 1)
