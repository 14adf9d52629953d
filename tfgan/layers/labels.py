"""Class labels as one-hot vectors."""

import keras
from keras import ops

from tfgan import errors


@keras.saving.register_keras_serializable(package="tfgan")
class LabelsToOneHot(keras.layers.Layer):
    """Converts integer labels to concatenated one-hot vectors.

    Input int `[batch]` (one label) or `[batch, k]` (k labels), output float
    `[batch, sum(num_classes)]`. The vector of a label outside its range is zero.

    Args:
        num_classes: tuple of k ints, the number of values of each label.

    Raises:
        ValueError: an input with another number of labels.
    """

    def __init__(self, num_classes, **kwargs):
        super().__init__(**kwargs)
        self.num_classes = tuple(num_classes)

    def build(self, input_shape):
        labels = input_shape[1] if len(input_shape) == 2 else 1
        if len(input_shape) > 2 or labels != len(self.num_classes):
            raise errors.invalid(
                "labels", f"{len(self.num_classes)} label(s) per example", f"shape {input_shape}"
            )

    def call(self, labels):
        columns = ops.unstack(ops.reshape(labels, (-1, len(self.num_classes))), axis=1)
        return ops.concatenate(
            [
                ops.one_hot(column, n, dtype=self.compute_dtype)
                for column, n in zip(columns, self.num_classes)
            ],
            axis=-1,
        )

    def get_config(self):
        return {**super().get_config(), "num_classes": self.num_classes}
