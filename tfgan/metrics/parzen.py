"""Log-likelihood by a Parzen window estimate around samples, as in the first GAN paper."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays
from tfgan.metrics.neighbours import BLOCK, blocks


class LogLikelihood(NamedTuple):
    """Mean over the test samples in nats, and its standard error."""

    mean: float
    standard_error: float


def parzen_log_likelihood(samples, test, sigma, block=BLOCK):
    """Mean log density of `test` under a mixture of Gaussians of width sigma around `samples`.

    A poor measure of generators: the centres of k-means score better than real data.
    Report it only together with such baselines.

    Args:
        samples: [n, dims], drawn from the model, in the units of the test data.
        test: [m, dims].
        sigma: standard deviation of the window, > 0.
        block: test rows at once; changes no result.

    Returns:
        `LogLikelihood`, in float64.

    Raises:
        ValueError: sigma <= 0, NaN, or different numbers of dimensions.

    Reference:
        Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661; on its weakness Theis
        et al. 2016, https://arxiv.org/abs/1511.01844
    """
    samples, test = arrays.features("samples", samples), arrays.features("test", test)
    if samples.shape[1] != test.shape[1]:
        expected = f"{samples.shape[1]} dimensions, as samples has"
        raise errors.invalid("test", expected, test.shape[1])
    if not sigma > 0:
        raise errors.invalid("sigma", "a number > 0", sigma)
    values = np.empty(len(test))
    constant = np.log(len(samples)) + samples.shape[1] / 2 * np.log(2 * np.pi * sigma**2)
    for rows, distances in blocks(test, samples, block):
        exponents = distances / (-2 * sigma**2)
        most = exponents.max(axis=1)
        values[rows] = most + np.log(np.exp(exponents - most[:, None]).sum(axis=1)) - constant
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return LogLikelihood(float(values.mean()), float(error))


def parzen_sigma(samples, validation, sigmas):
    """The sigma with the highest `parzen_log_likelihood` of validation data.

    Args:
        samples: [n, dims].
        validation: [m, dims], none of them test data.
        sigmas: sequence of numbers > 0, at least one.

    Returns:
        float, one of `sigmas`.

    Raises:
        ValueError: no sigma, or as in `parzen_log_likelihood`.
    """
    sigmas = list(sigmas)
    if not sigmas:
        raise errors.invalid("sigmas", "at least one number > 0", sigmas)
    scores = [parzen_log_likelihood(samples, validation, sigma).mean for sigma in sigmas]
    return float(sigmas[int(np.argmax(scores))])
