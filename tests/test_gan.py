import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan.losses import LOSSES
from tfgan.penalties import PENALTIES
from tfgan.randomness import Random
from tfgan.training import SCHEDULES, compatibility


def random(step=0):
    return Random([0, step])


# ------------------------------------------------------------------- one side


@pytest.mark.parametrize("side, other", [("discriminator", "generator"), ("generator", "discriminator")])
def test_an_update_leaves_the_other_side_bit_identical(side, other):
    game = tiny.points_game(lambda: keras.optimizers.Adam(0.1))
    batch = tiny.batch(8)
    before = {name: tiny.values(game.side_variables(name)) for name in (side, other)}
    game.update(side, batch, random())
    assert tiny.same(before[other], tiny.values(game.side_variables(other)))
    assert not tiny.same(before[side], tiny.values(game.side_variables(side)))


def test_five_discriminator_steps_take_five_different_slices():
    game = tiny.points_game(discriminator_steps=5)
    seen = []
    update = game.update
    game.update = lambda side, batch, noise: seen.append((side, batch)) or update(side, batch, noise)
    batch = tf.constant(tiny.points(20))
    game.train_step(batch)
    assert [int(o.iterations.numpy()) for o in game.optimizers.values()] == [5, 1]
    assert [side for side, _ in seen] == ["discriminator"] * 5 + ["generator"]
    for i, (_, rows) in enumerate(seen[:5]):
        assert np.array_equal(rows["images"], batch[i::5])
    assert np.array_equal(seen[5][1]["images"], batch[4::5])


def test_no_discriminator_steps_train_the_generator_alone():
    game = tiny.points_game(discriminator_steps=0)
    before = tiny.values(game.side_variables("discriminator"))
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=2, verbose=0)
    assert tiny.same(before, tiny.values(game.side_variables("discriminator")))
    assert [int(o.iterations.numpy()) for o in game.optimizers.values()] == [0, 2]


def test_one_update_is_the_hand_computed_step():
    """D(x) = w x, G(z) = b: the loss softplus(-w x) + softplus(w b), by hand."""
    generator = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros", trainable=True)]
    )
    discriminator = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")]
    )
    generator.layers[0].bias.assign([2.0])
    game = tiny.points_game(
        lambda: keras.optimizers.SGD(0.1),
        {"generator": generator, "discriminator": discriminator},
    )
    game.update("discriminator", {"images": tf.constant([[3.0]])}, random())
    sigmoid = lambda x: 1 / (1 + np.exp(-x))
    weight = 1.0 - 0.1 * (-3.0 * sigmoid(-3.0) + 2.0 * sigmoid(2.0))
    assert discriminator.layers[0].kernel.numpy().item() == pytest.approx(weight, abs=1e-6)
    game.update("generator", {"images": tf.constant([[3.0]])}, random())
    bias = 2.0 - 0.1 * (-weight * sigmoid(-2.0 * weight))
    assert generator.layers[0].bias.numpy().item() == pytest.approx(bias, abs=1e-6)


# ------------------------------------------------------- every entry, one step


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_trains(loss):
    game = tiny.compiled(tfgan.GAN(**tiny.points_networks(), loss=loss), run_eagerly=True)
    tiny.assert_trains(game, tiny.endless(tiny.points(8)))


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("every", [1, 2])
def test_every_penalty_trains(penalty, every):
    game = tiny.points_game(penalties={penalty: (2.0, every)})
    logs = tiny.assert_trains(game, tiny.endless(tiny.points(8)))
    assert logs[f"discriminator_{penalty}"][0] > 0


# Whose sides rest: tests/test_rules.py.
@pytest.mark.parametrize("schedule", [name for name in SCHEDULES if name != "adaptive"])
@pytest.mark.parametrize("steps", [1, 2])
def test_every_schedule_trains(schedule, steps):
    game = tiny.points_game(schedule=schedule, discriminator_steps=steps)
    tiny.assert_trains(game, tiny.endless(tiny.points(8)))
    assert [int(o.iterations.numpy()) for o in game.optimizers.values()] == [2 * steps, 2]


def test_a_simultaneous_generator_does_not_see_the_discriminators_step():
    batch = tiny.batch(8)
    moved = {}
    for schedule in SCHEDULES:
        keras.utils.set_random_seed(0)
        game = tiny.points_game(lambda: keras.optimizers.SGD(1.0), schedule=schedule)
        expected = game.move("generator", batch, random().fold(1)).gradients
        before = tiny.values(game.side_variables("generator"))
        game.train_step(batch)
        after = tiny.values(game.side_variables("generator"))
        moved[schedule] = [old - new for old, new in zip(before, after)]
        difference = max(abs(m - e.numpy()).max() for m, e in zip(moved[schedule], expected))
        assert (difference < 1e-6) == schedule.startswith("simultaneous")


