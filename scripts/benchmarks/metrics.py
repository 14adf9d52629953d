"""Time and memory of metrics, compared with other ways to compute the same numbers."""

import contextlib
import multiprocessing
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.sampling import timed
from tables.markdown import Table
from tfgan.memory import peak_memory

FLAGFILE = Path(__file__).parents[2] / "flags" / "dcgan_mnist.txt"

COUNT, DIMS = 10_000, 2_048


def measure(values):
    """One result per job, with the runs of each way to do it, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = []
    for name, ways in JOBS.items():
        runs = {way: [] for way in ways}
        for _ in range(values.rounds):
            for way in ways:
                with context.Pool(1) as pool:
                    runs[way].append(pool.apply(_run, (name, way)))
        results.append({"name": name, "runs": runs})
    if values.data_dir:
        results.append({"name": "tick", "spent": _tick(values.data_dir)})
    return results


def page(results):
    lines = [
        [result["name"], way, *_cells(runs)]
        for result in results
        for way, runs in result.get("runs", {}).items()
    ]
    table = Table(["job", "by", "seconds, median (range)", "peak memory", "result"], lines)
    text = f"""\
{COUNT:,} real and {COUNT:,} generated features of {DIMS:,} dimensions, float32. Memory is that of the whole
process, with both sets (164 MB) in it. `manifold` is precision, recall, density and coverage; `frechet` the
Fréchet distance.

{table}"""
    return "\n\n".join([text, *(_ticks(result["spent"]) for result in results if "spent" in result)])


def _cells(runs):
    seconds = sorted(run["seconds"] for run in runs)
    return [
        f"{seconds[len(seconds) // 2]:.1f} ({seconds[0]:.1f} to {seconds[-1]:.1f})",
        f"{max(run['memory'] for run in runs) / 2**20:,.0f} MiB",
        ", ".join(f"{number:.7g}" for number in runs[0]["result"]),
    ]


def _ticks(spent):
    return f"""\
Scores in training take {spent["scores"] / spent["all"]:.1%} of the time (the goal: under 10 %):
{spent["scores"]:.1f} of {spent["all"]:.1f} s for two ticks of 50,000 images of `dcgan_mnist`, with scores of
2,500 samples and the measure of overfitting at each tick."""


def _tick(data_dir):
    """Seconds of a run of two ticks at the default settings, and of its scores."""
    from tfgan import callbacks, checkpoints, experiment

    spent = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        recipe = experiment.parse_flags([
            f"--flagfile={FLAGFILE}", f"--run_dir={folder}/run", f"--data_dir={data_dir}",
            "--tick_images=50000", "--images=100000", "--export=false",
        ])  # fmt: skip
        for owner in (callbacks.Evaluate, callbacks.Overfitting):
            stack.enter_context(timed(owner, "on_epoch_end", spent, "scores"))
        stack.enter_context(timed(checkpoints.Checkpoints, "fit", spent, "all"))
        experiment.run(recipe)
    return spent


def _run(job, way):
    rng = np.random.default_rng(0)
    real = rng.normal(size=(COUNT, DIMS)).astype(np.float32)
    # A little other in mean and spread, so that no score is 0 or 1.
    generated = (0.02 + 0.99 * rng.normal(size=(COUNT, DIMS))).astype(np.float32)
    few = slice(0, 100)
    JOBS[job][way](real[few, :10], generated[few, :10])  # imports, and threads that start
    started = time.perf_counter()
    result = JOBS[job][way](real, generated)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "memory": peak_memory(), "result": list(map(float, result))}


def _manifold(real, generated):
    from tfgan import metrics

    return metrics.manifold_scores(real, generated, precision_k=3, density_k=5)


def _manifold_of_sklearn(real, generated):
    from sklearn.metrics import pairwise_distances_chunked
    from sklearn.neighbors import NearestNeighbors

    real, generated = real.astype(np.float64), generated.astype(np.float64)
    nearest = [
        NearestNeighbors(n_neighbors=k, algorithm="brute", n_jobs=-1).fit(x).kneighbors()[0]
        for x, k in ((real, 5), (generated, 3))
    ]
    around_3, around_5, around_generated = nearest[0][:, 2], nearest[0][:, 4], nearest[1][:, 2]
    precise, inside = [], 0
    recalled, covered = np.zeros(len(real), bool), np.zeros(len(real), bool)

    def hits(distances, start):
        nonlocal inside
        rows = slice(start, start + len(distances))
        precise.append((distances <= around_3).any(axis=1))
        recalled[:] |= (distances <= around_generated[rows, None]).any(axis=0)
        within = distances < around_5
        inside += np.count_nonzero(within)
        covered[:] |= within.any(axis=0)

    for _ in pairwise_distances_chunked(generated, real, reduce_func=hits, working_memory=256):
        pass
    return np.concatenate(precise).mean(), recalled.mean(), inside / (5 * len(generated)), covered.mean()


def _frechet(real, generated):
    from tfgan import metrics

    return (metrics.frechet_distance(real, generated),)


def _frechet_of_scipy(real, generated):
    from scipy import linalg

    real, generated = real.astype(np.float64), generated.astype(np.float64)
    one, other = (np.cov(x, rowvar=False) for x in (real, generated))
    root = linalg.sqrtm(one @ other)
    apart = real.mean(axis=0) - generated.mean(axis=0)
    return (apart @ apart + np.trace(one + other - 2 * root.real),)


JOBS = {
    "manifold": {
        "tfgan": _manifold,
        "scikit-learn NearestNeighbors": _manifold_of_sklearn,
    },
    "frechet": {"tfgan": _frechet, "scipy.linalg.sqrtm": _frechet_of_scipy},
}
