"""Runs and scripts as a user starts them."""

import contextlib
import csv
import dataclasses
import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan import callbacks, experiment

ROOT = Path(__file__).parents[1]


def parsed(*arguments):
    return experiment.parse_flags(arguments)


def played(run_dir, *arguments):
    """Runs in this process; what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        experiment.run(parsed(*arguments, f"--run_dir={run_dir}"))
    return output.getvalue()


def terminated(run_dir, monkeypatch, images, *arguments):
    """Plays a run that is told to end once it has shown so many images, within a tick."""

    def terminate(self, batch, logs=None):
        if callbacks.images_shown(self.model) >= images and batch + 1 < self.params["steps"]:
            signal.raise_signal(signal.SIGTERM)

    with monkeypatch.context() as patched, pytest.raises(SystemExit) as ended:
        patched.setattr(callbacks.SampleGrid, "on_train_batch_end", terminate)
        played(run_dir, *arguments)
    assert ended.value.code == 128 + 15


def script(name, *arguments, **kwargs):
    """Runs in a process of its own."""
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / f"{name}.py", *map(str, arguments)],
        capture_output=True, text=True, cwd=ROOT, **kwargs,
    )  # fmt: skip


def logged(folder):
    """The rows of a run's or stage's metrics.csv, dicts of text."""
    path = folder / "metrics.csv"
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def final_state(folder):
    """(name, state, dict of variable to bytes) of the newest checkpoint of a run or stage."""
    newest = sorted((folder / "checkpoints").glob("step_*"))[-1]
    reader = tf.train.load_checkpoint(str(newest / "variables"))
    variables = {
        name: reader.get_tensor(name).tobytes()
        for name in reader.get_variable_to_shape_map()
        if name != "_CHECKPOINTABLE_OBJECT_GRAPH"
    }
    return newest.name, json.loads((newest / "state.json").read_text()), variables


def assert_equal_stages(one, other):
    """Two runs, or stages, left the same metrics, checkpoint and pictures, bit for bit."""
    assert (one / "metrics.csv").read_text() == (other / "metrics.csv").read_text()
    of_one, of_other = final_state(one), final_state(other)
    assert of_one[:2] == of_other[:2], "step, tick and best score"
    assert of_one[2].keys() == of_other[2].keys()
    for name, content in of_one[2].items():
        assert content == of_other[2][name], name
    pictures = [
        {path.name: path.read_bytes() for path in (run / "samples").iterdir()} for run in (one, other)
    ]
    assert pictures[0] == pictures[1]


def same_weights(one, other):
    return all(map(np.array_equal, one.get_weights(), other.get_weights()))


def stopped_and_continued(recipe, folder, monkeypatch):
    """A run that was stopped in its last tick and continued equals one that was not.

    Returns:
        (its last stage's game, its folder).
    """
    whole = dataclasses.replace(recipe, run_dir=str(folder / "a"))
    stopped = dataclasses.replace(recipe, run_dir=str(folder / "b"), export=False)
    experiment.run(whole)
    with monkeypatch.context() as patch:
        ticks = []

        def stop(self, epoch, logs=None):
            ticks.append(epoch)
            if len(ticks) == 2 * max(1, _trained_stages(recipe)):
                raise KeyboardInterrupt

        patch.setattr(callbacks.Progress, "on_epoch_end", stop)
        with pytest.raises(KeyboardInterrupt):
            experiment.run(stopped)
    experiment.run(stopped)
    one, other = (experiment.open_run(each.run_dir)[0] for each in (whole, stopped))
    assert tiny.same(tiny.values(one.variables), tiny.values(other.variables))
    pictures = [sorted((folder / name).rglob("*images_*.png")) for name in "ab"]
    assert pictures[0] and [p.name for p in pictures[0]] == [p.name for p in pictures[1]]
    assert all(p.read_bytes() == q.read_bytes() for p, q in zip(*pictures))
    return one, folder / "a"


def _trained_stages(recipe):
    return sum(of.get("images", recipe.images) > 0 for of in recipe.stage.values())
