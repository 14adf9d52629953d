"""Every recipe of `flags/`: minutes and memory of its run, and the scores of its samples."""

import re
from pathlib import Path
from typing import NamedTuple

from tables.costs import Costs
from tables.markdown import Table, scores
from tables.runs import OF_FEATURES, Run, complete, copy_grid

from tfgan import experiment

FLAGS = Path(__file__).parents[2] / "flags"
OF_PIXELS = ("ms_ssim", "sliced_wasserstein")


class Recipe(NamedTuple):
    """A flagfile on the page: what it is, how many seeds it is run with, and its metrics.

    Attributes:
        what: in a few words.
        data: the data set's name on the page.
        seeds: number of runs.
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


# Recipes whose runs are scored and shown on pages of their own, as these games are judged by more.
OF_OTHER_PAGES = {
    "cgan_faces64": "conditional",
    "acgan_faces64": "conditional",
    "projection_fashion_mnist": "conditional",
    "projection_cifar10": "conditional",
    "infogan_mnist": "inference",
    "bigan_mnist": "inference",
    "inference_mnist": "inference",
    "semi_supervised_mnist": "few_labels",
    "began_fashion_mnist": "losses",
    "ebgan_mnist": "losses",
    "vae_mnist": "losses",
}

COSTS = ["recipe", "what", "images shown", "minutes", "minutes alone on both cores", "peak memory, MiB"]


def make(options):
    """The Markdown of the page, after every run was trained and scored."""
    runs = {name: runs_of(options, name) for name in RECIPES if _has_data(options, name)}
    in_turn = _in_turn(runs)
    outcomes = dict(zip((run.folder for run in in_turn), complete(in_turn, options.at_a_time)))
    tables, against = {}, {}
    for data in dict.fromkeys(RECIPES[name].data for name in runs):
        names = [name for name in runs if RECIPES[name].data == data]
        rows = {name: [outcomes[run.folder] for run in runs[name]] for name in names}
        tables[data] = scores(rows, ("real_data", "untrained"))
        every = [one for of_one in rows.values() for one in of_one]
        against[data] = next((one.protocol["real_split"] for one in every if one.protocol), "-")
    for name in runs:
        if not RECIPES[name].folder:
            copy_grid(runs[name][0], options.pictures / f"{name}.png")
    costs = [_costs(name, of_one) for name, of_one in runs.items()]
    return page(options, Table(COSTS, costs), tables, against)


def _has_data(options, name):
    return name in options.folders or not RECIPES[name].folder


def _costs(name, runs):
    costs = [Costs.read(run.folder / "costs.csv") for run in runs]
    return [
        f"[`{name}`](../../flags/{name}.txt)", RECIPES[name].what, f"{costs[0].images:,}",
        f"{sum(of_run.minutes for of_run in costs) / len(costs):.0f}", alone(name),
        f"{max(of_run.memory for of_run in costs):,.0f}",
    ]  # fmt: skip


def alone(name):
    """The minutes in a flagfile's header, if they are those of a run that shared the cores with no other."""
    said = re.search(r"# Minutes: +([\d.]+)(.*)", (FLAGS / f"{name}.txt").read_text())
    return "" if "one of the cores" in said[2] else said[1]


def found(costs, tables):
    """The result in words, from the `Table` of costs and a dict of data set to the `Table` of its scores."""
    best = [f"{data}: {_best(table)}" for data, table in tables.items() if "frechet" in table.header]
    minutes = costs.numbers("minutes").values()
    return f"""\
The lowest Fréchet distance on each data set, in the features of its own classifier (no FID).
{". ".join(best)}.

A run takes {min(minutes):.0f} to {max(minutes):.0f} minutes; [Settings](#settings) has the machine."""


def _best(table):
    distances = table.numbers("frechet")
    trained = [row for row in distances if row not in ("real data", "untrained")]
    best = sorted(trained, key=distances.get)[:1]
    return f"{table.said('frechet', best)}, {table.said('frechet', ['real data'])}"


def page(options, costs, tables, against):
    """The Markdown of the page.

    Args:
        options: `Options`.
        costs: `Table`.
        tables: dict of data set to the `Table` of its scores.
        against: dict of data set to the split that its samples are compared with.
    """
    sections = [_section(options, data, table, against[data]) for data, table in tables.items()]
    settings = {
        "recipes": "every flagfile of `flags/`, trained to its end",
        "scores": f"""{options.samples:,} samples (seed 0) against data that nothing was trained on, named in
            the titles; folders of images against themselves""",
        "features": "of the data set's own classifier, so that no distance here is an FID",
        "seeds": f"one where one number stands; with ±, mean and standard error over {options.seeds}",
        "real data": "training images in the samples' place",
        "untrained": "the generator before its first update",
        "minutes": """of one run, from its costs.csv: the mean over its seeds; its cores may have been shared
            with other work""",
        "minutes alone": """of another run of the recipe, which had both cores for itself; the flagfile and
            the README give them too""",
        "machine": options.machine,
        "one recipe": "`python scripts/train.py --flagfile=flags/NAME.txt --data_dir=DIR --seed=SEED`",
    }
    body = "\n\n".join([str(costs), *sections])
    return options.written("Recipes", found(costs, tables), body, settings)


def _section(options, data, table, against):
    pictures = [
        f"`{name}`:\n\n![samples of {name}]({options.name}/{name}.png)"
        for name, recipe in RECIPES.items()
        if recipe.data == data and not recipe.folder
    ]
    return "\n\n".join([f"## {data}, against `{against}`", str(table), *pictures])


def _in_turn(runs):
    """The runs in the order in which they are trained: the first seed of every recipe, then the second ..."""
    most = max(map(len, runs.values()))
    return [of_one[seed] for seed in range(most) for of_one in runs.values() if seed < len(of_one)]


def runs_of(options, name):
    """The runs of one recipe, one per seed."""
    recipe = RECIPES[name]
    values = experiment.parse_flags([f"--flagfile={FLAGS / name}.txt"])
    folder = [f"--dataset={in_folder(values.dataset, options.folders[name])}"] if recipe.folder else []
    return [
        Run(
            options.runs / "recipes" / name / f"seed{seed}",
            [
                f"--flagfile={FLAGS / name}.txt", f"--data_dir={options.data_dir}", *folder,
                f"--images={options.images(values.images)}", f"--seed={seed}",
            ],
            recipe.metrics,
            options.samples,
            untrained=seed == 0,
        )
        for seed in range(min(recipe.seeds, options.seeds))
    ]  # fmt: skip


def in_folder(dataset, path):
    """The name of a data set that is a folder, such as "folder:faces?shuffled=0", in another place."""
    _, mark, query = dataset.partition("?")
    return f"folder:{path}{mark}{query}"
