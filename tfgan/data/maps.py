"""Functions that compute parts from images, for `Source.mapped` and the query `map`."""

import tensorflow as tf

from tfgan import checks, errors


def small(parts, random, factor=2):
    """Downscaling: the part `small`, whose pixels are means of factor x factor pixels.

    Args:
        parts: dict with `images` [n, height, width, channels].
        random: not used.
        factor: int >= 1, which divides both sides.

    Returns:
        {"small": float32 [n, height / factor, width / factor, channels]}.
    """
    images = parts["images"]
    if any(side % checks.whole_number("small", factor, 1) for side in images.shape[1:3]):
        raise errors.invalid("small", f"images whose sides divide by {factor}", tuple(images.shape[1:3]))
    return {"small": tf.nn.avg_pool2d(images, factor, factor, "VALID")}


MAPS = {
    "small": small,
}
