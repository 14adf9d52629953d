"""Keras's own callbacks on a game: which optimizer they act on, and what they may monitor."""

import keras

from tfgan import errors
from tfgan.sides import SIDES, SideOptimizers

# Callbacks of Keras that set `model.optimizer`'s learning rate.
OF_LEARNING_RATE = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)
# Those that do not work with two optimizers, and what to use.
REPLACED = {
    keras.callbacks.SwapEMAWeights: "ema_half_life of the game, whose generate uses the averaged weights",
    keras.callbacks.BackupAndRestore: "tfgan.checkpoints.Checkpoints, which resumes exactly",
}


def on_side(side, callback):
    """A callback of Keras that sets the learning rate, for one side's optimizer only.

    Without it, a `LearningRateScheduler` or `ReduceLROnPlateau` acts on both, each from its own
    rate. Logs are named by side: `learning_rate_generator`, `learning_rate_discriminator`.

    Args:
        side: "generator" or "discriminator".
        callback: `keras.callbacks.Callback`, for one `fit` at a time.

    Returns:
        The same callback.

    Raises:
        ValueError: an unknown side.
    """
    errors.lookup("side", side, dict.fromkeys(SIDES))
    set_model = callback.set_model
    callback.set_model = lambda game: set_model(_OneSided(game, side))
    return callback


class CheckCallbacks(keras.callbacks.Callback):
    """Refuses callbacks of Keras that would fail or do nothing in the middle of training.

    Args:
        callbacks: list of the callbacks of a `fit`.

    Raises:
        ValueError: when training begins, if one monitors a log that does not exist, sets a
            learning rate that follows a schedule, or does not work with two optimizers.
    """

    def __init__(self, callbacks):
        super().__init__()
        self.callbacks = callbacks

    def on_train_begin(self, logs=None):
        for callback in self.callbacks:
            if isinstance(callback, OF_LEARNING_RATE):
                _check_settable(callback)
            if isinstance(callback, keras.callbacks.ModelCheckpoint):
                _check_file(callback, self.model, self._names())
            if _monitors(callback):
                names = self._names()
                errors.lookup("monitor", callback.monitor, dict.fromkeys(names))
                _set_mode(callback)

    def _names(self):
        names = self.model.logs.names(self.model)
        if any(isinstance(callback, OF_LEARNING_RATE) for callback in self.callbacks):
            names += [f"learning_rate_{side}" for side in self.model.optimizers]
        return names


def check_kinds(callbacks):
    """Raises InputError for what is no callback, or one that does not work with two optimizers.

    Args:
        callbacks: list.
    """
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise errors.invalid("callbacks", "keras.callbacks.Callback objects", callback)
        for kind, instead in REPLACED.items():
            if isinstance(callback, kind):
                raise errors.invalid("callbacks", instead, kind.__name__)


class _OneSided:
    """A game as a callback sees it, with the optimizer of one side."""

    def __init__(self, game, side):
        object.__setattr__(self, "_game", game)
        object.__setattr__(self, "optimizer", SideOptimizers({side: game.optimizers[side]}))

    def __getattr__(self, name):
        return getattr(self._game, name)

    def __setattr__(self, name, value):
        setattr(self._game, name, value)


def _monitors(callback):
    """Whether a callback of Keras waits for the log that it names."""
    if isinstance(callback, keras.callbacks.ModelCheckpoint):
        return callback.save_best_only
    return isinstance(callback, (keras.callbacks.EarlyStopping, keras.callbacks.ReduceLROnPlateau))


def _set_mode(callback):
    """Has a callback minimise a loss, which Keras recognises only by the name "loss"."""
    if callback.mode == "auto" and callback.monitor.endswith("loss"):
        callback.mode = "min"
    if callback.mode == "auto":
        raise errors.invalid("mode", f"min or max, for {callback.monitor}", "auto")


def _check_file(callback, game, names):
    """Raises InputError where a file that a `ModelCheckpoint` is to write cannot be written."""
    try:
        callback.filepath.format(epoch=1, batch=1, **dict.fromkeys(names, 0.0))
    except KeyError as error:
        raise errors.unknown("filepath", error.args[0], ["epoch", "batch", *names]) from None
    if not callback.save_weights_only:
        if not callback.filepath.endswith(".keras"):
            raise errors.invalid("filepath", "a .keras file, or save_weights_only", callback.filepath)
        game.get_config()


def _check_settable(callback):
    for one in callback.model.optimizer.optimizers:
        if one.follows_schedule:
            name = type(callback).__name__
            expected = f"a number as learning rate, which {name} can set"
            raise errors.invalid(f"{one.name}_optimizer", expected, "one with a schedule")
