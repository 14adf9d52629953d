"""Scores of runs and of folders of images."""

import dataclasses
from pathlib import Path

import numpy as np

from tfgan import errors
from tfgan.experiment import references
from tfgan.experiment.quiet import start_tensorflow
from tfgan.experiment.report import Report, Row
from tfgan.experiment.stages import saved_stage


def evaluate_run(run_dir, metrics=(), checkpoint="latest", num_samples=10_000, split=None,
                 extractor=None, data_dir=None, untrained=False, seed=0, sampler=None):  # fmt: skip
    """Scores the samples of a run's last stage.

    Each score comes with that of real data: of training images, at most `num_samples`, in
    the samples' place; without held-out data, and for metrics that look for copies of
    training data, of one half of the real data against the other.

    Args:
        run_dir: folder of a run, or of one stage in it.
        metrics: names in `tfgan.metrics.METRICS`; none: all that apply.
        checkpoint: "latest", or "best" for what `--keep_best` kept.
        num_samples: how many to score, >= 2; of pairs no more than there are real ones.
        split: the data to compare with; None: the run's `--held_out`, else its `--split`.
        extractor: "name" or "name:PATH" of a file, the name in
            `tfgan.features.EXTRACTORS`; None: that of the run.
        data_dir: the folder TFDS keeps its data in; None: that of the run.
        untrained: whether to score the first weights too.
        seed: int, of the latents.
        sampler: name in the game's `samplers()`; None: the first.

    Returns:
        `Report`.

    Raises:
        ValueError: a run, a metric or data that cannot be had.
    """
    stage = saved_stage(run_dir)
    from tfgan import samplers
    from tfgan.evaluation import Evaluation, applicable

    asked = {"held_out": split, "extractor": extractor, "data_dir": data_dir}
    given = {name: value for name, value in asked.items() if value}
    stage.recipe = dataclasses.replace(stage.recipe, **given)
    references.check_held_out(stage)
    name, chosen = samplers.choose(stage.game, sampler)
    compared = references.references(stage, chosen)
    network = references.extractor_of(stage.recipe, metrics)
    made_of = references.given(stage, chosen)
    num_samples = references.sample_count(chosen, made_of, num_samples)
    how = {"paired": chosen.paired, "labels": references.labels(stage, made_of)}
    metrics = metrics or applicable(*compared, network, num_samples, **how)
    evaluation = Evaluation(metrics, *compared, network, num_samples, **how)

    def samples():
        return evaluation.samples_of(stage.game, made_of, name, seed)

    # The checkpoint has not been read yet: these are the first weights.
    first = evaluation.scores(samples()) if untrained else {}
    stage.restored()
    if checkpoint == "best":
        _take_best(stage)
    real = _real_row(metrics, *compared, network, num_samples)
    protocol = {
        "run": str(run_dir),
        "checkpoint": checkpoint,
        "sampler": name,
        "images_shown": _images_shown(stage, checkpoint),
        "dataset": stage.recipe.dataset,
        "training_split": stage.recipe.split,
        "real_split": compared[0].split,
        "seed": seed,
    }
    return _report(evaluation, samples(), real, first, protocol)


def evaluate_folders(real, generated, metrics=(), extractor="pixels", data_dir=None, image_size=None):
    """Scores the images of one folder against those of another.

    Each score comes with that of one half of `real` against the other.

    Args:
        real: folder of real images.
        generated: folder of generated ones.
        metrics, extractor, data_dir: as in `evaluate_run`.
        image_size: side that larger images are brought to; None: their own.

    Returns:
        `Report`.

    Raises:
        ValueError: a folder, a metric or an extractor that cannot be had.
    """
    for name, folder in (("real", real), ("generated", generated)):
        if not Path(folder).expanduser().is_dir():
            raise errors.missing(name, "a folder of images", str(folder))
    start_tensorflow()
    from tfgan import data
    from tfgan.evaluation import Evaluation, Reference, applicable

    images, samples = (
        data.open_source(f"folder:{folder}", image_size=image_size).table("images")["images"]
        for folder in (real, generated)
    )
    network = references.open_extractor(extractor, data_dir)
    compared = Reference(images, Path(real).resolve().name), None
    metrics = metrics or applicable(*compared, network, len(samples))
    return _report(
        Evaluation(metrics, *compared, network, len(samples)),
        samples,
        _real_row(metrics, *compared, network, len(samples)),
        {},
        {"real": str(real), "generated": str(generated)},
    )


def _report(evaluation, samples, real_row, untrained, protocol):
    like, counts = real_row
    scores, spread = evaluation.measure(samples)
    # By part: names differ where there were fewer real images than samples.
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
        against, like, labels = _like(copies, real, training, num_samples)
        chosen = [name for name in metrics if _has_real_row(METRICS[name], copies, len(like))]
        if chosen:
            found = Evaluation(chosen, against, training, extractor, len(like), labels=labels).scores(like)
            parts = (part for name in chosen for part in METRICS[name].parts)
            scores |= zip(parts, found.values(), strict=True)
            counts |= dict.fromkeys(chosen, len(like))
    return scores, counts


def _has_real_row(metric, copies, count):
    """Whether real data can be scored in the samples' place (of pairs, only the targets could be)."""
    from tfgan.evaluation import PAIRED

    return (
        metric.needs not in PAIRED
        and bool({"training", "asked"} & set(metric.uses)) == copies
        and metric.least <= count
    )


def _like(copies, real, training, num_samples):
    """Real data to compare with; real data that are scored in the samples' place, and their labels.

    Of `copies` both are held-out data: training data would be copies of themselves, and a
    classifier that was trained on them is right about nearly all.
    """
    if not isinstance(real.data, np.ndarray):
        return real, next(iter(real.data.batches(num_samples)))["images"].numpy(), None
    rng = np.random.default_rng(1)
    apart = training is not None and training.split != real.split
    if apart and not copies:
        rows = rng.permutation(len(training.data))[:num_samples]
        return real, training.data[rows], _rows_of(training.labels, rows)
    one, other = np.array_split(rng.permutation(len(real.data)), 2)
    rows = other[:num_samples]
    return real._replace(data=real.data[one]), real.data[rows], _rows_of(real.labels, rows)


def _rows_of(labels, rows):
    return None if labels is None else labels[rows]


def _images_shown(stage, checkpoint):
    """Real images that the run had shown at the scored checkpoint, or at the best tick."""
    before = stage.images_before()
    if checkpoint == "latest":
        return before + stage.images_shown()
    return before + stage.length.images_of(stage.state()["callbacks"]["KeepBest"]["tick"])


def _take_best(stage):
    """Gives the game of a stage the networks that `--keep_best` kept."""
    from tfgan.callbacks.best import restore

    if not stage.folder.best.exists():
        raise errors.invalid("checkpoint", "latest, for a run without --keep_best", "best")
    restore(stage.game, stage.folder.best)
