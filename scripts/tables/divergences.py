"""A Gaussian fitted to two modes by f-GANs: each divergence has a minimum of its own, known by quadrature."""

import numpy as np
from tables import kept, markdown, methods, mixtures, pictures, tried
from tables.markdown import Table
from tables.methods import TICKS, Method, Protocol, rounds_of

from tfgan import divergences
from tfgan.laboratory import theory
from tfgan.laboratory.theory import Normal

ROUNDS = 6_000
CLOSE = 0.05
# Other seeds than those that settings were chosen on.
FIRST_SEED = 200
GRID = np.linspace(-20, 24, 8_801)

SETTINGS = {
    "dataset": "bimodal_1d", "network": "mlp", "latent_dim": 1, "discriminator_steps": 5,
}  # fmt: skip
NETWORK = {"units": 64, "activation": "tanh", "generator_layers": 0}
TRAINED = {"rates": (1e-2, 5e-3), "betas": (0.5, 0.999), "batch_size": 512, "fall": 1.0, "half_life": 0.05}
METHODS = {
    name: Method({"loss": name}, **TRAINED)
    for name in ("kl", "reverse_kl", "jensen_shannon", "squared_hellinger", "jeffrey", "pearson")
}

HEADER = [
    "", "mean", "mean, exact", "standard deviation", "standard deviation, exact", "divergence",
    "divergence, exact", f"within {CLOSE}", "minutes",
]  # fmt: skip


def make(options):
    """The Markdown of the page, after every divergence was minimised."""
    from tfgan.data import open_source

    protocol = Protocol(open_source("bimodal_1d"), SETTINGS, NETWORK, ROUNDS)
    seeds = mixtures.seeds(options, FIRST_SEED)
    lines, by_seed, panels = [], [], {}
    for row, method in METHODS.items():
        found = fitted(options, protocol, row, method, seeds)
        if found is None:
            lines.append(markdown.stopped(row, HEADER))
            continue
        fits = [Normal(*fit) for fit in zip(found["mean"], found["deviation"])]
        exact, least = closest(row)
        lines.append(_line(row, fits, exact, least, found["minutes"]))
        by_seed.append([row, *(f"{fit.mean:.3f}, {fit.deviation:.3f}" for fit in fits)])
        panels[row] = _densities(exact, fits)
        print(f"{options.name}: {' | '.join(lines[-1])}", flush=True)
    pictures.curves(options.pictures / "densities.png", panels, 3)
    tables = Table(HEADER, lines), Table(["", *(f"seed {seed}" for seed in seeds)], by_seed)
    return page(options, *tables, rounds_of(options, protocol))


def data_density(x):
    """The density of the data at points `x`."""
    return 0.7 * Normal(0.0, 1.0).density(x) + 0.3 * Normal(4.0, 1.0).density(x)


def closest(name):
    """(the Gaussian of least divergence of the data from it, that divergence), by quadrature."""
    start = Normal(1.2, 2.0)
    return theory.closest_normal(_function(name), data_density(GRID), GRID, start)


