"""Start-up time: from the quickstart's command to its first finished round."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tables.markdown import Table

SCRIPTS = Path(__file__).parents[1]
ROOT = SCRIPTS.parent

# Runs the real command, and notes the time at which each of its stages ends.
PROGRAM = """
import json, os, runpy, sys, time
begun = float(sys.argv[1])
del sys.argv[:2]
passed = {}
def mark(name):
    passed[name] = time.time() - begun
mark("start Python")
import tensorflow, keras
mark("import TensorFlow and Keras")
from tfgan import callbacks, checkpoints
from tfgan.experiment import build
def marked(owner, attribute, name):
    function = getattr(owner, attribute)
    def through(*args, **kwargs):
        result = function(*args, **kwargs)
        mark(name)
        return result
    setattr(owner, attribute, through)
def finish(self, batch, logs=None):
    mark("trace and play the first round")
    print("PASSED", json.dumps(passed), flush=True)
    os._exit(0)
marked(build, "open_data", "read the data")
marked(build, "game_of", "build networks and optimizers")
marked(callbacks.SampleGrid, "on_train_begin", "draw the untrained picture")
callbacks.Progress.on_train_batch_end = finish
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def measure(values):
    """One result: the seconds of each stage, of the round with the median total."""
    runs = sorted((_start() for _ in range(values.rounds)), key=lambda run: run[-1][1])
    helps = sorted(_help() for _ in range(values.rounds))
    middle = values.rounds // 2
    return [
        {
            "name": "quickstart",
            "passed": runs[middle],
            "totals": [run[-1][1] for run in runs],
            "help_seconds": helps[middle],
        }
    ]


def _start():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", PROGRAM, str(time.time()), SCRIPTS / "train.py"]
        command += [f"--flagfile={ROOT / 'flags' / 'quickstart.txt'}", f"--run_dir={folder}/run"]
        result = subprocess.run(command, capture_output=True, text=True)
    lines = [line for line in result.stdout.splitlines() if line.startswith("PASSED ")]
    if not lines:
        sys.exit(f"the quickstart did not reach its first round:\n{result.stderr}")
    return list(json.loads(lines[0].removeprefix("PASSED ")).items())


def _help():
    started = time.perf_counter()
    command = [sys.executable, SCRIPTS / "train.py", "--help"]
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - started


def page(results):
    (result,) = results
    totals, before, lines = result["totals"], 0.0, []
    for name, seconds in result["passed"]:
        lines.append([name, f"{seconds - before:.2f}"])
        before = seconds
    return f"""\
From the quickstart's command to its first finished round: {before:.1f} s (median of {len(totals)},
{totals[0]:.1f} to {totals[-1]:.1f}; the goal: under 25). `--help` answers in {result["help_seconds"]:.2f} s
(the goal: under 2).

{Table(["stage", "seconds"], lines)}"""
