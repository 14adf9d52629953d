"""The adversarial objective: loss, penalties and views on a discriminator's outputs.

It knows a loss, penalties and views, and no networks: hooks hand it the discriminator,
a function from examples to outputs. An example is an image, points, or a nest with
further parts that the discriminator sees with it: `[image, condition]`, `(image, code)`, `[label map,
photo]`. Its image parts are its leaves of rank 4, or the first leaf where there is none.
"""

from functools import partial
from typing import NamedTuple

import tensorflow as tf

from tfgan import errors
from tfgan.losses import LOSSES, Loss, smooth
from tfgan.penalties import BESIDE_FAKE, PENALTIES, checked_penalties
from tfgan.training import passes
from tfgan.views import make_views

# Streams of noise apart from those that training counts steps and terms in.
REAL_SALT, FAKE_SALT, OTHER_SALT = 1_000_003, 1_000_004, 1_000_005


class Clock(NamedTuple):
    """A game's counters, which schedules of weights and intervals depend on.

    Attributes:
        step: int64 variable, rounds played.
        images_shown: int64 variable, real images of those rounds.
    """

    step: object
    images_shown: object


class Result(NamedTuple):
    """Terms and discriminator outputs of one batch.

    Attributes:
        terms: dict of name to scalar: "loss", and each penalty by its name.
        real, fake: the discriminator's whole outputs, as it returns them; `real` is None
            where the generator's loss does not look at it.
        others: dict of name to outputs, of further kinds of fake.
    """

    terms: dict
    real: object
    fake: object
    others: dict


class Objective:
    """A loss, penalties and views, as the terms of either side.

    Args:
        loss: name in `tfgan.losses.LOSSES`, or a `Loss`.
        penalties, views: as in `tfgan.GAN`.
        clock: `Clock`.
        label_smoothing: as in `tfgan.GAN`.

    Attributes:
        loss: `Loss`.
        penalties: dict of name to (weight, every).
        views: list of functions in `tfgan.views`, in the order in which they act.
        packing: examples that a discriminator sees at once.
    """

    def __init__(self, loss, penalties, views, clock, label_smoothing=0.0):
        self.loss = loss if isinstance(loss, Loss) else errors.lookup("loss", loss, LOSSES)
        if label_smoothing:
            self.loss = smooth(self.loss, label_smoothing)
        self.penalties = checked_penalties(penalties)
        self.views = make_views(views)
        self.packing = next((view.size for view in self.views if view.joins), 1)
        self.clock = clock

    def discriminator(self, discriminate, real, fake, random, others=None):
        """The loss of the discriminator's side with its penalties; one pass per kind of example.

        Args:
            discriminate: examples -> outputs of a discriminator: logits of any shape, or a dict
                with "logits" (a nest for several scales) and outputs of other names.
            real, fake: examples, tensors or nests of the same structure.
            random: `Random`, of views and penalties.
            others: dict of name to (examples, weight), further kinds of fake; the generated
                ones keep weight 1 - sum of these.

        Returns:
            `Result`.
        """
        real = self._same_precision(real, fake)
        outputs_real, outputs_fake = self._both(discriminate, real, fake, random)
        loss = mean_over_scales(self.loss.discriminator, outputs_real, outputs_fake)
        also = {}
        if others:
            loss *= 1.0 - sum(weight for _, weight in others.values())
        for i, (name, (examples, weight)) in enumerate((others or {}).items()):
            also[name] = discriminate(self.views_of(examples, random, OTHER_SALT + i))
            loss += weight * mean_over_scales(self.loss.discriminator, outputs_real, also[name])
        terms = {"loss": loss, **self._penalty_terms(discriminate, real, fake, random, loss.dtype)}
        return Result(terms, outputs_real, outputs_fake, also)

    def generator(self, discriminate, real, fake, random, see_real=False):
        """The loss of the generator's side.

        Args:
            discriminate, real, fake, random: as in `discriminator`.
            see_real: whether the outputs for real examples are wanted even by a loss that
                does not look at them, as for feature matching.

        Returns:
            `Result`.
        """
        outputs_fake = discriminate(self.views_of(fake, random, FAKE_SALT))
        outputs_real = None
        if see_real or self.loss.generator_sees_real:
            real = self._same_precision(real, fake)
            outputs_real = discriminate(self.views_of(real, random, REAL_SALT))
        loss = mean_over_scales(self.loss.generator, outputs_real, outputs_fake)
        return Result({"loss": loss}, outputs_real, outputs_fake, {})

    def swapped(self, discriminate, real, fake, random):
        """The discriminator's loss with the labels inverted, for a generator's side.

        Both kinds of examples move the side: BiGAN's generator and encoder.

        Args and Returns: as in `discriminator`, without penalties.
        """
        real = self._same_precision(real, fake)
        outputs_real, outputs_fake = self._both(discriminate, real, fake, random)
        loss = mean_over_scales(self.loss.discriminator, outputs_fake, outputs_real)
        return Result({"loss": loss}, outputs_real, outputs_fake, {})

    def views_of(self, examples, random, salt):
        """What a discriminator is shown of examples: the views of them."""
        leaves = tf.nest.flatten(examples)
        show = lambda: self._viewed(examples, random.fold(salt))
        return passes.once("views", [*leaves, random], show)

    def _both(self, discriminate, real, fake, random):
        """The discriminator's outputs for real examples, then for generated ones."""
        views = [self.views_of(real, random, REAL_SALT), self.views_of(fake, random, FAKE_SALT)]
        return tuple(discriminate(view) for view in views)

    def _viewed(self, examples, random):
        leaves, is_image = tf.nest.flatten(examples), image_parts(examples)
        for i, view in enumerate(self.views):
            stream = random.fold(i)
            chosen = [True] * len(leaves) if view.joins else is_image
            parts = [x for x, is_seen in zip(leaves, chosen) if is_seen]
            seen = iter(view(parts, stream, self.clock.images_shown.value))
            leaves = [next(seen) if c else x for x, c in zip(leaves, chosen)]
        return tf.nest.pack_sequence_as(examples, leaves)

    def _penalty_terms(self, discriminate, real, fake, random, dtype):
        terms = {}
        for i, (name, (weight, every)) in enumerate(self.penalties.items()):
            beside, salt = (fake, FAKE_SALT) if name in BESIDE_FAKE else (real, REAL_SALT)
            of_images = partial(self._logits_of_images, discriminate, beside, random.fold(salt))
            compute = partial(
                PENALTIES[name], of_images, self._packs(real), self._packs(fake), random.fold(i)
            )
            terms |= weighted(self.clock, name, weight, every, compute, dtype)
        return terms

    def _packs(self, examples):
        """The image parts of examples: what penalties differentiate by, whose norm is a pack's."""
        images = [x for x, is_image in zip(tf.nest.flatten(examples), image_parts(examples)) if is_image]
        if self.packing > 1:
            images = [tf.reshape(x, [-1, self.packing, *x.shape[1:]]) for x in images]
        return images[0] if len(images) == 1 else images

    def _logits_of_images(self, discriminate, beside, random, images):
        """Logits of image parts, through the views, beside the other parts of examples."""
        leaves, given = tf.nest.flatten(beside), iter(tf.nest.flatten(images))
        replaced = []
        for leaf, is_image in zip(leaves, image_parts(beside)):
            x = next(given) if is_image else leaf
            replaced.append(tf.reshape(x, [-1, *leaf.shape[1:]]) if is_image and self.packing > 1 else x)
        return logits_of(discriminate(self._viewed(tf.nest.pack_sequence_as(beside, replaced), random)))

    def _same_precision(self, real, fake):
        """Real image parts in the precision of the generated ones."""
        return tf.nest.map_structure(
            lambda r, f: tf.cast(r, f.dtype) if r.dtype.is_floating else r, real, fake
        )


