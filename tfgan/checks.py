"""Checks of what a game is given, before anything is trained."""

import numbers
import operator

import keras
import tensorflow as tf

from tfgan import errors
from tfgan.penalties import PENALTIES


def whole_number(argument, value, least):
    """`value` as an int, if it is a whole number of at least `least`; else InputError."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise errors.invalid(argument, f"a whole number >= {least}", value)
    return number


def positive(argument, value):
    """`value`, if it is a number above 0; else InputError."""
    if isinstance(value, bool) or not (isinstance(value, numbers.Real) and value > 0):
        raise errors.invalid(argument, "a number > 0", value)
    return value


def positive_or_none(argument, value):
    """`value`, if it is None or a number above 0; else InputError."""
    if value is not None and not (isinstance(value, numbers.Real) and value > 0):
        raise errors.invalid(argument, "a number > 0 or None", value)
    return value


def number_from_0(argument, value):
    """`value`, if it is a number of at least 0; else InputError."""
    if isinstance(value, bool) or not (isinstance(value, numbers.Real) and value >= 0):
        raise errors.invalid(argument, "a number >= 0", value)
    return value


def weights_and_intervals(penalties):
    """Dict of name to `(weight, every)` from one of name to weight or `(weight, every)`."""
    if not isinstance(penalties or {}, dict):
        raise errors.invalid("penalties", "a dict of name to weight", penalties)
    checked = {}
    for name, value in (penalties or {}).items():
        errors.lookup("penalties", name, PENALTIES)
        pair = value if isinstance(value, (tuple, list)) else (value, 1)
        if len(pair) != 2 or not _is_weight(pair[0]):
            expected = "a weight >= 0 or a schedule, or (weight, every)"
            raise errors.invalid(f"penalties[{name!r}]", expected, value)
        every = whole_number(f"the interval of penalties[{name!r}]", pair[1], 1)
        checked[name] = (pair[0] if callable(pair[0]) else float(pair[0]), every)
    return checked


def _is_weight(value):
    schedule = isinstance(value, keras.optimizers.schedules.LearningRateSchedule)
    return schedule or (isinstance(value, numbers.Real) and value >= 0)


def network(name, value):
    """`value`, if it is a Keras model that knows its inputs; else InputError."""
    if not isinstance(value, keras.Model) or not getattr(value, "inputs", None):
        raise errors.invalid(name, "a functional or Sequential keras.Model with an Input", value)
    return value


def sees_packs(packing, generator, discriminator):
    """Raises InputError where a discriminator does not see so many of a generator's images at once."""
    made, seen = (tuple(x.shape[1:]) for x in (generator.outputs[0], discriminator.inputs[0]))
    if None in made + seen or seen == (*made[:-1], packing * made[-1]):
        return
    if len(seen) == len(made) and seen[:-1] == made[:-1] and not seen[-1] % made[-1]:
        expected = f"{seen[-1] // made[-1]}, as its discriminator was built for"
        raise errors.invalid("packing", expected, packing)
    expected = f"inputs of shape {made}, which the generator makes"
    if packing > 1:
        expected = f"inputs of shape {(*made[:-1], packing * made[-1])}: packs of {packing}"
    raise errors.invalid("discriminator", expected, seen)


def no_batch_norm_under_gradient_penalty(penalties, networks):
    """Raises InputError where WGAN-GP's penalty meets batch normalisation."""
    layer = _batch_normalization(networks)
    if "gradient_penalty" in penalties and layer:
        raise errors.invalid(
            "penalties",
            "no gradient_penalty on a discriminator with batch normalisation, where the "
            "gradient at one image depends on the rest of its batch (norm='layer' does not)",
            f"layer {layer.name!r}",
        )


def no_batch_norm_under_lazy_penalty(penalties, networks, replicas):
    """Raises InputError where replicas would have to meet inside a condition."""
    lazy = [name for name, (_, every) in penalties.items() if every > 1]
    if replicas > 1 and lazy and _batch_normalization(networks):
        raise errors.invalid(
            "penalties",
            f"an interval of 1 with batch normalisation in the discriminator on {replicas} "
            "replicas, which cannot exchange statistics in some rounds only",
            f"an interval above 1 for {', '.join(lazy)}",
        )


def data(spec, parts, k, replicas, packing, game):
    """Raises InputError where batches of this `element_spec` do not fit a game.

    Args:
        spec: nest of `tf.TensorSpec`, as the data set yields them.
        parts: names of the parts of a batch that the game takes.
        k: slices that a batch is cut into.
        replicas: replicas that a batch is split between.
        packing: images that a discriminator sees at once.
        game: the game's name.
    """
    given = len(spec) if isinstance(spec, (tuple, list)) else 1
    if given != len(parts):
        raise errors.invalid(
            "x", f"batches of ({', '.join(parts)}) for {game}", f"batches of {given} part(s): {spec}"
        )
    for part in tf.nest.flatten(spec):
        rows = part.shape[0] if part.shape.rank else None
        if rows is None:
            raise errors.invalid(
                "x", "batches of one known size (batch(..., drop_remainder=True))", part
            )
        if rows % (k * replicas * packing):
            raise errors.invalid(
                "x",
                f"batches that divide by {k} (max(1, discriminator_steps)) x {replicas} (replicas)"
                + (f" x {packing} (images in a pack)" if packing > 1 else ""),
                f"{rows} rows",
            )


def _batch_normalization(networks):
    """A layer of batch normalisation in the networks, or None."""
    layers = [leaf for network in networks for leaf in _leaves(network)]
    return next((x for x in layers if isinstance(x, keras.layers.BatchNormalization)), None)


def _leaves(layer):
    children = getattr(layer, "layers", None)
    return [layer] if not children else [leaf for child in children for leaf in _leaves(child)]
