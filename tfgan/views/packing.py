"""Packing: a discriminator that sees several examples at once (PacGAN)."""

import tensorflow as tf

from tfgan import checks


class Packing:
    """Joins groups of consecutive examples to one each, along the channels of every part.

    Args:
        size: examples in a pack, int >= 1; divides the batch.

    Raises:
        ValueError: no whole number >= 1.

    Reference:
        Lin et al. 2018, https://arxiv.org/abs/1712.04086
    """

    joins = True

    def __init__(self, size):
        self.size = checks.whole_number("views['packing']", size, 1)

    def __call__(self, parts, random, images_shown):
        return [pack(part, self.size) for part in parts]


def pack(images, size):
    """Joins each group of `size` consecutive images to one example, along the channels.

    Args:
        images: [n, height, width, channels], points [n, dims] or labels [n]; `size` divides n.
        size: int >= 1, examples in a pack.

    Returns:
        [n / size, height, width, size * channels], [n / size, size * dims] or [n / size, size].
    """
    if size == 1:
        return images
    if len(images.shape) == 1:
        return tf.reshape(images, [-1, size])
    *middle, channels = images.shape[1:]
    groups = tf.reshape(images, [-1, size, *middle, channels])
    rank = groups.shape.rank
    together = tf.transpose(groups, [0, *range(2, rank - 1), 1, rank - 1])
    return tf.reshape(together, [-1, *middle, size * channels])
