"""Pixels: bytes in files and pictures, floats in [-1, 1] in networks."""

import numpy as np
import tensorflow as tf


def from_uint8(images):
    """Bytes as floats: `x / 127.5 - 1`.

    Args:
        images: uint8 array or tensor of any shape.

    Returns:
        float32 in [-1, 1], of the same shape and kind (NumPy or TensorFlow).
    """
    if tf.is_tensor(images):
        return tf.cast(images, tf.float32) / 127.5 - 1.0
    return np.asarray(images, np.float32) / np.float32(127.5) - np.float32(1)


def to_uint8(images):
    """Floats as bytes, rounded; what lies outside [-1, 1] is clipped.

    Args:
        images: float array or tensor of any shape, in [-1, 1].

    Returns:
        uint8 of the same shape and kind (NumPy or TensorFlow).
    """
    if tf.is_tensor(images):
        levels = tf.round((tf.cast(images, tf.float32) + 1.0) * 127.5)
        return tf.cast(tf.clip_by_value(levels, 0.0, 255.0), tf.uint8)
    levels = np.round((np.asarray(images, np.float32) + np.float32(1)) * np.float32(127.5))
    return np.clip(levels, 0, 255).astype(np.uint8)
