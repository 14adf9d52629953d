"""Latents: priors, the distributions that they are drawn from; and inversion of a generator.

Every prior is `(random, shape) -> float32`, with `random` a
`tfgan.randomness.Random` and `shape` `[batch, latent_dim]`.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from tfgan import checks, errors

# Decay rates of Adam's moments and what is added to its denominator, in `refine`.
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class Refined(NamedTuple):
    """Latents that `refine` found.

    Attributes:
        latents: float32 [n, latent_dim].
        errors: float32 [steps + 1, n], the mean square error of every image: first of the
            starting latents, then after each step.
    """

    latents: np.ndarray
    errors: np.ndarray


def normal(random, shape):
    """Standard normal prior: N(0, 1), independently for each element."""
    return random.normal(shape)


def uniform(random, shape):
    """Uniform prior on [-1, 1)."""
    return 2.0 * random.uniform(shape) - 1.0


def uniform01(random, shape):
    """Uniform prior on [0, 1).

    Reference:
        The code of Goodfellow et al. 2014, https://github.com/goodfeli/adversarial
    """
    return random.uniform(shape)


def refine(generator, images, start, steps=200, learning_rate=0.05, limit=None, batch_size=250):
    """Latents whose images are closest to given images, found by Adam from starting latents.

    It minimises the mean square error of each image's pixels by that image's latents; the
    generator is called in inference mode and stays as it is.

    Args:
        generator: Keras model from latents `[n, latent_dim]` to images, such as
            `game.sampling_network("generator")`.
        images: float32 in [-1, 1], `[n, height, width, channels]`.
        start: `[n, latent_dim]`, such as an encoder's codes, or draws from the prior.
        steps: of Adam, >= 0.
        learning_rate: > 0.
        limit: latents are kept in [-limit, limit], for a uniform prior; None: anywhere.
        batch_size: images at once, >= 1; the result does not depend on it.

    Returns:
        `Refined`.

    Raises:
        ValueError: another number of starts than of images, or a number out of range.

    Reference:
        Kingma & Ba 2015, https://arxiv.org/abs/1412.6980; of latents Lipton & Tripathi 2017,
        https://arxiv.org/abs/1702.04782
    """
    checks.whole_number("steps", steps, 0)
    checks.whole_number("batch_size", batch_size, 1)
    checks.positive("learning_rate", learning_rate)
    images, start = (np.asarray(part, np.float32) for part in (images, start))
    if len(images) != len(start) or not len(start):
        raise errors.invalid("start", f"latents for {len(images)} images, one or more", len(start))
    step = _descent(generator, learning_rate, checks.positive_or_none("limit", limit))
    found = [
        _refined(step, images[i : i + batch_size], start[i : i + batch_size], steps)
        for i in range(0, len(images), batch_size)
    ]
    return Refined(*(np.concatenate(parts, axis) for parts, axis in zip(zip(*found), (0, 1))))


def _refined(step, images, start, steps):
    """Latents of one batch, and their errors before and after each step."""
    images, z = tf.constant(images), tf.constant(start)
    moments, found = (tf.zeros_like(z), tf.zeros_like(z)), []
    for number in range(1, steps + 2):
        error, moved, moments = step(images, z, moments, tf.constant(number, tf.float32))
        found.append(error.numpy())
        z = moved if number <= steps else z
    return z.numpy(), np.stack(found)


def _descent(generator, learning_rate, limit):
    """A compiled step of Adam: (images, latents, moments, number) -> (errors, latents, moments)."""

    @tf.function(reduce_retracing=True, autograph=False)
    def step(images, z, moments, number):
        with tf.GradientTape() as tape:
            tape.watch(z)
            made = tf.cast(generator(z, training=False), tf.float32)
            error = tf.reduce_mean(tf.square(made - images), axis=list(range(1, len(images.shape))))
        gradient = tape.gradient(error, z)
        first = BETA_1 * moments[0] + (1.0 - BETA_1) * gradient
        second = BETA_2 * moments[1] + (1.0 - BETA_2) * tf.square(gradient)
        mean, square = first / (1.0 - BETA_1**number), second / (1.0 - BETA_2**number)
        moved = z - learning_rate * mean / (tf.sqrt(square) + EPSILON)
        moved = moved if limit is None else tf.clip_by_value(moved, -limit, limit)
        return error, moved, (first, second)

    return step


PRIORS = {
    "normal": normal,
    "uniform": uniform,
    "uniform01": uniform01,
}
