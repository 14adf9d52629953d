"""A Gaussian on the line, with a discriminator that sees 100 samples at once: three optimizers, and cures."""

from statistics import NormalDist

import numpy as np
from tables import markdown, mixtures, pictures, tried
from tables.markdown import Table
from tables.methods import Method, Protocol, rounds_of

ROUNDS = 30_000
SAMPLES = 20_000
MEAN, DEVIATION = 4.0, 1.25
# Samples with a standard deviation below this count as one point.
COLLAPSED = 0.1
# Other seeds than those that settings were chosen on, and than 100 to 104, where an earlier one failed.
FIRST_SEED = 200

SETTINGS = {
    "dataset": "gaussian_1d", "network": "gaussian_1d", "latent_dim": 1, "prior": "uniform01",
    "views": {"packing": 100},
}  # fmt: skip
SLIDES = {"rates": (2e-4, 2e-4), "batch_size": 100, "half_life": 0}
PLAIN = {"loss": "non_saturating"}
PENALISED = {"loss": "relativistic", "penalties": {"r1": 0.1, "r2": 0.1}}
CALM = {
    "rates": (2e-3, 5e-4), "batch_size": 100, "betas": (0.5, 0.99), "fall": 0.8, "half_life": 0.05
}  # fmt: skip

METHODS = {
    "SGD": Method(PLAIN, optimizer="sgd", betas=(0.0, 0.0), **SLIDES, quick=3_000),
    "SGD, momentum 0.9": Method(PLAIN, optimizer="sgd", betas=(0.9, 0.0), **SLIDES),
    "Adam": Method(PLAIN, betas=(0.9, 0.999), **SLIDES),
    "Adam, averaged, rates to 0": Method(PLAIN, **CALM),
    "the same, sorted": Method(PLAIN, {"sort": True}, **CALM),
    "relativistic, R1 and R2": Method(PENALISED, **CALM),
    "the same, sorted, R1 and R2": Method(PENALISED, {"sort": True}, **CALM, quick=3_000),
}
# Mean and "variance" (in fact a standard deviation) of one run each.
PUBLISHED = {"SGD": "4.21, 0.03", "SGD, momentum 0.9": "3.82, 1.13", "Adam": "4.26, 1.09"}


HEADER = [
    "", "mean", "standard deviation", "W1", "within 0.05", "collapsed", "minutes",
    "slides: mean, deviation",
]  # fmt: skip


def make(options):
    """The Markdown of the page, after every method was trained."""
    from tfgan.data import open_source

    protocol = Protocol(open_source("gaussian_1d"), SETTINGS, {}, ROUNDS)
    seeds = mixtures.seeds(options, FIRST_SEED)
    lines, panels, moments, distances = [], {}, {}, {}
    rows = mixtures.finished(options, protocol, METHODS, seeds, lines, HEADER, samples=SAMPLES)
    for row, _, kept in rows:
        samples = kept["average"][..., 0]
        lines.append(_line(row, samples, kept["minutes"]))
        panels[row] = _densities(dict(zip((f"seed {seed}" for seed in seeds), samples)))
        distances[row] = [_w1(of_seed) for of_seed in samples]
        ticks = kept["over time"][..., 0]
        moments[row] = _densities({name: ticks[tick] for name, tick in mixtures.SHOWN_TICKS.items()})
    rng = np.random.default_rng(0)
    lines.append(_line("real data", rng.normal(MEAN, DEVIATION, (len(seeds), SAMPLES))))
    pictures.curves(options.pictures / "densities.png", panels, 3)
    pictures.curves(options.pictures / "over_time.png", moments, 3)
    pictures.bars(options.pictures / "distances.png", distances, "W1", scale="log")
    return page(options, Table(HEADER, lines), rounds_of(options, protocol))


def found(table):
    """The result in words."""
    close = {row: cell.split(" of ") for row, cell in table.cells("within 0.05").items()}
    all_close = [row for row in table.cells("minutes") if close[row][0] == close[row][1]]
    collapsed = [row for row, cell in table.cells("collapsed").items() if not cell.startswith("0 ")]
    return f"""\
Methods whose mean, standard deviation and W1 end within 0.05 of the data's with every seed, and their W1:
{table.said("W1", all_close)}. Real data have a W1 of {table.cells("W1")["real data"]}. "Sorted" means that
the discriminator sees its hundred samples in ascending order.

The slides' methods, and how many seeds end there: {table.said("within 0.05", PUBLISHED)}. Methods that
collapse to a point, and how many seeds do: {table.said("collapsed", collapsed)}."""


