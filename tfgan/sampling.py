"""A trained game in use: samples of its generator, and what its discriminator says."""

import keras
import numpy as np
import tensorflow as tf

from tfgan import checks, errors
from tfgan.data.pixels import from_uint8
from tfgan.randomness import Random
from tfgan.two_sided import TwoSided
from tfgan.views import pack

# A stream of noise apart from those of training and testing.
GENERATE_SALT = 1_000_001


class Sampling(TwoSided):
    """`generate` and `judge`, both in inference mode."""

    def generate(self, n, condition=None, seed=None, use_ema=True, batch_size=256):
        """Samples of the generator in inference mode.

        The first images of a seed stay the same when `n` grows (of a generator with
        `SamplingDropout` only whole batches of them).

        Args:
            n: number of images, >= 1.
            condition: what to condition them on, in games that take it: int
                `[n]` or `[n, k]`, or one for all.
            seed: int of the latents; None draws fresh ones.
            use_ema: whether to use the averaged weights, where the game has them.
            batch_size: images made at once, >= 1.

        Returns:
            NumPy float32 `[n, height, width, channels]` in [-1, 1] (points: `[n, dims]`).
        """
        checks.whole_number("n", n, 1)
        checks.whole_number("batch_size", batch_size, 1)
        if seed is None:
            seed = int(np.random.SeedSequence().generate_state(1)[0] >> 1)
        checks.whole_number("seed", seed, 0)
        inputs = self.sample_inputs(n, Random([seed, GENERATE_SALT]), condition)
        network = self.sampling_network(use_ema)
        parts = [
            _compiled_render(
                network,
                tf.nest.map_structure(lambda part: part[i : i + batch_size], inputs),
                tf.constant([seed, i]),
            )
            for i in range(0, n, batch_size)
        ]
        return np.concatenate([part.numpy() for part in parts])

    def judge(self, images, condition=None, batch_size=256):
        """Logits of the discriminator in inference mode: high for what it takes for real.

        Args:
            images: uint8, or float32 in [-1, 1], [n, height, width, channels] (points:
                [n, dims]).
            condition: as in `generate`.
            batch_size: images, or packs of them, judged at once, >= 1.

        Returns:
            NumPy float32 [n]; of several logits (patches, scales) the mean. A
            discriminator of packs says one logit for each, [n / packing].
        """
        checks.whole_number("batch_size", batch_size, 1)
        inputs = self.judged_inputs(images, condition)
        network = getattr(self, self.discriminator_side[0])
        found = []
        for i in range(0, len(tf.nest.flatten(inputs)[0]), batch_size):
            part = tf.nest.map_structure(lambda part: _floats(part[i : i + batch_size]), inputs)
            scales = tf.nest.flatten(self.logits(_compiled_render(network, part, tf.constant([0, i]))))
            found.append(
                np.mean([np.reshape(scale, [len(scale), -1]).mean(axis=1) for scale in scales], axis=0)
            )
        return np.concatenate(found)

    def generate_best(self, n, share, condition=None, seed=None, **kwargs):
        """Those samples that the discriminator finds most real.

        Of each condition the best `share` of so many more samples is kept. What that
        does has to be measured: of `dcgan_mnist`, with a discriminator that was trained
        on alone (`--judge_images` of `scripts/train.py`), the better half has a precision
        of 0.52 instead of 0.50 and a recall of 0.74 instead of 0.72, both to 0.02
        (docs/scores.md).

        Args:
            n, condition, seed, **kwargs: as in `generate`.
            share: from 0.01 to 1; all n / share samples are in memory at once.

        Returns:
            As `generate`.

        Reference:
            Azadi et al. 2018, https://arxiv.org/abs/1810.06758, reject by the same logits,
            but at random
        """
        if not 0.01 <= share <= 1:
            raise errors.invalid("share", "a number from 0.01 to 1", share)
        if self.packing > 1:
            raise errors.invalid("packing", "1, where single images are judged", self.packing)
        conditions = self.conditions(checks.whole_number("n", n, 1), condition)
        keys = np.zeros([n, 1]) if conditions is None else np.reshape(conditions, [n, -1])
        _, first, group, counts = np.unique(
            keys, axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        group = group.reshape(-1)
        made_for = np.repeat(np.arange(len(counts)), np.ceil(counts / share).astype(int))
        tried = None if conditions is None else np.asarray(conditions)[first[made_for]]
        samples = self.generate(len(made_for), tried, seed, **kwargs)
        logits = self.judge(samples, tried)
        best = np.empty(n, int)
        for number, count in enumerate(counts):
            own = np.flatnonzero(made_for == number)
            order = np.argsort(-logits[own], kind="stable")[:count]
            best[group == number] = np.sort(own[order])
        return samples[best]

    def conditions(self, n, condition):
        """The condition of each of `n` images, or None; this game takes none."""
        if condition is not None:
            raise errors.invalid(
                "condition", f"None, since {type(self).__name__} takes no condition", condition
            )

    def judged_inputs(self, images, condition):
        """What the discriminator is called on for images."""
        conditions = self.conditions(len(images), condition)
        if len(images) % self.packing:
            expected = f"a number of images that divides by {self.packing}, the size of a pack"
            raise errors.invalid("images", expected, len(images))
        seen = pack(images, self.packing)
        return seen if conditions is None else [seen, conditions]


def render(network, inputs, pair):
    """What a network returns in inference mode, without a trace of it.

    Args:
        network: a Keras model.
        inputs: what it is called on.
        pair: int [2], the seed of what layers draw themselves, such as `SamplingDropout`.
    """
    states = [v for v in network.variables if v.path.endswith("seed_generator_state")]
    drawn = [(state, _state(pair, i, state.dtype)) for i, state in enumerate(states)]
    with keras.StatelessScope(state_mapping=drawn):
        return network(inputs, training=False)


_compiled_render = tf.function(render, reduce_retracing=True)


def _state(pair, number, dtype):
    folded = tf.random.experimental.stateless_fold_in(tf.cast(pair, tf.int32), number, alg="philox")
    return tf.cast(folded, dtype)


def _floats(part):
    return from_uint8(part) if part.dtype == "uint8" else tf.convert_to_tensor(part)
