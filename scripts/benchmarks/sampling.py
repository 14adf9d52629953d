"""`generate` beside the bare generator, and what a run spends beside its rounds."""

import contextlib
import tempfile
import time
from pathlib import Path

FLAGFILE = Path(__file__).parents[2] / "flags" / "quickstart.txt"
COUNT = 10_000


def measure(values):
    """One result."""
    return [{"name": "quickstart", "generate": _generate(values), "run": _run()}]


def _generate(values):
    """Per workload, seconds of `generate` and of the bare generator's passes."""
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
    """Seconds of the whole quickstart, and of what it does beside its rounds."""
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
    lines = [
        f"`generate({COUNT:,})`, in batches of 256, beside as many passes of the bare compiled "
        "generator:\n",
        "| generator | seconds | images/s | bare passes take |",
        "|---|---|---|---|",
    ]
    for row in result["generate"]:
        lines.append(
            f"| {row['workload']} | {row['seconds']:.2f} | {COUNT / row['seconds']:,.0f} "
            f"| {row['bare_seconds']:.2f} s |"
        )
    spent = dict(result["run"])
    whole = spent.pop("all")
    lines += [
        f"\nThe quickstart with its default outputs trains for {whole:.1f} s; of these (the goal "
        "is under 5 % in all):\n",
        "| | seconds | share |",
        "|---|---|---|",
    ]
    for label, seconds in [*spent.items(), ("together", sum(spent.values()))]:
        lines.append(f"| {label} | {seconds:.2f} | {seconds / whole:.1%} |")
    return "\n".join(lines)
