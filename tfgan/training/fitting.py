"""Preparation of Keras's `fit` and `evaluate`: data, rounds per call, callbacks, the first batch."""

import contextlib
import warnings

import keras
import numpy as np
import tensorflow as tf

from tfgan import checks, errors
from tfgan.data.order import without_autotuning
from tfgan.training import rounds
from tfgan.training.rounds import Rounds


def prepared(game, x, y, batch_size, options):
    """Checks what `fit` was given, and brings it to what Keras's `fit` takes of a game.

    Args:
        game: compiled.
        x, y, batch_size: as in `GAN.fit`.
        options: dict, the other arguments of `fit`.

    Returns:
        Dict of arguments of `keras.Model.fit`.

    Raises:
        ValueError: they do not fit the game.
    """
    check_compiled(game, "fit")
    game.check_trainable()
    options = dict(options)
    checks.whole_number("epochs", options.get("epochs", 1), 0)
    _refuse_weights(options)
    share = options.pop("validation_split", 0.0)
    if share:
        x, y, options["validation_data"] = _split(x, y, share)
    steps, shuffle = options.get("steps_per_epoch"), options.pop("shuffle", True)
    training = rounds.of_training(game, x, y, batch_size, steps, shuffle)
    game.check_data(training.data, training.steps)
    validation = _validation(game, batch_size, options)
    game.logs.begin(training.data.element_spec, validated=validation.data is not None)
    _choose_executions(game, training, validation.steps or 0)
    rounds.check_first_batch(game, training)
    _show_first_batch(game, training)
    return {
        **options,
        "x": without_autotuning(training.data),
        "shuffle": False,
        "steps_per_epoch": training.steps,
        "validation_data": validation.data,
        "validation_steps": validation.steps,
        "callbacks": _callbacks(game, options.get("callbacks")),
    }


@contextlib.contextmanager
def evaluating(game, x, y, batch_size, options):
    """A scope in which the batches per call are those of an evaluation.

    Yields:
        Dict of arguments of `keras.Model.evaluate`.
    """
    check_compiled(game, "evaluate")
    _refuse_weights(options)
    steps, playing = options.get("steps"), game.steps_per_execution
    # Keras's `fit` evaluates on data that it has made ready itself.
    if options.get("_use_cached_eval_dataset"):
        data = Rounds(x, steps, None)
    else:
        data = rounds.of_evaluation(game, x, y, batch_size, steps)
    game.steps_per_execution = game.executions.of_evaluation(playing, data.steps)
    try:
        if data.first is not None:
            with errors.about("x", x="x", steps_per_epoch="steps"):
                game.check_data(data.data, data.steps)
            rounds.check_first_batch(game, data)
        yield {**options, "x": data.data, "steps": data.steps}
    finally:
        game.steps_per_execution = playing


def one_batch(game, x, y, options, method):
    """A batch of arrays as a round's parts, for `train_on_batch` and `test_on_batch`."""
    check_compiled(game, method)
    _refuse_weights(options)
    found = rounds.one(game, x, y)
    game.check_data(found.data)
    if game.step_number() == 0:
        rounds.check_first_batch(game, found)
        _show_first_batch(game, found)
    strategy = game.distribute_strategy
    several = strategy.num_replicas_in_sync > 1
    return next(iter(strategy.experimental_distribute_dataset(found.data) if several else found.data))


@contextlib.contextmanager
def explaining():
    """A scope in which an error of a check within a data set is an `InputError`.

    Nor does Keras warn there of data that end, whose length it did not know.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Your input ran out of data")
            yield
    except tf.errors.InvalidArgumentError as error:
        raise rounds.refused(error) from None


def check_compiled(game, method):
    """Raises InputError where a game was not compiled."""
    if not game.compiled:
        expected = "a compiled game: game.compile(generator_optimizer=..., discriminator_optimizer=...)"
        raise errors.invalid(method, expected, "one that is not compiled")


def _refuse_weights(options):
    for name in ("sample_weight", "class_weight"):
        if options.get(name) is not None:
            raise errors.invalid(name, "None: the losses of a game weigh all examples alike", "weights")


def _split(x, y, share):
    """(x, y, validation data): the last share of the rows of arrays is for validation, as in Keras."""
    if not 0 < share < 1:
        raise errors.invalid("validation_split", "a number from 0 to 1", share)
    arrays = tf.nest.flatten(x)
    if not all(isinstance(array, (np.ndarray, tf.Tensor)) for array in arrays):
        raise errors.invalid("validation_split", "0 for data that are no arrays (validation_data=)", share)
    first = int(len(arrays[0]) * (1 - share))
    training, held_out = slice(None, first), slice(first, None)
    return _chosen(x, training), _chosen(y, training), (_chosen(x, held_out), _chosen(y, held_out))


def _chosen(parts, rows):
    """Rows of an array, or of a nest of them."""
    return None if parts is None else tf.nest.map_structure(lambda array: array[rows], parts)


def _validation(game, batch_size, options):
    """The `Rounds` of `validation_data`, checked."""
    given, steps = options.get("validation_data"), options.get("validation_steps")
    if given is None:
        return Rounds(None, steps, None)
    x, y, weights = (*given, None, None)[:3] if isinstance(given, tuple) else (given, None, None)
    _refuse_weights({"sample_weight": weights})
    size = options.pop("validation_batch_size", None) or batch_size
    size = None if isinstance(x, (tf.data.Dataset, keras.utils.PyDataset)) else size
    with errors.about("validation_data", x="validation_data", steps_per_epoch="validation_steps"):
        found = rounds.of_evaluation(game, x, y, size, steps)
        game.check_data(found.data, found.steps)
        rounds.check_first_batch(game, found)
    return found


def _choose_executions(game, training, validation_steps):
    before = game.steps_per_execution, game.executions.whole_calls
    if game.executions.auto:
        rows = tf.nest.flatten(training.data.element_spec)[0].shape[0]
        steps = training.steps or 1
        game.steps_per_execution = game.executions.choose(game, rows, steps, validation_steps)
    game.executions.whole_calls = training.steps is not None
    if before != (game.steps_per_execution, game.executions.whole_calls):
        game.train_function = None


def _callbacks(game, given):
    """The callbacks of `fit`, after those that stop and check it."""
    from tfgan.callbacks.non_finite import StopOnNonFinite
    from tfgan.callbacks.of_keras import CheckCallbacks, check_kinds

    if isinstance(given, keras.callbacks.CallbackList):
        return given
    given = [given] if isinstance(given, keras.callbacks.Callback) else list(given or ())
    check_kinds(given)
    stops = game.stops_on_non_finite and not any(isinstance(c, StopOnNonFinite) for c in given)
    return [*[StopOnNonFinite()] * stops, *given, CheckCallbacks(given)]


def _show_first_batch(game, data):
    if game.see_first_batch and game.step_number() == 0:
        game.see_first_batch(game.named(data.first))
