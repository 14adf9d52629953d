"""The float precision that losses and penalties are computed in."""

import tensorflow as tf


def at_least_float32(tensor):
    """Casts a tensor to float32; float64 stays float64."""
    tensor = tf.convert_to_tensor(tensor)
    return tensor if tensor.dtype == tf.float64 else tf.cast(tensor, tf.float32)
