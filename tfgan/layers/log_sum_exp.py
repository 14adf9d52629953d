"""The logarithm of a sum of exponentials."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="tfgan")
class LogSumExp(keras.layers.Layer):
    """log(sum over the last axis of exp(x)), computed in float32; that axis keeps length 1.

    Of the logits of K classes it is the logit that an example belongs to one of them, where
    the logit of a class K + 1 is fixed at 0.
    """

    def call(self, inputs):
        return ops.logsumexp(ops.cast(inputs, "float32"), axis=-1, keepdims=True)
