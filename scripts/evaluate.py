"""Scores a run, or any folder of images against another.

    python scripts/evaluate.py --run_dir=runs/a
    python scripts/evaluate.py --real=photos --generated=samples/images

Prints a table: each score, twice its standard error, and the score of real data in the
samples' place. `scores.json` holds the same for programs.
"""

from pathlib import Path

from absl import flags

from tfgan import errors, experiment
from tfgan.experiment.flags import table_keys

METRICS = table_keys("metrics/table.py", "METRICS")
OF_RUNS = ("checkpoint", "num_samples", "split", "untrained", "seed", "sampler")
EXTRACTORS = table_keys("features/__init__.py", "EXTRACTORS")

flags.DEFINE_string("run_dir", None, "Folder of a run, or of one stage in it. [path]")
flags.DEFINE_string("real", None, "Folder of real images, instead of a run. [path]")
flags.DEFINE_string("generated", None, "Folder of generated images. [path]")
flags.DEFINE_list(
    "metrics", [], f"Of {', '.join(METRICS)}; by default all that apply. [comma-separated names]"
)
flags.DEFINE_enum(
    "checkpoint", "latest", ["latest", "best"], "Which weights of the run. [one of those named]"
)
flags.DEFINE_integer(
    "num_samples", 10_000, "Samples of the run; of pairs at most all. [images]", lower_bound=2
)
flags.DEFINE_string("split", None, "Data to compare with; by default the run's --held_out. [split]")
flags.DEFINE_string("sampler", None, "Which of the game's samplers; by default its first. [name]")
flags.DEFINE_string(
    "extractor",
    None,
    f"Features, of {', '.join(EXTRACTORS)}; by default the run's own. "
    "[name, or name:PATH of an Inception network]",
)
flags.DEFINE_string("data_dir", None, "Folder that holds prepared TFDS data. [path]")
flags.DEFINE_integer("image_size", None, "Side of images from folders. [pixels]", lower_bound=1)
flags.DEFINE_bool("untrained", False, "Score the first weights too. [true or false]")
flags.DEFINE_integer("seed", 0, "Seed of the latents. [>= 0]", lower_bound=0)
flags.DEFINE_string("output", None, "Where to write; by default RUN_DIR/scores.json, or scores_SAMPLER.json. [path]")


def main():
    given = flags.FLAGS.flag_values_dict()
    common = {name: given[name] for name in ("metrics", "data_dir")}
    if flags.FLAGS.run_dir:
        asked = {name: given[name] for name in (*OF_RUNS, "extractor")}
        report = experiment.evaluate_run(flags.FLAGS.run_dir, **common, **asked)
    else:
        for name in OF_RUNS:
            if flags.FLAGS[name].present:
                raise errors.invalid(name, "none for folders, but for runs", given[name])
        report = experiment.evaluate_folders(
            flags.FLAGS.real,
            flags.FLAGS.generated,
            **common,
            extractor=flags.FLAGS.extractor or "pixels",
            image_size=flags.FLAGS.image_size,
        )
    print(experiment.table(report))
    run_dir = flags.FLAGS.run_dir
    own = experiment.RunFolder(run_dir).scores if run_dir else Path("scores.json")
    if flags.FLAGS.sampler:
        own = own.with_name(f"scores_{flags.FLAGS.sampler}.json")
    output = flags.FLAGS.output or own
    experiment.save(report, output)
    print(f"wrote {output}")


def _check(values):
    run, *folders = (values[name] is not None for name in ("run_dir", "real", "generated"))
    return folders == [not run, not run]


if __name__ == "__main__":
    flags.register_multi_flags_validator(
        ["run_dir", "real", "generated"], _check, "expected --run_dir, or --real and --generated"
    )
    experiment.launch(main)
