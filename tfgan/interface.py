"""Methods that users call on a game: `fit`, `evaluate`, `export`, `generate`, `logits`.

The work behind them is in `training`, `samplers` and `export`.
"""

import contextlib

import keras

from tfgan import finite, samplers
from tfgan.export import export_game
from tfgan.sides import TwoSided
from tfgan.training import compatibility, fitting
from tfgan.training.logs import term_names
from tfgan.training.executions import train_function
from tfgan.training.rewrites import as_traced


class Interface(TwoSided):
    """Training with Keras's methods, and sampling, of a game that has a step and samplers."""

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None, **kwargs):
        """`keras.Model.fit` on rounds of the game's parts; stops on NaN or infinity.

        Args:
            x: what to train on, of the game's `parts`:

                * a `tf.data.Dataset` whose batches are dicts of parts, tuples in their order, or
                  one tensor where there is one part. They have `batch_size * max(1,
                  discriminator_steps)` rows (`tfgan.data.load` makes such); where the last batch
                  is smaller, what is left of a pass begins the next;
                * an array, or a dict of part to array; a `keras.utils.PyDataset`; or a
                  `tfgan.data.source.Source`.

                Images are float in [-1, 1], or uint8, which is brought there.
            y: the second part, such as labels, where x is one array.
            batch_size: real images of an update, for arrays and sources; 32 by default.
            epochs, verbose: as in `keras.Model.fit`.
            callbacks: of Keras or of `tfgan.callbacks`. Those that set the learning rate act on both
                optimizers (`tfgan.callbacks.on_side`: on one).
            **kwargs: others of `keras.Model.fit`; an endless dataset needs
                `steps_per_epoch`.

        Raises:
            ValueError: before training, if something does not fit the game.
            FloatingPointError: a log or a weight became NaN or infinite.

        Warns:
            UserWarning: images in a range that is likely a mistake.
        """
        with fitting.explaining():
            options = {"epochs": epochs, "verbose": verbose, "callbacks": callbacks, **kwargs}
            return super().fit(**fitting.prepared(self, x, y, batch_size, options))

    def evaluate(self, x=None, y=None, batch_size=None, verbose="auto", **kwargs):
        """`keras.Model.evaluate`: the losses on held-out data; changes nothing of the game.

        Args:
            x, y, batch_size, verbose: as in `fit`; endless data need `steps`. Rows beyond the last whole
                round are left out.
            **kwargs: others of `keras.Model.evaluate`.
        """
        options = {"verbose": verbose, **kwargs}
        with fitting.explaining(), fitting.evaluating(self, x, y, batch_size, options) as arguments:
            return super().evaluate(**arguments)

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """Plays one round on a batch of arrays; returns its losses.

        Args:
            x, y: as in `fit`; all rows are one round.
            sample_weight, class_weight: None.
            return_dict: whether to return a dict of name to float, or a list.
        """
        weights = {"sample_weight": sample_weight, "class_weight": class_weight}
        logs = self._on_batch("train", x, y, weights)
        return logs if return_dict else list(logs.values())

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """The losses on a batch of arrays, without an update; arguments as in `train_on_batch`."""
        logs = self._on_batch("test", x, y, {"sample_weight": sample_weight})
        return logs if return_dict else list(logs.values())

    def export(self, path, use_ema=True, **kwargs):
        """Writes a SavedModel that needs only TensorFlow to run: see `tfgan.export.export`.

        Args:
            path: folder to write.
            use_ema: whether to export averaged weights, where there are any.
            **kwargs: others of `keras.Model.export`; only their defaults, as the signatures and
                the format of a game's export are fixed (single networks export to any).
        """
        export_game(self, path, use_ema, kwargs)

    def make_train_function(self, force=False):
        """As Keras does; with a loop of the library's own where a call plays several rounds."""
        if self.train_function is not None and not force:
            return
        if self.steps_per_execution == 1 or self.run_eagerly or not self.executions.whole_calls:
            super().make_train_function(force=True)
        else:
            self.train_function = train_function(self)
        self.train_function = as_traced(self.train_function)

    def make_test_function(self, force=False):
        """As Keras does, and anew when batches per call are no longer what they were."""
        super().make_test_function(force or self.executions.changed_for_tests(self))

    def check_data(self, data, steps_per_epoch=None):
        """Raises ValueError where `data` cannot be played with; reads no batch."""
        compatibility.check_data(self, data, steps_per_epoch)

    def term_names(self, batches):
        """Names of what `train_step` logs on batches of this `element_spec`."""
        return term_names(self, batches)

    @property
    def metrics(self):
        """The running means of the terms, which Keras resets at every epoch."""
        return [self.terms]

    def call(self, inputs, training=False):
        """The first network's output; in inference mode no variable changes."""
        network = next(iter(self.networks().values()))
        with contextlib.nullcontext() if training else keras.StatelessScope():
            return network(inputs, training=training)

    # ------------------------------------------------------------------- sampling

    def generate(self, n=None, seed=None, sampler=None, use_ema=True, batch_size=256, **given):
        """Samples of the game in inference mode.

        The first samples of a seed stay the same when `n` grows (of a generator with
        `SamplingDropout` only whole batches of them).

        Args:
            n: number of samples, >= 1; None: as many as there are rows of what is given.
            seed: int >= 0 of the latents; None draws fresh ones.
            sampler: name in `samplers()`; None: the first.
            use_ema: whether to use the averaged weights, where the game has them.
            batch_size: samples made at once, >= 1.
            **given: what the sampler is given, by part, such as `condition=3` (one for
                all, or several used in turn) or `images=array`; and its options, such as
                `scale=0.8` for shorter latents.

        Returns:
            NumPy float32 `[n, height, width, channels]` in [-1, 1] (points: `[n, dims]`).
        """
        return samplers.generate(self, n, seed, sampler, use_ema, batch_size, given)

    def logits(self, images, batch_size=256, **given):
        """Logits of the discriminator in inference mode: high for what it takes for real.

        Args:
            images: uint8, or float32 in [-1, 1], [n, height, width, channels] (points:
                [n, dims]).
            batch_size: images, or packs of them, seen at once, >= 1.
            **given: parts that it sees with them, as in `generate`.

        Returns:
            NumPy float32 [n]; of several logits (patches, scales) the mean.
            With packing there is one logit per pack, [n / packing].
        """
        return samplers.logits(self, self.discriminator_inputs(images, given), batch_size)

    def generate_best(self, n, share, seed=None, **given):
        """Those samples that the discriminator finds most real: see `samplers.generate_best`."""
        return samplers.generate_best(self, n, share, seed, given)

    def _on_batch(self, kind, x, y, weights):
        """Runs `train_step` or `test_step` once, on arrays; returns dict of name to float."""
        with fitting.explaining():
            batch = fitting.one_batch(self, x, y, weights, f"{kind}_on_batch")
            self.reset_metrics()
            logs = self.executions.single(self, f"{kind}_step")(batch)
        logs = {name: float(value) for name, value in logs.items()}
        finite.check_game(self, logs, f"after {self.step_number()} rounds")
        return logs
