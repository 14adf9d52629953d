import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image
from runs import logged, played, script

import tfgan
from tfgan import checkpoints, data, experiment, models, networks, pictures, samplers
from tfgan.metrics import METRICS

SMALL = (
    "--dataset=digits", "--image_size=16", "--network=mlp", "--network_options=units=16", "--latent_dim=4",
    "--batch_size=32", "--tick_images=320", "--images=960", "--grid_rows=1", "--grid_columns=1",
    "--split=train[:1500]", "--held_out=train[1500:]", "--metrics=ms_ssim,frechet",
    "--metric_samples=300", "--keep_best=ms_ssim", "--noexport",
)  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("runs") / "scored"
    played(run_dir, *SMALL)
    return run_dir


def test_scores_and_overfitting_are_columns_of_the_metrics_file(run):
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
        (["--dataset=ring", "--split=train", "--held_out=train"], "none for ring, which are points"),
        (["--metrics=classes"], "an extractor that classifies for classes; got 'pixels'"),
        (["--metrics=modes"], "expected metrics of images"),
        (["--held_out=test"], "split: expected one of train; got 'test'"),
        (["--extractor=inception_tf2015"], "expected classify_image_graph_def.pb"),
    ],
)
def test_wrong_scores_are_an_error_and_write_nothing(tmp_path, arguments, message):
    run_dir = tmp_path / "run"
    small = [flag for flag in SMALL if "ring" not in arguments[0] or "image_size" not in flag]
    with pytest.raises(ValueError) as error:
        played(run_dir, *small, *arguments)
    assert message in str(error.value) and not run_dir.exists()


def test_a_run_that_stopped_stays_stopped(tmp_path):
    run_dir = tmp_path / "run"
    arguments = (
        *SMALL, "--images=9600", "--patience=1", "--generator_learning_rate=0", "--ema_half_life=0",
        "--checkpoint_ticks=50", "--keep_best=ms_ssim", "--metrics=ms_ssim",
    )  # fmt: skip
    assert "of 30: ms_ssim has not improved for 1 tick(s)" in played(run_dir, *arguments)
    rows = len(logged(run_dir))
    assert rows < 30 and checkpoints.saved_state(run_dir / "checkpoints")["stopped"]
    assert "is finished" in played(run_dir, *arguments) and len(logged(run_dir)) == rows


def test_every_score_of_a_run_with_its_error_and_that_of_real_data(run):
    report = experiment.evaluate_run(run, num_samples=100, untrained=True)
    of_images = {n for n in METRICS if METRICS[n].needs in ("vectors", "images")}
    assert len(report.rows) == sum(len(METRICS[name].parts) for name in of_images)
    assert report.protocol["real_split"] == "train[1500:]"
    assert report.protocol["training_split"] == "train[:1500]"
    row = report.rows["frechet_pixels_100_vs_train[1500:]_100"]
    assert row.real_data < row.score < row.untrained and row.standard_error > 0
    latest = experiment.evaluate_run(run, ["ms_ssim"], num_samples=100)
    assert latest.rows["ms_ssim_images_100"].score == report.rows["ms_ssim_images_100"].score
    assert latest.protocol["images_shown"] == 960


def test_the_best_generator_is_the_one_that_was_kept(run, tmp_path):
    rows = [float(row["ms_ssim_images_300"]) for row in logged(run)]
    report = experiment.evaluate_run(run, ["ms_ssim"], checkpoint="best", num_samples=300)
    (row,) = report.rows.values()
    assert row.score == pytest.approx(min(rows), rel=1e-3)
    assert report.protocol["images_shown"] == 320 * (1 + rows.index(min(rows)))
    # Whatever lies there is what is scored.
    copy = shutil.copytree(run, tmp_path / "copy")
    kept = keras.saving.load_model(copy / "best" / "generator.keras")
    kept.set_weights([0 * weight for weight in kept.get_weights()])
    kept.save(copy / "best" / "generator.keras")
    report = experiment.evaluate_run(copy, ["ms_ssim"], checkpoint="best", num_samples=300)
    (blank,) = report.rows.values()
    assert blank.score == pytest.approx(1)


def test_without_held_out_data_real_data_are_halved(tmp_path):
    run_dir = tmp_path / "run"
    arguments = [flag for flag in SMALL if not flag.startswith(("--split", "--held", "--metrics"))]
    played(run_dir, *arguments, "--images=320", "--metrics=ms_ssim")
    report = experiment.evaluate_run(run_dir, ["ms_ssim", "manifold"], num_samples=100)
    assert set(report.protocol["real_data_samples"].values()) == {100}
    assert "precision_pixels_100_vs_train_100" in report.rows
    assert all(row.untrained is None for row in report.rows.values())
    with pytest.raises(ValueError, match="real data apart from them, for memorization"):
        experiment.evaluate_run(run_dir, ["memorization"], num_samples=100)


