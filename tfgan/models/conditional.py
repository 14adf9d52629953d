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

    Trained on `(images, condition)`, with condition int `[batch]` for one label
    or int `[batch, k]` for several. Generated images get the conditions of the
    real ones they are judged beside.

    Args:
        **kwargs: those of `tfgan.GAN`. The generator is called on
            `[latents, condition]`, the discriminator on `[images, condition]`.

    Reference:
        Mirza & Osindero 2014, https://arxiv.org/abs/1411.1784
    """

    batch_parts = ("images", "condition")

    def sample_inputs(self, n, random, data=None):
        """`[latents, condition]` for `n` images; `data`: one condition, or several in turn."""
        return [self.prior(random, [n, self.latent_dim]), self.conditions(n, data)]

    def discriminator_terms(self, batch, random):
        images, condition = batch
        fake = self.fakes(batch_size(images), random, condition)
        return self.discriminator_objective(
            self._discriminate_given(condition), images, fake, random
        )

    def generator_terms(self, batch, random):
        images, condition = batch
        fake = self.fakes(batch_size(images), random, condition)
        return self.generator_objective(self._discriminate_given(condition), images, fake, random)

    def conditions(self, n, condition):
        """`condition` for each of `n` images: one for all, or several in turn."""
        if condition is None:
            raise errors.invalid(
                "condition", "labels, since ConditionalGAN takes a condition", condition
            )
        given, expected = condition, self.image_generator.inputs[1]
        condition = tf.convert_to_tensor(condition)
        if not condition.dtype.is_integer:
            raise errors.invalid("condition", "integer classes", condition.dtype.name)
        condition = tf.cast(condition, expected.dtype)
        if condition.shape.rank == len(expected.shape) - 1:
            condition = condition[None]
        if tuple(condition.shape[1:]) != expected.shape[1:]:
            shape = ["n", *expected.shape[1:]]
            raise errors.invalid("condition", f"shape [{', '.join(map(str, shape))}]", given)
        if tf.executing_eagerly():
            self._check_classes(condition.numpy())
        return tf.gather(condition, tf.range(n) % tf.shape(condition)[0])

    def _discriminate_given(self, condition):
        return lambda images: self.discriminate([images, condition])

    def _check_classes(self, condition):
        """A class that does not exist would be an all-zero one-hot, and no error."""
        for layer in self.image_generator.layers:
            if isinstance(layer, LabelsToOneHot):
                classes = np.array(layer.num_classes)
                labels = condition.reshape(-1, len(classes))
                if (labels < 0).any() or (labels >= classes).any():
                    limits = ", ".join(map(str, classes))
                    raise errors.invalid("condition", f"classes below {limits}", condition.tolist())
