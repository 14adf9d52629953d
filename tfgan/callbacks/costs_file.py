"""Seconds per tick and peak memory as a CSV file."""

import time

from tfgan.callbacks.metrics_file import MetricsFile
from tfgan.memory import peak_memory


class CostsFile(MetricsFile):
    """Writes a CSV file with one row per tick: its seconds, and the process's peak memory in MiB.

    These are not in `MetricsFile`, because its rows are the same whenever a run is
    repeated. Put this callback last, so that the seconds include the other callbacks.

    Args:
        path: the file; made at the first tick.
    """

    def __init__(self, path):
        super().__init__(path)
        self._start = None

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self._start = time.monotonic()

    def values(self, logs):
        seconds = time.monotonic() - self._start
        return {"seconds": seconds, "peak_memory_mib": peak_memory() / 2**20}
