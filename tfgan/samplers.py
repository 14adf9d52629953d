"""Samplers: functions from latents and inputs to samples; and a discriminator's logits.

`generate`, sample grids, evaluation, the best-so-far callback and exports go over the
samplers that a game returns, and know no game.
"""

from functools import partial
from typing import Callable, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan import checks, errors
from tfgan.data.pixels import from_uint8
from tfgan.objective import logits_of
from tfgan.randomness import Random

# A stream of noise apart from those of training and testing.
GENERATE_SALT = 1_000_001


class Sampler(NamedTuple):
    """A function from latents and inputs to samples, and what it needs.

    Attributes:
        make: `(networks, latents, given, **options) -> samples`, float `[n, ...]`: networks
            by name in inference mode, live or averaged; latents as `draw` returns them;
            `given`, a dict of part to tensor.
        draw: `(n, random) -> latents`, a nest of tensors `[n, ...]`; None where samples
            depend on nothing but what is given.
        given: dict of part of the data that samples are made of (a condition, an image)
            to its `tf.TensorSpec` or `KerasTensor`, whose first axis is the batch.
        compared_with: part of the data that samples are compared with; None: with none.
        options: dict of the names of numbers that `make` takes, to their defaults.
        paired: whether sample i is compared with target i, as of a translator of pairs;
            else samples and data are compared as distributions.
        makes: what it makes, the name of its output in exports: "images" (or points), which
            grids show, or anything else, such as "codes" `[n, dims]` or "probabilities".
    """

    make: Callable
    draw: Callable | None = None
    given: dict = {}
    compared_with: str | None = "images"
    options: dict = {}
    paired: bool = False
    makes: str = "images"

    @property
    def images_given(self):
        """Names of the parts given that are images."""
        return [name for name, spec in self.given.items() if len(spec.shape) == 4]


class Makers:
    """The compiled samplers of a game, each traced once."""

    def __init__(self):
        self._compiled = {}

    def of(self, game, name, use_ema, options):
        """`(latents, given, pair) -> samples` of a sampler with these options."""
        key = (name, use_ema, tuple(options.items()))
        if key not in self._compiled:
            networks = sampling_networks(game, use_ema)
            make = partial(render, game.samplers()[name].make, networks, options)
            self._compiled[key] = tf.function(make, reduce_retracing=True, autograph=False)
        return self._compiled[key]


def choose(game, name=None):
    """(name, `Sampler`) of a game's sampler; of None the first.

    Raises:
        ValueError: a name that the game does not have.
    """
    found = game.samplers()
    name = next(iter(found)) if name is None else name
    return name, errors.lookup("sampler", name, found)


def sampling_networks(game, use_ema=True):
    """Dict of name to the networks that samplers are handed: averages, where there are any."""
    return {name: game.sampling_network(name, use_ema) for name in game.networks()}


def generate(game, n, seed, name, use_ema, batch_size, values):
    """Samples of a game: see `GAN.generate`."""
    name, sampler = choose(game, name)
    options = {key: values.get(key, default) for key, default in sampler.options.items()}
    values = {key: value for key, value in values.items() if key not in options and value is not None}
    for key in values:
        if key not in sampler.given:
            raise _not_taken(type(game).__name__, key, values[key], [*sampler.given, *options])
    n = checks.whole_number("n", _count(sampler, values) if n is None else n, 1)
    checks.whole_number("batch_size", batch_size, 1)
    if seed is None:
        seed = int(np.random.SeedSequence().generate_state(1)[0] >> 1)
    checks.whole_number("seed", seed, 0)
    given = game.given(sampler, n, values)
    latents = sampler.draw(n, Random([seed, GENERATE_SALT])) if sampler.draw else ()
    make = game.makers.of(game, name, use_ema, options)
    parts = []
    for i in range(0, n, batch_size):
        rows = lambda part: part[i : i + batch_size]
        inputs = tf.nest.map_structure(rows, (latents, given))
        parts.append(make(*inputs, tf.constant([seed, i])).numpy())
    return np.concatenate(parts)


def given_in_turn(game, specs, n, values):
    """What samplers are given, as tensors `[n, ...]`: one value for all, or several in turn.

    Args:
        game: its name, for errors.
        specs: dict of part to spec, as in `Sampler.given`.
        n: int, or a scalar int tensor.
        values: dict of part to array-like.

    Raises:
        ValueError: a part that is missing or not taken, or of another type or shape.
    """
    values = {name: value for name, value in values.items() if value is not None}
    for name in values:
        if name not in specs:
            raise _not_taken(game, name, values[name], list(specs))
    return {name: _in_turn(game, name, spec, n, values.get(name)) for name, spec in specs.items()}


def logits(game, examples, batch_size, name="discriminator"):
    """Logits of a discriminator in inference mode: see `GAN.logits`.

    Args:
        game: a `tfgan.GAN`.
        examples: images, or a list of parts with images first; before their packing.
        batch_size: packs seen at once.
        name: of the discriminator.
    """
    checks.whole_number("batch_size", batch_size, 1)
    packing = game.objective.packing
    parts = tf.nest.flatten(examples)
    if len(parts[0]) % packing:
        expected = f"a number of images that divides by {packing}, the size of a pack"
        raise errors.invalid("images", expected, len(parts[0]))
    network = errors.lookup("discriminator", name, game.networks())
    found = []
    for i in range(0, len(parts[0]), batch_size * packing):
        seen = [_floats(part[i : i + batch_size * packing]) for part in parts]
        found.append(_mean_logits(network, _joined(game, seen)))
    return np.concatenate(found)


