import csv
import io
import time

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny
from PIL import Image

import tfgan
from tfgan import callbacks, pictures
from tfgan.networks import NETWORKS


def fit(game, *, epochs=2, steps=3, use=()):
    data = tiny.endless(tiny.points(8))
    return game.fit(data, epochs=epochs, steps_per_epoch=steps, verbose=0, callbacks=list(use))


def test_stop_on_non_finite_names_the_log_and_saves_nothing_after():
    game = tiny.points_game(lambda: keras.optimizers.SGD(1e30), loss="least_squares")
    after = []
    later = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after.append(epoch))
    with pytest.raises(FloatingPointError, match=r"(dis|gen).*_loss: expected a finite value; got .* in tick 1"):
        fit(game, epochs=5, use=[callbacks.StopOnNonFinite(), later])
    assert not after


def test_stop_on_non_finite_does_not_wait_for_the_ticks_end():
    game = tiny.points_game(lambda: keras.optimizers.SGD(1e30), loss="least_squares")
    with pytest.raises(FloatingPointError):
        fit(game, epochs=1, steps=1000, use=[callbacks.StopOnNonFinite()])
    assert int(game.step.numpy()) < 10


def test_stop_on_non_finite_does_not_stop_finite_runs():
    fit(tiny.points_game(), use=[callbacks.StopOnNonFinite()])


def test_keras_terminate_on_nan_would_not_have_noticed():
    game = tiny.points_game(lambda: keras.optimizers.SGD(1e30), loss="least_squares")
    game.stops_on_non_finite = False
    history = fit(game, epochs=3, use=[keras.callbacks.TerminateOnNaN()]).history
    assert len(history["generator_loss"]) == 3 and not np.isfinite(history["generator_loss"]).all()


def test_sample_grids_are_named_by_images_shown(tmp_path):
    grid = callbacks.SampleGrid(tmp_path / "samples", every=2, log_dir=tmp_path / "log")
    fit(tiny.points_game(), epochs=3, steps=2, use=[grid])
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == [f"images_{shown:010d}.png" for shown in (0, 32, 48)]
    assert list((tmp_path / "log").glob("events*"))


def test_grids_are_of_fixed_latents_and_the_averaged_generator(tmp_path):
    game = tiny.compiled(
        tfgan.GAN(
            **NETWORKS["dcgan"](image_shape=(16, 16, 1), latent_dim=2, width=2),
            ema_half_life=10**6,
        ),
        lambda: keras.optimizers.Adam(0.1),
    )
    data = tiny.endless(np.zeros((4, 16, 16, 1), "float32"))
    use = [callbacks.SampleGrid(tmp_path, rows=2, columns=3, seed=5)]
    game.fit(data, steps_per_epoch=3, verbose=0, callbacks=use)
    drawn = np.asarray(Image.open(tmp_path / "images_0000000012.png"))[..., None]
    expected, live = (
        pictures.grid(game.generate(6, seed=5, use_ema=use_ema), 3) for use_ema in (True, False)
    )
    assert np.array_equal(drawn, expected) and not np.array_equal(drawn, live)


def test_the_first_grid_is_of_the_untrained_generator(tmp_path):
    game = tiny.points_game(lambda: keras.optimizers.SGD(1.0))
    fit(game, use=[callbacks.SampleGrid(tmp_path)])
    first, *_, last = (np.asarray(Image.open(path)) for path in sorted(tmp_path.iterdir()))
    assert not np.array_equal(first, last)


def test_keep_best_keeps_the_best(tmp_path):
    path = tmp_path / "best"
    game = tiny.points_game()
    best = callbacks.KeepBest(path, "score", "max")
    best.set_model(game)
    kept = []
    for epoch, score in enumerate([1.0, 3.0, 2.0]):
        game.averages["generator"].layers[-1].bias.assign(tf.fill([tiny.DIMS], score))
        best.on_epoch_end(epoch, {"score": score})
        kept.append(keras.saving.load_model(path / "generator.keras").layers[-1].bias.numpy()[0])
    assert kept == [1.0, 3.0, 3.0]
    assert best.get_state() == {"best": 3.0, "tick": 2}
    other = tiny.points_game()
    callbacks.best.restore(other, path)
    assert tiny.same(*(tiny.values(each.averages["generator"].weights[:-1]) for each in (game, other)))
    assert other.averages["generator"].layers[-1].bias.numpy()[0] == 3.0
    with pytest.raises(FileNotFoundError, match="path: expected a folder that KeepBest has written"):
        callbacks.best.restore(other, tmp_path / "elsewhere")


