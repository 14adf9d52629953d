"""Exact save and resume of a run.

A checkpoint is a folder `step_0000001234` with

* `variables.*`: TensorFlow's checkpoint of every variable of the game: networks,
  averages, counters, running means, both optimizers, and the states of Keras's
  seed generators, which no format of Keras keeps;
* `state.json`: the tick, the round within it, whether a callback
  ended the run, and what the callbacks remember;
* `manifest.json`: the SHA-256 of every other file, written last.

It is written beside its place and renamed, so that a kill at any moment leaves
the older ones whole. `keras.callbacks.BackupAndRestore` is not used: it loses
seed generators, callbacks' states and the position within an epoch.
"""

import hashlib
import json
import shutil
import signal
import threading
import warnings
from pathlib import Path
from typing import NamedTuple

import keras
import tensorflow as tf

from tfgan import checks, errors, files, finite

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
    with files.replacing(final) as beside:
        beside.mkdir()
        tf.train.Checkpoint(**_variables(game)).write(str(beside / "variables"))
        (beside / "state.json").write_text(json.dumps(state, indent=1))
        (beside / MANIFEST).write_text(json.dumps(_digests(beside), indent=1))
    for leftover in folder.glob("unfinished_*"):
        shutil.rmtree(leftover)
    # Newer ones are damaged, or this run would not have gone on from an older one.
    newer = [path for path in _all(folder) if path.name > final.name]
    for path in [*newer, *_all(folder)[len(newer) + keep :]]:
        shutil.rmtree(path)
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
    path = _newest_whole(folder)
    if path is None:
        return None
    checkpoint = tf.train.Checkpoint(**_variables(game))
    try:
        status = checkpoint.read(str(path / "variables"))
        status.assert_existing_objects_matched().assert_consumed()
    except (AssertionError, ValueError) as error:
        raise errors.invalid("checkpoints", "one of a game like this", f"{path}: {error}") from error
    return _state(path)


def saved_state(folder):
    """What `restore` would return, without a game to restore."""
    path = _newest_whole(folder)
    return None if path is None else _state(path)


