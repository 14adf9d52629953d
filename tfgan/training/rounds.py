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

from tfgan import checks, errors
from tfgan.data.order import batch_indices, endless
from tfgan.data.pixels import from_uint8
from tfgan.data.ranges import check_images, check_labels, check_tags, finite_bounds
from tfgan.data.source import Source
from tfgan.training import compatibility

# Keras's own default.
BATCH_SIZE = 32
# Begins the messages of checks that run within a data set.
REFUSED = "tfgan refuses a batch: "


class Rounds(NamedTuple):
    """A data set of whole rounds.

    Attributes:
        data: `tf.data.Dataset`.
        steps: rounds of one epoch; None: until the data end.
        first: the first batch: a dict of part to tensor, a tuple in order, or one tensor.
    """

    data: tf.data.Dataset
    steps: int | None
    first: object


def of_training(game, x, y=None, batch_size=None, steps=None, shuffle=True):
    """The data of `fit`: endless wherever the number of its rounds is known.

    Args:
        game: compiled.
        x, y, batch_size, steps, shuffle: as in `GAN.fit`.

    Raises:
        ValueError: they cannot be played with.
    """
    if steps is not None:
        checks.whole_number("steps_per_epoch", steps, 1)
    rows = _rows_of_a_round(game, batch_size)
    data, known = _read(game, x, y, batch_size, rows, shuffle, game.step_number())
    first = _first_batch(game, data)
    data, steps = _of_fixed_size(data, known if steps is None else steps, first)
    data, steps = _repeated(game, data, steps)
    convert = _conversion(game, data.element_spec)
    return Rounds(data.map(convert) if convert else data, steps, _apply(game, convert, first))


def of_evaluation(game, x, y=None, batch_size=None, steps=None):
    """The data of `evaluate`, once; rows beyond the last whole round are left out.

    Args and Raises: as in `of_training`.
    """
    if steps is not None:
        checks.whole_number("steps", steps, 1)
    rows = _rows_of_a_round(game, batch_size)
    data, known = _read(game, x, y, batch_size, rows, shuffle=False, start_step=0)
    first = _first_batch(game, data)
    if known and steps is None:
        data, steps = data.take(known), known
    if _rows(data) is None:
        data = data.rebatch(len(_leaf(first)), drop_remainder=True)
    convert = _conversion(game, data.element_spec)
    return Rounds(data.map(convert) if convert else data, steps, _apply(game, convert, first))


