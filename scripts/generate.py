"""Writes samples of a run: single PNGs and a grid of them.

    python scripts/generate.py --run_dir=runs/a --output=samples --num=64 --seed=1
    python scripts/generate.py --run_dir=runs/b --output=samples --sampler=a_to_b --input=photos
"""

from pathlib import Path

from absl import flags

from tfgan import experiment
from tfgan.experiment.kinds import options

flags.DEFINE_string("run_dir", None, "Folder of the run, or of one stage in it. [path]", required=True)
flags.DEFINE_string("output", None, "Folder to write. [path]", required=True)
flags.DEFINE_integer(
    "num", None, "How many; by default 64, or one of each --input. [images]", lower_bound=1
)
flags.DEFINE_integer("seed", None, "Seed of the latents; by default a fresh one. [>= 0]", lower_bound=0)
flags.DEFINE_integer("columns", 8, "Columns of the grid, if not of classes. [images]", lower_bound=1)
flags.DEFINE_string("sampler", None, "What the game is to make, where it makes several things. [name]")
flags.DEFINE_string(
    "options", "", "Of the sampler. [comma-separated name=value, such as scale=0.8]"
)
flags.DEFINE_list(
    "input", [], "Images that the sampler is given. [FOLDER, or comma-separated PART=FOLDER]"
)
flags.DEFINE_list(
    "label",
    [],
    "Condition of all images, a number or name per label; by default every class in turn. "
    "[comma-separated classes, tags or words]",
)
flags.DEFINE_float(
    "best_share",
    None,
    "Make more samples, and keep this share: those that the discriminator finds most real; "
    "docs/scores.md has what that did. Best of a run whose last stage trained the discriminator "
    "alone. [0.01 to 1]",
    lower_bound=0.01,
    upper_bound=1.0,
)
flags.DEFINE_bool("use_ema", True, "Use the averaged weights. [true or false]")


def main():
    values = flags.FLAGS
    game, spec = experiment.open_run(values.run_dir)
    from tfgan import pictures, samplers

    name, sampler = samplers.choose(game, values.sampler)
    given, count, columns = experiment.given_for(
        sampler, spec, values.label, values.input, values.num, values.columns
    )
    how = {**given, **options("").parse("options", values.options)}
    how |= {"seed": values.seed, "use_ema": values.use_ema, "sampler": name}
    if values.best_share:
        samples = game.generate_best(count, values.best_share, **how)
    else:
        samples = game.generate(count, **how)
    output = Path(values.output)
    pictures.save_all(output, samples, columns)
    print(f"wrote {count} samples and {output / 'grid.png'}")


if __name__ == "__main__":
    experiment.launch(main)