def test_keep_best_knows_its_best_value_after_a_restart(tmp_path):
    best = callbacks.KeepBest(tmp_path / "best", "score")
    best.set_model(tiny.points_game())
    best.set_state({"best": 1.0, "tick": 4})
    best.on_epoch_end(5, {"score": 2.0})
    assert best.get_state() == {"best": 1.0, "tick": 4} and not best.path.exists()


@pytest.mark.parametrize(
    "follower",
    [callbacks.KeepBest("best", "frechet"), callbacks.StopWithoutImprovement("frechet", 1)],
)
def test_an_unknown_log_is_an_error_before_the_first_round(follower):
    game = tiny.points_game()
    with pytest.raises(ValueError, match="monitor: expected one of .*generator_loss.*got 'frechet'"):
        fit(game, use=[follower])
    assert int(game.step.numpy()) == 0


def test_monitor_may_be_a_prefix_of_only_one_log(tmp_path):
    best = callbacks.KeepBest(tmp_path / "best", "generator")
    fit(tiny.points_game(), use=[best])
    assert best.monitor == "generator_loss" and best.tick in (1, 2)
    with pytest.raises(ValueError, match="got 'val_'"):
        data = tiny.endless(tiny.points(8))
        tiny.points_game().fit(
            data, steps_per_epoch=1, validation_data=data, validation_steps=1, verbose=0,
            callbacks=[callbacks.KeepBest(tmp_path / "best", "val_")],
        )  # fmt: skip


class Scores(keras.callbacks.Callback):
    """Logs the given scores, one per epoch."""

    def __init__(self, scores):
        super().__init__()
        self.scores = scores

    def set_model(self, model):
        super().set_model(model)
        model.logs.announce(["score"])

    def on_epoch_end(self, epoch, logs=None):
        if self.scores[epoch] is not None:
            logs["score"] = self.scores[epoch]


@pytest.mark.parametrize(
    "scores, ran", [([3, 2, 2, 2, 1], 4), ([3, 2, 4, 1, 5, 6, 0], 6), ([3, None, None, 2, 3, 3], 6)]
)
def test_a_run_stops_without_improvement(scores, ran):
    stop = callbacks.StopWithoutImprovement("score", patience=2)
    history = fit(tiny.points_game(), epochs=len(scores), use=[Scores(scores), stop])
    assert len(history.epoch) == ran


def test_patience_goes_on_after_a_restart():
    stop = callbacks.StopWithoutImprovement("score", patience=3)
    fit(tiny.points_game(), epochs=3, use=[Scores([1, 2, 3]), stop])
    again = callbacks.StopWithoutImprovement("score", patience=3)
    again.set_state(stop.get_state())
    data = tiny.endless(tiny.points(8))
    history = tiny.points_game().fit(
        data, initial_epoch=3, epochs=9, steps_per_epoch=1, verbose=0,
        callbacks=[Scores([1, 2, 3, 2, 2, 2, 2, 2, 2]), again],
    )  # fmt: skip
    assert history.epoch == [3]


def image_game(**kwargs):
    networks = NETWORKS["dcgan"](image_shape=(16, 16, 1), latent_dim=2, width=2)
    return tiny.compiled(tfgan.GAN(**networks, **kwargs))


def evaluate(**kwargs):
    real = np.random.default_rng(0).integers(0, 256, (20, 16, 16, 1)).astype(np.uint8)
    reference = tfgan.evaluation.Reference(real, "test")
    return callbacks.Evaluate(["sliced_wasserstein"], reference, num_samples=10, **kwargs)


