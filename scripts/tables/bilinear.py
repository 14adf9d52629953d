"""The bilinear game: which rules come to rest where plain descent circles."""

from tables import orbits

RATE, ROUNDS, START = 0.1, 100, (1.0, 1.0)

ROWS = {
    "plain": {"rule": "plain"},
    "extragradient": {"rule": "extragradient"},
    "optimistic": {"rule": "optimistic"},
    "consensus 0.5": {"rule": {"consensus": 0.5}},
    "unrolled, 5 steps": {"rule": {"unrolled": 5}},
    "plain, R1 0.3": {"penalties": {"r1": 0.3}},
}

# Closed forms where there are any: sqrt(2) (1 + h^2)^50, and with (1 - h^2)^2 + h^2.
PUBLISHED = {
    "plain": ("2.32586", "1.39388"),
    "extragradient": ("0.85994", ""),
    "optimistic": ("0.859985", ""),
}


def make(options):
    """The page."""
    rows = {row: {"loss": "wasserstein", **settings} for row, settings in ROWS.items()}
    columns = ("simultaneous", "alternating")
    table = orbits.table(options, rows, columns, PUBLISHED, RATE, ROUNDS, START)
    return f"""\
# The bilinear game

    {options.command}

{options.minutes} minutes on {options.cores}.

The discriminator minimises theta psi, the generator maximises it: the Wasserstein loss on the
Dirac-GAN's networks. From (1, 1), {ROUNDS} rounds with a step of {RATE:g}, in float64, through `tfgan.GAN`.
A number is the last distance from the equilibrium, (0, 0); in continuous time it stays at 1.41421.
"Published" are the closed forms of plain and extragradient descent (h = {RATE:g}), and the
alternating and optimistic orbits as textbooks write them. Deterministic.

{table}
"""
