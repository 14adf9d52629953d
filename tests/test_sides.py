import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan.averages import FromZero
from tfgan.sides import arguments_of
from tfgan.training import compatibility
from tfgan.transfer import take_weights


def dense(inputs, outputs, name=None):
    return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs, name="dense")], name=name)


class Regressor(tfgan.GAN):
    """An encoder that learns the latents of a generator that stands still; nobody judges."""

    generator_side = ("encoder",)
    discriminator_side = ()
    frozen_networks = ("generator",)
    adversarial_terms = ()

    def generator_terms(self, batch, random):
        z = self.sample_inputs(8, random)
        code = self.forward("encoder", self.forward("generator", z))
        return {"latent": tf.reduce_mean(tf.square(code - z))}


def regressor(**kwargs):
    networks = {"encoder": dense(tiny.DIMS, tiny.LATENT), "generator": dense(tiny.LATENT, tiny.DIMS)}
    return Regressor(**networks, **kwargs)


def test_a_side_may_be_empty_and_a_network_frozen(tmp_path):
    game = regressor()
    game.compile(generator_optimizer=keras.optimizers.SGD(0.1))
    assert set(game.optimizers) == {"generator"} and set(game.averages) == {"encoder"}
    before = tiny.values(game.generator.variables)
    data = tiny.endless(tiny.points(8))
    history = game.fit(data, epochs=2, steps_per_epoch=4, verbose=0).history
    assert list(history) == ["generator_latent"]
    assert history["generator_latent"][1] < history["generator_latent"][0]
    assert tiny.same(before, tiny.values(game.generator.variables))
    assert list(game.evaluate(data, steps=1, verbose=0, return_dict=True)) == ["generator_latent"]


@pytest.mark.parametrize("schedule", [s for s in tfgan.training.SCHEDULES if s != "adaptive"])
def test_every_schedule_moves_the_only_side(schedule):
    game = regressor(schedule=schedule)
    game.compile(keras.optimizers.SGD(0.1))
    before = tiny.values(game.encoder.variables)
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=2, verbose=0)
    assert not tiny.same(before, tiny.values(game.encoder.variables))


@pytest.mark.parametrize("settings, argument", [
    ({"schedule": "adaptive"}, "schedule"), ({"rule": "extragradient"}, "rule"),
    ({"rule": "consensus"}, "rule"), ({"rule": "unrolled"}, "rule"),
])  # fmt: skip
def test_what_looks_at_both_sides_refuses_one(settings, argument):
    with pytest.raises(ValueError, match=f"{argument}: .*discriminator's side has no networks to move"):
        regressor(**settings).compile(keras.optimizers.SGD(0.1))


def test_optimizers_are_those_of_sides_that_move():
    with pytest.raises(ValueError, match="discriminator_optimizer: expected None, .* no networks to move; got 'SGD'"):
        regressor().compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    with pytest.raises(ValueError, match="discriminator_optimizer: expected one for discriminator; got None"):
        tfgan.GAN(**tiny.points_networks()).compile(keras.optimizers.SGD(0.1))


def test_a_network_may_be_frozen_by_an_argument():
    game = tfgan.GAN(**tiny.points_networks(batch_norm=True), frozen="generator")
    game.compile(discriminator_optimizer=keras.optimizers.SGD(0.1))
    assert game.sides == {"discriminator": ("discriminator",), "generator": ()}
    assert game.averages == {} and game.frozen == ("generator",)
    before = tiny.values(game.generator.variables)
    history = game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=2, verbose=0).history
    assert list(history) == ["discriminator_loss"]
    assert tiny.same(before, tiny.values(game.generator.variables))
    with pytest.raises(ValueError, match="frozen: expected one of generator, discriminator; got 'judge'"):
        tfgan.GAN(**tiny.points_networks(), frozen=("judge",))


