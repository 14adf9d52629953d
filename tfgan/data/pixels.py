"""Conversion of pixels between bytes, as in files, and floats in [-1, 1], as in networks."""

import numpy as np
import tensorflow as tf

from tfgan import errors


def from_uint8(images):
    """Converts bytes to floats: `x / 127.5 - 1`.

    Args:
        images: uint8 array or tensor of any shape.

    Returns:
        float32 in [-1, 1], of the same shape and kind (NumPy or TensorFlow).
    """
    if tf.is_tensor(images):
        return tf.cast(images, tf.float32) / 127.5 - 1.0
    return np.asarray(images, np.float32) / np.float32(127.5) - np.float32(1)


def to_uint8(images):
    """Converts floats to bytes: rounds, and clips values outside [-1, 1].

    Args:
        images: float array or tensor of any shape, in [-1, 1]; uint8 stays as it is.

    Returns:
        uint8 of the same shape and kind (NumPy or TensorFlow).

    Raises:
        ValueError: other integers.
    """
    images = images if tf.is_tensor(images) else np.asarray(images)
    if images.dtype == np.uint8:
        return images
    if tf.as_dtype(images.dtype).is_integer:
        raise errors.invalid("images", "floats in [-1, 1], or uint8", tf.as_dtype(images.dtype).name)
    if tf.is_tensor(images):
        levels = tf.round((tf.cast(images, tf.float32) + 1.0) * 127.5)
        return tf.cast(tf.clip_by_value(levels, 0.0, 255.0), tf.uint8)
    levels = np.round((images.astype(np.float32) + np.float32(1)) * np.float32(127.5))
    return np.clip(levels, 0, 255).astype(np.uint8)
