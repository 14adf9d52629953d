"""The precision in which objectives are computed."""

import tensorflow as tf


def at_least_float32(tensor):
    """The tensor in float32, or in float64 where it is: half precision is raised."""
    tensor = tf.convert_to_tensor(tensor)
    return tensor if tensor.dtype == tf.float64 else tf.cast(tensor, tf.float32)
