"""EBGAN: a discriminator that is an autoencoder, whose energy of generated images is raised to a margin."""

import keras
import tensorflow as tf

from tfgan import checks, errors
from tfgan.gan import GAN, batch_size
from tfgan.losses import Loss, wasserstein_generator
from tfgan.precision import at_least_float32


@keras.saving.register_keras_serializable(package="tfgan")
class EBGAN(GAN):
    """A GAN whose discriminator gives an energy, minus its logits: low for real images.

    With E the energy of real and F that of generated images, the discriminator minimises
    E + max(0, margin - F), the generator F. The generator also minimises how alike the
    codes of its images are (the pulling-away term), so that they differ.

    Args:
        margin: energy above which generated images are left alone, in the unit of the
            discriminator's energy, which of `NETWORKS["autoencoder"]` is a mean over pixels: the
            paper's 10 to 20 are for another unit. About the energy that the mean image has as a
            reconstruction (0.27 on MNIST) trains well; with 1 no image appears.
        pull_away: weight of the pulling-away term; 0: without it.
        **kwargs: those of `tfgan.GAN`. The discriminator returns a dict of "logits", minus the
            energy, and "features" `[batch, dims]`, the code of an autoencoder.

    Raises:
        ValueError: a discriminator without features.

    Reference:
        Zhao et al. 2017, https://arxiv.org/abs/1609.03126
    """

    without = ("loss", "label_smoothing")
    # The pulling-away term compares the images of a batch.
    several_replicas = False

    def __init__(self, *, margin=0.3, pull_away=0.1, **kwargs):
        self.margin = checks.positive("margin", margin)
        self.pull_away = checks.number_from_0("pull_away", pull_away)
        super().__init__(loss=Loss(self._discriminator_loss, wasserstein_generator), **kwargs)

    def generator_terms(self, batch, random):
        fake = self.fakes(batch_size(batch), random)
        result = self.objective.generator(self.discriminate, batch["images"], fake, random)
        likeness = lambda: pulling_away(result.fake["features"])
        return {**result.terms, **self.weighted("pull_away", self.pull_away, 1, likeness)}

    def check_networks(self):
        super().check_networks()
        check_outputs(self.discriminator, "logits", "features")

    def _discriminator_loss(self, real_logits, fake_logits):
        real, fake = map(at_least_float32, (real_logits, fake_logits))
        return tf.reduce_mean(tf.nn.relu(self.margin + fake)) - tf.reduce_mean(real)


def pulling_away(codes):
    """Mean squared cosine of the angles between all pairs of codes, a scalar in [0, 1].

    Args:
        codes: float `[n, dims]`, n > 1.

    Reference:
        Zhao et al. 2017, https://arxiv.org/abs/1609.03126, section 2.4
    """
    directions = tf.math.l2_normalize(at_least_float32(codes), axis=1)
    squares = tf.square(tf.matmul(directions, directions, transpose_b=True))
    others = tf.reduce_sum(squares) - tf.linalg.trace(squares)
    n = tf.cast(tf.shape(codes)[0], squares.dtype)
    return others / (n * (n - 1.0))


def check_outputs(discriminator, *names):
    """Raises InputError where a discriminator does not return a dict with these outputs."""
    outputs = getattr(discriminator, "output", None)
    if not isinstance(outputs, dict) or not set(names) <= set(outputs):
        expected = f"a network that returns a dict of {' and '.join(names)}"
        got = ", ".join(outputs) if isinstance(outputs, dict) else "logits alone"
        raise errors.invalid("discriminator", expected, got)
