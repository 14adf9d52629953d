"""Features in ascending order."""

import keras


@keras.saving.register_keras_serializable(package="tfgan")
class Sort(keras.layers.Layer):
    """Sorts the last axis. A pack of scalars is then seen as the set that it is.

    A set of samples has no order; a network that sees it in any order has to learn
    so from data, one that sees it sorted sees the quantile function.
    """

    def call(self, inputs):
        return keras.ops.sort(inputs, axis=-1)
