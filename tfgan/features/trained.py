"""Feature extractors that the library trains: small classifiers, trained once and cached.

Scores computed with different networks are not comparable. The network's name is part
of the name of a score, and its fingerprint depends on the code, data and seed that it
was trained with.
"""

import json
import sys
import time
from pathlib import Path

import keras
import numpy as np

from tfgan import data, errors
from tfgan.features import cache, learning
from tfgan.features.extractor import Extractor
from tfgan.features.learning import RECIPES


def open_classifier(dataset, data_dir=None):
    """The classifier of a TFDS data set, trained if it is not in the cache yet.

    Its features are the 128 outputs of its last hidden layer.

    Args:
        dataset: key of `RECIPES`.
        data_dir: folder of the TFDS data; None for the default.

    Returns:
        `Extractor`, whose note states its accuracy.

    Raises:
        FileNotFoundError: the data are absent.
    """
    recipe = RECIPES[dataset]
    train, rest = (
        data.open_source(dataset, split, data_dir=data_dir, condition=True)
        for split in (recipe.train, recipe.rest)
    )
    return classifier(f"{dataset}_classifier", train, rest, recipe)


def classifier(name, train, rest, recipe, seed=learning.SEED):
    """A classifier of any labelled images, trained if it is not in the cache yet.

    Args:
        name: str, name of the extractor.
        train: finite source of `images` and a `condition` of one label, to train on.
        rest: the same, to measure the accuracy on.
        recipe: `Recipe`.
        seed: int, of weights, dropout, the order of images and augmentation.

    Returns:
        `Extractor`, whose note states its accuracy.

    Raises:
        ValueError: a damaged file in the cache; the error names the folder to delete.
    """
    # Any change of that module, even of a comment, has all classifiers trained anew.
    code = Path(learning.__file__).read_bytes()
    table = train.table("images", "condition")
    fingerprint = cache.digest(code, json.dumps(recipe), str(seed), *table.values())

    def make():
        return _make(train, rest, recipe, seed)

    network, about = kept(name, fingerprint, make)
    function = lambda images: learning.features(network, images)
    shape = train.spec["images"].shape
    return Extractor(name, fingerprint, function, shape, note=about["note"])


def kept(name, fingerprint, make):
    """A trained network and facts about it from the cache, trained if they are not there yet.

    Args:
        name: str, name of the extractor.
        fingerprint: str that identifies all that the network depends on.
        make: `() -> (Keras model, dict)`, which trains it; the dict can be written as JSON and
            has a `note` for people.

    Returns:
        (Keras model, dict), as they were saved.

    Raises:
        ValueError: a damaged file in the cache; the error names the folder to delete.
    """
    path = cache.folder() / f"{name}_{fingerprint}"
    if not path.exists():
        print(f"{name}: training this classifier, once; it takes minutes ...", file=sys.stderr)
        started = time.monotonic()
        network, about = make()
        minutes = (time.monotonic() - started) / 60
        print(f"{name}: {about['note']} in {minutes:.1f} minutes; kept in {path}", file=sys.stderr)
        with cache.keeping(path) as beside:
            network.save(beside / "network.keras")
            (beside / "accuracy.json").write_text(json.dumps(about))
    try:
        network = keras.saving.load_model(path / "network.keras")
        return network, json.loads((path / "accuracy.json").read_text())
    except (OSError, ValueError) as error:
        expected = "a classifier; delete the folder to have it trained anew"
        raise errors.invalid(str(path), expected, str(error)) from error


def _make(train, rest, recipe, seed):
    """(network, facts) of a classifier that is trained now."""
    (classes,) = train.spec["condition"].num_classes
    network = learning.network(train.spec["images"].shape, classes, recipe.widths, seed)
    learning.train(network, train, recipe, seed)
    others = rest.table("images", "condition")
    guesses = learning.features(network, others["images"]).probabilities.argmax(axis=1)
    accuracy = float(np.mean(guesses == others["condition"]))
    note = (
        f"accuracy {100 * accuracy:.2f} % on {recipe.rest} ({len(rest):,} images), "
        f"trained on {recipe.train} ({len(train):,})"
    )
    return network, {"accuracy": accuracy, "note": note}
