"""Trains a GAN, or continues the run in --run_dir.

    python scripts/train.py --flagfile=flags/quickstart.txt --run_dir=runs/quickstart

Flags after the flagfile override it. The same command again continues a run that was
interrupted; with more --images it continues one that has ended. With --dry_run it prints what
would be trained, and writes nothing. TF_CPP_MIN_LOG_LEVEL=0 in the environment shows the lines
that TensorFlow prints when it starts.
"""

import sys

from absl import flags

from tfgan import experiment

if __name__ == "__main__":
    experiment.define_flags()
    experiment.launch(lambda: experiment.run(experiment.recipe_of(flags.FLAGS, sys.argv[1:])))
