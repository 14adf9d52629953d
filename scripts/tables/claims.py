"""Claims that were stated before runs were made, and whether the runs meet them."""

import math
from typing import NamedTuple

from tables.markdown import Table

HEADER = ["claim", "asked", "found", "met"]


class Claim(NamedTuple):
    """A bound that every one of some runs is to keep.

    Attributes:
        text: what is claimed, unique on its page.
        bound: the number that is asked for; nan where it is not known yet.
        values: list of float, one per run that was made.
        most: whether the values are to be at most the bound, else at least.
    """

    text: str
    bound: float
    values: list
    most: bool = False

    @property
    def met(self):
        """"yes", "no" or "not measured"."""
        if not self.values:
            return "not measured"
        kept = [value <= self.bound if self.most else value >= self.bound for value in self.values]
        return "yes" if all(kept) else "no"

    @property
    def line(self):
        """The claim as a line of the table, a list of str under `HEADER`."""
        shown = "; ".join(f"{value:.3f}" for value in self.values)
        asked = f"{'<=' if self.most else '>='} {self.bound:.3f}"
        return [self.text, "-" if math.isnan(self.bound) else asked, shown, self.met]


def table(claims):
    """The `Table` of a list of `Claim`."""
    return Table(HEADER, [claim.line for claim in claims])


def found(table):
    """The claims that are met and missed in words, from their `Table`."""
    met = table.cells("met")
    named = lambda word: [row for row, cell in met.items() if cell == word]
    measured = len(met) - len(named("not measured"))
    text = f"Of {measured} claims that were measured, {len(named('yes'))} are met."
    return f"{text} Missed: {_listed(table, named('no'))}."


def _listed(table, rows):
    asked, values = table.cells("asked"), table.cells("found")
    return "; ".join(f"{row} (asked {asked[row]}, found {values[row]})" for row in rows) or "none"
