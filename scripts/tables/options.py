"""How a table is to be made: the flags of `scripts/reproduce.py` for one table."""

import time
from pathlib import Path
from typing import NamedTuple

from tables import markdown, processes

# Flags that change the figures, or how long they take: part of the command that a page shows.
SHAPING = ("seeds", "budget", "at_a_time", "quick", "long", "records")
# The share of the budget that --quick leaves.
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
        long: whether to train the rows that take hours.
        runs: Path, where the runs of all tables are kept.
        page: Path of the page; its pictures lie in the folder of the same name.
        command: str, that makes this table.
        folders: dict of recipe to the folder of its images.
        started: when the script began with the table, on the monotonic clock.
        records: whether to show the runs of other machines, by their records.
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
    records: bool = False

    @classmethod
    def of(cls, values, name):
        """The options of a table, from the script's flags."""
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
            records=values.records,
        )

    def images(self, images):
        """The share of a number of images that the budget allows, at least 1."""
        return max(1, round(images * self.budget))

    @property
    def full(self):
        """Whether runs have their full length; only of such runs records are kept."""
        return self.budget == 1

    @property
    def samples(self):
        """How many samples of a run are scored."""
        return 200 if self.quick else 10_000

    @property
    def minutes(self):
        """Text such as "0.7 on 2 CPU cores": the minutes so far, for tables that keep no runs."""
        return f"{(time.monotonic() - self.started) / 60:.1f} on {self.cores}"

    def over_seeds(self, first=0):
        """Text on the seeds of a page whose figures are means over them."""
        begin = f", from {first} on" if first else ""
        return f"{self.seeds}{begin}; figures are means and standard errors over them"

    @property
    def cores(self):
        """Text such as "2 CPU cores": those that this process may use."""
        count = processes.cores()
        return f"{count} CPU core{'s' if count > 1 else ''}"

    @property
    def machine(self):
        """Text such as "2 CPU cores, shared by 2 runs at a time"."""
        shared = f", shared by {self.at_a_time} runs at a time" if self.at_a_time > 1 else ""
        return f"{self.cores}{shared}"

    @property
    def pictures(self):
        """The folder of the page's pictures."""
        return self.page.with_suffix("")

    def written(self, title, found, body, settings, notes=""):
        """The Markdown of the table's page, as `markdown.page` has it; the settings end with the command."""
        return markdown.page(title, found, body, {**settings, "command": f"`{self.command}`"}, notes)


def _output(values):
    """The folder of the pages; with --quick another one, so that committed pages stay."""
    folder = values.output or ("runs/quick" if values.quick else "docs/results")
    return Path(folder).expanduser()


def _command(values, name):
    """The command that makes the table, without the paths of this machine."""
    shown = [f"python scripts/reproduce.py {name}"]
    shown += ["--data_dir=DIR"] * (values.data_dir is not None)
    shown += [f"--{flag}={values[flag].value}" for flag in SHAPING if values[flag].present]
    return " ".join(shown)
