"""The Dirac-GAN, one weight per network: which losses, penalties and rules converge."""

from tables import orbits

RATE, ROUNDS, START = 0.2, 500, (1.0, -1.0)

ROWS = {
    "minimax": {"loss": "minimax"},
    "non-saturating": {"loss": "non_saturating"},
    "Wasserstein, clipped at 1": {"loss": "wasserstein", "clip_weights": 1.0},
    "Wasserstein, gradient penalty 0.35": {
        "loss": "wasserstein", "penalties": {"gradient_penalty": 0.35},
    },
    "minimax, instance noise 0.7": {"loss": "minimax", "views": {"noise": 0.7}, "batch_size": 1000},
    "minimax, R1 0.3": {"loss": "minimax", "penalties": {"r1": 0.3}},
    "minimax, R1 1 (critical)": {"loss": "minimax", "penalties": {"r1": 1.0}},
    "minimax, consensus 1": {"loss": "minimax", "rule": {"consensus": 1.0}},
    "non-saturating, R1 0.3": {"loss": "non_saturating", "penalties": {"r1": 0.3}},
    "minimax, extragradient": {"loss": "minimax", "rule": "extragradient"},
    "minimax, optimistic": {"loss": "minimax", "rule": "optimistic"},
    "relativistic": {"loss": "relativistic"},
    "relativistic, R1 and R2 0.15": {
        "loss": "relativistic", "penalties": {"r1": 0.15, "r2": 0.15},
    },
}  # fmt: skip

# Mescheder et al. 2018's notebook, recomputed with the discriminator's update first.
PUBLISHED = {
    "minimax": ("3.09695", "1.4126", "1.70978"),
    "non-saturating": ("0.640207", "0.27063", "0.156447"),
    "Wasserstein, clipped at 1": ("1.00215", "0.984644", "1.0033"),
    "Wasserstein, gradient penalty 0.35": ("1.80179", "1.28015", "0.720205"),
    "minimax, instance noise 0.7": ("~0.019", "~0.012 (b)", "~0.004 (b)"),
    "minimax, R1 0.3": ("2.64e-06", "2.3827e-07", "9.117e-34"),
    "minimax, R1 1 (critical)": ("9.5e-22", "8.489e-17", "5.403e-12"),
    "minimax, consensus 1": ("2.08e-10 (a)", "1.33e-11 (a)", "4.6e-33 (a)"),
    "non-saturating, R1 0.3": ("2.21e-06", "1.639e-07", "5.067e-34"),
}


def make(options):
    """The Markdown of the page, after every game was played."""
    return page(options, orbits.table(options, ROWS, tuple(orbits.COLUMNS), PUBLISHED, RATE, ROUNDS, START))


def found(table):
    """The result in words."""
    return orbits.found(table, START, share=0.1)


def page(options, table):
    """The Markdown of the page of a table."""
    settings = {
        "game": "all data at 0, generated samples at theta, discriminator x -> psi x; through `tfgan.GAN`",
        "start": f"""theta = {START[0]:g}, psi = {START[1]:g}: a distance of 1.41421 from the equilibrium,
            (0, 0)""",
        "training": f"{ROUNDS} rounds of gradient descent with a step of {RATE:g}, in float64",
        "figures": "distance from the equilibrium after the last round",
        "seeds": "0 for the instance noise (1,000 draws per update); all else is deterministic",
        "published": "Mescheder et al. 2018 (https://arxiv.org/abs/1801.04406)",
        "minutes": options.minutes,
    }
    return options.written("The Dirac-GAN", found(table), orbits.body(options, table), settings, DIFFERENCES)


DIFFERENCES = """\
## Differences from the paper

* The paper's notebook moves theta first, and its discriminator has the opposite sign. The published distances
  were recomputed with the discriminator's update first, as it is here: the simultaneous column is the paper's
  own, the others follow from its formulas.
* (a) As printed: theta first, and with half of the term that the second derivative adds to the gradient of
  |v|^2 / 2. Here the whole term is added, with which five discriminator steps can make the discriminator run
  away.
* (b) As printed: theta first.
* The notebook's "reg" of 0.7 in the gradient penalty is a weight of 0.35 here.
"""
