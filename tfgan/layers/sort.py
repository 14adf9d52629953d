"""A layer that sorts features."""

import keras


@keras.saving.register_keras_serializable(package="tfgan")
class Sort(keras.layers.Layer):
    """Sorts the last axis in ascending order.

    The samples of a pack of scalars have no order. A network that gets them sorted need
    not learn this from data: its input is the pack's quantile function.
    """

    def call(self, inputs):
        return keras.ops.sort(inputs, axis=-1)
