"""Results that were measured once, kept in a data file beside the page that shows them.

Such a file is a CSV in UTF-8 with a header line. Lines that begin with "#" give the command
that makes a row and its seeds; the columns `date` and `commit` say when the row was written
down.
"""

import csv
from pathlib import Path

from tables import markdown
from tfgan.files import write_atomically

RESULTS = Path(__file__).parents[2] / "docs" / "results"
NOT_SHOWN = ("date", "commit")


def section(options, name="tried"):
    """The markdown of a file's rows, and a link to the file, which is put beside the page.

    Args:
        options: `Options`, whose page it is.
        name: of the file in the folder of the table, without ".csv".
    """
    source = RESULTS / options.name / f"{name}.csv"
    beside = options.pictures / source.name
    if beside.resolve() != source.resolve():
        beside.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(beside, source.read_bytes())
    link = f"[{source.name}]({options.name}/{source.name})"
    return f"{markdown.rows(*read(source))}\n\nCommand, seeds and date of these rows: {link}."


def read(path):
    """The header and the lines of a file, as they are shown: a list of str, and a list of such lists."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(line for line in file if not line.startswith("#"))
    shown = [i for i, name in enumerate(header) if name not in NOT_SHOWN]
    header, *lines = [[line[i] for i in shown] for line in [header, *lines]]
    return header, lines
