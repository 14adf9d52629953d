"""Overfitting of the discriminator, measured by its logits."""

import keras
import numpy as np

from tfgan import checks, errors

SETS = ("training", "held_out", "generated")


class Overfitting(keras.callbacks.Callback):
    """Logs the discriminator's mean logits on training, held-out and generated images.

    They are logged at every tick as `logits_training`, `logits_held_out` and `logits_generated`, and as
    `overfitting`: (training - held_out) / (training - generated), which is 0 if the
    discriminator does not distinguish training from held-out images, and 1 if it does not
    distinguish held-out from generated ones. The discriminator is in inference mode.

    Args:
        training: dict of data part to examples of the training data: "images", uint8 or
            float32 in [-1, 1], [n, height, width, channels] (points [n, dims]), and the
            discriminator's other inputs, such as "condition".
        held_out: the same for data that the game is not trained on.
        every: ticks from one measurement to the next, >= 1; the last tick always has one.
        seed: int, of the generated images.

    Raises:
        ValueError: no examples, or `every` is no whole number >= 1.

    Reference:
        Karras et al. 2020, https://arxiv.org/abs/2006.06676, where it is r_v
    """

    names = (*(f"logits_{name}" for name in SETS), "overfitting")

    def __init__(self, training, held_out, every=1, seed=0):
        super().__init__()
        self.real = [_not_empty(name, data) for name, data in zip(SETS, (training, held_out))]
        self.every = checks.whole_number("every", every, 1)
        self.seed = seed

    def set_model(self, model):
        super().set_model(model)
        model.logs.announce(self.names)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every and epoch + 1 != self.params["epochs"]:
            return
        training, held_out = (_whole_packs(parts, self.model.objective.packing) for parts in self.real)
        given = {name: part for name, part in held_out.items() if name != "images"}
        samples = self.model.generate(len(held_out["images"]), seed=self.seed, **given)
        training, held_out, generated = (
            float(np.mean(self.model.logits(**parts)))
            for parts in (training, held_out, {"images": samples, **given})
        )
        apart = training - generated
        overfitting = (training - held_out) / apart if apart else 0.0
        logs.update(zip(self.names, (training, held_out, generated, overfitting)))


def _whole_packs(parts, size):
    return {name: part[: len(part) // size * size] for name, part in parts.items()}


def _not_empty(name, parts):
    if not len(parts["images"]):
        raise errors.invalid(name, "at least one example", 0)
    return parts
