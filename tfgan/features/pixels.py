"""The images themselves as features."""

import numpy as np

from tfgan.features.extractor import Extractor, Features


def open_pixels(path=None, data_dir=None):
    """Pixels in [-1, 1] as vectors: for small images, and for distances one can see."""
    return Extractor("pixels", None, _vectors, classifies=False)


def _vectors(images):
    return Features(images.reshape(len(images), -1).astype(np.float32) / 127.5 - 1)
