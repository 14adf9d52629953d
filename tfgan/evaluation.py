"""Evaluation of samples with named metrics, against real data.

The name of every score states how it was measured: metric, extractor, number of
samples, split of the real data and their number.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from tfgan import checks, errors
from tfgan.data.pixels import from_uint8
from tfgan.features import real_features
from tfgan.features.extractor import as_bytes
from tfgan.metrics import METRICS, Sets

# Values of `Metric.needs` that an extractor computes.
EXTRACTED = ("vectors", "probabilities")
# Values of `Metric.needs` of which each sample has a target.
PAIRED = ("pairs", "labels")
# Random halves that a standard error is estimated from.
HALVES = 5
# Dimensions of features up to which `applicable` lists "frechet": the distance takes roots
# of matrices of this size, which takes minutes for larger ones.
MOST_DIMS = 4096


class Reference(NamedTuple):
    """Real data that samples are compared with.

    Attributes:
        data: uint8 images [n, height, width, channels]; or, for points, the mixture
            that they are drawn from (`tfgan.data.Points`); or int labels [n], for samplers that
            classify.
        split: str, the part of the data set, such as "train[50000:]".
        labels: int [n], the classes of the images, or None; for metrics that need them.
    """

    data: object
    split: str
    labels: object = None

    @property
    def kind(self):
        """What the data are: "images", "points" or "labels"."""
        rank = getattr(self.data, "ndim", 0)
        return {4: "images", 1: "labels", 2: "labels"}.get(rank, "points")


class Evaluation:
    """Metrics that compare samples with one set of real data.

    ```python
    evaluation = tfgan.evaluation.Evaluation(
        ["frechet", "manifold"], tfgan.evaluation.Reference(images, "test"),
        extractor=tfgan.features.open_extractor("mnist_classifier"), num_samples=10_000,
    )
    evaluation.scores(gan.generate(10_000))
    # {"frechet_mnist_classifier_10k_vs_test_10k": 6.1, "precision_...": 0.83, ...}
    ```

    Args:
        metrics: names in `tfgan.metrics.METRICS`.
        real: `Reference`, preferably data that the game was not trained on.
        training: `Reference`, the game's training data; for metrics that need them.
        extractor: `tfgan.features.Extractor`; for metrics that need one.
        num_samples: samples that are scored, >= 2. Scores of different numbers of samples
            are not comparable.
        seed: int, of the random choice of `num_samples` real images where there are more.
        paired: whether sample i has a target, real example `rows[i]`, that it is compared
            with.
        labels: int [m], classes that the samples are made for, in turn; for metrics that need them.

    Attributes:
        names: list of str, the names of the scores.
        num_samples: as given; if `paired`, at most the number of real examples.
        rows: int [n], rows of the real examples that are used, in this order; None for points.

    Raises:
        ValueError: an unknown metric, or one that lacks something it needs.
    """

    def __init__(
        self, metrics, real, training=None, extractor=None, num_samples=10_000, seed=0, paired=False,
        labels=None,
    ):  # fmt: skip
        self.num_samples = checks.whole_number("num_samples", num_samples, 2)
        self.metrics = {name: errors.lookup("metrics", name, METRICS) for name in metrics}
        for name in metrics:
            problem = unmet(name, real, training, extractor, num_samples, paired, labels)
            if problem:
                raise errors.invalid("metrics", *problem)
        self.paired = paired
        self.rows = self._choose(real, seed)
        if paired:
            self.num_samples = len(self.rows)
        self.extractor = extractor
        self._split = real.split
        needed = {name for metric in self.metrics.values() for name in metric.uses}
        self._real = self._chosen(real) if paired or "real" in needed else None
        # Not reduced to num_samples: copies of images that were left out would count as new.
        self._training = training if "training" in needed else None
        self._labels = None if labels is None else np.resize(labels, self.num_samples)
        self._kept = {}
        self.names = [
            name for key, metric in self.metrics.items() for name in self._names(key, metric)
        ]

    def scores(self, samples):
        """Computes all scores of a set of samples.

        Args:
            samples: `num_samples` of them, as `GAN.generate` makes them, or uint8 images.

        Returns:
            Dict of name to float.

        Raises:
            ValueError: another number of samples, or another shape than the real data.
        """
        return self._scores(self._generated(samples))

    def samples_of(self, game, given=None, sampler=None, seed=0):
        """Generates the samples of a game that `scores` takes.

        Args:
            game: a `tfgan.GAN`.
            given: dict of data part to the sampler's inputs, such as conditions, which are used
                in turn; if `paired`, one row for each real example.
            sampler, seed: as in `GAN.generate`.

        Returns:
            As `GAN.generate`, `num_samples` of them.
        """
        given = dict(given or {})
        if self.paired:
            given = {part: values[self.rows] for part, values in given.items()}
        return game.generate(self.num_samples, seed=seed, sampler=sampler, **given)

    def measure(self, samples, halves=HALVES, seed=0):
        """Computes all scores of a set of samples, and their standard errors.

        A standard error is the standard deviation of the scores of random halves of the
        samples and of the real data: the delete-half jackknife, which estimates the
        variance of the score of the whole sets.

        Args:
            samples: as in `scores`.
            halves: number of random halves, >= 2.
            seed: int, of the halves.

        Returns:
            Two dicts of name to float: scores and standard errors. An error is NaN where
            a half has fewer rows than its metric needs.

        Raises:
            ValueError: as in `scores`.

        Reference:
            Shao & Wu 1989, https://doi.org/10.1214/aos/1176347263
        """
        rng = np.random.default_rng(seed)
        generated, real = self._generated(samples), self._real_forms("real")
        smaller = min(_rows(forms) // 2 for forms in (generated, real) if _rows(forms))
        few = [key for key, metric in self.metrics.items() if smaller < metric.least]
        drawn = [(_half(rng, generated), _half(rng, real), few) for _ in range(halves)]
        self._real_forms("training")
        with ThreadPoolExecutor(2) as pool:  # most of a metric is NumPy in one thread
            whole, *found = pool.map(lambda sets: self._scores(*sets), [(generated, real), *drawn])
        return whole, {name: _spread([scores[name] for scores in found]) for name in self.names}

    def _scores(self, generated, real=None, without=()):
        real = real or self._real_forms("real")
        forms = (real, generated, self._real_forms("training"))
        values = []
        for key, metric in self.metrics.items():
            sets = Sets(*(form.get(metric.needs) for form in forms), generated.get("asked"))
            values += [np.nan] * len(metric.parts) if key in without else metric.function(sets)
        return {name: float(value) for name, value in zip(self.names, values, strict=True)}

    def _generated(self, samples):
        if len(samples) != self.num_samples:
            raise errors.invalid("samples", f"{self.num_samples} of them", len(samples))
        # Some metrics split the samples; the order of a folder must not matter.
        order = np.random.default_rng(2).permutation(len(samples))
        forms = self._forms("generated", np.asarray(samples)[order])
        needs = {metric.needs for metric in self.metrics.values()}
        if "pairs" in needs:
            both = samples, self._real.data
            forms["pairs"] = np.stack([from_uint8(as_bytes("samples", each)) for each in both], axis=1)
        if "labels" in needs:
            forms["labels"] = np.stack([np.argmax(samples, axis=1), self._real.data], axis=1)
        if self._labels is not None:
            forms["asked"] = self._labels[order]
        return forms

    def _real_forms(self, which):
        reference = getattr(self, f"_{which}")
        if reference is None:
            return {}
        if which not in self._kept:
            self._kept[which] = self._forms(which, reference.data, reference.split)
        return self._kept[which]

    def _forms(self, which, data, split=None):
        """Dict of `Metric.needs` to a set's data in that form; `split` is None for samples."""
        needs = {metric.needs for metric in self.metrics.values() if which in metric.uses} - set(PAIRED)
        if needs == {"points"}:
            return {"points": data}
        if not needs:
            return {}
        images = as_bytes("samples", data)
        forms = {"images": from_uint8(images)} if "images" in needs else {}
        if needs & set(EXTRACTED):
            extract = self.extractor
            found = real_features(extract, images, split) if split else extract(images)
            forms |= found._asdict()
        return forms

    def _choose(self, reference, seed):
        """Rows of as many real images as samples, or of all, in random order."""
        if not isinstance(reference.data, np.ndarray):
            return None
        return np.random.default_rng(seed).permutation(len(reference.data))[: self.num_samples]

    def _chosen(self, reference):
        return reference if self.rows is None else reference._replace(data=reference.data[self.rows])

    def _names(self, key, metric):
        network = self.extractor.name if metric.needs in EXTRACTED else metric.needs
        ending = short(self.num_samples)
        for part in metric.parts:
            protocol = f"{part}_{network}"
            if (part, network) == ("frechet", "inception_tf2015"):
                protocol = "fid"
            if metric.needs == "points" or not ("real" in metric.uses or metric.needs in PAIRED):
                yield f"{protocol}_{ending}"
            else:
                yield f"{protocol}_{ending}_vs_{self._split}_{short(len(self._real.data))}"


