"""Scores the samples of a run, or any folder of images against another.

    python scripts/evaluate.py --run_dir=runs/a
    python scripts/evaluate.py --real=photos --generated=samples/images

Prints a table: each score, twice its standard error, and the score of real data in the
samples' place. `scores.json` holds the same as JSON.
"""

from pathlib import Path

from absl import flags

from tfgan import errors, experiment, files
from tfgan.experiment.flags import table_keys

METRICS = table_keys("metrics/table.py", "METRICS")
# Flags of runs alone, and of folders alone.
OF_RUNS = ("checkpoint", "num_samples", "split", "untrained", "seed", "sampler")
OF_FOLDERS = ("image_size",)
EXTRACTORS = table_keys("features/__init__.py", "EXTRACTORS")

flags.DEFINE_string("run_dir", None, "Folder of a run, or of one stage in it. [path]")
flags.DEFINE_string("real", None, "Folder of real images, instead of a run. [path]")
flags.DEFINE_string("generated", None, "Folder of generated images. [path]")
flags.DEFINE_list(
    "metrics", [], f"Of {', '.join(METRICS)}; by default all that apply. [comma-separated names]"
)
flags.DEFINE_enum(
    "checkpoint", "latest", ["latest", "best"], "Weights of the run to score. [one of those named]"
)
flags.DEFINE_integer(
    "num_samples", 10_000, "Samples to score; of pairs, at most as many as there are. [images]", lower_bound=2
)
flags.DEFINE_string("split", None, "Split to compare with; by default the run's --held_out. [split]")
flags.DEFINE_string("sampler", None, "Which of the game's samplers; by default its first. [name]")
flags.DEFINE_string(
    "extractor",
    None,
    f"Features, of {', '.join(EXTRACTORS)}; by default the run's own. "
    "[name, or name:PATH of an Inception network]",
)
flags.DEFINE_string("data_dir", None, "Folder that holds prepared TFDS data. [path]")
flags.DEFINE_integer(
    "image_size", None, "Height and width to bring images of folders to. [pixels]", lower_bound=1
)
flags.DEFINE_bool("untrained", False, "Score the untrained weights, too. [true or false]")
flags.DEFINE_integer(
    "seed", 0, "Seed of the latents. [0 to 2147483647]", lower_bound=0, upper_bound=2**31 - 1
)
flags.DEFINE_string(
    "output", None, "File to write; by default RUN_DIR/scores.json, or scores_SAMPLER.json. [path]"
)


def main():
    values = flags.FLAGS
    output = _output(values)
    files.check_place("output", output, "file")
    for name in OF_FOLDERS if values.run_dir else OF_RUNS:
        if values[name].present:
            only = "folders" if values.run_dir else "a run"
            raise errors.invalid(name, f"none, since it is for {only}", values[name].value)
    asked = {name: values[name].value for name in ("metrics", "data_dir", "extractor")}
    if values.run_dir:
        asked |= {name: values[name].value for name in OF_RUNS}
        report = experiment.evaluate_run(values.run_dir, **asked)
    else:
        asked |= {"extractor": values.extractor or "pixels", "image_size": values.image_size}
        report = experiment.evaluate_folders(values.real, values.generated, **asked)
    print(experiment.table(report))
    experiment.save(report, output)
    print(f"wrote {output}")


def _output(values):
    """The file to write."""
    if values.output:
        return Path(values.output)
    own = experiment.RunFolder(values.run_dir).scores if values.run_dir else Path("scores.json")
    return own.with_name(f"scores_{values.sampler}.json") if values.sampler else own


def _check(values):
    """Whether either a run is given, or both folders."""
    run, *folders = (bool(values[name]) for name in ("run_dir", "real", "generated"))
    return folders == [not run, not run]


if __name__ == "__main__":
    flags.register_multi_flags_validator(
        ["run_dir", "real", "generated"], _check, "expected --run_dir, or --real and --generated"
    )
    experiment.launch(main)
