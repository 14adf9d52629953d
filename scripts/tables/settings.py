"""Precision, noise and schedule: which of the fast settings do harm."""

from pathlib import Path

from tables.markdown import mean, rows
from tables.runs import Run, complete

FLAGFILE = Path(__file__).parents[2] / "flags" / "dcgan_mnist.txt"

VARIANTS = {
    "as the recipe": [],
    "mixed_bfloat16": ["--precision=mixed_bfloat16"],
    "one generator forward": ["--schedule=alternating_shared"],
    "simultaneous": ["--schedule=simultaneous"],
}

MNIST_IMAGES = 200_000
MNIST_PARTS = ("frechet", "precision", "recall", "density", "coverage", "classifier_score")


def make(options):
    """The page."""
    runs = [
        Run(
            options.runs / "mnist" / variant.replace(" ", "_") / f"seed{seed}",
            [
                f"--flagfile={FLAGFILE}", f"--data_dir={options.data_dir}", "--metrics=",
                f"--images={options.images(MNIST_IMAGES)}", f"--seed={seed}", *flags,
            ],
            ("frechet", "manifold", "classifier_score"),
        )
        for seed in range(options.seeds)
        for variant, flags in VARIANTS.items()
    ]  # fmt: skip
    complete(runs, options.at_a_time)
    return ""
