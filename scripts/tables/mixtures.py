"""Methods on mixtures of Gaussians: several seeds of each at once, judged by their modes."""

import numpy as np
from tables import kept, markdown, methods, pictures
from tables.methods import TICKS

# Published tables count modes and quality in so many samples.
SAMPLES = 2_500
# Hits of high quality that a mode needs to be counted in the stricter column.
HITS = 20
# What pictures over time show of these, by what they call it.
SHOWN_TICKS = {f"{100 * (tick + 1) // TICKS} %": tick for tick in (0, 2, 5, 9)}


def seeds(options, first):
    """Those of a table, `options.seeds` from `first` on."""
    return [first + i for i in range(options.seeds)]


def finished(options, protocol, rows, seeds, lines, header, prefix="", samples=SAMPLES):
    """Plays the rows of a table, one after the other.

    Args:
        options, protocol, seeds, samples: as in `play`.
        rows: dict of name to `Method`.
        lines: list of the table's lines, of which the caller adds one or more for each
            row that it is given; a row that came to no end gets its line here.
        header: of the table.
        prefix: before the names under which runs are kept.

    Yields:
        (row, its `Method`, what `play` returns) of rows that came to their end.
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
    """Trains a row's seeds, or goes on where they were stopped.

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
        time that all seeds took together, and perhaps of "chosen" to samples of the
        last weights that each seed's discriminator chose. None where a seed's weights
        were no longer finite, which ends all of them.
    """
    rounds = methods.rounds_of(options, protocol, method)
    # --quick changes nothing but the rounds, which are in the folder's name.
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
    """The `share` of each seed's samples that its discriminator finds most real, so many."""
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
    """A row of the table from samples [seeds, n, dims], as long as `HEADER`."""
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
    """Percent of high quality of each seed of samples [seeds, n, dims]."""
    return [100 * statistics(of_seed, source)[0].high_quality for of_seed in samples]


def ceiling(source, seeds=5):
    """The row of real data."""
    real = [source.batch(0, SAMPLES, 10_000 + seed)["images"].numpy() for seed in range(seeds)]
    return line("real data", real, source)


def portraits(options, clouds, source, name="samples"):
    """The markdown of a picture of samples over the modes."""
    path = options.pictures / f"{name}.png"
    pictures.scatters(path, clouds, source.centres)
    return f"![samples]({options.name}/{path.name})"


def over_time(options, moments, source):
    """The markdown of a picture of samples after a tenth, three, six tenths and all of a run.

    Args:
        moments: dict of row to float32 [ticks, n, dims].
    """
    clouds = {
        f"{row}, {name}": samples[tick]
        for row, samples in moments.items()
        for name, tick in SHOWN_TICKS.items()
    }
    return portraits(options, clouds, source, "over_time")
