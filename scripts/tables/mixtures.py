"""Runs of methods on mixtures of Gaussians: several seeds at once, scored by the modes they find."""

import numpy as np
from tables import kept, markdown, methods, pictures
from tables.methods import TICKS

# Samples of a seed in which modes and quality are counted, as in the published tables.
SAMPLES = 2_500
# Samples of high quality that a mode needs to count in the stricter column.
HITS = 20
# The ticks that pictures over time show, by their titles.
SHOWN_TICKS = {f"{100 * (tick + 1) // TICKS} %": tick for tick in (0, 2, 5, 9)}


def seeds(options, first):
    """The seeds of a table: `options.seeds` of them, from `first` on."""
    return [first + i for i in range(options.seeds)]


def finished(options, protocol, rows, seeds, lines, header, prefix="", samples=SAMPLES):
    """Trains the rows of a table, one after the other.

    Args:
        options, protocol, seeds, samples: as in `play`.
        rows: dict of name to `Method`.
        lines: list of the table's lines. The caller adds those of each row that it is
            given; a row that failed gets its line here.
        header: of the table.
        prefix: of the names under which runs are kept.

    Yields:
        (row, its `Method`, what `play` returns) of rows that did not fail.
    """
    for row, method in rows.items():
        found = play(options, protocol, f"{prefix}{row}", method, seeds, samples)
        before = len(lines)
        if found is None:
            lines.append(markdown.stopped(row, header))
        else:
            yield row, method, found
        for line in lines[before:]:
            print(f"{options.name}: {' | '.join(line)}", flush=True)


def play(options, protocol, row, method, seeds, samples=SAMPLES):
    """The samples of a row's seeds: trains them, continues them, or reads what they made before.

    Args:
        options: `Options`.
        protocol: `Protocol`.
        row: its name.
        method: `Method`.
        seeds: list of ints.
        samples: of each seed, n.

    Returns:
        Dict of "live", "average" and "over time" to float32 [seeds, n, dims] (of the
        first seed's average after every tick: [ticks, n, dims]), of "minutes" to the
        time that all seeds took together and, if the method chooses samples, of "chosen"
        to those with the highest logits of each seed's discriminator. None if the weights
        of any seed were not finite.
    """
    rounds = methods.rounds_of(options, protocol, method)
    # --quick changes only the rounds, which are in the folder's name.
    source = protocol.source.centres.tolist(), protocol.source.sigma
    made_by = (source, protocol[1:], method._replace(quick=0), seeds, samples)
    folder = kept.folder(options, row, made_by, prefix=f"{rounds}_rounds_")
    return kept.samples(folder, lambda: _train(protocol, method, seeds, rounds, samples, folder))


def _train(protocol, method, seeds, rounds, samples, folder):
    from tfgan.laboratory.seeds import batches

    game = methods.game_of(methods.recipe_of(protocol, method, rounds), protocol.source, seeds)
    rows = method.batch_size * max(1, game.discriminator_steps)
    (folder / "ticks").mkdir(parents=True, exist_ok=True)
    data = lambda start_step: batches(protocol.source, rows, seeds, start_step)
    kept.fit(game, data, folder, TICKS, rounds // TICKS, [_tick_saver(folder / "ticks")])
    found = {
        "live": game.generate_each(samples, seed=1, use_ema=False),
        "average": game.generate_each(samples, seed=1),
        "over time": np.stack([np.load(path) for path in sorted((folder / "ticks").glob("*.npy"))]),
    }
    if method.share < 1:
        found["chosen"] = _chosen(game, samples, method.share)
    return found


def _chosen(game, samples, share):
    """So many samples of each seed: the `share` of all that has the highest logits of its discriminator."""
    tried = game.generate_each(round(samples / share), seed=2, use_ema=False)
    best = np.argsort(-game.logits_each(tried), axis=1)[:, :samples]
    return np.take_along_axis(tried, best[..., None], axis=1)


def _tick_saver(folder):
    import keras

    class SaveTick(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            np.save(folder / f"{epoch:04d}.npy", self.model.generate_each(SAMPLES, seed=1)[0])

    return SaveTick()


def statistics(samples, source):
    """`ModeStatistics`, and modes with at least `HITS` hits, of one seed's samples."""
    from tfgan.metrics import mode_counts, mode_statistics

    counts = mode_counts(samples, source.centres, source.sigma)
    return mode_statistics(samples, source.centres, source.sigma), int((counts >= HITS).sum())


HEADER = ["", "modes", f"modes with {HITS} hits", "high quality, %", "reverse KL", "minutes"]


def line(row, samples, source, minutes=None):
    """A line of the table from samples [seeds, n, dims]; its columns are those of `HEADER`."""
    found = [statistics(of_seed, source) for of_seed in samples]
    return [
        row,
        markdown.mean(stats.modes for stats, _ in found),
        markdown.mean(strict for _, strict in found),
        markdown.mean(100 * stats.high_quality for stats, _ in found),
        markdown.mean(stats.reverse_kl for stats, _ in found),
        "" if minutes is None else f"{minutes:.1f}",
    ]


def qualities(samples, source):
    """Share of samples of high quality in %, of each seed of samples [seeds, n, dims]."""
    return [100 * statistics(of_seed, source)[0].high_quality for of_seed in samples]


def ceiling(source, seeds=5):
    """The line of real data, the best that a row can reach."""
    real = [source.batch(0, SAMPLES, 10_000 + seed)["images"].numpy() for seed in range(seeds)]
    return line("real data", real, source)


def portraits(options, clouds, source, name="samples"):
    """Draws the picture of samples over the modes, a panel per row."""
    pictures.scatters(options.pictures / f"{name}.png", clouds, source.centres)


def over_time(options, moments, source):
    """Draws the picture of samples after 10 %, 30 %, 60 % and all of a run.

    Args:
        moments: dict of row to float32 [ticks, n, dims].
    """
    clouds = {
        f"{row}, {name}": samples[tick]
        for row, samples in moments.items()
        for name, tick in SHOWN_TICKS.items()
    }
    portraits(options, clouds, source, "over_time")
