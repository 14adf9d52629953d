"""Decoding of image files with Pillow, after checks of format, size and structure.

The header comes first: the format must be one of `SUFFIXES`, whatever the
file's name says, and the image must not exceed `PIL.Image.MAX_IMAGE_PIXELS`
(89.5 megapixels), where Pillow alone only warns. Then Pillow's `verify` checks
the file's structure, because decoding alone accepts some truncated PNGs, and
the file is opened again and decoded. Every failure is a `BadImage` that names
the file.
"""

import numpy as np
from PIL import Image, ImageOps

from tfgan import errors

SUFFIXES = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".webp": "WEBP",
}
_FORMATS = sorted(set(SUFFIXES.values()))


class BadImage(errors.InputError):
    """A file that does not hold the image it should."""


def inspect(path):
    """Checks a file's header and structure without decoding its pixels.

    Args:
        path: of the file.

    Returns:
        "grey", "colour" or "alpha".

    Raises:
        BadImage: the file is no image, is damaged or is too large.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            kind = _kind(image)
            _check_pixels(image)
            image.verify()
            return kind
    except Exception as error:
        raise _bad(path, error) from error


def decode(path, channels):
    """The first frame of an image file, upright.

    Args:
        path: of the file.
        channels: 1, 3 or 4. Alpha is dropped when it is not asked for, and 16
            bits per pixel are scaled to 8.

    Returns:
        Pillow image of mode L, RGB or RGBA.

    Raises:
        BadImage: the file cannot be decoded.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            image.load()
            upright = ImageOps.exif_transpose(image)
            return _to_8_bits(upright).convert({1: "L", 3: "RGB", 4: "RGBA"}[channels])
    except Exception as error:
        raise _bad(path, error) from error


def _bad(path, error):
    reason = f"{type(error).__name__}: {error}"
    expected = "a complete image file (skip_bad_images=True skips it)"
    return BadImage(str(errors.invalid(path, expected, reason)))


def _check_pixels(image):
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        raise errors.invalid("pixels", f"at most {limit}", image.width * image.height)


def _kind(image):
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        return "alpha"
    if image.mode == "P" and "transparency" in image.info:
        return "alpha"
    return "grey" if image.mode in ("1", "L") or image.mode.startswith("I") else "colour"


def _to_8_bits(image):
    if not image.mode.startswith("I"):
        return image
    levels = np.asarray(image).astype(np.float64) / 257
    return Image.fromarray(np.clip(np.round(levels), 0, 255).astype(np.uint8))
