"""Writes docs/performance.md from the figures that measurements kept."""

import importlib
import json
from pathlib import Path

from benchmarks import goals
from tables import markdown
from tfgan import errors
from tfgan.files import write_atomically

FOLDER = Path(__file__).parents[2] / "docs" / "performance"

TITLES = {
    "training": "Training",
    "data": "Data",
    "startup": "Start",
    "sampling": "Sampling and outputs",
    "growth": "Growth",
    "products": "How near to the peak a step can come",
    "metrics": "Metrics",
    "seeds": "Many seeds at once",
}

VERSIONS = ("python", "tensorflow", "keras", "numpy", "torch")

SETTINGS = {
    "figures": """`docs/performance/`: one JSON file per measurement, from which `scripts/benchmark.py` writes
        this page""",
    "precision": """absolute figures drift from hour to hour on a shared machine; ratios are taken within one
        run of interleaved turns; differences below a tenth are noise""",
    "W1": """DCGAN, 64x64x3, widths 1024 to 128, batch norm in both networks; sigmoid cross-entropy, 1 + 1
        updates a round""",
    "W2": "the same, no norm in the discriminator; WGAN-GP, 5 + 1 updates a round",
    "W3": "TensorFlow's DCGAN tutorial, 28x28x1; sigmoid cross-entropy, 1 + 1 updates a round",
    "W4": "a mixture in the plane, two hidden layers of 128; sigmoid cross-entropy, 1 + 1 updates a round",
    "data": "synthetic, in memory",
    "ours": """`gan.fit` on a dataset, with metrics, moving average and progress; every contestant is one
        process on all cores""",
    "bare step": "our own compiled step, called on a batch that is already there",
    "`keras_fit`": """a Keras model in the style of a tutorial: alternating, new noise for each update (our
        `alternating`); this and the next two are written plainly in `scripts/peers/`""",
    "`tf_tutorial`": """TensorFlow's DCGAN tutorial, one `tf.function` per step: simultaneous, one noise (our
        `simultaneous_shared`)""",
    "`torch`": "PyTorch's DCGAN example: alternating, one noise (our `alternating_shared`)",
    "images/s": "real images per second",
    "of the peak": "arithmetic of the schedule, relative to that of square matrix products in the same run",
    "older figures": """start, data, sampling and growth were measured before batch normalisation became one
        operation, which makes W1 up to 1.04 times (bfloat16: 1.22 times) and W3 1.05 times as fast""",
}


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
    by_measure = {
        measure: chosen for measure in TITLES if (chosen := [r for r in records if r["measure"] == measure])
    }
    if "growth" in by_measure:
        module_of("growth").plot(_results(by_measure["growth"]), folder / "growth.png")
    body = "\n\n".join(_section(measure, chosen) for measure, chosen in by_measure.items())
    found = goals.found(_results(by_measure.get("training", [])))
    text = markdown.page("Performance", found, body, {**SETTINGS, **_made_by(records)}, _kept("left_out"))
    write_atomically(folder.with_suffix(".md"), text.encode())


def _section(measure, records):
    results = _results(records)
    before = [str(goals.table(results)), _kept("missed")] if measure == "training" else []
    return "\n\n".join([f"## {TITLES[measure]}", *before, module_of(measure).page(results)])


def _made_by(records):
    """Settings of the machines and the commands, each with the measurements that it made."""
    machines, commands = {}, {}
    for record in records:
        names = [" ".join([record["measure"], *_key(result)]) for result in record["results"]]
        machines.setdefault(_machine(record["machine"]), []).extend(names)
        commands.setdefault(f"`{record['command']}`", []).extend(names)
    if len(machines) == 1:
        machines = dict.fromkeys(machines, ["all"])
    return {
        f"{what}: {', '.join(names)}": value
        for what, made in (("machine", machines), ("command", commands))
        for value, names in made.items()
    }


def _machine(facts):
    versions = ", ".join(f"{name} {value}" for name, value in facts.items() if name in VERSIONS)
    return f"{facts['cores']} cores of {facts['processor']} (bfloat16: {facts['bfloat16']}); {versions}"


def _kept(name):
    """Findings written by hand beside the figures, without the comment on their origin."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    return text.partition("-->\n")[2].strip()


def _results(records):
    return [result for record in records for result in record["results"]]


def _key(result):
    return [str(result[part]) for part in ("workload", "batch", "name") if part in result]