def test_a_lazy_penalty_acts_every_nth_round_with_n_times_the_weight():
    game = tiny.points_game(penalties={"r1": (2.0, 3)})
    always = tiny.points_game(networks={n: getattr(game, n) for n in ("generator", "discriminator")},
                              penalties={"r1": 2.0})
    batch = tiny.batch(8)
    terms = []
    for step in range(4):
        game.step.assign(step)
        terms.append(float(game.discriminator_terms(batch, random())["r1"]))
    assert terms[1] == terms[2] == 0
    full = float(always.discriminator_terms(batch, random())["r1"])
    assert terms[0] == terms[3] == pytest.approx(3 * full)


def calls_of_discriminator(loss, side):
    game = tiny.points_game(loss=loss)
    calls = []
    discriminator = game.discriminator.call
    game.discriminator.call = lambda *args, **kw: calls.append(args) or discriminator(*args, **kw)
    getattr(game, f"{side}_terms")(tiny.batch(8), random())
    return len(calls)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_generators_update_looks_at_real_images_only_for_relativistic_losses(loss):
    assert calls_of_discriminator(loss, "discriminator") == 2
    assert calls_of_discriminator(loss, "generator") == (2 if "relativistic" in loss else 1)


def test_weights_are_clipped_after_the_discriminators_update_and_only_there():
    game = tiny.points_game(lambda: keras.optimizers.SGD(1.0), loss="wasserstein", clip_weights=0.01)
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=2, verbose=0)
    largest = lambda side: max(np.abs(v).max() for v in tiny.values(game.side_variables(side)))
    assert largest("discriminator") <= 0.01 < largest("generator")


def test_label_smoothing_is_part_of_the_discriminators_loss():
    networks = tiny.points_networks()
    batch = tiny.batch(8)
    plain, smooth = (
        tiny.points_game(networks=networks, label_smoothing=s).discriminator_terms(batch, random())
        for s in (0.0, 0.2)
    )
    logits = networks["discriminator"](batch["images"])
    # softplus(-r) (1 - s) + softplus(r) s = softplus(-r) + s r
    expected = plain["loss"] + 0.2 * tf.reduce_mean(logits)
    assert float(smooth["loss"]) == pytest.approx(float(expected), abs=1e-6)


# --------------------------------------------------------- what D may return


class Scales(keras.layers.Layer):
    """A dict of logits at two scales, and an extra."""

    def call(self, x):
        return {"logits": [x, [2.0 * x]], "features": x}


def test_logits_may_be_a_dict_of_nested_scales():
    networks = tiny.points_networks()
    plain = networks["discriminator"]
    inputs = keras.Input((tiny.DIMS,))
    networks["discriminator"] = keras.Model(inputs, Scales()(plain(inputs)))
    game = tiny.points_game(networks=networks, loss="wasserstein", penalties={"r1": 1.0})
    terms = game.discriminator_terms(tiny.batch(8), random())
    single = tiny.points_game(
        networks={**networks, "discriminator": plain}, loss="wasserstein"
    ).discriminator_terms(tiny.batch(8), random())
    assert float(terms["loss"]) == pytest.approx(1.5 * float(single["loss"]), rel=1e-5)
    tiny.assert_trains(game, tiny.endless(tiny.points(8)))


# -------------------------------------------------------- step, trace, devices


@pytest.mark.parametrize("method", ["train_step", "test_step"])
def test_one_trace_per_function(method):
    game = tiny.points_game()
    traces = []
    step = getattr(game, method)
    setattr(game, method, lambda batch: traces.append(1) or step(batch))
    data = tiny.endless(tiny.points(8))
    game.fit(data, epochs=3, steps_per_epoch=2, verbose=0)
    for _ in range(2):
        game.evaluate(data, steps=3, verbose=0)
    assert len(traces) == 1


def test_generate_traces_once_per_network_and_once_for_any_size():
    game = tiny.points_game()
    for n in (4, 8, 5, 3, 4):
        game.generate(n)
    maker = game.makers.of(game, "generate", True, {"scale": 1.0})
    assert maker.experimental_get_tracing_count() <= 2


