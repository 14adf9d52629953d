"""The ring of 8 Gaussians, by VEEGAN's protocol, and the ring of 7 places of the papers' code."""

import numpy as np
from tables import markdown, mixtures, tried, veegan
from tables.markdown import Table
from tables.methods import Protocol

MIXTURE = veegan.Mixture(
    "ring",
    "The ring",
    "eight Gaussians of sigma 0.01 at angles 2 pi i / 8 on the unit circle",
    # Srivastava et al. 2017, table 1; WGAN-GP and GDPP-GAN as Elfeki et al. 2019 print them.
    {
        "minimax": ("1", "99.3"),
        "minimax, unrolled 5 steps": ("7.6", "35.6"),
        "WGAN-GP, 10": ("6.8", "59.6"),
        "ALI": ("2.8", "0.13"),
        "VEEGAN": ("8", "52.9"),
        "GDPP-GAN": ("8.0", "71.7"),
    },
    {**veegan.METHODS, veegan.CURED: veegan.cured(penalty=0.005, input_scale=10.0)},
)
SLOWER = f"{veegan.CURED}, slower"
# Methods that are also played on the ring with seven places; the last was set for it.
ON_SEVEN = {
    **{row: MIXTURE.methods[row] for row in ("minimax", "minimax, unrolled 5 steps", veegan.CURED)},
    SLOWER: veegan.cured(penalty=0.01, input_scale=4.0)._replace(rates=(3e-3, 3e-3)),
}
HEADER = ["", "places, of 7", "high quality, %", "modes of 8, published", "high quality, published"]


def make(options):
    """The Markdown of the page, after every method was trained."""
    return veegan.make_mixture(options, MIXTURE, seven_places(_table_of_seven(options)), notes(options))


def _table_of_seven(options):
    """The `Table` of the ring whose last mode lies on its first."""
    from tfgan.data import open_source
    from tfgan.data.points import Points

    angles = np.linspace(0, 2 * np.pi, 8)
    sigma = open_source("ring").sigma
    ring = Points(np.stack([np.cos(angles), np.sin(angles)], axis=1), sigma)
    once = Points(ring.centres[:-1], sigma)
    protocol = Protocol(ring, {"dataset": "ring", **veegan.SETTINGS}, veegan.NETWORK, veegan.ROUNDS)
    seeds = mixtures.seeds(options, veegan.FIRST_SEED)
    lines = []
    # With --quick the ring of eight shows who converges; here it takes next to no rounds.
    on_seven = {row: method._replace(quick=20) for row, method in ON_SEVEN.items()}
    rows = mixtures.finished(options, protocol, on_seven, seeds, lines, HEADER, prefix="seven places, ")
    for row, _, kept in rows:
        of_seeds = [mixtures.statistics(of_seed, once)[0] for of_seed in kept["live"]]
        lines.append([
            row,
            markdown.mean(stats.modes for stats in of_seeds),
            markdown.mean(100 * stats.high_quality for stats in of_seeds),
            *MIXTURE.published.get(row, ("", "")),
        ])  # fmt: skip
    lines.append(["GDPP-GAN (published)", "", "", *MIXTURE.published["GDPP-GAN"]])
    return Table(HEADER, lines)


def seven_places(table):
    """The Markdown of the section on the ring with seven places."""
    slower = ON_SEVEN[SLOWER]
    quality = table.numbers("high quality, %")
    best = sorted(quality, key=quality.get)[-1:]
    text = f"""\
On the ring of the papers' code the highest share of high quality, in %, is that of
{table.said("high quality, %", best)}; published for GDPP-GAN: {MIXTURE.published["GDPP-GAN"][1]}. In the code
of Unrolled GAN and of GDPP the eighth mode lies on the first. Two modes coincide; rounding splits their
samples, so eight can be counted although seven places exist.

The protocol is that of the table above. "Slower": rates of {slower.rates[0]:g}, penalties of
{slower.settings["penalties"]["r1"]:g} and the input multiplied by {slower.network["input_scale"]:g}."""
    return f"## The ring with seven places\n\n{markdown.wrapped(text)}\n\n{table}"


def notes(options):
    """The Markdown on how "slower" was set."""
    return f"""\
## How "{SLOWER}" was set

The larger the steps, the fewer samples settle; the larger the penalties, the fewer places are lost and the
wider they are. Seeds 0 to 2.

{tried.section(options, "tried_on_seven")}
"""
