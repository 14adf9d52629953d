"""Pictures of a run."""

from pathlib import Path

import keras
import tensorflow as tf

from tfgan import checks, pictures
from tfgan.callbacks.shown import images_shown


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
