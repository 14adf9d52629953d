"""What a discriminator is shown of images: with noise on them, and in packs."""

import tensorflow as tf


def level(initial, fall, images_shown):
    """The standard deviation of instance noise, float32.

    Args:
        initial: float >= 0, at the start.
        fall: images over which it falls to 0, linearly; None: it stays.
        images_shown: int64 scalar, so far.
    """
    if fall is None:
        return tf.constant(initial, tf.float32)
    left = 1.0 - tf.cast(images_shown, tf.float32) / fall
    return initial * tf.maximum(left, 0.0)


def noisy(images, deviation, random):
    """Images with Gaussian noise of a standard deviation added, in their own precision.

    Reference:
        Sønderby et al. 2017, https://arxiv.org/abs/1610.04490;
        Arjovsky & Bottou 2017, https://arxiv.org/abs/1701.04862
    """
    noise = deviation * random.normal(tf.shape(images))
    return images + tf.cast(noise, images.dtype)


def pack(images, size):
    """Groups of `size` consecutive images as one example each, joined along the channels.

    Args:
        images: [n, height, width, channels], or points [n, dims]; `size` divides n.
        size: int >= 1.

    Returns:
        [n / size, height, width, size * channels], or [n / size, size * dims].

    Reference:
        Lin et al. 2018, https://arxiv.org/abs/1712.04086
    """
    if size == 1:
        return images
    *middle, channels = images.shape[1:]
    groups = tf.reshape(images, [-1, size, *middle, channels])
    rank = groups.shape.rank
    together = tf.transpose(groups, [0, *range(2, rank - 1), 1, rank - 1])
    return tf.reshape(together, [-1, *middle, size * channels])