def one(game, x, y=None):
    """A single round, of all rows of a batch; arguments as in `of_training`."""
    if not np.ndim(_leaf(x)):
        raise errors.invalid("x", "a batch of arrays", _kind(x))
    rows, steps = len(_leaf(x)), max(1, game.discriminator_steps)
    if not rows or rows % steps:
        raise errors.invalid("x", f"rows that divide by {steps} (max(1, discriminator_steps))", rows)
    found = of_evaluation(game, x, y, rows // steps, steps=1)
    return found._replace(data=found.data.take(1))


def check_first_batch(game, rounds):
    """Looks at one batch: finite numbers, ranges of images, classes of labels.

    Raises:
        ValueError: NaN, infinity, or a class that does not exist.

    Warns:
        UserWarning: images in a range that is likely a mistake.
    """
    for name, part in game.named(rounds.first).items():
        part = part.numpy()
        if part.ndim == 4 and part.dtype.kind == "f":
            check_images(name, part, compatibility.lowest_value(game))
    _check_values(game, rounds.first)


def _check_values(game, parts):
    """Raises InputError on NaN, infinity, or classes that do not exist."""
    classes, expected = game.classes(), compatibility.expected_parts(game)
    for name, part in game.named(parts).items():
        finite_bounds(name, part)
        if name in classes and _is_floating(expected.get(name)):
            check_tags(name, part)
        elif name in classes and np.asarray(part).dtype.kind in "iub":
            check_labels(name, part, classes[name])


def refused(error):
    """The `InputError` of a check within a data set; another error as it is."""
    found = re.search(rf"{REFUSED}(.*?)\] \[(.*?)\]", str(error.message))
    return errors.InputError(" ".join(found.groups())) if found else error


# ------------------------------------------------------------------ what is given


def _read(game, x, y, batch_size, rows, shuffle, start_step):
    """(data set, rounds of a pass or None), of any kind of data."""
    if isinstance(x, Source):
        if y is not None:
            raise errors.invalid("y", "None beside a source, which has its labels", type(y).__name__)
        known = max(1, len(x) // rows) if hasattr(x, "__len__") else None
        return x.batches(rows, seed=game.seed, start_step=start_step), known
    if isinstance(x, (tf.data.Dataset, keras.utils.PyDataset)):
        for name, value in (("y", y), ("batch_size", batch_size)):
            if value is not None:
                raise errors.invalid(name, "None beside a data set, which has labels and batches", value)
        return (x, None) if isinstance(x, tf.data.Dataset) else (_of_py_dataset(x), x.num_batches)
    if hasattr(x, "element_spec"):
        raise errors.invalid("x", "a tf.data.Dataset, which fit itself iterates and distributes", _kind(x))
    arrays = _named_arrays(game, x, y)
    _check_values(game, arrays)
    count = len(next(iter(arrays.values())))
    rows = min(rows, count) if not shuffle and batch_size is None else rows
    if count < rows:
        raise errors.invalid("batch_size", f"at most {count}, the rows there are", rows)
    return _of_arrays(arrays, rows, game.seed if shuffle else None, start_step), count // rows


def _rows_of_a_round(game, batch_size):
    batch_size = BATCH_SIZE if batch_size is None else checks.whole_number("batch_size", batch_size, 1)
    return batch_size * max(1, game.discriminator_steps)


def _first_batch(game, data):
    """The first batch of a data set, as it gives it."""
    compatibility.check_parts(game, data.element_spec)
    for name, expected in compatibility.expected_parts(game).items():
        spec = game.named(data.element_spec)[name]
        if len(spec.shape) + 1 == len(expected.shape) and spec.shape == expected.shape[1:]:
            raise errors.invalid("x", "batches (data.batch(64))", f"a data set of single {name}")
    first = next(iter(data.take(1)), None)
    if first is None or not len(_leaf(first)):
        raise errors.invalid("x", "at least one whole round of rows", "a data set without one")
    return first


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


def _of_arrays(arrays, rows, seed, start_step):
    """Endless batches of arrays, in the order of a seed or, for None, in their own."""
    count = len(next(iter(arrays.values())))
    with tf.device("CPU:0"):
        held = {name: tf.convert_to_tensor(part) for name, part in arrays.items()}

    def batch(step):
        places = step * rows + tf.range(rows, dtype=tf.int64)
        chosen = places % count if seed is None else batch_indices(step, rows, count, seed)
        return {name: tf.gather(part, chosen) for name, part in held.items()}

    return endless(batch, start_step)


def _named_arrays(game, x, y):
    """Dict of part to array."""
    if isinstance(x, dict):
        parts = dict(x)
    else:
        several = isinstance(x, (tuple, list)) and len(x) and not np.isscalar(x[0]) and y is None
        several = several and all(hasattr(part, "shape") for part in x)
        given = x if several else [x]
        if len(given) > len(game.parts):
            raise errors.invalid("x", f"{', '.join(game.parts)}", f"{len(given)} arrays")
        parts = dict(zip(game.parts, given))
    if y is not None:
        if len(game.parts) < 2 or game.parts[1] in parts:
            taken = ", ".join(game.parts)
            raise errors.invalid("y", f"None for {type(game).__name__}, which takes {taken}", _kind(y))
        parts[game.parts[1]] = y
    if set(parts) != set(game.parts):
        given = ", ".join(parts)
        raise errors.invalid("x", f"{', '.join(game.parts)} for {type(game).__name__}", given)
    arrays = {name: _array(name, part) for name, part in parts.items()}
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise errors.invalid("x", "parts of one length", lengths)
    return arrays


def _array(name, part):
    try:
        array = np.asarray(part) if isinstance(part, (np.ndarray, list, tf.Tensor)) else None
    except ValueError:  # lists of different lengths
        array = None
    bfloat16 = array is not None and array.dtype.name == "bfloat16"
    if array is None or not (array.dtype.kind in "biuf" or bfloat16) or not array.ndim:
        expected = "an array of numbers, a tf.data.Dataset, a keras.utils.PyDataset or a tfgan source"
        raise errors.invalid(name, expected, _kind(part))
    return array


def _kind(value):
    dtype = getattr(value, "dtype", None)
    return type(value).__name__ + (f" of {dtype}" if dtype is not None else "")


# --------------------------------------------------------------- whole rounds


def _of_fixed_size(data, steps, first):
    """A data set whose batches have one known size, and the rounds of an epoch."""
    if _rows(data) is not None:
        return data, steps
    if steps is None:
        steps = int(data.cardinality())
        if steps < 0:
            raise errors.invalid(
                "steps_per_epoch", "a number, since neither the length nor the batch size is known", None
            )
    # The rows that are left at the end of a pass begin the next.
    return data.repeat().rebatch(len(_leaf(first)), drop_remainder=True), steps


def _repeated(game, data, steps):
    """Repeats finite data, where an epoch is a known number of rounds that whole calls play."""
    if data.cardinality() == tf.data.INFINITE_CARDINALITY:
        return data, steps
    count = int(data.cardinality()) if steps is None else steps
    whole = count > 0 and (game.executions.auto or not count % game.steps_per_execution)
    return (data.repeat(), count) if whole else (data, steps)


def _rows(data):
    """Rows of every batch; None where they are not fixed."""
    leaf = tf.nest.flatten(data.element_spec)[0]
    return leaf.shape[0] if leaf.shape.rank else None


def _leaf(batch):
    return tf.nest.flatten(batch)[0]


# ---------------------------------------------------------- types and shapes


def _conversion(game, spec):
    """A function that gives parts the types and shapes that the networks take; None: they have them."""
    expected, classes = compatibility.expected_parts(game), game.classes()
    change = {
        name: [
            *_of_shape(name, part, expected.get(name)),
            *_of_type(name, part, expected.get(name), compatibility.lowest_value(game)),
            *_of_classes(name, part, classes.get(name)),
        ]
        for name, part in game.named(spec).items()
    }

    def convert(*batch):
        parts = game.named(batch[0] if len(batch) == 1 else batch)
        for name, functions in change.items():
            for function in functions:
                parts[name] = function(parts[name])
        return parts

    return convert if any(change.values()) else None


def _apply(game, convert, batch):
    """A batch that is at hand, converted; what a data set would refuse is an `InputError` here."""
    if convert is None:
        return batch
    _check_values(game, batch)
    return convert(*batch) if isinstance(batch, tuple) else convert(batch)


def _of_shape(name, spec, expected):
    """Functions that add or take away an axis of one."""
    if expected is None:
        return []
    wanted, given = len(expected.shape), len(spec.shape)
    if wanted == 2 and given == 1 and _is_floating(expected):
        raise errors.invalid(name, f"shape [n, {expected.shape[1]}], as the networks take it", "[n]")
    if wanted == 4 and given == 3 and expected.shape[-1] == 1:
        return [lambda part: part[..., None]]
    if wanted == 2 and given == 1 and expected.shape[1] == 1:
        return [lambda part: part[:, None]]
    if wanted == 1 and given == 2:
        if spec.shape[1] != 1:
            classes = "classes as integers [n] (np.argmax(labels, axis=1) of one-hot rows)"
            raise errors.invalid(name, classes, f"shape {list(spec.shape)}")
        return [lambda part: part[:, 0]]
    return []


def _of_type(name, spec, expected, lowest):
    """Functions that bring bytes to floats, and other numbers to the type that networks take."""
    image = len(spec.shape) == 4 or expected is not None and len(expected.shape) == 4
    if image and spec.dtype == tf.uint8:
        return [from_uint8] if lowest < 0 else [lambda part: tf.cast(part, tf.float32) / 255.0]
    if image and not spec.dtype.is_floating:
        raise errors.invalid(name, "uint8, or floats in [-1, 1]", spec.dtype.name)
    if expected is not None and tf.as_dtype(expected.dtype).is_integer and spec.dtype.is_floating:
        raise errors.invalid(name, "integer classes (labels.astype('int32'))", spec.dtype.name)
    if spec.dtype == tf.uint8:
        return [lambda part: tf.cast(part, tf.int32)]
    if _is_floating(expected) and len(spec.shape) < 4 and not spec.dtype.is_floating:
        return [lambda part: tf.cast(part, tf.float32)]
    if spec.dtype in (tf.float64, tf.bfloat16):
        return [lambda part: tf.cast(part, tf.float32)]
    return []


def _is_floating(spec):
    return spec is not None and tf.as_dtype(spec.dtype).is_floating


def _of_classes(name, spec, classes):
    """A function that refuses labels outside their classes."""
    columns = spec.shape[1] if len(spec.shape) > 1 else 1
    if not classes or columns != len(classes):
        return []
    return [lambda part: _with_known_classes(name, part, classes)]


def _with_known_classes(name, labels, classes):
    numbers = tf.cast(labels, tf.int32)
    inside = (labels == tf.cast(numbers, labels.dtype)) & (numbers >= 0) & (numbers < tf.constant(classes))
    limits = ", ".join(map(str, classes))
    text = f"{REFUSED}{name}: expected classes from 0 to below {limits}; got"
    outside = tf.boolean_mask(labels, ~inside)[:1]
    with tf.control_dependencies([tf.debugging.Assert(tf.reduce_all(inside), [text, outside])]):
        return tf.identity(labels)
