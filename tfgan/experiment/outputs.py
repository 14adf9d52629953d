"""Callbacks of a stage: metrics and costs files, sample grids, curves, the best generator."""

from tfgan.experiment import examples


def callbacks(stage, best, total):
    """The callbacks of a stage in the order in which they run, without its `Checkpoints`.

    Args:
        stage: `Stage`.
        best: list of callbacks that `followers` returned.
        total: real images shown at the end of the run.
    """
    from tfgan.callbacks import CostsFile, Curves, MetricsFile, Progress, StopOnNonFinite

    return [
        StopOnNonFinite(),
        *stage.scorers,
        grid(stage),
        Curves(stage.run.tensorboard),
        MetricsFile(stage.folder.metrics),
        *best,
        Progress(total),
        CostsFile(stage.folder.costs),
    ]


def grid(stage):
    """The callback that draws a stage's samples."""
    from tfgan.callbacks import SampleGrid

    recipe = stage.recipe
    shown, columns = examples.of_grid(stage, recipe.grid_rows, recipe.grid_columns)
    return SampleGrid(
        stage.folder.samples,
        rows=recipe.grid_rows,
        columns=columns,
        examples=shown,
        # That of the run, so that the latents are the same in all stages.
        seed=recipe.seed,
        log_dir=stage.run.tensorboard / "samples",
    )


def draw(stage):
    """Draws a stage's samples now."""
    pictures = grid(stage)
    pictures.set_model(stage.game)
    pictures.draw()


def followers(stage):
    """The callbacks of --keep_best and --patience, whose state is part of checkpoints."""
    from tfgan.callbacks import KeepBest, StopWithoutImprovement

    if not stage.recipe.keep_best:
        return []
    log, mode = _monitor(stage.recipe)
    patience = stage.recipe.patience
    keep = KeepBest(stage.folder.best, log, mode)
    return [keep, StopWithoutImprovement(log, patience, mode)] if patience else [keep]


def check_monitor(stage):
    """Raises InputError where --keep_best names no log of a stage."""
    from tfgan.callbacks.best import full_name

    added = [name for scorer in stage.scorers for name in scorer.names]
    if stage.recipe.keep_best:
        terms = stage.game.term_names(stage.batches().element_spec)
        full_name(_monitor(stage.recipe)[0], [*terms, *added])


def _monitor(recipe):
    log, _, mode = recipe.keep_best.partition(":")
    return log, mode or "min"
