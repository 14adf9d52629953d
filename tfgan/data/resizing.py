"""Resizing of images: scales the shorter side and cuts out the centre."""

import numpy as np
from PIL import Image, ImageOps

from tfgan import errors


def check_size(have, size, whose):
    """Raises a ValueError if an image would have to be enlarged to reach `size`.

    Args:
        have: (height, width) of the image.
        size: (height, width) asked for.
        whose: str, names the image in the error.
    """
    if have[0] < size[0] or have[1] < size[1]:
        expected = f"at most {times(have)}, the size of {whose} (images are never enlarged)"
        raise errors.invalid("image_size", expected, times(size))


def resize(image, size, whose):
    """Scales an image until it just covers `size`, and cuts out the centre.

    Args:
        image: Pillow image.
        size: (height, width).
        whose: str, names the image in the error.

    Returns:
        Pillow image of `size`; antialiased (Lanczos), or untouched when it has
        that size already.

    Raises:
        ValueError: the image is smaller than `size`.
    """
    have = image.height, image.width
    if have == tuple(size):
        return image
    check_size(have, size, whose)
    return ImageOps.fit(image, (size[1], size[0]), Image.Resampling.LANCZOS)


def resize_array(pixels, size, whose):
    """`resize` for a uint8 array [height, width, channels] of 1, 3 or 4 channels."""
    image = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    return as_array(resize(image, size, whose))


def as_array(image):
    """A Pillow image of 8 bits per channel as uint8 [height, width, channels]."""
    pixels = np.asarray(image, np.uint8)
    return pixels.reshape(*pixels.shape[:2], -1)


def times(size):
    """`(64, 32)` as the words `64x32` (height x width)."""
    return f"{size[0]}x{size[1]}"
