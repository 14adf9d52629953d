"""Image files into one array."""

import warnings
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from tfgan import errors
from tfgan.data.decode import BadImage, decode, inspect
from tfgan.data.fit import as_array, fit, times
from tfgan.data.room import room


def read_images(root, files, size, skip_bad_images, memory_limit):
    """Decodes image files to one size and one number of channels.

    Args:
        root: path of the folder.
        files: list of paths relative to it, at least one.
        size: (height, width), or None when all images have one size.
        skip_bad_images: bool, leave out files that cannot be decoded and
            images smaller than `size`, with one warning that counts them.
        memory_limit: GiB, see `room`.

    Returns:
        uint8 [n, height, width, channels], and the list of the n places in
        `files` that were read.

    Raises:
        ValueError: a bad or too small image, images of several sizes with size
            None, or no image left.
    """
    Image.init()  # Not thread-safe, so it must not be left to the readers.
    paths = [root / file for file in files]
    bad = [] if skip_bad_images else None
    kinds = _attempt(lambda row: inspect(paths[row]), range(len(paths)), bad)
    channels = _channels(set(kinds.values()))
    bring = _must_be if size is None else _fit
    size = size or _first_size(paths, kinds, channels, bad)
    images = room((len(paths), *size, channels), memory_limit)

    def read(row):
        images[row] = as_array(bring(decode(paths[row], channels), size, paths[row]))

    kept = list(_attempt(read, kinds, bad))
    if bad:
        _report(bad, len(files), kept)
    for place, row in enumerate(kept):
        if place != row:
            images[place] = images[row]
    return images[: len(kept)], kept


def _attempt(function, rows, bad):
    """Dict from row to `function(row)`; bad images go to the list `bad`, if any."""

    def outcome(row):
        try:
            return function(row)
        except BadImage as error:
            return error

    results = {}
    with ThreadPoolExecutor() as pool:
        for row, result in zip(rows, pool.map(outcome, rows)):
            if not isinstance(result, BadImage):
                results[row] = result
            elif bad is None:
                pool.shutdown(wait=False, cancel_futures=True)
                raise result
            else:
                bad.append(result)
    return results


def _channels(kinds):
    if kinds == {"alpha"}:
        return 4
    return 1 if kinds == {"grey"} else 3


def _first_size(paths, rows, channels, bad):
    """The size of the first image that can be decoded."""
    for row in rows:
        try:
            image = decode(paths[row], channels)
        except BadImage:
            if bad is None:
                raise
        else:
            return image.height, image.width
    return 1, 1  # Nothing is left; `_report` says so.


def _fit(image, size, path):
    try:
        return fit(image, size, path)
    except ValueError as error:
        raise BadImage(str(error)) from error


def _must_be(image, size, path):
    if (image.height, image.width) != size:
        got = f"the first of {times(size)} and {path} of {times((image.height, image.width))}"
        raise errors.invalid("image_size", "a size, because the images differ in theirs", got)
    return image


def _report(bad, count, kept):
    text = f"{len(bad)} of {count} images are bad, the first: {bad[0]}"
    if not kept:
        raise errors.invalid("name", "a folder with at least one good image", text)
    warnings.warn(f"Skipped: {text}", stacklevel=2)
