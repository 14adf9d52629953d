"""The bilinear game: which rules converge where plain gradient descent circles."""

from tables import orbits

RATE, ROUNDS, START = 0.1, 100, (1.0, 1.0)
COLUMNS = ("simultaneous", "alternating")

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
    """The Markdown of the page, after every game was played."""
    rows = {row: {"loss": "wasserstein", **settings} for row, settings in ROWS.items()}
    return page(options, orbits.table(options, rows, COLUMNS, PUBLISHED, RATE, ROUNDS, START))


def found(table):
    """The result in words."""
    return orbits.found(table, START, share=0.75)


def page(options, table):
    """The Markdown of the page of a table."""
    settings = {
        "game": """the discriminator minimises theta psi, the generator maximises it: the Wasserstein loss on
            the Dirac-GAN's networks, through `tfgan.GAN`""",
        "start": """theta = 1, psi = 1: a distance of 1.41421 from the equilibrium, (0, 0), which stays the
            same in continuous time""",
        "training": f"{ROUNDS} rounds of gradient descent with a step of {RATE:g}, in float64",
        "figures": "distance from the equilibrium after the last round",
        "seeds": "none: deterministic",
        "published": f"""closed forms of plain and extragradient descent (h = {RATE:g}); the alternating and
            the optimistic orbit as textbooks write them""",
        "minutes": options.minutes,
    }
    return options.written("The bilinear game", found(table), orbits.body(options, table), settings)
