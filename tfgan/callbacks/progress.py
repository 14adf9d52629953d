"""A progress bar in images shown."""

import shutil
import sys
import time

import keras

from tfgan.callbacks.shown import images_shown


class Progress(keras.callbacks.Callback):
    """Prints images shown, logs, images per second and the time left.

    On a terminal it is a bar, redrawn in place; elsewhere, one line per tick.

    Args:
        total: images shown in the whole run.
        stream: where to write; standard output by default.
        interval: smallest number of seconds between two drawings of the bar.
    """

    WIDTH = 24

    def __init__(self, total, stream=None, interval=0.25):
        super().__init__()
        self.total = total
        self.stream = stream or sys.stdout
        self.interval = interval
        self._start = None
        self._drawn = 0.0

    def on_train_begin(self, logs=None):
        self._start = None

    def on_train_batch_end(self, batch, logs=None):
        if self._start is None:  # the first batch includes compilation
            self._start = (time.monotonic(), images_shown(self.model))
        elif self.stream.isatty() and time.monotonic() - self._drawn > self.interval:
            self._drawn = time.monotonic()
            # A line that wraps could not be overwritten.
            self._write("\r\x1b[K" + self._line(logs)[: shutil.get_terminal_size().columns - 1])

    def on_epoch_end(self, epoch, logs=None):
        start = "\r\x1b[K" if self.stream.isatty() else ""
        self._write(f"{start}{self._line(logs)}\n")

    def _line(self, logs):
        shown = images_shown(self.model)
        done = min(1.0, shown / self.total)
        bar = "=" * round(done * self.WIDTH)
        started, before = self._start or (time.monotonic(), shown)
        rate = (shown - before) / max(time.monotonic() - started, 1e-9)
        left = _clock((self.total - shown) / rate) if rate else "?"
        values = "  ".join(f"{k} {float(v):.4g}" for k, v in logs.items())
        return (
            f"[{bar:<{self.WIDTH}}] {shown:,}/{self.total:,} images  {values}  "
            f"{rate:,.0f} images/s  {left} left"
        )

    def _write(self, text):
        self.stream.write(text)
        self.stream.flush()


def _clock(seconds):
    minutes, seconds = divmod(round(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
