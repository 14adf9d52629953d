"""A run folder: what was asked, on what machine, and what came of it."""

import json
import os
import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from absl import flags

from tfgan import errors
from tfgan.experiment.flags import NOT_COMPARED, NOT_REPLAYED, define_flags, parse_flags
from tfgan.files import write_atomically

VERSIONS = ("tensorflow", "keras", "numpy", "tensorflow-datasets")


class DataShape(NamedTuple):
    """What a game has to know of its data, kept so that it can do without it.

    Attributes:
        shape: of one example, `(height, width, channels)` or `(dims,)`.
        num_classes: classes of each label that the game is conditioned on.
        class_names: names of the classes, parallel to `num_classes`.
    """

    shape: tuple
    num_classes: tuple
    class_names: tuple


class RunFolder:
    """The files of one run.

    Args:
        path: the folder; nothing is written until `create`.
    """

    def __init__(self, path):
        self.path = Path(path).expanduser()
        self.flags = self.path / "flags.txt"
        self.environment = self.path / "environment.json"
        self.metrics = self.path / "metrics.csv"
        self.costs = self.path / "costs.csv"
        self.samples = self.path / "samples"
        self.checkpoints = self.path / "checkpoints"
        self.tensorboard = self.path / "tensorboard"
        self.best = self.path / "best_generator.keras"
        self.judge = self.path / "judge"
        self.scores = self.path / "scores.json"
        self.exported = self.path / "exported"

    @property
    def exists(self):
        """Whether a run was ever begun here."""
        return self.flags.exists()

    def check(self, values):
        """Raises InputError where this folder cannot take a run with flags `values`."""
        if not self.exists:
            # A kill may have come between the two files that begin a run.
            begun = {self.environment.name}
            held = {path.name for path in self.path.iterdir()} if self.path.exists() else set()
            if any(name not in begun and "unfinished" not in name for name in held):
                raise errors.invalid("run_dir", "a new, empty or run folder", str(self.path))
            return
        if values.overwrite:
            return
        old, new = _lines(self.read_flags()), _lines(values)
        differing = [
            f"--{name}: {old.get(name)} there, {new.get(name)} here"
            for name in sorted({**old, **new})
            if old.get(name) != new.get(name) and name not in NOT_COMPARED
        ]
        if differing:
            raise errors.invalid(
                "run_dir",
                "the flags that the run was begun with, another folder, or --overwrite",
                "; ".join(differing),
            )

    def create(self, values, data, skipped=0):
        """Makes the folder, or keeps that of the run that it continues.

        Args:
            values: the flags of the run.
            data: the `DataShape` of its data.
            skipped: bad images that were left out.
        """
        if values.overwrite and self.path.exists():
            shutil.rmtree(self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        if self.exists:
            return
        environment = {
            "data": data._asdict(),
            "bad_images_skipped": skipped,
            "command": sys.argv,
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "versions": {name: metadata.version(name) for name in VERSIONS},
        }
        write_atomically(self.environment, json.dumps(environment, indent=1).encode())
        # Last: a folder with flags is a run.
        text = "".join(f"--{name}={value}\n" for name, value in _lines(values).items())
        write_atomically(self.flags, text.encode())

    def read_flags(self):
        """The flags of the run, as an absl `FlagValues`."""
        if not self.exists:
            raise errors.invalid("run_dir", "the folder of a run", str(self.path))
        return parse_flags([f"--flagfile={self.flags}"])

    def read_data(self):
        """The `DataShape` of the run."""
        data = json.loads(self.environment.read_text())["data"]
        return DataShape(
            tuple(data["shape"]),
            tuple(data["num_classes"]),
            tuple(tuple(names) for names in data["class_names"]),
        )


def _lines(values):
    """Dict of flag name to text, of the flags that shape a run and have a value."""
    known = flags.FlagValues()
    define_flags(known)
    shaping = {name: values[name].value for name in sorted(known) if name not in NOT_REPLAYED}
    return {name: _text(value) for name, value in shaping.items() if value is not None}


def _text(value):
    return ",".join(value) if isinstance(value, list) else str(value)
