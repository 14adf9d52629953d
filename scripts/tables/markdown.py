"""Means and tables as text."""

import math

import numpy as np

SPEED = (
    "Trained in bfloat16 with one generator forward per round, which did `dcgan_mnist` no harm "
    "([settings](settings.md))."
)
# Standard errors below this share of the mean are not shown.
NEGLIGIBLE = 1e-4


def mean(numbers):
    """"1.23 ± 0.04": the mean and its standard error over seeds; the mean alone where that is negligible."""
    numbers = np.asarray(list(numbers), float)
    if not len(numbers):
        return "-"
    error = standard_error(numbers)
    if not (np.isfinite(error) and error > NEGLIGIBLE * abs(numbers.mean())):
        return f"{numbers.mean():.3g}"
    decimals = max(0, 1 - math.floor(math.log10(error)))
    return f"{numbers.mean():.{decimals}f} ± {error:.{decimals}f}"


def standard_error(numbers):
    """Of their mean; nan for fewer than two, or where they are not finite."""
    if len(numbers) < 2 or not np.isfinite(numbers).all():
        return float("nan")
    return float(np.std(numbers, ddof=1) / np.sqrt(len(numbers)))


def file_name(row):
    """A row's name with nothing in it that folders do not like."""
    return "".join(c if c.isalnum() else "_" for c in row)


def values(outcomes, part, key="score"):
    """One number of each `Outcome` that has it."""
    return [one.scores[part][key] for one in outcomes if part in one.scores]


def scores(found, beside=("real_data",)):
    """A table of scores.

    Args:
        found: dict of row to a list of `Outcome`, one per seed.
        beside: what else was scored; a row each, of the first that has it.
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
    return rows(["", *parts], lines)


def rows(header, lines):
    """A table of markdown, its first column of text.

    Args:
        header: list of str.
        lines: list of lists of str, as long.
    """
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, rule, *lines))


def stopped(row, header):
    """A line that says that a row came to no end."""
    return [f"{row} (stopped: not finite)", *[""] * (len(header) - 1)]
