"""Reading of image files into arrays of one size, one array per part."""

import warnings
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from tfgan import errors
from tfgan.data.decode import BadImage, decode, inspect
from tfgan.data.resizing import as_array, resize, times
from tfgan.data.storage import allocate


def read_images(root, files, size, skip_bad_images, memory_limit):
    """Decodes image files to one size and one number of channels per part.

    Args:
        root: path of the folder.
        files: dict of part to a list of paths relative to the folder, at least one;
            example i is place i of every list.
        size: (height, width), or None when all images of a part have one size.
        skip_bad_images: bool, leave out examples with a file that cannot be decoded or an
            image smaller than `size`, with one warning that counts them.
        memory_limit: GiB for all parts together, see `allocate`.

    Returns:
        Dict of part to uint8 [n, height, width, channels], and the list of the n places
        that were read.

    Raises:
        ValueError: a bad or too small image, images of several sizes with size
            None, or no image left.
    """
    Image.init()  # Not thread-safe, so it must not be left to the readers.
    paths = {part: [root / file for file in names] for part, names in files.items()}
    count = len(next(iter(paths.values())))
    bad = {} if skip_bad_images else None
    kinds = {part: _inspect(paths[part], bad) for part in paths}
    images = {}
    for part in paths:
        rows = _good(count, bad)
        channels = _channels({kinds[part][row] for row in rows})
        images[part] = _decode(paths[part], rows, size, channels, bad, memory_limit / len(paths))
    kept = _good(count, bad)
    if bad:
        _report(list(bad.values()), count, "pairs" if len(paths) > 1 else "images")
    return {part: _without_gaps(array, kept) for part, array in images.items()}, kept


def _good(count, bad):
    return [row for row in range(count) if row not in (bad or {})]


def _inspect(paths, bad):
    return _attempt(lambda row: inspect(paths[row]), range(len(paths)), bad)


def _decode(paths, rows, size, channels, bad, memory_limit):
    """uint8 [n, height, width, channels] of n paths, filled at the good `rows`."""
    bring = _must_be if size is None else _resize
    size = size or _first_size(paths, rows, channels, bad)
    images = allocate((len(paths), *size, channels), memory_limit)

    def read(row):
        images[row] = as_array(bring(decode(paths[row], channels), size, paths[row]))

    _attempt(read, rows, bad)
    return images


def _without_gaps(images, kept):
    for place, row in enumerate(kept):
        if place != row:
            images[place] = images[row]
    return images[: len(kept)]


def _attempt(function, rows, bad):
    """Dict of row to `function(row)`; errors of bad images go to the dict `bad`, or are raised."""

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
                bad.setdefault(row, result)
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


def _resize(image, size, path):
    try:
        return resize(image, size, path)
    except ValueError as error:
        raise BadImage(str(error)) from error


def _must_be(image, size, path):
    if (image.height, image.width) != size:
        got = f"the first of {times(size)} and {path} of {times((image.height, image.width))}"
        raise errors.invalid("image_size", "a size, because the images differ in theirs", got)
    return image


def _report(bad, count, what):
    text = f"{len(bad)} of {count} {what} are bad, the first: {bad[0]}"
    if len(bad) == count:
        raise errors.invalid("name", "a folder with at least one good image", text)
    warnings.warn(f"Skipped: {text}", stacklevel=2)
