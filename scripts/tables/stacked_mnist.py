"""Stacked MNIST with a discriminator of 613 parameters: how many of a thousand modes are found."""

import dataclasses
from typing import NamedTuple

import numpy as np
from tables import kept, markdown, pictures, tried
from tables.markdown import Table

PAPER_ROUNDS = 500_000
BATCH = 128
BETAS = (0.5, 0.99)
SAMPLES = 25_600
SHOWN = 50
SEED = 100
LATENT_DIM = 256
TICKS = 20


class Row(NamedTuple):
    """A method: how one row is trained.

    Attributes:
        settings: fields of `Recipe` that are the method's own.
        network: options of the builder.
        rounds: of the run.
        published: modes and KL at the paper's 500,000 rounds, 50 trials.
        rates: Adam's, of (generator, discriminator).
        half_life: share of the run in which the generator's rate halves; None: it does not.
        fall: share of the run over which the generator's rate falls to 0 at its end.
    """

    settings: dict
    network: dict
    rounds: int
    published: tuple = ("", "")
    rates: tuple = (1e-4, 2e-4)
    half_life: float | None = None
    fall: float = 0.0


PACKS = {"views": {"packing": 4}}
# A discriminator of 719 parameters, without batch normalisation, with a larger learning rate.
BARE = {"norm": "none"}
FAST = {"rates": (2e-4, 1e-3), "half_life": 0.1, "fall": 0.5}

ROWS = {
    "DCGAN": Row({"loss": "non_saturating"}, {}, 10_000, ("78.5 ± 17.56", "5.21 ± 0.19")),
    "unrolled 5 steps": Row(
        {"loss": "non_saturating", "rule": {"unrolled": 5}}, {}, 10_000, ("236.4 ± 63.30", "4.67 ± 0.43")
    ),
    "packs of 4": Row(
        {"loss": "non_saturating", **PACKS}, {}, 100_000, ("667.4 ± 29.00", "1.81 ± 0.15")
    ),
    "packs of 4, bare": Row({"loss": "non_saturating", **PACKS}, BARE, 100_000, **FAST),
    "packs of 4, bare, relativistic, R1 and R2": Row(
        {"loss": "relativistic", "penalties": {"r1": 0.003, "r2": 0.003}, **PACKS}, BARE, 100_000, **FAST
    ),
}  # fmt: skip
# Rows of at least so many rounds take hours: they are trained with --long only.
LONG = 50_000
HEADER = ["", "share of the paper's rounds", "modes", "KL", "minutes", "modes, published", "KL, published"]


def make(options):
    """The Markdown of the page, after every row was trained."""
    from tfgan import data, features

    digits = data.open_source("stacked_mnist", "train[:50000]", data_dir=options.data_dir)
    classifier = features.open_extractor("mnist_classifier", data_dir=options.data_dir)
    lines, modes = [], {}
    for name, row in ROWS.items():
        wanted = row.rounds < LONG or options.long or options.quick
        folder = _folder(options, name, row)
        if not wanted and not kept.ended(folder):
            continue
        kept_run = kept.samples(folder, lambda: _train(options, row, digits, folder))
        if kept_run is None:
            lines.append(markdown.stopped(name, HEADER))
        else:
            statistics = _statistics(kept_run["images"], classifier)
            lines.append(_line(options, name, row, kept_run, statistics))
            modes[name] = [statistics.modes]
            _grid(options, name, kept_run["images"])
        print(f"{options.name}: {' | '.join(lines[-1])}", flush=True)
    count = _count(options)
    real_images = digits.table("images")["images"][:count]
    real = _statistics(real_images, classifier)
    _grid(options, "real data", real_images)
    lines.append(["real data", "", f"{real.modes}", f"{real.kl:.3f}", "", "", ""])
    pictures.bars(options.pictures / "modes.png", modes, "modes of 1,000")
    return page(options, Table(HEADER, lines), count)


def found(table):
    """The result in words."""
    modes = table.numbers("modes")
    ended = sorted(table.cells("minutes"), key=modes.get, reverse=True)
    return f"""\
Methods by the number of modes that they find, of {modes["real data"]:,.0f}: {table.said("modes", ended)}.
"Bare" discriminators have no batch normalisation.

The papers train for {PAPER_ROUNDS:,} rounds, of which ours have the share that the table gives. Modes of the
papers' own networks: {table.compared("modes")}."""


def page(options, table, count):
    """The Markdown of the page of a table, of so many samples a row."""
    grids = [
        f"{row}:\n\n![samples of {row}]({options.name}/{markdown.file_name(row)}.png)"
        for row in table.cells("modes")
    ]
    body = "\n\n".join([str(table), f"![modes per method]({options.name}/modes.png)", *grids])
    generator_rate, discriminator_rate = FAST["rates"]
    settings = {
        "data": """three digits of MNIST as the channels of one image: a thousand modes; fresh triples of
            `train[:50000]`""",
        "networks": """those of Metz et al. 2017 (https://arxiv.org/abs/1611.02163): a discriminator of 613
            parameters, a quarter of the generator's width""",
        "optimizer": f"Adam({BETAS[0]}, {BETAS[1]}), 2e-4 for the discriminator and 1e-4 for the generator",
        "bare": f"""no batch normalisation in the discriminator, which then has 719 parameters, where the
            papers' has 775 with packs of 4; its rate is {discriminator_rate:g}; the generator's is
            {generator_rate:g} at first, halves every tenth of the run and falls to 0 over the last half""",
        "batch": f"{BATCH} triples; packs: 32 packs of 4",
        "seeds": f"one run each, seed {SEED}",
        "samples": f"""{count:,}, drawn with batch statistics as in the papers, sorted by `mnist_classifier`
            channel by channel""",
        "KL": "of the samples' modes against the uniform distribution, in nats; a uniform sampler has 0.02",
        "published": f"Lin et al. 2018, table 3: 50 trials of {PAPER_ROUNDS:,} rounds",
        "minutes": f"on {options.cores}, which other work may have shared",
    }
    return options.written("Stacked MNIST", found(table), body, settings, _notes(options))


