"""Overfitting of the discriminator, measured by its logits."""

import keras
import numpy as np

from tfgan import checks, errors

SETS = ("training", "held_out", "generated")


class Overfitting(keras.callbacks.Callback):
    """Mean logits on training, held-out and generated images, at every tick.

    Logged as `logits_training`, `logits_held_out` and `logits_generated`, and as
    `overfitting`: (training - held_out) / (training - generated), 0 for a
    discriminator that takes both kinds of real images alike and 1 for one that
    takes held-out images for generated ones. The discriminator is in inference mode.

    Args:
        training: dict of part to examples that the game is trained on: "images", uint8 or
            float32 in [-1, 1], [n, height, width, channels] (points [n, dims]), and what
            the discriminator sees with them, such as "condition".
        held_out: the same, which it is not trained on.
        every: ticks from one measurement to the next, >= 1; the last tick always has one.
        seed: int, of the generated images.

    Reference:
        Karras et al. 2020, https://arxiv.org/abs/2006.06676, r_v
    """

    names = (*(f"logits_{name}" for name in SETS), "overfitting")

    def __init__(self, training, held_out, every=1, seed=0):
        super().__init__()
        self.real = [_checked(name, data) for name, data in zip(SETS, (training, held_out))]
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


def _checked(name, parts):
    if not len(parts["images"]):
        raise errors.invalid(name, "at least one example", 0)
    return parts
