"""Semi-supervised MNIST: errors with few labels, what unlabelled images add, and what samples look like.

Trainings take hours. Without --long the page shows the runs that are there and names the rest;
with it, what is missing is trained.
"""

import shutil

import numpy as np
from tables import claims, markdown, records
from tables.costs import Costs
from tables.runs import complete, copy_grid, has_weights, measured, ready
from tables.variants import Variant

from tfgan import experiment

RECIPE = "semi_supervised_mnist"
CLASSES = 10
# Splits that are scored, with their names in the table.
SPLITS = {"train[50000:]": "error %, train[50000:]", "test": "error %, first 3,000 of test"}
SCORED = 10_000
# Rounds of the same network on the labels alone, and its rate.
ALONE_ROUNDS, ALONE_RATE = 3_000, 3e-3
MATCHING, MINIBATCH = "feature matching", "minibatch discrimination"
ADVERSARIAL = {
    "game_options": {"generator_loss": "adversarial"}, "network_options": {"minibatch_kernels": 100}
}  # fmt: skip
# Row to (labels, draw of the labels, changes of the recipe, share of the recipe's length).
ROWS = {
    f"{MATCHING}, 100 labels, draw 0": (100, 0, {}, 1.0),
    f"{MATCHING}, 100 labels, draw 1": (100, 1, {}, 1.0),
    f"{MATCHING}, 100 labels, draw 1, three times as long": (100, 1, {}, 3.0),
    f"{MATCHING}, 100 labels, draw 2": (100, 2, {}, 1.0),
    f"{MINIBATCH}, 100 labels, draw 0": (100, 0, ADVERSARIAL, 1.0),
    f"{MATCHING}, 20 labels, draw 0": (20, 0, {}, 1.0),
    f"{MATCHING}, 50 labels, draw 0": (50, 0, {}, 1.0),
    f"{MATCHING}, 200 labels, draw 0": (200, 0, {}, 1.0),
}
DRAWS = [row for row in ROWS if row.startswith(f"{MATCHING}, 100 labels") and not row.endswith("long")]
PICTURES = {MATCHING: DRAWS[1], MINIBATCH: f"{MINIBATCH}, 100 labels, draw 0"}


def make(options):
    """The Markdown of the page, from the runs that are there; with --long what is missing is trained."""
    runs = {row: _run(options, row) for row in ROWS}
    if options.long or options.quick:
        for row, run in runs.items():
            _start(runs, row)
            complete([run], options.at_a_time)
    there = {row: run for row, run in runs.items() if ready(run)}
    errors = {row: _errors(run) for row, run in there.items()}
    data = _Data(options)
    errors |= {f"pixels, nearest of 100 labelled, draw {draw}": data.of_pixels(draw) for draw in range(3)}
    rounds = round(ALONE_ROUNDS * min(1.0, options.budget)) or 1
    errors |= {
        f"the same network on 100 labels alone, draw {draw}": data.of_labels_alone(draw, rounds)
        for draw in range(3)
    }
    pictures = [title for title, row in PICTURES.items() if row in there]
    for title in pictures:
        copy_grid(there[PICTURES[title]], options.pictures / f"{markdown.file_name(title)}.png")
    missing = [row for row in runs if row not in there]
    return page(options, _table(errors, there), _claims(errors), pictures, missing, records.notes(there))


def found(table):
    """The result in words, from the `Table` of claims."""
    return claims.found(table)


def page(options, table, stated, pictures, missing, notes):
    """The Markdown of the page.

    Args:
        options: `Options`.
        table: `Table` of errors.
        stated: `Table` of claims.
        pictures: list of the methods that have one.
        missing: list of the rows that are not trained.
        notes: dict of row to what its record says of itself.
    """
    shown = [
        f"{PICTURES[title]}:\n\n![samples of {title}]({options.name}/{markdown.file_name(title)}.png)"
        for title in pictures
    ]
    settings = {
        "recipe": f"`flags/{RECIPE}.txt`, with as many labels, and the draw of them, as a row names",
        "unlabelled": """`train[:50000]` in every row, so that one training serves both columns: with the
            3,000 images of test too, 50,000 and not 60,000 unlabelled images were seen""",
        "test": "the first 3,000 images of MNIST's test set, on which errors are some 1.4 times those on all",
        "classifier": "the discriminator's average (rate 1e-4 from zero, as the paper's code), without noise",
        "labels alone": f"""the discriminator's classes on the same labels without unlabelled images,
            {ALONE_ROUNDS:,} rounds of Adam({ALONE_RATE:g}, 0.5), no average""",
        "length": "5,000,000 images (100 passes over `train[:50000]`), a third of the paper's 300 passes",
        "minutes": "of training, on cores that were shared with other work",
        **notes,
        "machine": options.machine,
        "trainings": "with `--long` the command trains what is missing; without, it shows what is there",
    }
    body = "\n\n".join([str(stated), *markdown.left_out(missing), "## Errors", str(table), *shown])
    return options.written("Few labels", found(stated), body, settings, NOTES)


