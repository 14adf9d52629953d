"""docs/performance.md, written from the figures that measurements kept."""

import importlib
import json
from pathlib import Path

from benchmarks import goals
from tfgan import errors
from tfgan.files import write_atomically

FOLDER = Path(__file__).parents[2] / "docs" / "performance"

TITLES = {
    "training": "Training",
    "data": "Data",
    "startup": "Start",
    "sampling": "Sampling, and what a run costs beside its steps",
    "growth": "Growth",
    "products": "How near to the peak a step can come",
    "metrics": "Metrics",
    "seeds": "Many seeds at once",
}

VERSIONS = ("python", "tensorflow", "keras", "numpy", "torch")

INTRODUCTION = """\
# Performance

Written by `scripts/benchmark.py` from the figures in `docs/performance/`. Absolute
figures drift from hour to hour on a shared machine; ratios are taken within one
interleaved run, and differences under a tenth are noise.

Workloads, of synthetic data in memory:

| | networks | round |
|---|---|---|
| W1 | DCGAN, 64x64x3, widths 1024 to 128, batch norm on both sides | sigmoid cross-entropy, 1 + 1 updates |
| W2 | the same, no norm in the discriminator | WGAN-GP, 5 + 1 updates |
| W3 | TensorFlow's DCGAN tutorial, 28x28x1 | sigmoid cross-entropy, 1 + 1 updates |
| W4 | a mixture in the plane, two hidden layers of 128 | sigmoid cross-entropy, 1 + 1 updates |

Peers, written plainly in `scripts/peers/`: `keras_fit`, a tutorial-style Keras model
(alternating, fresh noise for each update); `tf_tutorial`, one `tf.function` per step
(simultaneous, one noise: our `simultaneous_shared`); `torch`, PyTorch's DCGAN example
(alternating, one noise: our `alternating_shared`). "bare step" is our own compiled step
on a batch that is already there. Ours is `gan.fit` on a dataset, with metrics, moving
average and progress; one contestant is one process, on all cores. "images/s" counts
real images, "of the peak" compares the arithmetic of the schedule with square matrix
products in the same run. Start, data, sampling and growth were measured before batch
normalisation became one operation, which makes W1 up to 1.04 times (bfloat16: 1.22
times) and W3 1.05 times as fast.
"""

def module_of(name):
    """The module that measures `name`."""
    errors.lookup("measure", name, TITLES)
    return importlib.import_module(f"benchmarks.{name}")


def keep(record, folder):
    """Writes each result of a measurement to a JSON file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for result in record["results"]:
        name = "_".join([record["measure"], *_key(result)])
        text = json.dumps({**record, "results": [result]}, indent=1) + "\n"
        write_atomically(folder / f"{name}.json", text.encode())


def write(folder):
    """Writes the page beside the folder that holds the figures."""
    records = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    sections = [INTRODUCTION]
    for measure, title in TITLES.items():
        chosen = [record for record in records if record["measure"] == measure]
        if chosen:
            sections.append(f"## {title}\n")
            if measure == "training":
                sections += [goals.table(_results(chosen)), _kept("missed")]
            sections += _sections(module_of(measure), chosen)
        if chosen and measure == "growth":
            module_of(measure).plot(_results(chosen), folder / "growth.png")
    sections.append(_kept("left_out"))
    write_atomically(folder.with_suffix(".md"), "\n".join(sections).encode())


def _kept(name):
    """Findings that were written down once, beside the figures, without the comment on their origin."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    return text.partition("-->\n")[2]


def _sections(module, records):
    """One section per command: its tables, the command, and the machine it ran on."""
    by_command = {}
    for record in records:
        by_command.setdefault((record["command"], str(record["machine"])), []).append(record)
    return [_section(module, group) for group in by_command.values()]


def _section(module, records):
    machine = records[0]["machine"]
    versions = ", ".join(f"{name} {value}" for name, value in machine.items() if name in VERSIONS)
    return (
        f"{module.page(_results(records))}\n\n"
        f"    {records[0]['command']}\n\n"
        f"{machine['cores']} cores of {machine['processor']} (bfloat16: {machine['bfloat16']}); "
        f"{versions}.\n"
    )


def _results(records):
    return [result for record in records for result in record["results"]]


def _key(result):
    return [str(result[part]) for part in ("workload", "batch", "name") if part in result]
