"""Runs that get another length than they were begun with."""

import shutil

import numpy as np
import pytest
import tensorflow as tf
from runs import assert_equal_stages, final_state, logged, parsed, played, terminated

from tfgan import data, experiment
from tfgan.experiment import RunFolder

# 10 rounds a tick, so that "auto" rounds per call is 2, and 1 in a run of 3 rounds.
TINY = (
    "--dataset=digits", "--image_size=16", "--network=mlp", "--network_options=units=8",
    "--latent_dim=4", "--batch_size=32", "--tick_images=320", "--seed=5", "--ema_half_life=200",
    "--grid_rows=1", "--grid_columns=2", "--keep_best=discriminator_loss", "--patience=50", "--noexport",
)  # fmt: skip
STAGES = (*TINY, "--images=320", "--stage=first", "--stage=second --start_from=first")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run of 1,280 images from its start to its end."""
    run_dir = tmp_path_factory.mktemp("runs") / "whole"
    played(run_dir, *TINY, "--images=1280")
    return run_dir


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One of 640 images."""
    run_dir = tmp_path_factory.mktemp("runs") / "finished"
    played(run_dir, *TINY, "--images=640")
    return run_dir


@pytest.fixture(scope="module")
def brief(tmp_path_factory):
    """One of 96 images, 3 rounds of 32, less than a tick."""
    run_dir = tmp_path_factory.mktemp("runs") / "brief"
    played(run_dir, *TINY, "--images=100")
    return run_dir


@pytest.fixture
def run(finished, tmp_path):
    """A copy of that run, to change."""
    return shutil.copytree(finished, tmp_path / "run")


def test_a_finished_run_that_is_made_longer_equals_one_of_that_length(run, whole):
    assert "is finished (640 images); more --images make it longer" in played(run, *TINY, "--images=640")
    output = played(run, *TINY, "--images=1280")
    assert "the run now ends at 1,280 images instead of 640" in output
    assert_equal_stages(run, whole)
    assert (run / "flags.txt").read_text() == (whole / "flags.txt").read_text()
    assert "is finished (1,280 images)" in played(run, *TINY, "--images=1280")


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True])
def test_a_run_shorter_than_a_tick_goes_on_in_the_middle_of_the_first(tmp_path, brief, whole, killed):
    run = shutil.copytree(brief, tmp_path / "run")
    assert [row["images"] for row in logged(run)] == ["96"]
    if killed:  # after the new flags were written, and before the next checkpoint
        RunFolder(run).change_length(parsed(*TINY, "--images=1280"))
    played(run, *TINY, "--images=1280")
    assert [row["images"] for row in logged(run)] == ["320", "640", "960", "1280"]
    (run / "samples" / "images_0000000096.png").unlink()
    assert_equal_stages(run, whole)


@pytest.mark.slow
def test_an_unfinished_run_may_end_sooner_but_not_before_what_it_has_shown(tmp_path, monkeypatch, finished):
    run = tmp_path / "run"
    slow = (*TINY, "--steps_per_execution=1")
    terminated(run, monkeypatch, 400, *slow, "--images=1280")
    shown = 32 * int(final_state(run)[0].removeprefix("step_"))
    assert 400 <= shown < 640
    flags = (run / "flags.txt").read_text()
    for images in (320, shown):
        with pytest.raises(ValueError, match=f"images: expected at least the {shown} that were shown"):
            played(run, *slow, f"--images={images}")
    assert (run / "flags.txt").read_text() == flags and not (run / "lock").exists()
    played(run, *slow, "--images=640")
    assert (run / "metrics.csv").read_text() == (finished / "metrics.csv").read_text()
    assert final_state(run)[2] == final_state(finished)[2]


@pytest.mark.slow
def test_the_exported_model_is_made_anew(run):
    arguments = [flag for flag in TINY if flag != "--noexport"]
    played(run, *arguments, "--images=640")
    before = exported(run)
    played(run, *arguments, "--images=960")
    game, _ = experiment.open_run(run)
    assert np.array_equal(exported(run), data.to_uint8(game.generate(2, seed=3)))
    assert not np.array_equal(exported(run), before)


def exported(run):
    generate = tf.saved_model.load(str(run / "exported")).signatures["generate"]
    return generate(num_images=tf.constant(2), seed=tf.constant(3))["images"].numpy()


# ------------------------------------------------------------------------- patience

# Without learning the score of a tick is that of the one before.
STANDING = (
    *TINY, "--generator_learning_rate=0", "--ema_half_life=0", "--metrics=ms_ssim", "--metric_samples=16",
    "--keep_best=ms_ssim", "--images=3200",
)  # fmt: skip


@pytest.mark.slow
def test_a_run_that_patience_ended_stays_ended_until_it_gets_more(tmp_path):
    run, whole = tmp_path / "run", tmp_path / "whole"
    output = played(run, *STANDING, "--patience=1")
    assert "stopped at tick 2 of 10: ms_ssim has not improved for 1 tick(s); more --patience" in output
    for images in ("--images=3200", "--images=6400"):
        output = played(run, *STANDING, images, "--patience=1")
        assert "is finished (640 images): --patience=1 ended it. More --patience lets it go on" in output
    played(run, *STANDING, "--patience=3")
    played(whole, *STANDING, "--patience=3")
    assert len(logged(run)) == 4
    assert_equal_stages(run, whole)
    assert (run / "flags.txt").read_text() == (whole / "flags.txt").read_text()
    for patience in (0, 2):
        with pytest.raises(ValueError, match=f"--patience: 3 there, {patience} here"):
            played(run, *STANDING, f"--patience={patience}")


# ---------------------------------------------------------------------------- stages


@pytest.mark.slow
def test_the_last_of_several_stages_gets_longer_and_no_other(tmp_path):
    run, whole = tmp_path / "run", tmp_path / "whole"
    longer = (*STAGES[:-1], f"{STAGES[-1]} --images=640")
    played(run, *STAGES)
    with pytest.raises(ValueError, match="images: expected 320 for stage 'first', since 'second' has begun"):
        played(run, *STAGES[:-2], "--stage=first --images=640", STAGES[-1])
    assert "stage second now ends at 640 images instead of 320" in played(run, *longer)
    played(whole, *longer)
    for name in ("first", "second"):
        assert_equal_stages(run / name, whole / name)


@pytest.mark.slow
def test_a_stage_gets_longer_before_the_next_begins(tmp_path, monkeypatch):
    run, whole = tmp_path / "run", tmp_path / "whole"
    one = "--steps_per_execution=1"
    terminated(run, monkeypatch, 100, *STAGES, one)
    longer = (*STAGES[:-2], "--stage=first --images=640", STAGES[-1], one)
    played(run, *longer)
    played(whole, *longer)
    for name in ("first", "second"):
        assert_equal_stages(run / name, whole / name)


# ------------------------------------------------------------------------- schedules


@pytest.mark.slow
def test_schedules_follow_the_new_length_which_is_said(tmp_path):
    run = tmp_path / "run"
    falling = (*TINY, "--rate_fall_images=320")
    played(run, *falling, "--images=320")
    output = played(run, *falling, "--images=640")
    assert "--rate_fall_images follows the new length from here on" in output
    game, _ = experiment.open_run(run)
    rate = game.generator_optimizer.learning_rate
    assert float(rate) == pytest.approx(0, abs=1e-9), "at the new end"
