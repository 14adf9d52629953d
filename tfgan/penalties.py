"""Penalties on the discriminator's input gradient.

Every penalty is `(discriminator, real, fake, random) -> scalar`, where
`discriminator` is `images -> logits` and `random` a `tfgan.randomness.Random`.
They run in at least float32 and return the unweighted value; the weight of
`penalties={"name": weight}` is the papers' lambda or gamma.
"""

import tensorflow as tf

from tfgan.precision import at_least_float32

# Inside a square root: its derivative at 0 is infinite, and 0 is where a
# gradient starts in a dead network.
EPSILON = 1e-30


def gradient_penalty(discriminator, real, fake, random):
    """WGAN-GP: mean of (||grad D(x^)||_2 - 1)^2, x^ = eps x + (1 - eps) x~.

    eps is drawn from U[0, 1], once per example. Usual weight 10.

    Reference:
        Gulrajani et al. 2017, https://arxiv.org/abs/1704.00028
    """
    real, fake = _pair(real, fake)
    eps = _uniform_per_example(real, random)
    return _distance_from_one(discriminator, eps * real + (1.0 - eps) * fake)


def dragan(discriminator, real, fake, random):
    """DRAGAN: mean of (||grad D(x + delta)||_2 - 1)^2 around the real images.

    As in the authors' code, delta = a * std(x) / 2 * u, with u uniform on
    [0, 1] per pixel, a uniform on [0, 1] per example and std(x) that of the
    whole batch. Usual weight 10.

    Reference:
        Kodali et al. 2017, https://arxiv.org/abs/1705.07215
    """
    real, fake = _pair(real, fake)
    noise = tf.cast(random.uniform(tf.shape(real)), real.dtype)
    spread = 0.5 * tf.math.reduce_std(real) * noise
    return _distance_from_one(
        discriminator, real + _uniform_per_example(real, random) * spread
    )


def r1(discriminator, real, fake, random):
    """Half the mean squared gradient norm on real images: gamma is the weight.

    Reference:
        Mescheder et al. 2018, https://arxiv.org/abs/1801.04406
    """
    return _half_squared_norm(discriminator, at_least_float32(real))


def r2(discriminator, real, fake, random):
    """Half the mean squared gradient norm on generated images.

    Reference:
        Mescheder et al. 2018, https://arxiv.org/abs/1801.04406
    """
    return _half_squared_norm(discriminator, at_least_float32(fake))


def _distance_from_one(discriminator, images):
    norm = tf.sqrt(_squared_gradient_norm(discriminator, images) + EPSILON)
    return tf.reduce_mean(tf.square(norm - 1.0))


def _half_squared_norm(discriminator, images):
    return tf.reduce_mean(_squared_gradient_norm(discriminator, images)) / 2.0


def _squared_gradient_norm(discriminator, images):
    """Per example the squared norm of d(sum of its logits)/d(image), [batch]."""
    # A tensor of its own: a pass over these images that the tape below did not
    # see must not stand in for the one it is to differentiate.
    images = tf.identity(images)
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
    gradient = at_least_float32(tape.gradient(total, images))
    gradient.shape.assert_is_compatible_with(images.shape)
    return tf.reduce_sum(tf.square(gradient), axis=tuple(range(1, images.shape.rank)))


def _uniform_per_example(images, random):
    shape = tf.concat([tf.shape(images)[:1], [1] * (images.shape.rank - 1)], axis=0)
    return tf.cast(random.uniform(shape), images.dtype)


def _pair(real, fake):
    real, fake = at_least_float32(real), at_least_float32(fake)
    real.shape.assert_is_compatible_with(fake.shape)
    return real, fake


PENALTIES = {
    "gradient_penalty": gradient_penalty,
    "dragan": dragan,
    "r1": r1,
    "r2": r2,
}
