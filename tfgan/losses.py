"""Adversarial losses: pairs of pure functions of logits.

Every function takes `(real_logits, fake_logits)`, of any shape and any float
dtype, casts them to at least float32 and returns the mean over all elements as
a scalar. In the formulas r are the logits of real images and f those of generated
ones. High logits mean real, low ones generated, in every loss.
"""

import inspect
from functools import partial
from typing import Callable, NamedTuple

import tensorflow as tf

from tfgan import divergences, errors
from tfgan.precision import at_least_float32

# exp(80) is about 5.5e34, so that the mean of a batch still fits float32.
MAXIMUM_LIKELIHOOD_CLIP = 80.0


class Loss(NamedTuple):
    """The two halves of an adversarial loss.

    Attributes:
        discriminator: `(real_logits, fake_logits) -> scalar`, which the
            discriminator's side minimises.
        generator: `(real_logits, fake_logits) -> scalar`, which the
            generator's side minimises.
        generator_sees_real: whether `generator` reads `real_logits`; where it
            does not, they are None and the discriminator's pass over the real
            images is left out of the generator's update.
        zero_sum: whether the game is zero-sum: `generator` is minus `discriminator`, up
            to the term in `real_logits`, which the generator cannot change directly.
    """

    discriminator: Callable
    generator: Callable
    generator_sees_real: bool = False
    zero_sum: bool = False


def cross_entropy(logits, target):
    """Mean sigmoid cross-entropy of logits against one constant target in [0, 1]."""
    logits = at_least_float32(logits)
    labels = tf.fill(tf.shape(logits), tf.cast(target, logits.dtype))
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    )


def sigmoid_discriminator(real_logits, fake_logits, real_target=1.0):
    """Discriminator's sigmoid cross-entropy: softplus(-r) + softplus(f).

    Args:
        real_target: float in (0, 1], the label of real images; below 1 it is smoothed.

    Reference:
        Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """
    return cross_entropy(real_logits, real_target) + cross_entropy(fake_logits, 0.0)


def minimax_generator(real_logits, fake_logits):
    """Minimax generator loss: -softplus(f) = log(1 - sigmoid(f)).

    Its gradient vanishes where the discriminator is sure that an image is generated.

    Reference:
        Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """
    return -cross_entropy(fake_logits, 0.0)


def non_saturating_generator(real_logits, fake_logits):
    """Non-saturating generator loss: softplus(-f) = -log(sigmoid(f)).

    Reference:
        Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """
    return cross_entropy(fake_logits, 1.0)


def maximum_likelihood_generator(real_logits, fake_logits):
    """Maximum-likelihood generator loss: -exp(f), with logits above 80 clipped to 80.

    Reference:
        Goodfellow 2014, https://arxiv.org/abs/1412.6515
    """
    fake = at_least_float32(fake_logits)
    return -tf.reduce_mean(tf.exp(tf.minimum(fake, MAXIMUM_LIKELIHOOD_CLIP)))


def least_squares_discriminator(real_logits, fake_logits, real_target=1.0):
    """Least-squares discriminator loss: (r - 1)^2 / 2 + f^2 / 2.

    Args:
        real_target: float in (0, 1], in the place of the 1.

    Reference:
        Mao et al. 2016, https://arxiv.org/abs/1611.04076
    """
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    real_half = tf.reduce_mean(tf.square(real - real_target))
    return (real_half + tf.reduce_mean(tf.square(fake))) / 2.0


def least_squares_generator(real_logits, fake_logits):
    """Least-squares generator loss: (f - 1)^2 / 2.

    Reference:
        Mao et al. 2016, https://arxiv.org/abs/1611.04076
    """
    return tf.reduce_mean(tf.square(at_least_float32(fake_logits) - 1.0)) / 2.0


def wasserstein_discriminator(real_logits, fake_logits):
    """Wasserstein discriminator (critic) loss: f - r.

    Reference:
        Arjovsky et al. 2017, https://arxiv.org/abs/1701.07875
    """
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    return tf.reduce_mean(fake) - tf.reduce_mean(real)


def wasserstein_generator(real_logits, fake_logits):
    """Wasserstein generator loss: -f.

    Reference:
        Arjovsky et al. 2017, https://arxiv.org/abs/1701.07875
    """
    return -tf.reduce_mean(at_least_float32(fake_logits))


def hinge_discriminator(real_logits, fake_logits):
    """Hinge discriminator loss: relu(1 - r) + relu(1 + f).

    Reference:
        Lim & Ye 2017, https://arxiv.org/abs/1705.02894
    """
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    return tf.reduce_mean(tf.nn.relu(1.0 - real)) + tf.reduce_mean(
        tf.nn.relu(1.0 + fake)
    )


