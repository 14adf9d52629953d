"""Drawn faces with asked colours of hair and eyes, judged by a classifier of real ones."""

import json
from typing import NamedTuple

import numpy as np
from tables import markdown
from tables.costs import Costs

from tfgan.files import write_atomically

# Examples that the classifier learns from, the first of a permutation; the rest are held out.
LEARNED_FROM = 2_500
# Images that it is shown: 25 passes over them.
IMAGES = 62_500
LABELS = ("hair", "eyes")
# Pairs of samples with one caption, whose similarity is measured.
PAIRS = 2_000
# Share of samples that are kept where the discriminator chooses.
BEST = 0.5
SEED = 0

# Rows that are no game.
CEILING, FLOOR, TRAINED_ON = "ceiling: held-out faces", "floor: shuffled captions", "faces trained on"

COLUMNS = {
    "hair": "hair",
    "eyes": "eyes",
    "all": "both",
    "within": "MS-SSIM within a caption",
    "unseen_hair": "hair, unseen pairs",
    "unseen_eyes": "eyes, unseen pairs",
    "unseen_all": "both, unseen pairs",
    "sliced_wasserstein": "sliced Wasserstein",
}


class Faces(NamedTuple):
    """The faces that games are trained on, and the classifier that judges samples.

    Attributes:
        judge: `tfgan.features.TagClassifier`, trained on another split of the same faces.
        images: uint8, those that games are trained on.
        captions: int [n, 2], their colours of hair and eyes.
        held_out: uint8, those that games are not trained on.
        unseen: int [m, 2], pairs of colours that no image of `images` has.
        samples: number of samples that are judged.
    """

    judge: object
    images: np.ndarray
    captions: np.ndarray
    held_out: np.ndarray
    unseen: np.ndarray
    samples: int

    @property
    def asked(self):
        """int [samples, 2]: the captions that samples are made for."""
        return self.captions[: self.samples]


def open_faces(recipe, samples, images):
    """`Faces` of the folder that a recipe names.

    Args:
        recipe: `Recipe` of the games, whose data are a folder with hair and eyes in `tags.csv`.
        samples: number of samples to judge.
        images: shown to the classifier while it is trained.
    """
    from tfgan import data, features

    opened = lambda split, name=recipe.dataset: data.open_source(
        name, split, recipe.image_size, condition=LABELS
    )
    whole = opened("train", recipe.dataset.partition("?")[0])
    order = np.random.RandomState(SEED).permutation(len(whole))
    judge = features.tag_classifier(
        whole[order[:LEARNED_FROM]],
        whole[order[LEARNED_FROM:]],
        features.TagRecipe(images=images),
        LABELS,
        "faces_classifier",
    )
    training = opened(recipe.split)
    table = training.table("images", "condition")
    held_out = opened(recipe.held_out).table("images")["images"]
    samples = min(samples, len(training))
    return Faces(judge, *table.values(), held_out, unseen(training), samples)


def unseen(source):
    """int [m, 2]: the pairs of classes of a source's two labels that none of its examples has."""
    seen = np.zeros(source.spec["condition"].num_classes, bool)
    seen[tuple(source.table("condition")["condition"].T)] = True
    return np.argwhere(~seen)


def scores(folder, faces, share=1.0):
    """What the judge says of a run's samples, dict of key of `COLUMNS` to float; kept in its folder.

    Args:
        folder: of a run that is trained.
        faces: `Faces`.
        share: of the samples, those that the run's discriminator finds most real.
    """
    path = folder / ("judged.json" if share == 1 else "judged_best.json")
    protocol = {
        "judge": faces.judge.extractor.fingerprint,
        "images_shown": Costs.read(folder / "costs.csv").images,
        "samples": faces.samples,
        "pairs": PAIRS,
    }
    kept = json.loads(path.read_text()) if path.exists() else {}
    if kept.get("protocol") != protocol:
        kept = {"protocol": protocol, "scores": measured(faces, _sampler(folder, share))}
        write_atomically(path, json.dumps(kept, indent=1).encode())
    return kept["scores"]


def measured(faces, sample):
    """Scores of samples: dict of key of `COLUMNS` to float.

    Args:
        faces: `Faces`.
        sample: function from captions int [n, 2] to n images.
    """
    samples = sample(faces.asked)
    found = {
        **_agreement("", faces, samples, faces.asked),
        **of_images(faces, samples),
    }
    if len(faces.unseen):
        asked = np.resize(faces.unseen, (faces.samples, 2))
        found |= _agreement("unseen_", faces, sample(asked), asked)
    return found


def of_images(faces, images):
    """The scores that need no classifier, of images in the order of `faces.asked`."""
    from tfgan import metrics
    from tfgan.data import from_uint8

    floats = lambda some: np.asarray(from_uint8(some) if some.dtype == np.uint8 else some)
    images, real = floats(images), floats(faces.held_out)
    count = min(len(images), len(real))
    found = {"sliced_wasserstein": metrics.sliced_wasserstein(real[:count], images[:count]).mean}
    if len(np.unique(faces.asked, axis=0)) < len(faces.asked):
        found["within"] = metrics.ms_ssim_within(images, faces.asked, PAIRS, SEED)
    return found


def beside(faces):
    """Scores of what is no game: dict of row to a dict of key of `COLUMNS` to float."""
    judged, images = faces.judge.judged, faces.images[: faces.samples]
    return {
        CEILING: _shares("", judged.accuracy),
        FLOOR: _shares("", judged.chance),
        TRAINED_ON: {**_agreement("", faces, images, faces.asked), **of_images(faces, images)},
    }


def table(rows, minutes):
    """The `Table` of scores.

    Args:
        rows: dict of row to a dict of key of `COLUMNS` to float; an empty one has stopped early.
        minutes: dict of row to text, of those that were trained.
    """
    cells = lambda found: [markdown.mean([found[key]]) if key in found else "" for key in COLUMNS]
    header = ["", *COLUMNS.values(), "minutes"]
    lines = [
        [row, *cells(found), minutes.get(row, "")] if found else markdown.stopped(row, header)
        for row, found in rows.items()
    ]
    return markdown.Table(header, lines)


def _sampler(folder, share):
    """Function from captions to samples of a run's game."""
    from tfgan import experiment

    game, _ = experiment.open_run(folder)
    if share == 1:
        return lambda captions: game.generate(len(captions), seed=SEED, condition=captions)
    return lambda captions: game.generate_best(len(captions), share, SEED, condition=captions)


def _agreement(prefix, faces, samples, asked):
    from tfgan import metrics

    return _shares(prefix, metrics.label_agreement(faces.judge.guesses(samples), asked))


def _shares(prefix, agreement):
    shares = [*agreement.each, agreement.all]
    return {f"{prefix}{name}": share for name, share in zip((*LABELS, "all"), shares)}
