"""Results that were measured by hand, kept in CSV files beside the pages that show them.

The files are in UTF-8 and have a header line. Lines that begin with "#" give the command
that makes a row, and its seeds; the columns `date` and `commit` say when the row was written
down.
"""

import csv
from pathlib import Path

from tables.markdown import Table
from tfgan.files import write_atomically

RESULTS = Path(__file__).parents[2] / "docs" / "results"
NOT_SHOWN = ("date", "commit")


def section(options, name="tried"):
    """The Markdown of a file's rows, and a link to the file, which is copied beside the page.

    Args:
        options: `Options` of the page.
        name: of the file in the folder of the table, without ".csv".
    """
    source = RESULTS / options.name / f"{name}.csv"
    beside = options.pictures / source.name
    if beside.resolve() != source.resolve():
        beside.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(beside, source.read_bytes())
    link = f"[{source.name}]({options.name}/{source.name})"
    return f"{read(source)}\n\nCommand, seeds and date of these rows: {link}."


def read(path):
    """The `Table` of a file, without the columns that pages leave out."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(line for line in file if not line.startswith("#"))
    shown = [i for i, name in enumerate(header) if name not in NOT_SHOWN]
    header, *lines = [[line[i] for i in shown] for line in [header, *lines]]
    return Table(header, lines)
