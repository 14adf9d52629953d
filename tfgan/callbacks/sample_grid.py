"""Pictures of samples, saved during training."""

from pathlib import Path

import keras
import tensorflow as tf

from tfgan import checks, pictures
from tfgan.callbacks.shown import images_shown

# Points drawn for each cell of the grid, where samples are points.
POINTS = 256


class SampleGrid(keras.callbacks.Callback):
    """Saves a picture of each sampler that makes images, before training and at every tick.

    The latents are the same every time. The picture is a grid of samples; where a sampler
    takes images, its rows show input, output and, where there is one, target.

    Args:
        folder: gets `images_<images shown>.png` of the first sampler and
            `<sampler>_images_<images shown>.png` of others; made if missing.
        rows: rows of the grid, >= 1; of points, 256 are drawn for each cell.
        columns: images in a row of the picture, >= 1.
        examples: dict of data part to array: the samplers' inputs, used in turn, and their
            targets; None where samplers take no inputs.
        every: ticks between two pictures, >= 1.
        seed: int, of the latents.
        log_dir: folder for images in TensorBoard, or None.

    Raises:
        ValueError: `every` is no whole number >= 1.
    """

    def __init__(self, folder, rows=8, columns=8, examples=None, every=1, seed=0, log_dir=None):
        super().__init__()
        self.folder = Path(folder)
        self.rows, self.columns = rows, columns
        self.examples = dict(examples or {})
        self.every = checks.whole_number("every", every, 1)
        self.seed = seed
        self.log_dir = log_dir

    def on_train_begin(self, logs=None):
        if images_shown(self.model) == self.model.images_before:
            self.draw()

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0 or epoch + 1 == self.params["epochs"]:
            self.draw()

    def draw(self):
        """Saves the pictures now; returns the path of the first sampler's."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shown, paths = images_shown(self.model), []
        drawn = {name: one for name, one in self.model.samplers().items() if one.makes == "images"}
        for i, (name, sampler) in enumerate(drawn.items()):
            pixels = self._sheet(name, sampler) if sampler.images_given else self._grid(name, sampler)
            paths.append(self.folder / f"{f'{name}_' if i else ''}images_{shown:010d}.png")
            pictures.save_png(paths[-1], pixels)
            if self.log_dir:
                with tf.summary.create_file_writer(str(self.log_dir)).as_default():
                    tf.summary.image(name if i else "samples", pixels[None], step=shown)
        return paths[0]

    def _grid(self, name, sampler):
        samples = self._samples(name, sampler, self.rows * self.columns)
        if samples.ndim == 2:
            samples = self._samples(name, sampler, self.rows * self.columns * POINTS)
        return pictures.picture(samples, self.columns)

    def _sheet(self, name, sampler):
        """A picture of input, output and target side by side."""
        target = self.examples.get(sampler.compared_with) if sampler.paired else None
        kinds = len(sampler.images_given) + 1 + (target is not None)
        groups = max(1, self.columns // kinds)
        count = min(self.rows * groups, len(self.examples[sampler.images_given[0]]))
        inputs = [self.examples[part][:count] for part in sampler.images_given]
        targets = [] if target is None else [target[:count]]
        return pictures.sheet([*inputs, self._samples(name, sampler, count), *targets], groups)

    def _samples(self, name, sampler, count):
        given = {part: self.examples[part] for part in sampler.given}
        return self.model.generate(count, seed=self.seed, sampler=name, **given)
