"""Are GANs created equal, in small: every loss on the same networks."""

from tables import markdown, pictures, tried
from tables.runs import OF_FEATURES, Run, complete

# Images shown, and those that the paper shows: 20 passes over 50,000.
IMAGES, OF_PAPER = 50_000, 1_000_000
BATCH = 64
DATA = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST"}

COMMON = (
    "--network=infogan", "--latent_dim=64", "--prior=uniform", f"--batch_size={BATCH}",
    "--split=train[:50000]", "--held_out=train[50000:]", "--metrics=", "--tick_images=50000",
    "--schedule=alternating_shared", "--precision=mixed_bfloat16",
)  # fmt: skip
NO_NORM = "--network_options=norm=none"

# Those of the authors where the paper lists them for a loss that needs its own.
ROWS = {
    "minimax": ["--loss=minimax"],
    "non_saturating": ["--loss=non_saturating"],
    "maximum_likelihood": ["--loss=maximum_likelihood"],
    "least_squares": ["--loss=least_squares"],
    "wasserstein, clipped": [
        "--loss=wasserstein", "--game_options=clip_weights=0.01", "--discriminator_steps=5",
        "--generator_learning_rate=5e-5", "--discriminator_learning_rate=5e-5",
    ],
    "hinge": ["--loss=hinge"],
    "relativistic": ["--loss=relativistic"],
    "relativistic_average": ["--loss=relativistic_average"],
    "wasserstein, gradient penalty": [
        "--loss=wasserstein", "--penalties=gradient_penalty:10", "--discriminator_steps=5", NO_NORM,
        "--generator_learning_rate=1e-4", "--discriminator_learning_rate=1e-4",
    ],
    "non_saturating, DRAGAN": [
        "--loss=non_saturating", "--penalties=dragan:10",
        "--generator_learning_rate=1e-4", "--discriminator_learning_rate=1e-4",
    ],
    "non_saturating, R1 and R2": ["--loss=non_saturating", "--penalties=r1:1,r2:1", NO_NORM],
}  # fmt: skip
BASE = "non_saturating"


def make(options):
    """The page."""
    runs = {
        (data, row, seed): _run(options, data, row, seed)
        for seed in range(options.seeds)
        for data in DATA
        for row in ROWS
    }
    outcomes = dict(zip(runs, complete(list(runs.values()), options.at_a_time), strict=True))
    parts = [_introduction(options)]
    for data, title in DATA.items():
        found = {row: [outcomes[data, row, seed] for seed in range(options.seeds)] for row in ROWS}
        parts += [f"## {title}\n", markdown.scores(found), _verdict(found)]
        frechet = {row: markdown.values(of_row, "frechet") for row, of_row in found.items()}
        picture = options.pictures / f"{data}.png"
        pictures.bars(picture, frechet, f"Fréchet distance, {title}", "log")
        parts.append(f"![Fréchet distance per loss]({options.name}/{data}.png)\n")
    parts.append(_remarks(options))
    return "\n".join(parts)


def _run(options, data, row, seed):
    return Run(
        options.runs / "losses" / data / markdown.file_name(row) / f"seed{seed}",
        [
            f"--dataset={data}", f"--data_dir={options.data_dir}", *COMMON, *ROWS[row],
            f"--images={options.images(IMAGES)}", f"--seed={seed}",
        ],
        OF_FEATURES,
        options.samples,
    )  # fmt: skip


def _verdict(found):
    """Which rows lie wholly below the base's Frechet distances, over all seeds."""
    base = markdown.values(found[BASE], "frechet")
    better = [
        row
        for row, outcomes in found.items()
        if (own := markdown.values(outcomes, "frechet"))
        and len(own) == len(outcomes)
        and max(own) < min(base)
    ]
    return (
        f"\nBelow every seed of `{BASE}` with every seed of their own, by the Fréchet distance: "
        f"{'; '.join(better) or 'none'}.\n"
    )


def _remarks(options):
    updates = options.images(IMAGES) // BATCH
    return f"""\
So short a run asks who starts well, not who ends well: {updates:,} updates of the generator, and
{updates // 5:,} in the rows of five discriminator steps. In the paper, with 20 times the images, the best of
100 settings and FID, WGAN (6.7 ± 0.4) and the non-saturating loss (6.8 ± 0.5) lead on MNIST, WGAN on
Fashion-MNIST. DRAGAN's rate is half the others'.

## What the pictures show

On MNIST after 50,000 images, judged by eye:

{tried.section(options, "seen")}
"""


def _introduction(options):
    images = options.images(IMAGES)
    return f"""\
# Losses on one pair of networks

    {options.command}

The question of Lucic et al. 2018 (https://arxiv.org/abs/1711.10337), asked in small: the `infogan`
networks at batch {BATCH}, {images:,} images shown ({images / OF_PAPER:.2g} of the paper's 20 epochs),
{options.seeds} seeds. Adam(2e-4, 0.5) and batch normalisation in the discriminator, but for the
two Wasserstein rows and DRAGAN, which have their authors' rates and steps as the paper lists
them, and for the gradient penalties `gradient_penalty`, R1 and R2, which have no norm there.
Nothing was tuned. Mean and standard error over the seeds, of {options.samples:,} samples against
the 10,000 images of `train[50000:]`, in the features of the data set's own classifier: these
distances compare with no FID. "Real data" is the same of training images. {markdown.SPEED}
"""
