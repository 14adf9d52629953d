"""Data augmentation: random flips, crops and shifts, the same for all image parts of an example.

Each is a function `(parts, random, ...) -> parts`, for `Source.augmented`.
"""

import inspect

import tensorflow as tf

from tfgan import checks, errors


def flip(parts, random):
    """Mirrors each example left to right with probability 1/2.

    Args:
        parts: dict of name to tensor [n, ...], of which those of rank 4 are images.
        random: `tfgan.randomness.Random`.

    Returns:
        Dict of all parts.
    """
    images = _images("flip", parts)
    rows = _rows(images)
    mirrored = random.uniform([rows, 1, 1, 1]) < 0.5
    return parts | {name: tf.where(mirrored, x[:, :, ::-1], x) for name, x in images.items()}


def jitter_crop(parts, random, margin=30):
    """Enlarges each example and crops it back to its size at a random place.

    Args:
        parts, random: as in `flip`. Images of several sizes are cut at the same place
            where their sizes are multiples of the smallest.
        margin: int >= 1, pixels by which height and width of the smallest part grow
            (bilinear) before the cut.

    Returns:
        Dict of all parts.

    Raises:
        ValueError: image parts whose sizes are no multiples.

    Reference:
        Isola et al. 2017, https://arxiv.org/abs/1611.07004 (256 pixels, margin 30)
    """
    checks.whole_number("margin", margin, 1)
    images = _images("jitter_crop", parts)
    scales = _scales(images)
    rows = _rows(images)
    places = tf.cast(random.uniform([rows, 2]) * (margin + 1.0), tf.int32)
    return parts | {
        name: _cut(image, margin * scales[name], places * scales[name])
        for name, image in images.items()
    }


def shift(parts, random, most=4):
    """Moves each example by a random number of pixels; what comes in is mirrored at the border.

    Args:
        parts, random: as in `jitter_crop`.
        most: int >= 1, the largest shift of the smallest part in pixels, up or down and left
            or right; smaller than its sides.

    Returns:
        Dict of all parts.

    Raises:
        ValueError: image parts whose sizes are no multiples, or a shift of a whole side.
    """
    checks.whole_number("most", most, 1)
    images = _images("shift", parts)
    scales = _scales(images)
    side = min(min(image.shape[1:3]) for image in images.values())
    if most >= side:
        raise errors.invalid("most", f"a shift of fewer than {side} pixels", most)
    places = tf.cast(random.uniform([_rows(images), 2]) * (2 * most + 1.0), tf.int32)
    return parts | {
        name: _moved(image, most * scales[name], places * scales[name]) for name, image in images.items()
    }


def parse(text, key="augment", table=None):
    """Functions of a table from a text such as "flip+jitter_crop:8".

    Args:
        text: names joined by "+", whole numbers for their arguments after colons.
        key: names the text in errors.
        table: dict of name to function; None for `AUGMENTATIONS`.

    Returns:
        List of functions `(parts, random) -> dict`.

    Raises:
        ValueError: an unknown name, or arguments that it does not take.
    """
    table = table or AUGMENTATIONS
    return [_with_arguments(key, table, *piece.split(":")) for piece in text.split("+") if piece]


def _with_arguments(key, table, name, *texts):
    function = errors.lookup(key, name, table)
    taken = list(inspect.signature(function).parameters)[2:]
    if len(texts) > len(taken) or not all(text.isdecimal() for text in texts):
        expected = ":".join([name, *taken]) + (" (whole numbers)" if taken else "")
        raise errors.invalid(key, expected, ":".join([name, *texts]))
    arguments = [int(text) for text in texts]
    return lambda parts, random: function(parts, random, *arguments)


def _images(whose, parts):
    images = {name: part for name, part in parts.items() if part.shape.rank == 4}
    if not images:
        raise errors.invalid(whose, "at least one part that is an image", list(parts))
    return images


def _rows(images):
    return next(iter(images.values())).shape[0]


def _scales(images):
    """Dict of name to how many times as large as the smallest each part is, int."""
    height, width = min(tuple(image.shape[1:3]) for image in images.values())
    scales = {name: image.shape[1] // height for name, image in images.items()}
    for name, image in images.items():
        if tuple(image.shape[1:3]) != (height * scales[name], width * scales[name]):
            expected = f"{name} of a multiple of {height}x{width} pixels"
            raise errors.invalid("jitter_crop", expected, tuple(image.shape[1:3]))
    return scales


def _cut(images, margin, places):
    """[n, height, width, channels] of images enlarged by `margin`, each at its place."""
    height, width = images.shape[1:3]
    large = tf.image.resize(images, [height + margin, width + margin])
    return _windows(large, height, width, places)


def _moved(images, most, places):
    """[n, height, width, channels] of images with a mirrored border of `most`, each at its place."""
    border = [[0, 0], [most, most], [most, most], [0, 0]]
    return _windows(tf.pad(images, border, "REFLECT"), *images.shape[1:3], places)


def _windows(large, height, width, places):
    """A part of each image, [n, height, width, channels], from its place (row, column) on."""
    rows, columns = (
        places[:, axis, None] + tf.range(side)[None] for axis, side in enumerate((height, width))
    )
    tall = tf.gather(large, rows, axis=1, batch_dims=1)
    return tf.gather(tall, columns, axis=2, batch_dims=1)


AUGMENTATIONS = {
    "flip": flip,
    "jitter_crop": jitter_crop,
    "shift": shift,
}
