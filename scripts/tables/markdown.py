"""Pages and tables of results as Markdown."""

import math
import re
import textwrap
from typing import NamedTuple

import numpy as np

# Standard errors below this share of the mean are not shown.
NEGLIGIBLE = 1e-4
# What cells of a column of numbers begin with.
_NUMBER = re.compile(r"-?$|inf|[-+~]?\d")


class Table(NamedTuple):
    """A table of text; `str` of it is Markdown, with columns of numbers aligned to the right.

    Attributes:
        header: list of str, the names of the columns.
        lines: list of lists of str, as long; the first cell of each names its row.
    """

    header: list
    lines: list

    def __str__(self):
        others = list(zip(*self.lines))[1:] or [()] * (len(self.header) - 1)
        rule = ["---"] + ["---:" if all(map(_NUMBER.match, column)) else "---" for column in others]
        return "\n".join(f"| {' | '.join(line)} |" for line in (self.header, rule, *self.lines))

    def cells(self, column):
        """Dict of row to its cell in a column, of the rows that have something there."""
        place = self.header.index(column)
        return {line[0]: line[place] for line in self.lines if line[place] not in ("", "-")}

    def numbers(self, column):
        """Dict of row to the number, such as a mean, that its cell in a column begins with."""
        return {row: float(cell.split()[0].replace(",", "")) for row, cell in self.cells(column).items()}

    def said(self, column, rows):
        """Text such as "a (1.2 ± 0.1); b (3)": rows with their cells in a column, or "none"."""
        cells = self.cells(column)
        return "; ".join(f"{row} ({cells[row]})" for row in rows if row in cells) or "none"

    def compared(self, column):
        """Text such as "a 1.2 (published: 3)": the rows with a published number for the column."""
        ours, published = self.cells(column), self.cells(f"{column}, published")
        pairs = [f"{row} {ours[row]} (published: {of})" for row, of in published.items() if row in ours]
        return "; ".join(pairs) or "none"


def page(title, found, body, settings, notes=""):
    """The Markdown of a page: the result, its tables and pictures, then the settings and notes.

    Args:
        title: str.
        found: str, the result in a sentence or two.
        body: str, tables and pictures.
        settings: dict of a setting's name to its value, as text.
        notes: str, further sections.
    """
    lines = [[name, " ".join(value.split())] for name, value in settings.items()]
    parts = (f"# {title}", wrapped(found), body, "## Settings", str(Table(["what", "value"], lines)), notes)
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def wrapped(text):
    """Paragraphs of text, with lines of even length."""
    return "\n\n".join(textwrap.fill(part, 110, break_on_hyphens=False) for part in text.split("\n\n"))


def left_out(names):
    """A list of one paragraph that names rows which are not trained yet; empty where there are none."""
    return [wrapped(f"Not trained yet, and left out: {'; '.join(names)}.")] if names else []


def mean(numbers):
    """Text such as "1.23 ± 0.04": mean and standard error, or the mean alone where that is negligible."""
    numbers = np.asarray(list(numbers), float)
    if not len(numbers):
        return "-"
    error = standard_error(numbers)
    if not (np.isfinite(error) and error > NEGLIGIBLE * abs(numbers.mean())):
        return f"{numbers.mean():.3g}"
    decimals = max(0, 1 - math.floor(math.log10(error)))
    return f"{numbers.mean():.{decimals}f} ± {error:.{decimals}f}"


def standard_error(numbers):
    """The standard error of a mean; nan for fewer than two numbers, or where one is not finite."""
    if len(numbers) < 2 or not np.isfinite(numbers).all():
        return float("nan")
    return float(np.std(numbers, ddof=1) / np.sqrt(len(numbers)))


def file_name(row):
    """A row's name as a file name: letters, digits and underscores."""
    return "".join(c if c.isalnum() else "_" for c in row)


def values(outcomes, part, key="score"):
    """A list of one number of each `Outcome` that has it."""
    return [one.scores[part][key] for one in outcomes if part in one.scores]


def scores(found, beside=("real_data",)):
    """The `Table` of a comparison's scores.

    Args:
        found: dict of row to a list of `Outcome`, one per seed.
        beside: what else was scored; a row each, taken from the first outcome that has it.
    """
    every = [one for outcomes in found.values() for one in outcomes]
    parts = list(dict.fromkeys(part for one in every for part in one.scores))
    lines = []
    for row, outcomes in found.items():
        failed = sum(one.failure is not None for one in outcomes)
        note = f" ({failed} of {len(outcomes)} stopped: not finite)" if failed else ""
        lines.append([row + note, *(mean(values(outcomes, part)) for part in parts)])
    for key in beside:
        first = ([n for n in values(every, part, key) if n is not None][:1] for part in parts)
        lines.append([key.replace("_", " "), *map(mean, first)])
    return Table(["", *parts], lines)


def stopped(row, header):
    """The line of a row whose weights were no longer finite, which has no figures."""
    return [f"{row} (stopped: not finite)", *[""] * (len(header) - 1)]
