"""Writes a trained run as a SavedModel, which needs only TensorFlow to run.

    python scripts/export.py --run_dir=runs/a --output=exported
"""

from absl import flags

from tfgan import experiment, files

flags.DEFINE_string("run_dir", None, "Folder of the run, or of one stage in it. [path]")
flags.DEFINE_string("output", None, "Folder to write to. [path]")
flags.DEFINE_bool("use_ema", True, "Export the averaged weights. [true or false]")


def main():
    files.check_place("output", flags.FLAGS.output, "folder")
    game, _ = experiment.open_run(flags.FLAGS.run_dir)
    from tfgan.export import export

    export(game, flags.FLAGS.output, use_ema=flags.FLAGS.use_ema)
    print(f"wrote {flags.FLAGS.output}")


if __name__ == "__main__":
    experiment.require("run_dir", "output")
    experiment.launch(main)