def test_points_are_scored_by_their_modes(tmp_path):
    run_dir = tmp_path / "run"
    played(
        run_dir, "--dataset=ring", "--network=mlp", "--latent_dim=2", "--network_options=units=8",
        "--images=640", "--tick_images=640", "--batch_size=32", "--metrics=modes", "--grid_rows=1",
        "--keep_best=high:max", "--noexport",
    )  # fmt: skip
    report = experiment.evaluate_run(run_dir, num_samples=2500)
    assert report.rows["modes_points_2500"].real_data == 8
    assert logged(run_dir)[0]["modes_points_2500"]


def test_the_scripts_of_scoring(run, tmp_path):
    arguments = ("--num_samples=50", "--metrics=ms_ssim,manifold", f"--output={tmp_path}/s.json")
    result = script("evaluate", f"--run_dir={run}", *arguments)
    assert result.returncode == 0, result.stderr
    name = "precision_pixels_50_vs_train[1500:]_50"
    assert name in result.stdout and "real data" in result.stdout
    scores = json.loads((tmp_path / "s.json").read_text())
    assert set(scores["scores"][name]) == {
        "part", "score", "standard_error", "real_data", "untrained",
    }  # fmt: skip
    assert scores["protocol"]["extractor"] == "pixels"


@pytest.mark.slow
def test_the_samples_that_the_discriminator_finds_most_real(run, tmp_path):
    result = script("generate", f"--run_dir={run}", f"--output={tmp_path}/best", "--num=6", "--best_share=0.5")
    assert result.returncode == 0, result.stderr
    assert len(list((tmp_path / "best").rglob("*.png"))) == 7


def test_a_script_needs_a_run_or_two_folders(run):
    result = script("evaluate", "--real=here", "--generated=there", "--num_samples=4")
    assert result.returncode == 1 and "num_samples: expected none, since it is for a run" in result.stderr
    result = script("evaluate", f"--run_dir={run}", "--real=here")
    assert result.returncode == 1 and "expected --run_dir, or --real and --generated" in result.stderr


def test_any_two_folders_of_images(tmp_path):
    digits = data.open_source("digits", image_size=16).table("images")["images"]
    for name, images in (("real", digits[:200]), ("generated", digits[200:300])):
        pictures.save_all(tmp_path / name, data.from_uint8(images), 10)
    folders = (tmp_path / name / "images" for name in ("real", "generated"))
    report = experiment.evaluate_folders(*folders, ["frechet", "kernel"])
    assert set(report.rows) == {"frechet_pixels_100_vs_images_100", "kernel_pixels_100_vs_images_100"}
    assert set(report.protocol["real_data_samples"].values()) == {100}
    row = report.rows["frechet_pixels_100_vs_images_100"]
    assert row.score == pytest.approx(row.real_data, rel=0.5)


def test_conditional_runs_are_scored_and_choose_their_best_samples(tmp_path):
    run_dir = tmp_path / "run"
    played(run_dir, *SMALL, "--game=conditional", "--images=320")
    report = experiment.evaluate_run(run_dir, ["manifold", "ms_ssim"], num_samples=50)
    assert all(np.isfinite(row.score) for row in report.rows.values())
    game, _ = experiment.open_run(run_dir)
    best = game.generate_best(4, 0.5, condition=np.array([1, 1, 2, 0], np.int32))
    assert best.shape == (4, 16, 16, 1)


def test_a_run_without_a_best_one_says_so(tmp_path):
    run_dir = tmp_path / "run"
    without = [flag for flag in SMALL if not flag.startswith(("--keep_best", "--metrics", "--held_out"))]
    played(run_dir, *without, "--images=320")
    with pytest.raises(ValueError, match="checkpoint: expected latest, for a run without --keep_best"):
        experiment.evaluate_run(run_dir, ["frechet"], checkpoint="best")


def test_a_sampler_that_the_game_does_not_have(run):
    with pytest.raises(ValueError, match="sampler: expected one of generate; got 'a_to_b'"):
        experiment.evaluate_run(run, ["frechet"], sampler="a_to_b")


# --------------------------------------------- games with several parts and samplers


