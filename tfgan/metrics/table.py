"""The metrics that runs are scored with, by name."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tfgan.metrics.agreement import label_agreement
from tfgan.metrics.classifier import classifier_score
from tfgan.metrics.frechet import frechet_distance
from tfgan.metrics.kernel import kernel_distance
from tfgan.metrics.manifold import manifold_scores
from tfgan.metrics.copies import memorization, support_size
from tfgan.metrics.modes import class_statistics, mode_statistics
from tfgan.metrics.neighbours import nearest_squares
from tfgan.metrics.parzen import parzen_log_likelihood, parzen_sigma
from tfgan.metrics.sharpness import laplacian_variance_ratio
from tfgan.metrics.similarity import ms_ssim, psnr, ssim
from tfgan.metrics.sliced import halves as sliced_halves
from tfgan.metrics.sliced import sliced_wasserstein

# As in the 2014 paper, sigma is the best of these on this many validation samples.
PARZEN_SIGMAS = np.logspace(-1, 0, 10)
PARZEN_VALIDATION = 1000


class Sets(NamedTuple):
    """The sets of data that a metric compares, in the form that its `Metric.needs` names.

    Attributes:
        real: real data, which the game was not trained on.
        generated: samples.
        training: the game's training data, or None.
        asked: int [n], the classes that the samples were made for, or None.
    """

    real: Any
    generated: Any
    training: Any = None
    asked: Any = None


class Metric(NamedTuple):
    """A metric's function, and the data that it needs.

    Attributes:
        needs: the form of its data: "vectors" [n, dims] or "probabilities" [n, classes]
            of an extractor, "images" in [-1, 1], "pairs" [n, 2, height, width, channels] of
            samples and their targets, "labels" int [n, 2] of a classifier's answer and the
            truth, or "points" [n, dims] (`real` is then the mixture, with `centres` and
            `sigma`).
        uses: names of the fields of `Sets` that it reads.
        parts: names of the numbers that it returns.
        function: `Sets` -> a tuple of as many numbers.
        least: smallest number of rows of each set.
        fits: (height, width) -> whether it can score images of this size.
    """

    needs: str
    uses: tuple
    parts: tuple
    function: Callable
    least: int = 2
    fits: Callable = lambda height, width: True


def _parzen(sets):
    real, generated = ((_flat(images) + 1) / 2 for images in (sets.real, sets.generated))
    # Where a set is too small to split, sigma is chosen on all of it.
    cut = PARZEN_VALIDATION if len(real) > 2 * PARZEN_VALIDATION else 0
    sigma = parzen_sigma(generated, real[:cut] if cut else real, PARZEN_SIGMAS)
    return (parzen_log_likelihood(generated, real[cut:], sigma).mean,)


def _support_size(sets):
    # Two samples count as equal if they are as close as the closest two real images.
    threshold = np.sqrt(nearest_squares(np.asarray(sets.real, np.float64), 1).min())
    return (support_size(sets.generated, threshold).size,)


def _classes(sets):
    return class_statistics(sets.generated.argmax(axis=1), sets.generated.shape[1])


def _modes(sets):
    return mode_statistics(sets.generated, sets.real.centres, sets.real.sigma)


def _sliced_wasserstein(sets):
    # The distance needs equally many images in both sets.
    count = min(len(sets.real), len(sets.generated))
    return (sliced_wasserstein(sets.real[:count], sets.generated[:count]).mean,)


def _ms_ssim(sets):
    return (ms_ssim(sets.generated[: len(sets.generated) // 2 * 2]),)


def _error(sets):
    guesses, labels = sets.generated.T
    return (1.0 - label_agreement(guesses, labels).all,)


def _pairs(sets):
    samples, targets = sets.generated[:, 0], sets.generated[:, 1]
    apart = np.abs(samples - targets, dtype=np.float64).mean()
    return apart, psnr(samples, targets).mean(), ssim(samples, targets).mean()


def _flat(images):
    return np.asarray(images, np.float64).reshape(len(images), -1)


METRICS = {
    "frechet": Metric(
        "vectors",
        ("real", "generated"),
        ("frechet",),
        lambda sets: (frechet_distance(sets.real, sets.generated),),
    ),
    "kernel": Metric(
        "vectors",
        ("real", "generated"),
        ("kernel",),
        lambda sets: (kernel_distance(sets.real, sets.generated).mean,),
    ),
    "manifold": Metric(
        "vectors",
        ("real", "generated"),
        ("precision", "recall", "density", "coverage"),
        lambda sets: manifold_scores(sets.real, sets.generated),
        least=6,
    ),
    "memorization": Metric(
        "vectors",
        ("real", "generated", "training"),
        ("memorization",),
        lambda sets: (memorization(sets.training, sets.real, sets.generated).ratio,),
    ),
    "support_size": Metric("vectors", ("real", "generated"), ("support_size",), _support_size),
    "classifier_score": Metric(
        "probabilities",
        ("generated",),
        ("classifier_score",),
        lambda sets: (classifier_score(sets.generated).mean,),
        least=10,
    ),
    "classes": Metric("probabilities", ("generated",), ("classes", "classes_kl"), _classes),
    "sliced_wasserstein": Metric(
        "images",
        ("real", "generated"),
        ("sliced_wasserstein",),
        _sliced_wasserstein,
        fits=sliced_halves,
    ),
    "ms_ssim": Metric(
        "images",
        ("generated",),
        ("ms_ssim",),
        _ms_ssim,
        fits=lambda height, width: min(height, width) >= 16,
    ),
    "gan_test": Metric(
        "probabilities",
        ("generated", "asked"),
        ("gan_test",),
        lambda sets: (label_agreement(sets.generated.argmax(axis=1), sets.asked).all,),
    ),
    "laplacian": Metric(
        "images",
        ("real", "generated"),
        ("laplacian_ratio",),
        lambda sets: (laplacian_variance_ratio(sets.generated, sets.real),),
        fits=lambda height, width: min(height, width) >= 3,
    ),
    "error": Metric("labels", ("generated",), ("error",), _error),
    "pairs": Metric("pairs", ("generated",), ("l1", "psnr", "ssim"), _pairs),
    "parzen": Metric("images", ("real", "generated"), ("parzen",), _parzen),
    "modes": Metric(
        "points", ("real", "generated"), ("modes", "high_quality", "reverse_kl"), _modes
    ),
}
