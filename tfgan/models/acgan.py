"""The auxiliary classifier GAN: a discriminator that also tells the class or the tags."""

from typing import Callable, NamedTuple

import keras
import tensorflow as tf

from tfgan import checks, errors, shapes
from tfgan.layers.labels import one_hot
from tfgan.models.conditional import Conditioned
from tfgan.precision import at_least_float32


class ClassLoss(NamedTuple):
    """A loss of a classifier's logits.

    Attributes:
        of: `(logits, condition, num_classes) -> scalar`, see `softmax_loss`.
        weight: its usual weight beside the adversarial loss.
    """

    of: Callable
    weight: float


def softmax_loss(logits, labels, num_classes):
    """Cross-entropy of class labels: summed over the labels, mean over the examples.

    Args:
        logits: `[batch, sum(num_classes)]`, those of each label side by side.
        labels: int `[batch]`, or `[batch, k]` of k labels.
        num_classes: tuple of k ints, the number of values of each label.

    Returns:
        Scalar, at least float32.
    """
    groups = tf.split(at_least_float32(logits), num_classes, axis=1)
    columns = tf.unstack(tf.reshape(labels, [-1, len(num_classes)]), axis=1)
    values = [
        tf.nn.sparse_softmax_cross_entropy_with_logits(column, group)
        for column, group in zip(columns, groups, strict=True)
    ]
    return tf.reduce_mean(tf.add_n(values))


def tags_loss(logits, tags, num_classes):
    """Binary cross-entropy of tags: summed over the tags, mean over the examples.

    Args:
        logits: `[batch, tags]`.
        tags: float `[batch, tags]` of 0 and 1; or int labels as in `softmax_loss`, each of
            whose values is then a tag.
        num_classes: as in `softmax_loss`; of tags it is not used.

    Returns:
        Scalar, at least float32: 0.6931 times the number of tags where all logits are 0.
    """
    logits = at_least_float32(logits)
    if tags.dtype.is_integer:
        tags = one_hot(tags, num_classes)
    values = tf.nn.sigmoid_cross_entropy_with_logits(tf.cast(tags, logits.dtype), logits)
    return tf.reduce_mean(tf.reduce_sum(values, axis=1))


# A label's cross-entropy counts one; two groups of tags, such as the colours of hair and
# eyes, count one each.
CLASS_LOSSES = {
    "softmax": ClassLoss(softmax_loss, 1.0),
    "tags": ClassLoss(tags_loss, 0.5),
}


@keras.saving.register_keras_serializable(package="tfgan")
class ACGAN(Conditioned):
    """A GAN whose discriminator is also a classifier of the condition, which it is not given.

    Both sides minimise, beside the adversarial loss, the classifier's loss: the discriminator
    of real and generated images, the generator of its own. Trained on images with a condition,
    int `[batch]` for one label, int `[batch, k]` for several, or float `[batch, tags]` of 0
    and 1. Generated images get the conditions of the real ones.

    Args:
        class_loss: "softmax", cross-entropy over the classes of each label, summed over
            labels; or "tags", binary cross-entropy summed over tags, where labels may serve
            as tags too. Default: by the condition, softmax for labels and tags for tags.
        class_weight: weight of the class losses, >= 0. Default: 1 of softmax, 1/2 of tags.
        classify_fakes: whether the discriminator learns the classes of generated images too,
            as in the paper. That rewards samples that are easy to classify.
        **kwargs: those of `tfgan.GAN`. The generator is called on `[latents, condition]`,
            the discriminator on images; it returns a dict of "logits" and "classes", logits
            `[batch, n]` of all classes or tags side by side.

    Raises:
        ValueError: a discriminator without "classes", or with another number of them than
            the generator's condition has.

    Reference:
        Odena et al. 2017, https://arxiv.org/abs/1610.09585
    """

    def __init__(self, *, class_loss=None, class_weight=None, classify_fakes=True, **kwargs):
        super().__init__(**kwargs)
        kind = "tags" if self._takes_tags() else "softmax"
        self.class_loss, usual = errors.lookup("class_loss", class_loss or kind, CLASS_LOSSES)
        if kind == "tags" and class_loss == "softmax":
            raise errors.invalid("class_loss", "tags, since the condition is tags", class_loss)
        weight = usual if class_weight is None else class_weight
        self.class_weight = checks.number_from_0("class_weight", weight)
        self.classify_fakes = bool(classify_fakes)

    def discriminator_terms(self, batch, random):
        fake = self.conditioned_fakes(batch, random)
        result = self.objective.discriminator(self.discriminate, batch["images"], fake, random)
        terms = {**result.terms, "classes_real": self._class_term(result.real, batch)}
        if self.classify_fakes:
            terms["classes_fake"] = self._class_term(result.fake, batch)
        return terms

    def generator_terms(self, batch, random):
        fake = self.conditioned_fakes(batch, random)
        result = self.objective.generator(self.discriminate, batch["images"], fake, random)
        return {**result.terms, "classes": self._class_term(result.fake, batch)}

    def discriminator_inputs(self, images, given):
        return images

    def check_networks(self):
        super().check_networks()
        if "condition" not in self.classes():
            expected = "a condition through a LabelsToOneHot, MultiHotTags or Embedding layer"
            raise errors.invalid("generator", expected, "none that tells the number of classes")
        outputs = getattr(self.discriminator, "output", {})
        if not isinstance(outputs, dict) or outputs and "classes" not in outputs:
            got = ", ".join(outputs) if isinstance(outputs, dict) else "logits alone"
            raise errors.invalid("discriminator", "outputs called 'logits' and 'classes'", got)
        num_classes = self.classes()["condition"]
        width = len(num_classes) if self._takes_tags() else sum(num_classes)
        if outputs and outputs["classes"].shape[1:] != (width,):
            expected = f"logits of {width} classes or tags, as the generator's condition has"
            raise errors.invalid("discriminator", expected, f"shape {list(outputs['classes'].shape)}")

    def _takes_tags(self):
        return tf.as_dtype(shapes.inputs_of(self.generator)[1].dtype).is_floating

    def _class_term(self, outputs, batch):
        num_classes = self.classes()["condition"]
        return self.class_weight * self.class_loss(outputs["classes"], batch["condition"], num_classes)
