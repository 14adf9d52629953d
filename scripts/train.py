"""Trains a game, or continues the run in --run_dir.

    python scripts/train.py --flagfile=flags/quickstart.txt --run_dir=runs/quickstart

Flags after the flagfile override it. The same command again continues a run. With
--dry_run it says what would be trained, and writes nothing.
"""

import sys

from absl import flags

from tfgan import experiment

if __name__ == "__main__":
    experiment.define_flags()
    experiment.launch(lambda: experiment.run(experiment.recipe_of(flags.FLAGS, sys.argv[1:])))
