"""Log-likelihoods under Parzen windows on MNIST: table 1 of the first paper."""

from typing import NamedTuple

import numpy as np
from tables import recipes, tried
from tables.markdown import Table
from tables.runs import complete

from tfgan import data, experiment, metrics
from tfgan.metrics.table import PARZEN_SIGMAS, PARZEN_VALIDATION

SEED = 0
CENTRES = 1000
# Factors of the latents, one of which the validation images choose in rows "latents scaled".
SCALES = (1.0, 0.8, 0.6, 0.4)


class Row(NamedTuple):
    """Samples of a recipe's generator.

    Attributes:
        recipe: its name.
        use_ema: whether the generator's average makes them, or its last weights as in the papers.
        scales: factors of the latents, the best of which is taken.
        published: the paper's log-likelihood.
    """

    recipe: str
    use_ema: bool
    scales: tuple = (1.0,)
    published: str = ""


ROWS = {
    "adversarial nets": Row("original_mnist", True),
    "adversarial nets, last weights": Row("original_mnist", False, published="225 ± 2"),
    "adversarial nets, latents scaled": Row("original_mnist", True, SCALES),
    "relativistic, R1 and R2": Row("relativistic_mnist", True),
    "relativistic, R1 and R2, last weights": Row("relativistic_mnist", False),
    "relativistic, R1 and R2, latents scaled": Row("relativistic_mnist", True, SCALES),
    "conditional adversarial nets": Row("original_cgan_mnist", True),
    "conditional adversarial nets, last weights": Row("original_cgan_mnist", False, published="132 ± 1.8"),
}


HEADER = ["samples", "log-likelihood", "sigma", "latents times", "log-likelihood, published"]


def make(options):
    """The Markdown of the page, after every run was trained and its samples were measured."""
    names = dict.fromkeys(row.recipe for row in ROWS.values())
    runs = {name: recipes.runs_of(options, name)[0] for name in names}
    complete(list(runs.values()), options.at_a_time)
    training, validation, test = (
        _table(options, split) for split in ("train[:50000]", "train[50000:]", "test")
    )
    rng = np.random.default_rng(SEED)
    samples = {
        **{
            name: {scale: _samples(runs[row.recipe], options.samples, row, scale) for scale in row.scales}
            for name, row in ROWS.items()
        },
        **{name: {"": images} for name, images in _trivial(training, options, rng).items()},
    }
    measured_on = _flat(validation["images"])[:PARZEN_VALIDATION], _flat(test["images"])
    lines = [
        [name, *_measured(by_scale, *measured_on), ROWS[name].published if name in ROWS else ""]
        for name, by_scale in samples.items()
    ]
    shown = {name: experiment.parse_flags(run.flags).images for name, run in runs.items()}
    return page(options, Table(HEADER, lines), shown, len(test["images"]))


def found(table):
    """The result in words."""
    nats, cells = table.numbers("log-likelihood"), table.cells("log-likelihood")
    beyond = [row for row in nats if nats[row] > nats["real data"]]
    return f"""\
The papers' networks, in nats: {table.compared("log-likelihood")}.

Real images have {cells["real data"]}. Samples that score more than real images:
{table.said("log-likelihood", beyond)}; see [what the measure rewards](#what-the-measure-rewards)."""


def page(options, table, shown, tested):
    """The Markdown of the page.

    Args:
        options: `Options`.
        table: `Table`.
        shown: dict of recipe to the number of images that its run was shown.
        tested: number of test images.
    """
    images = "; ".join(f"`flags/{name}.txt`, {count:,}" for name, count in shown.items())
    settings = {
        "data": "MNIST, pixels in [0, 1]; the networks are trained on `train[:50000]`",
        "images shown": images,
        "seeds": f"one run each, seed {SEED}",
        "samples": f"""{options.samples:,}, of the generator's moving average, or of its last weights where
            the row says so (as in the papers)""",
        "sigma": f"the best of the paper's ten on the first {PARZEN_VALIDATION:,} images of `train[50000:]`",
        "latents scaled": f"""multiplied with the one of {", ".join(map(str, SCALES))} under which those
            validation images are likeliest""",
        "log-likelihood": f"mean and standard error over {tested:,} test images, in nats",
        "real data": f"{options.samples:,} training images in the samples' place",
        "k-means": f"""{options.samples:,} draws from the {CENTRES:,} centres that k-means finds in the
            training images""",
        "published": """Goodfellow et al. 2014, table 1 (https://arxiv.org/abs/1406.2661), and for the
            conditional row Mirza & Osindero 2014 (https://arxiv.org/abs/1411.1784)""",
        "machine": options.machine,
    }
    title = "Log-likelihoods under Parzen windows"
    return options.written(title, found(table), str(table), settings, _notes(options))


def _notes(options):
    return f"""\
## What the measure rewards

Copies and blur: centres of k-means are no new images, and small latents, which the generator was not trained
on, make smooth and similar digits. The measure is here because the first papers have no other.

## Differences from the papers

* The papers measure 10,000 test images.
* The rows that do not say "last weights" draw from the generator's moving average.

## Tried by hand

Nothing that was tried brings the first row to the paper's 225. The test images are those of the table above;
"more" images are shown after the end of the recipe.

{tried.section(options)}
"""


def _samples(run, count, row, scale):
    """So many samples of a run, as pixels in [0, 1]; as many of each class where the game is conditional."""
    game, spec = experiment.open_run(run.folder)
    label = spec.get("condition")
    given = {"condition": np.arange(count) * label.num_classes[0] // count} if label else {}
    return _flat(game.generate(count, seed=SEED, use_ema=row.use_ema, scale=scale, **given))


def _trivial(training, options, rng):
    """Dict of name to samples that no network made."""
    from sklearn.cluster import MiniBatchKMeans

    images, labels = _flat(training["images"]), training["condition"]
    centres = CENTRES if not options.quick else 10
    k_means = MiniBatchKMeans(centres, batch_size=4096, n_init=1, random_state=SEED).fit(images)
    drawn = rng.permutation(len(images))[: options.samples]
    return {
        "real data": images[drawn],
        "k-means": k_means.cluster_centers_[k_means.predict(images[drawn])],
        "class means": np.stack([images[labels == label].mean(axis=0) for label in range(10)]),
        "mean image": images.mean(axis=0, keepdims=True),
    }


def _measured(by_scale, validation, test):
    """(log-likelihood of test images, sigma, scale); validation images choose the scale."""
    sigmas = {
        scale: metrics.parzen_sigma(samples, validation, PARZEN_SIGMAS)
        for scale, samples in by_scale.items()
    }
    likelihood = lambda scale, images: metrics.parzen_log_likelihood(by_scale[scale], images, sigmas[scale])
    best = max(by_scale, key=lambda scale: likelihood(scale, validation).mean)
    found = likelihood(best, test)
    return f"{found.mean:.1f} ± {found.standard_error:.1f}", f"{sigmas[best]:.4f}", str(best)


def _table(options, split):
    """Dict of all images of a split, and of their labels."""
    source = data.open_source("mnist", split=split, data_dir=options.data_dir, condition=True)
    return source.table("images", "condition")


def _flat(images):
    """float64 [n, pixels] in [0, 1], of bytes or of samples."""
    scaled = images / 255 if images.dtype == np.uint8 else (np.asarray(images, np.float64) + 1) / 2
    return scaled.reshape(len(images), -1)