class Several(tfgan.GAN):
    """As many discriminators as are given."""

    def name_sides(self, given):
        judges = tuple(name for name in given if name.startswith("discriminator"))
        return {"generator": ("generator",), "discriminator": judges, "frozen": ()}

    def check_networks(self):
        pass

    def discriminator_terms(self, batch, random):
        fake = self.fakes(8, random)
        judges = [lambda x, name=name: self.discriminate(x, name) for name in self.sides["discriminator"]]
        losses = [self.objective.discriminator(discriminate, batch["images"], fake, random) for discriminate in judges]
        return {f"loss_{i}": result.terms["loss"] for i, result in enumerate(losses)}

    def generator_terms(self, batch, random):
        fake = self.fakes(8, random)
        judges = [lambda x, name=name: self.discriminate(x, name) for name in self.sides["discriminator"]]
        losses = [self.objective.generator(discriminate, batch["images"], fake, random) for discriminate in judges]
        return {"loss": tf.add_n([result.terms["loss"] for result in losses])}


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_networks_may_depend_on_what_is_given(count, tmp_path):
    keras.saving.register_keras_serializable("tests")(Several)
    judges = {f"discriminator_{i}": dense(tiny.DIMS, 1) for i in range(count)}
    game = tiny.compiled(Several(generator=dense(tiny.LATENT, tiny.DIMS), **judges))
    before = {name: tiny.values(network.variables) for name, network in game.networks().items()}
    history = game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=1, verbose=0).history
    assert len(history) == count + 1
    assert not any(tiny.same(old, tiny.values(getattr(game, name).variables)) for name, old in before.items())
    game.save(tmp_path / "game.keras")
    loaded = keras.saving.load_model(tmp_path / "game.keras")
    assert tiny.same(tiny.values(game.variables), tiny.values(loaded.variables))


def test_averages_of_either_side_each_with_its_law(tmp_path):
    game = tiny.points_game(lambda: keras.optimizers.SGD(0.5), averages={"discriminator": FromZero(0.25)})
    assert set(game.averages) == {"generator", "discriminator"}
    average = game.averages["discriminator"].variables[0]
    assert not average.numpy().any()
    expected = np.zeros(average.shape)
    for _ in range(3):
        game.train_step(tf.constant(tiny.points(8)))
        expected += 0.25 * (game.discriminator.variables[0].numpy() - expected)
    np.testing.assert_allclose(average.numpy(), expected, atol=1e-6)
    game.save(tmp_path / "game.keras")
    loaded = keras.saving.load_model(tmp_path / "game.keras")
    np.testing.assert_array_equal(loaded.averages["discriminator"].variables[0].numpy(), average.numpy())
    assert tiny.points_game(averages={"generator": None}).averages == {}
    with pytest.raises(ValueError, match="averages: expected one of .*got 'encoder'"):
        tiny.points_game(averages={"encoder": 10})
    with pytest.raises(ValueError, match="rate: expected a number between 0 and 1; got 2"):
        FromZero(2)


@keras.saving.register_keras_serializable("tests")
class Steady(tfgan.GAN):
    """A game with a setting of its own."""

    def __init__(self, *, cycle=5.0, **kwargs):
        super().__init__(**kwargs)
        self.cycle = cycle


def test_a_subclass_keeps_its_own_settings_when_it_is_saved(tmp_path):
    game = tiny.compiled(Steady(**tiny.points_networks(), cycle=2.0, loss="hinge", views={"noise": (0.1, 50)}))
    game.save(tmp_path / "game.keras")
    loaded = keras.saving.load_model(tmp_path / "game.keras")
    assert loaded.cycle == 2.0 and loaded.objective.loss == tfgan.losses.LOSSES["hinge"]
    assert loaded.objective.views[0].fall == 50


def test_arguments_are_found_up_the_classes():
    found = arguments_of(Steady)
    assert found["cycle"].default == 5.0 and found["loss"].default == "non_saturating"
    assert not {"networks", "kwargs", "self", "generator"} & set(found)
    assert "cycle" not in arguments_of(tfgan.GAN)


def test_a_game_refuses_a_setting_that_it_is_without():
    class Fixed(tfgan.GAN):
        without = ("loss",)

    with pytest.raises(ValueError, match="loss: expected none for Fixed, which has no such setting; got 'hinge'"):
        Fixed(**tiny.points_networks(), loss="hinge")
    assert "loss" not in arguments_of(Fixed) and "penalties" in arguments_of(Fixed)


# ------------------------------------------------- what a game remembers, and sees


class Counting(tfgan.GAN):
    """Counts the discriminator's steps, and starts from what it sees first."""

    def __init__(self, **networks):
        super().__init__(**networks)
        self.remember("count", np.int32(0))
        self.remember("mean", np.zeros(2, np.float32))

    def see_first_batch(self, batch):
        self.remembered["mean"].assign(tf.reduce_mean(batch["images"], axis=0))

    def discriminator_terms(self, batch, random):
        return super().discriminator_terms(batch, random), {"count": self.remembered["count"].value + 1}


