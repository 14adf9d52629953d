"""Checks of what a game is given, before anything is trained."""

import keras
import tensorflow as tf

from tfgan import errors
from tfgan.penalties import PENALTIES


def whole_number(argument, value, least):
    """`value`, if it is an int of at least `least`; else ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise errors.invalid(argument, f"a whole number >= {least}", value)
    return value


def positive_or_none(argument, value):
    """`value`, if it is None or a number above 0; else ValueError."""
    if value is not None and not value > 0:
        raise errors.invalid(argument, "a number > 0 or None", value)
    return value


def weights_and_intervals(penalties):
    """Dict of name to `(weight, every)` from one of name to weight or `(weight, every)`."""
    checked = {}
    for name, value in (penalties or {}).items():
        errors.lookup("penalties", name, PENALTIES)
        weight, every = value if isinstance(value, (tuple, list)) else (value, 1)
        if not weight >= 0:
            raise errors.invalid(f"penalties[{name!r}]", "a weight >= 0", weight)
        checked[name] = (
            float(weight),
            whole_number(f"the interval of penalties[{name!r}]", every, 1),
        )
    return checked


def network(name, value):
    """`value`, if it is a built Keras model; else ValueError."""
    if not isinstance(value, keras.Model):
        raise errors.invalid(name, "a keras.Model", value)
    if not value.built:
        raise errors.invalid(name, "a built keras.Model (call it once)", "an unbuilt one")
    return value


def no_batch_norm_under_gradient_penalty(penalties, networks):
    """Raises ValueError where WGAN-GP's penalty meets batch normalisation."""
    if "gradient_penalty" not in penalties:
        return
    for model in networks:
        for layer in _leaves(model):
            if isinstance(layer, keras.layers.BatchNormalization):
                raise errors.invalid(
                    "penalties",
                    "no gradient_penalty on a discriminator with batch normalisation, "
                    "where the gradient at one image depends on the rest of its batch "
                    "(norm='layer' does not)",
                    f"layer {layer.name!r} in {model.name!r}",
                )


def data(spec, parts, k, replicas, game):
    """Raises ValueError where batches of this `element_spec` do not fit a game.

    Args:
        spec: nest of `tf.TensorSpec`, as the data set yields them.
        parts: names of the parts of a batch that the game takes.
        k: slices that a batch is cut into.
        replicas: replicas that a batch is split between.
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
        if rows % (k * replicas):
            raise errors.invalid(
                "x",
                f"batches that divide by {k} (max(1, discriminator_steps)) x {replicas} (replicas)",
                f"{rows} rows",
            )


def _leaves(layer):
    children = getattr(layer, "layers", None)
    return [layer] if not children else [leaf for child in children for leaf in _leaves(child)]
