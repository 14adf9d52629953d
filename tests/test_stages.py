import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from runs import assert_equal_stages, final_state, logged, parsed, played, same_weights, terminated

from tfgan import experiment
from tfgan.experiment import Recipe, Start

TINY = (
    "--dataset=digits", "--image_size=16", "--network=mlp", "--network_options=units=8",
    "--latent_dim=4", "--batch_size=32", "--tick_images=320", "--images=640", "--seed=5",
    "--ema_half_life=200", "--grid_rows=1", "--grid_columns=2", "--noexport",
)  # fmt: skip
JUDGE = (
    "judge --game_options=frozen=generator --images=960 "
    "--start_from=generator=train#generator:averaged,discriminator=train"
)
STAGES = (*TINY, "--stage=train", f"--stage={JUDGE}")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose discriminator is trained alone in a second stage, and what it printed."""
    run_dir = tmp_path_factory.mktemp("runs") / "staged"
    return run_dir, played(run_dir, *STAGES)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A run of one stage."""
    run_dir = tmp_path_factory.mktemp("runs") / "alone"
    played(run_dir, *TINY)
    return run_dir


# ------------------------------------------------------------------ two stages


def test_each_stage_has_a_folder_and_the_run_what_is_common(run):
    run_dir, output = run
    assert sorted(path.name for path in run_dir.iterdir()) == [
        "environment.json", "flags.txt", "judge", "tensorboard", "train",
    ]  # fmt: skip
    assert sorted(path.name for path in (run_dir / "judge").iterdir()) == [
        "checkpoints", "costs.csv", "metrics.csv", "samples", "started_from.json",
    ]  # fmt: skip
    assert output.index("stage train") < output.index("stage judge")
    assert str(run_dir / "judge" / "samples" / "images_0000001600.png") in output


def test_images_shown_count_on_over_the_stages(run):
    run_dir, output = run
    counts = {name: [int(row["images"]) for row in logged(run_dir / name)] for name in ("train", "judge")}
    assert counts == {"train": [320, 640], "judge": [960, 1280, 1600]}
    pictures = sorted(path.name for path in (run_dir / "judge" / "samples").iterdir())
    assert pictures == [f"images_{images:010d}.png" for images in (640, 960, 1280, 1600)]
    assert "640/1,600 images" in output and "1,600/1,600 images" in output
    steps = set()
    for path in (run_dir / "tensorboard").glob("events*"):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            steps |= {event.step for value in event.summary.value if value.tag == "discriminator_loss"}
    assert steps == {320, 640, 960, 1280, 1600}


def test_a_stage_takes_averaged_and_live_weights(run):
    run_dir, output = run
    first, _ = experiment.open_run(run_dir / "train")
    last, _ = experiment.open_run(run_dir)
    assert last.frozen == ("generator",) and not last.averages
    assert same_weights(last.generator, first.averages["generator"])
    assert not same_weights(last.generator, first.generator)
    assert not same_weights(last.discriminator, first.discriminator), "it was trained on"
    of_generator, of_discriminator = json.loads((run_dir / "judge" / "started_from.json").read_text())
    assert (of_generator["here"], of_generator["where"], of_generator["weights"]) == (
        "generator", "train", "averaged",
    )  # fmt: skip
    assert of_discriminator["weights"] == "live" and not of_discriminator["new"]
    assert len(of_generator["taken"]) == len(first.generator.weights)
    assert "generator: 6 variables of train's generator (averaged)" in output


def test_the_last_stage_is_the_one_that_is_asked(run):
    run_dir, _ = run
    first, _ = experiment.open_run(run_dir / "train")
    last, _ = experiment.open_run(run_dir)
    samples = first.generate(4, seed=0)
    assert np.array_equal(last.generate(4, seed=0), samples), "its generator is the averaged one"
    assert not np.array_equal(last.logits(samples), first.logits(samples))
    best = last.generate_best(8, 0.1, seed=1)
    assert best.shape == (8, 16, 16, 1) and not np.array_equal(best, first.generate_best(8, 0.1, seed=1))
    report = experiment.evaluate_run(run_dir, ["ms_ssim"], num_samples=20)
    assert report.protocol["images_shown"] == 1600


