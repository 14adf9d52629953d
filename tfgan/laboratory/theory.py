"""The optimal discriminator, the value of the game and f-divergences, for known densities."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan.gan import GAN
from tfgan.training.optimizers import Adam
from tfgan.randomness import Random

LATENT = 1


class Normal(NamedTuple):
    """A one-dimensional Gaussian: its mean and standard deviation."""

    mean: float
    deviation: float

    def density(self, x):
        """The density at points `x`, float64 of the shape of `x`."""
        z = (np.asarray(x, np.float64) - self.mean) / self.deviation
        return np.exp(-(z**2) / 2) / (self.deviation * np.sqrt(2 * np.pi))


def optimal_discriminator(data, generated):
    """The optimal discriminator, p_data / (p_data + p_g).

    Args:
        data, generated: densities at the same points, arrays; at least one is positive at
            each point.

    Returns:
        float64 of their shape, in [0, 1].

    Reference:
        Proposition 1 of Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """
    data, generated = np.asarray(data, np.float64), np.asarray(generated, np.float64)
    return data / (data + generated)


def game_value(data, generated, discriminator, x):
    """The value of the game in nats: V = E_data log D + E_g log(1 - D), by the trapezoidal rule.

    Args:
        data, generated: densities on the grid `x`, float [n].
        discriminator: D on the grid, in (0, 1).
        x: float [n], ascending, wide enough to hold all of the mass.

    Returns:
        float.

    Reference:
        Equation 1 of Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """
    inside = _times_log(data, discriminator) + _times_log(generated, 1 - discriminator)
    return _integral(inside, x)


def jensen_shannon(data, generated, x):
    """Jensen-Shannon divergence of two densities in nats, by the trapezoidal rule.

    Args:
        data, generated, x: as in `game_value`.

    Returns:
        float from 0 to log 2.
    """
    middle = np.maximum((data + generated) / 2, np.finfo(np.float64).tiny)
    one = _times_log(data, data / middle)
    other = _times_log(generated, generated / middle)
    return _integral(one + other, x) / 2


def f_divergence(function, data, generated, x):
    """The f-divergence of two densities in nats, E_generated f(data / generated), by the trapezoidal rule.

    Args:
        function: f, of an array of ratios; see `tfgan.divergences`.
        data, generated, x: as in `game_value`; both densities are positive on all of the grid.

    Returns:
        float, or infinity.
    """
    with np.errstate(over="ignore"):
        return _integral(generated * function(data / generated), x)


def closest_normal(function, data, x, start):
    """The Gaussian of least f-divergence of a density from it: of a minimum near a first one.

    Args:
        function, data, x: as in `f_divergence`.
        start: `Normal`.

    Returns:
        (`Normal`, its divergence).
    """
    from scipy import optimize

    of = lambda values: Normal(values[0], np.exp(values[1]))
    divergence = lambda values: f_divergence(function, data, of(values).density(x), x)
    first = [start.mean, np.log(start.deviation)]
    found = optimize.minimize(divergence, first, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-12})
    return of(found.x), float(found.fun)


def line_game(data, generated, loss="minimax", units=64, rate=2e-3, seed=0, **settings):
    """A one-dimensional game whose generator makes exactly a Gaussian and is not trained.

    Args:
        data: `Normal`, the distribution of the data.
        generated: `Normal`, the distribution of the samples.
        loss, **settings: of `tfgan.GAN`.
        units: int, of the discriminator's two hidden layers.
        rate: float, the discriminator's learning rate.
        seed: int, of weights and noise.

    Returns:
        (game, batch): a compiled `tfgan.GAN`, and a function `(step, rows)` of fresh
        real points, float32 [rows, 1].
    """
    keras.utils.set_random_seed(seed)
    latents = keras.Input((LATENT,), name="latents")
    points = keras.layers.Dense(1, name="points")
    generator = keras.Model(latents, points(latents), name="generator")
    points.set_weights([np.array([[generated.deviation]]), np.array([generated.mean])])
    x = inputs = keras.Input((1,), name="points")
    for i in (1, 2):
        x = keras.layers.Dense(units, activation="tanh", name=f"dense{i}")(x)
    logits = keras.layers.Dense(1, name="logits")(x)
    discriminator = keras.Model(inputs, logits, name="discriminator")
    game = GAN(
        generator=generator, discriminator=discriminator, loss=loss, ema_half_life=None, seed=seed,
        **settings,
    )  # fmt: skip
    game.compile(keras.optimizers.SGD(0.0), Adam(rate, 0.9))

    def batch(step, rows):
        noise = Random(tf.stack([tf.constant(seed, tf.int64), step])).fold(1).normal([rows, 1])
        return {"images": data.mean + data.deviation * noise}

    return game, batch


def discriminator_trainer(game, batch, rows=512):
    """A function that trains the discriminator of a line game alone.

    Args:
        game, batch: as `line_game` returns them.
        rows: int, real points per update.

    Returns:
        Function of the number of updates to make.
    """

    @tf.function
    def play(start, steps):
        def update(i):
            noise = game.noise().fold(start + i)
            game.update("discriminator", batch(tf.cast(start + i, tf.int64), rows), noise)
            return [i + 1]

        tf.while_loop(lambda i: i < steps, update, [tf.constant(0)])

    def train(steps):
        done = game.optimizers["discriminator"].iterations.value
        play(tf.cast(done, tf.int32), tf.constant(steps, tf.int32))

    return train


def gradient_size(game, batch, rows=4096):
    """Euclidean norm of the generator's gradient by its mean and deviation.

    Args:
        game, batch: as `line_game` returns them.
        rows: int, points that the gradient is averaged over.

    Returns:
        float.
    """
    _, gradients = game.plain_gradients("generator", batch(tf.constant(0, tf.int64), rows), game.noise())
    return float(tf.linalg.global_norm(gradients))


def _times_log(weight, x):
    """weight * log(x), and 0 where the weight is 0."""
    return weight * np.log(np.maximum(x, np.finfo(np.float64).tiny))


def _integral(values, x):
    return float(np.sum((values[1:] + values[:-1]) / 2 * np.diff(x)))
