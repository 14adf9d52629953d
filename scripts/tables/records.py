"""Records of runs: scores, costs and measurements, kept beside the pages, which so show runs of any machine."""

import shutil

from tables import runs, tried
from tfgan.experiment import RunFolder
from tfgan.files import write_atomically

FOLDER = "records"


def restore(options):
    """Puts the records of runs that this machine has not begun into the folder of runs."""
    records = tried.RESULTS / FOLDER
    for path in records.glob("*/*/*"):
        folder = options.runs / path.relative_to(records)
        if not folder.exists():
            shutil.copytree(path, folder)


def keep(options):
    """Copies the records of the runs that this machine has finished, of every page, beside this page."""
    for folder in options.runs.glob("*/*/*"):
        if runs.finished(folder) and runs.has_weights(folder):
            for path in _files(folder):
                copy = options.page.parent / FOLDER / path.relative_to(options.runs)
                copy.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(copy, _without_paths(options, path.read_text()).encode())


def _files(folder):
    """The files of a run that pages are made of."""
    own = RunFolder(folder)
    measured = set(folder.glob("*.json")) - {own.environment, own.started_from}
    return [*measured, *folder.glob("failure.txt"), *folder.glob("costs.csv"), *folder.glob("*/costs.csv")]


def _without_paths(options, text):
    """Text without the folders of this machine, which say nothing elsewhere."""
    places = {"RUNS": options.runs, "DIR": options.data_dir, **options.folders}
    for name, place in places.items():
        text = text.replace(str(place), name) if place else text
    return text