def test_no_xla_for_convolutions_on_a_cpu():
    networks = tfgan.networks.NETWORKS["dcgan"](image_shape=(16, 16, 1), latent_dim=2, width=2)
    game = tiny.compiled(tfgan.GAN(**networks))
    game.fit(tiny.endless(np.zeros((4, 16, 16, 1), "float32")), steps_per_epoch=1, verbose=0)
    if not tf.config.list_physical_devices("GPU"):
        assert game.jit_compile is False


def test_eager_and_graph_steps_agree():
    results = []
    for eager in (True, False):
        keras.utils.set_random_seed(0)
        game = tfgan.GAN(**tiny.points_networks(), penalties={"gradient_penalty": 1.0})
        tiny.compiled(game, run_eagerly=eager)
        game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=3, verbose=0)
        results.append(tiny.values(game.side_variables("discriminator")))
    for eager, graph in zip(*results):
        np.testing.assert_allclose(eager, graph, atol=1e-6)


def test_noise_differs_between_rounds_and_repeats_with_the_seed():
    def logs(seed):
        keras.utils.set_random_seed(0)
        game = tiny.points_game(lambda: keras.optimizers.SGD(0.0), seed=seed)
        data = tiny.endless(tiny.points(8))
        return game.fit(data, epochs=3, steps_per_epoch=1, verbose=0).history["generator_loss"]

    assert len(set(logs(0))) == 3
    assert logs(0) == logs(0) != logs(1)


def test_counters_count_rounds_and_real_images():
    game = tiny.points_game(discriminator_steps=2)
    game.fit(tiny.endless(tiny.points(8)), epochs=2, steps_per_epoch=3, verbose=0)
    assert int(game.step.numpy()) == 6 and int(game.images_shown.numpy()) == 48


# ------------------------------------------------------------------------- EMA


def test_the_average_halves_its_distance_in_one_half_life():
    game = tiny.points_game(ema_half_life=16)
    average = game.averages["generator"].variables[0]
    live = game.generator.variables[0]
    average.assign(tf.ones_like(average.value))
    live.assign(tf.zeros_like(live.value))
    game.images_shown.assign(10**6)
    game.average(tf.constant(8, tf.int64), game.images_shown.value)
    np.testing.assert_allclose(average.numpy(), 0.5**0.5, rtol=1e-5)
    game.average(tf.constant(8, tf.int64), game.images_shown.value)
    np.testing.assert_allclose(average.numpy(), 0.5, rtol=1e-5)


def test_early_the_average_forgets_the_initial_weights():
    game = tiny.points_game(lambda: keras.optimizers.SGD(1.0), ema_half_life=10**9)
    game.train_step(tf.constant(tiny.points(8)))
    for average, live in zip(game.averages["generator"].variables, game.generator.variables):
        np.testing.assert_allclose(average.numpy(), live.numpy(), atol=1e-5)


def test_batch_statistics_are_copied_into_the_average():
    networks = tiny.points_networks()
    networks["generator"] = keras.Sequential(
        [keras.Input((tiny.LATENT,)), keras.layers.Dense(tiny.DIMS), keras.layers.BatchNormalization()]
    )
    game = tiny.points_game(networks=networks)
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=3, verbose=0)
    pairs = zip(game.averages["generator"].variables, game.generator.variables)
    moving = [(a.numpy(), v.numpy()) for a, v in pairs if not v.trainable]
    assert len(moving) == 2
    assert all(np.array_equal(average, live) for average, live in moving)


def test_generate_uses_the_average_unless_told_otherwise():
    game = tiny.points_game(lambda: keras.optimizers.SGD(1.0))
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=3, verbose=0)
    assert not np.array_equal(game.generate(4, seed=1), game.generate(4, seed=1, use_ema=False))
    without = tiny.points_game(ema_half_life=None)
    assert without.averages == {} and without.generate(2, seed=1).shape == (2, 2)


# -------------------------------------------------------------------- generate


def test_generate_repeats_with_its_seed_and_keeps_the_first_images():
    game = tiny.points_game()
    images = game.generate(5, seed=1)
    assert images.dtype == "float32" and images.shape == (5, tiny.DIMS)
    assert np.array_equal(images, game.generate(5, seed=1))
    np.testing.assert_allclose(images, game.generate(9, seed=1, batch_size=4)[:5], atol=1e-6)
    assert not np.array_equal(images, game.generate(5, seed=2))
    assert not np.array_equal(game.generate(5), game.generate(5))


def test_generate_does_not_move_training():
    game = tiny.points_game()
    before = tiny.values(game.variables)
    game.generate(3)
    assert tiny.same(before, tiny.values(game.variables))


# -------------------------------------------------------------------- test_step


