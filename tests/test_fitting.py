import subprocess
import sys
import textwrap
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny

import tfgan
from tfgan import cost


def play(executions, rounds=6, **settings):
    keras.utils.set_random_seed(0)
    game = tfgan.GAN(**tiny.points_networks(), **settings)
    tiny.compiled(game, steps_per_execution=executions)
    history = game.fit(tiny.endless(tiny.points(8)), epochs=2, steps_per_epoch=rounds, verbose=0)
    return game, history.history


@pytest.mark.parametrize("settings", [{}, {"penalties": {"r1": (1.0, 2)}, "discriminator_steps": 2}])
@pytest.mark.parametrize("executions", [3, "auto"])
def test_rounds_per_call_change_nothing_but_the_calls(executions, settings):
    one, logs_of_one = play(1, **settings)
    many, logs_of_many = play(executions, **settings)
    assert many.steps_per_execution == (2 if executions == "auto" else 3)
    assert logs_of_one == logs_of_many
    assert tiny.same(tiny.values(one.variables), tiny.values(many.variables))


@pytest.mark.parametrize("rounds, chosen", [(64, 32), (12, 4), (7, 1)])
def test_auto_plays_small_rounds_many_at_a_time(rounds, chosen):
    class Calls(keras.callbacks.Callback):
        seen = []

        def on_train_batch_end(self, batch, logs=None):
            self.seen.append(batch)

    game, calls = tiny.points_game(), Calls()
    calls.seen = []
    data = tiny.endless(tiny.points(8))
    game.fit(data, steps_per_epoch=rounds, verbose=0, callbacks=[calls])
    assert calls.seen == list(range(chosen - 1, rounds, chosen))
    assert int(game.step.numpy()) == rounds


def test_auto_plays_large_rounds_one_at_a_time():
    networks = tfgan.networks.NETWORKS["dcgan"](image_shape=(32, 32, 3), latent_dim=4)
    game = tiny.compiled(tfgan.GAN(**networks))
    assert game.executions.choose(game, 64, 100, 0) == 1


def test_auto_survives_saving(tmp_path):
    for executions in ("auto", 4):
        game = tiny.compiled(tfgan.GAN(**tiny.points_networks()), steps_per_execution=executions)
        game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=8, verbose=0)
        game.save(tmp_path / "game.keras")
        loaded = keras.saving.load_model(tmp_path / "game.keras")
        assert loaded.get_compile_config()["steps_per_execution"] == executions


def test_a_nonsensical_number_of_rounds_per_call_is_refused():
    with pytest.raises(ValueError, match="steps_per_execution: expected a whole number >= 1; got 0"):
        tiny.compiled(tfgan.GAN(**tiny.points_networks()), steps_per_execution=0)


def test_evaluation_sees_as_many_batches_as_were_asked_for():
    game, data = tiny.points_game(), tiny.endless(tiny.points(8))
    game.fit(data, steps_per_epoch=16, verbose=0)
    assert game.steps_per_execution == 16
    game.evaluate(data, steps=5, verbose=0)
    assert game.terms.counts.numpy()[0] == 5 and game.steps_per_execution == 16
    game.fit(data, steps_per_epoch=16, validation_data=data, validation_steps=6, verbose=0)
    assert game.terms.counts.numpy()[0] == 6 and game.steps_per_execution == 2


def test_finite_data_ends_an_epoch():
    game = tiny.points_game()
    finite = tiny.endless(tiny.points(8)).take(5)
    assert np.isfinite(game.fit(finite, epochs=2, verbose=0).history["generator_loss"]).all()
    assert int(game.step.numpy()) == 10


def test_the_memory_estimate_counts_every_variable_once():
    game = tiny.points_game()
    weights = {"generator": 3 * 4 + 4 + 4 * 2 + 2, "discriminator": 2 * 4 + 4 + 4 * 1 + 1}
    # SGD keeps two scalars; the game two int64 counters and 2 x 64 running means.
    variables = 4 * (2 * weights["generator"] + weights["discriminator"] + 2 * 64) + 2 * 8
    optimizers = sum(
        int(np.prod(v.shape)) * v.value.dtype.size for o in game.optimizers.values() for v in o.variables
    )
    # Outputs of 4 + 4 (tanh is inside Dense) numbers: hidden and last layer.
    passes = 2 * 4 * (4 + 1) + 4 * (4 + 2)
    gradients = 4 * sum(weights.values())
    differences = 2 * 4 * weights["generator"]
    expected = cost.PROCESS + variables + optimizers + gradients + differences + 10 * passes
    assert cost.peak_memory(game, 10) == expected


def test_the_memory_of_a_round_is_that_of_its_largest_update():
    few, many = (tiny.points_game(discriminator_steps=k) for k in (1, 5))
    assert cost.peak_memory(few, 100) == cost.peak_memory(many, 500)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read the peak from")
def test_the_memory_estimate_is_within_a_fifth_of_what_training_takes():
    """Around a DCGAN of 64 filters on 64 images of 32x32."""
    program = """
        import keras, numpy as np, tensorflow as tf, tfgan
        from tfgan import cost
        networks = tfgan.networks.NETWORKS["dcgan"](image_shape=(32, 32, 3), width=64)
        game = tfgan.GAN(**networks)
        game.compile(tfgan.training.optimizers.Adam(1e-3), tfgan.training.optimizers.Adam(1e-3))
        images = np.zeros((64, 32, 32, 3), np.uint8)
        game.fit(tfgan.data.Records(images).batches(64), steps_per_epoch=3, verbose=0)
        lines = open("/proc/self/status").read().splitlines()
        peak = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
        print(peak, cost.peak_memory(game, 64))
    """
    run = [sys.executable, "-c", textwrap.dedent(program)]
    result = subprocess.run(run, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    measured, estimated = map(int, result.stdout.split())
    assert estimated == pytest.approx(measured, rel=0.2)
