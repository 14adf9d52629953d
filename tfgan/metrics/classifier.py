"""The classifier score: the formula of the Inception score, for any classifier."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays


class ClassifierScore(NamedTuple):
    """Mean and standard deviation (divided by n) over the splits."""

    mean: float
    std: float


def classifier_score(probabilities, splits=10):
    """exp of the mean KL divergence between p(y | x) and p(y); higher is better.

    Ranges from 1 (the classifier says the same of all images) to the number of classes
    (sure of each image, and all classes equally frequent). With the 1,008 outputs of
    TensorFlow's 2015 Inception network it is the Inception score.

    Args:
        probabilities: [n, classes], rows that sum to 1; zeros are allowed.
        splits: number of consecutive equal parts, each with a p(y) of its own, 1 to n.

    Returns:
        `ClassifierScore`, in float64. Few samples per split bias it downwards.

    Raises:
        ValueError: rows that are no probabilities, or splits out of range.

    Reference:
        Salimans et al. 2016, https://arxiv.org/abs/1606.03498
    """
    probabilities = arrays.probabilities("probabilities", probabilities)
    if not 1 <= splits <= len(probabilities):
        raise errors.invalid("splits", f"1 to {len(probabilities)}, the samples", splits)
    size = len(probabilities) // splits
    scores = [_score(probabilities[i * size : (i + 1) * size]) for i in range(splits)]
    return ClassifierScore(float(np.mean(scores)), float(np.std(scores)))


def _score(p):
    marginal = p.mean(axis=0)
    # 0 log 0 is 0; where the marginal is 0, so is p.
    ratio = np.divide(p, marginal, out=np.ones_like(p), where=p > 0)
    return np.exp((p * np.log(ratio)).sum(axis=1).mean())