def test_the_first_stage_is_the_run_without_the_second(run, alone):
    """Its seed is the run's own; that of another is not."""
    assert_equal_stages(run[0] / "train", alone)
    first, second = experiment.stages_of(parsed(*STAGES))
    assert first.seed == 5 and second.seed not in (0, 5)
    assert not np.array_equal(*(next(iter(stage.batches()))["images"] for stage in (first, second)))


def test_a_stop_in_the_second_stage_ends_as_the_unbroken_run(run, tmp_path, monkeypatch):
    run_dir = tmp_path / "run"
    stages = (*STAGES, "--steps_per_execution=1")
    plain, _ = run
    terminated(run_dir, monkeypatch, 1000, *stages)
    assert final_state(run_dir / "judge")[1]["rounds"], "within a tick"
    before = (run_dir / "train" / "metrics.csv").stat().st_mtime_ns
    output = played(run_dir, *stages)
    assert "stage judge" in output and "stage train" not in output
    assert (run_dir / "train" / "metrics.csv").stat().st_mtime_ns == before
    whole = tmp_path / "whole"
    played(whole, *stages)
    for name in ("train", "judge"):
        assert_equal_stages(whole / name, run_dir / name)
    assert "is finished (1,600 images)" in played(run_dir, *stages)


def test_a_stage_that_shows_no_images(run, alone, tmp_path):
    run_dir = tmp_path / "run"
    arguments = [flag for flag in TINY if flag != "--noexport"]
    output = played(
        run_dir, *arguments, "--images=0", "--game_options=frozen=(generator,discriminator)",
        f"--start_from=generator={alone}#generator:averaged",
    )  # fmt: skip
    assert [path.name for path in (run_dir / "samples").iterdir()] == ["images_0000000000.png"]
    assert not (run_dir / "metrics.csv").exists() and "exported model" in output
    source, _ = experiment.open_run(alone)
    assert same_weights(experiment.open_run(run_dir)[0].generator, source.averages["generator"])
    assert (run_dir / "exported" / "saved_model.pb").exists()
    assert "is finished (0 images)" in played(run_dir, *arguments, "--images=0",
        "--game_options=frozen=(generator,discriminator)",
        f"--start_from=generator={alone}#generator:averaged")  # fmt: skip


def test_the_same_from_python():
    recipe = parsed(*STAGES)
    same = Recipe(
        **{name: getattr(recipe, name) for name in ("dataset", "image_size", "network", "latent_dim")},
        network_options={"units": 8}, batch_size=32, tick_images=320, images=640, seed=5,
        ema_half_life=200, grid_rows=1, grid_columns=2, export=False,
        stage={
            "train": {},
            "judge": {
                "game_options": {"frozen": "generator"},
                "images": 960,
                "start_from": ["generator=train#generator:averaged", Start("train", "discriminator")],
            },
        },
    )  # fmt: skip
    assert same == recipe and same.stage["judge"]["start_from"][1] == Start("train", "discriminator")


# ----------------------------------------------------------- start from another run


@pytest.mark.parametrize(
    "text, start",
    [
        ("runs/a", Start("runs/a")),
        ("generator=train", Start("train", "generator")),
        ("g=runs/a.b#h:averaged:partial", Start("runs/a.b", "g", "h", True, True)),
        ("runs/a:live:partial", Start("runs/a", partial=True)),
    ],
)
def test_where_weights_come_from_is_text(text, start):
    assert Start.parse(text) == start
    assert Start.parse(str(start)) == start


@pytest.mark.parametrize("text", ["", "a:averaged:live", "a#b", "a:partial:partial", "g=#h"])
def test_what_says_not_where_weights_come_from(text):
    with pytest.raises(ValueError, match="start_from: expected"):
        Start.parse(text)


