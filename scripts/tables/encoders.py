"""What an encoder's codes and features are worth: neighbours, probe, ways back, and refinement."""

from typing import NamedTuple

import numpy as np
from tables.mnist import Digits

from tfgan import latents, metrics
from tfgan.data import to_uint8
from tfgan.randomness import Random
from tfgan.samplers import GENERATE_SALT

SEED = 0
# Images that refinement looks for, and its steps.
REFINED, STEPS = 1_000, 200
FROM_CODES, FROM_RANDOM = "the encoder's codes", "random latents"


class Data(NamedTuple):
    """Images and digits that encoders are measured on.

    Attributes:
        training: `Digits` that games are trained on, the references of nearest neighbours.
        held_out: `Digits` that they are not.
        test: `Digits` of the test set.
    """

    training: Digits
    held_out: Digits
    test: Digits

    def mapped(self, function):
        """Dict of each set's name to a function of its images."""
        return {name: function(digits.images) for name, digits in self._asdict().items()}


def of_pixels(data):
    """Scores of the images themselves as features, a dict as of `scores`."""
    return _neighbours(data, data.mapped(_flat), "features")


def scores(game, data, samples):
    """Scores of a game with the samplers `encode`, `features` and `reconstruct`, a dict of key to float.

    * `features_held_out`, `features_test`, `codes_held_out`, `codes_test`: accuracy of the nearest
      training image's digit, by features or codes, in per cent;
    * `probe_held_out`: accuracy of a logistic regression on features, in per cent;
    * `real_ratio`: mean distance of held-out images to their reconstructions, over that to the
      reconstructions of others; `made_ratio`: the same of generated images;
    * `r2`: share of the variance of fresh latents that their images' codes explain.

    Args:
        game: a `BiGAN` or `Inference` game.
        data: `Data`.
        samples: number of generated images.
    """
    from sklearn.metrics import r2_score

    of = lambda name: lambda images: game.generate(sampler=name, images=images)
    features = data.mapped(of("features"))
    found = _neighbours(data, features, "features") | _neighbours(data, data.mapped(of("encode")), "codes")
    labels = data.training.labels, data.held_out.labels
    probe = metrics.logistic_probe(features["training"], labels[0], features["held_out"], labels[1])
    made = game.generate(samples, seed=SEED)
    return found | {
        "probe_held_out": 100.0 * probe,
        "real_ratio": _ratio(data.held_out.images, of("reconstruct")),
        "made_ratio": _ratio(np.asarray(to_uint8(made)), of("reconstruct")),
        "r2": float(r2_score(drawn(game, samples), of("encode")(made))),
    }


def refinement(game, data, steps=STEPS):
    """Mean square errors of test images before and after each step of refinement.

    Returns:
        Dict of where it starts to a list of `steps` + 1 floats.
    """
    images = data.test.images[:REFINED]
    starts = {
        FROM_CODES: game.generate(sampler="encode", images=images),
        FROM_RANDOM: drawn(game, len(images)),
    }
    limit = 1.0 if game.prior is latents.PRIORS["uniform"] else None
    generator, floats = game.sampling_network("generator"), data.test.floats[:REFINED]
    return {
        name: latents.refine(generator, floats, start, steps, limit=limit).errors.mean(axis=1).tolist()
        for name, start in starts.items()
    }


def drawn(game, n):
    """The latents of `game.generate(n, seed=SEED)`."""
    return game.latents(n, Random([SEED, GENERATE_SALT])).numpy()


def _neighbours(data, vectors, name):
    """Accuracies of the nearest training image's digit, by the vectors of each set."""
    return {
        f"{name}_{part}": 100.0 * metrics.nearest_neighbour_accuracy(
            vectors["training"], data.training.labels, vectors[part], getattr(data, part).labels
        )
        for part in ("held_out", "test")
    }  # fmt: skip


def _ratio(images, back):
    """Mean distance of images to what comes back of them, over that of the next image's to it."""
    found, floats = _flat(back(images)), _flat(images.astype(np.float32) / 127.5 - 1.0)
    distance = lambda others: np.linalg.norm(others - found, axis=1).mean()
    return float(distance(floats) / distance(np.roll(floats, -1, axis=0)))


def _flat(images):
    return images.reshape(len(images), -1)
