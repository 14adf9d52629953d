"""Preparation of Keras's `fit` and `evaluate`: checks, rounds per call, the first batch."""

import contextlib

import keras
import tensorflow as tf

from tfgan.data.order import without_autotuning


def prepared(game, data, options):
    """Checks the data of `fit`, chooses the rounds per call, shows the game its first batch.

    Args:
        game: compiled.
        data: what `fit` was given.
        options: dict, the other arguments of `fit`.

    Returns:
        The `tf.data.Dataset` to train on.

    Raises:
        ValueError: the data do not fit the game.
    """
    steps = options.get("steps_per_epoch")
    game.check_data(data, steps)
    game.logs.begin(data.element_spec, validated=options.get("validation_data") is not None)
    if game.executions.auto:
        _choose_executions(game, data, steps or 1, options.get("validation_steps") or 0)
    _show_first_batch(game, data)
    return without_autotuning(data) if isinstance(data, tf.data.Dataset) else data


@contextlib.contextmanager
def evaluating(game, data, options):
    """A scope in which the batches per call are those of an evaluation."""
    if data is not None:
        game.check_data(data, options.get("steps"))
    playing = game.steps_per_execution
    game.steps_per_execution = game.executions.of_evaluation(playing, options.get("steps"))
    try:
        yield
    finally:
        game.steps_per_execution = playing


def _choose_executions(game, data, steps_per_epoch, validation_steps):
    rows = tf.nest.flatten(data.element_spec)[0].shape[0]
    chosen = game.executions.choose(game, rows, steps_per_epoch, validation_steps)
    if chosen != game.steps_per_execution:
        game.steps_per_execution, game.train_function = chosen, None


def _show_first_batch(game, data):
    if game.see_first_batch and int(keras.ops.convert_to_numpy(game.step)) == 0:
        game.see_first_batch(game.named(next(iter(data))))