def test_what_is_remembered_is_written_once_a_step_and_not_by_evaluation(tmp_path):
    game = tiny.compiled(Counting(**tiny.points_networks()))
    data = tiny.endless(tiny.points(8))
    game.fit(data, steps_per_epoch=3, verbose=0)
    assert int(game.remembered["count"].numpy()) == 3
    np.testing.assert_allclose(game.remembered["mean"].numpy(), tiny.points(8).mean(axis=0), rtol=1e-6)
    game.evaluate(data, steps=4, verbose=0)
    assert int(game.remembered["count"].numpy()) == 3
    tfgan.checkpoints.save(game, tmp_path, {})
    again = tiny.compiled(Counting(**tiny.points_networks()))
    tfgan.checkpoints.restore(again, tmp_path)
    assert int(again.remembered["count"].numpy()) == 3


def test_values_that_are_only_logged_are_not_minimised():
    class Telling(Counting):
        def discriminator_terms(self, batch, random):
            terms, remembered = super().discriminator_terms(batch, random)
            return terms, remembered, {"before": self.remembered["count"].value, "double": 2 * terms["loss"]}

    weights = []
    for kind in (Counting, Telling):
        keras.utils.set_random_seed(0)
        game = tiny.compiled(kind(**tiny.points_networks()), run_eagerly=True)
        logs = game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=3, verbose=0).history
        weights.append(tiny.values(game.variables))
    assert tiny.same(*weights)
    assert logs["discriminator_before"] == [1.0], "the mean of 0, 1 and 2"
    assert logs["discriminator_double"][0] == pytest.approx(2 * logs["discriminator_loss"][0])
    assert "discriminator_double" in game.test_on_batch(tiny.points(8), return_dict=True)


def test_only_the_first_round_is_preceded_by_a_look_at_the_data():
    game = tiny.compiled(Counting(**tiny.points_networks()))
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=1, verbose=0)
    seen = game.remembered["mean"].numpy()
    game.fit(tiny.endless(tiny.points(8, seed=1)), steps_per_epoch=1, verbose=0)
    np.testing.assert_array_equal(seen, game.remembered["mean"].numpy())


@pytest.mark.parametrize("rule", ["extragradient", "consensus", {"unrolled": 2}])
def test_virtual_passes_write_nothing_that_is_remembered(rule):
    class Virtual(Counting):
        def __init__(self, **kwargs):
            tfgan.GAN.__init__(self, rule=rule, **kwargs)
            self.remember("count", np.int32(0))
            self.remember("mean", np.zeros(2, np.float32))

    game = tiny.compiled(Virtual(**tiny.points_networks()))
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=2, verbose=0)
    assert int(game.remembered["count"].numpy()) == 2


def test_a_game_that_cannot_be_split_refuses_replicas():
    class Whole(tfgan.GAN):
        several_replicas = False

    game = tiny.compiled(Whole(**tiny.points_networks()))
    with pytest.raises(ValueError, match="replicas: expected 1 for Whole; got 2"):
        compatibility.check_compiled(game, replicas=2)


# ---------------------------------------------------------------- taking weights


def two_layers(last=2, third=False):
    layers = [keras.layers.Dense(3, name="one"), keras.layers.Dense(last, name="two")]
    layers += [keras.layers.Dense(1, name="three")] * third
    return keras.Sequential([keras.Input((2,)), *layers], name="net")


def test_weights_are_taken_by_path():
    here, there = two_layers(), two_layers()
    found = take_weights(here, there)
    assert tiny.same(tiny.values(here.weights), tiny.values(there.weights))
    assert len(found.taken) == 4 and found.new == found.left == []


def test_what_is_new_or_left_over_has_to_be_announced():
    here, there = two_layers(third=True), two_layers()
    before = tiny.values(here.weights)
    with pytest.raises(ValueError, match="start_from: .*new: .*three/kernel.*left over: none"):
        take_weights(here, there)
    assert tiny.same(before, tiny.values(here.weights))
    found = take_weights(here, there, partial=True)
    assert [path.split("/")[-2] for path in found.new] == ["three", "three"]
    assert tiny.same(tiny.values(here.layers[0].weights), tiny.values(there.layers[0].weights))
    assert take_weights(there, here, partial=True).left == found.new


def test_weights_of_another_shape_are_refused():
    here, there = two_layers(), two_layers(last=4)
    before = tiny.values(here.weights)
    with pytest.raises(ValueError, match=r"start_from: expected shape \(3, 4\) for .*two/kernel.*got \(3, 2\)"):
        take_weights(here, there)
    assert tiny.same(before, tiny.values(here.weights))
