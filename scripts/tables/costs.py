"""Images, minutes and memory of a run, summed over all times that it was continued."""

import csv
import statistics
from typing import NamedTuple


class Costs(NamedTuple):
    """The costs of a run, from the file that `tfgan.callbacks.CostsFile` writes.

    Attributes:
        images: number of images shown.
        minutes: of all ticks. A tick of more than twice the median counts as the median:
            the computer was suspended, or the run was.
        memory: peak memory in MiB.
    """

    images: int
    minutes: float
    memory: float

    @classmethod
    def read(cls, path):
        """Reads a run's costs.csv."""
        with path.open(newline="") as file:
            ticks = list(csv.DictReader(file))
        seconds = [float(tick["seconds"]) for tick in ticks]
        median = statistics.median(seconds)
        return cls(
            int(ticks[-1]["images"]),
            sum(each if each <= 2 * median else median for each in seconds) / 60,
            max(float(tick["peak_memory_mib"]) for tick in ticks),
        )
