"""A run folder: the files of a run, its flags.txt and its environment.json."""

import json
import os
import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path

from tfgan import errors
from tfgan.experiment.flags import flagfile, lines, parse_flags
from tfgan.files import write_atomically

# Version of a run folder's layout; runs of older versions cannot be restored.
FORMAT = 2
VERSIONS = ("tensorflow", "keras", "numpy", "tensorflow-datasets")
# Data may have moved since the run was begun, and any run can be exported later.
NOT_COMPARED = ("data_dir", "export")


class StageFolder:
    """The files of one stage.

    Args:
        path: the folder; nothing is written here by itself.
    """

    def __init__(self, path):
        self.path = Path(path).expanduser()
        self.metrics = self.path / "metrics.csv"
        self.costs = self.path / "costs.csv"
        self.samples = self.path / "samples"
        self.checkpoints = self.path / "checkpoints"
        self.best = self.path / "best"
        self.started_from = self.path / "started_from.json"


class RunFolder(StageFolder):
    """The files of one run. A run of one stage is that stage's folder too.

    Args:
        path: the folder; nothing is written until `create`.
    """

    def __init__(self, path):
        super().__init__(path)
        self.flags = self.path / "flags.txt"
        self.environment = self.path / "environment.json"
        self.tensorboard = self.path / "tensorboard"
        self.scores = self.path / "scores.json"
        self.exported = self.path / "exported"

    @property
    def exists(self):
        """Whether a run was ever begun here."""
        return self.flags.exists()

    def stage(self, name):
        """The `StageFolder` of a stage; the only one of a run has no name."""
        return StageFolder(self.path / name) if name else self

    def check(self, recipe):
        """Raises InputError where this folder cannot take the run of a recipe."""
        if not self.exists:
            # A kill may have come between the two files that begin a run.
            begun = {self.environment.name}
            held = {path.name for path in self.path.iterdir()} if self.path.exists() else set()
            if any(name not in begun and "unfinished" not in name for name in held):
                raise errors.invalid("run_dir", "a new, empty or run folder", str(self.path))
        elif not recipe.overwrite:
            differing = list(_differences(lines(self.read_recipe()), lines(recipe)))
            if differing:
                raise errors.invalid(
                    "run_dir",
                    "the flags that the run was begun with, another folder, or --overwrite",
                    "; ".join(differing),
                )

    def create(self, recipe, specs, skipped=0):
        """Makes the folder, or keeps that of the run that it continues.

        Args:
            recipe: of the run.
            specs: one per stage: dict of part to `Part` of its data.
            skipped: bad images that were left out.
        """
        if recipe.overwrite and self.path.exists():
            shutil.rmtree(self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        if self.exists:
            return
        environment = {
            "format": FORMAT,
            "spec": [{name: part._asdict() for name, part in spec.items()} for spec in specs],
            "bad_images_skipped": skipped,
            "command": sys.argv,
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "versions": {name: metadata.version(name) for name in VERSIONS},
        }
        text = flagfile(recipe)
        write_atomically(self.environment, json.dumps(environment, indent=1).encode())
        # Last: a folder with flags is a run.
        write_atomically(self.flags, text.encode())

    def read_recipe(self):
        """The `Recipe` of the run."""
        if not self.exists:
            raise errors.invalid("run_dir", "the folder of a run", str(self.path))
        found = self._environment().get("format", 1)
        if found != FORMAT:
            expected = (
                f"a run of format {FORMAT}: train this one anew with --overwrite, or use it with "
                "the version of tfgan that made it"
            )
            raise errors.invalid("run_dir", expected, f"{self.path} of format {found}")
        return parse_flags([f"--flagfile={self.flags}"])

    def read_spec(self, number=-1):
        """The spec of the data of a stage by its number: dict of part to `Part`."""
        from tfgan.data.source import Part

        spec = self._environment()["spec"][number]
        return {name: Part(**{key: _tuples(value) for key, value in part.items()})
                for name, part in spec.items()}  # fmt: skip

    def _environment(self):
        return json.loads(self.environment.read_text()) if self.environment.exists() else {}


def _differences(old, new):
    """What differs between the flags of a folder and others, as text."""
    for name in sorted({**old, **new}):
        there, here = old.get(name), new.get(name)
        if _compared(name, there) != _compared(name, here):
            yield f"--{name}: {_shown(there)} there, {_shown(here)} here"


def _compared(name, text):
    if name in NOT_COMPARED:
        return None
    # The file of an extractor may have moved, too.
    return text.partition(":")[0] if name == "extractor" and text else text


def _shown(text):
    return " | ".join(text) if isinstance(text, list) else text


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
