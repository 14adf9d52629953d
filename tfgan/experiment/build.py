"""From flags to data, a game and the length of its run."""

import contextlib
import inspect
from typing import NamedTuple

from tfgan import errors
from tfgan.experiment.flags import parse_options, parse_penalties, parse_rule
from tfgan.experiment.folder import RunFolder

# Arguments of builders that the data or a flag of its own decides.
SET_BY_OTHER_FLAGS = ("image_shape", "num_classes", "latent_dim", "packing")


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


def open_data(values, split=None):
    """The source of data that the flags name, or another split of it."""
    from tfgan import data, models

    takes_condition = "condition" in models.GAMES[values.game].batch_parts
    if values.condition and not takes_condition:
        raise errors.invalid(
            "condition", f"none for --game={values.game}", ",".join(values.condition)
        )
    return data.open_source(
        values.dataset,
        split=split or values.split,
        image_size=values.image_size,
        data_dir=values.data_dir,
        condition=(values.condition or True) if takes_condition else False,
        download=values.download,
        skip_bad_images=values.skip_bad_images,
        memory_limit=values.memory_limit,
    )


def build_game(values, data, standing=False):
    """The compiled game that the flags describe.

    Args:
        values: the flags.
        data: the `DataShape` of its data.
        standing: whether its generator stays as it is, in inference mode.
    """
    from tfgan import models, networks

    builder = networks.NETWORKS[values.network]
    options = {"latent_dim": values.latent_dim, "packing": values.packing, **parse_options(values.network_options)}
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
        rule=parse_rule(values.rule),
        prior=values.prior,
        label_smoothing=values.label_smoothing,
        instance_noise=values.instance_noise,
        instance_noise_fall=values.instance_noise_fall,
        packing=values.packing,
        clip_weights=values.clip_weights,
        ema_half_life=None if standing else values.ema_half_life or None,
        seed=values.seed,
    )
    game.image_generator.trainable = not standing
    batch = values.batch_size
    game.compile(
        generator_optimizer=_optimizer(
            values, values.generator_learning_rate, batch * max(1, values.discriminator_steps)
        ),
        discriminator_optimizer=_optimizer(values, values.discriminator_learning_rate, batch),
        steps_per_execution=values.steps_per_execution or "auto",
    )
    return game


def _optimizer(values, rate, images_per_update):
    """An optimizer whose rate, and perhaps momentum, change while images are shown."""
    from tfgan import optimizers, rates

    total = run_length(values).images
    momentum = values.beta_1
    if values.final_momentum is not None:
        if values.optimizer != "sgd":
            raise errors.invalid("final_momentum", "none but for --optimizer=sgd", values.optimizer)
        momentum = rates.Ramp(momentum, values.final_momentum, images_per_update, total)
    if values.rate_half_life or values.rate_fall_images:
        rate = rates.Decay(
            rate, images_per_update, values.rate_half_life, values.rate_fall_images, total
        )
    return optimizers.OPTIMIZERS[values.optimizer](rate, momentum, values.beta_2)


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


def run_length(values, images=None):
    """The `Length` of a run, or of so many images: whole ticks of whole executions."""
    images = images or values.images
    rows = values.batch_size * max(1, values.discriminator_steps)
    executions = max(1, values.steps_per_execution)
    rounds = max(1, min(values.tick_images, images) // (rows * executions)) * executions
    return Length(rows, rounds, ticks=max(1, round(images / (rows * rounds))))


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


def play(checkpoints, game, values, source, length, callbacks=()):
    """Trains a game from where its `Checkpoints` are to the end of a `Length`."""
    checkpoints.fit(
        game,
        lambda start_step: source.batches(length.rows, seed=values.seed, start_step=start_step),
        epochs=length.ticks,
        steps_per_epoch=length.rounds,
        callbacks=callbacks,
    )
