"""Log-likelihoods under Parzen windows: the first paper's table, on MNIST."""

from typing import NamedTuple

import numpy as np
from tables import markdown, recipes, tried
from tables.runs import complete

from tfgan import data, experiment, metrics
from tfgan.metrics.table import PARZEN_SIGMAS, PARZEN_VALIDATION

SEED = 0
CENTRES = 1000
# What latents are multiplied with, in rows where the validation images choose.
SCALES = (1.0, 0.8, 0.6, 0.4)


class Row(NamedTuple):
    """A recipe's samples.

    Attributes:
        recipe: its name.
        use_ema: whether of the generator's average, or of its last weights as in the papers.
        scales: of the latents, the best of which is taken.
        published: the paper's.
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


def make(options):
    """The page."""
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
    judged_on = _flat(validation["images"])[:PARZEN_VALIDATION], _flat(test["images"])
    lines = [
        [name, *_measured(by_scale, *judged_on), ROWS[name].published if name in ROWS else ""]
        for name, by_scale in samples.items()
    ]
    header = ["samples", "log-likelihood ± s.e.", "sigma", "latents times", "published"]
    shown = "; ".join(
        f"`flags/{name}.txt`, {experiment.parse_flags(run.flags).images:,}"
        for name, run in runs.items()
    )
    return f"""\
# Log-likelihoods under Parzen windows

    {options.command}

Table 1 of Goodfellow et al. 2014 (https://arxiv.org/abs/1406.2661), for MNIST; the conditional
row is Mirza & Osindero 2014 (https://arxiv.org/abs/1411.1784). One run each (seed {SEED}), so many
images shown of the 50,000 of `train[:50000]`: {shown}.
{options.samples:,} samples; sigma is the best of the paper's ten on the first
{PARZEN_VALIDATION:,} images of `train[50000:]`; the mean and standard error are over {len(test["images"]):,} test images,
where the paper has 10,000. Pixels in [0, 1]. In nats. The papers draw from the generator's last
weights; the rows that do not say so draw from their moving average. "Latents scaled": multiplied with
the one of {", ".join(map(str, SCALES))} under which those validation images are likeliest.

{markdown.rows(header, lines)}

"Real data" are {options.samples:,} training images in the samples' place; "k-means" as many draws
from the {CENTRES:,} centres that k-means finds in the training images. What draws nothing new beats every
network here, and blur is rewarded: small latents, which the generator was not trained on, make
smooth and similar digits. The measure is kept because the first papers have no other.

## Tried by hand

Nothing that was tried brings the first row to the paper's 225. The same test images as above; "more": shown after
the end of the recipe.

{tried.section(options)}
"""


def _samples(run, count, row, scale):
    """As many of each class where the game is conditional."""
    game, spec = experiment.open_run(run.folder)
    label = spec.get("condition")
    given = {"condition": np.arange(count) * label.num_classes[0] // count} if label else {}
    return _flat(game.generate(count, seed=SEED, use_ema=row.use_ema, scale=scale, **given))


def _trivial(training, options, rng):
    """Samples that no network made."""
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
    """Of samples by scale, those under which the validation images are likeliest, on test images."""
    sigmas = {
        scale: metrics.parzen_sigma(samples, validation, PARZEN_SIGMAS)
        for scale, samples in by_scale.items()
    }
    likelihood = lambda scale, images: metrics.parzen_log_likelihood(by_scale[scale], images, sigmas[scale])
    best = max(by_scale, key=lambda scale: likelihood(scale, validation).mean)
    found = likelihood(best, test)
    return f"{found.mean:.1f} ± {found.standard_error:.1f}", f"{sigmas[best]:.4f}", str(best)


def _table(options, split):
    """All images of a split, and their labels."""
    source = data.open_source("mnist", split=split, data_dir=options.data_dir, condition=True)
    return source.table("images", "condition")


def _flat(images):
    """float64 [n, pixels] in [0, 1], of bytes or of samples."""
    scaled = images / 255 if images.dtype == np.uint8 else (np.asarray(images, np.float64) + 1) / 2
    return scaled.reshape(len(images), -1)
