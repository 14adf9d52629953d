"""Faster settings of precision, noise and schedule, and which of them do harm."""

from pathlib import Path

import numpy as np
from tables import markdown
from tables.runs import OF_FEATURES, Run, complete

FLAGFILE = Path(__file__).parents[2] / "flags" / "dcgan_mnist.txt"

VARIANTS = {
    "float32, fresh noise, alternating": ["--schedule=alternating", "--precision=float32"],
    "mixed_bfloat16": ["--schedule=alternating", "--precision=mixed_bfloat16"],
    "one generator forward": ["--schedule=alternating_shared", "--precision=float32"],
    "simultaneous": ["--schedule=simultaneous", "--precision=float32"],
}

# 1 where more of a score is better, -1 where less is.
SENSE = {"frechet": -1, "high_quality": 1}

MNIST_IMAGES = 200_000

RING_IMAGES = 2_560_000
RING = (
    "--dataset=ring", "--network=mlp", "--latent_dim=16", "--loss=relativistic",
    "--penalties=r1:0.01,r2:0.01", "--generator_learning_rate=1e-3",
    "--discriminator_learning_rate=1e-3", "--beta_2=0.99", "--batch_size=256",
    "--tick_images=256000",
)  # fmt: skip


def make(options):
    """The Markdown of the page, after every run was trained and scored."""
    runs = {
        (game, variant, seed): _RUNS[game](options, variant, seed)
        for seed in range(options.seeds)
        for variant in VARIANTS
        for game in _RUNS
    }
    outcomes = dict(zip(runs, complete(list(runs.values()), options.at_a_time), strict=True))
    rows = {
        game: {v: [outcomes[game, v, s] for s in range(options.seeds)] for v in VARIANTS} for game in _RUNS
    }
    tables = {game: markdown.scores(of_game) for game, of_game in rows.items()}
    worse = {"mnist": _worse(rows["mnist"], "frechet"), "ring": _worse(rows["ring"], "high_quality")}
    return page(options, tables, worse)


def _worse(rows, part):
    """Rows with a seed that is worse than the first row's worst by more than its seeds spread."""
    numbers = {row: SENSE[part] * np.array(markdown.values(of, part)) for row, of in rows.items()}
    base, *others = numbers
    bound = numbers[base].min() - (numbers[base].max() - numbers[base].min())
    return [row for row in others if numbers[row].min() < bound]


def page(options, tables, worse):
    """The Markdown of the page.

    Args:
        options: `Options`.
        tables: dict of "mnist" and "ring" to the `Table` of their scores.
        worse: dict of the same to the rows that do harm.
    """
    summary = f"""\
Settings that do harm on `dcgan_mnist`, by the Fréchet distance:
{_harm(tables["mnist"], "frechet", worse["mnist"])}. Settings that do harm on the ring, by the share of
samples of high quality: {_harm(tables["ring"], "high_quality", worse["ring"])}.

A setting does harm if one of its seeds is worse than the first row's worst seed by more than the first row's
seeds differ."""
    body = f"""\
## `dcgan_mnist`

{tables["mnist"]}

## The ring

{tables["ring"]}"""
    settings = {
        "first row": "as the papers write it: float32, new noise for each update, alternating updates",
        "mixed_bfloat16": "the networks' arithmetic in bfloat16",
        "one generator forward": "one batch of generated images for both updates (`alternating_shared`)",
        "simultaneous": "both networks are updated from the same point",
        "seeds": options.over_seeds(),
        "`dcgan_mnist`": f"""{options.images(MNIST_IMAGES):,} images shown; {options.samples:,} samples
            against the 10,000 images of `train[50000:]`, in the features of `mnist_classifier` (no FID)""",
        "the ring": f"""eight Gaussians, two dense networks, relativistic loss with R1 and R2, learning rates
            that fall to 0 over the second half; {options.images(RING_IMAGES):,} points shown,
            {options.samples:,} samples""",
        "machine": options.machine,
    }
    return options.written("Fast settings, and whether they do harm", summary, body, settings)


def _harm(table, part, rows):
    first, *_ = VARIANTS
    return f"{table.said(part, rows)}; the first row has {table.cells(part)[first]}"


def _mnist(options, variant, seed):
    flags = [
        f"--flagfile={FLAGFILE}", f"--data_dir={options.data_dir}", "--metrics=",
        f"--images={options.images(MNIST_IMAGES)}",
    ]  # fmt: skip
    return _run(options, "mnist", variant, seed, flags, OF_FEATURES)


def _ring(options, variant, seed):
    images = options.images(RING_IMAGES)
    flags = [*RING, f"--images={images}", f"--rate_fall_images={images / 2}"]
    return _run(options, "ring", variant, seed, flags, ("modes",))


def _run(options, game, variant, seed, flags, metrics):
    folder = options.runs / "settings" / game / markdown.file_name(variant) / f"seed{seed}"
    return Run(folder, [*flags, *VARIANTS[variant], f"--seed={seed}"], metrics, options.samples)


_RUNS = {"mnist": _mnist, "ring": _ring}
