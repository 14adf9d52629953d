"""What a run does with its flags: build, train, continue, finish."""

import contextlib
import inspect
import resource
import sys
import time
from typing import NamedTuple

from tfgan import errors
from tfgan.experiment.flags import parse_options, parse_penalties
from tfgan.experiment.folder import DataShape, RunFolder

# Arguments of builders that the data or a flag of its own decides.
SET_BY_OTHER_FLAGS = ("image_shape", "num_classes", "latent_dim")


class Length(NamedTuple):
    """A run's length, counted in what `fit` counts in.

    Attributes:
        rows: of one of `fit`'s batches, a full round.
        rounds: per tick.
        ticks: of the whole run.
    """

    rows: int
    rounds: int
    ticks: int

    @property
    def images(self):
        return self.rows * self.rounds * self.ticks


def train(values):
    """Trains, continues or reports the run that the flags `values` describe.

    Everything that can be wrong with flags or data is found before anything is
    written.
    """
    if not values.run_dir:
        raise errors.invalid("run_dir", "the folder to write to, such as runs/a", values.run_dir)
    folder = RunFolder(values.run_dir)
    folder.check(values)
    length = run_length(values)
    if not values.overwrite and _is_finished(folder, length, values.export):
        print(f"{folder.path} is finished ({length.images:,} images); --overwrite starts it anew.")
        return
    import keras

    keras.utils.set_random_seed(values.seed)
    source = open_data(values)
    data = DataShape(source.shape, source.num_classes, source.class_names)
    game = build_game(values, data)
    game.check_data(source.batches(length.rows), length.rounds)
    skipped = getattr(source, "skipped", 0)
    folder.create(values, data, skipped)
    if skipped:
        print(f"went on without {skipped} bad images")
    callbacks, checkpoints = build_callbacks(values, folder, data, length)
    checkpoints.restore(game)
    started = time.monotonic()
    checkpoints.fit(
        game,
        lambda start_step: source.batches(length.rows, seed=values.seed, start_step=start_step),
        epochs=length.ticks,
        steps_per_epoch=length.rounds,
        callbacks=callbacks,
    )
    _finish(game, folder, values.export, time.monotonic() - started)


def open_run(run_dir):
    """The game of a run, restored from its newest checkpoint, without its data.

    Args:
        run_dir: folder of a run that has a checkpoint.

    Returns:
        `(game, data)`: a compiled `tfgan.GAN` and the `DataShape` of its data.
    """
    from tfgan import checkpoints

    folder = RunFolder(run_dir)
    values, data = folder.read_flags(), folder.read_data()
    game = build_game(values, data)
    if checkpoints.restore(game, folder.checkpoints) is None:
        raise errors.invalid("run_dir", "a run with a checkpoint", f"{run_dir}, which has none")
    return game, data


def open_data(values):
    """The source of data that the flags name."""
    from tfgan import data, models

    takes_condition = "condition" in models.GAMES[values.game].batch_parts
    if values.condition and not takes_condition:
        raise errors.invalid(
            "condition", f"none for --game={values.game}", ",".join(values.condition)
        )
    return data.open_source(
        values.dataset,
        split=values.split,
        image_size=values.image_size,
        data_dir=values.data_dir,
        condition=(values.condition or True) if takes_condition else False,
        download=values.download,
        skip_bad_images=values.skip_bad_images,
        memory_limit=values.memory_limit,
    )


def build_game(values, data):
    """The compiled game that the flags describe, for data of a `DataShape`."""
    from tfgan import models, networks, optimizers

    builder = networks.NETWORKS[values.network]
    options = {"latent_dim": values.latent_dim, **parse_options(values.network_options)}
    known = set(inspect.signature(builder).parameters) - set(SET_BY_OTHER_FLAGS)
    for name in parse_options(values.network_options):
        errors.lookup("network_options", name, dict.fromkeys(sorted(known)))
    with _precision(values.precision):
        pair = builder(image_shape=data.shape, num_classes=data.num_classes, **options)
    game = models.GAMES[values.game](
        **pair,
        loss=values.loss,
        penalties=parse_penalties(values.penalties),
        discriminator_steps=values.discriminator_steps,
        schedule=values.schedule,
        prior=values.prior,
        label_smoothing=values.label_smoothing,
        clip_weights=values.clip_weights,
        ema_half_life=values.ema_half_life or None,
        seed=values.seed,
    )
    make = optimizers.OPTIMIZERS[values.optimizer]
    game.compile(
        generator_optimizer=make(values.generator_learning_rate, values.beta_1, values.beta_2),
        discriminator_optimizer=make(
            values.discriminator_learning_rate, values.beta_1, values.beta_2
        ),
        steps_per_execution=values.steps_per_execution or "auto",
    )
    return game


@contextlib.contextmanager
def _precision(policy):
    """Layers built inside have this Keras dtype policy."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def run_length(values):
    """The `Length` of a run: ticks of whole executions, as near to the images asked for as they come."""
    rows = values.batch_size * max(1, values.discriminator_steps)
    executions = max(1, values.steps_per_execution)
    tick_images = min(values.tick_images, values.images)
    rounds = max(1, tick_images // (rows * executions)) * executions
    return Length(rows, rounds, ticks=max(1, round(values.images / (rows * rounds))))


def build_callbacks(values, folder, data, length):
    """The callbacks of a run in the order they run in, and the `Checkpoints` after them."""
    import keras

    from tfgan.callbacks import KeepBest, MetricsFile, Progress, SampleGrid, StopOnNonFinite
    from tfgan.checkpoints import Checkpoints

    best = []
    if values.keep_best:
        best = [KeepBest(folder.best, values.keep_best, values.keep_best_mode)]
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
        grid,
        keras.callbacks.TensorBoard(folder.tensorboard, write_graph=False),
        MetricsFile(folder.metrics),
        *best,
        Progress(length.images),
    ], checkpoints


def _is_finished(folder, length, wants_export):
    from tfgan import checkpoints

    state = checkpoints.saved_state(folder.checkpoints) if folder.exists else None
    done = state is not None and state["tick"] >= length.ticks
    return done and (folder.exported.exists() or not wants_export)


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
    # Kilobytes on Linux, bytes on macOS.
    unit = 2**10 if sys.platform == "darwin" else 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit / 2**10
    print(f"\ntrained in {seconds / 60:.1f} minutes, peak memory {peak:,.0f} MiB")
    for name, path in written:
        print(f"  {name + ':':<16}{path}")
