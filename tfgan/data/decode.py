"""Decoding of image files with Pillow, after checks of format, size and structure.

The header comes first: the format must be one that holds pixels (see `formats.py`),
whatever the file's name says, and the image must not exceed `PIL.Image.MAX_IMAGE_PIXELS`
(89.5 megapixels), where Pillow alone only warns. Then Pillow's `verify` checks
the file's structure, because decoding alone accepts some truncated PNGs, and
the file is opened again and decoded. Every failure is a `BadImage` that names
the file. Pillow is handed open files, because by name it maps uncompressed TIFFs into
memory, and those that are to be turned are scrambled then.
"""

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from tfgan import errors
from tfgan.data import formats

# Pillow's modes of 8 bits per channel, and of 16 bits for grey.
_KINDS = {
    **dict.fromkeys(("1", "L", "I;16", "I;16L", "I;16B", "I;16N"), "grey"),
    **dict.fromkeys(("P", "RGB", "RGBX", "CMYK", "YCbCr"), "colour"),
    **dict.fromkeys(("RGBA", "LA", "PA"), "alpha"),
}
_NO_RANGE = {"F": "floats, whose range the file does not tell", "I": "integers of 32 bits or signed"}
# In these formats the mode "I", which is 32 bits elsewhere, holds grey of 16 bits.
_DEEP_GREY = ("PNG", "PPM")
_BITS, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0  # tags of TIFF


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
        with open(path, "rb") as file, Image.open(file, formats=formats.to_try(path)) as image:
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
        channels: 1, 3 or 4. Alpha is dropped when it is not asked for, and grey of 16
            bits is scaled to 8.

    Returns:
        Pillow image of mode L, RGB or RGBA.

    Raises:
        BadImage: the file cannot be decoded.
    """
    try:
        with open(path, "rb") as file, Image.open(file, formats=formats.to_try(path)) as image:
            image.load()
            upright = ImageOps.exif_transpose(image)
            shallow = _to_8_bits(upright, getattr(image, "tag_v2", {}))
            return shallow.convert({1: "L", 3: "RGB", 4: "RGBA"}[channels])
    except Exception as error:
        raise _bad(path, error) from error


def _bad(path, error):
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, errors.InputError):
        reason = str(error)
    elif isinstance(error, UnidentifiedImageError):
        reason = "a header that is no image's"
    expected = "a complete image file (skip_bad_images=True skips it)"
    return BadImage(str(errors.invalid(path, expected, reason)))


def _check_pixels(image):
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        raise errors.invalid("pixels", f"at most {limit}", image.width * image.height)


def _kind(image):
    if image.mode == "P" and "transparency" in image.info:
        return "alpha"
    mode = "I;16" if image.mode == "I" and image.format in _DEEP_GREY else image.mode
    if mode not in _KINDS:
        expected = "grey, RGB, CMYK or YCbCr of 8 bits, or of 16 bits without a sign"
        raise errors.invalid("pixels", expected, _NO_RANGE.get(mode, mode))
    return _KINDS[mode]


def _to_8_bits(image, tags):
    """The image, of which grey of more bits is scaled; `tags` are those of a TIFF."""
    if not image.mode.startswith("I"):
        return image
    highest = 2 ** tags.get(_BITS, (16,))[0] - 1
    levels = np.asarray(image).astype(np.float64) * 255 / highest
    if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        levels = 255 - levels
    return Image.fromarray(np.clip(np.round(levels), 0, 255).astype(np.uint8))
