"""PacGAN's protocol for the ring and the grid: discriminators that see several samples at once, in packs."""

from tables import mixtures, pictures, tried
from tables.markdown import Table
from tables.methods import Method, Protocol, rounds_of

PAPER_ROUNDS = 400_000
# Without --long. The larger the packs, the longer they take to find the modes of the grid.
ROUNDS = {"ring": 10_000, "grid": 40_000}
FIRST_SEED = 100
BATCH = 100
SETTINGS = {"network": "pacgan", "latent_dim": 2}


def _packs(size, rate):
    return Method(
        {"loss": "non_saturating", "views": {"packing": size}},
        rates=(rate, rate), betas=(0.8, 0.999), batch_size=size * BATCH,
    )  # fmt: skip


def _cured(penalty, rate):
    return Method(
        {"loss": "relativistic", "penalties": {"r1": penalty, "r2": penalty}},
        rates=(rate, rate), betas=(0.5, 0.99), batch_size=BATCH, fall=0.5,
    )  # fmt: skip


PLAIN, CURED = "GAN", "relativistic, R1 and R2"


def _methods(rate, cured, quick):
    """Dict of row to `Method`; `quick` is the number of rounds of the first and the last with --quick."""
    plain, cured = (method._replace(quick=quick) for method in (_packs(1, rate), cured))
    return {PLAIN: plain, **{f"packs of {size}": _packs(size, rate) for size in (2, 3, 4)}, CURED: cured}


METHODS = {
    # So many rounds show which method finds the ring.
    "ring": _methods(1e-4, _cured(penalty=0.01, rate=1e-3), quick=300),
    "grid": _methods(5e-4, _cured(penalty=0.1, rate=1e-3), quick=20),
}

# Table 1 of the paper, 10 trials: modes, high quality in %, reverse KL.
PUBLISHED = {
    "ring": {
        "GAN": ("6.3 ± 0.5", "98.2 ± 0.2", "0.45 ± 0.09"),
        "packs of 2": ("7.9 ± 0.1", "95.6 ± 2.0", "0.07 ± 0.03"),
        "packs of 3": ("7.8 ± 0.1", "97.7 ± 0.3", "0.10 ± 0.02"),
        "packs of 4": ("7.8 ± 0.1", "95.9 ± 1.4", "0.07 ± 0.02"),
    },
    "grid": {
        "GAN": ("17.3 ± 0.8", "94.8 ± 0.7", "0.70 ± 0.07"),
        "packs of 2": ("23.8 ± 0.7", "91.3 ± 0.8", "0.13 ± 0.04"),
        "packs of 3": ("24.6 ± 0.4", "94.2 ± 0.4", "0.06 ± 0.02"),
        "packs of 4": ("24.8 ± 0.2", "93.6 ± 0.6", "0.04 ± 0.01"),
    },
}


HEADER = [*mixtures.HEADER, *(f"{part}, published" for part in ("modes", "high quality", "reverse KL"))]


def make(options):
    """The Markdown of the page, after every method was trained."""
    from tfgan.data import open_source

    tables, played = {}, {}
    for name in METHODS:
        rounds = PAPER_ROUNDS if options.long else ROUNDS[name]
        protocol = Protocol(open_source(name), {"dataset": name, **SETTINGS}, {}, rounds)
        tables[name] = _table(options, name, protocol)
        played[name] = rounds_of(options, protocol)
    return page(options, tables, played)


def _table(options, name, protocol):
    seeds = mixtures.seeds(options, FIRST_SEED)
    lines, clouds, quality = [], {}, {}
    rows = mixtures.finished(
        options, protocol, METHODS[name], seeds, lines, HEADER, prefix=f"{name} "
    )
    for row, _, kept in rows:
        ours = mixtures.line(row, kept["live"], protocol.source, kept["minutes"])
        lines.append([*ours, *PUBLISHED[name].get(row, ("",) * 3)])
        clouds[row] = kept["live"][0]
        quality[row] = mixtures.qualities(kept["live"], protocol.source)
    lines.append([*mixtures.ceiling(protocol.source), *("",) * 3])
    pictures.bars(options.pictures / f"{name}_quality.png", quality, "samples within 3 sigma of a mode, %")
    mixtures.portraits(options, clouds, protocol.source, name)
    return Table(HEADER, lines)


def found(tables):
    """The result in words, from a dict of mixture to its `Table`."""
    return "\n\n".join(_found(name, table) for name, table in tables.items())


def _found(name, table):
    ours, published = table.numbers("reverse KL"), table.numbers("reverse KL, published")
    ended = list(table.cells("minutes"))
    lower = [row for row in ended if row in published and ours[row] < ours.get(PLAIN, 0)]
    met = [row for row in lower if ours[row] <= published[row]]
    return f"""\
On the {name} the reverse KL is {table.cells("reverse KL").get(PLAIN, "not known")} for the {PLAIN}, and lower
for: {table.said("reverse KL", lower)}. Of these, the paper's value at its whole budget is met by:
{table.said("reverse KL, published", met)}. The lowest reverse KL:
{table.said("reverse KL", sorted(ended, key=ours.get)[:1])}; real data:
{table.cells("reverse KL")["real data"]}."""


def page(options, tables, played):
    """The Markdown of the page.

    Args:
        options: `Options`.
        tables: dict of mixture to its `Table`.
        played: dict of mixture to the number of rounds.
    """
    body = "\n\n".join(
        f"""\
## The {name}

{table}

![quality per method]({options.name}/{name}_quality.png)

![samples]({options.name}/{name}.png)"""
        for name, table in tables.items()
    )
    settings = {
        "data": "the ring of 8 and the grid of 25 Gaussians; fresh points in every batch",
        "generator": "four layers of 400 with batch normalisation",
        "discriminator": "three maxout layers of 200",
        "GAN and packs": f"Adam with beta_1 0.8; batches of {BATCH} packs; alternating updates",
        CURED: "Adam(0.5, 0.99), with a rate that falls to 0 over the second half of the run",
        **{f"the {name}": _budget(name, rounds) for name, rounds in played.items()},
        "seeds": options.over_seeds(FIRST_SEED),
        "samples": f"{mixtures.SAMPLES:,} of each seed, of the last weights, in inference mode",
        "published": f"""Lin et al. 2018 (https://arxiv.org/abs/1712.04086), table 1, at the paper's whole
            budget of {PAPER_ROUNDS:,} rounds""",
        "minutes": f"of all seeds together, on {options.cores}, which other work may have shared",
    }
    return options.written("Packs", found(tables), body, settings, _notes(options))


def _budget(name, rounds):
    plain, cured = METHODS[name][PLAIN], METHODS[name][CURED]
    return f"""\
{rounds:,} rounds, {100 * rounds / PAPER_ROUNDS:.3g} % of the paper's; rates of {plain.rates[0]:g}; with R1
and R2, which weigh {cured.settings["penalties"]["r1"]:g}, rates of {cured.rates[0]:g}"""


def _notes(options):
    return f"""\
## Differences from the paper

* The paper updates both networks from the same weights; here they alternate.
* The paper stores 100,000 points; here every batch has fresh ones.
* The paper's rate is 1e-4, its length {PAPER_ROUNDS:,} rounds, and its figures are of 10 trials.

## How the rows were set

The larger the packs, the later they hit the modes of the grid: at the paper's rate and 2.5 % of its rounds
packs of 2 have hardly begun. With R1 and R2 all modes of the ring are found at once, those of the grid within
10,000 rounds. One run of seed 0 each, which the tables above do not use, or the mean and standard error of
five seeds.

{tried.section(options)}
"""
