import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan.training import SCHEDULES


def unshared(game, slices, random, simultaneous):
    """What a shared schedule computes, but with every forward pass computed again."""
    batch, salt = slices[-1], game.discriminator_steps
    if simultaneous:
        gradients = {
            side: game.move(side, batch, random.fold(salt))
            for side in ("generator", "discriminator")
        }
        for side, gradient in gradients.items():
            game.apply(side, gradient)
    else:
        game.update("discriminator", batch, random.fold(salt))
        game.update("generator", batch, random.fold(salt))


def weights_after(rounds, schedule, **settings):
    keras.utils.set_random_seed(0)
    game = tiny.points_game(lambda: keras.optimizers.SGD(0.5), **settings)
    game.schedule = schedule
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=rounds, verbose=0)
    return tiny.values(game.trainable_variables)


@pytest.mark.parametrize("settings", [
    {},
    {"loss": "relativistic", "penalties": {"r1": 1.0, "r2": (1.0, 2)}},
    {"loss": "wasserstein", "penalties": {"gradient_penalty": 10.0}, "clip_weights": 0.5},
], ids=lambda settings: settings.get("loss"))  # fmt: skip
@pytest.mark.parametrize("order", ["alternating", "simultaneous"])
def test_sharing_passes_changes_nothing_but_the_noise(order, settings):
    def reference(game, slices, random):
        unshared(game, slices, random, order == "simultaneous")

    shared = weights_after(3, SCHEDULES[f"{order}_shared"], **settings)
    for mine, expected in zip(shared, weights_after(3, reference, **settings), strict=True):
        np.testing.assert_allclose(mine, expected, atol=1e-6)


def calls_of_a_round(schedule, **settings):
    game = tiny.points_game(schedule=schedule, **settings)
    calls = {"generator": 0, "discriminator": 0}

    def counted(name, call):
        def count(*args, **kwargs):
            calls[name] += 1
            return call(*args, **kwargs)

        return count

    for name in calls:
        network = getattr(game, name)
        network.call = counted(name, network.call)
    game.train_step(tf.constant(tiny.points(8)))
    return calls["generator"], calls["discriminator"]


def test_passes_of_a_round():
    # G(z) for each side; D(real), D(fake) for the discriminator, D(fake) for the generator.
    assert calls_of_a_round("alternating") == (2, 3)
    assert calls_of_a_round("simultaneous") == (2, 3)
    assert calls_of_a_round("alternating_shared") == (1, 3)
    assert calls_of_a_round("simultaneous_shared") == (1, 2)
    # Of k updates of the discriminator only the last shares its noise.
    assert calls_of_a_round("alternating_shared", discriminator_steps=3) == (3, 7)
    # The relativistic generator reads D(real) too, computed again where D has been updated.
    assert calls_of_a_round("alternating_shared", loss="relativistic") == (1, 4)
    assert calls_of_a_round("simultaneous_shared", loss="relativistic") == (1, 2)
    # A penalty computes a pass that is not shared.
    assert calls_of_a_round("simultaneous_shared", penalties={"r1": 1.0}) == (1, 3)


def test_a_generator_alone_can_share():
    for schedule in ("alternating_shared", "simultaneous_shared"):
        game = tiny.points_game(schedule=schedule, discriminator_steps=0)
        before = tiny.values(game.side_variables("discriminator"))
        game.train_step(tf.constant(tiny.points(8)))
        assert tiny.same(before, tiny.values(game.side_variables("discriminator")))
        assert int(game.optimizers["generator"].iterations) == 1
