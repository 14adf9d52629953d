"""Runs: from flags to a game, its data and its callbacks.

The only package that knows absl. `import tfgan.experiment` brings in neither
TensorFlow nor Keras, so that `--help` answers at once.
"""

from tfgan.experiment.build import build_game, open_run
from tfgan.experiment.flags import define_flags, parse_flags
from tfgan.experiment.folder import RunFolder
from tfgan.experiment.labels import conditions_for
from tfgan.experiment.judge import open_judge
from tfgan.experiment.main import launch
from tfgan.experiment.report import save, table
from tfgan.experiment.run import train
from tfgan.experiment.scoring import evaluate_folders, evaluate_run

__all__ = [
    "RunFolder",
    "build_game",
    "conditions_for",
    "define_flags",
    "evaluate_folders",
    "evaluate_run",
    "launch",
    "open_judge",
    "open_run",
    "parse_flags",
    "save",
    "table",
    "train",
]
