"""Folders of finished runs, named by a hash of their settings, so that nothing is trained twice."""

import hashlib

import numpy as np
from tables import markdown
from tables.costs import Costs
from tfgan.files import replacing, write_atomically

DONE, FAILED = "samples.npz", "failure.txt"


def folder(options, row, made_by, prefix=""):
    """The folder of a row's run.

    Args:
        options: `Options`.
        row: its name.
        made_by: all that its samples depend on, as a value whose `repr` shows it.
        prefix: of the folder's name.
    """
    key = hashlib.sha1(repr(made_by).encode()).hexdigest()[:12]
    return options.runs / options.name / markdown.file_name(row) / f"{prefix}{key}"


def ended(folder):
    """Whether a run has finished or failed."""
    return (folder / DONE).exists() or (folder / FAILED).exists()


def samples(folder, train):
    """The arrays that a run made: trains it, continues it, or reads what it made before.

    Args:
        folder: the run's.
        train: `() -> dict of arrays`, which calls `fit` with that folder.

    Returns:
        That dict, and "minutes" in it; None if the run failed because weights were not finite.
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
    """Trains a game for so many ticks of so many rounds each; continues from the folder's checkpoint."""
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
