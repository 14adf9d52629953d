"""Means and tables as text."""

import math
from statistics import mean as average
from statistics import stdev


def mean(numbers, digits=3):
    """"1.23 +- 0.04": the mean and its standard error over seeds; of one number, that."""
    numbers = list(numbers)
    if not numbers:
        return "-"
    text = f"{average(numbers):.{digits}g}"
    if len(numbers) > 1:
        text += f" ± {stdev(numbers) / math.sqrt(len(numbers)):.1g}"
    return text


def rows(header, lines):
    """A table of markdown, its first column of text.

    Args:
        header: list of str.
        lines: list of lists of str, as long.
    """
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, rule, *lines))
