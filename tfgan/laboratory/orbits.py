"""The Dirac-GAN and the bilinear game, with one weight per side, and their trajectories.

In the Dirac-GAN all data are 0, all samples are theta and the discriminator is
x -> psi x. With the Wasserstein loss it is the bilinear game, in
which the discriminator minimises theta psi and the generator maximises it.

Everything is in float64: rounding to float32 moves a trajectory of 500 rounds by 1e-5.
"""

import keras
import numpy as np
import tensorflow as tf

from tfgan.gan import GAN


@keras.saving.register_keras_serializable(package="tfgan")
class Location(keras.layers.Layer):
    """A layer whose output is one trainable point, whatever its input.

    Input `[batch, n]`, output `[batch, 1]`, all rows equal.
    """

    def build(self, input_shape):
        self.location = self.add_weight(name="location", shape=(1,), initializer="zeros")

    def call(self, inputs):
        return keras.ops.zeros_like(inputs[:, :1]) + self.location


@keras.saving.register_keras_serializable(package="tfgan")
class Exactly(keras.optimizers.schedules.LearningRateSchedule):
    """A constant learning rate in float64; an optimizer's variable would round it to float32.

    Args:
        rate: float > 0.
    """

    def __init__(self, rate):
        self.rate = rate

    def __call__(self, step):
        return tf.constant(self.rate, tf.float64)

    def get_config(self):
        return {"rate": self.rate}


def one_weight_networks(theta=1.0, psi=-1.0):
    """The Dirac-GAN's networks, in float64.

    Args:
        theta: float, the generator's weight at the start.
        psi: float, the discriminator's weight at the start, its slope.

    Returns:
        {"generator": latents [batch, 1] -> points [batch, 1], "discriminator": points
        -> logits [batch, 1]}.

    Reference:
        Mescheder et al. 2018, https://arxiv.org/abs/1801.04406
    """
    inputs = {"shape": (1,), "dtype": "float64"}
    slope = keras.layers.Dense(1, use_bias=False, dtype="float64", name="slope")
    networks = {
        "generator": keras.Sequential(
            [keras.Input(**inputs), Location(dtype="float64", name="location")], name="generator"
        ),
        "discriminator": keras.Sequential([keras.Input(**inputs), slope], name="discriminator"),
    }
    networks["generator"].set_weights([np.array([theta])])
    networks["discriminator"].set_weights([np.array([[psi]])])
    return networks


def one_weight_game(rate, start=(1.0, -1.0), optimizer=keras.optimizers.SGD, **settings):
    """A compiled Dirac-GAN.

    Args:
        rate: float, learning rate of both sides.
        start: theta and psi at the start.
        optimizer: function of a learning rate that returns a Keras optimizer.
        **settings: of `tfgan.GAN`; the Wasserstein loss makes it the bilinear game.

    Returns:
        `tfgan.GAN`.
    """
    game = GAN(**one_weight_networks(*start), **{"ema_half_life": None, **settings})
    game.compile(optimizer(Exactly(rate)), optimizer(Exactly(rate)))
    return game


def trajectory(game, rounds, batch_size=1):
    """Trains for some rounds, and returns the weights after each of them.

    Args:
        game: a compiled `tfgan.GAN` of `one_weight_networks`.
        rounds: int >= 1.
        batch_size: examples per update; matters only for games with noise, since all
            data are 0.

    Returns:
        float64 [rounds + 1, 2]: theta and psi, from the start on.
    """
    batch = _zeros(game, batch_size)

    @tf.function
    def play():
        points = tf.TensorArray(tf.float64, rounds + 1).write(0, _point(game))

        def body(i, points):
            game.train_step(batch)
            return i + 1, points.write(i + 1, _point(game))

        _, points = tf.while_loop(lambda i, _: i < rounds, body, [tf.constant(0), points])
        return points.stack()

    return play().numpy()


def field(game, points, batch_size=1):
    """The vector field of a game: how one round changes the weights, at each of several points.

    Every round starts from the same optimizer state. The game is not changed.

    Args:
        game, batch_size: as in `trajectory`.
        points: float64 [n, 2], theta and psi.

    Returns:
        float64 [n, 2]: the round's change of theta and psi.
    """
    batch = _zeros(game, batch_size)
    owners = [game, *game.optimizers.values()]
    state = list({id(variable): variable for owner in owners for variable in owner.variables}.values())
    before = [variable.numpy() for variable in state]

    def restore():
        for variable, value in zip(state, before):
            variable.assign(value)

    @tf.function
    def play():
        def change(point):
            restore()
            for weight, value in zip(_weights(game), tf.unstack(point)):
                weight.assign(tf.fill(weight.shape, value))
            game.train_step(batch)
            return _point(game) - point

        return tf.map_fn(change, tf.constant(points), parallel_iterations=1)

    changes = play().numpy()
    restore()
    return changes


def _weights(game):
    return [game.side_variables(side)[0] for side in ("generator", "discriminator")]


def _point(game):
    return tf.stack([tf.reshape(weight.value, []) for weight in _weights(game)])


def _zeros(game, batch_size):
    """The data of one round, all 0."""
    return tf.zeros([batch_size * max(1, game.discriminator_steps), 1], tf.float64)
