"""Every loss on the same two networks, and games of other kinds beside them: "Are GANs created equal?"."""

from tables import began, markdown, pictures, tried
from tables.runs import OF_FEATURES, Run, complete, copy_grid

# Images shown here, and in the paper: 20 passes over 50,000.
IMAGES, OF_PAPER = 250_000, 1_000_000
BATCH = 64
# Rows that are run with further seeds: so many with the lowest distance of seed 0.
BEST = 5
# Classifier score from which a row has begun to make digits; that of noise is 1, of real images 9.8.
BEGUN = 3.0

COMMON = (
    "--dataset=mnist", "--split=train[:50000]", "--held_out=train[50000:]", "--network=infogan",
    "--latent_dim=64", "--prior=uniform", f"--batch_size={BATCH}", "--metrics=",
    "--beta_2=0.9", "--tick_images=50000", "--schedule=alternating_shared", "--precision=mixed_bfloat16",
)  # fmt: skip
NO_NORM = "--network_options=norm=none"
SLOW = ("--generator_learning_rate=1e-4", "--discriminator_learning_rate=1e-4")

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
        "--loss=wasserstein", "--penalties=gradient_penalty:10", "--discriminator_steps=5", NO_NORM, *SLOW,
    ],
    "non_saturating, DRAGAN": ["--loss=non_saturating", "--penalties=dragan:10", NO_NORM, *SLOW],
    "non_saturating, R1 and R2": ["--loss=non_saturating", "--penalties=r1:1,r2:1", NO_NORM],
    "total_variation": ["--loss=total_variation"],
    "kl": ["--loss=kl"],
    "reverse_kl": ["--loss=reverse_kl"],
    "jeffrey": ["--loss=jeffrey"],
    "pearson": ["--loss=pearson"],
    "neyman": ["--loss=neyman"],
    "squared_hellinger": ["--loss=squared_hellinger"],
    "EBGAN": [
        "--game=ebgan", "--game_options=margin=0.3,pull_away=0.1",
        "--network=autoencoder", "--network_options=error=squared,norm=batch",
    ],
    "BEGAN": [
        "--game=began", "--game_options=gamma=0.75,balance_rate=1",
        "--network=autoencoder", "--network_options=error=absolute,norm=batch",
    ],
    "VAE": [
        "--game=vae", "--game_options=beta=1,deviation=1", "--network=infogan_vae", "--prior=normal",
    ],
}  # fmt: skip
BASE = "non_saturating"
# Losses without a row, and the row that has their gradients.
SAME = {"jensen_shannon": "minimax"}
# Rows whose generator is updated once in five batches are shown more images: so many times as many.
TIMES = {"wasserstein, clipped": 2, "wasserstein, gradient penalty": 2}
# Rows whose samples the page shows: games of other kinds than the losses.
SHOWN = ("EBGAN", "BEGAN", "VAE")
# Why rows do not make digits.
WHY = {
    "total_variation": """tanh is flat where the discriminator is certain, on the real side too: there neither
        network learns""",
    "neyman": """(p - q)^2 / p is infinite where no real image lies: the discriminator's loss falls without
        end, to -2e8 after 400 rounds""",
}


def make(options):
    """The Markdown of the page, after every run was trained and scored."""
    rows = _trained(options, ROWS, [0])
    further = _trained(options, best(rows), range(1, options.seeds))
    rows = {row: outcomes + further.get(row, []) for row, outcomes in rows.items()}
    frechet = {row: markdown.values(outcomes, "frechet") for row, outcomes in rows.items()}
    pictures.bars(options.pictures / "mnist.png", frechet, "Fréchet distance, MNIST", "log")
    for row in SHOWN:
        copy_grid(_run(options, row, 0), options.pictures / f"{markdown.file_name(row)}.png")
    return page(options, markdown.scores(rows), _better(frechet), began.section(options))


def best(rows):
    """The rows with the lowest Fréchet distances of their first seed, of a dict of row to outcomes."""
    finished = {row: outcomes[0].scores for row, outcomes in rows.items() if outcomes[0].scores}
    return sorted(finished, key=lambda row: finished[row]["frechet"]["score"])[:BEST]


def _trained(options, rows, seeds):
    """Dict of row to the outcomes of these seeds, after they were trained and scored."""
    runs = {(row, seed): _run(options, row, seed) for seed in seeds for row in rows}
    outcomes = dict(zip(runs, complete(list(runs.values()), options.at_a_time), strict=True))
    return {row: [outcomes[row, seed] for seed in seeds] for row in rows}


def _run(options, row, seed):
    images = options.images(TIMES.get(row, 1) * IMAGES)
    return Run(
        options.runs / "losses" / markdown.file_name(row) / f"seed{seed}",
        [f"--data_dir={options.data_dir}", *COMMON, *ROWS[row], f"--images={images}", f"--seed={seed}"],
        OF_FEATURES,
        options.samples,
    )