def page(options, table, rounds):
    """The Markdown of the page of a table."""
    body = f"""\
{table}

![densities]({options.name}/densities.png)

![W1 per method]({options.name}/distances.png)

Over time, the first seed's average:

![densities over time]({options.name}/over_time.png)"""
    settings = {
        "data": f"N({MEAN:g}, {DEVIATION:g}): mean {MEAN:g}, standard deviation {DEVIATION:g}",
        "networks": """the generator maps U(0, 1) through 100 ELU and 100 sigmoid units; the discriminator
            sees a hundred samples as one input""",
        "slides' methods": f"""the first three rows: rates of {SLIDES["rates"][0]:g}, samples of the last
            weights""",
        "cures": f"""the other rows: Adam({CALM["betas"][0]:g}, {CALM["betas"][1]:g}); rates of
            {CALM["rates"][0]:g} for the generator and {CALM["rates"][1]:g} for the discriminator, which fall
            to 0 over the last {100 * CALM["fall"]:g} % of the run; samples of the generator's moving
            average""",
        "sorted": """the discriminator sees the hundred samples in ascending order: their quantiles. A
            different discriminator, which need not learn that a set has no order""",
        "R1 and R2": f"weights of {PENALISED['penalties']['r1']:g}",
        "budget": f"{rounds:,} rounds of 100 samples (the slides: {ROUNDS:,})",
        "seeds": options.over_seeds(FIRST_SEED),
        "samples": f"{SAMPLES:,} of each seed",
        "W1": "distance between the samples and the Gaussian's quantiles",
        "within 0.05": "seeds whose mean, standard deviation and W1 are all within 0.05 of the data's",
        "collapsed": f"seeds with a standard deviation below {COLLAPSED:g}",
        "minutes": f"of all seeds together, on {options.cores}",
    }
    return options.written("A Gaussian on the line", found(table), body, settings, _notes(options))


def _notes(options):
    return f"""\
## Differences from the slides

The slides are by C. Silva, after devnag's PyTorch example. Their initial weights are PyTorch's, ours are
Keras's. Their figures are of one run each, and what they call a variance of 1.25 is a standard deviation.

## How the cures were set

A generator four times as fast as its discriminator brings every seed that was tried within 0.05. Equal rates
of 1e-3 at their best do so on seeds 0 to 9, but not on 100 to 104; therefore the table above has other seeds
again. All are "the same, sorted" at {ROUNDS:,} rounds: the rates of G and D, the last share of the run over
which they fall to 0, and the half-life of the average as a share of the run.

{tried.section(options)}
"""


def _line(row, samples, minutes=None):
    """A row of the table from samples [seeds, n]."""
    means, deviations = samples.mean(axis=1), samples.std(axis=1)
    distances = np.array([_w1(of_seed) for of_seed in samples])
    close = (np.abs(means - MEAN) < 0.05) & (np.abs(deviations - DEVIATION) < 0.05) & (distances < 0.05)
    return [
        row,
        markdown.mean(means),
        markdown.mean(deviations),
        markdown.mean(distances),
        f"{close.sum()} of {len(close)}",
        f"{(deviations < COLLAPSED).sum()} of {len(close)}",
        "" if minutes is None else f"{minutes:.1f}",
        PUBLISHED.get(row, ""),
    ]


def _w1(samples):
    """The distance of samples [n] to the Gaussian's quantiles."""
    law = NormalDist(MEAN, DEVIATION)
    n = len(samples)
    quantiles = np.array([law.inv_cdf((i + 0.5) / n) for i in range(n)])
    return float(np.abs(np.sort(samples) - quantiles).mean())


def _densities(samples):
    """A panel of `pictures.curves`: the density of the data, and of samples by name."""
    edges = np.linspace(MEAN - 5, MEAN + 5, 101)
    middles = (edges[1:] + edges[:-1]) / 2
    law = NormalDist(MEAN, DEVIATION)
    curves = {"data": (middles, [law.pdf(x) for x in middles])}
    for name, values in samples.items():
        curves[name] = (middles, np.histogram(values, edges, density=True)[0])
    # The density of a collapsed row would flatten all others.
    return {"x": "x", "y": "density", "curves": curves, "top": 1.0}
