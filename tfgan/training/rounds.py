"""What `fit` and `evaluate` are given, as data sets whose batches are whole rounds.

A round takes a fixed number of rows, and all parts of the game: so arrays are batched, a
data set whose last batch is smaller is batched anew, and images and labels are brought to
the types and shapes that the networks take, where that is safe.
"""

import re
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan import errors, shapes
from tfgan.data.order import batch_indices, endless
from tfgan.data.pixels import from_uint8
from tfgan.data.ranges import check_images, check_labels
from tfgan.data.source import Source
from tfgan.training import compatibility

# Keras's own default.
BATCH_SIZE = 32
# Generators that end with one of these make no negative values.
NOT_NEGATIVE = ("sigmoid", "relu", "softmax", "softplus")
# Begins the messages of checks that run within a data set.
REFUSED = "tfgan refuses a batch: "


class Rounds(NamedTuple):
    """A data set of whole rounds.

    Attributes:
        data: `tf.data.Dataset`, or a distributed one.
        steps: rounds of one epoch; None: until the data end.
    """

    data: object
    steps: int | None


def of_training(game, x, y=None, batch_size=None, steps=None, shuffle=True):
    """The data of `fit`: endless wherever the number of its rounds is known.

    Args:
        game: compiled.
        x, y, batch_size, steps, shuffle: as in `GAN.fit`.

    Raises:
        ValueError: they cannot be played with.
    """
    data, known = _read(game, x, y, batch_size, shuffle)
    data, steps = _repeated(game, *_of_fixed_size(data, known if steps is None else steps))
    return Rounds(_converted(game, data), steps)


def of_evaluation(game, x, y=None, batch_size=None, steps=None):
    """The data of `evaluate`, once; rows beyond the last whole round are left out.

    Args and Raises: as in `of_training`.
    """
    data, known = _read(game, x, y, batch_size, shuffle=False)
    if known and steps is None:
        data, steps = data.take(known), known
    if _rows(data) is None and isinstance(data, tf.data.Dataset):
        data = data.rebatch(_first_rows(data), drop_remainder=True)
    return Rounds(_converted(game, data), steps)


def one(game, x, y=None):
    """A single round, of all rows of a batch; arguments as in `of_training`."""
    return of_evaluation(game, x, y, batch_size=len(_leaf(x)), steps=1).data


def check_first_batch(game, data):
    """Looks at one batch: finite numbers, ranges of images, classes of labels.

    Raises:
        ValueError: NaN, infinity, or a class that does not exist.

    Warns:
        UserWarning: images in a range that is likely a mistake.
    """
    if not isinstance(data, tf.data.Dataset):
        return
    batch = next(iter(data.take(1)), None)
    if batch is None:
        raise errors.invalid("x", "at least one whole round of rows", "a data set without one")
    lowest = 0.0 if shapes.final_activation(_generator(game)) in NOT_NEGATIVE else -1.0
    classes = game.classes()
    for name, part in game.named(batch).items():
        part = part.numpy()
        if part.ndim == 4 and part.dtype.kind == "f":
            check_images(name, part, lowest)
        elif part.dtype.kind == "f" and not np.isfinite(part).all():
            raise errors.invalid(name, "finite numbers", "NaN or infinity")
        elif name in classes:
            check_labels(name, part, classes[name])


def refused(error):
    """The `InputError` of a check within a data set; another error as it is."""
    found = re.search(rf"{REFUSED}(.*?)\] \[(.*?)\]", str(error.message))
    return errors.InputError(" ".join(found.groups())) if found else error


# ------------------------------------------------------------------ what is given


def _read(game, x, y, batch_size, shuffle):
    """(data set, rounds of a pass or None), of any kind of data."""
    if isinstance(x, Source):
        return _of_source(game, x, y, batch_size)
    if hasattr(x, "element_spec"):
        for name, value in (("y", y), ("batch_size", batch_size)):
            if value is not None:
                raise errors.invalid(name, "None beside a data set, which has labels and batches", value)
        return x, None
    if isinstance(x, keras.utils.PyDataset):
        return _of_py_dataset(x), x.num_batches
    return _of_arrays(game, x, y, batch_size, shuffle)


