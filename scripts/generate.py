"""Writes samples of a trained run: a PNG each and a grid of them, or an array of codes or probabilities.

    python scripts/generate.py --run_dir=runs/a --output=samples --num=64 --seed=1
    python scripts/generate.py --run_dir=runs/b --output=samples --sampler=a_to_b --input=photos
"""

from absl import flags

from tfgan import experiment, files

flags.DEFINE_string("run_dir", None, "Folder of the run, or of one stage in it. [path]")
flags.DEFINE_string("output", None, "Folder to write to. [path]")
flags.DEFINE_integer(
    "num", None, "Samples to make; by default 64, or one for each image of --input. [images]", lower_bound=1
)
flags.DEFINE_integer(
    "seed",
    None,
    "Seed of the latents; by default a fresh one. [0 to 2147483647]",
    lower_bound=0,
    upper_bound=2**31 - 1,
)
flags.DEFINE_integer(
    "columns", 8, "Columns of the grid; of classes there is one each. [images]", lower_bound=1
)
flags.DEFINE_string("sampler", None, "Which of the game's samplers; by default its first. [name]")
flags.DEFINE_string("options", "", "Options of the sampler. [comma-separated name=value, such as scale=0.8]")
flags.DEFINE_list(
    "input",
    [],
    "Images for a sampler that takes some, as an image translator does. "
    "[FOLDER, or comma-separated PART=FOLDER]",
)
flags.DEFINE_list(
    "label",
    [],
    "Condition of all samples, a number or name per label; by default every class in turn. "
    "[comma-separated classes, tags or words]",
)
flags.DEFINE_float(
    "best_share",
    None,
    "Make more samples, and keep this share: those that the discriminator finds most real. Works best "
    "with a run whose last stage trained the discriminator alone; docs/scores.md has figures. [0.01 to 1]",
    lower_bound=0.01,
    upper_bound=1.0,
)
flags.DEFINE_bool("use_ema", True, "Use the averaged weights. [true or false]")


def main():
    values = flags.FLAGS
    files.check_place("output", values.output, "folder")
    game, spec = experiment.open_run(values.run_dir)
    from tfgan import pictures, samplers

    name, sampler = samplers.choose(game, values.sampler)
    given, count, columns = experiment.given_for(
        sampler, spec, values.label, values.input, values.num, values.columns
    )
    how = {**given, **experiment.options_for(sampler, values.options)}
    how |= {"seed": values.seed, "use_ema": values.use_ema, "sampler": name}
    if values.best_share:
        samples = game.generate_best(count, values.best_share, **how)
    else:
        samples = game.generate(count, **how)
    written = pictures.save_all(values.output, samples, columns, sampler.makes)
    print(f"wrote {count} samples and {written}" if sampler.makes == "images" else f"wrote {written}")


if __name__ == "__main__":
    experiment.require("run_dir", "output")
    experiment.launch(main)
