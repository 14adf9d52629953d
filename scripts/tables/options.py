"""What a table is asked to be."""

import time
from pathlib import Path
from typing import NamedTuple

from tables import processes

# Flags that change what comes out, or how long it takes.
SHAPING = ("seeds", "budget", "at_a_time", "quick", "long")
# Of the budget, with --quick.
QUICK = 1e-3


class Options(NamedTuple):
    """How a table is made.

    Attributes:
        name: of the table.
        data_dir: the folder TFDS keeps its data in, or None.
        seeds: runs of each row.
        budget: share of the table's own budget.
        at_a_time: runs that share the cores.
        quick: whether to train next to nothing.
        long: whether to train what takes hours.
        runs: Path, where the runs of all tables are kept.
        page: Path of the page; its pictures lie in the folder of the same name.
        command: str, that makes this table.
        folders: dict of recipe to the folder of its images.
        started: when, on the monotonic clock; the script sets it as it begins with the table.
    """

    name: str
    data_dir: str | None
    seeds: int
    budget: float
    at_a_time: int
    quick: bool
    long: bool
    runs: Path
    page: Path
    command: str
    folders: dict
    started: float = 0.0

    @classmethod
    def of(cls, values, name):
        """From the script's flags."""
        return cls(
            name,
            values.data_dir,
            values.seeds,
            values.budget * (QUICK if values.quick else 1),
            values.at_a_time or 1,
            values.quick,
            values.long,
            Path(values.runs).expanduser(),
            _output(values) / f"{name}.md",
            _command(values, name),
            dict(pair.split("=", 1) for pair in values.folders),
        )

    def images(self, images):
        """So many images, of this table's budget."""
        return max(1, round(images * self.budget))

    @property
    def samples(self):
        """How many are scored."""
        return 200 if self.quick else 10_000

    @property
    def minutes(self):
        """So far, for tables that do not keep what they have trained."""
        return f"{(time.monotonic() - self.started) / 60:.1f}"

    @property
    def cores(self):
        """Those of the processor that this process may use, for what pages say of minutes."""
        count = processes.cores()
        return f"{count} CPU core{'s' if count > 1 else ''}"

    @property
    def pictures(self):
        """The folder of the page's pictures."""
        return self.page.with_suffix("")


def _output(values):
    """Pages that show nothing yet never take the place of those that do."""
    folder = values.output or ("runs/quick" if values.quick else "docs/results")
    return Path(folder).expanduser()


def _command(values, name):
    """How to make the table anywhere: without the paths of this machine."""
    shown = [f"python scripts/reproduce.py {name}"]
    shown += ["--data_dir=DIR"] * (values.data_dir is not None)
    shown += [f"--{flag}={values[flag].value}" for flag in SHAPING if values[flag].present]
    return " ".join(shown)
