"""Adversarial losses: pairs of pure functions of logits.

Every function takes `(real_logits, fake_logits)`, of any shape and any float
dtype, raises them to at least float32 and returns the mean over all elements as
a scalar. Real is high, fake is low, everywhere.
"""

import inspect
from functools import partial
from typing import Callable, NamedTuple

import tensorflow as tf

from tfgan import errors
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
        zero_sum: whether what one side gains the other loses: `generator` is minus
            `discriminator` but for what the generator cannot change directly.
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
    """softplus(-r) + softplus(f); `real_target` < 1 smooths the real label."""
    return cross_entropy(real_logits, real_target) + cross_entropy(fake_logits, 0.0)


def minimax_generator(real_logits, fake_logits):
    """-softplus(f) = log(1 - sigmoid(f)): saturates where D is sure."""
    return -cross_entropy(fake_logits, 0.0)


def non_saturating_generator(real_logits, fake_logits):
    """softplus(-f) = -log(sigmoid(f))."""
    return cross_entropy(fake_logits, 1.0)


def maximum_likelihood_generator(real_logits, fake_logits):
    """-exp(f), with logits clipped at 80 from above."""
    fake = at_least_float32(fake_logits)
    return -tf.reduce_mean(tf.exp(tf.minimum(fake, MAXIMUM_LIKELIHOOD_CLIP)))


def least_squares_discriminator(real_logits, fake_logits, real_target=1.0):
    """(r - 1)^2 / 2 + f^2 / 2."""
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    real_half = tf.reduce_mean(tf.square(real - real_target))
    return (real_half + tf.reduce_mean(tf.square(fake))) / 2.0


def least_squares_generator(real_logits, fake_logits):
    """(f - 1)^2 / 2."""
    return tf.reduce_mean(tf.square(at_least_float32(fake_logits) - 1.0)) / 2.0


def wasserstein_discriminator(real_logits, fake_logits):
    """f - r."""
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    return tf.reduce_mean(fake) - tf.reduce_mean(real)


def wasserstein_generator(real_logits, fake_logits):
    """-f."""
    return -tf.reduce_mean(at_least_float32(fake_logits))


def hinge_discriminator(real_logits, fake_logits):
    """relu(1 - r) + relu(1 + f)."""
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    return tf.reduce_mean(tf.nn.relu(1.0 - real)) + tf.reduce_mean(
        tf.nn.relu(1.0 + fake)
    )


def relativistic_discriminator(real_logits, fake_logits):
    """softplus(f - r) over pairs; both must have the same shape."""
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    real.shape.assert_is_compatible_with(fake.shape)
    return cross_entropy(real - fake, 1.0)


def relativistic_generator(real_logits, fake_logits):
    """softplus(r - f) over pairs; both must have the same shape."""
    return relativistic_discriminator(fake_logits, real_logits)


def relativistic_average_discriminator(real_logits, fake_logits):
    """softplus(-(r - mean f)) + softplus(f - mean r)."""
    real, fake = map(at_least_float32, (real_logits, fake_logits))
    return cross_entropy(real - tf.reduce_mean(fake), 1.0) + cross_entropy(
        fake - tf.reduce_mean(real), 0.0
    )


def relativistic_average_generator(real_logits, fake_logits):
    """softplus(-(f - mean r)) + softplus(r - mean f)."""
    return relativistic_average_discriminator(fake_logits, real_logits)


def smooth(loss, amount):
    """A loss whose discriminator aims at `1 - amount` for real images.

    One-sided label smoothing: the fake target stays 0, because smoothing it
    would pull the generator towards its own present samples.

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


# Goodfellow 2014 (arXiv 1406.2661) and 2014b (1412.6515), Mao 2016 (1611.04076),
# Arjovsky 2017 (1701.07875), Lim & Ye 2017 (1705.02894), Jolicoeur-Martineau
# 2018 (1807.00734), Huang 2024 (2501.05441).
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
}
