"""Evaluation of samples during training."""

import keras

from tfgan import checks
from tfgan.evaluation import Evaluation


class Evaluate(keras.callbacks.Callback):
    """Logs scores of the game's samples, at every tick or every few ticks.

    Callbacks that read these logs, Keras's own included, must come after this one. The
    names of the scores state how they were measured, such as
    `frechet_mnist_classifier_2500_vs_test_2500`.

    ```python
    held_out = tfgan.data.open_source("mnist", split="test").table()
    scores = tfgan.callbacks.Evaluate(
        ["frechet", "manifold"],
        tfgan.evaluation.Reference(held_out["images"], "test"),
        extractor=tfgan.features.open_extractor("mnist_classifier"),
    )
    gan.fit(data, epochs=10, steps_per_epoch=500, callbacks=[scores])
    ```

    Args:
        metrics: names in `tfgan.metrics.METRICS`.
        real: `tfgan.evaluation.Reference`, real data to compare with.
        every: ticks from one evaluation to the next, >= 1; the last tick always has one.
        num_samples: samples that are scored, >= 2.
        training, extractor, paired, labels: as in `tfgan.evaluation.Evaluation`.
        given: dict of data part to the sampler's inputs, as in `GAN.generate`: conditions,
            used in turn; if `paired`, one row for each real example.
        sampler: name in the game's `samplers()`, which is then the prefix of the logs' names;
            None: the first sampler, without a prefix.
        seed: int, of the latents, the same at every tick.

    Raises:
        ValueError: as `tfgan.evaluation.Evaluation`.
    """

    def __init__(self, metrics, real, every=1, num_samples=2500, training=None, extractor=None,
                 given=None, sampler=None, seed=0, paired=False, labels=None):  # fmt: skip
        super().__init__()
        self.evaluation = Evaluation(
            metrics, real, training, extractor, num_samples, paired=paired, labels=labels
        )
        self.every = checks.whole_number("every", every, 1)
        self.given, self.sampler = dict(given or {}), sampler
        self.seed = seed

    @property
    def names(self):
        """Names of the logs that it adds."""
        return [f"{self._prefix}{name}" for name in self.evaluation.names]

    @property
    def _prefix(self):
        return f"{self.sampler}_" if self.sampler else ""

    def set_model(self, model):
        super().set_model(model)
        model.logs.announce(self.names)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0 or epoch + 1 == self.params["epochs"]:
            scores = self.evaluation.scores(self._samples())
            logs.update({f"{self._prefix}{name}": score for name, score in scores.items()})

    def _samples(self):
        return self.evaluation.samples_of(self.model, self.given, self.sampler, self.seed)
