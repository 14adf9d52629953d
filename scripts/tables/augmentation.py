"""Classifiers trained on generated images, instead of real ones or beside them.

Trainings take hours. Without --long the page shows the runs that are there and names the rest;
with it, what is missing is trained.
"""

import numpy as np
from tables import claims, markdown
from tables.costs import Costs
from tables.runs import OF_FEATURES, complete, measured, ready
from tables.variants import Variant

from tfgan import experiment

METRICS = (*OF_FEATURES[:2], "gan_test")
TRAINING, TEST = "train[:50000]", "train[50000:]"
CLASSES = 10
# Flagfile to (title, data set, accuracy that a classifier of its samples is to reach).
WHOLE = {
    "cgan_mnist": ("MNIST, cgan_mnist", "mnist", 0.97),
    "projection_fashion_mnist": ("Fashion-MNIST, projection_fashion_mnist", "fashion_mnist", 0.82),
}
# Labelled images of Fashion-MNIST that generator and classifier share, and the generator's length.
FEW = (100, 1_000, 10_000)
FEW_IMAGES = 256_000
# Generated images beside them, and real ones, repeated, beside these: half of every batch each.
GENERATED = 10_000
# Images that each classifier is shown.
SHOWN, SHOWN_FEW = 400_000, 100_000
AUGMENTED = ", shifts and flips"
ARMS = ("real", "generated", "both")


def make(options):
    """The Markdown of the page, from the runs that are there; with --long what is missing is trained."""
    whole = {name: _whole(options, name) for name in WHOLE}
    few = {(n, seed): _few(options, n, seed) for n in FEW for seed in range(options.seeds)}
    if options.long or options.quick:
        for run in (*whole.values(), *few.values()):
            complete([run], options.at_a_time)
    of_whole = {
        name: _accuracies(run, lambda name=name, run=run: _score_whole(options, name, run))
        for name, run in whole.items()
        if ready(run)
    }
    of_few = {
        (n, seed): _accuracies(run, lambda n=n, seed=seed, run=run: _score_few(options, n, seed, run))
        for (n, seed), run in few.items()
        if ready(run)
    }
    missing = [WHOLE[name][0] for name in whole if name not in of_whole]
    missing += [f"{n:,} labels, seed {seed}" for n, seed in few if (n, seed) not in of_few]
    stated = claims.table([*_claims_of_whole(of_whole), *_claims_of_few(of_few)])
    tables = _table_of_whole(of_whole, whole), _table_of_few(of_few), _gains(of_few)
    return page(options, stated, tables, missing)


def found(stated, gains):
    """The result in words, from the `Table`s of claims and of gains."""
    said = [
        f"Beside {row.split()[0]} labelled images of Fashion-MNIST generated ones change a classifier's accuracy "
        f"by {generated} points, shifts and flips by {augmented}."
        for row, generated, _, augmented in gains.lines
    ]
    return "\n\n".join([*said, claims.found(stated)])


def page(options, stated, tables, missing):
    """The Markdown of the page.

    Args:
        options: `Options`.
        stated: `Table` of claims.
        tables: `Table`s of whole data sets, of few labels, and of gains.
        missing: list of the rows that are not trained.
    """
    of_whole, of_few, gains = tables
    body = [
        str(stated), *markdown.left_out(missing),
        "## Classification accuracy score", str(of_whole), READING,
        "## Generated images as augmentation", str(of_few), "### Gains", str(gains), GAINS,
    ]  # fmt: skip
    settings = {
        "classifier": """that of the data set's own features (`features.learner`), from the same weights in
            every arm""",
        "equal updates": f"""{SHOWN:,} images shown to each classifier of the first table, {SHOWN_FEW:,} to the
            others, whatever the arm""",
        "test": f"`{TEST}`, 10,000 images that neither generator nor classifier saw",
        "generators": f"""the recipes named in the first table, trained on `{TRAINING}`; for few labels
            `cgan_mnist` on the first n images of Fashion-MNIST alone, {FEW_IMAGES:,} images shown""",
        "generated": f"""as many as real ones, with their labels; for few labels {GENERATED:,}, beside which
            the real ones are repeated to as many""",
        "shifts and flips": "of real and generated images alike: by 1 pixel, mirrored in half of the cases",
        "seeds": options.over_seeds(),
        "machine": options.machine,
        "trainings": "with `--long` the command trains what is missing; without, it shows what is there",
    }
    said = found(stated, gains)
    return options.written("Generated images as training data", said, "\n\n".join(body), settings)


READING = markdown.wrapped("""\
`generated` is the classification accuracy score: the accuracy on real images of a classifier trained on
generated ones alone. `gan_test` is the share of generated images in which a classifier of real ones finds the
label that was asked for; what is missing to 1 is noise in their labels.""")
GAINS = markdown.wrapped("""\
Differences within a seed, in points of accuracy: what generated images add to real ones, with and without
shifts and flips, and what shifts and flips add by themselves.""")


# ------------------------------------------------------------------------- runs