def test_scores_enter_the_logs_for_other_callbacks(tmp_path):
    scores, path = evaluate(every=2, seed=5), tmp_path / "best"
    (name,) = scores.names
    use = [
        scores,
        callbacks.KeepBest(path, "sliced"),
        keras.callbacks.EarlyStopping(name, patience=9, mode="min"),
    ]
    game = image_game()
    data = tiny.endless(np.zeros((4, 16, 16, 1), "float32"))
    history = game.fit(data, epochs=3, steps_per_epoch=2, verbose=0, callbacks=use)
    logged = history.history[name]
    assert len(logged) == 2, "at ticks 2 and 3, the last"
    assert logged[-1] == scores.evaluation.scores(game.generate(10, seed=5))[name]
    assert use[1].best == min(logged) and path.exists()


def test_keras_own_callbacks_work_on_scores(tmp_path):
    """The scores of a generator that is not trained do not improve."""
    scores = evaluate()
    (name,) = scores.names
    use = [
        scores,
        keras.callbacks.EarlyStopping(name, patience=2, mode="min"),
        keras.callbacks.ModelCheckpoint(
            tmp_path / "best.keras", name, save_best_only=True, mode="min"
        ),
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
    ]
    networks = NETWORKS["dcgan"](image_shape=(16, 16, 1), latent_dim=2, width=2)
    game = tiny.compiled(
        tfgan.GAN(**networks, ema_half_life=10**9), lambda: keras.optimizers.SGD(0.0)
    )
    for layer in game.generator.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # so that its statistics do not change either
    data = tiny.endless(np.zeros((4, 16, 16, 1), "float32"))
    history = game.fit(data, epochs=9, steps_per_epoch=1, verbose=0, callbacks=use)
    assert len(history.epoch) == 3 and (tmp_path / "best.keras").exists()
    header, *rows = (tmp_path / "log.csv").read_text().splitlines()
    assert name in header.split(",") and len(rows) == 3


def test_evaluation_changes_nothing_in_training():
    data = tiny.endless(np.zeros((4, 16, 16, 1), "float32"))
    weights = []
    for use in ([], [evaluate()]):
        keras.utils.set_random_seed(0)
        game = image_game()
        game.fit(data, epochs=2, steps_per_epoch=2, verbose=0, callbacks=use)
        weights.append(tiny.values(game.variables))
    assert tiny.same(*weights)


def test_overfitting_by_hand():
    """A discriminator that returns the first coordinate: its logits are known."""
    inputs = keras.Input((tiny.DIMS,))
    networks = tiny.points_networks()
    networks["discriminator"] = keras.Sequential(
        [inputs, keras.layers.Dense(1, kernel_initializer=lambda *_, **__: tf.constant([[1.0], [0.0]]))]
    )
    game = tiny.points_game(lambda: keras.optimizers.SGD(0.0), networks=networks)
    training, held_out = (
        {"images": np.float32(rows)} for rows in ([[3, 0], [5, 0]], [[1, 9], [2, 9], [3, 9]])
    )
    gauge = callbacks.Overfitting(training, held_out, seed=4)
    logs = fit(game, epochs=1, use=[gauge]).history
    generated = game.generate(3, seed=4)[:, 0].mean()
    assert logs["logits_training"] == [4] and logs["logits_held_out"] == [2]
    assert logs["logits_generated"] == pytest.approx([generated])
    assert logs["overfitting"] == pytest.approx([2 / (4 - generated)])
    with pytest.raises(ValueError, match="held_out: expected at least one example; got 0"):
        callbacks.Overfitting(training, {"images": held_out["images"][:0]})


def test_an_unknown_mode():
    with pytest.raises(ValueError, match="mode: expected one of min, max"):
        callbacks.KeepBest("best", "score", "most")


