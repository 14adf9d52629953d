"""Speed of `generate`, and the time that a run spends on its outputs."""

import contextlib
import tempfile
import time
from pathlib import Path

from tables.markdown import Table

FLAGFILE = Path(__file__).parents[2] / "flags" / "quickstart.txt"
COUNT = 10_000


def measure(values):
    """One result."""
    return [{"name": "quickstart", "generate": _generate(values), "run": _run()}]


def _generate(values):
    """For each workload, seconds of `generate` and of passes of the bare generator."""
    import tensorflow as tf

    from peers import ours
    from peers.workloads import WORKLOADS

    rows = []
    for name in ("W3", "W4"):
        game = ours.build_game(WORKLOADS[name], "alternating", "float32")
        network = game.sampling_network()
        latents = tf.random.normal([256, game.latent_dim])
        forward = tf.function(lambda network=network, z=latents: network(z, training=False))
        forward(), game.generate(512, seed=0)
        ours_seconds, bare_seconds = [], []
        for seed in range(values.rounds):
            started = time.perf_counter()
            game.generate(COUNT, seed=seed)
            ours_seconds.append(time.perf_counter() - started)
            started = time.perf_counter()
            for _ in range(COUNT // 256 + 1):
                forward()
            bare_seconds.append(time.perf_counter() - started)
        middle = values.rounds // 2
        rows.append(
            {
                "workload": name,
                "seconds": sorted(ours_seconds)[middle],
                "bare_seconds": sorted(bare_seconds)[middle],
            }
        )
    return rows


def _run():
    """Seconds of the whole quickstart, and of each of its outputs."""
    from tfgan import callbacks, checkpoints, experiment

    spent = {}
    parts = [
        (callbacks.SampleGrid, ("on_train_begin", "on_epoch_end"), "pictures"),
        (checkpoints.Checkpoints, ("on_epoch_end", "on_train_batch_end"), "checkpoints"),
        (callbacks.MetricsFile, ("on_epoch_begin", "on_epoch_end"), "metrics.csv"),
        (callbacks.Progress, ("on_train_batch_end", "on_epoch_end"), "progress"),
        (callbacks.StopOnNonFinite, ("on_train_batch_end", "on_epoch_end"), "check of the losses"),
        (callbacks.Curves, ("on_epoch_end",), "TensorBoard"),
    ]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        recipe = experiment.parse_flags(
            [f"--flagfile={FLAGFILE}", f"--run_dir={folder}/run", "--export=false"]
        )
        for owner, methods, label in parts:
            for method in methods:
                stack.enter_context(timed(owner, method, spent, label))
        stack.enter_context(timed(checkpoints.Checkpoints, "fit", spent, "all"))
        experiment.run(recipe)
    return spent


@contextlib.contextmanager
def timed(owner, method, spent, label):
    """Adds the seconds that calls of a method take to `spent[label]`."""
    function = getattr(owner, method)

    def through(*args, **kwargs):
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[label] = spent.get(label, 0.0) + time.perf_counter() - started

    setattr(owner, method, through)
    yield
    setattr(owner, method, function)


def page(results):
    (result,) = results
    rates = [
        [
            row["workload"], f"{row['seconds']:.2f}", f"{COUNT / row['seconds']:,.0f}",
            f"{row['bare_seconds']:.2f}",
        ]
        for row in result["generate"]
    ]  # fmt: skip
    spent = dict(result["run"])
    whole, together = spent.pop("all"), sum(spent.values())
    shares = [
        [label, f"{seconds:.2f}", f"{seconds / whole:.1%}"]
        for label, seconds in {**spent, "together": together}.items()
    ]
    return f"""\
`generate({COUNT:,})`, in batches of 256, compared with as many passes of the bare compiled generator:

{Table(["generator", "seconds", "images/s", "seconds of bare passes"], rates)}

The default outputs of the quickstart take {together / whole:.1%} of its {whole:.1f} s of training (the goal:
under 5 %):

{Table(["output", "seconds", "share"], shares)}"""
