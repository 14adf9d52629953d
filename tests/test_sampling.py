import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan.models import ConditionalGAN
from tfgan.networks import NETWORKS


def first_coordinate(scales=False):
    """A discriminator whose logit is the first coordinate, of one or two scales."""
    inputs = keras.Input((tiny.DIMS,))
    one = keras.layers.Dense(1, kernel_initializer=lambda *_, **__: tf.constant([[1.0], [0.0]]))(inputs)
    two = keras.layers.Reshape((2, 1))(keras.layers.Concatenate()([3 * one, 3 * one]))
    return keras.Model(inputs, {"logits": [one, two]} if scales else one)


def game(**kwargs):
    return tiny.points_game(
        networks={**tiny.points_networks(), "discriminator": first_coordinate(**kwargs)}
    )


def test_judge_by_hand():
    points = tiny.points(5)
    np.testing.assert_allclose(game().judge(points, batch_size=2), points[:, 0], rtol=1e-6)
    several = game(scales=True).judge(points)
    assert several.shape == (5,)
    np.testing.assert_allclose(several, 2 * points[:, 0], rtol=1e-6)


def test_judging_changes_nothing_and_drops_nothing_out():
    networks = tiny.points_networks(dropout=0.5, batch_norm=True)
    some = tiny.points_game(networks=networks)
    before = tiny.values(some.variables)
    points = tiny.points(6)
    np.testing.assert_array_equal(some.judge(points), some.judge(points))
    assert tiny.same(before, tiny.values(some.variables))


def test_the_best_of_what_is_made_is_kept():
    some = game()
    made = some.generate(40, seed=2)
    best = some.generate_best(10, 0.25, seed=2)
    least = np.sort(made[:, 0])[-10]
    np.testing.assert_array_equal(best, made[made[:, 0] >= least])
    np.testing.assert_array_equal(some.generate_best(10, 1.0, seed=2), some.generate(10, seed=2))


def test_the_best_are_chosen_within_each_condition():
    networks = NETWORKS["mlp"](image_shape=(2,), latent_dim=2, units=8, num_classes=(3,))
    some = tiny.compiled(ConditionalGAN(**networks))
    condition = np.array([2, 0, 0, 1, 2, 0], np.int32)
    best = some.generate_best(6, 0.5, condition, seed=1)
    made_for = np.array([0] * 6 + [1] * 2 + [2] * 4, np.int32)
    made = some.generate(12, made_for, seed=1)
    logits = some.judge(made, made_for)
    for label in range(3):
        own = made[made_for == label]
        order = np.argsort(-logits[made_for == label])[: len(own) // 2]
        np.testing.assert_array_equal(best[condition == label], own[np.sort(order)])


@pytest.mark.parametrize("share", [0, 1.5, -1])
def test_a_share_out_of_range(share):
    with pytest.raises(ValueError, match="share: expected a number from 0.01 to 1"):
        game().generate_best(4, share)


def test_judging_asks_for_the_condition_that_the_game_takes():
    networks = NETWORKS["mlp"](image_shape=(2,), latent_dim=2, units=8, num_classes=(3,))
    with pytest.raises(ValueError, match="condition: expected labels"):
        tiny.compiled(ConditionalGAN(**networks)).judge(tiny.points(2))
    with pytest.raises(ValueError, match="condition: expected None"):
        game().judge(tiny.points(2), condition=[0, 1])


def test_what_game_logs_is_known_before_it_plays():
    some = tfgan.GAN(**tiny.points_networks(), penalties={"r1": (1.0, 16)})
    data = tiny.endless(tiny.points(8))
    names = tiny.compiled(some).term_names(data.element_spec)
    assert set(names) == set(some.fit(data, steps_per_epoch=1, verbose=0).history)