def _notes(options):
    return f"""\
## Differences from the papers

* Rows are trained for the share of the papers' rounds that the table gives.
* The papers train on all of `train`, we on `train[:50000]`.
* The paper on packs has 128 packs of 4 in a batch, and sees four times as many images a round.
* The bare rows have no batch normalisation in the discriminator. Statistics of a batch that is all real or
  all generated take its brightness and contrast away: the generator need not learn what the discriminator
  cannot see.

## How the bare rows were set

A generator's rate that falls to 0 keeps the modes that are found. Where it does not fall, so small a
discriminator is at chance after some thousand rounds, the generator drifts away, and modes are lost again.
Without packs, or with normalisation, relativistic with R1 and R2 stayed at chance with each weight that was
tried (0.003 to 1), as in the first two lines. An average of the generator's weights was no better than the
last ones. One run each: rates of generator and discriminator. Two lines have the table's seed, which the
settings have therefore seen.

{tried.section(options)}
"""


def _grid(options, name, images):
    """Draws the first samples of a row into a picture."""
    from tfgan import data, pictures

    path = options.pictures / f"{markdown.file_name(name)}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures.save_png(path, pictures.grid(data.from_uint8(images[:SHOWN]), 10))


def _line(options, name, row, run, statistics):
    """A row of the table."""
    share = f"{100 * TICKS * _per_tick(options, row) / PAPER_ROUNDS:.2g} %"
    ours = f"{statistics.modes}", f"{statistics.kl:.3f}", f"{run['minutes']:.0f}"
    return [name, share, *ours, *row.published]


def _folder(options, name, row):
    made_by = (row, SEED, BATCH, BETAS, _per_tick(options, row), _count(options))
    return kept.folder(options, name, made_by)


def _per_tick(options, row):
    return max(1, round(row.rounds * options.budget / TICKS))


def _count(options):
    return 256 if options.quick else SAMPLES


def _train(options, row, digits, folder):
    per_tick = _per_tick(options, row)
    game = _game(_recipe(row, TICKS * per_tick), digits)
    data = lambda start_step: digits.batches(BATCH, SEED, start_step)
    kept.fit(game, data, folder, TICKS, per_tick)
    return {"images": _samples(game, _count(options))}


def _recipe(row, rounds):
    from tfgan.experiment import Recipe

    images = rounds * BATCH
    generator_rate, discriminator_rate = row.rates
    return Recipe(
        dataset="stacked_mnist",
        network="stacked_mnist",
        network_options=row.network,
        latent_dim=LATENT_DIM,
        **row.settings,
        ema_half_life=0,
        generator_learning_rate=generator_rate,
        discriminator_learning_rate=discriminator_rate,
        beta_1=BETAS[0],
        beta_2=BETAS[1],
        rate_half_life=(row.half_life or 0) * images,
        rate_fall_images=row.fall * images,
        batch_size=BATCH,
        images=images,
        tick_images=images // TICKS,
        seed=SEED,
    )


def _game(recipe, digits):
    """The recipe's game, compiled with a constant rate for the discriminator."""
    import keras

    from tfgan import experiment

    keras.utils.set_random_seed(recipe.seed)
    game = experiment.game_of(recipe, digits.spec)
    constant = dataclasses.replace(recipe, rate_half_life=0, rate_fall_images=0)
    game.compile(
        experiment.optimizers_of(recipe)["generator"],
        experiment.optimizers_of(constant)["discriminator"],
    )
    return game


def _samples(game, count):
    """uint8 images of the generator, with batch statistics of batches as large as in training."""
    import tensorflow as tf

    from tfgan import data
    from tfgan.randomness import Random

    draw = tf.function(
        lambda pair: game.generator(game.sample_inputs(BATCH, Random(pair)), training=True)
    )
    parts = [draw(tf.constant([SEED + 1, i])).numpy() for i in range(-(-count // BATCH))]
    return data.to_uint8(np.concatenate(parts)[:count])


def _statistics(images, classifier):
    """`class_statistics` of stacked digits, by the classifier's digit of each channel."""
    from tfgan.metrics import class_statistics

    places = (100, 10, 1)
    numbers = np.zeros(len(images), int)
    for channel, place in enumerate(places):
        probabilities = classifier(images[..., channel : channel + 1]).probabilities
        numbers += place * probabilities.argmax(axis=1)
    return class_statistics(numbers, 1000)
