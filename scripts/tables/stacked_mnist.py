"""Stacked MNIST with a discriminator of 613 parameters: how many of a thousand modes are found."""

from typing import NamedTuple

import numpy as np
from tables import kept, markdown, pictures

PAPER_ROUNDS = 500_000
BATCH = 128
BETAS = (0.5, 0.99)
SAMPLES = 25_600
SHOWN = 50
SEED = 100
TICKS = 20


class Row(NamedTuple):
    """A method.

    Attributes:
        settings: of `tfgan.GAN`.
        network: options of the builder.
        rounds: of the run; those of the rows that --long brings take hours.
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


# A discriminator of 719 numbers, without batch normalisation, that moves in larger steps.
BARE = {"packing": 4, "norm": "none"}
FAST = {"rates": (2e-4, 1e-3), "half_life": 0.1, "fall": 0.5}

ROWS = {
    "DCGAN": Row({"loss": "non_saturating"}, {}, 10_000, ("78.5 ± 17.56", "5.21 ± 0.19")),
    "unrolled 5 steps": Row(
        {"loss": "non_saturating", "rule": {"unrolled": 5}}, {}, 10_000, ("236.4 ± 63.30", "4.67 ± 0.43")
    ),
    "packs of 4": Row(
        {"loss": "non_saturating"}, {"packing": 4}, 100_000, ("667.4 ± 29.00", "1.81 ± 0.15")
    ),
    "packs of 4, bare": Row({"loss": "non_saturating"}, BARE, 100_000, **FAST),
    "packs of 4, bare, relativistic, R1 and R2": Row(
        {"loss": "relativistic", "penalties": {"r1": 0.003, "r2": 0.003}}, BARE, 100_000, **FAST
    ),
}  # fmt: skip
# Loss, penalties, rates, rounds, samples; modes and KL, of packs of 4 without normalisation but for the first two.
TRIED = [
    ["relativistic, the papers' 613 parameters", "0.1", "1e-4, 2e-4", "10,000", "25,600", "1", "6.91"],
    ["relativistic, the same in packs of 4", "0.003", "2e-4 to 0, 1e-3", "10,000", "25,600", "1", "6.91"],
    ["relativistic", "0.003", "2e-4, 1e-3 (seed 100)", "100,000", "25,600", "14", "5.59"],
    ["relativistic", "0.03", "2e-4, 1e-3", "4,000", "5,120", "554", ""],
    ["relativistic", "0.03", "2e-4, 1e-3", "8,000", "5,120", "366", ""],
    ["relativistic", "0.003", "2e-4, 2e-3", "4,000", "5,120", "502", ""],
    ["relativistic", "0.003", "2e-4, 2e-3", "8,000", "5,120", "185", ""],
    ["relativistic", "0.003", "5e-5, 2e-3", "5,000", "5,120", "32", ""],
    ["relativistic", "0.003", "1e-4, 1e-3, both to 0", "10,000", "5,120", "295", ""],
    ["relativistic", "0.003", "2e-4 to 0, 1e-3", "10,000", "5,120", "548", "1.36"],
    ["relativistic", "0.003", "2e-4 halving in 4,000 and to 0 at the end, 1e-3", "16,000", "25,600", "767", "1.33"],
    ["non-saturating", "", "2e-4, 1e-3", "3,000", "5,120", "538", "1.35"],
    ["non-saturating", "", "2e-4 to 0, 1e-3", "10,000", "25,600", "832", "1.19"],
    ["non-saturating", "", "2e-4 to 0, 1e-3 (seed 100)", "10,000", "25,600", "715", "1.70"],
]
# Rows as long as this are for --long.
LONG = 50_000
HEADER = ["", "share of the paper's rounds", "modes", "KL", "minutes", "modes, published", "KL, published"]


def make(options):
    """The page."""
    from tfgan import data, features

    digits = data.open_source("stacked_mnist", "train[:50000]", data_dir=options.data_dir)
    classifier = features.open_extractor("mnist_classifier", data_dir=options.data_dir)
    lines, grids, modes = [], [], {}
    for name, row in ROWS.items():
        wanted = row.rounds < LONG or options.long or options.quick
        folder = _folder(options, name, row)
        if not wanted and not kept.ended(folder):
            continue
        kept_run = kept.samples(folder, lambda: _train(options, row, digits, folder))
        if kept_run is None:
            lines.append(markdown.stopped(name, HEADER))
        else:
            found = _statistics(kept_run["images"], classifier)
            lines.append(_line(options, name, row, kept_run, found))
            modes[name] = [found.modes]
            grids.append(_grid(options, name, kept_run["images"]))
        print(f"{options.name}: {' | '.join(lines[-1])}", flush=True)
    count = _count(options)
    real_images = digits.images[:count]
    real = _statistics(real_images, classifier)
    grids.append(_grid(options, "real data", real_images))
    lines.append(["real data", "", f"{real.modes}", f"{real.kl:.3f}", "", "", ""])
    bars = options.pictures / "modes.png"
    pictures.bars(bars, modes, "modes of 1,000")
    return f"""\
