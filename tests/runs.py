"""Runs and scripts as a user starts them."""

import contextlib
import csv
import dataclasses
import io
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

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
    metrics = [run / "metrics.csv" for run in (one, other)]
    # A stage that is not trained has none.
    assert len({path.read_text() if path.exists() else None for path in metrics}) == 1
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


def continued(recipe, folder):
    """A run that lost its last checkpoint and goes on from the one before equals one that did not.

    Returns:
        (its last stage's game, its folder).
    """
    whole, other = folder / "whole", folder / "other"
    experiment.run(dataclasses.replace(recipe, run_dir=str(whole)))
    shutil.copytree(whole, other)
    stages = [other / name for name in recipe.stage] or [other]
    trained = [stage for stage in stages if len(_checkpoints(stage)) > 1][-1]
    shutil.rmtree(_checkpoints(trained)[-1])
    last = max(picture.stem[-10:] for picture in (trained / "samples").iterdir())
    for picture in (trained / "samples").glob(f"*{last}.png"):
        picture.unlink()
    for stage in stages[stages.index(trained) + 1 :]:
        shutil.rmtree(stage)
    experiment.run(dataclasses.replace(recipe, run_dir=str(other), export=False))
    for stage in stages:
        assert_equal_stages(whole / stage.relative_to(other), stage)
    return experiment.open_run(whole)[0], whole


def _checkpoints(folder):
    return sorted((folder / "checkpoints").glob("step_*"))
