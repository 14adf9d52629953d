"""Records: decoded examples, shuffled anew on every pass."""

import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.data.order import batch_indices, check, endless
from tfgan.data.pixels import from_uint8


class Records:
    """Decoded examples: images as bytes, or vectors as floats.

    Args:
        images: uint8 [n, height, width, channels], or float32 [n, dims], n >= 1.
            They are copied into memory, unless they are an `np.memmap`.
        condition: int [n] for one label, [n, k] for several, or None.
        class_names: one sequence of str per label; made up from the numbers
            ("0", "1", ...) when a condition comes without.
        skipped: int, how many files were left out because they were bad.

    Attributes:
        images: the array, read-only.
        condition: int32 [n] or [n, k], or None.
        shape: tuple of int, the shape of one example.
        num_classes: tuple of int, one per label; `()` without a condition.
        class_names: tuple of tuples of str, parallel to `num_classes`.
        skipped: int.

    Raises:
        ValueError: images of another type or number, or a condition that does
            not belong to them.
    """

    def __init__(self, images, condition=None, class_names=(), skipped=0):
        given, images = images, np.asarray(images)
        if images.dtype not in (np.uint8, np.float32):
            raise errors.invalid("images", "uint8 images or float32 vectors", str(images.dtype))
        if images.ndim != (4 if images.dtype == np.uint8 else 2) or not len(images):
            expected = "shape [n, height, width, channels] or [n, dims], n >= 1"
            raise errors.invalid("images", expected, images.shape)
        # On the CPU, where tf.data works; a GPU's memory is for the networks.
        with tf.device("CPU:0"):
            self._images = given if isinstance(given, np.memmap) else tf.constant(images)
            self._condition = _checked_condition(condition, len(images))
        self.shape = images.shape[1:]
        self.class_names = _class_names(self.condition, class_names)
        self.num_classes = tuple(len(names) for names in self.class_names)
        self.skipped = skipped

    @property
    def images(self):
        images = np.asarray(self._images)
        images.flags.writeable = False
        return images

    @property
    def condition(self):
        return None if self._condition is None else np.asarray(self._condition)

    def __len__(self):
        return len(self._images)

    def batches(self, batch_size, seed=0, start_step=0):
        """Endless full batches, batch i being a function of (seed, i).

        Every pass is a fresh permutation; a batch may span passes, so nothing
        is dropped and `batch_size` may exceed the number of records.

        Args:
            batch_size: int >= 1.
            seed: int, selects the order.
            start_step: int >= 0, the number of the first batch; costs nothing.

        Returns:
            A `tf.data.Dataset` of float32 images in [-1, 1] (vectors keep their
            own units), or of (images, condition) with an int32 condition.

        Raises:
            ValueError: an argument out of range.
        """
        check(batch_size, seed, start_step)

        def batch(step):
            rows = batch_indices(step, batch_size, len(self), seed)
            images = self._gather(rows)
            if images.dtype == tf.uint8:
                images = from_uint8(images)
            if self._condition is None:
                return images
            return images, tf.gather(self._condition, rows)

        return endless(batch, start_step)

    def _gather(self, rows):
        if not isinstance(self._images, np.memmap):
            return tf.gather(self._images, rows)
        pick = lambda rows: np.asarray(self._images[rows])
        images = tf.numpy_function(pick, [rows], tf.uint8, stateful=False)
        return tf.ensure_shape(images, [*rows.shape, *self.shape])


def _checked_condition(condition, count):
    if condition is None:
        return None
    condition = np.asarray(condition)
    if condition.dtype.kind not in "iu" or condition.ndim not in (1, 2) or len(condition) != count:
        got = f"{condition.dtype} {list(condition.shape)}"
        raise errors.invalid("condition", f"integers [{count}] or [{count}, k]", got)
    return tf.constant(condition, tf.int32)


def _class_names(condition, class_names):
    if condition is None:
        return ()
    labels = condition.reshape(len(condition), -1).T
    if not class_names:
        class_names = [[str(number) for number in range(label.max() + 1)] for label in labels]
    class_names = tuple(tuple(names) for names in class_names)
    if len(class_names) != len(labels):
        raise errors.invalid("class_names", f"{len(labels)} sequences of names", class_names)
    for label, names in zip(labels, class_names):
        if label.min() < 0 or label.max() >= len(names):
            got = f"{label.min()} to {label.max()}"
            raise errors.invalid("condition", f"classes 0 to {len(names) - 1}", got)
    return class_names
