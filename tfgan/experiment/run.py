"""What a run does: train, continue, finish."""

import time

from tfgan import errors
from tfgan.experiment import judge, scoring
from tfgan.experiment.build import build_game, open_data, play, run_length
from tfgan.experiment.folder import DataShape, RunFolder
from tfgan.memory import peak_memory


def train(values):
    """Trains, continues or reports the run that the flags `values` describe.

    Everything that can be wrong with flags or data is found before anything is
    written.
    """
    if not values.run_dir:
        raise errors.invalid("run_dir", "the folder to write to, such as runs/a", values.run_dir)
    folder = RunFolder(values.run_dir)
    folder.check(values)
    judge.check(values)
    length = run_length(values)
    images = 0 if values.overwrite else _images_of_finished(folder, values, length)
    if images:
        print(f"{folder.path} is finished ({images:,} images); --overwrite starts it anew.")
        return
    import keras

    keras.utils.set_random_seed(values.seed)
    source = open_data(values)
    data = DataShape(source.shape, source.num_classes, source.class_names)
    game = build_game(values, data)
    batches = source.batches(length.rows)
    game.check_data(batches, length.rounds)
    scorers = scoring.callbacks(values, source)
    _check_monitor(values, game, batches.element_spec, scorers)
    skipped = getattr(source, "skipped", 0)
    folder.create(values, data, skipped)
    if skipped:
        print(f"went on without {skipped} bad images")
    callbacks, checkpoints = build_callbacks(values, folder, data, length, scorers)
    checkpoints.restore(game)
    started = time.monotonic()
    play(checkpoints, game, values, source, length, callbacks)
    if checkpoints.position.tick < length.ticks:
        print(f"\nstopped at tick {checkpoints.position.tick} of {length.ticks}: "
              f"{values.keep_best} has not improved for {values.patience} tick(s)")  # fmt: skip
    if values.judge_images:
        judge.train(game, values, folder, source, data)
    _finish(game, folder, values.export, time.monotonic() - started)


def build_callbacks(values, folder, data, length, scorers=()):
    """The callbacks of a run in the order they run in, and the `Checkpoints` after them.

    Args:
        values, folder, data, length: of the run.
        scorers: callbacks that add to the logs that the others read.
    """
    import keras

    from tfgan.callbacks import CostsFile, MetricsFile, Progress, SampleGrid, StopOnNonFinite
    from tfgan.checkpoints import Checkpoints

    best = _followers(values, folder)
    checkpoints = Checkpoints(
        folder.checkpoints, values.checkpoint_ticks, values.keep_checkpoints, callbacks=best
    )
    grid = SampleGrid(
        folder.samples,
        rows=values.grid_rows,
        columns=values.grid_columns,
        num_classes=data.num_classes,
        every=values.grid_ticks,
        seed=values.seed,
        log_dir=folder.tensorboard / "samples",
    )
    return [
        StopOnNonFinite(),
        *scorers,
        grid,
        keras.callbacks.TensorBoard(folder.tensorboard, write_graph=False),
        MetricsFile(folder.metrics),
        *best,
        Progress(length.images),
        CostsFile(folder.costs),
    ], checkpoints


def _followers(values, folder):
    """The callbacks that follow the log of --keep_best."""
    from tfgan.callbacks import KeepBest, StopWithoutImprovement

    log, mode = values.keep_best, values.keep_best_mode
    if values.patience and not log:
        raise errors.invalid("patience", "0 without --keep_best, whose log it waits for", values.patience)
    keep = [KeepBest(folder.best, log, mode)] if log else []
    stop = [StopWithoutImprovement(log, values.patience, mode)] if values.patience else []
    return [*keep, *stop]


def _check_monitor(values, game, batches, scorers):
    """Raises InputError where --keep_best names no log of this run."""
    from tfgan.callbacks.best import full_name

    _followers(values, RunFolder(values.run_dir))
    if values.keep_best:
        names = [name for scorer in scorers for name in scorer.names]
        full_name(values.keep_best, [*game.term_names(batches), *names])


def _images_of_finished(folder, values, length):
    """Images shown to a run that has nothing left to do; 0 where there is something."""
    from tfgan import checkpoints

    state = checkpoints.saved_state(folder.checkpoints) if folder.exists else None
    exported = folder.exported.exists() or not values.export
    done = state and (state["stopped"] or state["tick"] >= length.ticks)
    if done and exported and judge.is_finished(folder, values):
        return state["tick"] * length.rounds * length.rows
    return 0


def _finish(game, folder, wants_export, seconds):
    written = [
        ("samples", sorted(folder.samples.glob("*.png"))[-1]),
        ("metrics", folder.metrics),
        ("checkpoints", folder.checkpoints),
    ]
    if wants_export:
        from tfgan.export import export

        export(game, folder.exported)
        written.append(("exported model", folder.exported))
    peak = peak_memory() / 2**20
    print(f"\ntrained in {seconds / 60:.1f} minutes, peak memory {peak:,.0f} MiB")
    for name, path in written:
        print(f"  {name + ':':<16}{path}")