def generate_best(game, n, share, seed, values):
    """Those samples that the discriminator finds most real.

    For each condition it makes n / share samples and keeps the n with the highest logits.
    What that does has to be measured: of `dcgan_mnist`, with a discriminator that was trained
    on alone, the better half has a precision of 0.52 instead of 0.50 and a recall of
    0.74 instead of 0.72, each within 0.02 (docs/scores.md).

    Args:
        game: a `tfgan.GAN`.
        n, seed: as in `GAN.generate`.
        share: from 0.01 to 1; all n / share samples are in memory at once.
        values: dict, the other arguments of `GAN.generate`.

    Returns:
        As `GAN.generate`.

    Reference:
        Azadi et al. 2018, https://arxiv.org/abs/1810.06758, reject by the same logits,
        but at random
    """
    if not 0.01 <= share <= 1:
        raise errors.invalid("share", "a number from 0.01 to 1", share)
    if game.objective.packing > 1:
        got = game.objective.packing
        raise errors.invalid("views['packing']", "1, where single images are seen", got)
    _, sampler = choose(game, values.get("sampler"))
    named = {name: values.pop(name) for name in list(values) if name in sampler.given}
    given = {
        name: np.asarray(part)
        for name, part in game.given(sampler, checks.whole_number("n", n, 1), named).items()
    }
    group, first, counts = _groups(n, given)
    made_for = np.repeat(np.arange(len(counts)), np.ceil(counts / share).astype(int))
    tried = {name: part[first[made_for]] for name, part in given.items()}
    samples = game.generate(len(made_for), seed, **tried, **values)
    found = game.logits(samples, **tried)
    best = np.empty(n, int)
    for number, count in enumerate(counts):
        own = np.flatnonzero(made_for == number)
        order = np.argsort(-found[own], kind="stable")[:count]
        best[group == number] = np.sort(own[order])
    return samples[best]


def render(make, networks, options, latents, given, pair):
    """Calls a sampler in inference mode; changes no variable.

    Args:
        make: of a `Sampler`.
        networks: dict of name to Keras model.
        options: dict of its options.
        latents, given: what `make` is called on.
        pair: int [2], the seed of what layers draw themselves, such as `SamplingDropout`.
    """
    with _seeded(networks.values(), pair):
        callable_networks = {name: partial(each, training=False) for name, each in networks.items()}
        made = make(callable_networks, latents, given, **options)
        return tf.cast(made, tf.float32) if made.dtype.is_floating else made


def _seeded(networks, pair):
    """A scope in which the seed generators of networks are seeded by a pair of ints."""
    variables = [variable for network in networks for variable in network.variables]
    states = [v for v in variables if v.path.endswith("seed_generator_state")]
    drawn = [(state, _state(pair, i, state.dtype)) for i, state in enumerate(states)]
    return keras.StatelessScope(state_mapping=drawn)


def _state(pair, number, dtype):
    folded = tf.random.experimental.stateless_fold_in(tf.cast(pair, tf.int32), number, alg="philox")
    return tf.cast(folded, dtype)


def _not_taken(game, name, value, taken):
    expected = f"None, since {game} takes no {name}"
    return errors.invalid(name, f"{expected}; it takes {', '.join(taken)}" if taken else expected, value)


def _count(sampler, values):
    """Rows of the first part given; None where one value is for all."""
    for name, value in values.items():
        if np.ndim(value) == len(sampler.given[name].shape):
            return len(value)
    return None


def _in_turn(game, name, spec, n, value):
    if value is None:
        raise errors.invalid(name, f"{_kind(spec)}, which {game} needs", None)
    part = value if tf.is_tensor(value) else np.asarray(value)
    part = _floats(part) if len(spec.shape) == 4 else tf.convert_to_tensor(part)
    if tf.as_dtype(spec.dtype).is_integer and not part.dtype.is_integer:
        raise errors.invalid(name, "integer classes", part.dtype.name)
    part = tf.cast(part, spec.dtype)
    if tuple(spec.shape[1:]) == (1,) and part.shape.rank < 2:
        part = tf.reshape(part, [-1, 1])
    if part.shape.rank == len(spec.shape) - 1:
        part = part[None]
    if not part.shape[1:].is_compatible_with(spec.shape[1:]):
        expected = ", ".join(map(str, ["n", *spec.shape[1:]]))
        raise errors.invalid(name, f"shape [{expected}]", value if np.size(value) < 20 else np.shape(value))
    return tf.gather(part, tf.range(n) % tf.shape(part)[0])


def _kind(spec):
    if len(spec.shape) == 4:
        return "images"
    return "labels" if tf.as_dtype(spec.dtype).is_integer else "numbers"


def _joined(game, parts):
    """Parts in packs, as a discriminator takes them."""
    views = [view for view in game.objective.views if view.joins]
    for view in views:
        parts = view(parts, None, None)
    return parts[0] if len(parts) == 1 else parts


@tf.function(reduce_retracing=True, autograph=False)
def _logits(network, inputs):
    with _seeded([network], tf.constant([0, 0])):
        return logits_of(network(inputs, training=False))


def _mean_logits(network, inputs):
    """NumPy [n]: the mean of each example's logits over patches, then over scales."""
    scales = [np.asarray(scale, np.float32) for scale in tf.nest.flatten(_logits(network, inputs))]
    return np.mean([np.reshape(scale, [len(scale), -1]).mean(axis=1) for scale in scales], axis=0)


def _groups(n, given):
    """Which of `n` samples are given the same: (group of each, its first, its count)."""
    columns = [part.reshape(n, -1) for part in given.values()]
    keys = np.concatenate(columns, axis=1) if columns else np.zeros([n, 1])
    _, first, group, counts = np.unique(
        keys, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    return group.reshape(-1), first, counts


def _floats(part):
    """Images as floats; other parts as they are."""
    images = part.dtype == "uint8" and len(part.shape) == 4
    return from_uint8(part) if images else tf.convert_to_tensor(part)
