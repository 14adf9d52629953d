"""What a table is asked to be."""

import sys
from pathlib import Path
from typing import NamedTuple

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
        runs: Path, where the runs of this table are kept.
        page: Path of the page; its pictures lie in the folder of the same name.
        command: str, what was typed.
    """

    name: str
    data_dir: str | None
    seeds: int
    budget: float
    at_a_time: int
    quick: bool
    runs: Path
    page: Path
    command: str

    @classmethod
    def of(cls, values, name):
        """From the script's flags."""
        return cls(
            name,
            values.data_dir,
            values.seeds,
            values.budget * (QUICK if values.quick else 1),
            values.at_a_time,
            values.quick,
            Path(values.runs).expanduser() / name,
            Path(values.output).expanduser() / f"{name}.md",
            " ".join(["python scripts/reproduce.py", *sys.argv[1:]]),
        )

    def images(self, images):
        """So many images, of this table's budget."""
        return max(1, round(images * self.budget))

    @property
    def pictures(self):
        """The folder of the page's pictures."""
        return self.page.with_suffix("")
