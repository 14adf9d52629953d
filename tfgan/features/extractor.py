"""The type of feature extractors: functions from images to vectors."""

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.data.pixels import to_uint8


class Features(NamedTuple):
    """An extractor's output for n images.

    Attributes:
        vectors: float32 [n, dims].
        probabilities: float32 [n, classes], or None if the extractor does not classify.
    """

    vectors: np.ndarray
    probabilities: np.ndarray | None = None


@dataclasses.dataclass(frozen=True)
class Extractor:
    """A deterministic function from images to feature vectors, with its name.

    Attributes:
        name: str, part of the name of every score that is computed with it.
        fingerprint: str that identifies the network: with another fingerprint the vectors
            may differ. None: the vectors are so cheap that they are not cached.
        function: uint8 images [n, height, width, channels] -> `Features`.
        shape: (height, width, channels) of its images; None: any.
        classifies: whether it returns probabilities too.
        note: str for people, such as the accuracy of a classifier.
    """

    name: str
    fingerprint: str | None
    function: Callable
    shape: tuple | None = None
    classifies: bool = True
    note: str = ""

    def __call__(self, images):
        """Computes the features of images.

        Args:
            images: [n, height, width, channels], uint8, or floats in [-1, 1], which
                are rounded to 8 bits, as in an image file.

        Returns:
            `Features`.

        Raises:
            ValueError: no images, or images of another size than `shape`.
        """
        return self.function(self.checked(images))

    def checked(self, images):
        """The images as uint8, if it takes them; Args and Raises as in `__call__`."""
        images = as_bytes("images", images)
        if self.shape not in (None, images.shape[1:]):
            expected = f"images [n, {', '.join(map(str, self.shape))}] for {self.name}"
            raise errors.invalid("images", expected, list(images.shape))
        return images


def as_bytes(name, images):
    """Checks images [n, height, width, channels], uint8 or floats in [-1, 1]; returns uint8."""
    images = np.asarray(images)
    if images.ndim != 4 or not len(images):
        raise errors.invalid(
            name, "images [n, height, width, channels], n >= 1", f"shape {list(images.shape)}"
        )
    if images.dtype == np.uint8:
        return images
    # NaN fails both comparisons.
    if images.dtype.kind != "f" or not (images.min() >= -1.001 and images.max() <= 1.001):
        got = f"{images.dtype} from {images.min()} to {images.max()}"
        raise errors.invalid(name, "uint8, or finite floats in [-1, 1]", got)
    return np.asarray(to_uint8(images))
