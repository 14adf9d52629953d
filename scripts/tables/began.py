"""BEGAN on Fashion-MNIST: whether the ratio of its errors keeps to gamma and its measure of convergence falls."""

import csv
import math

from tables import claims, markdown
from tables.runs import OF_FEATURES, complete, copy_grid, measured
from tables.variants import Variant

from tfgan import experiment

RECIPE = "began_fashion_mnist"
ERRORS = ("real", "fake", "convergence")
READING = markdown.wrapped(f"""\
The recipe `{RECIPE}` as it stands, seed 0. L and F are the errors of real and generated images, M is the measure
of convergence, all of them means over a tick of the run.""")


def section(options):
    """The Markdown of the section, after the recipe was trained and scored."""
    variant = Variant(RECIPE)
    run = variant.run(options, RECIPE, 0, OF_FEATURES, options.samples)
    [outcome] = complete([run], options.at_a_time)
    copy_grid(run, options.pictures / f"{RECIPE}.png")
    errors = measured(run, "errors", lambda: read(experiment.RunFolder(run.folder).metrics))
    stated = claims.table(claims_of(errors, variant.recipe().game_options["gamma"]))
    return f"""\
## BEGAN on Fashion-MNIST

{READING}

{stated}

{markdown.scores({RECIPE: [outcome]})}

![samples of {RECIPE}]({options.name}/{RECIPE}.png)"""


def read(path):
    """A run's errors: dict of a name in `ERRORS` to a list of floats, one per tick of its metrics file."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[f"discriminator_{name}"]) for row in rows] for name in ERRORS}


def claims_of(errors, gamma):
    """List of `Claim` on the errors that `read` returns."""
    last = math.ceil(len(errors["real"]) / 5)
    ratios = [fake / real for fake, real in zip(errors["fake"][-last:], errors["real"][-last:])]
    distance = abs(sum(ratios) / last - gamma)
    fallen = errors["convergence"][-1] / errors["convergence"][0]
    return [
        claims.Claim(f"distance of F / L from {gamma:g} over the last fifth", 0.05, [distance], True),
        claims.Claim("M of the last tick over that of the first", 0.5, [fallen], True),
    ]
