"""Growth of step time and memory with batch, image size, width and discriminator steps."""

from benchmarks.training import Contestant
from tables.markdown import Table

WORKLOAD = "W1"
BASE = {"batch": 32, "image_size": 32, "width": 64, "discriminator_steps": 1}
GRID = {
    "batch": [8, 16, 32, 64, 128, 256],
    "image_size": [16, 32, 64, 128],
    "width": [16, 32, 64, 128],
    "discriminator_steps": [1, 2, 3, 5],
}


def measure(values):
    """One result for each quantity that is varied."""
    return [
        {
            "name": quantity,
            "rows": [_point({**BASE, quantity: value}, quantity, values) for value in grid],
        }
        for quantity, grid in GRID.items()
    ]


def _point(sizes, quantity, values):
    from peers import sized
    from peers.workloads import WORKLOADS
    from tfgan import cost

    options = dict(sizes)
    batch = options.pop("batch")
    game = sized.build_game(WORKLOADS[WORKLOAD], **options)
    rows = batch * options["discriminator_steps"]
    contestant = Contestant("sized", WORKLOAD, batch, options)
    steps = contestant.steps_in(values.turn)
    seconds = sorted(contestant.train(steps) / steps for _ in range(values.rounds))
    return {
        "value": sizes[quantity],
        "seconds_per_round": seconds[len(seconds) // 2],
        "estimated_bytes": cost.peak_memory(game, rows),
        "measured_bytes": contestant.close(),
    }


def page(results):
    base = ", ".join(f"{name} {value}" for name, value in BASE.items())
    ordered = sorted(results, key=lambda result: list(GRID).index(result["name"]))
    off = max(abs(_off(row)) for result in results for row in result["rows"])
    text = f"""\
`tfgan.cost.peak_memory(game, rows)` is off by {off:.0%} at most from the measured peak memory of the process
(the goal: 20 %). The library's DCGAN, around {base}; times are of one round.

![growth](performance/growth.png)"""
    return "\n\n".join([text, *(str(_table(result)) for result in ordered)])


def _table(result):
    lines, before = [], None
    for row in result["rows"]:
        seconds = row["seconds_per_round"]
        lines.append([
            str(row["value"]), f"{1000 * seconds:.1f}", f"{seconds / before:.2f}" if before else "",
            f"{row['measured_bytes'] / 2**20:,.0f} MiB", f"{row['estimated_bytes'] / 2**20:,.0f} MiB",
            f"{_off(row):+.0%}",
        ])  # fmt: skip
        before = seconds
    columns = ["ms per round", "times the row before", "peak memory", "estimate", "off by"]
    return Table([result["name"], *columns], lines)


def _off(row):
    return row["estimated_bytes"] / row["measured_bytes"] - 1


def plot(results, path):
    """Draws time and memory over each quantity; both axes are logarithmic."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, len(results), figsize=(3 * len(results), 5.5), sharey="row")
    for (above, below), result in zip(axes.T, results):
        values = [row["value"] for row in result["rows"]]
        above.loglog(values, [row["seconds_per_round"] for row in result["rows"]], "o-")
        below.loglog(values, [row["measured_bytes"] / 2**20 for row in result["rows"]], "o-", label="measured")
        below.loglog(values, [row["estimated_bytes"] / 2**20 for row in result["rows"]], "x--", label="estimate")
        for axis in (above, below):
            axis.set_xticks(values, map(str, values))
            axis.minorticks_off()
        below.set_xlabel(result["name"])
    axes[0, 0].set_ylabel("seconds per round")
    axes[1, 0].set_ylabel("peak memory, MiB")
    axes[1, 0].legend()
    figure.tight_layout()
    figure.savefig(path, dpi=80)
