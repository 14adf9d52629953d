"""Runs that are kept by all that shaped them, so that no command trains anything twice."""

import hashlib

import numpy as np
from tables import markdown
from tables.costs import Costs
from tfgan.files import replacing, write_atomically

DONE, FAILED = "samples.npz", "failure.txt"


def folder(options, row, made_by, prefix=""):
    """Where a row's run is kept.

    Args:
        options: `Options`.
        row: its name.
        made_by: all that its samples depend on, a value whose repr says all of it.
        prefix: of the folder's name.
    """
    key = hashlib.sha1(repr(made_by).encode()).hexdigest()[:12]
    return options.runs / options.name / markdown.file_name(row) / f"{prefix}{key}"


def ended(folder):
    """Whether a run has come to an end, good or bad."""
    return (folder / DONE).exists() or (folder / FAILED).exists()


def samples(folder, train):
    """What a run leaves: trains it, or goes on where it was stopped, or reads it.

    Args:
        folder: the run's.
        train: `() -> dict of arrays`, which calls `fit` with that folder.

    Returns:
        That dict, with "minutes" besides. None where weights were no longer finite.
    """
    if not ended(folder):
        try:
            found = train()
        except FloatingPointError as error:
            write_atomically(folder / FAILED, str(error).encode())
        else:
            with replacing(folder / DONE) as beside:
                np.savez_compressed(beside, **found)
    if (folder / FAILED).exists():
        return None
    return {**np.load(folder / DONE), "minutes": Costs.read(folder / "costs.csv").minutes}


def fit(game, batches, folder, ticks, rounds, callbacks=()):
    """Trains a game for some ticks of so many rounds, from where its folder says that it was."""
    from tfgan.callbacks import CostsFile
    from tfgan.checkpoints import Checkpoints

    folder.mkdir(parents=True, exist_ok=True)
    checkpoints = Checkpoints(folder / "checkpoints", keep=1)
    checkpoints.restore(game)
    checkpoints.fit(
        game,
        batches,
        epochs=ticks,
        steps_per_epoch=rounds,
        callbacks=[*callbacks, CostsFile(folder / "costs.csv")],
    )
