import json
import shutil

import keras
import numpy as np
import pytest
from runs import parsed, script

from tfgan import checkpoints, data, experiment, pictures
from tfgan.metrics import METRICS

SMALL = (
    "--dataset=digits", "--image_size=16", "--latent_dim=4", "--network_options=width=4",
    "--batch_size=32", "--tick_images=320", "--images=960", "--grid_rows=1", "--grid_columns=1",
    "--split=train[:1500]", "--held_out=train[1500:]", "--metrics=ms_ssim,frechet",
    "--metric_samples=300", "--judge_images=320", "--keep_best=frechet",
)  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("runs") / "scored"
    experiment.train(parsed(*SMALL, f"--run_dir={run_dir}"))
    return run_dir


def logged(run_dir):
    header, *rows = (run_dir / "metrics.csv").read_text().splitlines()
    return [dict(zip(header.split(","), row.split(","))) for row in rows]


def test_scores_and_gauge_are_columns_of_the_metrics_file(run):
    rows = logged(run)
    assert len(rows) == 3
    for row in rows:
        for name in ("ms_ssim_images_300", "frechet_pixels_300_vs_train[1500:]_297", "overfitting"):
            assert np.isfinite(float(row[name]))
        for name in ("training", "held_out", "generated"):
            assert np.isfinite(float(row[f"logits_{name}"]))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--keep_best=fid"], "monitor: expected one of discriminator_loss, generator_loss, ms_ssim"),
        (["--keep_best=", "--patience=2"], "patience: expected 0 without --keep_best"),
        (["--metrics=fid"], "metrics: expected one of frechet"),
        (["--held_out=train[1200:]"], "held_out: expected data apart from --split=train[:1500]"),
        (["--dataset=ring", "--network=mlp", "--split=train", "--held_out=train",
          "--network_options=units=4"], "held_out: expected none for ring, which are points"),
        (["--metrics=classes"], "an extractor that classifies for classes; got 'pixels'"),
        (["--metrics=modes"], "expected metrics of images"),
        (["--held_out=test"], "split: expected one of train; got 'test'"),
        (["--extractor=inception_tf2015"], "extractor_path: expected classify_image_graph_def.pb"),
    ],
)
def test_wrong_scores_are_an_error_and_write_nothing(tmp_path, arguments, message):
    run_dir = tmp_path / "run"
    small = [flag for flag in SMALL if "ring" not in arguments[0] or "image_size" not in flag]
    with pytest.raises(ValueError) as error:
        experiment.train(parsed(*small, f"--run_dir={run_dir}", *arguments))
    assert message in str(error.value) and not run_dir.exists()


def test_a_run_that_stopped_stays_stopped(tmp_path, capsys):
    run_dir = tmp_path / "run"
    arguments = parsed(
        *SMALL, f"--run_dir={run_dir}", "--judge_images=0", "--images=9600", "--patience=1",
        "--generator_learning_rate=0", "--ema_half_life=0", "--checkpoint_ticks=50",
        "--keep_best=ms_ssim",
    )  # fmt: skip
    experiment.train(arguments)
    output = capsys.readouterr().out
    assert "of 30: ms_ssim has not improved for 1 tick(s)" in output
    rows = len(logged(run_dir))
    assert rows < 30 and checkpoints.saved_state(run_dir / "checkpoints")["stopped"]
    experiment.train(arguments)
    assert "is finished" in capsys.readouterr().out and len(logged(run_dir)) == rows


def test_every_score_of_a_run_with_its_error_and_that_of_real_data(run):
    report = experiment.evaluate_run(run, num_samples=100, untrained=True)
    of_images = {n for n in METRICS if METRICS[n].needs in ("vectors", "images")}
    assert len(report.rows) == sum(len(METRICS[name].parts) for name in of_images)
    assert report.protocol["real_split"] == "train[1500:]"
    assert report.protocol["training_split"] == "train[:1500]"
    row = report.rows["frechet_pixels_100_vs_train[1500:]_100"]
    assert row.real_data < row.score < row.untrained and row.standard_error > 0
    latest = experiment.evaluate_run(run, ["frechet"], num_samples=100)
    assert latest.rows["frechet_pixels_100_vs_train[1500:]_100"].score == row.score
    assert latest.protocol["images_shown"] == 960


def test_the_best_generator_is_the_one_that_was_kept(run, tmp_path):
    rows = [float(row["frechet_pixels_300_vs_train[1500:]_297"]) for row in logged(run)]
    report = experiment.evaluate_run(run, ["frechet"], checkpoint="best", num_samples=300)
    (row,) = report.rows.values()
    assert row.score == pytest.approx(min(rows), rel=1e-3)
    # Whatever lies there is what is scored.
    copy = shutil.copytree(run, tmp_path / "copy")
    kept = keras.saving.load_model(copy / "best_generator.keras")
    kept.set_weights([0 * weight for weight in kept.get_weights()])
    kept.save(copy / "best_generator.keras")
    report = experiment.evaluate_run(copy, ["frechet"], checkpoint="best", num_samples=300)
    (blank,) = report.rows.values()
    assert abs(blank.score - row.score) > 10 * row.standard_error


