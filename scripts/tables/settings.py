"""Precision, noise and schedule: which of the fast settings do harm."""

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

# Whether more of it is better.
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
    """The page."""
    runs = {
        (game, variant, seed): _RUNS[game](options, variant, seed)
        for seed in range(options.seeds)
        for variant in VARIANTS
        for game in _RUNS
    }
    outcomes = dict(zip(runs, complete(list(runs.values()), options.at_a_time), strict=True))

    def table(game, part):
        found = {v: [outcomes[game, v, s] for s in range(options.seeds)] for v in VARIANTS}
        return f"{markdown.scores(found)}\n\n{_verdict(found, part)}"

    return f"""\
# Fast settings, and whether they do harm

    {options.command}

{options.seeds} seeds each; mean and standard error over the seeds. The first row is how the papers
write the game; each other row changes one thing: the arithmetic of the networks, one batch of
generated images for both sides instead of one each (`alternating_shared`), or both sides moving
from the same point.

## `dcgan_mnist`

{options.images(MNIST_IMAGES):,} images shown; {options.samples:,} samples against the 10,000 images
of `train[50000:]`, in the features of `mnist_classifier` (no FID).

{table("mnist", "frechet")}

## The ring

Eight Gaussians, two dense networks, relativistic loss with R1 and R2, learning rates falling to 0
over the second half; {options.images(RING_IMAGES):,} points shown, {options.samples:,} samples.

{table("ring", "high_quality")}
"""


def _verdict(found, part):
    """Which rows have a seed that is worse than what the first row's seeds spread over."""
    numbers = {row: SENSE[part] * np.array(markdown.values(of, part)) for row, of in found.items()}
    base, *others = numbers
    worse = [row for row in others if _below(numbers[row], numbers[base])]
    return (
        f"By `{part}`, with a seed that is worse than the first row's worst by more than its seeds "
        f"spread: {', '.join(worse) or 'none'}.\n"
    )


def _below(numbers, base):
    return numbers.min() < base.min() - (base.max() - base.min())


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
