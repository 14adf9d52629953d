"""Every loss on the same two networks: "Are GANs created equal?", on a small budget."""

from tables import markdown, pictures, tried
from tables.runs import OF_FEATURES, Run, complete

# Images shown here, and in the paper: 20 passes over 50,000.
IMAGES, OF_PAPER = 50_000, 1_000_000
BATCH = 64
DATA = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST"}

COMMON = (
    "--network=infogan", "--latent_dim=64", "--prior=uniform", f"--batch_size={BATCH}",
    "--split=train[:50000]", "--held_out=train[50000:]", "--metrics=", "--tick_images=50000",
    "--schedule=alternating_shared", "--precision=mixed_bfloat16",
)  # fmt: skip
NO_NORM = "--network_options=norm=none"

# Rates and steps are those of a loss's authors where the paper lists them.
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
    """The Markdown of the page, after every run was trained and scored."""
    runs = {
        (data, row, seed): _run(options, data, row, seed)
        for seed in range(options.seeds)
        for data in DATA
        for row in ROWS
    }
    outcomes = dict(zip(runs, complete(list(runs.values()), options.at_a_time), strict=True))
    tables, better = {}, {}
    for data, title in DATA.items():
        rows = {row: [outcomes[data, row, seed] for seed in range(options.seeds)] for row in ROWS}
        tables[data], better[data] = markdown.scores(rows), _better(rows)
        frechet = {row: markdown.values(of_row, "frechet") for row, of_row in rows.items()}
        pictures.bars(options.pictures / f"{data}.png", frechet, f"Fréchet distance, {title}", "log")
    return page(options, tables, better)


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


def _better(rows):
    """Rows of which every seed has a lower Fréchet distance than every seed of the base."""
    base = markdown.values(rows[BASE], "frechet")
    return [
        row
        for row, outcomes in rows.items()
        if (own := markdown.values(outcomes, "frechet"))
        and len(own) == len(outcomes)
        and max(own) < min(base)
    ]


def found(tables):
    """The result in words, from a dict of data set to the `Table` of its scores."""
    return "\n\n".join(_found(title, tables[data]) for data, title in DATA.items())


def _found(title, table):
    distances = table.numbers("frechet")
    best = sorted(distances, key=distances.get)
    best.remove("real data")
    return f"""\
On {title} the lowest Fréchet distances are those of {table.said("frechet", best[:3])}. Real images have
{table.cells("frechet")["real data"]}."""


def page(options, tables, better):
    """The Markdown of the page.

    Args:
        options: `Options`.
        tables: dict of data set to the `Table` of its scores.
        better: dict of data set to the rows that are better than the base with every seed.
    """
    images = options.images(IMAGES)
    updates = images // BATCH
    body = "\n\n".join(_section(options, data, tables[data], better[data]) for data in DATA)
    settings = {
        "data": "MNIST and Fashion-MNIST, `train[:50000]`",
        "networks": """`infogan`, with batch normalisation in the discriminator; none in the rows of
            `gradient_penalty` and of R1 and R2""",
        "optimizer": f"""Adam(2e-4, 0.5), batches of {BATCH}; the two Wasserstein rows and DRAGAN have the
            rates and steps of their authors, as the paper lists them (DRAGAN's rate is half the others');
            nothing was tuned""",
        "budget": f"""{images:,} images shown ({images / OF_PAPER:.2g} of the paper's 20 epochs): {updates:,}
            updates of the generator, {updates // 5:,} in the rows of five discriminator steps""",
        "speed": """bfloat16, and one generator forward per round (`alternating_shared`);
            [settings](settings.md) compares them""",
        "seeds": options.over_seeds(),
        "scores": f"""{options.samples:,} samples against the 10,000 images of `train[50000:]`, in the
            features of the data set's own classifier: no FID""",
        "real data": "training images in the samples' place",
        "machine": options.machine,
    }
    title = "Losses on one pair of networks"
    return options.written(title, f"{found(tables)}\n\n{LIMITS}", body, settings, _notes(options))


LIMITS = """\
So short a run shows which loss starts well, not which ends well. In the paper, which trains 20 times as long,
WGAN and the non-saturating loss [lead](#in-the-paper)."""


def _section(options, data, table, better):
    return f"""\
## {DATA[data]}

{table}

Losses of which every seed has a lower Fréchet distance than every seed of `{BASE}`:
{"; ".join(better) or "none"}.

![Fréchet distance per loss]({options.name}/{data}.png)"""


def _notes(options):
    return f"""\
## What the pictures show

On MNIST after 50,000 images, as seen by eye:

{tried.section(options, "seen")}

## In the paper

Lucic et al. 2018 (https://arxiv.org/abs/1711.10337) show 20 times the images, take the best of 100 settings,
and measure FID. There WGAN (6.7 ± 0.4) and the non-saturating loss (6.8 ± 0.5) lead on MNIST, and WGAN on
Fashion-MNIST. Those figures do not compare with the ones above.
"""