def test_metrics_file_has_a_row_per_tick(tmp_path):
    path = tmp_path / "metrics.csv"
    history = fit(tiny.points_game(), use=[callbacks.MetricsFile(path)]).history
    rows = list(csv.DictReader(path.open()))
    assert list(rows[0]) == ["tick", "images", "discriminator_loss", "generator_loss"]
    assert [(row["tick"], row["images"]) for row in rows] == [("1", "24"), ("2", "48")]
    assert [float(row["generator_loss"]) for row in rows] == history["generator_loss"]


def test_metrics_file_drops_the_rows_of_ticks_that_are_run_again(tmp_path):
    metrics = callbacks.MetricsFile(tmp_path / "metrics.csv")
    metrics.set_model(tiny.points_game())
    for epoch in (0, 1, 2):
        metrics.on_epoch_end(epoch, {"loss": epoch})
    metrics.on_epoch_begin(1)
    metrics.on_epoch_end(1, {"loss": 7.5, "score": 0.5})
    rows = list(csv.DictReader(metrics.path.open()))
    assert [row["loss"] for row in rows] == ["0.0", "7.5"]
    assert [row["score"] for row in rows] == ["", "0.5"]


def test_costs_file_counts_the_seconds_of_ticks(tmp_path):
    path = tmp_path / "costs.csv"
    started = time.monotonic()
    fit(tiny.points_game(), use=[callbacks.CostsFile(path)])
    total = time.monotonic() - started
    rows = list(csv.DictReader(path.open()))
    assert [row["images"] for row in rows] == ["24", "48"]
    seconds = [float(row["seconds"]) for row in rows]
    assert 0 < seconds[1] < seconds[0] < total, "tracing is in the first"
    assert 100 < float(rows[0]["peak_memory_mib"]) <= float(rows[1]["peak_memory_mib"])


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_a_line_per_tick_elsewhere_and_a_bar_on_a_terminal():
    lines, bar = io.StringIO(), Terminal()
    for stream in (lines, bar):
        fit(tiny.points_game(), use=[callbacks.Progress(48, stream, interval=0)])
    ticks = lines.getvalue().splitlines()
    assert len(ticks) == 2 and "\r" not in lines.getvalue()
    assert "24/48 images" in ticks[0] and "48/48 images" in ticks[1]
    for part in ("discriminator_loss", "generator_loss", "images/s", "left"):
        assert part in ticks[0] and part in bar.getvalue()
    assert bar.getvalue().count("\r") == 7 and bar.getvalue().count("\n") == 2


def test_curves_are_drawn_over_images_shown(tmp_path):
    game = tiny.points_game()
    game.images_before = 1000
    fit(game, epochs=2, steps=3, use=[callbacks.Curves(tmp_path)])
    events = [
        (value.tag, event.step)
        for path in sorted(tmp_path.glob("events*"))
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
    ]
    assert sorted(set(events)) == [
        (f"{side}_loss", 1000 + shown) for side in ("discriminator", "generator") for shown in (24, 48)
    ]


def test_images_of_earlier_stages_count_in_file_names_and_metrics(tmp_path):
    game = tiny.points_game()
    game.images_before = 1000
    grid = callbacks.SampleGrid(tmp_path / "samples", rows=1, columns=1)
    fit(game, epochs=1, steps=2, use=[grid, callbacks.MetricsFile(tmp_path / "metrics.csv")])
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == ["images_0000001000.png", "images_0000001016.png"]
    (row,) = csv.DictReader((tmp_path / "metrics.csv").open())
    assert row["images"] == "1016"


def test_a_sheet_has_input_output_and_target_side_by_side():
    small = np.full((3, 2, 2, 1), 10, np.uint8)
    large, colour = np.full((3, 4, 4, 1), 20, np.uint8), np.full((3, 4, 4, 3), 30, np.uint8)
    sheet = pictures.sheet([small, large, colour], groups=2)
    assert sheet.shape == (2 * 4, 2 * 3 * 4, 3)
    assert [int(sheet[0, 4 * column, 0]) for column in range(6)] == [10, 20, 30, 10, 20, 30]
    assert not sheet[4:, 12:].any() and (sheet[4:, :4] == 10).all()
