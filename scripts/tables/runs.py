"""Runs of recipes that a table shows: each is trained and scored once, several at a time."""

import contextlib
import json
import sys
from pathlib import Path
from typing import NamedTuple

from tables import processes
from tfgan import errors, experiment
from tfgan.files import write_atomically

OF_FEATURES = ("frechet", "manifold", "classifier_score")


class Run(NamedTuple):
    """A run of `scripts/train.py`, and how it is scored.

    Attributes:
        folder: Path, the run folder.
        flags: list of str, the flags of `scripts/train.py` without --run_dir.
        metrics: names of the metrics that it is scored with.
        samples: number of samples that are scored.
        untrained: whether the generator's first weights are scored too.
        sampler: the one that is scored; None: the first.
    """

    folder: Path
    flags: list
    metrics: tuple
    samples: int
    untrained: bool = False
    sampler: str | None = None


class Outcome(NamedTuple):
    """The scores of a run, or why it failed.

    Attributes:
        scores: dict of part, such as "frechet", to a dict with `score`,
            `standard_error`, `real_data` and `untrained`; empty if the run failed.
        protocol: dict, how the scores were measured.
        failure: why the run stopped early, or None.
    """

    scores: dict
    protocol: dict
    failure: str | None = None


def complete(runs, at_a_time=1):
    """Trains and scores the runs that are not done yet, each in a process of its own.

    Args:
        runs: list of `Run`.
        at_a_time: number of runs at once, which share the cores evenly.

    Returns:
        List of `Outcome`, parallel to `runs`.
    """
    left = [run for run in runs if not finished(run.folder)]
    for run, code in zip(left, processes.each(_play, left, at_a_time)):
        if code:
            got = f"{run.folder}, which ended with exit code {code}; see {_log(run)}"
            raise errors.invalid("runs", "a run that finishes", got)
    return [outcome(run) for run in runs]


def ready(run):
    """Whether `complete` has nothing left to train: a run is finished, or it only has to be scored."""
    if finished(run.folder):
        return True
    recipe = experiment.parse_flags([*run.flags, f"--run_dir={run.folder}"])
    return all(stage.is_finished() for stage in experiment.stages_of(recipe))


def copy_grid(run, path):
    """Copies the last grid of samples that a run drew; does nothing for a run that is only a record."""
    for grid in sorted(experiment.RunFolder(run.folder).samples.glob("images_*.png"))[-1:]:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, grid.read_bytes())


def measured(run, name, measure):
    """What `measure()` returns, kept in a run's folder under `name`, so that it is measured once.

    Args:
        run: `Run`.
        name: of the file, without ".json".
        measure: function without arguments that returns what JSON can hold.
    """
    path = run.folder / f"{name}.json"
    if not path.exists():
        write_atomically(path, json.dumps(measure(), indent=1).encode())
    return json.loads(path.read_text())


def outcome(run):
    """The `Outcome` of a run that is done."""
    if _failure(run.folder).exists():
        return Outcome({}, {}, _failure(run.folder).read_text())
    content = json.loads(experiment.RunFolder(run.folder).scores.read_text())
    rows = {row.pop("part"): _numbers(row) for row in content["scores"].values()}
    return Outcome(rows, content["protocol"])


def _numbers(row):
    # Infinity and nan, which JSON does not have, are strings.
    return {key: value if value is None else float(value) for key, value in row.items()}


def _play(run):
    print(f"{run.folder} ...", flush=True)
    run.folder.parent.mkdir(parents=True, exist_ok=True)
    with _log(run).open("a") as stream, contextlib.redirect_stdout(stream):
        try:
            _train_and_score(run)
        except FloatingPointError as error:
            _failure(run.folder).write_text(str(error))
        except errors.InputError as error:
            print(f"error: {error}")
            sys.exit(1)


def _train_and_score(run):
    folder = experiment.RunFolder(run.folder)
    experiment.run(experiment.parse_flags([*run.flags, f"--run_dir={run.folder}", "--noexport"]))
    report = experiment.evaluate_run(
        run.folder,
        metrics=run.metrics,
        num_samples=run.samples,
        untrained=run.untrained,
        sampler=run.sampler,
    )
    experiment.save(report, folder.scores)


def finished(folder):
    """Whether the run of a folder has been trained and scored, or has failed."""
    return experiment.RunFolder(folder).scores.exists() or _failure(folder).exists()


def has_weights(folder):
    """Whether the folder of a run has been trained in, and is not only a record."""
    return experiment.RunFolder(folder).exists


def _failure(folder):
    return folder / "failure.txt"


def _log(run):
    return run.folder.with_name(f"{run.folder.name}.log")
