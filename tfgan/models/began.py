"""BEGAN: a discriminator that is an autoencoder, kept in balance with the generator."""

import keras
import tensorflow as tf

from tfgan import checks, errors
from tfgan.gan import GAN, batch_size
from tfgan.losses import Loss, wasserstein_generator
from tfgan.objective import logits_of
from tfgan.precision import at_least_float32


@keras.saving.register_keras_serializable(package="tfgan")
class BEGAN(GAN):
    """A GAN whose discriminator is an autoencoder, kept at a ratio of two reconstruction errors.

    With L the error of real and F that of generated images, minus the logits of each, the
    discriminator minimises L - k F and the generator F. After each update of the
    discriminator k moves by `balance_rate` * (gamma L - F), within [0, 1], so that F / L
    tends to gamma. The logs have `discriminator_real` (L), `discriminator_fake` (F),
    `discriminator_k`, and `discriminator_convergence`, the measure M = L + |gamma L - F|,
    which falls as training goes on. The paper halves the learning rates when it stalls:
    `keras.callbacks.ReduceLROnPlateau("discriminator_convergence", 0.5)`.

    Args:
        gamma: diversity ratio in (0, 1]: lower gives clearer and more similar images.
        balance_rate: > 0, by which k moves; lambda in the paper. Its effect is that of the
            errors' unit: sums over pixels instead of means would multiply it.
        **kwargs: those of `tfgan.GAN`. The discriminator's logits are minus the error of its
            reconstructions, as those of `NETWORKS["began"]`.

    Raises:
        ValueError: a number out of range.

    Reference:
        Berthelot et al. 2017, https://arxiv.org/abs/1703.10717
    """

    without = ("loss", "label_smoothing")

    def __init__(self, *, gamma=0.5, balance_rate=0.001, **kwargs):
        if not 0 < gamma <= 1:
            raise errors.invalid("gamma", "a number above 0, at most 1", gamma)
        self.gamma = gamma
        self.balance_rate = checks.positive("balance_rate", balance_rate)
        super().__init__(loss=Loss(self._discriminator_loss, wasserstein_generator), **kwargs)
        self.remember("k", 0.0)

    def discriminator_terms(self, batch, random):
        fake = self.fakes(batch_size(batch), random)
        result = self.objective.discriminator(self.discriminate, batch["images"], fake, random)
        real, fake = map(mean_energy, (result.real, result.fake))
        k, balance = self.remembered["k"].value, self.gamma * real - fake
        moved = tf.clip_by_value(k + self.balance_rate * balance, 0.0, 1.0)
        logs = {"real": real, "fake": fake, "k": k, "convergence": real + tf.abs(balance)}
        return result.terms, {"k": moved}, logs

    def _discriminator_loss(self, real_logits, fake_logits):
        real, fake = map(at_least_float32, (real_logits, fake_logits))
        return self.remembered["k"].value * tf.reduce_mean(fake) - tf.reduce_mean(real)


def mean_energy(outputs):
    """The mean of minus a discriminator's logits, a scalar."""
    return -tf.reduce_mean(at_least_float32(logits_of(outputs)))