NOTES = """\
## In the papers

Salimans et al. 2016 (https://arxiv.org/abs/1606.03498) report 0.93 ± 0.065 % of the 10,000 test images with
100 labels, over ten draws, with 60,000 unlabelled images and 300 passes. Neither column here is that protocol:
`train[50000:]` is easier than the test set, its first 3,000 images are harder.
"""


# ------------------------------------------------------------------------- runs


def _run(options, row):
    labels, draw, changes, share = ROWS[row]
    variant, labelled = Variant(RECIPE, changes, (share,)), f"per_class={labels // CLASSES}&draw={draw}"
    data = variant.recipe().dataset.replace("per_class=10&draw=0", labelled)
    return variant.run(options, row, 0, ("error",), SCORED, [f"--dataset={data}"])._replace(
        folder=options.runs / options.name / markdown.file_name(row) / "seed0",
        untrained=False,
        sampler="classify",
    )


def _start(runs, row):
    """Lets the longer run of a row go on from the shorter one's folder."""
    labels, draw, changes, share = ROWS[row]
    shorter = [one for one, of in ROWS.items() if of[:3] == (labels, draw, changes) and of[3] < share]
    for one in shorter:
        if has_weights(runs[one].folder) and not runs[row].folder.exists():
            shutil.copytree(runs[one].folder, runs[row].folder)
            experiment.RunFolder(runs[row].folder).scores.unlink(missing_ok=True)


def _errors(run):
    """Dict of split to the error of a run's classifier, in per cent."""
    return measured(run, "errors", lambda: {split: _error(run, split) for split in SPLITS})


def _error(run, split):
    how = {"num_samples": SCORED, "split": split, "sampler": run.sampler}
    report = experiment.evaluate_run(run.folder, ("error",), **how)
    return 100.0 * next(iter(report.rows.values())).score


class _Data:
    """MNIST, for classifiers that see labelled images alone."""

    def __init__(self, options):
        from tfgan import data

        how = {"data_dir": options.data_dir, "condition": True}
        self._open = lambda name, split: data.open_source(name, split, **how)
        self._of_test = {split: self._open("mnist", split).table() for split in SPLITS}

    def of_pixels(self, draw):
        """Dict of split to the error of the nearest labelled image, in per cent."""
        from tfgan import metrics

        flat = lambda images: images.reshape(len(images), -1)
        images, labels = self._labelled(draw).table().values()
        return {
            split: 100.0 * (1.0 - metrics.nearest_neighbour_accuracy(
                flat(images), labels, flat(test["images"]), test["condition"]
            ))
            for split, test in self._of_test.items()
        }  # fmt: skip

    def of_labels_alone(self, draw, rounds):
        """Dict of split to the error of the discriminator's network, trained on labels alone."""
        import keras

        from tfgan.data import from_uint8
        from tfgan.models.semi_supervised import initialize_layers
        from tfgan.networks import NETWORKS
        from tfgan.training.optimizers import AdamEpsilonInRoot

        keras.utils.set_random_seed(draw)
        labelled = self._labelled(draw)
        network = NETWORKS["semi_supervised"](labelled.spec["images"].shape)["discriminator"]
        images = from_uint8(labelled.table("images")["images"])
        initialize_layers(network, images)
        learner = keras.Model(network.inputs, network.output["classes"])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        learner.compile(AdamEpsilonInRoot(ALONE_RATE, 0.5), loss)
        learner.fit(images, labelled.table("condition")["condition"], len(labelled), rounds, verbose=0)
        wrong = lambda test: np.mean(
            learner.predict(from_uint8(test["images"]), 1000, verbose=0).argmax(1) != test["condition"]
        )
        return {split: 100.0 * wrong(test) for split, test in self._of_test.items()}

    def _labelled(self, draw):
        return self._open(f"mnist?per_class=10&draw={draw}", "train[:50000]")


# ---------------------------------------------------------------------- results


def _table(errors, runs):
    lines = []
    for row, of_split in errors.items():
        costs = Costs.read(runs[row].folder / "costs.csv") if row in runs else None
        passes = f"{costs.images / 50_000:.0f}" if costs else ""
        minutes = f"{costs.minutes:.0f}" if costs else ""
        lines.append([row, *(f"{of_split[split]:.2f}" for split in SPLITS), passes, minutes])
    return markdown.Table(["", *SPLITS.values(), "passes", "minutes"], lines)


def _claims(errors):
    """The `Table` of claims on the mean over draws of 100 labels."""
    there = [errors[row] for row in DRAWS if row in errors]
    longest = [of for row, of in errors.items() if row.endswith("as long")]
    found = []
    for bound, (split, name) in zip((0.80, 1.30), SPLITS.items()):
        mean = [float(np.mean([of[split] for of in there]))] if there else []
        found.append(claims.Claim(f"mean of {len(there)} draws of 100 labels, {name}", bound, mean, most=True))
        whole = [of[split] for of in longest]
        found.append(claims.Claim(f"300 passes, draw 1, {name}", bound, whole, most=True))
    return claims.table(found)
