"""Penalties on the discriminator's input gradient.

Every penalty is `(discriminator, real, fake, random) -> scalar`, where
`discriminator` is `images -> logits`, `real` and `fake` are images `[batch, ...]` or a list
of several such tensors, and `random` is a `tfgan.randomness.Random`.
They compute in at least float32 and return the unweighted value; the weight of
`penalties={"name": weight}` is the papers' lambda or gamma.
"""

import numbers

import keras
import tensorflow as tf

from tfgan import checks, errors
from tfgan.precision import at_least_float32

# Added inside a square root, whose derivative at 0 is infinite: the gradient of a
# discriminator without active units is 0.
EPSILON = 1e-30


def gradient_penalty(discriminator, real, fake, random):
    """WGAN-GP: mean of (||grad D(x^)||_2 - 1)^2, x^ = eps x + (1 - eps) x~.

    x are real images and x~ generated ones; eps is drawn from U[0, 1], once per
    example. Usual weight 10.

    Reference:
        Gulrajani et al. 2017, https://arxiv.org/abs/1704.00028
    """
    real, fake = _raised(real), _raised(fake)
    eps = random.uniform(tf.shape(tf.nest.flatten(real)[0])[:1])
    between = tf.nest.map_structure(lambda x, y: _between(eps, x, y), real, fake)
    return _distance_from_one(discriminator, between)


def dragan(discriminator, real, fake, random):
    """DRAGAN: mean of (||grad D(x + delta)||_2 - 1)^2 around the real images.

    As in the authors' code, delta = a * std(x) / 2 * u, with u uniform on
    [0, 1] per pixel, a uniform on [0, 1] per example and std(x) that of the
    whole batch. Usual weight 10.

    Reference:
        Kodali et al. 2017, https://arxiv.org/abs/1705.07215
    """

    def disturbed(images):
        noise = tf.cast(random.uniform(tf.shape(images)), images.dtype)
        spread = 0.5 * tf.math.reduce_std(images) * noise
        share = tf.cast(random.uniform(tf.shape(images)[:1]), images.dtype)
        return images + _per_example(share, images) * spread

    return _distance_from_one(discriminator, tf.nest.map_structure(disturbed, _raised(real)))


def r1(discriminator, real, fake, random):
    """R1: half the mean squared gradient norm on real images; the weight is the paper's gamma.

    Reference:
        Mescheder et al. 2018, https://arxiv.org/abs/1801.04406
    """
    return _half_squared_norm(discriminator, _raised(real))


def r2(discriminator, real, fake, random):
    """R2: half the mean squared gradient norm on generated images; the weight is gamma.

    Reference:
        Mescheder et al. 2018, https://arxiv.org/abs/1801.04406
    """
    return _half_squared_norm(discriminator, _raised(fake))


def checked_penalties(penalties):
    """Checks the argument `penalties` and completes its values to pairs.

    Args:
        penalties: dict of name in `PENALTIES` to weight or to (weight, every): a float >= 0
            or a schedule, and an interval in rounds, >= 1. None: no penalties.

    Returns:
        Dict of name to (weight, every).

    Raises:
        ValueError: an unknown name, or a weight or interval out of range.
    """
    if not isinstance(penalties or {}, dict):
        raise errors.invalid("penalties", "a dict of name to weight", penalties)
    pairs = {}
    for name, value in (penalties or {}).items():
        errors.lookup("penalties", name, PENALTIES)
        pair = value if isinstance(value, (tuple, list)) else (value, 1)
        if len(pair) != 2 or not _is_weight(pair[0]):
            expected = "a weight >= 0 or a schedule, or (weight, every)"
            raise errors.invalid(f"penalties[{name!r}]", expected, value)
        every = checks.whole_number(f"the interval of penalties[{name!r}]", pair[1], 1)
        pairs[name] = (pair[0] if callable(pair[0]) else float(pair[0]), every)
    return pairs


def _is_weight(value):
    schedule = isinstance(value, keras.optimizers.schedules.LearningRateSchedule)
    return schedule or (isinstance(value, numbers.Real) and value >= 0)


def _distance_from_one(discriminator, images):
    norm = tf.sqrt(squared_gradient_norm(discriminator, images) + EPSILON)
    return tf.reduce_mean(tf.square(norm - 1.0))


def _half_squared_norm(discriminator, images):
    return tf.reduce_mean(squared_gradient_norm(discriminator, images)) / 2.0


def squared_gradient_norm(discriminator, images):
    """Squared norm of the gradient of each example's summed logits by its images.

    Args:
        discriminator: function of images that returns logits, or a list of logits.
        images: `[batch, ...]`, or a list of such tensors.

    Returns:
        At least float32, [batch].
    """
    # Copies, because a forward pass over the same tensors may be shared with an earlier
    # one, which the tape below has not recorded.
    images = tf.nest.map_structure(tf.identity, images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        # Summing over scales, patches and batch gives every example its own
        # gradient in one backward pass.
        total = tf.add_n(
            [
                tf.reduce_sum(at_least_float32(logits))
                for logits in tf.nest.flatten(discriminator(images))
            ]
        )
    gradients = tf.nest.flatten(tape.gradient(total, images))
    return tf.add_n([_squares(*pair) for pair in zip(gradients, tf.nest.flatten(images))])


def _squares(gradient, images):
    """Per example the sum of squares of a gradient, [batch]."""
    gradient = at_least_float32(gradient)
    gradient.shape.assert_is_compatible_with(images.shape)
    return tf.reduce_sum(tf.square(gradient), axis=tuple(range(1, images.shape.rank)))


def _raised(images):
    return tf.nest.map_structure(at_least_float32, images)


def _between(eps, real, fake):
    real.shape.assert_is_compatible_with(fake.shape)
    eps = _per_example(tf.cast(eps, real.dtype), real)
    return eps * real + (1.0 - eps) * fake


def _per_example(numbers_of_examples, images):
    """[batch] as [batch, 1, ...], of the rank of images."""
    return tf.reshape(numbers_of_examples, [-1] + [1] * (images.shape.rank - 1))


PENALTIES = {
    "gradient_penalty": gradient_penalty,
    "dragan": dragan,
    "r1": r1,
    "r2": r2,
}

# Penalties on generated images: with these images the discriminator gets the other parts
# (such as conditions) of generated examples, not of real ones.
BESIDE_FAKE = ("r2",)