def relativistic_discriminator(real_logits, fake_logits):
    """Relativistic discriminator loss: softplus(f - r) over pairs, of the same shape.

    Reference:
        Jolicoeur-Martineau 2018, https://arxiv.org/abs/1807.00734; Huang et al. 2024
        (R3GAN), https://arxiv.org/abs/2501.05441
    """
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    real.shape.assert_is_compatible_with(fake.shape)
    return cross_entropy(real - fake, 1.0)


def relativistic_generator(real_logits, fake_logits):
    """Relativistic generator loss: softplus(r - f) over pairs, of the same shape.

    Reference:
        As `relativistic_discriminator`.
    """
    return relativistic_discriminator(fake_logits, real_logits)


def relativistic_average_discriminator(real_logits, fake_logits):
    """Relativistic average discriminator loss: softplus(-(r - mean f)) + softplus(f - mean r).

    Reference:
        Jolicoeur-Martineau 2018, https://arxiv.org/abs/1807.00734
    """
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    return cross_entropy(real - tf.reduce_mean(fake), 1.0) + cross_entropy(
        fake - tf.reduce_mean(real), 0.0
    )


def relativistic_average_generator(real_logits, fake_logits):
    """Relativistic average generator loss: softplus(-(f - mean r)) + softplus(r - mean f).

    Reference:
        Jolicoeur-Martineau 2018, https://arxiv.org/abs/1807.00734
    """
    return relativistic_average_discriminator(fake_logits, real_logits)


def f_gan(divergence):
    """The zero-sum `Loss` of an f-divergence: the discriminator minimises -(E_p g(r) - E_q f*(g(f))).

    Args:
        divergence: `tfgan.divergences.Divergence`.

    Reference:
        Nowozin et al. 2016, https://arxiv.org/abs/1606.00709
    """

    def generator(real_logits, fake_logits):
        return -tf.reduce_mean(divergence.conjugate(at_least_float32(fake_logits)))

    def discriminator(real_logits, fake_logits):
        real = tf.reduce_mean(divergence.witness(at_least_float32(real_logits)))
        return -real - generator(real_logits, fake_logits)

    return Loss(discriminator, generator, zero_sum=True)


def smooth(loss, amount):
    """One-sided label smoothing: the discriminator's target for real images is `1 - amount`.

    The target for generated images stays 0, because smoothing it would pull the
    generator towards its present samples.

    Args:
        loss: a `Loss` whose discriminator half has a target for real images.
        amount: float in [0, 1); 0.1 is usual.

    Returns:
        A `Loss`.

    Raises:
        ValueError: the loss has no such target, or `amount` is out of range.

    Reference:
        Salimans et al. 2016, https://arxiv.org/abs/1606.03498
    """
    if not 0.0 <= amount < 1.0:
        raise errors.invalid("label_smoothing", "a number in [0, 1)", amount)
    if not _has_real_target(loss):
        known = ", ".join(n for n, record in LOSSES.items() if _has_real_target(record))
        raise errors.invalid(
            "label_smoothing", f"a loss with a target for real images ({known})", loss
        )
    return loss._replace(
        discriminator=partial(loss.discriminator, real_target=1.0 - amount)
    )


def _has_real_target(loss):
    return "real_target" in inspect.signature(loss.discriminator).parameters


LOSSES = {
    "minimax": Loss(sigmoid_discriminator, minimax_generator, zero_sum=True),
    "non_saturating": Loss(sigmoid_discriminator, non_saturating_generator),
    "maximum_likelihood": Loss(sigmoid_discriminator, maximum_likelihood_generator),
    "least_squares": Loss(least_squares_discriminator, least_squares_generator),
    "wasserstein": Loss(wasserstein_discriminator, wasserstein_generator, zero_sum=True),
    "hinge": Loss(hinge_discriminator, wasserstein_generator),
    "relativistic": Loss(
        relativistic_discriminator, relativistic_generator, generator_sees_real=True
    ),
    "relativistic_average": Loss(
        relativistic_average_discriminator,
        relativistic_average_generator,
        generator_sees_real=True,
    ),
    "total_variation": f_gan(divergences.TOTAL_VARIATION),
    "kl": f_gan(divergences.KL),
    "reverse_kl": f_gan(divergences.REVERSE_KL),
    "jeffrey": f_gan(divergences.JEFFREY),
    "pearson": f_gan(divergences.PEARSON),
    "neyman": f_gan(divergences.NEYMAN),
    "squared_hellinger": f_gan(divergences.SQUARED_HELLINGER),
    "jensen_shannon": f_gan(divergences.JENSEN_SHANNON),
}
