"""Label agreement: how often a classifier sees in a sample the labels that it was made for."""

from typing import NamedTuple

from tfgan import errors
from tfgan.metrics import arrays


class LabelAgreement(NamedTuple):
    """Shares of samples whose labels are as asked for.

    Attributes:
        each: tuple of float in [0, 1], the share for each of the k labels.
        all: float in [0, 1], the share of samples with every label right.
    """

    each: tuple
    all: float


def label_agreement(guesses, asked):
    """Shares of samples in which a classifier finds the labels that were asked for.

    For label j it is (1/n) sum_i [guesses_ij = asked_ij]. With one label per sample it is the
    GAN-test: the accuracy, on generated images, of a classifier of real ones. On
    held-out real images and their own labels it is the classifier's accuracy, which is what
    a perfect generator has; asked labels that are shuffled among the samples give the share
    that chance alone has.

    Args:
        guesses: int [n] or [n, k], the classes that a classifier says, which was not
            trained with the game.
        asked: int, the same shape: the classes that the samples were made for.

    Returns:
        `LabelAgreement`.

    Raises:
        ValueError: labels that are no integers, or of two shapes.

    Reference:
        Shmelkov et al. 2018, https://arxiv.org/abs/1807.09499 (GAN-test)
    """
    guesses, asked = arrays.labels("guesses", guesses), arrays.labels("asked", asked)
    if guesses.shape != asked.shape:
        raise errors.invalid("asked", f"the shape of guesses, {list(guesses.shape)}", list(asked.shape))
    right = (guesses == asked).reshape(len(guesses), -1)
    return LabelAgreement(tuple(map(float, right.mean(axis=0))), float(right.all(axis=1).mean()))