def test_evaluate_gives_the_losses_and_changes_nothing():
    game = tiny.points_game(
        networks=tiny.points_networks(dropout=0.5, batch_norm=True), penalties={"r1": (1.0, 2)}
    )
    data = tiny.endless(tiny.points(8))
    game.fit(data, steps_per_epoch=3, verbose=0)
    before = tiny.values(game.variables)
    logs = game.evaluate(data, steps=2, verbose=0, return_dict=True)
    assert set(logs) == {"discriminator_loss", "discriminator_r1", "generator_loss"}
    assert np.isfinite(list(logs.values())).all()
    assert tiny.same(before, tiny.values(game.variables))


def test_evaluate_is_the_mean_over_batches():
    game = tiny.points_game(loss="wasserstein", networks=tiny.points_networks())
    logs = game.evaluate(tiny.endless(tiny.points(8)), steps=1, verbose=0, return_dict=True)
    noise = game.noise().fold(1_000_002).fold(0).fold(0)
    terms = game.discriminator_terms(tiny.batch(8), noise)
    assert logs["discriminator_loss"] == pytest.approx(float(terms["loss"]), abs=1e-6)


# ---------------------------------------------------------------------- saving


def test_a_saved_game_goes_on_where_it_was(tmp_path):
    path = str(tmp_path / "game.keras")
    data = tiny.endless(tiny.points(8))
    game = tiny.points_game(lambda: keras.optimizers.Adam(0.01), loss="hinge", prior="uniform")
    game.fit(data, steps_per_epoch=3, verbose=0)
    game.save(path)
    loaded = keras.saving.load_model(path)
    assert isinstance(loaded, tfgan.GAN)
    for resumed in (game, loaded):
        resumed.fit(data, steps_per_epoch=2, verbose=0)
    for side in ("generator", "discriminator"):
        assert tiny.same(
            tiny.values(game.optimizers[side].variables),
            tiny.values(loaded.optimizers[side].variables),
        )
    assert tiny.same(tiny.values(game.variables), tiny.values(loaded.variables))
    assert np.array_equal(game.generate(3, seed=1), loaded.generate(3, seed=1))


def test_a_saved_game_loads_in_a_new_process_once_models_are_imported(tmp_path):
    path = tmp_path / "game.keras"
    networks = tfgan.networks.NETWORKS["dcgan"](
        image_shape=(16, 16, 1), latent_dim=2, width=2, norm="spectral"
    )
    tiny.compiled(tfgan.GAN(**networks)).save(path)
    program = "import keras; from tfgan import models; keras.saving.load_model({!r})"
    subprocess.run([sys.executable, "-c", program.format(str(path))], check=True)


def test_a_loss_of_ones_own_trains_but_cannot_be_saved_by_name(tmp_path):
    own = tfgan.losses.Loss(lambda r, f: tf.reduce_mean(f - r), lambda r, f: -tf.reduce_mean(f))
    game = tiny.points_game(loss=own)
    tiny.assert_trains(game, tiny.endless(tiny.points(8)))
    with pytest.raises(ValueError, match="loss: expected a name"):
        game.save(str(tmp_path / "game.keras"))


# ---------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"loss": "hings"}, "loss: expected one of .*hinge.*got 'hings'. Did you mean 'hinge'"),
        ({"penalties": {"r3": 1.0}}, "penalties: expected one of .*r1, r2.*got 'r3'"),
        ({"penalties": {"r1": -1.0}}, r"r1.*expected a weight >= 0 or a schedule, or \(weight, every\); got -1.0"),
        ({"penalties": {"r1": (1.0, 0)}}, "interval.*expected a whole number >= 1; got 0"),
        ({"penalties": ["r1"]}, "penalties: expected a dict of name to weight; got .'r1'."),
        ({"clip_weights": "a"}, "clip_weights: expected a number > 0 or None; got 'a'"),
        ({"schedule": "sometimes"}, "schedule: expected one of alternating, simultaneous"),
        ({"prior": "cauchy"}, "prior: expected one of normal, uniform, uniform01"),
        ({"discriminator_steps": 1.5}, "discriminator_steps: expected a whole number >= 0; got 1.5"),
        ({"clip_weights": -1.0}, "clip_weights: expected a number > 0 or None; got -1.0"),
        ({"ema_half_life": -5}, "ema_half_life: expected a number > 0 or None; got -5"),
        ({"los": "hinge"}, "expected one of .*loss.*got 'los'. Did you mean 'loss'"),
        ({"generator": "dcgan"}, "generator: expected a keras.Model; got 'dcgan'"),
    ],
)
def test_arguments_out_of_range(arguments, message):
    with pytest.raises(ValueError, match=message):
        tfgan.GAN(**{**tiny.points_networks(), **arguments})


