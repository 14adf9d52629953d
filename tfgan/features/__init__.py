"""Feature extractors: networks that turn images into the vectors that metrics compare.

```python
extract = tfgan.features.open_extractor("mnist_classifier")
real = extract(images)                       # uint8, or floats in [-1, 1]
tfgan.metrics.frechet_distance(real.vectors, extract(samples).vectors)
```

`tag_classifier` judges samples that were made for several labels at once.

Classifiers are trained once and cached, with the features of real data, in
`~/.cache/tfgan`; the environment variable `TFGAN_CACHE` names another folder.
"""

from tfgan import errors
from tfgan.features.extractor import Extractor, Features
from tfgan.features.inception import open_inception_keras, open_inception_tf2015
from tfgan.features.learning import RECIPES, Recipe, learner
from tfgan.features.pixels import open_pixels
from tfgan.features.real import real_features
from tfgan.features.tag_learning import TagRecipe
from tfgan.features.tags import TagClassifier, tag_classifier
from tfgan.features.trained import classifier, open_classifier

__all__ = [
    "EXTRACTORS",
    "RECIPES",
    "Extractor",
    "Features",
    "Recipe",
    "TagClassifier",
    "TagRecipe",
    "classifier",
    "learner",
    "open_extractor",
    "real_features",
    "tag_classifier",
]


def open_extractor(name, path=None, data_dir=None):
    """Opens a feature extractor by its name.

    Args:
        name: key of `EXTRACTORS`.
        path: file of an Inception network; for Inception only.
        data_dir: TFDS folder of the data that a classifier is trained on; None for the
            default; for classifiers only.

    Returns:
        `Extractor`, which is called on images.

    Raises:
        ValueError: an unknown name, or a file that does not hold the network.
        FileNotFoundError: no file, or no data; the error says where to get it.
    """
    return errors.lookup("extractor", name, EXTRACTORS)(path=path, data_dir=data_dir)


def _trained(dataset):
    return lambda path=None, data_dir=None: open_classifier(dataset, data_dir)


EXTRACTORS = {
    "pixels": open_pixels,
    "mnist_classifier": _trained("mnist"),
    "fashion_mnist_classifier": _trained("fashion_mnist"),
    "cifar10_classifier": _trained("cifar10"),
    "inception_tf2015": open_inception_tf2015,
    "inception_keras": open_inception_keras,
}
