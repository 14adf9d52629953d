"""Measures the speed of the library as a user runs it, compared with its peers.

    python scripts/benchmark.py --workload=W1,W3 --against=bare,keras_fit,tf_tutorial,torch
    python scripts/benchmark.py --measure=data,startup,sampling,growth,products,metrics,seeds

Prints tables. `--output=docs/performance` also keeps the figures in that folder, one JSON
file per measurement, and writes docs/performance.md from all files there.
"""

import sys
from pathlib import Path

from absl import flags

from tfgan import experiment

MEASURES = ("training", "data", "startup", "sampling", "growth", "products", "metrics", "seeds")
PEERS = ("bare", "keras_fit", "tf_tutorial", "torch", "torch_bfloat16", "torch_compile")

flags.DEFINE_list("measure", ["training"], f"Measurements: {', '.join(MEASURES)}. [comma-separated names]")
flags.DEFINE_list("workload", ["W1", "W2", "W3", "W4"], "Workloads, of W1 to W4. [comma-separated names]")
flags.DEFINE_integer("batch", 0, "Batch size of one update; 0: the workload's own. [images]", lower_bound=0)
flags.DEFINE_list("precision", ["float32", "mixed_bfloat16"], "Of ours. [comma-separated Keras policies]")
flags.DEFINE_list("schedule", ["alternating"], "Schedules of ours. [comma-separated names of SCHEDULES]")
flags.DEFINE_list("against", [], f"Peers to compare with, of {', '.join(PEERS)}. [comma-separated names]")
flags.DEFINE_integer("rounds", 5, "Number of turns of each contestant. [turns]", lower_bound=1)
flags.DEFINE_float("turn", 4.0, "Length of a contestant's turn. [seconds, > 0]", lower_bound=0.001)
flags.DEFINE_string("faces", None, "Images to read with --measure=data. [path of a folder]")
flags.DEFINE_string("data_dir", None, "Prepared TFDS data, for data and metrics. [path of a folder]")
flags.DEFINE_string("output", None, "Folder of the figures; the page is written beside it. [path]")
flags.DEFINE_string("trace", None, "Folder for a TensorBoard profile of ours. [path]")


def main():
    from benchmarks import machine, page

    values = flags.FLAGS
    for name in values.measure:
        module = page.module_of(name)
        machine.warn_if_busy()
        record = {
            "measure": name,
            "command": " ".join(["python scripts/benchmark.py", *sys.argv[1:]]),
            "machine": machine.facts(),
            "results": module.measure(values),
        }
        print(module.page(record["results"]))
        if values.output:
            page.keep(record, Path(values.output))
    if values.output:
        page.write(Path(values.output))


if __name__ == "__main__":
    experiment.launch(main)
