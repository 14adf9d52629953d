"""`run`: trains, continues and finishes the run of a recipe."""

import time

from tfgan import errors
from tfgan.experiment import dry_run, outputs, taking
from tfgan.experiment.folder import RunFolder
from tfgan.experiment.stages import stages_of
from tfgan.memory import peak_memory


def run(recipe):
    """Trains, continues or reports the run that a recipe describes.

    Everything that can be wrong with a recipe or its data is found before anything is
    written.

    Args:
        recipe: `Recipe`.

    Raises:
        ValueError: what is wrong.
        FloatingPointError: a value became NaN or infinite.
    """
    if recipe.run_dir:
        RunFolder(recipe.run_dir).check(recipe)
    elif not recipe.dry_run:
        raise errors.invalid("run_dir", "the folder to write to, such as runs/a", recipe.run_dir)
    stages = stages_of(recipe)
    if recipe.dry_run:
        print(dry_run.describe(stages))
    elif not recipe.overwrite and _is_finished(stages):
        shown = sum(stage.images_shown() for stage in stages)
        print(f"{stages[0].run.path} is finished ({shown:,} images); --overwrite starts it anew.")
    else:
        _train(recipe, stages)


def _is_finished(stages):
    """Whether a run has nothing left to do."""
    run = stages[0].run
    if not run.exists or not all(stage.is_finished() for stage in stages):
        return False
    return run.exported.exists() or not stages[0].recipe.export


def _check(stages, anew):
    """Raises InputError where a stage that is not finished could not be trained.

    Args:
        stages: of the run.
        anew: whether the checkpoints in the folder are ignored, as with --overwrite.
    """
    left = [stage for stage in stages if anew or not stage.is_finished()]
    for stage in left:
        stage.game.check_data(stage.batches(), stage.length.rounds)
        outputs.check_monitor(stage)
        if anew or stage.state() is None:
            taking.rehearse(stage)
    for stage in stages:
        # A rehearsal leaves untrained weights of earlier stages in its game.
        if stage not in left[:1] or stage.start_from:
            stage.release()


def _train(recipe, stages):
    _check(stages, anew=recipe.overwrite)
    run, skipped = stages[0].run, stages[0].sources.skipped
    if recipe.overwrite or not run.exists:
        run.create(recipe, [stage.spec for stage in stages], skipped)
    if skipped:
        print(f"went on without {skipped} bad images")
    started = time.monotonic()
    left = [stage for stage in stages if not stage.is_finished()]
    for stage in left:
        _play(stage, stages)
        if stage is not stages[-1]:
            stage.release()
    game = stages[-1].game if left else stages[-1].restored()
    _finish(stages[-1], game, time.monotonic() - started)


def _play(stage, stages):
    """Trains a stage from where its checkpoints are to its end.

    Args:
        stage: `Stage`.
        stages: of the run.
    """
    from tfgan.checkpoints import Checkpoints

    if stage.name:
        print(f"stage {stage.name}")
    stage.folder.path.mkdir(exist_ok=True)
    stage.game.images_before = stage.images_before()
    best = outputs.followers(stage)
    checkpoints = Checkpoints(
        stage.folder.checkpoints, stage.recipe.checkpoint_ticks, keep=2, callbacks=best
    )
    if stage.state() is None:
        taking.start(stage)
    else:
        checkpoints.restore(stage.game)
    if stage.length.ticks:
        left = sum(one.length.images for one in stages if one not in stage.earlier)
        _fit(stage, checkpoints, outputs.callbacks(stage, best, stage.images_before() + left))
    else:
        outputs.draw(stage)
        checkpoints.save(stage.game)
    stage.forget_state()


def _fit(stage, checkpoints, callbacks):
    ticks = stage.length.ticks
    checkpoints.fit(stage.game, stage.batches, ticks, stage.length.rounds, callbacks)
    tick, recipe = checkpoints.position.tick, stage.recipe
    if tick < ticks:
        print(f"\nstopped at tick {tick} of {ticks}: {recipe.keep_best} has not improved for "
              f"{recipe.patience} tick(s)")  # fmt: skip


def _finish(stage, game, seconds):
    written = [
        ("samples", sorted(stage.folder.samples.glob("images_*.png"))[-1]),
        ("metrics", stage.folder.metrics),
        ("checkpoints", stage.folder.checkpoints),
    ]
    if stage.recipe.export:
        from tfgan.export import export

        export(game, stage.run.exported)
        written.append(("exported model", stage.run.exported))
    peak = peak_memory() / 2**20
    print(f"\ntrained in {seconds / 60:.1f} minutes, peak memory {peak:,.0f} MiB")
    for name, path in written:
        if path.exists():
            print(f"  {name + ':':<16}{path}")
