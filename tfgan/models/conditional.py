"""The conditional game: labels enter both sides."""

import keras
import tensorflow as tf

from tfgan import shapes
from tfgan.data.ranges import check_labels
from tfgan.gan import GAN, batch_size
from tfgan.layers import LabelsToOneHot


@keras.saving.register_keras_serializable(package="tfgan")
class ConditionalGAN(GAN):
    """A GAN whose generator and discriminator both see a condition.

    Trained on images with a condition: int `[batch]` for one label, int `[batch, k]` for
    several, or what the networks take. Generated images get the conditions of the
    real ones that the discriminator sees beside them.

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
        if "condition" in given and "condition" in self.classes() and tf.executing_eagerly():
            check_labels("condition", given["condition"].numpy(), self.classes()["condition"])
        return given

    def classes(self):
        layers = [layer for network in self.networks().values() for layer in shapes.layers_of(network)]
        found = {layer.num_classes for layer in layers if isinstance(layer, LabelsToOneHot)}
        found |= {(layer.input_dim,) for layer in layers if isinstance(layer, keras.layers.Embedding)}
        return {"condition": found.pop()} if len(found) == 1 else {}

    def _pairs(self, batch, random):
        """Real and generated images, each with the real ones' condition."""
        condition = batch["condition"]
        fake = self.fakes(batch_size(batch), random, {"condition": condition})
        return [batch["images"], condition], [fake, condition]
