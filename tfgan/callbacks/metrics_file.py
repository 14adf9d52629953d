"""The logs of training as a CSV file."""

import csv
import io
from pathlib import Path

import keras

from tfgan.callbacks.shown import images_shown
from tfgan.files import write_atomically


class MetricsFile(keras.callbacks.Callback):
    """Writes a CSV file with one row per tick: the tick, the real images shown, and every log.

    `keras.callbacks.CSVLogger` adds an empty `val_` column for each log, fixes
    its columns at the first row, and after a resume keeps the rows of ticks that are
    run again.

    Args:
        path: the file; made at the first tick.
    """

    def __init__(self, path):
        super().__init__()
        self.path = Path(path)

    def on_epoch_begin(self, epoch, logs=None):
        # Drops the rows of ticks that are run again after a resume.
        rows = self._rows()
        if len(rows) > epoch:
            self._write(rows[:epoch])

    def on_epoch_end(self, epoch, logs=None):
        row = {"tick": epoch + 1, "images": images_shown(self.model), **self.values(logs)}
        self._write([*self._rows(), row])

    def values(self, logs):
        """The columns of a tick's row beside tick and images, as a dict of name to number."""
        return {name: float(value) for name, value in logs.items()}

    def _rows(self):
        if not self.path.exists():
            return []
        with open(self.path, newline="") as file:
            return list(csv.DictReader(file))

    def _write(self, rows):
        buffer = io.StringIO()
        columns = list(dict.fromkeys(name for row in rows for name in row))
        writer = csv.DictWriter(buffer, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        write_atomically(self.path, buffer.getvalue().encode())
