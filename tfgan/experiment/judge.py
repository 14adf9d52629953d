"""The last stage of a run: its discriminator, trained on alone.

A discriminator that trained beside its generator has just been fooled by it. One
that goes on against the finished, averaged generator tells its better samples from
its worse ones: `scripts/generate.py --keep_best` asks it.
"""

from tfgan import errors
from tfgan.experiment.build import build_game, open_run, play, run_length
from tfgan.experiment.folder import RunFolder


def check(values):
    """Raises InputError where the flags describe a discriminator that cannot judge alone."""
    if not values.judge_images:
        return
    if values.packing > 1:
        expected = f"0 with packs, since single images are judged (packing={values.packing})"
        raise errors.invalid("judge_images", expected, values.judge_images)
    if values.schedule == "adaptive":
        expected = "0 with schedule=adaptive, which would let the discriminator rest"
        raise errors.invalid("judge_images", expected, values.judge_images)


def train(game, values, folder, source, data):
    """Trains, or goes on training, the discriminator of a finished game.

    Args:
        game: the game, whose sampling generator stays as it is.
        values: flags of the run, of which --judge_images says for how long.
        folder: `RunFolder`; its `judge` gets the checkpoints.
        source: the training data.
        data: their `DataShape`.
    """
    from tfgan.callbacks import Progress, StopOnNonFinite
    from tfgan.checkpoints import Checkpoints

    stage = _stage(values, data)
    checkpoints = Checkpoints(folder.judge, values.checkpoint_ticks, keep=1)
    stage.image_generator.set_weights(game.sampling_network().get_weights())
    _copy_discriminators(game, stage)
    checkpoints.restore(stage)
    length = run_length(values, values.judge_images)
    play(checkpoints, stage, values, source, length, [StopOnNonFinite(), Progress(length.images)])


def open_judge(run_dir):
    """The game of a run, with the discriminator that was trained on alone.

    Args:
        run_dir: folder of a run with --judge_images.

    Returns:
        `(game, data)`, as `open_run` does.
    """
    from tfgan import checkpoints

    folder = RunFolder(run_dir)
    game, data = open_run(run_dir)
    stage = _stage(folder.read_flags(), data)
    if checkpoints.restore(stage, folder.judge) is None:
        raise errors.invalid(
            "keep_best", "a run with --judge_images, which train the discriminator to judge", run_dir
        )
    _copy_discriminators(stage, game)
    return game, data


def is_finished(folder, values):
    """Whether there is nothing left to train."""
    from tfgan import checkpoints

    if not values.judge_images:
        return True
    state = checkpoints.saved_state(folder.judge)
    return state is not None and state["tick"] >= run_length(values, values.judge_images).ticks


def _stage(values, data):
    """The same game, whose generator stands still."""
    return build_game(values, data, standing=True)


def _copy_discriminators(source, target):
    for name in source.discriminator_side:
        getattr(target, name).set_weights(getattr(source, name).get_weights())
