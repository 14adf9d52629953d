"""The conditional game: labels enter both sides."""

import keras
import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.gan import GAN, batch_size
from tfgan.layers import LabelsToOneHot


@keras.saving.register_keras_serializable(package="tfgan")
class ConditionalGAN(GAN):
    """A GAN whose generator and discriminator both see a condition.

    Trained on images with a condition: int `[batch]` for one label, int `[batch, k]` for
    several, or what the networks take. Generated images get the conditions of the
    real ones they are judged beside.

    Args:
        **kwargs: those of `tfgan.GAN`. The generator is called on
            `[latents, condition]`, the discriminator on `[images, condition]`.

    Reference:
        Mirza & Osindero 2014, https://arxiv.org/abs/1411.1784
    """

    parts = ("images", "condition")

    def discriminator_terms(self, batch, random):
        real, fake = self._pairs(batch, random)
        return self.objective.discriminator(self.discriminate, real, fake, random).terms

    def generator_terms(self, batch, random):
        real, fake = self._pairs(batch, random)
        return self.objective.generator(self.discriminate, real, fake, random).terms

    def given(self, sampler, n, values):
        given = super().given(sampler, n, values)
        if "condition" in given and tf.executing_eagerly():
            self._check_classes(given["condition"].numpy())
        return given

    def _pairs(self, batch, random):
        """Real and generated images, each with the real ones' condition."""
        condition = batch["condition"]
        fake = self.fakes(batch_size(batch), random, {"condition": condition})
        return [batch["images"], condition], [fake, condition]

    def _check_classes(self, condition):
        """A class that does not exist would be an all-zero one-hot, and no error."""
        for layer in self.generator.layers:
            if isinstance(layer, LabelsToOneHot):
                classes = np.array(layer.num_classes)
                labels = condition.reshape(-1, len(classes))
                if (labels < 0).any() or (labels >= classes).any():
                    limits = ", ".join(map(str, classes))
                    raise errors.invalid("condition", f"classes below {limits}", condition.tolist())