def test_gradient_penalty_alone_refuses_batch_norm():
    networks = tiny.points_networks(batch_norm=True)
    with pytest.raises(ValueError, match="gradient_penalty.*batch normalisation.*rest of its batch"):
        tfgan.GAN(**networks, penalties={"gradient_penalty": 10.0})
    for penalty in set(PENALTIES) - {"gradient_penalty"}:
        tfgan.GAN(**networks, penalties={penalty: 1.0})


def test_lazy_penalties_refuse_batch_norm_on_several_replicas():
    networks = [tiny.points_networks(batch_norm=True)["discriminator"]]
    with pytest.raises(ValueError, match="interval of 1 .* on 2 replicas.*above 1 for r1"):
        compatibility.check_lazy_penalties({"r1": (1.0, 2)}, networks, replicas=2)
    compatibility.check_lazy_penalties({"r1": (1.0, 2)}, networks, replicas=1)
    compatibility.check_lazy_penalties({"r1": (1.0, 1)}, networks, replicas=2)


def test_each_side_needs_its_own_optimizer():
    adam = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="discriminator_optimizer: expected an optimizer of its own"):
        tfgan.GAN(**tiny.points_networks()).compile(adam, adam)


@pytest.mark.parametrize(
    "data, message",
    [
        ("images", "images: expected an array of numbers, a tf.data.Dataset.*got 'str'"),
        (tiny.endless(tiny.points(9)), r"batches that divide by 2 \(max.*got '9 rows'"),
        (tiny.endless(tiny.points(8), np.zeros(8)), r"batches of \(images\) for GAN.*got.*2 part"),
    ],
)
def test_data_that_does_not_fit_is_refused_before_training(data, message):
    game = tiny.points_game(discriminator_steps=2)
    with pytest.raises(ValueError, match=message):
        game.fit(data, steps_per_epoch=2, verbose=0)
    assert int(game.step.numpy()) == 0


def test_lengths_that_do_not_fit_are_refused():
    game = tiny.compiled(tfgan.GAN(**tiny.points_networks()), steps_per_execution=4)
    data = tiny.endless(tiny.points(8))
    with pytest.raises(ValueError, match="steps_per_epoch: expected a multiple.*4; got 6"):
        game.fit(data, steps_per_epoch=6, verbose=0)
    with pytest.raises(ValueError, match="steps_per_epoch: expected a number.*endless; got None"):
        game.fit(data, verbose=0)
    with pytest.raises(ValueError, match="steps_per_epoch: expected a number.*endless; got None"):
        game.fit(tfgan.data.load("ring", batch_size=8), verbose=0)
    with pytest.raises(ValueError, match="steps_per_epoch: expected a whole number >= 1; got 0"):
        game.fit(data, steps_per_epoch=0, verbose=0)
    with pytest.raises(ValueError, match="steps.*expected a number.*endless"):
        game.evaluate(data, verbose=0)
    with pytest.raises(ValueError, match="seed: expected a whole number >= 0; got 1.5"):
        game.generate(2, seed=1.5)
    with pytest.raises(ValueError, match="n: expected a whole number >= 1; got 0"):
        game.generate(0)
    with pytest.raises(ValueError, match="condition: expected None, since GAN takes no condition"):
        game.generate(2, condition=3)


def test_a_penaltys_weight_may_fall_while_images_are_shown(tmp_path):
    fall = tfgan.training.rates.Ramp(1.0, 0.0, 1, 16)
    sizes = {}
    for weight in (fall, 1.0):
        keras.utils.set_random_seed(0)
        game = tiny.points_game(lambda: keras.optimizers.SGD(0.0), penalties={"r1": weight})
        data = tiny.endless(tiny.points(8))
        history = [game.fit(data, steps_per_epoch=1, verbose=0).history for _ in range(3)]
        sizes[weight] = [each["discriminator_r1"][0] for each in history]
        if weight is fall:
            game.save(tmp_path / "game.keras")
    assert sizes[fall] == pytest.approx([share * value for share, value in zip((1, 0.5, 0), sizes[1.0])])
    again = keras.saving.load_model(tmp_path / "game.keras")
    assert float(again.objective.penalties["r1"][0](8)) == 0.5
    with pytest.raises(ValueError, match=r"penalties\['r1'\]: expected a weight >= 0 or a schedule"):
        tiny.points_game(penalties={"r1": "much"})