def test_without_held_out_data_real_data_are_halved(tmp_path):
    run_dir = tmp_path / "run"
    arguments = [flag for flag in SMALL if not flag.startswith(("--split", "--held", "--judge"))]
    experiment.train(parsed(*arguments, f"--run_dir={run_dir}", "--images=320"))
    report = experiment.evaluate_run(run_dir, num_samples=100)
    assert set(report.protocol["real_data_samples"].values()) == {100}
    assert "memorization_pixels_100_vs_train_100" not in report.rows
    assert all(row.untrained is None for row in report.rows.values())


def test_points_are_scored_by_their_modes(tmp_path):
    run_dir = tmp_path / "run"
    experiment.train(
        parsed("--dataset=ring", "--network=mlp", "--latent_dim=2", "--network_options=units=8",
               "--images=640", "--tick_images=640", "--batch_size=32", "--metrics=modes",
               f"--run_dir={run_dir}", "--grid_rows=1", "--keep_best=high", "--keep_best_mode=max")
    )  # fmt: skip
    report = experiment.evaluate_run(run_dir, num_samples=2500)
    assert report.rows["modes_points_2500"].real_data == 8
    assert logged(run_dir)[0]["modes_points_2500"]


def test_the_scripts_of_scoring(run, tmp_path):
    arguments = ("--num_samples=50", "--metrics=frechet,manifold", f"--output={tmp_path}/s.json")
    result = script("evaluate", f"--run_dir={run}", *arguments)
    assert result.returncode == 0, result.stderr
    name = "precision_pixels_50_vs_train[1500:]_50"
    assert name in result.stdout and "real data" in result.stdout
    scores = json.loads((tmp_path / "s.json").read_text())
    assert set(scores["scores"][name]) == {
        "part", "score", "standard_error", "real_data", "untrained",
    }  # fmt: skip
    assert scores["protocol"]["extractor"] == "pixels"
    result = script("generate", f"--run_dir={run}", f"--output={tmp_path}/best", "--num=6", "--keep_best=0.5")
    assert result.returncode == 0, result.stderr
    assert len(list((tmp_path / "best").rglob("*.png"))) == 7


def test_a_script_needs_a_run_or_two_folders(run):
    result = script("evaluate", "--real=here", "--generated=there", "--num_samples=4")
    assert result.returncode == 1 and "num_samples: expected none for folders" in result.stderr
    result = script("evaluate", f"--run_dir={run}", "--real=here")
    assert result.returncode == 1 and "expected --run_dir, or --real and --generated" in result.stderr


def test_any_two_folders_of_images(tmp_path):
    digits = data.open_source("digits", image_size=16).images
    for name, images in (("real", digits[:200]), ("generated", digits[200:300])):
        pictures.save_all(tmp_path / name, data.from_uint8(images), 10)
    report = experiment.evaluate_folders(tmp_path / "real/images", tmp_path / "generated/images", ["frechet", "kernel"])
    assert set(report.rows) == {"frechet_pixels_100_vs_images_100", "kernel_pixels_100_vs_images_100"}
    assert set(report.protocol["real_data_samples"].values()) == {100}
    row = report.rows["frechet_pixels_100_vs_images_100"]
    assert row.score == pytest.approx(row.real_data, rel=0.5)


def test_a_judge_goes_on_where_it_stopped(run, tmp_path, capsys):
    copy = shutil.copytree(run, tmp_path / "copy")
    for images, ticks in ((640, 2), (640, 2), (960, 3)):
        experiment.train(parsed(*SMALL, f"--run_dir={copy}", f"--judge_images={images}"))
        assert checkpoints.saved_state(copy / "judge")["tick"] == ticks
    game, _ = experiment.open_run(copy)
    assert int(game.images_shown.numpy()) == 960, "the run itself stays as it is"
    assert capsys.readouterr().out.count("is finished") == 1


def test_conditional_runs_are_scored_and_judged(tmp_path):
    run_dir = tmp_path / "run"
    arguments = parsed(*SMALL, "--game=conditional", f"--run_dir={run_dir}", "--images=320")
    experiment.train(arguments)
    report = experiment.evaluate_run(run_dir, ["frechet", "ms_ssim"], num_samples=50)
    assert all(np.isfinite(row.score) for row in report.rows.values())
    judge, _ = experiment.open_judge(run_dir)
    assert judge.generate_best(4, 0.5, np.array([1, 1, 2, 0], np.int32)).shape == (4, 16, 16, 1)


def test_a_run_without_a_judge_or_a_best_one_says_so(tmp_path, run):
    run_dir = tmp_path / "run"
    flagless = [flag for flag in SMALL if not flag.startswith(("--judge", "--keep_best"))]
    experiment.train(parsed(*flagless, f"--run_dir={run_dir}", "--images=320"))
    with pytest.raises(ValueError, match="keep_best: expected a run with --judge_images"):
        experiment.open_judge(run_dir)
    with pytest.raises(ValueError, match="checkpoint: expected latest, for a run without --keep_best"):
        experiment.evaluate_run(run_dir, ["frechet"], checkpoint="best")
    game, _ = experiment.open_run(run)
    judge, _ = experiment.open_judge(run)
    assert np.array_equal(game.generate(4, seed=0), judge.generate(4, seed=0))
    images = game.generate(4, seed=0)
    assert not np.array_equal(game.judge(images), judge.judge(images))
