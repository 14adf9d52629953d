import numpy as np
import pytest
import tensorflow as tf

from tfgan.penalties import PENALTIES, gradient_penalty
from tfgan.randomness import Random

A = np.array([3.0, 4.0], "float32")  # |a| = 5


def linear(images):
    return tf.linalg.matvec(tf.cast(images, tf.float32), A)[:, None]


def square(images):
    """D(x) = |x|^2 / 2, whose gradient is x."""
    return tf.reduce_sum(images**2, axis=1, keepdims=True) / 2


@pytest.fixture
def random():
    return Random([0, 0])


def pair(rows=6):
    rng = np.random.default_rng(0)
    return tf.constant(rng.normal(size=(2, rows, 2)), tf.float32)


@pytest.mark.parametrize(
    "name, expected",
    {"gradient_penalty": 16.0, "dragan": 16.0, "r1": 12.5, "r2": 12.5}.items(),
)
def test_of_a_linear_discriminator(name, expected, random):
    real, fake = pair()
    assert float(PENALTIES[name](linear, real, fake, random)) == pytest.approx(expected, rel=1e-6)


def test_r1_looks_at_real_and_r2_at_generated_images(random):
    real, fake = tf.constant([[3.0, 4.0]]), tf.constant([[1.0, 0.0]])
    assert float(PENALTIES["r1"](square, real, fake, random)) == pytest.approx(12.5)
    assert float(PENALTIES["r2"](square, real, fake, random)) == pytest.approx(0.5)


def interpolates(penalty, real, fake, random):
    seen = []

    def spy(images):
        seen.append(images)
        return linear(images)

    penalty(spy, real, fake, random)
    return seen[0].numpy()


def test_gradient_penalty_mixes_uniformly_and_per_example(random):
    rows = 4000
    real, fake = tf.ones([rows, 2, 2, 1]), tf.zeros([rows, 2, 2, 1])
    flat = lambda images: tf.reduce_sum(images, axis=(1, 2, 3))
    seen = []
    gradient_penalty(lambda x: seen.append(x) or flat(x), real, fake, random)
    eps = seen[0].numpy()
    assert (eps == eps[:, :1, :1]).all(), "one eps for all pixels of an image"
    eps = np.sort(eps[:, 0, 0, 0])
    assert len(np.unique(eps)) > rows - 10
    # Kolmogorov-Smirnov: 1.63 / sqrt(n) is the 1 % point.
    distance = np.abs(eps - (np.arange(rows) + 0.5) / rows).max()
    assert distance < 1.63 / np.sqrt(rows)


def test_dragan_stays_within_half_a_standard_deviation_of_real(random):
    real, fake = pair(rows=500)
    offset = interpolates(PENALTIES["dragan"], real, fake, random) - real.numpy()
    assert offset.min() >= 0 and offset.max() <= 0.5 * real.numpy().std()
    assert offset.max() > 0.3 * real.numpy().std()


def test_second_order_gradient_matches_finite_differences(random):
    real, fake = pair()
    weight = tf.Variable([[0.7, -0.3], [0.2, 0.5]])

    def value():
        discriminator = lambda x: tf.reduce_sum(tf.tanh(x @ weight), axis=1, keepdims=True)
        return gradient_penalty(discriminator, real, fake, Random([1, 2]))

    with tf.GradientTape() as tape:
        penalty = value()
    exact = tape.gradient(penalty, weight).numpy()
    start, h = weight.numpy(), 1e-2
    for i, j in np.ndindex(2, 2):
        around = []
        for sign in (1, -1):
            moved = start.copy()
            moved[i, j] += sign * h
            weight.assign(moved)
            around.append(float(value()))
        assert exact[i, j] == pytest.approx((around[0] - around[1]) / (2 * h), rel=1e-2, abs=1e-4)


@pytest.mark.parametrize("name", PENALTIES)
def test_a_dead_discriminator_has_finite_gradients(name, random):
    real, fake = pair()
    weight = tf.Variable(tf.zeros([2, 1]))
    with tf.GradientTape() as tape:
        value = PENALTIES[name](lambda x: x @ weight, real, fake, random)
    assert np.isfinite(float(value)) and np.isfinite(tape.gradient(value, weight).numpy()).all()


@pytest.mark.parametrize("name", PENALTIES)
def test_half_precision_images_are_penalised_in_float32(name, random):
    real, fake = pair()
    value = PENALTIES[name](linear, tf.cast(real, tf.bfloat16), tf.cast(fake, tf.bfloat16), random)
    assert value.dtype == tf.float32


def test_several_scales_add_up(random):
    real, fake = pair()
    twice = PENALTIES["r1"](lambda x: [linear(x), [linear(x)]], real, fake, random)
    assert float(twice) == pytest.approx(4 * 12.5)


def test_real_and_generated_must_have_one_shape(random):
    with pytest.raises(ValueError):
        gradient_penalty(linear, tf.zeros([4, 2]), tf.zeros([4, 1, 2]), random)
