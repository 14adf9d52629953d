"""What a stage is scored with: reference data, inputs of samples, extractor, callbacks."""

import numpy as np

from tfgan import errors
from tfgan.experiment import build, examples

# Number of training images, and of held-out ones, that overfitting is measured on.
MEASURED = 1000
# Number of points drawn as inputs of samplers that are given points.
POINTS = 10_000


def scorers(stage):
    """The callbacks that score a stage while it trains.

    Args:
        stage: `Stage`.
    """
    from tfgan.callbacks import Overfitting

    check_held_out(stage)
    found = _evaluations(stage) if stage.recipe.metrics else []
    if stage.recipe.held_out and _discriminates_its_samples(stage.game):
        parts = list(stage.game.parts)
        both = (examples.chosen(source, parts, MEASURED) for source in (stage.source, stage.held_out))
        found.append(Overfitting(*both, stage.recipe.metric_ticks, stage.recipe.seed))
    return found


def check_held_out(stage):
    """Raises InputError where most of a stage's held-out images are training images too."""
    recipe, training = stage.recipe, stage.source
    if not recipe.held_out:
        return
    part = build.image_part(training.spec)
    if training.spec[part].kind == "points":
        expected = f"none for {recipe.dataset}, which are points"
        raise errors.invalid("held_out", expected, recipe.held_out)
    images, seen = (source.table(part)[part] for source in (stage.held_out, training))
    known = {hash(image.tobytes()) for image in seen}
    shared = sum(hash(image.tobytes()) in known for image in images)
    if shared > len(images) / 2:
        got = f"{recipe.held_out}, {shared} of whose {len(images)} images are there too"
        raise errors.invalid("held_out", f"data apart from --split={recipe.split}", got)


def references(stage, sampler):
    """`Reference`s of the data that scores compare with, and of those trained on.

    Args:
        stage: `Stage`.
        sampler: `tfgan.samplers.Sampler` whose samples are scored.
    """
    from tfgan.evaluation import Reference

    if sampler.compared_with is None:
        raise errors.invalid("sampler", "one whose samples are compared with data", sampler)
    split = stage.recipe.held_out or stage.recipe.split
    sources = ((stage.held_out, split), (stage.source, stage.recipe.split))
    return [
        Reference(_data(source, sampler.compared_with), name, _labels_of(source, sampler))
        for source, name in sources
    ]


def labels(stage, made_of):
    """int [n], the classes among what samples are made of; None where they are not of one label."""
    part = stage.spec.get("condition")
    return made_of.get("condition") if part and part.kind == "classes" and part.shape == () else None


def given(stage, sampler):
    """Inputs of the sampler for the samples that are scored, a dict of part to array.

    Of a paired sampler in the order of the real examples, else in random order.
    """
    if not sampler.given:
        return {}
    real = stage.held_out
    if sampler.paired:
        names = (sampler.compared_with, *sampler.given)
        return {name: part for name, part in real.table(*names).items() if name in sampler.given}
    found = {}
    for name in sampler.given:
        if real.spec[name].kind == "points":
            found[name] = next(iter(real.only(name).batches(POINTS)))[name].numpy()
            continue
        part = real.table(name)[name]
        # The same order for all: parts of one example stay together.
        found[name] = part[np.random.default_rng(0).permutation(len(part))]
    return found


def sample_count(sampler, made_of, asked):
    """How many samples can be scored: without latents, one per example that is given."""
    if sampler.draw is not None or not made_of:
        return asked
    return min(asked, *(len(part) for part in made_of.values()))


def extractor_of(recipe, metrics=()):
    """The `Extractor` that a recipe names, or the one for its data set.

    Args:
        recipe: `Recipe`.
        metrics: names of the metrics that need one; none: all of them.

    Returns:
        `Extractor`; None where none of the metrics needs one.

    Raises:
        ValueError: an unknown metric, before a network is opened or even trained.
    """
    from tfgan.evaluation import EXTRACTED
    from tfgan.metrics import METRICS

    needs = {errors.lookup("metrics", name, METRICS).needs for name in metrics}
    if metrics and not needs & set(EXTRACTED):
        return None
    return open_extractor(recipe.extractor or _own_extractor(recipe), recipe.data_dir)


def open_extractor(text, data_dir=None):
    """The `Extractor` of a text "name" or "name:PATH"."""
    from tfgan import features

    name, _, path = text.partition(":")
    return features.open_extractor(name, path or None, data_dir)


def _evaluations(stage):
    """`Evaluate` of every sampler that metrics can score; the first's names have no prefix."""
    names = list(stage.game.samplers())
    by_sampler = {name: _metrics_of(stage, name) for name in names}
    scored = {metric for metrics in by_sampler.values() for metric in metrics}
    # Metrics that no sampler can be scored with are refused when the first is scored.
    by_sampler[names[0]] += [m for m in stage.recipe.metrics if m not in scored]
    return [_evaluate(stage, name, chosen) for name, chosen in by_sampler.items() if chosen]


def _metrics_of(stage, name):
    """The metrics of a recipe that one sampler can be scored with, a list."""
    from tfgan.evaluation import unmet
    from tfgan.metrics import METRICS

    recipe, sampler = stage.recipe, stage.game.samplers()[name]
    for metric in recipe.metrics:
        errors.lookup("metrics", metric, METRICS)
    if sampler.compared_with is None:
        return []
    compared, extractor = references(stage, sampler), extractor_of(recipe, recipe.metrics)
    made_of = given(stage, sampler)
    count = sample_count(sampler, made_of, recipe.metric_samples)
    asked = labels(stage, made_of)
    fits = lambda metric: not unmet(metric, *compared, extractor, count, sampler.paired, asked)
    return [metric for metric in recipe.metrics if fits(metric)]


def _evaluate(stage, name, metrics):
    from tfgan.callbacks import Evaluate

    recipe, samplers = stage.recipe, stage.game.samplers()
    sampler = samplers[name]
    real, training = references(stage, sampler)
    made_of = given(stage, sampler)
    return Evaluate(
        metrics,
        real,
        every=recipe.metric_ticks,
        num_samples=sample_count(sampler, made_of, recipe.metric_samples),
        training=training,
        extractor=extractor_of(recipe, metrics),
        given=made_of,
        sampler=None if name == next(iter(samplers)) else name,
        paired=sampler.paired,
        labels=labels(stage, made_of),
        seed=recipe.seed,
    )


def _discriminates_its_samples(game):
    """Whether the discriminator sees samples beside exactly what the sampler is given."""
    from tfgan import samplers

    _, sampler = samplers.choose(game)
    beside = [part for part in game.parts if part != "images"]
    apart = "images" in game.parts and not sampler.images_given and set(sampler.given) == set(beside)
    return apart and "discriminator" in game.sides["discriminator"]


def _data(source, part):
    points = source.spec[part].kind == "points"
    return source.of(part) if points else source.table(part)[part]


def _labels_of(source, sampler):
    """int [n], the class of each example beside the part that samples are compared with, or None."""
    part = source.spec.get("condition")
    beside = part and part.kind == "classes" and source.aligned("condition", sampler.compared_with)
    return source.table("condition")["condition"] if beside else None


def _own_extractor(recipe):
    """The name of the classifier of a recipe's data set, or "pixels" where it has none."""
    from tfgan import features

    own = f"{recipe.dataset.partition('?')[0].partition(':')[0]}_classifier"
    return own if own in features.EXTRACTORS and recipe.image_size is None else "pixels"