def weighted(clock, name, weight, every, function, dtype=tf.float32):
    """A weighted loss term, computed only in every `every`-th round.

    Args:
        clock: `Clock`.
        name: str.
        weight: float >= 0, or a schedule of the images shown.
        every: int >= 1: computed in every `every`-th round, times `every`.
        function: function without arguments that returns the scalar.
        dtype: of the scalar.

    Returns:
        {name: scalar}.
    """

    def term():
        value = function()
        # A number stays one: as a tensor it would be rounded to float32 first.
        now = tf.cast(weight(clock.images_shown.value), value.dtype) if callable(weight) else weight
        return now * every * value

    if every == 1:
        return {name: term()}
    due = tf.equal(clock.step.value % every, 0)
    with passes.apart():
        return {name: tf.cond(due, term, lambda: tf.zeros([], dtype))}


def logits_of(outputs):
    """The logits in what a discriminator returned: the only place that reads it.

    Args:
        outputs: logits, a dict that holds them under "logits", or a list of either.
    """
    if isinstance(outputs, (list, tuple)):
        return [logits_of(output) for output in outputs]
    return outputs["logits"] if isinstance(outputs, dict) else outputs


def mean_over_scales(function, real, fake):
    """`function(real_logits, fake_logits)` of two outputs, averaged over scales of logits."""
    fakes = tf.nest.flatten(logits_of(fake))
    reals = [None] * len(fakes) if real is None else tf.nest.flatten(logits_of(real))
    values = [function(r, f) for r, f in zip(reals, fakes, strict=True)]
    return tf.add_n(values) / len(values)


def image_parts(examples):
    """Which leaves of examples are images, or points: list of bool."""
    ranks = [leaf.shape.rank for leaf in tf.nest.flatten(examples)]
    if 4 in ranks:
        return [rank == 4 for rank in ranks]
    return [i == 0 for i in range(len(ranks))]
