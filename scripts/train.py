"""Trains a game, or continues the run in --run_dir.

    python scripts/train.py --flagfile=flags/quickstart.txt --run_dir=runs/quickstart

Flags after the flagfile override it. The same command again continues a run.
"""

from absl import flags

from tfgan import experiment

if __name__ == "__main__":
    experiment.define_flags()
    experiment.launch(lambda: experiment.train(flags.FLAGS))
