"""Goals for the speed of training, as ratios to peers, and whether they are reached."""

import statistics

from tables.markdown import Table

# Workload, batch, ours (schedule and precision), the peer or "peak", and the least ratio to it.
GOALS = [
    *[
        goal
        for batch in (16, 64)
        for goal in [
            ("W1", batch, "simultaneous_shared float32", "peak", 0.8),
            ("W1", batch, "simultaneous_shared float32", "tf_tutorial", 1.25),
            ("W1", batch, "alternating_shared float32", "torch", 1.5),
            ("W1", batch, "alternating float32", "keras_fit", 1.4),
            ("W1", batch, "simultaneous_shared mixed_bfloat16", "best float32 peer", 2.1),
            ("W1", batch, "alternating_shared mixed_bfloat16", "torch_bfloat16", 2.0),
        ]
    ],
    ("W2", 16, "alternating float32", "best float32 peer", 1.3),
    ("W2", 16, "alternating mixed_bfloat16", "best float32 peer", 2.4),
    ("W3", 256, "simultaneous_shared float32", "tf_tutorial", 1.0),
    ("W3", 256, "alternating_shared float32", "torch", 1.0),
    ("W3", 256, "alternating float32", "keras_fit", 1.5),
    ("W3", 256, "simultaneous_shared mixed_bfloat16", "best float32 peer", 1.15),
    ("W4", 512, "alternating float32", "keras_fit", 2.0),
    ("W4", 512, "simultaneous_shared float32", "keras_fit", 2.0),
    ("W4", 512, "simultaneous_shared float32", "tf_tutorial", 1.0),
    *[
        (workload, batch, "alternating float32", "bare step alternating float32", least)
        for workload, batch, least in (
            ("W1", 16, 0.95), ("W1", 64, 0.95), ("W2", 16, 0.95), ("W3", 256, 0.95), ("W4", 512, 0.85),
        )
    ],
]  # fmt: skip


# The schedule of ours that a peer plays.
LIKE = {
    "keras_fit": "alternating float32",
    "tf_tutorial": "simultaneous_shared float32",
    "torch": "alternating_shared float32",
}


def table(results):
    """The `Table` of the goals whose contestants were measured."""
    by_key = {(result["workload"], result["batch"]): result for result in results}
    lines = []
    for workload, batch, ours, beside, least in GOALS:
        ratios = _ratios(by_key.get((workload, batch)), f"tfgan {ours}", beside)
        if ratios:
            reached = statistics.median(ratios)
            lines.append([
                workload, str(batch), ours, beside, f"{least:g}",
                f"{reached:.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
                "reached" if reached >= least else "missed",
            ])  # fmt: skip
    return Table(["workload", "batch", "ours", "compared with", "goal", "ratio, median (range)", ""], lines)


def found(results):
    """The result of the training benchmarks in words."""
    verdicts = [line[-1] for line in table(results).lines]
    if not verdicts:
        return "Training was not measured."
    of_peers = {peer: _medians(results, f"tfgan {ours}", peer) for peer, ours in LIKE.items()}
    faster = "; ".join(
        f"`{peer}` {min(medians):.2f} to {max(medians):.2f}" for peer, medians in of_peers.items() if medians
    )
    return f"""\
Speed of `fit` as a multiple of its peers', with the same networks, the same schedule and float32 (medians,
from the slowest workload to the fastest): {faster or "not measured"}. Of {len(verdicts)} goals
{verdicts.count("reached")} are reached. Peers and workloads are described under [Settings](#settings)."""


def _medians(results, ours, peer):
    ratios = [_ratios(result, ours, peer) for result in results]
    return [statistics.median(of_result) for of_result in ratios if of_result]


def _ratios(result, ours, beside):
    """Ratios of each round; empty if one of the two was not measured."""
    if result is None or ours not in result["images_per_second"]:
        return []
    rates = result["images_per_second"]
    if beside == "peak":
        peaks = result["product_peak_gflops"]["float32"]
        gflop = result["gflop_per_image"][ours]
        return [rate * gflop / peak for rate, peak in zip(rates[ours], peaks)]
    if beside == "best float32 peer":
        beside = _best_peer(rates)
    if beside not in rates:
        return []
    return [mine / its for mine, its in zip(rates[ours], rates[beside])]


def _best_peer(rates):
    peers = [name for name in rates if not name.startswith(("tfgan", "bare")) and "bfloat16" not in name]
    return max(peers, key=lambda name: statistics.median(rates[name]), default=None)
