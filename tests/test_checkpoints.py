import os
import signal

import keras
import numpy as np
import pytest
import tiny

import tfgan
from tfgan import checkpoints


def game(executions=1, **kwargs):
    networks = tiny.points_networks(dropout=0.5, batch_norm=True)
    return tiny.compiled(
        tfgan.GAN(**networks, **kwargs),
        lambda: keras.optimizers.Adam(0.01),
        steps_per_execution=executions,
    )


def everything(game):
    return {
        name: [variable.numpy() for variable in variables]
        for name, variables in checkpoints._variables(game).items()
    }


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        assert tiny.same(one[name], other[name]), name


def fit(game, rounds, **kwargs):
    game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=rounds, verbose=0, **kwargs)


def test_nothing_of_a_game_is_left_out():
    owners = everything(game())
    assert set(owners) == {
        "generator", "discriminator", "average_generator", "generator_optimizer",
        "discriminator_optimizer", "terms", "game",
    }  # fmt: skip
    assert len(owners["game"]) == 2, "the step and the images shown"
    # Dense, batch norm, dense; and the state of the dropout's seed generator.
    assert len(owners["discriminator"]) == 2 + 4 + 2 + 1


def test_training_on_from_a_checkpoint_is_bit_exact(tmp_path):
    unbroken = game()
    fit(unbroken, 2)
    checkpoints.save(unbroken, tmp_path, {"tick": 1})
    fit(unbroken, 3)
    resumed = game(seed=0)
    assert checkpoints.restore(resumed, tmp_path) == {"tick": 1}
    fit(resumed, 3)
    assert_same(everything(unbroken), everything(resumed))


def test_without_a_checkpoint_there_is_nothing_to_restore(tmp_path):
    assert checkpoints.restore(game(), tmp_path / "none") is None


