"""What a run has cost, however often it was stopped and continued."""

import csv
from typing import NamedTuple


class Costs(NamedTuple):
    """Of the file that `tfgan.callbacks.CostsFile` writes.

    Attributes:
        images: shown.
        minutes: of all ticks.
        memory: the most, in MiB.
    """

    images: int
    minutes: float
    memory: float

    @classmethod
    def read(cls, path):
        """From a run's costs.csv."""
        with path.open(newline="") as file:
            ticks = list(csv.DictReader(file))
        return cls(
            int(ticks[-1]["images"]),
            sum(float(tick["seconds"]) for tick in ticks) / 60,
            max(float(tick["peak_memory_mib"]) for tick in ticks),
        )
