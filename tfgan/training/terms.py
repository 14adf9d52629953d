"""One Keras metric for the running means of all named loss terms of a game."""

import keras
import tensorflow as tf

# Largest number of names.
CAPACITY = 64


@keras.saving.register_keras_serializable(package="tfgan")
class TermMeans(keras.metrics.Metric):
    """Running means of named scalars, whose names are known only when the game is traced.

    A Keras `Mean` per name would have to exist before the hooks that name the
    terms are traced. Here each name takes the next free slot of two vectors
    while `update_state` is traced. This also needs one assignment instead of many.

    Attributes:
        names: list of str, the names of the slots in use.

    Raises:
        ValueError: more than 64 names.
    """

    def __init__(self, name="terms", **kwargs):
        super().__init__(name=name, **kwargs)
        self.names = []
        self.totals = self.add_variable((CAPACITY,), "zeros", name="totals")
        self.counts = self.add_variable((CAPACITY,), "zeros", name="counts")

    def update_state(self, terms):
        """Adds one observation of each scalar of the dict `terms`."""
        self.names = list(dict.fromkeys([*self.names, *terms]))
        if len(self.names) > CAPACITY:
            raise ValueError(f"terms: expected at most {CAPACITY} names, got {len(self.names)}.")
        slots = [self.names.index(name) for name in terms]
        one_hot = tf.one_hot(slots, CAPACITY, dtype=self.totals.dtype)
        values = [tf.cast(value, self.totals.dtype) for value in terms.values()]
        # A select and not a product: NaN times 0 would spread over all slots.
        rows = tf.where(one_hot > 0, tf.stack(values)[:, None], 0.0)
        self.totals.assign_add(tf.reduce_sum(rows, axis=0))
        self.counts.assign_add(tf.reduce_sum(one_hot, axis=0))

    def result(self):
        """Dict of name to mean since the last reset, in order of first appearance."""
        means = tf.math.divide_no_nan(
            tf.convert_to_tensor(self.totals), tf.convert_to_tensor(self.counts)
        )
        return {name: means[slot] for slot, name in enumerate(self.names)}

    @property
    def batches(self):
        """Number of observations since the last reset, of the most frequent term; int32 scalar."""
        return tf.cast(tf.reduce_max(tf.convert_to_tensor(self.counts)), tf.int32)
