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
    np.testing.assert_allclose(game().logits(points, batch_size=2), points[:, 0], rtol=1e-6)
    several = game(scales=True).logits(points)
    assert several.shape == (5,)
    np.testing.assert_allclose(several, 2 * points[:, 0], rtol=1e-6)


def test_judging_changes_nothing_and_drops_nothing_out():
    networks = tiny.points_networks(dropout=0.5, batch_norm=True)
    some = tiny.points_game(networks=networks)
    before = tiny.values(some.variables)
    points = tiny.points(6)
    np.testing.assert_array_equal(some.logits(points), some.logits(points))
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
    best = some.generate_best(6, 0.5, seed=1, condition=condition)
    made_for = np.array([0] * 6 + [1] * 2 + [2] * 4, np.int32)
    made = some.generate(12, seed=1, condition=made_for)
    logits = some.logits(made, condition=made_for)
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
        tiny.compiled(ConditionalGAN(**networks)).logits(tiny.points(2))
    with pytest.raises(ValueError, match="condition: expected None"):
        game().logits(tiny.points(2), condition=[0, 1])


def test_what_game_logs_is_known_before_it_plays():
    some = tfgan.GAN(**tiny.points_networks(), penalties={"r1": (1.0, 16)})
    data = tiny.endless(tiny.points(8))
    names = tiny.compiled(some).term_names(data.element_spec)
    assert set(names) == set(some.fit(data, steps_per_epoch=1, verbose=0).history)


# -------------------------------------------------------------------- samplers


def test_an_option_scales_latents():
    """G(z) = W z: half the latents, half the sample."""
    networks = tiny.points_networks()
    networks["generator"] = keras.Sequential(
        [keras.Input((tiny.LATENT,)), keras.layers.Dense(tiny.DIMS, use_bias=False)]
    )
    some = tiny.points_game(networks=networks)
    np.testing.assert_allclose(some.generate(4, seed=1, scale=0.5), some.generate(4, seed=1) / 2, rtol=1e-5)


def test_unknown_samplers_and_parts_are_named():
    some = game()
    with pytest.raises(ValueError, match="sampler: expected one of generate; got 'a_to_b'"):
        some.generate(2, sampler="a_to_b")
    with pytest.raises(ValueError, match="images: expected None, since GAN takes no images"):
        some.generate(2, images=tiny.points(2))


class Enlarging(tfgan.GAN):
    """Makes images of images."""

    def samplers(self):
        make = lambda networks, latents, given, times: times * given["small"]
        spec = tf.TensorSpec([None, 2, 2, 1], tf.float32)
        return {"times": tfgan.samplers.Sampler(make, given={"small": spec}, options={"times": 1.0})}


def test_as_many_samples_as_images_are_given():
    some = tiny.compiled(Enlarging(**tiny.points_networks()))
    images = np.array([0, 255, 255], np.uint8)[:, None, None, None] * np.ones((3, 2, 2, 1), np.uint8)
    made = some.generate(small=images, times=0.5, batch_size=2)
    np.testing.assert_allclose(made[:, 0, 0, 0], [-0.5, 0.5, 0.5])
    assert len(some.generate(5, small=images)) == 5
    with pytest.raises(ValueError, match=r"small: expected shape \[n, 2, 2, 1\]"):
        some.generate(small=np.zeros((2, 3, 3, 1), np.uint8))
    with pytest.raises(ValueError, match="small: expected images, which Enlarging needs; got None"):
        some.generate(2)
