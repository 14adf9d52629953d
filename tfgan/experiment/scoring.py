"""Scores of runs and of folders of images."""

from pathlib import Path

import numpy as np

from tfgan import errors
from tfgan.experiment.build import build_game, open_data, open_run
from tfgan.experiment.folder import RunFolder
from tfgan.experiment.report import Report, Row

# Images of each kind whose logits are gauged.
GAUGED = 1000


def callbacks(values, training):
    """The callbacks that score a run while it trains.

    Args:
        values: flags of the run.
        training: source of the data that it trains on.
    """
    from tfgan.callbacks import Evaluate, OverfittingGauge

    real = _held_out(values, training)
    found = []
    if values.metrics:
        compared, trained_on = references(values, training, real)
        found.append(
            Evaluate(
                values.metrics,
                compared,
                every=values.metric_ticks,
                num_samples=values.metric_samples,
                training=trained_on,
                extractor=open_extractor(values, values.metrics),
                condition=conditions_of(real),
                seed=values.seed,
            )
        )
    if values.held_out:
        gauged = (_examples(source, GAUGED) for source in (training, real))
        found.append(OverfittingGauge(*gauged, values.metric_ticks, values.seed))
    return found


def evaluate_run(run_dir, metrics=(), checkpoint="latest", num_samples=10_000, split=None,
                 extractor=None, extractor_path=None, data_dir=None, untrained=False,
                 seed=0):  # fmt: skip
    """Scores the generator of a run.

    Real data in the samples' place are training images, as many as there are samples
    if there are as many; without held-out data, and for metrics that look for copies of
    training data, one half of the real data is held against the other.

    Args:
        run_dir: folder of a run.
        metrics: names in `tfgan.metrics.METRICS`; none: all that apply.
        checkpoint: "latest", or "best" for what `--keep_best` kept.
        num_samples: how many to score, >= 2.
        split: the data to compare with; None: the run's `--held_out`, else its `--split`.
        extractor: name in `tfgan.features.EXTRACTORS`; None: that of the run.
        extractor_path: file of an Inception network; None: that of the run.
        data_dir: the folder TFDS keeps its data in; None: that of the run.
        untrained: whether to score the generator's first weights too.
        seed: int, of the latents.

    Returns:
        `Report`.

    Raises:
        ValueError: a run, a metric or data that cannot be had.
    """
    from tfgan.evaluation import Evaluation, applicable

    folder = RunFolder(run_dir)
    values = folder.read_flags()
    values.data_dir = data_dir or values.data_dir
    values.extractor = extractor or values.extractor
    values.extractor_path = extractor_path or values.extractor_path
    values.held_out = split or values.held_out
    game, data = open_run(run_dir)
    if checkpoint == "best":
        _take_best(game, folder.best)
    training = open_data(values)
    real = _held_out(values, training)
    network = open_extractor(values, metrics)
    compared = references(values, training, real)
    metrics = metrics or applicable(*compared, network, num_samples)

    def sample(game):
        return game.generate(num_samples, condition=conditions_of(real), seed=seed)

    evaluation = Evaluation(metrics, *compared, network, num_samples)
    first = evaluation.scores(sample(_untrained(values, data))) if untrained else {}
    return _report(
        evaluation, sample(game), _real_row(metrics, *compared, network, num_samples), first,
        {
            "run": str(run_dir),
            "checkpoint": checkpoint,
            "images_shown": _images_shown(game, folder, checkpoint),
            "dataset": values.dataset,
            "training_split": values.split,
            "real_split": compared[0].split,
            "seed": seed,
        },
    )  # fmt: skip


def evaluate_folders(real, generated, metrics=(), extractor="pixels", extractor_path=None,
                     data_dir=None, image_size=None):  # fmt: skip
    """Scores the images of one folder against those of another.

    Real data in the samples' place are one half of `real` against the other.

    Args:
        real: folder of real images.
        generated: folder of generated ones.
        metrics, extractor, extractor_path, data_dir: as in `evaluate_run`.
        image_size: side that larger images are brought to; None: their own.

    Returns:
        `Report`.
    """
    from tfgan import data, features
    from tfgan.evaluation import Evaluation, Reference, applicable

    images, samples = (
        data.open_source(f"folder:{folder}", image_size=image_size).images
        for folder in (real, generated)
    )
    network = features.open_extractor(extractor, extractor_path, data_dir)
    compared = Reference(images, Path(real).resolve().name), None
    metrics = metrics or applicable(*compared, network, len(samples))
    return _report(
        Evaluation(metrics, *compared, network, len(samples)),
        samples,
        _real_row(metrics, *compared, network, len(samples)),
        {},
        {"real": str(real), "generated": str(generated)},
    )


