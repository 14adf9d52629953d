"""The Dirac-GAN: which losses and penalties converge, and how they turn."""

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

# Mescheder et al. 2018's notebook, with the discriminator's update first.
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
    """The page."""
    table = orbits.table(options, ROWS, tuple(orbits.COLUMNS), PUBLISHED, RATE, ROUNDS, START)
    return f"""\
# The Dirac-GAN

    {options.command}

{options.minutes} minutes on {options.cores}.

All data at 0, the generator's samples at theta, the discriminator x -> psi x; from
theta = {START[0]:g}, psi = {START[1]:g}, {ROUNDS} rounds of gradient descent with a step of {RATE:g}, in
float64, through `tfgan.GAN`. A number is the last distance from the equilibrium, (0, 0); it was
1.41421 at the start. Deterministic but for the noise (1,000 draws an update, seed 0).

"Published": Mescheder et al. 2018 (https://arxiv.org/abs/1801.04406), whose notebook moves theta
first and has its discriminator upside down; recomputed with the discriminator's update first,
which is the order here, so that the simultaneous column is theirs and the others are their
formulas. (b) theta first. Its "reg" of 0.7 in the gradient penalty is a weight of 0.35. (a) as printed, theta first,
and with half of the term that the second derivative brings to the gradient of
|v|^2 / 2; with the whole of it the discriminator runs away when it takes five steps.

{table}

Without a cure the minimax and the Wasserstein games go round in circles or outwards; the
non-saturating one comes in, slower than any exponential; R1, consensus (but for five steps of the
discriminator), noise and the two looks ahead make it converge.
"""
