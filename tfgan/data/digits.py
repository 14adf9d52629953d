"""The 1,797 handwritten digits that come with scikit-learn."""

import numpy as np
from PIL import Image, ImageOps

from tfgan.data import conditions, splits
from tfgan.data.columns import Columns
from tfgan.data.records import Records
from tfgan.data.resizing import as_array

_SIZE = (32, 32)


def open_digits(request):
    """Grey digits, 32x32 unless another size is asked for.

    The originals have 8x8 pixels, which the digits fill from top to bottom, so a
    margin of one pixel is added. No other source enlarges images (here: bicubic);
    this one does so that a game can be tried without any download.

    Args:
        request: `Request`.

    Returns:
        `Records`.
    """
    from sklearn.datasets import load_digits

    originals, labels = load_digits(return_X_y=True)
    rows = splits.take(request.split, {"train": range(len(labels))}, request.shuffled)
    columns = Columns({"label": (labels[rows], tuple("0123456789"))})
    condition, names, kinds = conditions.select(request, columns, "digits")
    levels = np.round(originals[rows].reshape(-1, 8, 8) * 255 / 16).astype(np.uint8)
    levels = np.pad(levels, [(0, 0), (1, 1), (1, 1)])
    images = np.stack([_enlarge(level, request.image_size or _SIZE) for level in levels])
    return Records({"images": images, **condition}, names, kinds, columns)


def _enlarge(level, size):
    method = Image.Resampling.BICUBIC
    return as_array(ImageOps.fit(Image.fromarray(level), (size[1], size[0]), method))
