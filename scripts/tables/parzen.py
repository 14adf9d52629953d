"""Log-likelihoods under Parzen windows: the first paper's table, on MNIST."""

from typing import NamedTuple

import numpy as np
from tables import markdown, recipes
from tables.runs import complete

from tfgan import data, experiment, metrics
from tfgan.metrics.table import PARZEN_SIGMAS, PARZEN_VALIDATION

SEED = 0
CENTRES = 1000


class Row(NamedTuple):
    """A recipe's samples: of the generator's average, or of its last weights as in the papers."""

    recipe: str
    use_ema: bool
    published: str = ""


ROWS = {
    "adversarial nets": Row("original_mnist", True),
    "adversarial nets, last weights": Row("original_mnist", False, "225 ± 2"),
    "conditional adversarial nets": Row("original_cgan_mnist", True),
    "conditional adversarial nets, last weights": Row("original_cgan_mnist", False, "132 ± 1.8"),
}


def make(options):
    """The page."""
    names = dict.fromkeys(row.recipe for row in ROWS.values())
    runs = {name: recipes.runs_of(options, name)[0] for name in names}
    complete(list(runs.values()), options.at_a_time)
    training, validation, test = (
        _open(options, split) for split in ("train[:50000]", "train[50000:]", "test")
    )
    rng = np.random.default_rng(SEED)
    samples = {
        **{
            name: _flat(_samples(runs[row.recipe], options.samples, row.use_ema))
            for name, row in ROWS.items()
        },
        **_trivial(training, options, rng),
    }
    lines = [
        [name, *_measured(of_row, _flat(validation.images)[:PARZEN_VALIDATION], _flat(test.images)),
         ROWS[name].published if name in ROWS else ""]
        for name, of_row in samples.items()
    ]  # fmt: skip
    header = ["samples", "log-likelihood ± s.e.", "sigma", "published"]
    images = [f"{experiment.parse_flags(run.flags).images:,}" for run in runs.values()]
    return f"""\
# Log-likelihoods under Parzen windows

    {options.command}

Table 1 of Goodfellow et al. 2014 (https://arxiv.org/abs/1406.2661), for MNIST; the conditional
row is Mirza & Osindero 2014 (https://arxiv.org/abs/1411.1784). `flags/original_mnist.txt` and
`flags/original_cgan_mnist.txt`, {" and ".join(images)} images shown of the 50,000 of `train[:50000]`
(seed {SEED}, one run each). {options.samples:,} samples; sigma is the best of the paper's ten on the first
{PARZEN_VALIDATION:,} images of `train[50000:]`; the mean and standard error are over {len(test):,} test images,
where the paper has 10,000. Pixels in [0, 1]. In nats. The papers draw from the generator's last
weights; the rows that do not say so draw from their moving average.

{markdown.rows(header, lines)}

"Real data" are {options.samples:,} training images in the samples' place; "k-means" as many draws
from the {CENTRES:,} centres that k-means finds in the training images. What draws nothing new beats every
network here, and blur is rewarded: the measure is kept because the first papers have no other.
"""


def _samples(run, count, use_ema):
    """As many of each class where the game is conditional."""
    game, shape = experiment.open_run(run.folder)
    classes = [np.arange(count) * of_label // count for of_label in shape.num_classes]
    return game.generate(count, condition=classes[0] if classes else None, seed=SEED, use_ema=use_ema)


def _trivial(training, options, rng):
    """Samples that no network made."""
    from sklearn.cluster import MiniBatchKMeans

    images, labels = _flat(training.images), training.condition
    centres = CENTRES if not options.quick else 10
    k_means = MiniBatchKMeans(centres, batch_size=4096, n_init=1, random_state=SEED).fit(images)
    drawn = rng.permutation(len(images))[: options.samples]
    return {
        "real data": images[drawn],
        "k-means": k_means.cluster_centers_[k_means.predict(images[drawn])],
        "class means": np.stack([images[labels == label].mean(axis=0) for label in range(10)]),
        "mean image": images.mean(axis=0, keepdims=True),
    }


def _measured(samples, validation, test):
    sigma = metrics.parzen_sigma(samples, validation, PARZEN_SIGMAS)
    found = metrics.parzen_log_likelihood(samples, test, sigma)
    return f"{found.mean:.1f} ± {found.standard_error:.1f}", f"{sigma:.4f}"


def _open(options, split):
    return data.open_source("mnist", split=split, data_dir=options.data_dir, condition=True)


def _flat(images):
    """float64 [n, pixels] in [0, 1], of bytes or of samples."""
    scaled = images / 255 if images.dtype == np.uint8 else (np.asarray(images, np.float64) + 1) / 2
    return scaled.reshape(len(images), -1)
