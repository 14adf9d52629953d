import keras
import numpy as np
import pytest

from tfgan.training.optimizers import SGD
from tfgan.training.rates import Decay, Ramp


def at(schedule, *steps):
    return [float(schedule(step)) for step in steps]


def test_a_rate_that_halves():
    assert at(Decay(0.8, 10, half_life=100), 0, 10, 20) == pytest.approx([0.8, 0.4, 0.2])


def test_a_rate_that_falls_to_0_with_the_last_image():
    fall = Decay(0.8, 10, fall=400, total=1000)
    assert at(fall, 0, 60, 80, 100, 101) == pytest.approx([0.8, 0.8, 0.4, 0, 0])


def test_both_multiply():
    both = Decay(0.8, 10, half_life=800, fall=400, total=1000)
    assert at(both, 80) == pytest.approx([0.8 * 0.5 * 0.5])


def test_a_ramp():
    assert at(Ramp(0.5, 0.7, 10, 100), 0, 5, 10, 99) == pytest.approx([0.5, 0.6, 0.7, 0.7])


def test_sgd_whose_momentum_grows_by_hand():
    # Gradients of 1, rate 0.1, momenta 0, .5, 1: velocities -.1, -.15, -.25.
    optimizer = SGD(0.1, Ramp(0.0, 1.0, 1, 2))
    variable = keras.Variable([0.0])
    optimizer.build([variable])
    places = []
    for _ in range(3):
        optimizer.apply([keras.ops.ones(1)], [variable])
        places.append(float(variable.numpy()[0]))
    assert places == pytest.approx([-0.1, -0.25, -0.5])


@pytest.mark.parametrize("momentum", [0.0, 0.7, Ramp(0.7, 0.7, 1, 10)])
def test_sgd_with_one_momentum_is_that_of_keras(momentum):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=3), rng.normal(size=(4, 3))
    number = 0.7 if isinstance(momentum, Ramp) else momentum
    found = []
    for optimizer in (SGD(0.1, momentum), keras.optimizers.SGD(0.1, number)):
        variable = keras.Variable(start)
        optimizer.build([variable])
        for gradient in gradients:
            optimizer.apply([keras.ops.convert_to_tensor(gradient, "float32")], [variable])
        found.append(variable.numpy())
    np.testing.assert_allclose(*found, rtol=1e-6)


def test_schedules_are_saved_with_their_optimizer():
    optimizer = SGD(Decay(0.1, 10, half_life=100), Ramp(0.5, 0.7, 10, 100))
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert at(again.momentum, 5) == pytest.approx([0.6])
    assert at(again._learning_rate, 10) == pytest.approx([0.05])