class Checkpoints(keras.callbacks.Callback):
    """Saves a run at its ticks, and when it is told to end.

    On SIGTERM or Ctrl-C the run is saved at the next batch's end, in the middle
    of a tick too, and then ends as that signal would have ended it; a second
    signal ends it at once.

    ```python
    saver = Checkpoints("runs/a/checkpoints")
    saver.restore(game)
    saver.fit(game, lambda start_step: data.batches(64, start_step=start_step),
              epochs=10, steps_per_epoch=500)
    ```

    Args:
        folder: where the checkpoints live.
        every: ticks (epochs of `fit`) between two checkpoints, >= 1.
        keep: checkpoints that stay, >= 1.
        callbacks: callbacks of different classes with `get_state() -> dict` and
            `set_state(dict)`, whose state is saved and restored along, by class name.
    """

    def __init__(self, folder, every=1, keep=3, callbacks=()):
        super().__init__()
        self.folder = Path(folder)
        self.every = checks.whole_number("every", every, 1)
        self.keep = checks.whole_number("keep", keep, 1)
        self.stateful = {type(callback).__name__: callback for callback in callbacks}
        self.position = Position()
        self.stopped = False
        self._kept_means = None
        self._signal = None
        self._handlers = {}

    def restore(self, game):
        """Restores game and callbacks from the newest checkpoint; returns the `Position`."""
        state = restore(game, self.folder)
        if state is None:
            return self.position
        if set(state["callbacks"]) != set(self.stateful):
            raise errors.invalid(
                "callbacks", f"those of the checkpoint, {sorted(state['callbacks'])}",
                sorted(self.stateful),
            )  # fmt: skip
        for name, callback in self.stateful.items():
            callback.set_state(state["callbacks"][name])
        game.terms.names = state["terms"]
        if game.executions.auto:
            game.steps_per_execution = game.executions.resume(state["executions"])
        self.stopped = state["stopped"]
        self.position = Position(state["tick"], state["rounds"])
        if self.position.rounds:
            self._kept_means = [
                keras.ops.convert_to_numpy(variable) for variable in game.terms.variables
            ]
        return self.position

    def fit(self, game, batches, epochs, steps_per_epoch, callbacks=()):
        """`game.fit` from the position of this object to the end of the run.

        A tick that was begun is finished by a `fit` of its own; a run that a callback
        ended (`game.stop_training`) does not go on.

        Args:
            game: compiled, and restored if there was something to restore.
            batches: `start_step -> tf.data.Dataset`, the data from that round on.
            epochs: ticks of the whole run.
            steps_per_epoch: rounds of a whole tick.
            callbacks: further ones, which run before this.
        """

        def go(*more):
            tick, rounds = self.position
            game.fit(
                batches(tick * steps_per_epoch + rounds),
                initial_epoch=tick,
                epochs=epochs,
                steps_per_epoch=steps_per_epoch - rounds,
                callbacks=[*callbacks, self, *more],
                verbose=0,
            )

        try:
            if self.position.rounds:
                go(_OneTick())
            if self.position.tick < epochs and not self.stopped:
                go()
        finally:
            self._release()

    def save(self, game):
        """Saves a game at the present position, without a `fit`."""
        # A ruined weight shows in a loss only one update later: it must not be saved.
        when = f"after {self.position.tick} tick(s); the last checkpoint is from before"
        finite.check_variables(_variables(game), when)
        state = {
            **self.position._asdict(),
            "terms": game.terms.names,
            "executions": game.steps_per_execution,
            "stopped": self.stopped,
            "callbacks": {name: callback.get_state() for name, callback in self.stateful.items()},
        }
        save(game, self.folder, state, keep=self.keep)

    def on_train_begin(self, logs=None):
        self._signal = None
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._handlers[number] = signal.signal(number, self._remember)

    def on_epoch_begin(self, epoch, logs=None):
        # `fit` has just reset the running means; a resumed tick goes on with its own.
        if self._kept_means is not None:
            for variable, value in zip(self.model.terms.variables, self._kept_means):
                variable.assign(value)
            self._kept_means = None
        else:
            self.position = Position(epoch)
        self._rounds_before = self.position.rounds

    def on_train_batch_end(self, batch, logs=None):
        # A signal in a tick's last batch waits for the tick's end.
        if self._signal is not None and batch + 1 < self.params["steps"]:
            self.position = self.position._replace(rounds=self._rounds_before + batch + 1)
            self.save(self.model)
            self._end()

    def on_epoch_end(self, epoch, logs=None):
        self.position = Position(epoch + 1)
        self.stopped = self.model.stop_training
        last = self.stopped or epoch + 1 == self.params["epochs"]
        if (epoch + 1) % self.every == 0 or last or self._signal is not None:
            self.save(self.model)
        if self._signal is not None:
            self._end()

    def on_train_end(self, logs=None):
        self._release()

    def _remember(self, number, frame):
        if self._signal is not None:
            self._end()
        self._signal = number

    def _end(self):
        number, self._signal = self._signal, None
        self._release()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    def _release(self):
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}


class _OneTick(keras.callbacks.Callback):
    """Ends `fit` after one epoch, whose `epochs` stays that of the whole run."""

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = True


def _newest_whole(folder):
    """Path of the newest checkpoint without damage; None where there is none at all."""
    candidates = _all(Path(folder))
    for path in candidates:
        damage = _damage(path)
        if damage is None:
            return path
        warnings.warn(f"checkpoint {path} is damaged and passed over: {damage}", stacklevel=3)
    if candidates:
        names = ", ".join(path.name for path in candidates)
        raise errors.invalid("checkpoints", f"a whole one in {folder}", f"only damaged: {names}")
    return None


def _state(path):
    return json.loads((path / "state.json").read_text())


def _variables(game):
    """Every variable of a game, as lists under the name of what owns them."""
    owners = dict(game.networks())
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
        file.name: _sha256(file) for file in sorted(path.iterdir()) if file.name != MANIFEST
    }


def _sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()
