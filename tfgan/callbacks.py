"""Callbacks of `fit`, where Keras's own are missing or wrong for two sides.

`keras.callbacks.TerminateOnNaN` looks only at "loss", which no game logs;
`keras.callbacks.ModelCheckpoint(save_best_only=True)` forgets its best score in
a new process and writes in place.
"""

import csv
import io
import math
import shutil
import sys
import time
from pathlib import Path

import keras
import tensorflow as tf

from tfgan import checks, errors, pictures
from tfgan.files import replacing, write_atomically


class StopOnNonFinite(keras.callbacks.Callback):
    """Ends training when a logged value is NaN or infinite.

    Checked at every batch and every tick's end, by raising, so that no later
    callback saves the ruined weights.

    Raises:
        FloatingPointError: names the value and the images shown.
    """

    def on_train_batch_end(self, batch, logs=None):
        self._check(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._check(logs)

    def _check(self, logs):
        for name, value in (logs or {}).items():
            if not math.isfinite(value):
                raise FloatingPointError(
                    f"{name}: expected a finite value, got {float(value)} after "
                    f"{images_shown(self.model):,} images. The last checkpoint is from before; "
                    "a lower learning rate or a penalty on the discriminator usually helps."
                )


class SampleGrid(keras.callbacks.Callback):
    """Draws the same latents at every tick, and once before training.

    Args:
        folder: gets `images_<images shown>.png`; made if missing.
        rows: rows of the grid, >= 1; points: 256 per row.
        columns: columns of the grid, >= 1; with classes, one per class.
        num_classes: tuple of ints, one per label, of a conditional game.
        every: ticks between two pictures, >= 1.
        seed: int, of the latents.
        log_dir: folder for TensorBoard images, or None.
    """

    def __init__(
        self, folder, rows=8, columns=8, num_classes=(), every=1, seed=0, log_dir=None
    ):
        super().__init__()
        self.folder = Path(folder)
        self.columns = num_classes[0] if num_classes else columns
        self.count = rows * self.columns
        self.condition = pictures.class_columns(num_classes, rows) if num_classes else None
        self.every = checks.whole_number("every", every, 1)
        self.seed = seed
        self.log_dir = log_dir

    def on_train_begin(self, logs=None):
        if images_shown(self.model) == 0:
            self.draw(tick=0)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0 or epoch + 1 == self.params["epochs"]:
            self.draw(tick=epoch + 1)

    def draw(self, tick):
        """Writes the picture of this moment; returns its path."""
        points = len(self.model.image_generator.outputs[0].shape) == 2
        count = self.count * 256 if points else self.count
        samples = self.model.generate(count, condition=self.condition, seed=self.seed)
        pixels = pictures.picture(samples, self.columns)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"images_{images_shown(self.model):010d}.png"
        pictures.save_png(path, pixels)
        if self.log_dir:
            with tf.summary.create_file_writer(str(self.log_dir)).as_default():
                tf.summary.image("samples", pixels[None], step=tick)
        return path


class KeepBest(keras.callbacks.Callback):
    """Keeps the sampling generator of the tick with the best value of one log.

    Its state is part of a checkpoint, so that a restart does not take a worse
    score for the best.

    Args:
        path: `.keras` file for the generator.
        monitor: key in the logs.
        mode: "min" or "max".

    Raises:
        ValueError: unknown mode; or at the first tick, `monitor` is not logged.
    """

    BETTER = {"min": lambda new, old: new < old, "max": lambda new, old: new > old}

    def __init__(self, path, monitor, mode="min"):
        super().__init__()
        self.path = Path(path)
        self.monitor = monitor
        self.better = errors.lookup("mode", mode, self.BETTER)
        self.best = None
        self.tick = None

    def on_epoch_end(self, epoch, logs=None):
        score = float(errors.lookup("monitor", self.monitor, logs or {}))
        if self.best is None or self.better(score, self.best):
            self.best, self.tick = score, epoch + 1
            with replacing(self.path) as beside:
                self.model.sampling_network().save(beside)

    def get_state(self):
        return {"best": self.best, "tick": self.tick}

    def set_state(self, state):
        self.best, self.tick = state["best"], state["tick"]


class MetricsFile(keras.callbacks.Callback):
    """One row per tick in a CSV file: the tick, the real images shown, and every log.

    `keras.callbacks.CSVLogger` adds an empty `val_` column for each log, fixes
    its columns at the first row, and keeps the rows of ticks that a kill undid.

    Args:
        path: the file; made at the first tick.
    """

    def __init__(self, path):
        super().__init__()
        self.path = Path(path)

    def on_epoch_begin(self, epoch, logs=None):
        # Rows of ticks that a kill undid, and that are now run again.
        rows = self._rows()
        if len(rows) > epoch:
            self._write(rows[:epoch])

    def on_epoch_end(self, epoch, logs=None):
        values = {name: float(value) for name, value in logs.items()}
        row = {"tick": epoch + 1, "images": images_shown(self.model), **values}
        self._write([*self._rows(), row])

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


class Progress(keras.callbacks.Callback):
    """Losses, images per second and the time left.

    A bar that renews itself on a terminal; one line per tick elsewhere.

    Args:
        total: images of the whole run.
        stream: where to write; standard output by default.
        interval: least seconds between two drawings of the bar.
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
        if self._start is None:  # the first batch holds the compilation
            self._start = (time.monotonic(), images_shown(self.model))
        elif self.stream.isatty() and time.monotonic() - self._drawn > self.interval:
            self._drawn = time.monotonic()
            # A line that wraps could not be renewed.
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


def images_shown(game):
    """Real images that a game has seen, an int."""
    return int(keras.ops.convert_to_numpy(game.images_shown))


def _clock(seconds):
    minutes, seconds = divmod(round(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