def _whole(options, name):
    return Variant(name).run(options, name, 0, METRICS, options.samples)


def _few(options, n, seed):
    run = Variant("cgan_mnist").run(options, f"{n} labels", seed, METRICS, options.samples)
    flags = [
        *run.flags, "--dataset=fashion_mnist", f"--split=train[:{n}]",
        f"--images={options.images(FEW_IMAGES)}",
    ]  # fmt: skip
    folder = options.runs / options.name / f"{n}_labels" / f"seed{seed}"
    return run._replace(folder=folder, flags=flags, untrained=False)


def _accuracies(run, score):
    """Dict of arm to accuracy, and the run's own scores."""
    return {**measured(run, "accuracies", score), **_own_scores(run)}


def _own_scores(run):
    scores = complete([run])[0].scores
    return {part: scores[part]["score"] for part in ("frechet", "gan_test") if part in scores}


def _score_whole(options, name, run):
    _, dataset, _ = WHOLE[name]
    real = _labelled(options, dataset, TRAINING)
    real = tuple(part[: round(len(part) * min(1.0, options.budget * 10))] for part in real)
    return _arms(options, dataset, run, real, real[1], SHOWN, {}, seed=0)


def _score_few(options, n, seed, run):
    images, labels = _labelled(options, "fashion_mnist", f"train[:{n}]")
    # The order of both repetitions is the same, so that labels stay with their images.
    real = np.resize(images, (GENERATED, *images.shape[1:])), np.resize(labels, GENERATED)
    plain = {"shift": 0, "flip": False}
    found = _arms(options, "fashion_mnist", run, real, real[1], SHOWN_FEW, plain, seed)
    augmented = _arms(options, "fashion_mnist", run, real, real[1], SHOWN_FEW, {}, seed)
    return found | {f"{arm}{AUGMENTED}": value for arm, value in augmented.items()}


def _arms(options, dataset, run, real, asked, shown, changes, seed):
    """Dict of arm to accuracy on held-out images."""
    from tfgan import features, metrics

    game, _ = experiment.open_run(run.folder)
    generated = game.generate(len(asked), seed=seed, condition=asked), asked
    recipe = features.RECIPES[dataset]._replace(images=options.images(shown), **changes)
    scores = metrics.classification_accuracy_score(
        features.learner(recipe, CLASSES, seed), real, generated, _labelled(options, dataset, TEST)
    )
    return {arm: getattr(scores, arm) for arm in ARMS}


def _labelled(options, dataset, split):
    from tfgan import data

    table = data.open_source(dataset, split, data_dir=options.data_dir, condition=True).table()
    return table["images"], table["condition"]


# ---------------------------------------------------------------------- results


def _table_of_whole(found, runs):
    header = ["", *ARMS, "gan_test", "minutes"]
    lines = [
        [WHOLE[name][0], *(f"{scores[key]:.4f}" for key in header[1:-1]),
         f"{Costs.read(runs[name].folder / 'costs.csv').minutes:.0f}"]
        for name, scores in found.items()
    ]  # fmt: skip
    return markdown.Table(header, lines)


def _table_of_few(found):
    columns = [f"{arm}{kind}" for kind in ("", AUGMENTED) for arm in ARMS] + ["gan_test", "frechet"]
    lines = [
        [f"{n:,} labels", *(markdown.mean(_of(found, n, column)) for column in columns)]
        for n in FEW
        if _of(found, n, "real")
    ]
    return markdown.Table(["", *columns], lines)


def _gains(found):
    columns = {
        "generated beside real": ("both", "real"),
        f"the same{AUGMENTED}": (f"both{AUGMENTED}", f"real{AUGMENTED}"),
        "shifts and flips alone": (f"real{AUGMENTED}", "real"),
    }
    lines = [
        [f"{n:,} labels", *(markdown.mean(_differences(found, n, *pair)) for pair in columns.values())]
        for n in FEW
        if _of(found, n, "real")
    ]
    return markdown.Table(["", *columns], lines)


def _of(found, n, key):
    return [scores[key] for (labels, _), scores in found.items() if labels == n]


def _differences(found, n, one, other):
    """Differences of two arms in points of accuracy, one per seed."""
    return [100.0 * (a - b) for a, b in zip(_of(found, n, one), _of(found, n, other), strict=True)]


def _claims_of_whole(found):
    for name, (title, _, bound) in WHOLE.items():
        values = [found[name]["generated"]] if name in found else []
        yield claims.Claim(f"{title}: accuracy of a classifier of generated images", bound, values)


def _claims_of_few(found):
    """That generated images add at most one standard error from 1,000 labels on, as was expected."""
    for n in FEW[1:]:
        gains = _differences(found, n, "both", "real")
        error = markdown.standard_error(gains)
        text = f"{n:,} labels: size of the change by generated images, less its standard error, in points"
        values = [abs(float(np.mean(gains))) - error] if len(gains) > 1 else []
        yield claims.Claim(text, 0.0, values, most=True)