# Stacked MNIST

    {options.command}

Three digits of MNIST as the channels of one image: a thousand modes. The networks of Metz et al. 2017
(https://arxiv.org/abs/1611.02163), whose discriminator has 613 parameters, a quarter of the generator's
width; Adam({BETAS[0]}, {BETAS[1]}), 2e-4 for D and 1e-4 for G, batches of {BATCH} fresh triples
(packs: of 32 packs of 4, where the paper has 128 of them, and sees four times as many images a round) of `train[:50000]`
(the papers: all of `train`), one run each, seed {SEED}, minutes on {options.cores}, which other work may have shared. {count:,} samples, drawn with batch
statistics as in the papers, sorted by `mnist_classifier` channel by channel. KL is that of the
samples' modes against the even law, in nats; an even sampler's would be 0.02. "Published": Lin et
al. 2018, table 3, 50 trials of {PAPER_ROUNDS:,} rounds: ours have the share that the table says.

"Bare": without batch normalisation in the discriminator, which then has 719 parameters where the
papers' has 775 with packs of 4, and learns at {FAST["rates"][1]:g}. Statistics of a batch that is all real or all
generated take its brightness and contrast away: what the discriminator cannot see the generator need not learn.
The generator's rate is {FAST["rates"][0]:g} at first, halves every tenth of the run and falls to 0 over the last half. Where it
stays, so small a discriminator is beaten to chance after some thousand rounds, and the generator drifts away.

{markdown.rows(HEADER, lines)}

![modes per method]({options.name}/{bars.name})

{chr(10).join(grids)}
## How the bare rows were set

One run each, of seed 0 where nothing else is said (so that the table's seed has been seen too): rates of G and D. Without packs, or with normalisation,
relativistic with R1 and R2 stayed at chance at each weight tried (0.003 to 1), as in the first two rows. An average of the generator's weights was no better than the last ones.

{markdown.rows(["loss", "R1 and R2", "rates", "rounds", "samples", "modes", "KL"], TRIED)}
"""


def _grid(options, name, images):
    """The markdown of a picture of the first samples."""
    from tfgan import data, pictures

    path = options.pictures / f"{markdown.file_name(name)}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures.save_png(path, pictures.grid(data.from_uint8(images[:SHOWN]), 10))
    return f"{name}:\n\n![samples of {name}]({options.name}/{path.name})\n"


def _line(options, name, row, run, found):
    share = f"{100 * TICKS * _per_tick(options, row) / PAPER_ROUNDS:.2g} %"
    return [name, share, f"{found.modes}", f"{found.kl:.3f}", f"{run['minutes']:.0f}", *row.published]


def _folder(options, name, row):
    made_by = (row, SEED, BATCH, BETAS, _per_tick(options, row), _count(options))
    return kept.folder(options, name, made_by)


def _per_tick(options, row):
    return max(1, round(row.rounds * options.budget / TICKS))


def _count(options):
    return 256 if options.quick else SAMPLES


def _train(options, row, digits, folder):
    per_tick = _per_tick(options, row)
    game = _game(row, TICKS * per_tick)
    data = lambda start_step: digits.batches(BATCH, SEED, start_step)
    kept.fit(game, data, folder, TICKS, per_tick)
    return {"images": _samples(game, _count(options))}


def _game(row, rounds):
    import keras

    import tfgan
    from tfgan.networks import NETWORKS
    from tfgan.optimizers import Adam
    from tfgan.rates import Decay

    keras.utils.set_random_seed(SEED)
    game = tfgan.GAN(
        **NETWORKS["stacked_mnist"](**row.network), ema_half_life=None, seed=SEED,
        packing=row.network.get("packing", 1), **row.settings,
    )  # fmt: skip
    of_generator, of_discriminator = row.rates
    total = rounds * BATCH
    falling = Decay(
        of_generator, BATCH, half_life=row.half_life and row.half_life * total, fall=row.fall * total, total=total
    )  # fmt: skip
    game.compile(Adam(falling, *BETAS), Adam(of_discriminator, *BETAS))
    return game


def _samples(game, count):
    """uint8 images of the generator with the statistics of batches of the training's size."""
    import tensorflow as tf

    from tfgan import data
    from tfgan.randomness import Random

    draw = tf.function(
        lambda pair: game.generator(game.sample_inputs(BATCH, Random(pair)), training=True)
    )
    parts = [draw(tf.constant([SEED + 1, i])).numpy() for i in range(-(-count // BATCH))]
    return data.to_uint8(np.concatenate(parts)[:count])


def _statistics(images, classifier):
    from tfgan.metrics import class_statistics

    places = (100, 10, 1)
    numbers = np.zeros(len(images), int)
    for channel, place in enumerate(places):
        probabilities = classifier(images[..., channel : channel + 1]).probabilities
        numbers += place * probabilities.argmax(axis=1)
    return class_statistics(numbers, 1000)
