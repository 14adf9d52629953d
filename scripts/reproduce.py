"""Reproduces pages of docs/results: trains and scores their runs, and writes tables and pictures.

    python scripts/reproduce.py settings --data_dir=DIR
    python scripts/reproduce.py losses --data_dir=DIR --seeds=3

A finished run is not trained again: the same command continues where it was stopped.
`--quick` trains next to nothing, to see that everything works.
"""

import importlib
import time

from absl import flags

from tfgan import errors, experiment
from tfgan.files import write_atomically

# Tables on how training behaves, which need little or no data; the longest first, as they share the cores.
LABORATORY = (
    "pacgan",
    "ring",
    "grid",
    "stacked_mnist",
    "gaussian_1d",
    "theory",
    "dirac",
    "bilinear",
)
OF_DATA = (
    "recipes", "losses", "parzen", "settings", "stacked_mnist", "few_labels", "inference", "augmentation",
)  # fmt: skip
TABLES = (
    "recipes", "losses", "parzen", "settings", "conditional", "inference", "few_labels", "augmentation",
    "divergences", *LABORATORY,
)  # fmt: skip

flags.DEFINE_string("data_dir", None, "Folder that holds prepared TFDS data. [path]")
flags.DEFINE_list(
    "folders", [], "Image folders of the recipes that need one. [comma-separated recipe=path]"
)
flags.DEFINE_integer("seeds", 3, "Runs of each row; stacked_mnist always has one. [runs]", lower_bound=1)
flags.DEFINE_float("budget", 1.0, "Share of the table's own training length. [> 0]", lower_bound=1e-9)
flags.DEFINE_integer(
    "at_a_time",
    None,
    f"Runs at once, or tables of {', '.join(LABORATORY)}; by default 1, with --all one per core. [runs]",
    lower_bound=1,
)
flags.DEFINE_bool("long", False, "Also train the rows that take hours. [true or false]")
flags.DEFINE_bool("all", False, f"Make {', '.join(LABORATORY)}. [true or false]")
flags.DEFINE_bool("quick", False, "Train next to nothing, to see that everything works. [true or false]")
flags.DEFINE_bool(
    "records",
    False,
    "Also show the runs of other machines, by their scores in docs/results/records. [true or false]",
)
flags.DEFINE_string("runs", "runs/tables", "Folder in which the runs are kept. [path]")
flags.DEFINE_string(
    "output",
    None,
    "Folder in which the pages are written; by default docs/results, or runs/quick with --quick. [path]",
)


def main(names):
    from tables import processes
    from tables.options import Options

    if flags.FLAGS.all:
        names = list(dict.fromkeys([*names, *LABORATORY]))
    if not names:
        raise errors.invalid("table", f"one or more of {', '.join(TABLES)}", None)
    for name in names:
        errors.lookup("table", name, dict.fromkeys(TABLES))
    needy = [name for name in names if name in OF_DATA and not flags.FLAGS.data_dir]
    if needy:
        raise errors.invalid("data_dir", f"a folder with prepared TFDS data for {', '.join(needy)}", None)
    at_a_time = flags.FLAGS.at_a_time or (processes.cores() if flags.FLAGS.all else 1)
    together = [name for name in names if at_a_time > 1 and name in LABORATORY]
    for name in names:
        if name not in together:
            make(Options.of(flags.FLAGS, name))
    options = [Options.of(flags.FLAGS, name) for name in together]
    codes = processes.each(make, options, at_a_time)
    failed = [name for name, code in zip(together, codes) if code]
    if failed:
        raise errors.invalid("table", "tables that finish", ", ".join(failed))


def make(options):
    """Makes one table and writes its page; its minutes count from here."""
    from tables import records

    options = options._replace(started=time.monotonic())
    if options.records:
        records.restore(options)
    page = importlib.import_module(f"tables.{options.name}").make(options)
    options.page.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(options.page, page.encode())
    if options.full:
        records.keep(options)
    print(f"wrote {options.page}", flush=True)


if __name__ == "__main__":
    experiment.launch(main, takes_arguments=True)
