"""What a run has cost, however often it was stopped and continued."""

import csv
import statistics
from typing import NamedTuple


class Costs(NamedTuple):
    """Of the file that `tfgan.callbacks.CostsFile` writes.

    Attributes:
        images: shown.
        minutes: of all ticks; one that took more than twice the median, in which the run
            was suspended, counts as the median.
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
        seconds = [float(tick["seconds"]) for tick in ticks]
        median = statistics.median(seconds)
        return cls(
            int(ticks[-1]["images"]),
            sum(each if each <= 2 * median else median for each in seconds) / 60,
            max(float(tick["peak_memory_mib"]) for tick in ticks),
        )
