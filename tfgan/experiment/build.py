"""Builds what a recipe describes: data, networks, settings, optimizers, the compiled game."""

import contextlib
import inspect
from typing import NamedTuple

from tfgan import errors

# Settings of a game that are fields of a recipe.
SETTINGS = (
    "loss", "penalties", "schedule", "rule", "prior", "views", "discriminator_steps", "ema_half_life",
)  # fmt: skip


class Length(NamedTuple):
    """Length of a stage's training, in the units of `GAN.fit`.

    Attributes:
        rows: real images in a batch of `fit`, which is one round.
        rounds: rounds in a tick, which is an epoch of `fit`.
        ticks: ticks in the whole stage, 0 for a stage that shows no images.
    """

    rows: int
    rounds: int
    ticks: int

    @property
    def images(self):
        """Real images shown in the whole stage, an int."""
        return self.images_of(self.ticks)

    def images_of(self, ticks, rounds=0):
        """Real images shown in so many whole ticks and so many rounds of the next one."""
        return self.rows * (self.rounds * ticks + rounds)


def length_of(recipe):
    """The `Length` of a recipe's training: whole ticks, each of whole calls of the compiled step."""
    rows = recipe.batch_size * max(1, recipe.discriminator_steps)
    executions = max(1, recipe.steps_per_execution)
    rounds = max(1, min(recipe.tick_images, recipe.images) // (rows * executions)) * executions
    if recipe.images < recipe.tick_images:
        return Length(rows, rounds, min(recipe.images, 1))
    return Length(rows, rounds, max(1, round(recipe.images / (rows * rounds))))


def parts_of(recipe):
    """Names of the parts of an example that a recipe's game is trained on."""
    from tfgan import models

    return models.GAMES[recipe.game].parts


def open_data(recipe, split=None):
    """The source of data that a recipe names, or, without the limits of its query, another split."""
    from tfgan import data
    from tfgan.data.ranges import check_every_tag

    takes_condition = "condition" in parts_of(recipe)
    if recipe.condition and not takes_condition:
        raise errors.invalid("condition", f"none for --game={recipe.game}", ",".join(recipe.condition))
    source = data.open_source(
        recipe.dataset,
        split=split or recipe.split,
        image_size=recipe.image_size,
        data_dir=recipe.data_dir,
        condition=(recipe.condition or True) if takes_condition else False,
        condition_kind=recipe.condition_kind,
        download=recipe.download,
        skip_bad_images=recipe.skip_bad_images,
        memory_limit=recipe.memory_limit,
        limited=split is None,
    )
    condition = source.spec.get("condition")
    if split is None and condition and condition.kind == "tags" and isinstance(source, data.Finite):
        check_every_tag("condition", source.table("condition")["condition"], condition.names)
    return source


def networks_of(recipe, spec):
    """The networks that a recipe describes, in its builder's order.

    Args:
        recipe: `Recipe`.
        spec: dict of part to `tfgan.data.source.Part`, of the data.

    Returns:
        Dict of name to Keras model.
    """
    from tfgan import networks

    builder = networks.NETWORKS[recipe.network]
    named = inspect.signature(builder).parameters
    offered = {
        "image_shape": _images(spec).shape,
        "num_classes": _num_classes(spec),
        "latent_dim": recipe.latent_dim,
        "packing": recipe.views.get("packing", 1),
        "spec": spec,
    }
    _check_options("network_options", recipe.network_options, set(named) - set(offered))
    kind = spec["condition"].kind if "condition" in spec else "classes"
    if kind not in ("classes", "tags") and "spec" not in named:
        expected = f"classes or tags, the conditions that --network={recipe.network} takes"
        raise errors.invalid("condition_kind", expected, recipe.condition_kind)
    given = {name: value for name, value in offered.items() if name in named}
    with _precision(recipe.precision), _options_in_doubt("network_options", recipe.network_options):
        return builder(**given, **recipe.network_options)


def settings_of(recipe):
    """The keyword arguments of a recipe's game, a dict, without networks and seed."""
    from tfgan import models
    from tfgan.sides import arguments_of

    named = arguments_of(models.GAMES[recipe.game])
    _check_options("game_options", recipe.game_options, set(named) - {*SETTINGS, "seed", "name"})
    settings = {name: getattr(recipe, name) for name in SETTINGS}
    for name, value in settings.items():
        if name not in named and value != getattr(type(recipe)(), name):
            raise errors.invalid(name, f"none for --game={recipe.game}, which has no such setting", value)
    settings["ema_half_life"] = recipe.ema_half_life or None
    return {name: value for name, value in settings.items() if name in named} | recipe.game_options


def scheduled_by_length(recipe):
    """Names of the flags in use whose schedules depend on the length of training."""
    found = {
        "final_momentum": recipe.final_momentum is not None,
        "rate_fall_images": recipe.rate_fall_images > 0,
    }
    return [name for name, used in found.items() if used]


def optimizers_of(recipe):
    """Dict of side to optimizer, with the recipe's schedules of learning rate and momentum."""
    length = length_of(recipe)
    return {
        "generator": _optimizer(recipe, recipe.generator_learning_rate, length.rows, length.images),
        "discriminator": _optimizer(
            recipe, recipe.discriminator_learning_rate, recipe.batch_size, length.images
        ),
    }


def game_of(recipe, spec):
    """The compiled game that a recipe describes.

    Args:
        recipe: `Recipe`.
        spec: as in `networks_of`.
    """
    from tfgan import models

    networks, settings = networks_of(recipe, spec), settings_of(recipe)
    with _options_in_doubt("game_options", recipe.game_options):
        game = models.GAMES[recipe.game](**networks, **settings, seed=recipe.seed)
    game.compile(
        **{f"{side}_optimizer": one for side, one in optimizers_of(recipe).items() if game.sides[side]},
        steps_per_execution=recipe.steps_per_execution or "auto",
    )
    return game


def image_part(spec):
    """Name of the part that `image_shape` is taken from: "images", or the first of that kind."""
    kinds = ("image", "points")
    found = [name for name, part in spec.items() if part.kind in kinds]
    return "images" if "images" in spec else next(iter(found), None)


def _images(spec):
    name = image_part(spec)
    if name is None:
        raise errors.invalid("dataset", "data with images or points", ", ".join(spec))
    return spec[name]


def _num_classes(spec):
    """Numbers of classes, or `Tags`, of the part "condition", or of the first part that is classes."""
    from tfgan.networks.conditioning import Tags

    condition = spec.get("condition") or next((p for p in spec.values() if p.kind == "classes"), None)
    if condition is None:
        return ()
    return Tags(*condition.shape) if condition.kind == "tags" else condition.num_classes


def _check_options(argument, options, known):
    for name in options:
        errors.lookup(argument, name, dict.fromkeys(sorted(known)))


@contextlib.contextmanager
def _options_in_doubt(argument, options):
    """A scope in which errors that do not say which setting is wrong name options, if there are any."""
    try:
        yield
    except errors.InputError:
        raise
    except (AttributeError, TypeError, ValueError) as error:
        if not options:
            raise
        given = ", ".join(f"{name}={value!r}" for name, value in options.items())
        raise errors.invalid(argument, "values of the right kind and range", f"{given}: {error}") from error


def _optimizer(recipe, rate, images_per_update, total):
    from tfgan.training import optimizers, rates

    momentum = recipe.beta_1
    if recipe.final_momentum is not None and total:
        momentum = rates.Ramp(momentum, recipe.final_momentum, images_per_update, total)
    if recipe.rate_half_life or recipe.rate_fall_images:
        rate = rates.Decay(
            rate, images_per_update, recipe.rate_half_life, recipe.rate_fall_images, total
        )
    return optimizers.OPTIMIZERS[recipe.optimizer](rate, momentum, recipe.beta_2)


@contextlib.contextmanager
def _precision(policy):
    """A scope whose layers are built with this Keras dtype policy."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
