"""Measures the library as a user runs it, interleaved with its peers.

    python scripts/benchmark.py --workload=W1,W3 --against=keras_fit,tf_tutorial,torch

Every contestant trains in turns (A B C A B C ...) in one process; ratios are
taken within a round. `--output` gets the figures as JSON; a table is printed.
"""

import json
import os
import statistics
import sys
import time
from functools import partial
from pathlib import Path

from absl import flags

from tfgan import errors, experiment

PEERS = ("keras_fit", "tf_tutorial", "torch", "torch_bfloat16", "torch_compile")

flags.DEFINE_list("workload", ["W1", "W2", "W3", "W4"], "Of W1 to W4. [comma-separated names]")
flags.DEFINE_integer("batch", 0, "Batch of one update; 0: the workload's. [images]", lower_bound=0)
flags.DEFINE_list("precision", ["float32", "mixed_bfloat16"], "[comma-separated policies]")
flags.DEFINE_list("schedule", ["alternating"], "Ours. [comma-separated names of SCHEDULES]")
flags.DEFINE_list("against", [], f"Of {', '.join(PEERS)}. [comma-separated names]")
flags.DEFINE_integer("executions", 1, "Our steps_per_execution. [rounds]", lower_bound=1)
flags.DEFINE_integer("rounds", 5, "Turns of each contestant. [turns]", lower_bound=1)
flags.DEFINE_float("turn", 4.0, "Length of a turn. [seconds, > 0]", lower_bound=0.001)
flags.DEFINE_string("output", None, "Where to write the figures. [path of a JSON file]")
flags.DEFINE_string("trace", None, "Where to write a TensorBoard profile of ours. [path]")


def main():
    values = flags.FLAGS
    results = [measure(name, values) for name in values.workload]
    for result in results:
        print(table(result))
    if values.output:
        Path(values.output).write_text(json.dumps(results, indent=1))


def measure(name, values):
    """The figures of one workload, as a dict for JSON."""
    from peers import flops
    from peers.workloads import WORKLOADS

    workload = errors.lookup("workload", name, WORKLOADS)
    batch = values.batch or workload.batch
    contestants, compiling = {}, {}
    for label, build in builders(workload, batch, values).items():
        started = time.perf_counter()
        train = build()
        train(1)
        compiling[label] = time.perf_counter() - started
        contestants[label] = (train, _steps_per_turn(train, values.turn))
    load = os.getloadavg()[0]
    if load > 3.0:
        print(f"warning: load average {load:.1f}: something else is running", file=sys.stderr)
    rates, peaks = {label: [] for label in contestants}, {"float32": [], "bfloat16": []}
    for _ in range(values.rounds):
        for dtype in peaks:
            peaks[dtype].append(_product_peak(dtype))
        for label, (train, steps) in contestants.items():
            started = time.perf_counter()
            train(steps)
            rates[label].append(steps * batch / (time.perf_counter() - started))
    if values.trace:
        _trace(next(iter(contestants.values())), values.trace)
    return {
        "workload": name,
        "batch": batch,
        "images_per_second": rates,
        "seconds_to_compile": compiling,
        "product_peak_gflops": peaks,
        "gflop_per_image": flops.per_round(
            *workload.networks(), workload.critic_steps, bool(workload.penalty)
        )
        / 1e9,
    }


def builders(workload, batch, values):
    """Dict of label to a function that builds a contestant, ours first."""
    from peers import keras_fit, ours, tf_tutorial

    build = {
        f"tfgan {schedule} {precision}": partial(
            ours.build, workload, batch, schedule, precision, values.executions
        )
        for precision in values.precision
        for schedule in values.schedule
    }
    peers = {
        "keras_fit": partial(keras_fit.build, workload, batch),
        "tf_tutorial": partial(tf_tutorial.build, workload, batch),
        "torch": partial(_torch, workload, batch),
        "torch_bfloat16": partial(_torch, workload, batch, bfloat16=True),
        "torch_compile": partial(_torch, workload, batch, compiled=True),
    }
    return build | {name: errors.lookup("against", name, peers) for name in values.against}


def table(result):
    """A table in Markdown: medians, ranges, and ratios to each contestant."""
    rates = result["images_per_second"]
    ours = next(iter(rates))
    peaks = {dtype: statistics.median(turns) for dtype, turns in result["product_peak_gflops"].items()}
    lines = [
        f"\n{result['workload']}, batch {result['batch']}: "
        f"{result['gflop_per_image']:.2f} GFLOP per image (alternating, fresh noise); "
        f"products reach {peaks['float32']:.0f} GFLOP/s, {peaks['bfloat16']:.0f} in bfloat16\n",
        f"| contestant | images/s, median (range) | {ours} is faster by | compile |",
        "|---|---|---|---|",
    ]
    for label, turns in rates.items():
        ratio = [mine / its for mine, its in zip(rates[ours], turns)]
        lines.append(
            f"| {label} | {statistics.median(turns):,.1f} ({min(turns):,.1f} to {max(turns):,.1f}) "
            f"| {statistics.median(ratio):.2f} ({min(ratio):.2f} to {max(ratio):.2f}) "
            f"| {result['seconds_to_compile'][label]:.1f} s |"
        )
    return "\n".join(lines)


def _torch(workload, batch, **options):
    try:
        from peers import torch_example
    except ImportError as error:
        raise errors.invalid("against", "PyTorch (pip install torch)", str(error)) from error
    return torch_example.build(workload, batch, **options)


def _steps_per_turn(train, seconds):
    train(1)
    started = time.perf_counter()
    train(2)
    return max(1, round(2 * seconds / (time.perf_counter() - started)))


def _product_peak(dtype, size=2048, seconds=0.5):
    """GFLOP/s of square matrix products."""
    import tensorflow as tf

    factor = tf.cast(tf.random.normal([size, size]), dtype)
    tf.matmul(factor, factor)
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        tf.matmul(factor, factor)
        count += 1
    return count * 2 * size**3 / (time.perf_counter() - started) / 1e9


def _trace(contestant, folder):
    import tensorflow as tf

    train, _ = contestant
    with tf.profiler.experimental.Profile(folder):
        train(3)


if __name__ == "__main__":
    experiment.launch(main)
