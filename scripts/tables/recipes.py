"""The recipes: what each flagfile costs, and what its samples score."""

from pathlib import Path
from typing import NamedTuple

from tables.costs import Costs
from tables.markdown import rows, scores
from tables.runs import OF_FEATURES, Run, complete

from tfgan import experiment
from tfgan.experiment import RunFolder
from tfgan.files import write_atomically

FLAGS = Path(__file__).parents[2] / "flags"
OF_PIXELS = ("ms_ssim", "sliced_wasserstein")


class Recipe(NamedTuple):
    """A flagfile, and how often it is run.

    Attributes:
        what: in a few words.
        data: name of the data set as people know it.
        seeds: runs.
        metrics: names of the metrics that it is scored with.
        folder: whether the data are a folder of images, which users bring.
    """

    what: str
    data: str
    seeds: int = 1
    metrics: tuple = OF_FEATURES
    folder: bool = False


RECIPES = {
    "original_mnist": Recipe("the first paper's networks and schedule", "MNIST"),
    "original_cgan_mnist": Recipe("its networks conditioned on the digit", "MNIST"),
    "relativistic_mnist": Recipe("those networks, relativistic loss, R1 and R2", "MNIST"),
    "dcgan_mnist": Recipe("DCGAN", "MNIST", seeds=3),
    "cgan_mnist": Recipe("DCGAN conditioned on the digit", "MNIST"),
    "minibatch_mnist": Recipe("DCGAN with minibatch discrimination", "MNIST"),
    "wgan_clip_mnist": Recipe("WGAN, weights clipped", "MNIST"),
    "wgan_gp_mnist": Recipe("WGAN with gradient penalty", "MNIST", seeds=3),
    "lsgan_fashion_mnist": Recipe("least squares", "Fashion-MNIST", seeds=3),
    "relativistic_fashion_mnist": Recipe("relativistic loss, R1 and R2, no norm", "Fashion-MNIST"),
    "dcgan_cifar10": Recipe("DCGAN", "CIFAR-10"),
    "sngan_cifar10": Recipe("spectral norm, hinge loss", "CIFAR-10"),
    "dcgan_faces64": Recipe("DCGAN", "faces, 64x64", metrics=OF_PIXELS, folder=True),
    "dcgan_faces128": Recipe("DCGAN", "faces, 128x128", metrics=OF_PIXELS, folder=True),
}


def make(options):
    """The page."""
    runs = {name: runs_of(options, name) for name in RECIPES if _has_data(options, name)}
    in_turn = _in_turn(runs)
    found = dict(zip((run.folder for run in in_turn), complete(in_turn, options.at_a_time)))
    outcomes = {name: [found[run.folder] for run in of_one] for name, of_one in runs.items()}
    sections = [_introduction(options), _costs(options, runs)]
    for data in dict.fromkeys(recipe.data for recipe in RECIPES.values()):
        names = [name for name in runs if RECIPES[name].data == data]
        if names:
            sections.append(_section(options, data, runs, {name: outcomes[name] for name in names}))
    return "\n\n".join(sections) + "\n"


def _has_data(options, name):
    return name in options.folders or not RECIPES[name].folder


def _introduction(options):
    return f"""\
# Recipes

    {options.command}

Every flagfile of `flags/` trained to its end and scored: {options.samples:,} samples (seed 0) against data
that nothing was trained on, named in the tables' "against"; folders of images against themselves. The features are
those of the data set's own classifier, so that no distance here is an FID. One number is one seed;
with ±, the mean and standard error over {options.seeds} seeds. "Real data" are training images in the samples' place,
"untrained" is the generator before its first update."""


def _costs(options, runs):
    lines = []
    for name, of_one in runs.items():
        costs = [Costs.read(run.folder / "costs.csv") for run in of_one]
        lines.append([
            f"[`{name}`](../../flags/{name}.txt)", RECIPES[name].what, f"{costs[0].images:,}",
            f"{sum(of_run.minutes for of_run in costs) / len(costs):.0f}",
            f"{max(of_run.memory for of_run in costs):,.0f}",
        ])  # fmt: skip
    table = rows(["recipe", "what", "images shown", "minutes", "peak memory, MiB"], lines)
    return f"""\
## What they cost

Minutes are those of one run, from its costs.csv; {options.at_a_time} at a time shared the cores.

{table}

    python scripts/train.py --flagfile=flags/NAME.txt --data_dir=DIR --seed=SEED"""


def _section(options, data, runs, outcomes):
    every = [one for of_one in outcomes.values() for one in of_one]
    table = scores(outcomes, ("real_data", "untrained"))
    against = next((one.protocol["real_split"] for one in every if one.protocol), "-")
    pictures = [] if RECIPES[next(iter(outcomes))].folder else [
        f"`{name}`:\n\n![samples of {name}]({options.name}/{name}.png)" for name in outcomes
    ]  # fmt: skip
    for name in outcomes if pictures else ():
        grid = sorted(RunFolder(runs[name][0].folder).samples.glob("images_*.png"))[-1]
        options.pictures.mkdir(parents=True, exist_ok=True)
        write_atomically(options.pictures / f"{name}.png", grid.read_bytes())
    return "\n\n".join([f"## {data}, against `{against}`", table, *pictures])


def _in_turn(runs):
    """The first seeds of all, then the second ones ..."""
    most = max(map(len, runs.values()))
    return [of_one[seed] for seed in range(most) for of_one in runs.values() if seed < len(of_one)]


def runs_of(options, name):
    """The runs of one recipe, one per seed."""
    recipe = RECIPES[name]
    folder = [f"--dataset=folder:{options.folders[name]}"] if recipe.folder else []
    images = experiment.parse_flags([f"--flagfile={FLAGS / name}.txt"]).images
    return [
        Run(
            options.runs / "recipes" / name / f"seed{seed}",
            [
                f"--flagfile={FLAGS / name}.txt", f"--data_dir={options.data_dir}", *folder,
                f"--images={options.images(images)}", f"--seed={seed}",
            ],
            recipe.metrics,
            options.samples,
            untrained=seed == 0,
        )
        for seed in range(min(recipe.seeds, options.seeds))
    ]  # fmt: skip