def fitted(options, protocol, row, method, seeds):
    """What every seed's generator has learned: trains it, continues, or reads what was made before.

    Args:
        options, protocol, row, method, seeds: as in `mixtures.play`.

    Returns:
        Dict of "mean" and "deviation" of the averaged generators' Gaussians, float [seeds],
        and of "minutes" to the time that all seeds took together. None if weights were not finite.
    """
    rounds = rounds_of(options, protocol, method)
    made_by = (protocol[1:], method._replace(quick=0), seeds)
    folder = kept.folder(options, row, made_by, prefix=f"{rounds}_rounds_")

    def train():
        from tfgan.laboratory.seeds import batches

        game = methods.game_of(methods.recipe_of(protocol, method, rounds), protocol.source, seeds)
        rows = method.batch_size * game.discriminator_steps
        data = lambda start_step: batches(protocol.source, rows, seeds, start_step)
        kept.fit(game, data, folder, TICKS, rounds // TICKS)
        # The generator is affine.
        ends = np.tile(np.float32([[0], [1]]), [len(seeds), 1])
        at_0, at_1 = game.sampling_network()(ends, training=False).numpy().reshape(-1, 2).T
        return {"mean": at_0, "deviation": np.abs(at_1 - at_0)}

    return kept.samples(folder, train)


def found(table):
    """The result in words."""
    counts = {row: cell.split(" of ") for row, cell in table.cells(f"within {CLOSE}").items()}
    every = [row for row, (close, all_) in counts.items() if close == all_]
    others = [row for row in counts if row not in every]
    means = table.numbers("mean, exact")
    return f"""\
Each divergence is least at another Gaussian: the exact means go from {min(means.values()):g}
({min(means, key=means.get)}) to {max(means.values()):g} ({max(means, key=means.get)}). Losses with which mean
and standard deviation end within {CLOSE:g} of the exact ones with every seed:
{table.said(f"within {CLOSE}", every)}. Others: {table.said(f"within {CLOSE}", others)}."""


def page(options, table, by_seed, rounds):
    """The Markdown of the page of its tables."""
    body = f"""\
{table}

![densities]({options.name}/densities.png)

Seed by seed, mean and standard deviation:

{by_seed}"""
    generator, discriminator = TRAINED["rates"]
    settings = {
        "data": "0.7 N(0, 1) + 0.3 N(4, 1): mean 1.2, standard deviation 2.088",
        "networks": """the generator maps N(0, 1) through one affine layer, so that it makes a Gaussian; the
            discriminator has two tanh layers of 64""",
        "exact": f"""the Gaussian of least divergence, by the trapezoidal rule on [{GRID[0]:g}, {GRID[-1]:g}]
            and Nelder and Mead's method""",
        "divergence": "of the data from the fitted Gaussian, by the same rule",
        "optimizer": f"""Adam({TRAINED["betas"][0]:g}, {TRAINED["betas"][1]:g}); rates of {generator:g} for the
            generator and {discriminator:g} for the discriminator, which fall to 0 over the run; the generator's
            moving average""",
        "budget": f"""{rounds:,} rounds of {SETTINGS["discriminator_steps"]} updates of the discriminator and
            one of the generator, in batches of {TRAINED["batch_size"]}""",
        "seeds": options.over_seeds(FIRST_SEED),
        f"within {CLOSE}": f"seeds whose mean and standard deviation are within {CLOSE:g} of the exact ones",
        "minutes": f"of all seeds together, on {options.cores}",
    }  # fmt: skip
    title = "Divergences, and the Gaussians that they fit"
    return options.written(title, found(table), body, settings, _notes(options))


def _notes(options):
    return f"""\
## In the paper

Nowozin et al. 2016 (https://arxiv.org/abs/1606.00709) fit a Gaussian to a mixture too. Their Pearson
divergence, whose f is the one here, is written with p in the denominator.

## How the rates were set

`reverse_kl` decides. Its discriminator learns where p is small from few real points, whose gradients exp(-r)
are large: an Adam that averages over more updates (`beta_2`) and a longer run let it count them.

{tried.section(options)}
"""


def _function(name):
    return getattr(divergences, name.upper()).function


def _line(row, fits, exact, least, minutes):
    close = sum(np.abs(np.subtract(fit, exact)).max() <= CLOSE for fit in fits)
    data = data_density(GRID)
    reached = [theory.f_divergence(_function(row), data, fit.density(GRID), GRID) for fit in fits]
    return [
        row,
        markdown.mean(fit.mean for fit in fits),
        f"{exact.mean:.4f}",
        markdown.mean(fit.deviation for fit in fits),
        f"{exact.deviation:.4f}",
        f"{np.mean(reached):.5f}",
        f"{least:.5f}",
        f"{close} of {len(fits)}",
        f"{minutes:.1f}",
    ]


def _densities(exact, fits):
    """A panel of `pictures.curves`: the densities of the data, of the exact Gaussian and of fitted ones."""
    x = np.linspace(-6, 10, 321)
    curves = {"data": (x, data_density(x)), "exact": (x, exact.density(x))}
    curves |= {f"seed {FIRST_SEED + i}": (x, fit.density(x)) for i, fit in enumerate(fits[:2])}
    return {"x": "x", "y": "density", "curves": curves}
