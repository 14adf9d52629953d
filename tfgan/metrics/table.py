"""The metrics that runs are scored with, by name."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tfgan.metrics.classifier import classifier_score
from tfgan.metrics.frechet import frechet_distance
from tfgan.metrics.kernel import kernel_distance
from tfgan.metrics.manifold import manifold_scores
from tfgan.metrics.copies import memorization, support_size
from tfgan.metrics.modes import class_statistics, mode_statistics
from tfgan.metrics.neighbours import nearest_squares
from tfgan.metrics.parzen import parzen_log_likelihood, parzen_sigma
from tfgan.metrics.similarity import ms_ssim, psnr, ssim
from tfgan.metrics.sliced import halves as sliced_halves
from tfgan.metrics.sliced import sliced_wasserstein

# Of the 2014 paper: sigma is the best of these on this many validation samples.
PARZEN_SIGMAS = np.logspace(-1, 0, 10)
PARZEN_VALIDATION = 1000


class Sets(NamedTuple):
    """What a metric may look at, in the form that it needs.

    Attributes:
        real: of data that the game was not trained on.
        generated: of samples.
        training: of data that it was trained on; None where there are none.
    """

    real: Any
    generated: Any
    training: Any = None


class Metric(NamedTuple):
    """One way to score samples.

    Attributes:
        needs: what its sets hold: "vectors" [n, dims] or "probabilities" [n, classes]
            of an extractor, "images" in [-1, 1], "pairs" [n, 2, height, width, channels] of
            samples beside their targets, or "points" [n, dims] (`real` is then
            the mixture, with `centres` and `sigma`).
        uses: names of the sets it looks at, of the fields of `Sets`.
        parts: names of its numbers.
        function: `Sets` -> that many numbers.
        least: rows that each set must have.
        fits: (height, width) of images -> whether it can score such.
    """

    needs: str
    uses: tuple
    parts: tuple
    function: Callable
    least: int = 2
    fits: Callable = lambda height, width: True


def _parzen(sets):
    real, generated = ((_flat(images) + 1) / 2 for images in (sets.real, sets.generated))
    # A set too small to be parted finds its sigma on all of itself.
    cut = PARZEN_VALIDATION if len(real) > 2 * PARZEN_VALIDATION else 0
    sigma = parzen_sigma(generated, real[:cut] if cut else real, PARZEN_SIGMAS)
    return (parzen_log_likelihood(generated, real[cut:], sigma).mean,)


def _support_size(sets):
    # Alike are two samples that are closer than any two real images are.
    threshold = np.sqrt(nearest_squares(np.asarray(sets.real, np.float64), 1).min())
    return (support_size(sets.generated, threshold).size,)


def _classes(sets):
    return class_statistics(sets.generated.argmax(axis=1), sets.generated.shape[1])


def _modes(sets):
    return mode_statistics(sets.generated, sets.real.centres, sets.real.sigma)


def _sliced_wasserstein(sets):
    # Of as many images of each kind.
    count = min(len(sets.real), len(sets.generated))
    return (sliced_wasserstein(sets.real[:count], sets.generated[:count]).mean,)


def _ms_ssim(sets):
    return (ms_ssim(sets.generated[: len(sets.generated) // 2 * 2]),)


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
    "pairs": Metric("pairs", ("generated",), ("l1", "psnr", "ssim"), _pairs),
    "parzen": Metric("images", ("real", "generated"), ("parzen",), _parzen),
    "modes": Metric(
        "points", ("real", "generated"), ("modes", "high_quality", "reverse_kl"), _modes
    ),
}
