"""The folder of a run: the paths of its files, its flags.txt and its environment.json."""

import json
import os
import platform
import sys
from importlib import metadata
from pathlib import Path

from tfgan import errors
from tfgan.experiment import lengths, lock
from tfgan.experiment.flags import flagfile, lines, parse_flags
from tfgan.files import remove, write_atomically

# Version of a run folder's layout; runs of older versions cannot be restored.
FORMAT = 2
VERSIONS = ("tensorflow", "keras", "numpy", "tensorflow-datasets")
# Data may have moved since the run was begun, any run can be exported later, and checkpoints
# pass between strategies.
NOT_COMPARED = ("data_dir", "export", "strategy")
# Files that a kill leaves of a run that has not begun.
REMAINS = (lock.NAME, "environment.json")


class StageFolder:
    """The files of one stage.

    Args:
        path: the folder; the constructor writes nothing.
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
    """The files of one run. With one stage, the run's folder is also the stage's.

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
        """Whether a run has begun in this folder."""
        return self.flags.exists()

    def stage(self, name):
        """The `StageFolder` of a stage; the only one of a run has no name."""
        own = {lock.NAME, *(path.name for path in vars(self).values() if path != self.path)}
        if name in own:
            raise errors.invalid("stage", f"none of {', '.join(sorted(own))}, which a run has itself", name)
        return StageFolder(self.path / name) if name else self

    def check(self, recipe):
        """Raises InputError where this folder cannot take the run of a recipe."""
        self._check_place()
        if not self.exists:
            held = {path.name for path in self.path.iterdir()} if self.path.exists() else set()
            if any(name not in REMAINS and "unfinished" not in name for name in held):
                raise errors.invalid("run_dir", "a new, empty or run folder", str(self.path))
        elif recipe.overwrite:
            self._check_own()
        else:
            old = self.read_recipe()
            differing = [*_differences(*(lines(one, lengths.FLAGS) for one in (old, recipe)))]
            differing = differing or [*lengths.differences(old, recipe)]
            if differing:
                raise errors.invalid(
                    "run_dir",
                    "the flags that the run was begun with, another folder, or --overwrite",
                    "; ".join(differing),
                )

    def create(self, recipe, specs, skipped=0):
        """Makes the files of a new run.

        Args:
            recipe: of the run.
            specs: one per stage: dict of part to `Part` of its data.
            skipped: bad images that were left out.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        self._clear()
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

    def change_length(self, recipe, goes_on=True):
        """Writes the flags of a recipe of another length than the run had so far.

        Args:
            recipe: `Recipe`.
            goes_on: whether it is trained further, so that its exported model has to be made anew.
        """
        if goes_on and recipe.export:
            remove(self.exported)
        write_atomically(self.flags, flagfile(recipe).encode())

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
        """The spec of a stage's data, by the stage's number: dict of part to `Part`."""
        from tfgan.data.source import Part

        spec = self._environment()["spec"][number]
        return {name: Part(**{key: _tuples(value) for key, value in part.items()})
                for name, part in spec.items()}  # fmt: skip

    def _check_place(self):
        """Raises InputError where no run folder can be."""
        if self.path.exists() and not self.path.is_dir():
            raise errors.invalid("run_dir", "a folder", f"the file {self.path}")
        for outer in self.path.resolve().parents:
            if RunFolder(outer).exists and RunFolder(outer).environment.exists():
                got = f"{self.path}, in the folder of the run {outer}"
                raise errors.invalid("run_dir", "a folder outside of other runs", got)

    def _check_own(self):
        """Raises InputError where the folder, which is to be cleared, may not be that of a run."""
        if not self._environment():
            got = f"{self.path}, which has {self.flags.name} but no {self.environment.name}"
            raise errors.invalid("run_dir", "the folder of a run, to overwrite it", got)

    def _clear(self):
        """Removes what the folder holds, but for the lock."""
        for path in self.path.iterdir():
            if path.name != lock.NAME:
                remove(path)

    def _environment(self):
        """What environment.json holds, a dict; empty without the file."""
        if not self.environment.exists():
            return {}
        try:
            return json.loads(self.environment.read_text())
        except ValueError as error:
            got = f"{self.environment}: {error}"
            raise errors.invalid("run_dir", "a run whose environment.json can be read", got) from None


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