def open_extractor(values, metrics=()):
    """The `Extractor` that the flags name, or that of the data set.

    Args:
        values: flags of a run.
        metrics: names of those it is for; none: of any.

    Returns:
        `Extractor`; None where none of the metrics needs one.

    Raises:
        ValueError: an unknown metric, before a network is opened or even trained.
    """
    from tfgan import features
    from tfgan.evaluation import EXTRACTED
    from tfgan.metrics import METRICS

    needs = {errors.lookup("metrics", name, METRICS).needs for name in metrics}
    if metrics and not needs & set(EXTRACTED):
        return None
    own = f"{values.dataset.partition(':')[0]}_classifier"
    fits = own in features.EXTRACTORS and values.image_size is None
    name = values.extractor or (own if fits else "pixels")
    return features.open_extractor(name, values.extractor_path, values.data_dir)


def references(values, training, real):
    """`Reference`s of the data that scores compare with, and of those trained on."""
    from tfgan.evaluation import Reference

    held_out = values.held_out or values.split
    return [
        Reference(getattr(source, "images", source), split)
        for source, split in ((real, held_out), (training, values.split))
    ]


def conditions_of(source):
    """The conditions of real images in random order, which samples are given; None without."""
    condition = getattr(source, "condition", None)
    return None if condition is None else np.random.default_rng(0).permutation(condition)


def _report(evaluation, samples, real_row, untrained, protocol):
    like, counts = real_row
    scores, spread = evaluation.measure(samples)
    # Their names differ where there were fewer real images than samples.
    parts = [part for metric in evaluation.metrics.values() for part in metric.parts]
    rows = {
        name: Row(part, score, spread[name], like.get(part), untrained.get(name))
        for (name, score), part in zip(scores.items(), parts, strict=True)
    }
    protocol |= {"samples": len(samples), "real_data_samples": counts}
    extractor = evaluation.extractor
    if extractor:
        protocol |= {"extractor": extractor.name, "extractor_fingerprint": extractor.fingerprint,
                     "extractor_note": extractor.note}  # fmt: skip
    return Report(rows, protocol)


def _real_row(metrics, real, training, extractor, num_samples):
    """Scores of real data in the samples' place.

    Returns:
        Dict of part to score, and dict of metric to how many real data were scored.
    """
    from tfgan.evaluation import Evaluation
    from tfgan.metrics import METRICS

    scores, counts = {}, {}
    for copies in (False, True):
        against, like = _like(copies, real, training, num_samples)
        chosen = [
            name
            for name in metrics
            if ("training" in METRICS[name].uses) == copies and METRICS[name].least <= len(like)
        ]
        if chosen:
            found = Evaluation(chosen, against, training, extractor, len(like)).scores(like)
            parts = (part for name in chosen for part in METRICS[name].parts)
            scores |= zip(parts, found.values(), strict=True)
            counts |= dict.fromkeys(chosen, len(like))
    return scores, counts


def _like(copies, real, training, num_samples):
    """Real data to compare with, and real data that stand in the samples' place.

    Where a metric looks for copies of training data, held-out data only: training data
    would be found among themselves.
    """
    if not isinstance(real.data, np.ndarray):
        return real, next(iter(real.data.batches(num_samples))).numpy()
    rng = np.random.default_rng(1)
    apart = training is not None and training.split != real.split
    if apart and not copies:
        return real, training.data[rng.permutation(len(training.data))[:num_samples]]
    one, other = np.array_split(rng.permutation(len(real.data)), 2)
    return real._replace(data=real.data[one]), real.data[other[:num_samples]]


def _held_out(values, training):
    """The data that scores compare with."""
    if not values.held_out:
        return training
    real = open_data(values, values.held_out)
    if not hasattr(real, "images"):
        expected = f"none for {values.dataset}, which are points"
        raise errors.invalid("held_out", expected, values.held_out)
    seen = {hash(image.tobytes()) for image in training.images}
    shared = sum(hash(image.tobytes()) in seen for image in real.images)
    if shared > len(real) / 2:
        got = f"{values.held_out}, {shared} of whose {len(real)} images are there too"
        raise errors.invalid("held_out", f"data apart from --split={values.split}", got)
    return real


def _examples(source, count):
    """Real images chosen at random, as many as there are: (images,) or (images, conditions)."""
    rows = np.sort(np.random.default_rng(1).permutation(len(source))[:count])
    parts = (source.images, source.condition)
    return tuple(part[rows] for part in parts if part is not None)


def _untrained(values, data):
    """The game as its run began."""
    import keras

    keras.utils.set_random_seed(values.seed)
    return build_game(values, data)


def _images_shown(game, folder, checkpoint):
    """Real images that the scored generator has seen; of the best, as its tick says."""
    from tfgan.checkpoints import saved_state

    shown = int(game.images_shown.numpy())
    if checkpoint == "latest":
        return shown
    state = saved_state(folder.checkpoints)
    return round(shown * state["callbacks"]["0 KeepBest"]["tick"] / state["tick"])


def _take_best(game, path):
    """Gives a game the generator that `--keep_best` kept."""
    import keras

    if not path.exists():
        raise errors.invalid("checkpoint", "latest, for a run without --keep_best", "best")
    best = keras.saving.load_model(path)
    game.sampling_network().set_weights(best.get_weights())
