"""Training speed of the library as a user runs it, compared with its peers.

Every contestant has a process of its own. They train in turns (A B C A B C ...) while the
others wait; ratios are taken within a round of turns.
"""

import importlib
import multiprocessing
import statistics
import time

from benchmarks import machine
from tables.markdown import Table
from tfgan import errors
from tfgan.memory import peak_memory

PEERS = {
    "bare": ("bare", {}),
    "keras_fit": ("keras_fit", {}),
    "tf_tutorial": ("tf_tutorial", {}),
    "torch": ("torch_example", {}),
    "torch_bfloat16": ("torch_example", {"bfloat16": True}),
    "torch_compile": ("torch_example", {"compiled": True}),
}


def measure(values):
    """One result per workload."""
    return [_contest(name, values) for name in values.workload]


def _contest(name, values):
    from peers.workloads import WORKLOADS

    workload = errors.lookup("workload", name, WORKLOADS)
    batch = values.batch or workload.batch
    # In the order of their turns: a bare step follows the `fit` that it is compared with.
    contestants = {
        label: Contestant(module, name, batch, options)
        for label, (module, options) in contestants_of(values).items()
    }
    result = {
        "workload": name,
        "batch": batch,
        "seconds_to_compile": {label: one.compiling for label, one in contestants.items()},
        "images_per_second": {label: [] for label in contestants},
        "product_peak_gflops": {"float32": [], "bfloat16": []},
    }
    steps = {label: one.steps_in(values.turn) for label, one in contestants.items()}
    for _ in range(values.rounds):
        for dtype, turns in result["product_peak_gflops"].items():
            turns.append(machine.product_peak(dtype))
        for label, one in contestants.items():
            seconds = one.train(steps[label])
            result["images_per_second"][label].append(steps[label] * batch / seconds)
    if values.trace:
        next(iter(contestants.values())).trace(values.trace)
    result["peak_memory_bytes"] = {label: one.close() for label, one in contestants.items()}
    result["gflop_per_image"] = {
        label: _gflop(workload, _schedule(workload, module, options))
        for label, (module, options) in contestants_of(values).items()
    }
    return result


def contestants_of(values):
    """Dict of label to (module of `peers`, options of its `build`), ours first."""
    chosen = {}
    for precision in values.precision:
        for schedule in values.schedule:
            options = {"schedule": schedule, "precision": precision}
            chosen[f"tfgan {schedule} {precision}"] = ("ours", options)
            if "bare" in values.against and len(chosen) == 1:
                chosen[f"bare step {schedule} {precision}"] = ("bare", options)
    peers = {name: errors.lookup("against", name, PEERS) for name in values.against}
    return chosen | {name: peer for name, peer in peers.items() if name != "bare"}


class Contestant:
    """A process that trains for a number of rounds on request.

    Args:
        module: of `peers`; its `build(workload, batch, **options)` returns a
            function that trains for so many rounds.
        workload: name in WORKLOADS.
        batch: images of one update.
        options: further arguments of `build`.
    """

    def __init__(self, module, workload, batch, options=()):
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, module, workload, batch, dict(options))
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()  # so that `recv` ends if the process dies
        self.compiling = self._answer()

    def train(self, steps):
        """Trains for so many rounds; returns the seconds they took."""
        self._pipe.send(steps)
        return self._answer()

    def steps_in(self, seconds):
        """The number of rounds that fit into so many seconds, at least 1; above 320 a multiple of 32."""
        steps, taken = 1, self.train(1)
        while taken < seconds / 4:
            steps *= 2
            self.train(steps)  # a new number of rounds may have to be compiled
            taken = self.train(steps)
        steps = max(1, round(steps * seconds / taken))
        return steps - steps % 32 if steps > 320 else steps

    def trace(self, folder):
        """Writes a TensorBoard profile of three rounds."""
        self._pipe.send(str(folder))
        return self._answer()

    def close(self):
        """Ends the process; returns its peak memory in bytes."""
        self._pipe.send(None)
        memory = self._answer()
        self._process.join()
        return memory

    def _answer(self):
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(pipe, module, workload, batch, options):
    from peers.workloads import WORKLOADS

    try:
        started = time.perf_counter()
        train = importlib.import_module(f"peers.{module}").build(
            WORKLOADS[workload], batch, **options
        )
        train(1)
    except ImportError as error:
        pipe.send(errors.invalid("against", "a peer whose packages are installed", f"{module}: {error}"))
        return
    pipe.send(time.perf_counter() - started)
    while (order := pipe.recv()) is not None:
        started = time.perf_counter()
        if isinstance(order, str):
            _profile(train, order)
        else:
            train(order)
        pipe.send(time.perf_counter() - started)
    pipe.send(peak_memory())


def _profile(train, folder):
    import tensorflow as tf

    with tf.profiler.experimental.Profile(folder):
        train(3)


def _schedule(workload, module, options):
    if "schedule" in options:
        return options["schedule"]
    # With WGAN-GP every peer alternates, with new noise for each update.
    alternates = workload.penalty > 0
    return "alternating" if alternates else importlib.import_module(f"peers.{module}").SCHEDULE


def _gflop(workload, schedule):
    from peers import flops

    networks = workload.networks()
    penalty = bool(workload.penalty)
    return flops.per_round(*networks, workload.critic_steps, penalty, schedule) / 1e9


def page(results):
    return "\n\n".join(map(_section, results))


def _section(result):
    """The table of a workload: medians, ranges, and how much faster the first row is."""
    rates = result["images_per_second"]
    ours = next(iter(rates))
    peaks = {d: statistics.median(turns) for d, turns in result["product_peak_gflops"].items()}
    lines = []
    for label, turns in rates.items():
        rate, gflop = statistics.median(turns), result["gflop_per_image"][label]
        peak = peaks["bfloat16" if "bfloat16" in label else "float32"]
        lines.append([
            label, f"{rate:,.4g} ({min(turns):,.4g} to {max(turns):,.4g})", ratio(rates[ours], turns),
            f"{1000 * result['batch'] / rate:,.3g}", f"{gflop:.3g}", f"{rate * gflop / peak:.0%}",
            f"{result['peak_memory_bytes'][label] / 2**20:,.0f} MiB",
            f"{result['seconds_to_compile'][label]:.1f} s",
        ])  # fmt: skip
    header = [
        "contestant", "images/s", "first row is faster by", "ms per round", "GFLOP per image", "of the peak",
        "peak memory", "build and first step",
    ]  # fmt: skip
    return f"""\
{result["workload"]}, batch {result["batch"]}: medians of {len(rates[ours])} rounds (range). Matrix products
reach {peaks["float32"]:.0f} GFLOP/s in float32, {peaks["bfloat16"]:.0f} in bfloat16.

{Table(header, lines)}"""


def ratio(ours, theirs):
    """Median and range of the ratios of each round, as text."""
    ratios = [mine / its for mine, its in zip(ours, theirs)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
