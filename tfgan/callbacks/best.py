"""Saving of the best networks, and early stopping, by one log.

Keras's `ModelCheckpoint(save_best_only=True)` and `EarlyStopping` forget the best
value in a new process, and only warn where the monitored log does not exist.
"""

from pathlib import Path

import keras

from tfgan import checks, errors
from tfgan.files import replacing

BETTER = {"min": lambda new, old: new < old, "max": lambda new, old: new > old}


class _Best(keras.callbacks.Callback):
    """Base of callbacks that follow the best value of one log, which checkpoints save.

    Ticks without this log, as under `Evaluate(every=2)`, are ignored.
    """

    def __init__(self, monitor, mode="min"):
        super().__init__()
        self.monitor = monitor
        self.better = errors.lookup("mode", mode, BETTER)
        self.best = None
        self.tick = None

    def on_train_begin(self, logs=None):
        names = self.model.logs.names(self.model)
        self.monitor = full_name(self.monitor, names)

    def on_epoch_end(self, epoch, logs=None):
        if self.monitor not in logs:
            return
        score = float(logs[self.monitor])
        if self.best is None or self.better(score, self.best):
            self.best, self.tick = score, epoch + 1
            self.improved()
        else:
            self.not_improved(epoch + 1)

    def improved(self):
        """Called at a tick with a new best value."""

    def not_improved(self, tick):
        """Called at a tick whose value is not better than the best."""

    def get_state(self):
        return {"best": self.best, "tick": self.tick}

    def set_state(self, state):
        self.best, self.tick = state["best"], state["tick"]


class KeepBest(_Best):
    """Saves the generator side's networks, averaged ones if there are any, at each new best value.

    The best value is part of a checkpoint, so that a resumed run does not save worse
    networks.

    Args:
        path: folder for one `.keras` file per network of the generator's side.
        monitor: name of a log, or a prefix that only one log has.
        mode: "min" if lower values are better, or "max".

    Raises:
        ValueError: an unknown mode; a folder that holds other files; when training begins, if
            there is no such log.
    """

    def __init__(self, path, monitor, mode="min"):
        super().__init__(monitor, mode)
        self.path = Path(path)
        others = [file.name for file in self.path.glob("*") if file.suffix != ".keras"]
        if others or self.path.is_file():
            expected = "a new folder, or one of .keras files, which is replaced"
            raise errors.invalid("path", expected, f"{path} with {', '.join(others[:3]) or 'a file'}")

    def improved(self):
        with replacing(self.path) as beside:
            beside.mkdir(parents=True)
            for name in self.model.sides["generator"]:
                self.model.sampling_network(name).save(beside / f"{name}.keras")


def restore(game, path):
    """Loads the networks that `KeepBest` saved into a game.

    Args:
        game: a `tfgan.GAN`, whose averaged networks get the weights where there are any.
        path: as in `KeepBest`.

    Raises:
        FileNotFoundError: `KeepBest` has saved nothing there.
    """
    for name in game.sides["generator"]:
        file = Path(path) / f"{name}.keras"
        if not file.exists():
            raise errors.missing("path", "a folder that KeepBest has written", str(path))
        kept = keras.saving.load_model(file)
        game.sampling_network(name).set_weights(kept.get_weights())


class StopWithoutImprovement(_Best):
    """Early stopping: ends training when one log has not improved for a number of ticks.

    Args:
        monitor, mode: as in `KeepBest`.
        patience: ticks since the best value, >= 1.

    Raises:
        ValueError: as in `KeepBest`, or `patience` is no whole number >= 1.
    """

    def __init__(self, monitor, patience, mode="min"):
        super().__init__(monitor, mode)
        self.patience = checks.whole_number("patience", patience, 1)

    def not_improved(self, tick):
        if tick - self.tick >= self.patience:
            self.model.stop_training = True


def full_name(monitor, names):
    """The name in `names` that `monitor` is, or the only one that it is a prefix of."""
    beginning = [name for name in names if name.startswith(monitor)]
    if monitor not in names and len(beginning) == 1:
        return beginning[0]
    return errors.lookup("monitor", monitor, dict(zip(names, names)))