def applicable(real, training, extractor, num_samples, paired=False, labels=None):
    """Names of the metrics that can be computed from some data and an extractor.

    Args: as in `Evaluation`.

    Returns:
        List of names in `tfgan.metrics.METRICS`.
    """
    unasked = [] if _dims(real, extractor) <= MOST_DIMS else ["frechet"]
    return [
        name
        for name in METRICS
        if name not in unasked
        and not unmet(name, real, training, extractor, num_samples, paired, labels)
    ]


def unmet(name, real, training, extractor, num_samples, paired=False, labels=None):
    """Why a metric cannot be computed: (what it expects, what it would get), or None if it can.

    Args:
        name: a name in `tfgan.metrics.METRICS`.
        real, training, extractor, num_samples, paired, labels: as in `Evaluation`.
    """
    metric, images = METRICS[name], real.kind == "images"
    if real.kind != (metric.needs if metric.needs in ("points", "labels") else "images"):
        return f"metrics of {real.kind}", name
    if metric.needs in PAIRED and not paired:
        return f"a sampler whose samples have targets for {name}", "samples without targets"
    if "asked" in metric.uses and np.ndim(labels) != 1:
        got = "samples without labels" if labels is None else f"{np.shape(labels)[1]} labels for each"
        return f"samples made for one label each for {name}", got
    if "training" in metric.uses and (training is None or training.split == real.split):
        got = training and training.split
        return f"training data, and real data apart from them, for {name}", got
    if images and not metric.fits(*real.data.shape[1:3]):
        return f"images of other sides for {name}", list(real.data.shape[1:3])
    rows = num_samples if real.kind == "points" else min(num_samples, len(real.data))
    if rows < metric.least:
        return f"at least {metric.least} samples and real images for {name}", rows
    return _unmet_by(extractor, name, metric, real) if metric.needs in EXTRACTED else None