class Translator(tfgan.GAN):
    """Makes an image of the second part from one of the first."""

    parts = ("inputs", "targets")
    paired = True

    def discriminator_terms(self, batch, random):
        fake = self.forward("generator", batch[self.parts[0]])
        return self.objective.discriminator(self.discriminate, batch[self.parts[1]], fake, random).terms

    def generator_terms(self, batch, random):
        fake = self.forward("generator", batch[self.parts[0]])
        return self.objective.generator(self.discriminate, batch[self.parts[1]], fake, random).terms

    def samplers(self):
        given = {self.parts[0]: self.generator.inputs[0]}
        make = lambda networks, latents, given: networks["generator"](given[self.parts[0]])
        return {
            "there": samplers.Sampler(make, None, given, self.parts[1], paired=self.paired),
            "again": samplers.Sampler(make, None, given, self.parts[1], paired=self.paired),
        }


class Unpaired(Translator):
    parts = ("day", "dusk")
    paired = False


def translating_networks(image_shape):
    networks = {}
    for name, last in (("generator", [keras.layers.Dense(64, "tanh"), keras.layers.Reshape((8, 8, 1))]),
                       ("discriminator", [keras.layers.Dense(1)])):  # fmt: skip
        layers = [keras.Input(image_shape, name=f"{name}_images"), keras.layers.Flatten(), *last]
        networks[name] = keras.Sequential(layers, name=name)
    return networks


@pytest.fixture
def translators(monkeypatch):
    monkeypatch.setitem(models.GAMES, "gan", Translator)
    monkeypatch.setitem(models.GAMES, "conditional", Unpaired)
    monkeypatch.setitem(networks.NETWORKS, "mlp", translating_networks)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Folders `inputs` and `targets` of digits, the target being the negative."""
    folder = tmp_path_factory.mktemp("pairs")
    digits = data.open_source("digits", image_size=8).table("images")["images"][:40]
    for name, images in (("inputs", digits), ("targets", 255 - digits)):
        pictures.save_all(folder / "all", data.from_uint8(images), 10)
        shutil.move(folder / "all" / "images", folder / name)
    shutil.rmtree(folder / "all")
    return folder


TRANSLATION = (
    "--network=mlp", "--batch_size=8", "--images=64", "--tick_images=64", "--grid_rows=2", "--grid_columns=6",
    "--metric_samples=40", "--ema_half_life=0", "--noexport",
)  # fmt: skip


def test_pairs_stay_pairs(pairs, translators, tmp_path):
    run_dir = tmp_path / "run"
    played(run_dir, *TRANSLATION, f"--dataset=folder:{pairs}", "--metrics=pairs", "--keep_best=l1")
    (row,) = logged(run_dir)
    (name,) = [name for name in row if name.startswith("l1")]
    game, spec = experiment.open_run(run_dir)
    table = data.open_source(f"folder:{pairs}").table()
    made = game.generate(inputs=table["inputs"])
    by_hand = np.abs(made - np.asarray(data.from_uint8(table["targets"]))).mean()
    assert float(row[name]) == pytest.approx(by_hand, rel=1e-3)
    report = experiment.evaluate_run(run_dir, ["pairs"], num_samples=100, sampler="again")
    assert report.protocol["samples"] == 40 and report.protocol["sampler"] == "again"
    (score,) = [row for name, row in report.rows.items() if name.startswith("l1")]
    assert score.score == pytest.approx(by_hand, rel=1e-3) and score.real_data is None
    assert "l1" in experiment.table(report)
    # Two groups of input, output and target in each of two rows.
    assert Image.open(run_dir / "samples" / "images_0000000064.png").size == (48, 16)
    assert (run_dir / "samples" / "again_images_0000000064.png").exists()
    given, count, _ = experiment.given_for(game.samplers()["there"], spec, folders=[str(pairs / "inputs")])
    assert count == 40 and np.array_equal(game.generate(count, **given), made)


def test_parts_of_two_sources(pairs, translators, tmp_path):
    run_dir = tmp_path / "run"
    played(
        run_dir, *TRANSLATION, "--game=conditional", "--metrics=manifold",
        f"--dataset=day=folder:{pairs}/inputs,dusk=folder:{pairs}/targets",
    )  # fmt: skip
    assert any(name.startswith("precision") for name in logged(run_dir)[0])
    # Without latents there is one sample per image that is given, of which there are 40.
    report = experiment.evaluate_run(run_dir, ["kernel"], num_samples=50)
    assert report.protocol["samples"] == 40
    assert Image.open(run_dir / "samples" / "images_0000000064.png").size == (48, 16)
