"""Small classifiers that the library trains itself, once, and keeps.

A score in such a network's features compares with no score in another's: the name
of the network, and through its fingerprint the code, data and seed it was trained
with, are part of the score.
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
        data_dir: the folder TFDS keeps its data in; None for its default.

    Returns:
        `Extractor`, whose note tells its accuracy.

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
        name: str, of the extractor.
        train: finite source of `images` and a `condition` of one label, to learn from.
        rest: the same, to measure its accuracy on.
        recipe: `Recipe`.
        seed: int, of weights, dropout, order and augmentation.

    Returns:
        `Extractor`.
    """
    code = Path(learning.__file__).read_bytes()
    table = train.table("images", "condition")
    fingerprint = cache.digest(code, json.dumps(recipe), str(seed), *table.values())
    path = cache.folder() / f"{name}_{fingerprint}"
    if not path.exists():
        _make(path, name, train, rest, recipe, seed)
    try:
        network = keras.saving.load_model(path / "network.keras")
        note = json.loads((path / "accuracy.json").read_text())["note"]
    except (OSError, ValueError) as error:
        expected = "a classifier; delete the folder to have it trained anew"
        raise errors.invalid(str(path), expected, str(error)) from error
    function = lambda images: learning.features(network, images)
    return Extractor(name, fingerprint, function, train.spec["images"].shape, note=note)


def _make(path, name, train, rest, recipe, seed):
    """Trains a classifier into the folder `path`."""
    print(f"{name}: training it once, for minutes ...", file=sys.stderr)
    started = time.monotonic()
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
    minutes = (time.monotonic() - started) / 60
    print(f"{name}: {note} in {minutes:.1f} minutes; kept in {path}", file=sys.stderr)
    with cache.keeping(path) as beside:
        network.save(beside / "network.keras")
        (beside / "accuracy.json").write_text(json.dumps({"accuracy": accuracy, "note": note}))