def short(number):
    """A number as in the names of scores: "10k" for 10,000 and "2500" for 2,500."""
    return f"{number // 1000}k" if number % 1000 == 0 else str(number)


def _unmet_by(extractor, name, metric, real):
    if extractor is None:
        return f"an extractor for {name}", None
    if metric.needs == "probabilities" and not extractor.classifies:
        return f"an extractor that classifies for {name}", extractor.name
    if extractor.shape not in (None, real.data.shape[1:]):
        expected = f"an extractor of images {list(real.data.shape[1:])} for {name}"
        return expected, f"{extractor.name}, of {list(extractor.shape)}"
    return None


def _dims(real, extractor):
    pixels = getattr(extractor, "name", None) == "pixels"
    return np.prod(real.data.shape[1:]) if pixels and real.kind == "images" else 0


def _rows(forms):
    """Number of rows of a set; 0 if it holds no arrays."""
    return next((len(form) for form in forms.values() if isinstance(form, np.ndarray)), 0)


def _half(rng, forms):
    """A random half of a set."""
    if not _rows(forms):
        return forms
    rows = rng.permutation(_rows(forms))[: _rows(forms) // 2]
    return {name: form[rows] for name, form in forms.items() if form is not None}


def _spread(numbers):
    return float(np.std(numbers, ddof=1)) if np.isfinite(numbers).all() else float("nan")
