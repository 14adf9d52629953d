"""Categories matched to classes one to one, and the error of classification that is left."""

import numpy as np

from tfgan import errors
from tfgan.metrics import arrays


def match_categories(categories, labels, classes=None):
    """The class of each category under the best one-to-one matching (the Hungarian method).

    The matching maximises the number of examples whose category's class is their label. A
    code that was learned without labels, such as InfoGAN's, can equal the classes only up to
    such a matching. Find it on other examples than those that `assigned_error` scores.

    Args:
        categories: int [n] of 0 or more, such as the likeliest value of a categorical code.
        labels: int [n], the classes of the same examples.
        classes: int, the number of both categories and classes; None: as many as the
            largest number among them needs.

    Returns:
        int [classes], the class of each category, a permutation.

    Raises:
        ValueError: labels that are no integers or out of range, or not as many as categories.

    Reference:
        Kuhn 1955, https://doi.org/10.1002/nav.3800020109; as a score Chen et al. 2016,
        https://arxiv.org/abs/1606.03657
    """
    from scipy.optimize import linear_sum_assignment

    categories, labels = _pair(categories, labels)
    most = int(max(categories.max(), labels.max())) + 1
    classes = most if classes is None else classes
    if min(categories.min(), labels.min()) < 0 or most > classes:
        got = f"{min(categories.min(), labels.min())} to {most - 1}"
        raise errors.invalid("categories", f"categories and labels from 0 to {classes - 1}", got)
    counts = np.zeros([classes, classes], np.int64)
    np.add.at(counts, (categories, labels), 1)
    return linear_sum_assignment(counts, maximize=True)[1]


def assigned_error(categories, labels, matching):
    """Share of examples whose category was matched to another class than theirs.

    Args:
        categories: int [n].
        labels: int [n], the classes of the same examples.
        matching: int [categories], the class of each category, from `match_categories`.

    Returns:
        float in [0, 1].

    Raises:
        ValueError: labels that are no integers, or not as many as categories; a category
            beyond the matching.
    """
    categories, labels = _pair(categories, labels)
    matching = arrays.labels("matching", matching)
    if categories.min() < 0 or categories.max() >= len(matching):
        got = f"{categories.min()} to {categories.max()}"
        raise errors.invalid("categories", f"0 to {len(matching) - 1}, as many as were matched", got)
    return float(np.mean(matching[categories] != labels))


def _pair(categories, labels):
    categories, labels = arrays.labels("categories", categories), arrays.labels("labels", labels)
    if categories.ndim != 1 or categories.shape != labels.shape:
        got = f"{list(categories.shape)} and {list(labels.shape)}"
        raise errors.invalid("labels", "one label [n] for each category [n]", got)
    return categories, labels