def stage_from(where, *more):
    """The only stage of a run that starts from another; its rehearsal, which takes the weights."""
    from tfgan.experiment import taking

    (stage,) = experiment.stages_of(parsed(*TINY, f"--start_from={where}", *more))
    return stage.game, taking.rehearse(stage)


def test_a_run_starts_from_another(alone):
    source, _ = experiment.open_run(alone)
    game, taken = stage_from(alone)
    assert [one["here"] for one in taken] == ["generator", "discriminator"]
    assert same_weights(game.generator, source.generator)
    assert same_weights(game.discriminator, source.discriminator)
    assert same_weights(game.averages["generator"], source.generator), "averages start there too"
    game, taken = stage_from(f"{alone}:averaged")
    assert [one["weights"] for one in taken] == ["averaged", "live"]
    assert same_weights(game.generator, source.averages["generator"])


def test_weights_that_do_not_fit_are_refused_unless_that_was_said(alone):
    with pytest.raises(ValueError, match="start_from: expected shape"):
        stage_from(alone, "--network_options=units=4")
    deeper = "--network_options=units=8,layers=3"
    with pytest.raises(ValueError, match="start_from: expected all variables.*new: dense3/kernel"):
        stage_from(f"generator={alone}", deeper)
    source, _ = experiment.open_run(alone)
    with pytest.raises(ValueError, match="start_from: expected shape"):
        stage_from(f"generator={alone}:partial", "--network_options=units=8,layers=2", "--latent_dim=5")
    game, (taken,) = stage_from(f"generator={alone}:partial", deeper)
    assert taken["new"] == ["dense3/kernel", "dense3/bias"] and not taken["left"]
    assert np.array_equal(game.generator.get_weights()[0], source.generator.get_weights()[0])


@pytest.mark.parametrize(
    "where, message",
    [
        ("/nowhere", "expected the folder of another run; got '/nowhere'"),
        ("{run}#generator", "expected HERE="),
        ("encoder={run}", "expected one of generator, discriminator; got 'encoder'"),
        ("generator={run}#encoder", "expected one of generator, discriminator; got 'encoder'"),
        ("discriminator={run}:averaged", "expected :live, since .* has no average of its discriminator"),
    ],
)
def test_what_is_not_there_is_named_and_nothing_written(alone, tmp_path, where, message):
    with pytest.raises(ValueError, match=f"start_from: {message}"):
        played(tmp_path / "run", *TINY, f"--start_from={where.replace('{run}', str(alone))}")
    assert not (tmp_path / "run").exists()


def test_a_run_does_not_start_from_itself(alone):
    with pytest.raises(ValueError, match="start_from: expected the folder of another run"):
        played(alone, *TINY, "--overwrite", f"--start_from={alone}")
    assert (alone / "metrics.csv").exists()


# ---------------------------------------------------------------- flags of stages


def flagfile(tmp_path, *lines):
    path = tmp_path / "stages.txt"
    path.write_text("\n".join(lines))
    return f"--flagfile={path}"


def test_flags_after_the_flagfile_hold_in_every_stage(tmp_path):
    file = flagfile(
        tmp_path, *TINY, "--stage='small --batch_size=16 --images=320 --loss=hinge'", "--stage=large",
        "--stage=none --images=0 --start_from=large",
    )  # fmt: skip
    plain = parsed(file)
    stages = [plain.of_stage(name) for name in ("small", "large", "none")]
    assert [(one.batch_size, one.images, one.loss) for one in stages] == [
        (16, 320, "hinge"), (32, 640, "non_saturating"), (32, 0, "non_saturating"),
    ]  # fmt: skip
    for arguments in ([file, "--images=64", "--batch_size=8"], [file, "--images", "64", "--batch_size=8"]):
        shorter = parsed(*arguments)
        stages = [shorter.of_stage(name) for name in ("small", "large", "none")]
        assert [(one.batch_size, one.images, one.loss) for one in stages] == [
            (8, 64, "hinge"), (8, 64, "non_saturating"), (8, 0, "non_saturating"),
        ]  # fmt: skip
    before = parsed("--images=64", file)
    assert before.of_stage("small").images == 320, "flags before the flagfile are its own to override"
    own = parsed("--images=64", "--stage=a --images=32", "--stage=b")
    assert (own.of_stage("a").images, own.of_stage("b").images) == (32, 64)


