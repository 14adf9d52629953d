"""The classification accuracy score: how well a classifier trained on generated images does."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.data.pixels import to_uint8


class ClassificationAccuracy(NamedTuple):
    """Accuracy on real test data after training on generated, real, or both kinds."""

    generated: float
    real: float
    both: float


def classification_accuracy_score(train, real, generated, test):
    """Test accuracies of a classifier trained on real images, on generated ones, and on both.

    A generator with the distribution of the real data scores as they do; `both` above
    `real` means that its samples help as additional training data.

    Args:
        train: function (images, labels) -> function images -> int classes [n]; called
            three times, and has to start from the same seed each time.
        real: (images [n, ...], labels int [n]) to train on.
        generated: the same for generated images, with the labels they were generated for. Where
            one of the two is uint8 and the other floats in [-1, 1], `both` is uint8.
        test: the same for real images that neither classifier nor game was trained on.

    Returns:
        `ClassificationAccuracy`, shares in [0, 1].

    Raises:
        ValueError: labels that are no integers, or not as many as images.

    Reference:
        Ravuri & Vinyals 2019, https://arxiv.org/abs/1905.10887
    """
    real, generated, test = (
        _labelled(name, pair)
        for name, pair in (("real", real), ("generated", generated), ("test", test))
    )
    both = _joined(real, generated)
    images, labels = test
    scores = [float(np.mean(train(*data)(images) == labels)) for data in (generated, real, both)]
    return ClassificationAccuracy(*scores)


def _joined(*pairs):
    images, labels = zip(*pairs)
    if len({part.dtype == np.uint8 for part in images}) > 1:
        images = [to_uint8(part) for part in images]
    return np.concatenate(images), np.concatenate(labels)


def _labelled(name, pair):
    images, labels = (np.asarray(part) for part in pair)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or len(images) != len(labels):
        got = f"{list(images.shape)} and {labels.dtype} {list(labels.shape)}"
        raise errors.invalid(name, "(images [n, ...], integer labels [n])", got)
    return images, labels