def test_only_the_newest_stay(tmp_path):
    one = game()
    for _ in range(4):
        fit(one, 1)
        checkpoints.save(one, tmp_path, {}, keep=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step_0000000003", "step_0000000004"]


def test_what_a_kill_left_unfinished_is_swept_and_ignored(tmp_path):
    one = game()
    fit(one, 1)
    checkpoints.save(one, tmp_path, {"tick": 1})
    (tmp_path / "unfinished_step_0000000009").mkdir()
    assert checkpoints.restore(game(), tmp_path) == {"tick": 1}
    fit(one, 1)
    checkpoints.save(one, tmp_path, {"tick": 2})
    assert not list(tmp_path.glob("unfinished*"))


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", ["flip", "truncate", "no manifest", "no variables"])
def test_a_damaged_checkpoint_is_passed_over_with_a_warning(tmp_path, damage):
    one = game()
    for tick in (1, 2):
        fit(one, 1)
        newest = checkpoints.save(one, tmp_path, {"tick": tick})
    data = next(newest.glob("variables.data*"))
    {
        "flip": lambda: flip_a_bit(data),
        "truncate": lambda: os.truncate(data, 10),
        "no manifest": (newest / "manifest.json").unlink,
        "no variables": data.unlink,
    }[damage]()
    with pytest.warns(UserWarning, match=f"{newest.name} is damaged"):
        assert checkpoints.restore(game(), tmp_path) == {"tick": 1}


def test_only_damaged_checkpoints_are_an_error(tmp_path):
    one = game()
    newest = checkpoints.save(one, tmp_path, {})
    flip_a_bit(newest / "variables.index")
    with pytest.warns(UserWarning), pytest.raises(ValueError, match="checkpoints: expected a whole one.*only damaged"):
        checkpoints.restore(game(), tmp_path)


def test_a_checkpoint_of_another_game_is_refused(tmp_path):
    checkpoints.save(game(), tmp_path, {})
    other = tiny.points_game(lambda: keras.optimizers.Adam(0.01), ema_half_life=None)
    with pytest.raises(ValueError, match="checkpoints: expected one of a game like this"):
        checkpoints.restore(other, tmp_path)


class Kick(keras.callbacks.Callback):
    """Sends this process a signal in the middle of a tick."""

    def __init__(self, number, epoch, batch):
        super().__init__()
        self.number, self.epoch, self.batch = number, epoch, batch

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if (self.now, batch) == (self.epoch, self.batch):
            os.kill(os.getpid(), self.number)


def play(game, saver, epochs=3, rounds=4, callbacks=()):
    saver.fit(game, lambda start: tiny.endless(tiny.points(8)), epochs, rounds, callbacks)


@pytest.mark.parametrize("batch, position", [(2, (1, 3)), (3, (2, 0))])
@pytest.mark.parametrize(
    "number, ends_with", [(signal.SIGTERM, SystemExit), (signal.SIGINT, KeyboardInterrupt)]
)
def test_a_signal_saves_in_the_middle_of_a_tick(tmp_path, number, ends_with, batch, position):
    handler = signal.getsignal(number)
    unbroken = game()
    unbroken_logs = Logs()
    play(unbroken, checkpoints.Checkpoints(tmp_path / "unbroken"), callbacks=[unbroken_logs])

    keras.utils.set_random_seed(0)
    broken, logs = game(), Logs()
    with pytest.raises(ends_with) as end:
        use = [Kick(number, 1, batch), logs]
        play(broken, checkpoints.Checkpoints(tmp_path / "broken"), callbacks=use)
    if ends_with is SystemExit:
        assert end.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(number) is handler

    resumed = game()
    saver = checkpoints.Checkpoints(tmp_path / "broken")
    assert saver.restore(resumed) == position
    play(resumed, saver, callbacks=[logs])
    assert logs.seen == unbroken_logs.seen, "every tick once, with the mean of all its rounds"
    assert_same(everything(unbroken), everything(resumed))


def test_a_resumed_tick_goes_on_with_as_many_rounds_per_call(tmp_path):
    unbroken, saver = game("auto"), checkpoints.Checkpoints(tmp_path / "unbroken")
    play(unbroken, saver, epochs=2, rounds=12)
    assert unbroken.steps_per_execution == 4, "the greatest that divides 12 and 32"

    keras.utils.set_random_seed(0)
    broken = game("auto")
    with pytest.raises(SystemExit):
        kick = Kick(signal.SIGTERM, 1, 0)
        play(broken, checkpoints.Checkpoints(tmp_path / "broken"), 2, 12, callbacks=[kick])
    resumed, saver = game("auto"), checkpoints.Checkpoints(tmp_path / "broken")
    assert saver.restore(resumed) == (1, 4)
    play(resumed, saver, epochs=2, rounds=12)
    assert resumed.steps_per_execution == 4, "though 8 would divide the rest"
    assert_same(everything(unbroken), everything(resumed))


class Logs(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append((epoch, self.params["epochs"], dict(logs)))


def test_a_saver_that_a_signal_ended_can_be_used_again(tmp_path):
    saver, one = checkpoints.Checkpoints(tmp_path), game()
    with pytest.raises(KeyboardInterrupt):
        play(one, saver, callbacks=[Kick(signal.SIGINT, 0, 1)])
    assert saver.position == (0, 2)
    play(one, saver)
    assert int(one.step.numpy()) == 12


def test_handlers_are_given_back_when_fit_fails(tmp_path):
    handler = signal.getsignal(signal.SIGTERM)

    def fail(epoch, logs):
        raise FloatingPointError

    with pytest.raises(FloatingPointError):
        use = [keras.callbacks.LambdaCallback(on_epoch_begin=fail)]
        play(game(), checkpoints.Checkpoints(tmp_path), callbacks=use)
    assert signal.getsignal(signal.SIGTERM) is handler


def test_another_callback_may_end_the_run(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = True

    saver = checkpoints.Checkpoints(tmp_path)
    play(game(), saver, epochs=5, callbacks=[Stop()])
    assert saver.position == (1, 0)


def test_ruined_weights_are_not_saved(tmp_path):
    one = game()
    ruin = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: one.generator.layers[0].bias.assign([np.nan] * 4)
    )
    with pytest.raises(FloatingPointError, match="generator: expected finite variables"):
        play(one, checkpoints.Checkpoints(tmp_path), callbacks=[ruin])
    assert not list(tmp_path.iterdir())


def test_a_newer_damaged_checkpoint_does_not_outlive_its_successors(tmp_path):
    one = game()
    for _ in range(3):
        fit(one, 1)
        newest = checkpoints.save(one, tmp_path, {})
    flip_a_bit(newest / "variables.index")
    with pytest.warns(UserWarning):
        checkpoints.restore(one, tmp_path)
    assert checkpoints.save(one, tmp_path, {}, keep=1).name == "step_0000000002"
    assert [path.name for path in tmp_path.iterdir()] == ["step_0000000002"]


class Counter(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.count = 0

    def on_epoch_end(self, epoch, logs=None):
        self.count += 1

    def get_state(self):
        return {"count": self.count}

    def set_state(self, state):
        self.count = state["count"]


def test_callbacks_remember(tmp_path):
    counter = Counter()
    saver = checkpoints.Checkpoints(tmp_path, every=2, callbacks=[counter])
    play(game(), saver, epochs=5, rounds=1, callbacks=[counter])
    assert len(list(tmp_path.glob("step_*"))) == 3, "ticks 2, 4 and the last"
    again = Counter()
    assert checkpoints.Checkpoints(tmp_path, callbacks=[again]).restore(game()) == (5, 0)
    assert again.count == 5
    with pytest.raises(ValueError, match="callbacks: expected those of the checkpoint.*Counter"):
        checkpoints.Checkpoints(tmp_path).restore(game())
