"""Exact save and resume of a run.

A checkpoint is a folder `step_0000001234` with

* `variables.*`: TensorFlow's checkpoint of every variable of the game: networks,
  averages, counters, running means, both optimizers, and the states of Keras's
  seed generators, which no format of Keras keeps;
* `state.json`: the tick, the round within it, and what the callbacks remember;
* `manifest.json`: the SHA-256 of every other file, written last.

It is written beside its place and renamed, so that a kill at any moment leaves
the older ones whole. `keras.callbacks.BackupAndRestore` is not used: it loses
seed generators, callbacks' states and the position within an epoch.
"""

import hashlib
import json
import os
import shutil
import signal
import threading
import warnings
from pathlib import Path
from typing import NamedTuple

import keras
import tensorflow as tf

MANIFEST = "manifest.json"


class Position(NamedTuple):
    """Where in a run a checkpoint was made: whole ticks, then rounds of the next one."""

    tick: int = 0
    rounds: int = 0


def save(game, folder, state, keep=3):
    """Writes a checkpoint of a compiled game.

    Args:
        game: a compiled `tfgan.GAN`.
        folder: where the checkpoints of this run live; made if missing.
        state: dict for `state.json`.
        keep: checkpoints that stay, the newest; >= 1.

    Returns:
        Path of the checkpoint.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    step = int(keras.ops.convert_to_numpy(game.step))
    final = folder / f"step_{step:010d}"
    beside = folder / f"unfinished_{final.name}"
    _sweep(folder)
    beside.mkdir()
    tf.train.Checkpoint(**_variables(game)).write(str(beside / "variables"))
    (beside / "state.json").write_text(json.dumps(state, indent=1))
    (beside / MANIFEST).write_text(json.dumps(_digests(beside), indent=1))
    for path in [*beside.iterdir(), beside]:
        _sync(path)
    if final.exists():
        shutil.rmtree(final)
    beside.rename(final)
    _sync(folder)
    for old in _all(folder)[keep:]:
        shutil.rmtree(old)
    return final


def restore(game, folder):
    """Restores the newest whole checkpoint into a compiled game.

    A damaged checkpoint is passed over with a warning, and the one before it
    taken.

    Args:
        game: a compiled `tfgan.GAN` like the one that was saved.
        folder: where the checkpoints of this run live.

    Returns:
        The dict that was saved as `state.json`; None where there is no checkpoint.

    Raises:
        ValueError: checkpoints exist, but none of them is whole.
    """
    candidates = _all(Path(folder))
    for path in candidates:
        damage = _damage(path)
        if damage is None:
            reader = tf.train.Checkpoint(**_variables(game)).read(str(path / "variables"))
            reader.assert_existing_objects_matched().assert_consumed()
            return json.loads((path / "state.json").read_text())
        warnings.warn(f"checkpoint {path} is damaged and passed over: {damage}", stacklevel=2)
    if candidates:
        raise ValueError(
            f"checkpoints: expected at least one whole checkpoint in {folder}, got "
            f"{len(candidates)} damaged: {', '.join(path.name for path in candidates)}."
        )
    return None


class Checkpoints(keras.callbacks.Callback):
    """Saves a run at its ticks, and when it is told to end.

    On SIGTERM or Ctrl-C the run is saved at the next batch's end, in the middle
    of a tick too, and then ends as that signal would have ended it.

    Put it last in the list of callbacks, so that what the others write of a tick
    is there before the tick counts as done.

    Args:
        folder: where the checkpoints live.
        every: ticks (epochs of `fit`) between two checkpoints, >= 1.
        keep: checkpoints that stay, >= 1.
        callbacks: callbacks with `get_state() -> dict` and `set_state(dict)`, whose
            state is saved and restored along.
    """

    def __init__(self, folder, every=1, keep=3, callbacks=()):
        super().__init__()
        self.folder = Path(folder)
        self.every = every
        self.keep = keep
        self.stateful = {type(callback).__name__: callback for callback in callbacks}
        self.position = Position()
        self._kept_means = None
        self._signal = None
        self._handlers = {}

    def restore(self, game):
        """Restores game and callbacks from the newest checkpoint; returns the `Position`."""
        state = restore(game, self.folder)
        if state is None:
            return self.position
        for name, callback in self.stateful.items():
            callback.set_state(state["callbacks"][name])
        self.position = Position(state["tick"], state["rounds"])
        if self.position.rounds:
            self._kept_means = [
                keras.ops.convert_to_numpy(variable) for variable in game.terms.variables
            ]
        return self.position

    def on_train_begin(self, logs=None):
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._handlers[number] = signal.signal(number, self._remember)

    def on_epoch_begin(self, epoch, logs=None):
        # `fit` has just reset the running means; a resumed tick goes on with its own.
        if self._kept_means is not None:
            for variable, value in zip(self.model.terms.variables, self._kept_means):
                variable.assign(value)
            self._kept_means = None
        elif self.position.tick != epoch:
            self.position = Position(epoch)
        self._rounds_before = self.position.rounds

    def on_train_batch_end(self, batch, logs=None):
        if self._signal is not None:
            self.position = self.position._replace(rounds=self._rounds_before + batch + 1)
            self._save()
            self._end()

    def on_epoch_end(self, epoch, logs=None):
        self.position = Position(epoch + 1)
        if (epoch + 1) % self.every == 0 or epoch + 1 == self.params["epochs"]:
            self._save()

    def on_train_end(self, logs=None):
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}

    def _save(self):
        state = {name: callback.get_state() for name, callback in self.stateful.items()}
        save(
            self.model,
            self.folder,
            {**self.position._asdict(), "callbacks": state},
            keep=self.keep,
        )

    def _remember(self, number, frame):
        if self._signal is not None:
            self._end()
        self._signal = number

    def _end(self):
        number = self._signal
        self.on_train_end()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)


def _variables(game):
    """Every variable of a game, as lists under the name of what owns them."""
    owners = {name: getattr(game, name) for name in game.network_names()}
    owners |= {f"average_{name}": network for name, network in game.averages.items()}
    owners["terms"] = game.terms
    owners |= {f"{side}_optimizer": optimizer for side, optimizer in game.optimizers.items()}
    lists = {name: list(owner.variables) for name, owner in owners.items()}
    listed = {id(variable) for variables in lists.values() for variable in variables}
    lists["game"] = [variable for variable in game.variables if id(variable) not in listed]
    return {name: [v.value for v in variables] for name, variables in lists.items()}


def _all(folder):
    """Finished checkpoints, the newest first."""
    return sorted(folder.glob("step_*"), reverse=True)


def _sweep(folder):
    for path in folder.glob("unfinished_*"):
        shutil.rmtree(path)


def _damage(path):
    """What is wrong with a checkpoint, or None."""
    try:
        expected = json.loads((path / MANIFEST).read_text())
        found = _digests(path)
    except (OSError, ValueError) as error:
        return str(error)
    wrong = sorted(name for name in expected if found.get(name) != expected[name])
    return f"{', '.join(wrong)} differ from the manifest" if wrong else None


def _digests(path):
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.iterdir())
        if file.name != MANIFEST
    }


def _sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
