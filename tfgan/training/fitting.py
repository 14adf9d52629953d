"""Preparation of Keras's `fit` and `evaluate`: data, rounds per call, callbacks, the first batch."""

import contextlib

import keras
import tensorflow as tf

from tfgan import errors
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
    options = dict(options)
    _refuse_weights(options)
    share = options.pop("validation_split", 0.0)
    if share:
        x, y, options["validation_data"] = _split(x, y, share)
    steps, shuffle = options.get("steps_per_epoch"), options.pop("shuffle", True)
    training = rounds.of_training(game, x, y, batch_size, steps, shuffle)
    game.check_data(*training)
    validation = _validation(game, batch_size, options)
    game.logs.begin(training.data.element_spec, validated=validation.data is not None)
    _choose_executions(game, training, validation.steps or 0)
    rounds.check_first_batch(game, training.data)
    _show_first_batch(game, training.data)
    return {
        **options,
        "x": _untuned(training.data),
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
    # Keras's `fit` evaluates on data that it has made ready itself.
    ready = x is None or options.get("_use_cached_eval_dataset")
    data = Rounds(x, options.get("steps"))
    if not ready:
        data = rounds.of_evaluation(game, x, y, batch_size, data.steps)
        with errors.about("x", x="x", steps_per_epoch="steps"):
            game.check_data(*data)
        rounds.check_first_batch(game, data.data)
    playing = game.steps_per_execution
    game.steps_per_execution = game.executions.of_evaluation(playing, data.steps)
    try:
        yield {**options, "x": data.data, "steps": data.steps}
    finally:
        game.steps_per_execution = playing


def one_batch(game, x, y, options, method):
    """A batch of arrays as a round's parts, for `train_on_batch` and `test_on_batch`."""
    check_compiled(game, method)
    _refuse_weights(options)
    data = rounds.one(game, x, y)
    game.check_data(data, 1)
    if game.step_number() == 0:
        rounds.check_first_batch(game, data)
        _show_first_batch(game, data)
    strategy = game.distribute_strategy
    several = strategy.num_replicas_in_sync > 1
    return next(iter(strategy.experimental_distribute_dataset(data) if several else data))


@contextlib.contextmanager
def explaining():
    """A scope in which an error of a check within a data set is an `InputError`."""
    try:
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
    if hasattr(x, "element_spec") or not hasattr(tf.nest.flatten(x)[0], "__len__"):
        raise errors.invalid("validation_split", "0 for data that are no arrays (validation_data=)", share)
    first = int(len(tf.nest.flatten(x)[0]) * (1 - share))
    rows = lambda part, chosen: None if part is None else tf.nest.map_structure(lambda a: a[chosen], part)
    training, held_out = slice(None, first), slice(first, None)
    return rows(x, training), rows(y, training), (rows(x, held_out), rows(y, held_out))


def _validation(game, batch_size, options):
    """The `Rounds` of `validation_data`, checked."""
    given, steps = options.get("validation_data"), options.get("validation_steps")
    if given is None:
        return Rounds(None, steps)
    x, y, *weights = given if isinstance(given, (tuple, list)) else (given, None)
    _refuse_weights({"sample_weight": weights[0] if weights else None})
    size = options.pop("validation_batch_size", None) or batch_size
    size = None if hasattr(x, "element_spec") else size
    with errors.about("validation_data", x="validation_data", steps_per_epoch="validation_steps"):
        found = rounds.of_evaluation(game, x, y, size, steps)
        game.check_data(*found)
        rounds.check_first_batch(game, found.data)
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
    from tfgan.callbacks.of_keras import CheckCallbacks

    if isinstance(given, keras.callbacks.CallbackList):
        return given
    given = [given] if isinstance(given, keras.callbacks.Callback) else list(given or ())
    stops = game.stops_on_non_finite and not any(isinstance(c, StopOnNonFinite) for c in given)
    return [*[StopOnNonFinite()] * stops, *given, CheckCallbacks(given)]


def _show_first_batch(game, data):
    if game.see_first_batch and game.step_number() == 0:
        game.see_first_batch(game.named(next(iter(data))))


def _untuned(data):
    return without_autotuning(data) if isinstance(data, tf.data.Dataset) else data