def _of_source(game, source, y, batch_size):
    if y is not None:
        raise errors.invalid("y", "None beside a source, which has its labels", type(y).__name__)
    rows = batch_size or BATCH_SIZE
    finite = hasattr(source, "__len__")
    return source.batches(rows, seed=game.seed), max(1, len(source) // rows) if finite else None


def _of_py_dataset(batches):
    """A `keras.utils.PyDataset`, read by index."""

    def passes():
        for i in range(batches.num_batches):
            yield batches[i]
        batches.on_epoch_end()

    if batches.num_batches is None:
        raise errors.invalid("x", "a PyDataset with a known number of batches", "None")
    first = tf.nest.map_structure(np.asarray, batches[0])
    spec = tf.nest.map_structure(lambda part: tf.TensorSpec([None, *part.shape[1:]], part.dtype), first)
    data = tf.data.Dataset.from_generator(passes, output_signature=spec)
    return data.apply(tf.data.experimental.assert_cardinality(batches.num_batches))


def _of_arrays(game, x, y, batch_size, shuffle):
    parts = _named_arrays(game, x, y)
    lengths = {name: len(part) for name, part in parts.items()}
    if len(set(lengths.values())) > 1:
        raise errors.invalid("x", "parts of one length", lengths)
    count, rows = next(iter(lengths.values())), batch_size or BATCH_SIZE
    if count < rows:
        raise errors.invalid("batch_size", f"at most {count}, the rows there are", rows)
    with tf.device("CPU:0"):
        held = {name: tf.convert_to_tensor(part) for name, part in parts.items()}

    def batch(step):
        places = step * rows + tf.range(rows, dtype=tf.int64)
        chosen = batch_indices(step, rows, count, game.seed) if shuffle else places % count
        return {name: tf.gather(part, chosen) for name, part in held.items()}

    return endless(batch, start_step=0), count // rows


def _named_arrays(game, x, y):
    """Dict of part to array."""
    if isinstance(x, dict):
        parts = dict(x)
    else:
        several = isinstance(x, (tuple, list)) and len(game.parts) > 1 and y is None
        parts = dict(zip(game.parts, x if several else [x]))
    if y is not None:
        if len(game.parts) < 2 or game.parts[1] in parts:
            taken = ", ".join(game.parts)
            raise errors.invalid("y", f"None for {type(game).__name__}, which takes {taken}", _kind(y))
        parts[game.parts[1]] = y
    if set(parts) != set(game.parts):
        given = ", ".join(parts)
        raise errors.invalid("x", f"{', '.join(game.parts)} for {type(game).__name__}", given)
    return {name: _array(name, part) for name, part in parts.items()}


def _array(name, part):
    array = np.asarray(part) if isinstance(part, (np.ndarray, list, tf.Tensor)) else None
    if array is None or array.dtype.kind not in "biuf" or not array.ndim:
        expected = "an array of numbers, a tf.data.Dataset, a keras.utils.PyDataset or a tfgan source"
        raise errors.invalid(name, expected, _kind(part))
    return array


def _kind(value):
    dtype = getattr(value, "dtype", None)
    return type(value).__name__ + (f" of {dtype}" if dtype is not None else "")


# --------------------------------------------------------------- whole rounds


def _of_fixed_size(data, steps):
    """A data set whose batches have one known size, and the rounds of an epoch."""
    if _rows(data) is not None or not isinstance(data, tf.data.Dataset):
        return data, steps
    if steps is None:
        steps = int(data.cardinality())
        if steps < 0:
            raise errors.invalid(
                "steps_per_epoch", "a number, since neither the length nor the batch size is known", None
            )
    # The rows that are left at the end of a pass begin the next.
    return data.repeat().rebatch(_first_rows(data), drop_remainder=True), steps


def _repeated(game, data, steps):
    """Finite data repeated, if an epoch's rounds are known and whole calls of the step play them."""
    if not isinstance(data, tf.data.Dataset) or data.cardinality() == tf.data.INFINITE_CARDINALITY:
        return data, steps
    count = int(data.cardinality()) if steps is None else steps
    if not int(data.cardinality()):
        raise errors.invalid("x", "at least one whole round of rows", "a data set without one")
    whole = count > 0 and (game.executions.auto or not count % game.steps_per_execution)
    return (data.repeat(), count) if whole else (data, steps)


def _rows(data):
    """Rows of every batch; None where they are not fixed."""
    leaf = tf.nest.flatten(data.element_spec)[0]
    return leaf.shape[0] if leaf.shape.rank else None


def _first_rows(data):
    first = next(iter(data.take(1)), None)
    if first is None:
        raise errors.invalid("x", "at least one batch", "an empty data set")
    return len(_leaf(first))


def _leaf(batch):
    return tf.nest.flatten(batch)[0]


# ---------------------------------------------------------- types and shapes


def _converted(game, data):
    """A data set whose parts have the types and shapes that the networks take."""
    compatibility.check_parts(game, data.element_spec)
    if not isinstance(data, tf.data.Dataset):
        return data
    expected, classes = compatibility.expected_parts(game), game.classes()
    change = {
        name: _conversions(name, spec, expected.get(name), classes.get(name))
        for name, spec in game.named(data.element_spec).items()
    }
    if not any(change.values()):
        return data

    def convert(*batch):
        parts = game.named(batch[0] if len(batch) == 1 else batch)
        for name, functions in change.items():
            for function in functions:
                parts[name] = function(parts[name])
        return parts

    return data.map(convert)


def _conversions(name, spec, expected, classes):
    """Functions that bring one part to what the networks take."""
    found = []
    rank = None if expected is None else len(expected.shape)
    if rank == 4 and spec.shape.rank == 3 and expected.shape[-1] == 1:
        found.append(lambda part: part[..., None])
    if rank == 1 and spec.shape.rank == 2 and spec.shape[1] == 1:
        found.append(lambda part: part[:, 0])
    if spec.dtype == tf.uint8:
        images = spec.shape.rank == 4 or rank == 4
        found.append(from_uint8 if images else lambda part: tf.cast(part, tf.int32))
    if spec.dtype == tf.float64:
        found.append(lambda part: tf.cast(part, tf.float32))
    if classes and spec.dtype.is_integer:
        found.append(lambda part: _with_known_classes(name, part, classes))
    return found


def _with_known_classes(name, labels, classes):
    inside = (labels >= 0) & (labels < tf.cast(tf.constant(classes), labels.dtype))
    limits = ", ".join(map(str, classes))
    text = f"{REFUSED}{name}: expected classes from 0 to below {limits}; got"
    outside = tf.boolean_mask(labels, ~inside)[:1]
    with tf.control_dependencies([tf.debugging.Assert(tf.reduce_all(inside), [text, outside])]):
        return tf.identity(labels)


def _generator(game):
    return game.networks()[game.sides["generator"][0]] if game.sides["generator"] else None
