"""A classifier of several labels at once, which judges whether samples show what was asked for.

A game's own classifier cannot judge its samples: it was trained with them. This one is trained
on real images alone, once, and cached.
"""

import dataclasses
import json
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from tfgan import errors
from tfgan.features import cache, tag_learning
from tfgan.features.extractor import Extractor, Features
from tfgan.features.tag_learning import TagRecipe
from tfgan.features.trained import kept
from tfgan.metrics import LabelAgreement, label_agreement


class Judged(NamedTuple):
    """How a classifier does on images and labels that it was not trained on.

    Attributes:
        accuracy: `LabelAgreement` of its guesses with the labels: what a perfect generator
            would have, if labels are noisy (the ceiling).
        chance: the mean `LabelAgreement` with the labels in every possible order: what samples
            have that do not depend on what is asked (the floor).
        majority: tuple of float, for each label the share of its most frequent class.
        balanced: tuple of float, for each label the mean over classes of the share that is
            recognised.
        count: number of images.
    """

    accuracy: LabelAgreement
    chance: LabelAgreement
    majority: tuple
    balanced: tuple
    count: int


@dataclasses.dataclass(frozen=True)
class TagClassifier:
    """A trained classifier of several labels at once.

    Attributes:
        extractor: `Extractor` of its features, for metrics that compare vectors; its `note`
            states the accuracy, its `fingerprint` identifies the network.
        judged: `Judged`, on the held-out images.
        network: the Keras model.
        labels: names of the labels.
    """

    extractor: Extractor
    judged: Judged
    network: keras.Model
    labels: tuple

    def guesses(self, images):
        """The likeliest class of every label.

        Args:
            images: [n, height, width, channels], uint8, or floats in [-1, 1].

        Returns:
            int [n, k], in the order of the condition's labels.

        Raises:
            ValueError: no images, or images of another size.
        """
        return _guesses(self.network, self.extractor.checked(images))

    def vectors(self, images):
        """The outputs of the hidden layer that all labels share, float32 [n, dims].

        Args and Raises: as in `guesses`.
        """
        return self.extractor(images).vectors

    @property
    def note(self):
        """str for people: its accuracy, and what it was measured on."""
        return self.extractor.note


def tag_classifier(train, rest, recipe=TagRecipe(), labels=None, name="tag_classifier", seed=0):
    """A classifier of all labels of a condition, trained if it is not in the cache yet.

    Args:
        train: finite source of `images` and a `condition` of one or several labels, to train
            on. In docs/results/conditional.md these are the first 2,500 of
            `source[numpy.random.RandomState(0).permutation(3000)]`.
        rest: the same, held out, to measure its accuracy on.
        recipe: `TagRecipe`.
        labels: names of the labels, for the note; None: their numbers.
        name: str, name of the extractor.
        seed: int, of weights, dropout, the order of images and mirroring.

    Returns:
        `TagClassifier`.

    Raises:
        ValueError: another kind of condition; two sources of different labels or sizes; or
            a damaged file in the cache, the error then names the folder to delete.
    """
    num_classes = _num_classes(train, rest)
    labels = tuple(labels or map(str, range(len(num_classes))))
    if len(labels) != len(num_classes):
        raise errors.invalid("labels", f"the names of {len(num_classes)} labels", labels)
    # Any change of that module, even of a comment, has all of these classifiers trained anew.
    code = Path(tag_learning.__file__).read_bytes()
    tables = [source.table("images", "condition") for source in (train, rest)]
    arrays = [array for table in tables for array in table.values()]
    fingerprint = cache.digest(code, json.dumps(recipe), str(seed), *arrays)

    def make():
        shape = train.spec["images"].shape
        network = tag_learning.network(shape, num_classes, recipe, seed)
        tag_learning.train(network, train.only("images", "condition"), recipe, seed)
        judged = judge(_guesses(network, tables[1]["images"]), _columns(tables[1]["condition"]))
        return network, {"note": _note(judged, labels, len(train)), "judged": judged}

    network, about = kept(name, fingerprint, make)
    extractor = Extractor(
        name,
        fingerprint,
        lambda images: Features(_predict(network, images)["features"]),
        train.spec["images"].shape,
        classifies=False,
        note=about["note"],
    )
    return TagClassifier(extractor, _read(about["judged"]), network, labels)


def judge(guesses, truth):
    """How guesses of labels agree with the truth, and what chance alone would give.

    Args:
        guesses: int [n, k].
        truth: int [n, k].

    Returns:
        `Judged`.
    """
    count, labels = truth.shape
    balanced, majority = [], []
    for guessed, true in zip(guesses.T, truth.T):
        recalls = [np.mean(guessed[true == value] == value) for value in np.unique(true)]
        balanced.append(float(np.mean(recalls)))
        majority.append(float(np.bincount(true).max() / count))
    each = [_by_chance(guesses[:, [j]], truth[:, [j]]) for j in range(labels)]
    chance = LabelAgreement(tuple(each), _by_chance(guesses, truth))
    accuracy = label_agreement(guesses, truth)
    return Judged(accuracy, chance, tuple(majority), tuple(balanced), count)


def _by_chance(guesses, truth):
    """Mean share of equal rows over all orders of the truth: sum over rows of the product of shares."""
    _, row = np.unique(np.concatenate([guesses, truth]), axis=0, return_inverse=True)
    row, most = row.reshape(-1), row.max() + 1
    counts = (np.bincount(part, minlength=most) for part in np.split(row, 2))
    return float(np.prod([count / len(truth) for count in counts], axis=0).sum())


def _num_classes(train, rest):
    """Number of classes of each label of a source's condition, which both sources have."""
    for name, source in (("train", train), ("rest", rest)):
        kinds = {part: source.spec[part].kind for part in ("images", "condition") if part in source.spec}
        if kinds != {"images": "image", "condition": "classes"}:
            expected = "a source of images and a condition of kind classes"
            raise errors.invalid(name, expected, kinds or list(source.spec))
        if not hasattr(source, "take"):
            raise errors.invalid(name, "a source of finitely many examples", type(source).__name__)
    one, other = ((s.spec["images"].shape, s.spec["condition"].names) for s in (train, rest))
    if one != other:
        raise errors.invalid("rest", "images and labels as train has", rest.spec)
    return train.spec["condition"].num_classes


def _guesses(network, images):
    found = _predict(network, images)["probabilities"]
    return np.stack([probabilities.argmax(axis=1) for probabilities in found], axis=1)


def _predict(network, images):
    return network.predict(images, batch_size=256, verbose=0)


def _columns(condition):
    """Labels [n] or [n, k] as [n, k]."""
    return condition.reshape(len(condition), -1)


def _note(judged, labels, trained):
    percent = lambda shares: ", ".join(f"{100 * share:.1f}" for share in shares)
    both = lambda agreement: percent([*agreement.each, agreement.all])
    return (
        f"accuracy of {', '.join(labels)}, all: {both(judged.accuracy)} % on {judged.count:,} held-out "
        f"images, trained on {trained:,}; with shuffled labels {both(judged.chance)} %; most frequent "
        f"class {percent(judged.majority)} %; mean recall of classes {percent(judged.balanced)} %"
    )


def _read(judged):
    """A `Judged` that JSON made a list of."""
    accuracy, chance, majority, balanced, count = judged
    agreements = (LabelAgreement(tuple(each), both) for each, both in (accuracy, chance))
    return Judged(*agreements, tuple(majority), tuple(balanced), count)
