"""`run`: trains, continues and finishes the run of a recipe."""

import time

from tfgan import errors
from tfgan.experiment import dry_run, lengths, lock, next_steps, outputs, strategies, taking
from tfgan.experiment.folder import RunFolder
from tfgan.experiment.quiet import start_tensorflow
from tfgan.experiment.stages import stages_of
from tfgan.memory import peak_memory


def run(recipe):
    """Trains the run that a recipe describes, or continues it where it stopped.

    A run that has begun may get more or fewer `images`, though not fewer than it has shown,
    and more `patience`: it goes on from its last checkpoint to its new end. Everything that
    can be wrong with a recipe or its data is found before anything is written.

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
    start_tensorflow()
    strategy, devices = strategies.open_strategy(recipe.strategy)
    stages = stages_of(recipe, strategy=strategy)
    changes = _changes(recipe, stages)
    if recipe.dry_run:
        print(devices, *changes, dry_run.describe(stages), sep="\n")
    elif _continues(recipe) and not changes and _is_finished(stages):
        print(_finished(stages))
    else:
        with lock.held(stages[0].run.path):
            print(devices)
            _train(recipe, stages)


def _continues(recipe):
    """Whether the folder of a recipe holds a run that is to go on."""
    return bool(recipe.run_dir) and RunFolder(recipe.run_dir).exists and not recipe.overwrite


def _changes(recipe, stages):
    """Lines of text on how the length of a run differs from what it was, a list.

    Raises:
        ValueError: it cannot have that length.
    """
    if not _continues(recipe):
        return []
    old = stages[0].run.read_recipe()
    lengths.check(stages, old)
    return list(lengths.report(stages, old))


def _is_finished(stages):
    """Whether a run has nothing left to do."""
    exported = stages[0].run.exported.exists() or not stages[0].recipe.export
    return exported and all(stage.is_finished() for stage in stages)


def _finished(stages):
    """What there is to say of a run that has nothing left to do."""
    shown = sum(stage.images_shown() for stage in stages)
    text = f"{stages[0].run.path} is finished ({shown:,} images)"
    stopped = next((stage for stage in stages if stage.is_stopped()), None)
    if stopped:
        text += f": --patience={stopped.recipe.patience} ended it. More --patience lets it go on"
    else:
        text += "; more --images make it longer"
    return f"{text}, --overwrite starts it anew."


def _train(recipe, stages):
    """Trains what is left of a run, whose folder is locked."""
    run = stages[0].run
    # Another process may have trained until now.
    run.check(recipe)
    for stage in stages:
        stage.forget_state()
    changes = _changes(recipe, stages)
    continues = _continues(recipe)
    left = [stage for stage in stages if not continues or not stage.is_finished()]
    _check(stages, left, anew=not continues)
    skipped = stages[0].sources.skipped
    if not continues:
        run.create(recipe, [stage.spec for stage in stages], skipped)
    elif lengths.changed(run.read_recipe(), recipe):
        for line in changes:
            print(line)
        run.change_length(recipe, goes_on=bool(left))
    if not left and _is_finished(stages):
        print(_finished(stages))
        return
    if skipped:
        print(f"went on without {skipped} bad images")
    started = time.monotonic()
    for stage in left:
        _play(stage, stages)
        if stage is not stages[-1]:
            stage.release()
    game = stages[-1].game if left else stages[-1].restored()
    _finish(stages[-1], game, time.monotonic() - started)


def _check(stages, left, anew):
    """Raises InputError where a stage that is not finished could not be trained.

    Args:
        stages: of the run.
        left: those that are not finished.
        anew: whether the checkpoints in the folder are ignored, as with --overwrite.
    """
    for stage in left:
        stage.game.check_data(stage.batches(), stage.length.rounds)
        outputs.check_monitor(stage)
        if anew or stage.state() is None:
            taking.rehearse(stage)
    for stage in stages:
        # A rehearsal leaves untrained weights of earlier stages in its game.
        if stage not in left[:1] or stage.start_from:
            stage.release()


def _play(stage, stages):
    """Trains a stage from where its checkpoints are to its end.

    Args:
        stage: `Stage`.
        stages: of the run.
    """
    from tfgan.experiment.resuming import StageCheckpoints

    if stage.name:
        print(f"stage {stage.name}")
    stage.folder.path.mkdir(exist_ok=True)
    stage.game.images_before = stage.images_before()
    best = outputs.followers(stage)
    checkpoints = StageCheckpoints(stage, best)
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
        print(
            f"\nstopped at tick {tick} of {ticks}: {recipe.keep_best} has not improved for "
            f"{recipe.patience} tick(s); more --patience lets it go on"
        )


def _finish(stage, game, seconds):
    """Exports the game of the last stage, and says what the run has left and what comes next."""
    run = stage.run
    written = [
        ("samples", sorted(stage.folder.samples.glob("images_*.png"))[-1]),
        ("metrics", stage.folder.metrics),
        ("checkpoints", stage.folder.checkpoints),
        ("exported model", run.exported),
    ]
    if stage.recipe.export:
        from tfgan.export import export

        export(game, run.exported)
    print(f"\ntrained in {seconds / 60:.1f} minutes, peak memory {peak_memory() / 2**20:,.0f} MiB")
    print(*_aligned({name: path for name, path in written if path.exists()}), sep="\n")
    commands = next_steps.commands(stage, game)
    if commands:
        print("\nnext", *_aligned(commands), sep="\n")


def _aligned(values):
    """Lines of name and value, one below the other."""
    return [f"  {name + ':':<16}{value}" for name, value in values.items()]
