"""Image formats: which files Pillow reads as pixels, told by extension or by header.

A file whose extension Pillow knows is an image by that alone; any other file is one if its
header is. Left out, although Pillow has a name for them: drawings, which other programs would
have to paint; films; documents; measurements, whose range the file does not tell; and cameras'
raw files, of which Pillow reads only the preview.
"""

import functools
import os
import warnings

from PIL import Image

_LEFT_OUT = {
    "EPS", "WMF", "PDF", "PALM", "MPEG", "BUFR", "GRIB", "HDF5", "FITS", "MCIDAS", "SPIDER", "IPTC"
}  # fmt: skip
_RAW = {".arw", ".cr2", ".dng", ".nef", ".nrw", ".orf", ".pef", ".rw2", ".sr2", ".srw", ".3fr"}
NO_IMAGE = "no images"
NO_PIXELS = "drawings, films, raw photographs or measurements"
# Formats that their first bytes tell for certain; others accept two bytes, or any text.
_CERTAIN = {"PNG", "JPEG", "GIF", "WEBP", "TIFF", "JPEG2000", "PSD"}
_HEADER = 16  # bytes, as many as Pillow tells formats by


def reason_to_leave_out(path):
    """Why a file is no image to be read: `NO_IMAGE` or `NO_PIXELS`; None for an image.

    Args:
        path: str, of the file, which is opened only where its extension says nothing.
    """
    extension = _extension(path)
    known = _known_extensions().get(extension)
    if known in _LEFT_OUT or extension in _RAW:
        return NO_PIXELS
    return None if known or _has_header(path) else NO_IMAGE


def to_try(path):
    """The Pillow formats that a file may have: its extension's, then all that have a header."""
    own = _known_extensions().get(_extension(path))
    # A format without an opener, such as MPO (several JPEGs), is opened as another.
    first = [own] if own in Image.OPEN and own not in _LEFT_OUT else []
    return [*first, *(name for name in _with_header() if name not in first)]


def without_extension(name):
    """A file's name without its extension, where that is an image's."""
    extension = _extension(name)
    return name[: -len(extension)] if extension in _known_extensions() else name


def listed():
    """The formats, as words for a message."""
    return "png, jpg, gif, webp, bmp, tif and whatever else Pillow reads"


def _extension(path):
    return os.path.splitext(path)[1].lower()


@functools.cache
def _known_extensions():
    """Dict of extension to Pillow format, of all that Pillow has a name for."""
    return dict(Image.registered_extensions())


@functools.cache
def _with_header():
    """The formats that can be told by the first bytes of a file, the common ones first."""
    Image.init()
    return [name for name, (_, accepts) in Image.OPEN.items() if accepts and name not in _LEFT_OUT]


def _has_header(path):
    """Whether a file begins as an image does, bool; its pixels are not decoded."""
    if not os.path.isfile(path):  # a pipe would block
        return False
    try:
        with open(path, "rb", buffering=0) as file:
            start = file.read(_HEADER)
        likely = [name for name in _with_header() if Image.OPEN[name][1](start)]
        return not _CERTAIN.isdisjoint(likely) or (bool(likely) and _opens(path, likely))
    except Image.DecompressionBombError:
        return True  # an image, which the decoder refuses
    except Exception:
        return False


def _opens(path, likely):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(path, formats=likely):
            return True
