"""Reports of scores, as a text table and as JSON."""

import json
import math
from pathlib import Path
from typing import NamedTuple

from tfgan.files import write_atomically


class Row(NamedTuple):
    """One score with its standard error and the scores of references.

    Attributes:
        part: which number of which metric, such as "precision".
        score: of the samples.
        standard_error: of that score.
        real_data: the same score of real data in the samples' place.
        untrained: that of an untrained generator's samples; None if not measured.
    """

    part: str
    score: float
    standard_error: float
    real_data: float
    untrained: float | None


class Report(NamedTuple):
    """Dict of name to `Row`, and a dict that says how they were measured."""

    rows: dict
    protocol: dict


def table(report):
    """A `Report` as lines of text."""
    rows = [("score", "value", "2 s.e.", "real data", "untrained")]
    for name, row in report.rows.items():
        numbers = (row.score, 2 * row.standard_error, row.real_data, row.untrained)
        rows.append((name, *("" if number is None else f"{number:.4g}" for number in numbers)))
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


def save(report, path):
    """Writes a `Report` as JSON."""
    rows = {name: row._asdict() for name, row in report.rows.items()}
    content = {"protocol": report.protocol, "scores": rows}
    path = Path(path).expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(_finite(content), indent=1, allow_nan=False).encode())


def _finite(content):
    """The content with infinity and NaN, which JSON does not have, as strings."""
    if isinstance(content, dict):
        return {name: _finite(value) for name, value in content.items()}
    if isinstance(content, float) and not math.isfinite(content):
        return str(content)
    return content