def test_what_a_run_starts_from_is_of_its_first_stage():
    recipe = parsed("--start_from=runs/a", "--stage=one", "--stage=two", "--stage=three --start_from=two")
    starts = [recipe.of_stage(name).start_from for name in recipe.stage]
    assert starts == [(Start("runs/a"),), (), (Start("two"),)]


@pytest.mark.parametrize(
    "stages, message",
    [
        (["a", "a"], "stage: expected stages of different names; got 'a'"),
        (["a/b"], "stage: expected 'NAME --flag=value ...'"),
        (["--images=3"], "stage: expected 'NAME --flag=value ...'"),
        (["a --run_dir=b"], "stage 'a': expected one of .*got 'run_dir'"),
        (["a --stage=b"], "stage 'a': expected flags of one stage"),
        (["a --images=many"], "images: expected a whole number"),
        (["a", "b --start_from=c"], "start_from: expected stage a or the folder of another run; got 'c'"),
        (["a --start_from=b", "b"], "start_from: expected the folder of another run; got 'b'"),
        (["a", "b --network_options=units=4 --start_from=a"], "start_from: expected shape"),
        (["a", "b --network_options=unit=4"], "network_options: expected one of"),
    ],
)
def test_wrong_stages_are_an_error_and_write_nothing(tmp_path, stages, message):
    with pytest.raises(ValueError, match=message):
        played(tmp_path / "run", *TINY, *(f"--stage={stage}" for stage in stages))
    assert not (tmp_path / "run").exists()


def test_other_stages_than_those_of_the_folder_are_refused(run):
    with pytest.raises(ValueError, match="--stage: train . judge .* there, train here"):
        played(run[0], *TINY, "--stage=train")


# ---------------------------------------------------------------------- dry runs


def test_a_dry_run_says_what_would_be_trained_and_writes_nothing(alone, tmp_path):
    start = f"--start_from=generator={alone}:averaged"
    output = played(tmp_path / "run", *STAGES, "--metrics=ms_ssim", start, "--dry_run")
    assert "stage train: GAN, non_saturating loss" in output
    assert "data: digits train, 1,797 examples: images image [16, 16, 1]" in output
    # 4 x 8 + 8, 8 x 8 + 8 and 8 x 256 + 256.
    assert "generator: 2,416 parameters, 2,416 of them trained; moved by the generator's side" in output
    assert "generator: 2,416 parameters, 0 of them trained; frozen" in output
    assert "length: 640 images in 2 ticks of 10 rounds of 32" in output
    assert "memory: about" in output and "together about" in output
    assert f"generator: 6 variables of {alone}'s generator (averaged)" in output
    assert not list(tmp_path.iterdir())
    experiment.run(parsed("--network=mlp", "--network_options=units=8", "--images=64", "--dry_run"))
    assert not list(tmp_path.iterdir())


def test_a_dry_run_finds_what_is_wrong(tmp_path):
    with pytest.raises(ValueError, match="Did you mean 'units'"):
        played(tmp_path / "run", *TINY, "--network_options=unit=8", "--dry_run")


def test_games_are_as_they_were_built_when_their_stage_begins(tmp_path):
    """What was tried before the first file was written leaves no trace in weights."""
    first, second = experiment.stages_of(parsed(*STAGES))
    weights = [second.game.generator.get_weights()]
    second.release()
    first.game  # noqa: B018: builds it
    weights.append(second.game.generator.get_weights())
    assert all(map(np.array_equal, *weights))
    assert keras.backend.floatx() == "float32"
