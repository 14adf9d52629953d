"""PacGAN's own protocol for the ring and the grid: what packs do."""

from tables import markdown, mixtures, pictures
from tables.mixtures import Method, Protocol

# Of the paper's 400,000, in one table and with --long.
PAPER_ROUNDS = 400_000
ROUNDS = 10_000
FIRST_SEED = 100

PAPERS = {"rates": (1e-4, 1e-4), "betas": (0.8, 0.999)}
BATCH = 100


def _packs(size):
    return Method({"loss": "non_saturating"}, {"packing": size}, batch_size=size * BATCH, **PAPERS)


METHODS = {
    "GAN": _packs(1),
    "packs of 2": _packs(2),
    "packs of 3": _packs(3),
    "packs of 4": _packs(4),
    "relativistic, R1 and R2": Method(
        {"loss": "relativistic", "penalties": {"r1": 0.01, "r2": 0.01}},
        rates=(1e-3, 1e-3), betas=(0.5, 0.99), batch_size=BATCH, fall=0.5,
    ),
}  # fmt: skip

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


def make(options):
    """The page."""
    from tfgan.data import open_source

    rounds = PAPER_ROUNDS if options.long else ROUNDS
    protocols = {
        name: Protocol(open_source(name), "pacgan", {"latent_dim": 2}, "normal", rounds)
        for name in PUBLISHED
    }
    played = mixtures.rounds_of(options, protocols["ring"], METHODS["GAN"])
    tables = "\n\n".join(_table(options, name, protocol) for name, protocol in protocols.items())
    return f"""\
# Packs

    {options.command}

The protocol of Lin et al. 2018 (https://arxiv.org/abs/1712.04086): four layers of 400 with batch
normalisation against three maxout layers of 200, Adam(1e-4, 0.8), batches of {BATCH} packs, the two
sides alternating (the paper: both at one point). {played:,} rounds,
{100 * played / PAPER_ROUNDS:.3g} % of the paper's {PAPER_ROUNDS:,}; fresh points in every batch, where the paper stores 100,000.
{options.seeds} seeds from {FIRST_SEED} on (the paper: 10), {mixtures.SAMPLES:,} samples of each, in inference mode and of the
last weights. The last row has rates of 1e-3 that fall to 0 over the second half, and Adam(0.5, 0.99).
Mean and standard error over the seeds, minutes of all of them together
on {options.cores}; "published" are the paper's, at its whole budget.

{tables}
"""


def _table(options, name, protocol):
    seeds = mixtures.seeds(options, FIRST_SEED)
    header = [*mixtures.HEADER, *(f"{part}, published" for part in ("modes", "high quality", "reverse KL"))]
    lines, clouds, quality = [], {}, {}
    rows = mixtures.finished(options, protocol, METHODS, seeds, lines, header, prefix=f"{name} ")
    for row, _, found in rows:
        ours = mixtures.line(row, found["live"], protocol.source, found["minutes"])
        lines.append([*ours, *PUBLISHED[name].get(row, ("",) * 3)])
        clouds[row] = found["live"][0]
        quality[row] = mixtures.qualities(found["live"], protocol.source)
    lines.append([*mixtures.ceiling(protocol.source), *("",) * 3])
    bars = options.pictures / f"{name}_quality.png"
    pictures.bars(bars, quality, "samples within 3 sigma of a mode, %")
    picture = mixtures.portraits(options, clouds, protocol.source, name)
    return f"## The {name}\n\n{markdown.rows(header, lines)}\n\n" + (
        f"![quality per method]({options.name}/{bars.name})\n\n{picture}"
    )
