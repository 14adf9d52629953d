"""Conditions as vectors: one-hot vectors of class labels, and multi-hot tags."""

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
        return one_hot(labels, self.num_classes, self.compute_dtype)

    def get_config(self):
        return {**super().get_config(), "num_classes": self.num_classes}


@keras.saving.register_keras_serializable(package="tfgan")
class MultiHotTags(keras.layers.Layer):
    """Multi-hot tags as floats of the type that a network computes in.

    Input `[batch, num_tags]` of 0 and 1, of any type, output float `[batch, num_tags]`.

    Args:
        num_tags: int >= 1.

    Attributes:
        num_classes: tuple of `num_tags` times 2: a tag is a label of two classes.

    Raises:
        ValueError: an input of another width.
    """

    def __init__(self, num_tags, **kwargs):
        super().__init__(**kwargs)
        self.num_tags = num_tags
        self.num_classes = (2,) * num_tags

    def build(self, input_shape):
        if tuple(input_shape[1:]) != (self.num_tags,):
            raise errors.invalid("tags", f"{self.num_tags} tags per example", f"shape {input_shape}")

    def call(self, tags):
        return ops.cast(tags, self.compute_dtype)

    def get_config(self):
        return {**super().get_config(), "num_tags": self.num_tags}


def one_hot(labels, num_classes, dtype="float32"):
    """The concatenated one-hot vectors of integer labels.

    Args:
        labels: int `[batch]` or `[batch, k]`.
        num_classes: tuple of k ints, the number of values of each label.
        dtype: of the vectors.

    Returns:
        `[batch, sum(num_classes)]`.
    """
    columns = ops.unstack(ops.reshape(labels, (-1, len(num_classes))), axis=1)
    vectors = [ops.one_hot(column, n, dtype=dtype) for column, n in zip(columns, num_classes)]
    return ops.concatenate(vectors, axis=-1)
