"""Writes samples of a run: single PNGs and a grid of them.

    python scripts/generate.py --run_dir=runs/a --output=samples --num=64 --seed=1
"""

from pathlib import Path

from absl import flags

from tfgan import experiment

flags.DEFINE_string("run_dir", None, "Folder of the run. [path]", required=True)
flags.DEFINE_string("output", None, "Folder to write. [path]", required=True)
flags.DEFINE_integer("num", 64, "How many. [images]", lower_bound=1)
flags.DEFINE_integer("seed", None, "Seed of the latents; by default a fresh one. [>= 0]", lower_bound=0)
flags.DEFINE_integer("columns", 8, "Columns of the grid, if not of classes. [images]", lower_bound=1)
flags.DEFINE_list(
    "label",
    [],
    "Condition of all images, a number or name per label; by default every class in turn. "
    "[comma-separated classes]",
)
flags.DEFINE_float(
    "keep_best",
    None,
    "Make more samples, and keep this share: those that the discriminator finds most real; "
    "docs/scores.md has what that did. Needs a run with --judge_images. [0.01 to 1]",
    lower_bound=0.01,
    upper_bound=1.0,
)
flags.DEFINE_bool("use_ema", True, "Use the averaged generator. [true or false]")


def main():
    share = flags.FLAGS.keep_best
    game, data = (experiment.open_judge if share else experiment.open_run)(flags.FLAGS.run_dir)
    from tfgan import pictures

    condition, columns = experiment.conditions_for(
        data, flags.FLAGS.label, flags.FLAGS.num, flags.FLAGS.columns
    )
    how = {"condition": condition, "seed": flags.FLAGS.seed, "use_ema": flags.FLAGS.use_ema}
    if share:
        samples = game.generate_best(flags.FLAGS.num, share, **how)
    else:
        samples = game.generate(flags.FLAGS.num, **how)
    output = Path(flags.FLAGS.output)
    pictures.save_all(output, samples, columns)
    print(f"wrote {flags.FLAGS.num} samples and {output / 'grid.png'}")


if __name__ == "__main__":
    experiment.launch(main)
