"""Flags and scripts as a user gives them."""

import subprocess
import sys
from pathlib import Path

from tfgan import experiment

ROOT = Path(__file__).parents[1]


def parsed(*arguments):
    return experiment.parse_flags(arguments)


def script(name, *arguments, **kwargs):
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / f"{name}.py", *map(str, arguments)],
        capture_output=True, text=True, cwd=ROOT, **kwargs,
    )  # fmt: skip