def _better(frechet):
    """Rows with several seeds, of which every one has a lower distance than every seed of the base."""
    return [row for row, own in frechet.items() if len(own) > 1 and max(own) < min(frechet[BASE])]


def found(table):
    """The result in words, from the `Table` of the scores."""
    distances, scores = table.numbers("frechet"), table.numbers("classifier_score")
    ranked = sorted((row for row in distances if row != "real data"), key=distances.get)
    late = [row for row in ranked if scores[row] < BEGUN]
    reasons = "; ".join(f"{row}: {' '.join(WHY[row].split())}" for row in late if row in WHY)
    return f"""\
On MNIST the lowest Fréchet distances are those of {table.said("frechet", ranked[:BEST])}. Real images have
{table.cells("frechet")["real data"]}.

Rows that do not make digits yet, by a classifier score below {BEGUN:g} (noise has 1, real images
{table.cells("classifier_score")["real data"]}): {table.said("classifier_score", late)}. Why: {reasons or "-"}."""


def page(options, table, better, section):
    """The Markdown of the page.

    Args:
        options: `Options`.
        table: the `Table` of the scores.
        better: the rows that are better than the base with every seed.
        section: str, what follows the table.
    """
    images = options.images(IMAGES)
    updates = images // BATCH
    longer = 2 * updates // 5
    body = f"""\
{table}

Rows with several seeds of which every one has a lower Fréchet distance than every seed of `{BASE}`:
{"; ".join(better) or "none"}.

![Fréchet distance per row]({options.name}/mnist.png)

{section}"""
    settings = {
        "data": "MNIST, `train[:50000]`",
        "networks": """`infogan`, with batch normalisation in the discriminator; none in the rows of
            gradient penalties. EBGAN and BEGAN: the same generator, `autoencoder` as discriminator. VAE: the
            same generator, `infogan_vae` as encoder""",
        "optimizer": f"""Adam(2e-4, 0.5, 0.9), batches of {BATCH}; the two Wasserstein rows and DRAGAN have
            the rates and steps of their authors, as the paper lists them; nothing else was tuned than
            [what lets rows begin](#what-lets-rows-begin)""",
        "budget": f"""{images:,} images shown ({images / OF_PAPER:.2g} of the paper's 20 epochs): {updates:,}
            updates of the generator. Twice as many images in the rows of five discriminator steps, whose
            generator is updated {longer:,} times""",
        "speed": """bfloat16, and one generator forward per round (`alternating_shared`);
            [settings](settings.md) compares them""",
        "seeds": f"""seed 0 of every row, {options.seeds} seeds of the {BEST} with the lowest distance of
            seed 0; ± is the standard error over seeds""",
        "scores": f"""{options.samples:,} samples against the 10,000 images of `train[50000:]`, in the
            features of MNIST's own classifier: no FID""",
        "real data": "training images in the samples' place",
        "left out": "; ".join(f"`{name}`, which has the gradients of `{row}`" for name, row in SAME.items()),
        "machine": options.machine,
    }  # fmt: skip
    title = "Losses on one pair of networks"
    return options.written(title, f"{found(table)}\n\n{LIMITS}", body, settings, _notes(options))


LIMITS = """\
A quarter of the paper's length, and nothing tuned but [what lets rows begin](#what-lets-rows-begin): the order
is that of this budget. In the paper, WGAN and the non-saturating loss [lead](#in-the-paper)."""


def _notes(options):
    grids = "\n\n".join(
        f"{row}:\n\n![samples of {row}]({options.name}/{markdown.file_name(row)}.png)" for row in SHOWN
    )
    return f"""\
## What the pictures show

The last grid of seed 0, as seen by eye:

{tried.section(options, "seen")}

{grids}

## What lets rows begin

An Adam that averages over 1,000 updates (`beta_2` of 0.999) takes small steps long after one large gradient,
such as exp(f) of the first rounds has: with 0.9 six more rows begin. A norm of gradients has no meaning where
batch normalisation mixes images. EBGAN's margin has to fit its energies. BEGAN's k moves by 0.001 of a
difference of errors in the paper: in a run of this length it stays near 0, and nothing holds the generator to
the data; at 1 it rises to 0.19 and strokes become digits. A VAE that learns its deviation keeps 144
nats of divergence from the prior, and 20 nats with a deviation of 1: there samples of the prior are digits.

{tried.section(options)}

## In the paper

Lucic et al. 2018 (https://arxiv.org/abs/1711.10337) show four times the images, take the best of 100
settings, and measure FID. There WGAN (6.7 ± 0.4) and the non-saturating loss (6.8 ± 0.5) lead on MNIST, BEGAN
has 13.1 and the VAE 23.8. Those figures do not compare with the ones above.
"""
