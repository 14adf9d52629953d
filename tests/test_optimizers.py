import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan.training.optimizers import Adam, AdamEpsilonInRoot


def after(kind, steps=5, **kwargs):
    rng = np.random.default_rng(0)
    variables = [keras.Variable(rng.normal(size=shape)) for shape in ((3, 4), (4,))]
    optimizer = kind(learning_rate=0.1, beta_1=0.5, beta_2=0.9, **kwargs)
    optimizer.build(variables)
    step = tf.function(lambda *gradients: optimizer.apply(gradients, variables))
    for _ in range(steps):
        step(*(tf.constant(rng.normal(size=v.shape), tf.float32) for v in variables))
    return tiny.values([*variables, *optimizer.variables])


@pytest.mark.parametrize(
    "options", [{}, {"epsilon": 1e-3}, {"amsgrad": True}, {"clipnorm": 0.1}, {"weight_decay": 0.01}]
)
def test_variables_and_moments_are_those_of_keras(options):
    for ours, theirs in zip(after(Adam, **options), after(keras.optimizers.Adam, **options)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_the_first_step_is_the_learning_rate_along_the_sign():
    variable = keras.Variable([1.0, 1.0])
    optimizer = Adam(0.1)
    optimizer.build([variable])
    optimizer.apply([tf.constant([3.0, -1.0])], [variable])
    np.testing.assert_allclose(variable.numpy(), [0.9, 1.1], atol=1e-6)


def test_it_trains_and_a_checkpointed_schedule_is_followed():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 1, 0.5)
    game = tiny.points_game(lambda: Adam(schedule))
    tiny.assert_trains(game, tiny.endless(tiny.points(8)))


def test_it_is_saved_by_name():
    config = keras.optimizers.serialize(Adam(0.1, 0.5, 0.9))
    assert isinstance(keras.optimizers.deserialize(config), Adam)


def test_epsilon_in_the_root_shortens_small_steps():
    variable = keras.Variable([1.0, 1.0])
    optimizer = AdamEpsilonInRoot(0.1)
    optimizer.build([variable])
    # The first mean is the gradient g itself and the first square g^2: g / sqrt(g^2 + 1e-8).
    optimizer.apply([tf.constant([3.0, 1e-4])], [variable])
    np.testing.assert_allclose(variable.numpy(), [0.9, 1.0 - 0.1 / np.sqrt(2.0)], rtol=1e-5)
    assert type(optimizer).from_config(optimizer.get_config()).epsilon == 1e-8
