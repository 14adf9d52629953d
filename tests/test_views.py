import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan import checks, views
from tfgan.networks import NETWORKS
from tfgan.randomness import Random


def test_a_pack_joins_channels():
    images = np.arange(4 * 2 * 3 * 2, dtype="float32").reshape(4, 2, 3, 2)
    packs = views.pack(images, 2).numpy()
    assert packs.shape == (2, 2, 3, 4)
    for i in range(4):
        np.testing.assert_array_equal(packs[i // 2, ..., 2 * (i % 2) : 2 * (i % 2) + 2], images[i])
    assert views.pack(images, 1) is images


def test_a_pack_of_points_lies_in_a_row():
    np.testing.assert_array_equal(views.pack(np.array([[1.0, 2.0], [3.0, 4.0]]), 2), [[1.0, 2.0, 3.0, 4.0]])


def test_noise_decreases_to_0():
    shown = [tf.constant(n, tf.int64) for n in (0, 25, 50, 100, 1000)]
    assert [float(views.Noise(0.4, 100).level(n)) for n in shown] == pytest.approx([0.4, 0.3, 0.2, 0, 0])
    assert float(views.Noise(0.4).level(shown[-1])) == pytest.approx(0.4)


def test_noise_has_its_deviation():
    (seen,) = views.Noise(0.7)([tf.ones([10_000, 1], tf.float64)], Random([0, 0]), tf.constant(0))
    noise = seen.numpy() - 1
    assert noise.dtype == "float64"
    assert np.mean(noise) == pytest.approx(0, abs=0.03)
    assert np.std(noise) == pytest.approx(0.7, rel=0.03)


def packed_game(packing, **settings):
    networks = NETWORKS["mlp"]((2,), latent_dim=3, units=4, packing=packing)
    return tiny.compiled(tfgan.GAN(**networks, views={"packing": packing}, **settings))


@pytest.mark.parametrize("packing", [2, 3, 4])
def test_a_discriminator_of_packs_trains_and_gives_logits(packing):
    game = packed_game(packing, penalties={"r1": 1.0, "gradient_penalty": 1.0})
    tiny.assert_trains(game, tiny.endless(tiny.points(12)))
    assert game.logits(tiny.points(12)).shape == (12 // packing,)
    with pytest.raises(ValueError, match=f"images: .*divides by {packing}, the size of a pack; got 11"):
        game.logits(tiny.points(11))
    with pytest.raises(ValueError, match=f"views.*packing.*: expected 1, where single images are seen; got {packing}"):
        game.generate_best(4, share=0.5)


def test_a_pack_that_does_not_divide_the_batch_is_refused():
    with pytest.raises(ValueError, match=r"x: .*1 \(replicas\) x 5 \(images in a pack\); got '12 rows'"):
        packed_game(5).fit(tiny.endless(tiny.points(12)), steps_per_epoch=1)


def test_packs_have_no_condition():
    networks = NETWORKS["mlp"]((2,), latent_dim=3, packing=2, num_classes=(3,))
    with pytest.raises(ValueError, match="views.*packing.*: expected 1 in ConditionalGAN, whose examples have several parts.*; got 2"):
        tfgan.models.ConditionalGAN(**networks, views={"packing": 2})


@pytest.mark.parametrize("built, said, message", [
    (2, 1, r"discriminator: expected inputs of shape \(2,\).*\(or views={'packing': 2}\); got \(4,\)"),
    (2, 3, "views.*packing.*: expected 2, as its discriminator was built for; got 3"),
])  # fmt: skip
def test_packs_are_those_that_the_discriminator_sees(built, said, message):
    networks = NETWORKS["mlp"]((2,), latent_dim=3, packing=built)
    with pytest.raises(ValueError, match=message):
        tfgan.GAN(**networks, views={"packing": said})


def test_the_discriminator_sees_what_the_generator_makes():
    makes, sees = (NETWORKS["mlp"](shape, latent_dim=3) for shape in ((4, 4, 1), (6, 4, 1)))
    with pytest.raises(ValueError, match=r"discriminator: expected inputs of shape \(4, 4, 1\).*got \(6, 4, 1\)"):
        tfgan.GAN(generator=makes["generator"], discriminator=sees["discriminator"])


def test_a_pack_of_logits_is_that_of_its_images():
    game = packed_game(2)
    points = tiny.points(6)
    expected = game.discriminator(points.reshape(3, 4)).numpy()[:, 0]
    np.testing.assert_allclose(game.logits(points), expected, rtol=1e-6)


def losses_of(rounds=1, **settings):
    """Logs of the last round; weights stay as they are."""
    game = tiny.points_game(lambda: keras.optimizers.SGD(0.0), ema_half_life=None, **settings)
    weights = game.get_weights()
    rng = np.random.default_rng(0)
    game.set_weights([rng.normal(size=w.shape) if w.dtype == "float32" else w for w in weights])
    data = tiny.endless(tiny.points(8))
    return [game.fit(data, steps_per_epoch=1, verbose=0).history for _ in range(rounds)][-1]


@pytest.mark.parametrize("schedule", ["alternating", "alternating_shared"])
def test_instance_noise_changes_what_both_sides_see_until_it_has_fallen(schedule):
    settings = {"loss": "relativistic", "schedule": schedule}
    without, with_noise = losses_of(**settings), losses_of(**settings, views={"noise": 0.5})
    for name in without:
        assert without[name] != with_noise[name]
    # The first round is noisy, the second no longer.
    gone = losses_of(2, **settings, views={"noise": (0.5, 1e-9)})
    for name, value in losses_of(2, **settings).items():
        assert gone[name] == pytest.approx(value)


def test_noise_that_cannot_fall_is_refused():
    with pytest.raises(ValueError, match="views.*noise.*: expected a number > 0 that can fall; got 0"):
        tiny.points_game(views={"noise": (0, 10)})


def test_doubles_are_seen_in_the_networks_precision():
    penalties = {"r1": 1.0, "gradient_penalty": 1.0, "r2": (1.0, 2)}
    game = tiny.points_game(penalties=penalties)
    tiny.assert_trains(game, tiny.endless(tiny.points(8).astype("float64")))


def test_an_export_gives_logits_of_packs(tmp_path):
    game = packed_game(2)
    tfgan.export.export(game, tmp_path / "exported")
    judge = tf.saved_model.load(tmp_path / "exported").signatures["discriminate"]
    points = tiny.points(6)
    np.testing.assert_allclose(judge(images=tf.constant(points))["logits"][:, 0], game.logits(points), rtol=1e-5)


@pytest.mark.parametrize("value", [-0.1, "much", True])
def test_noise_is_a_number_from_0(value):
    with pytest.raises(ValueError, match="views.*noise.*: expected a number >= 0"):
        tiny.points_game(views={"noise": value})
    assert checks.number_from_0("instance_noise", 0.5) == 0.5
