"""Games whose images are made for a condition: `Conditioned`, and the game where both sides see it."""

import keras
import tensorflow as tf

from tfgan import checks, errors, shapes
from tfgan.data.ranges import check_labels, check_tags
from tfgan.gan import GAN, batch_size
from tfgan.layers import LabelsToOneHot, MultiHotTags

# A stream of noise apart from that of latents and views.
WRONG_SALT = 1_000_101


class Conditioned(GAN):
    """A GAN whose generator is given a condition; what its discriminator learns is for subclasses.

    Trained on images with a condition: int `[batch]` for one label, int `[batch, k]` for
    several, float `[batch, tags]` of 0 and 1 for tags, or what the networks take. Generated
    images get the conditions of the real ones that the discriminator sees beside them.
    """

    parts = ("images", "condition")

    def given(self, sampler, n, values):
        given = super().given(sampler, n, values)
        if "condition" in given and "condition" in self.classes() and tf.executing_eagerly():
            _check_condition(given["condition"].numpy(), self.classes()["condition"])
        return given

    def classes(self):
        layers = [layer for network in self.networks().values() for layer in shapes.layers_of(network)]
        kinds = (LabelsToOneHot, MultiHotTags)
        found = {layer.num_classes for layer in layers if isinstance(layer, kinds)}
        found |= {(layer.input_dim,) for layer in layers if isinstance(layer, keras.layers.Embedding)}
        return {"condition": found.pop()} if len(found) == 1 else {}

    def conditioned_fakes(self, batch, random):
        """Generated images for the conditions of a batch."""
        return self.fakes(batch_size(batch), random, {"condition": batch["condition"]})


@keras.saving.register_keras_serializable(package="tfgan")
class ConditionalGAN(Conditioned):
    """A GAN whose generator and discriminator both see a condition.

    Trained on images with a condition: int `[batch]` for one label, int `[batch, k]` for
    several, float `[batch, tags]` of 0 and 1 for tags, or what the networks take. Generated
    images get the conditions of the real ones that the discriminator sees beside them.

    Args:
        wrong_weight: from 0 to below 1, the weight of real images with a wrong condition
            among what the discriminator takes for fake (a matching-aware discriminator;
            1/2 in the papers); generated images keep the rest. The wrong condition is that
            of another row of the batch, drawn among those that differ from the row's own. A
            batch with one condition only has no wrong pairs, and its generated images have
            weight 1. 0: no such pairs. Not with several replicas.
        **kwargs: those of `tfgan.GAN`. The generator is called on
            `[latents, condition]`, the discriminator on `[images, condition]`.

    Reference:
        Mirza & Osindero 2014, https://arxiv.org/abs/1411.1784
        Reed et al. 2016, https://arxiv.org/abs/1605.05396 (wrong pairs)
    """

    def __init__(self, *, wrong_weight=0.0, **kwargs):
        super().__init__(**kwargs)
        self.wrong_weight = checks.number_from_0("wrong_weight", wrong_weight)
        if wrong_weight >= 1:
            raise errors.invalid("wrong_weight", "a number below 1", wrong_weight)
        # Wrong conditions come from the rows of one replica.
        self.several_replicas = not wrong_weight

    def discriminator_terms(self, batch, random):
        real, fake = self._pairs(batch, random)
        others = self._wrong_pairs(batch, random) if self.wrong_weight else None
        return self.objective.discriminator(self.discriminate, real, fake, random, others).terms

    def generator_terms(self, batch, random):
        real, fake = self._pairs(batch, random)
        return self.objective.generator(self.discriminate, real, fake, random).terms

    def _pairs(self, batch, random):
        """Real and generated images, each with the real ones' condition."""
        condition = batch["condition"]
        return [batch["images"], condition], [self.conditioned_fakes(batch, random), condition]

    def _wrong_pairs(self, batch, random):
        """Real images with conditions of other rows, and their weight, as further kinds of fake."""
        wrong, exist = wrong_conditions(batch["condition"], random.fold(WRONG_SALT))
        weight = tf.where(exist, self.wrong_weight, 0.0)
        return {"wrong": ([batch["images"], wrong], weight)}


def wrong_conditions(conditions, random):
    """For every row the condition of another row, drawn at random among those that differ from its own.

    Args:
        conditions: tensor `[batch, ...]`.
        random: `Random`.

    Returns:
        The pair (wrong conditions, as `conditions`; scalar bool, whether there are any). In a
        batch that has several conditions every row has a wrong one.
    """
    rows = conditions.shape[0] or tf.shape(conditions)[0]
    flat = tf.reshape(conditions, [rows, -1])
    differ = tf.reduce_any(flat[:, None] != flat[None], axis=-1)
    drawn = tf.where(differ, random.uniform([rows, rows]), -1.0)
    return tf.gather(conditions, tf.argmax(drawn, axis=1)), tf.reduce_any(differ)


def _check_condition(values, num_classes):
    """Raises an error where labels are not among their classes, or tags are not 0 or 1."""
    if values.dtype.kind == "f":
        check_tags("condition", values)
    else:
        check_labels("condition", values, num_classes)
