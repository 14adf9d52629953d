"""Images per second of the data pipeline alone, compared with what workload W3 consumes."""

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.training import Contestant
from tables.markdown import Table

BATCH = 256
FILES = 2000


def measure(values):
    """One result, with a row per source."""
    w3 = Contestant("ours", "W3", BATCH, FASTEST)
    steps = w3.steps_in(values.turn)
    consumed = steps * BATCH / w3.train(steps)
    w3.close()
    with tempfile.TemporaryDirectory() as folder:
        rows = [_rate(label, *source) for label, source in _sources(values, Path(folder)).items()]
    return [{"name": "pipeline", "rows": rows, "w3_images_per_second": consumed}]


FASTEST = {"schedule": "simultaneous_shared", "precision": "mixed_bfloat16"}


def _sources(values, folder):
    """Dict of label to (name, arguments) of `open_source`."""
    jpegs = values.faces
    if jpegs is None:
        _write_jpegs(folder)
        jpegs = folder
    sources = {
        "JPEGs at 64x64, in memory": (f"folder:{jpegs}", {"image_size": 64}),
        "JPEGs at 64x64, beyond the memory limit": (
            f"folder:{jpegs}", {"image_size": 64, "memory_limit": 1e-6}
        ),
        "digits (scikit-learn)": ("digits", {}),
    }  # fmt: skip
    if values.data_dir:
        for name in ("mnist", "cifar10"):
            sources[f"{name} (TFDS)"] = (name, {"data_dir": values.data_dir})
    return sources


def _write_jpegs(folder):
    from PIL import Image

    rng = np.random.default_rng(0)
    for i in range(FILES):
        coarse = Image.fromarray(rng.integers(0, 256, (14, 11, 3), np.uint8))
        coarse.resize((178, 218)).save(folder / f"{i}.jpg", quality=90)


def _rate(label, name, arguments, seconds=3.0):
    from tfgan import data

    started = time.perf_counter()
    source = data.open_source(name, **arguments)
    opened = time.perf_counter() - started
    batches = iter(source.batches(BATCH))
    for _ in range(20):
        next(batches)
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        next(batches)
        count += BATCH
    return {
        "source": label,
        "records": len(source),
        "shape": list(source.spec["images"].shape),
        "seconds_to_open": opened,
        "images_per_second": count / (time.perf_counter() - started),
    }


def page(results):
    (result,) = results
    consumed = result["w3_images_per_second"]
    lines = [
        [
            row["source"],
            f"{row['records']:,} of {'x'.join(map(str, row['shape']))}",
            f"{row['seconds_to_open']:.1f} s",
            f"{row['images_per_second']:,.0f}",
            f"{row['images_per_second'] / consumed:.0f}",
        ]
        for row in result["rows"]
    ]
    slowest = min(row["images_per_second"] for row in result["rows"]) / consumed
    return f"""\
The slowest source delivers {slowest:.0f} times the images that W3 consumes at its fastest
(simultaneous_shared, mixed_bfloat16: {consumed:,.0f} images/s); the goal is 5 times. Batches of {BATCH}.

{Table(["source", "images", "to open", "images/s", "times W3"], lines)}"""
