"""Records of runs: scores and costs, kept with the pages, which need no run folders then."""

import shutil

from tables import runs, tried
from tfgan.experiment import RunFolder
from tfgan.files import write_atomically

FOLDER = "records"


def restore(options):
    """Copies records into the folder of runs, where there is no run of their name yet."""
    records = tried.RESULTS / FOLDER
    for path in records.glob("*/*/*"):
        folder = options.runs / path.relative_to(records)
        if not folder.exists():
            shutil.copytree(path, folder)


def keep(options):
    """Copies the records of all finished runs in the folder of runs to the folder of the pages."""
    for folder in options.runs.glob("*/*/*"):
        if runs.finished(folder) and runs.has_weights(folder):
            for path in _files(folder):
                copy = options.page.parent / FOLDER / path.relative_to(options.runs)
                copy.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(copy, _without_paths(options, path.read_text()).encode())


def notes(shown):
    """What records that were written by hand say of themselves, as settings of a page.

    Args:
        shown: dict of row to `tables.runs.Run`, finished.

    Returns:
        Dict of setting to text.
    """
    protocols = {row: runs.outcome(run).protocol for row, run in shown.items() if runs.finished(run.folder)}
    return {row: protocol["note"] for row, protocol in protocols.items() if "note" in protocol}


def _files(folder):
    """The files of a run that pages are made of."""
    own = RunFolder(folder)
    measured = set(folder.glob("*.json")) - {own.environment, own.started_from}
    return [*measured, *folder.glob("failure.txt"), *folder.glob("costs.csv"), *folder.glob("*/costs.csv")]


def _without_paths(options, text):
    """Text in which the folders of runs and data are replaced by names."""
    places = {"RUNS": options.runs, "DIR": options.data_dir, **options.folders}
    for name, place in places.items():
        text = text.replace(str(place), name) if place else text
    return text
