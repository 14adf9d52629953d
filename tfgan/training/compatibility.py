"""Checks before training: which networks, views, data, rules and schedules fit together."""

import warnings

import keras
import tensorflow as tf

from tfgan import errors, shapes
from tfgan.losses import LOSSES
from tfgan.objective import logits_of
from tfgan.training import optimizers, virtual
from tfgan.training.rules import RULES
from tfgan.training.schedules import SHARED, adaptive, loss_at_chance

# Activations without negative values.
NOT_NEGATIVE = ("sigmoid", "relu", "softmax", "softplus")
PROBABILITIES = ("sigmoid", "softmax", "hard_sigmoid")
# Losses of discriminators that may end with a sigmoid; the others apply their own function.
OF_PROBABILITIES = ("least_squares", "wasserstein")


def check_networks(game):
    """Raises InputError where the discriminators do not suit penalties or views."""
    layer = _batch_normalization(_discriminators(game))
    if "gradient_penalty" in game.objective.penalties and layer:
        raise errors.invalid(
            "penalties",
            "no gradient_penalty on a discriminator with batch normalisation, where the "
            "gradient at one image depends on the rest of its batch (norm='layer' does not)",
            f"layer {layer.name!r}",
        )
    if game.objective.packing > 1 and len(game.parts) > 1:
        raise errors.invalid(
            "views['packing']",
            f"1 in {type(game).__name__}, whose examples have several parts ({', '.join(game.parts)})",
            game.objective.packing,
        )


def check_logits(game, loss):
    """Raises InputError where a discriminator ends with probabilities and the loss takes logits."""
    for name in game.sides["discriminator"]:
        network = game.networks()[name]
        # A Sequential that was never called has outputs, but no output.
        outputs = getattr(network, "output", None)
        if isinstance(outputs, dict) and "logits" not in outputs:
            raise errors.invalid(name, "an output called 'logits'", ", ".join(outputs))
        named = isinstance(outputs, dict)
        logits = tf.nest.flatten(logits_of(outputs)) if named else getattr(network, "outputs", None)
        ends = map(shapes.activation_of, logits or [])
        activation = next((end for end in ends if end in PROBABILITIES), None)
        if activation and loss in LOSSES and loss not in OF_PROBABILITIES:
            expected = "a network that ends with logits (no activation), which this loss takes"
            raise errors.invalid(name, expected, f"one that ends with {activation}")


def lowest_value(game):
    """The lowest value that the first generator's images may have: -1, or 0 after a sigmoid or ReLU."""
    names = game.sides["generator"]
    ends = shapes.final_activation(game.networks()[names[0]]) if names else None
    return 0.0 if ends in NOT_NEGATIVE else -1.0


def warn_of_range(game):
    """Warns where a generator of images ends with a sigmoid: the library's images are in [-1, 1]."""
    for name in game.sides["generator"]:
        network = game.networks()[name]
        if shapes.final_activation(network) == "sigmoid" and len(network.outputs[0].shape) == 4:
            warnings.warn(
                f"{name}: expected images in [-1, 1], as a tanh makes them; got a network that ends "
                "with a sigmoid. Grids, scores and exports take its 0 to 1 for part of -1 to 1",
                stacklevel=4,
            )


def check_packs(packing, generator, discriminator):
    """Raises InputError where a discriminator's input is not `packing` of the generator's images."""
    made = tuple(shapes.outputs_of(generator)[0].shape[1:])
    seen = tuple(shapes.inputs_of(discriminator)[0].shape[1:])
    if None in made + seen or seen == (*made[:-1], packing * made[-1]):
        return
    fits = len(seen) == len(made) and seen[:-1] == made[:-1] and not seen[-1] % made[-1]
    if fits and packing > 1:
        expected = f"{seen[-1] // made[-1]}, as its discriminator was built for"
        raise errors.invalid("views['packing']", expected, packing)
    expected = f"inputs of shape {made}, which the generator makes"
    expected += f" (or views={{'packing': {seen[-1] // made[-1]}}})" if fits else ""
    if packing > 1:
        expected = f"inputs of shape {(*made[:-1], packing * made[-1])}: packs of {packing}"
    raise errors.invalid("discriminator", expected, seen)


def check_lazy_penalties(penalties, networks, replicas):
    """Raises InputError for a lazy penalty with batch normalisation on several replicas."""
    lazy = [name for name, (_, every) in penalties.items() if every > 1]
    if replicas > 1 and lazy and _batch_normalization(networks):
        raise errors.invalid(
            "penalties",
            f"an interval of 1 with batch normalisation in the discriminator on {replicas} "
            "replicas, which cannot exchange statistics in some rounds only",
            f"an interval above 1 for {', '.join(lazy)}",
        )


def check_compiled(game, replicas):
    """Raises ValueError where a compiled game's rule or schedule cannot work."""
    if replicas > 1 and game.jit_compile:
        raise errors.invalid("jit_compile", f"False or auto on {replicas} replicas", True)
    rule, name = game.rule, next(key for key, value in RULES.items() if value == game.rule)
    if replicas > 1 and not game.several_replicas:
        raise errors.invalid("replicas", f"1 for {type(game).__name__}", replicas)
    if rule.passes_of_its_own or game.schedule is adaptive:
        _check_two_sides(game, name)
    if rule.passes_of_its_own and game.schedule in SHARED:
        raise errors.invalid(
            "schedule",
            f"one that shares no passes with rule={name!r}, which makes passes of its own",
            game.schedule.__name__,
        )
    if rule.passes_of_its_own and replicas > 1:
        raise errors.invalid(
            "rule",
            f"plain or optimistic on {replicas} replicas, since others need the gradients of "
            "all replicas before the step is taken",
            name,
        )
    lazy = [penalty for penalty, (_, every) in game.objective.penalties.items() if every > 1]
    if lazy and (rule.steps_virtually or game.schedule is adaptive):
        raise errors.invalid(
            "penalties",
            "an interval of 1 where steps are tried virtually, since what layers assign cannot be "
            "taken back from a pass that is made in some rounds only",
            f"an interval above 1 for {', '.join(lazy)}",
        )
    if rule.steps_virtually:
        if game.clip_weights:
            raise errors.invalid(
                "clip_weights",
                f"None with rule={name!r}, whose virtual steps are not clipped",
                game.clip_weights,
            )
        for side, optimizer in game.optimizers.items():
            virtual.check("rule", name, optimizer, game.side_variables(side))
    for optimizer in game.optimizers.values():
        if name != "plain" and _scales(optimizer):
            raise errors.invalid(
                "rule",
                "plain with an optimizer that scales the loss, since others compute with gradients",
                f"{name} with {type(optimizer).__name__}",
            )
    if game.schedule is adaptive:
        _check_adaptive(game, replicas)


def check_data(game, data, steps_per_epoch):
    """Raises ValueError where a dataset does not fit the game; reads no batch."""
    spec = getattr(data, "element_spec", None)
    if spec is None:
        raise errors.invalid("x", "a tf.data.Dataset, such as tfgan.data.load makes", type(data).__name__)
    replicas = game.distribute_strategy.num_replicas_in_sync
    check_lazy_penalties(game.objective.penalties, _discriminators(game), replicas)
    check_parts(game, spec)
    _check_shapes(game, game.named(spec))
    for part in tf.nest.flatten(spec):
        check_rows(part, max(1, game.discriminator_steps), replicas, game.objective.packing)
    _check_length(game, data, steps_per_epoch)


def check_rows(part, k, replicas, packing):
    """Raises InputError where a part's rows are not a fixed number that can be shared out.

    Args:
        part: `tf.TensorSpec` of a batch.
        k: slices that a batch is cut into.
        replicas: replicas that a batch is split between.
        packing: images that a discriminator sees at once.
    """
    rows = part.shape[0] if part.shape.rank else None
    if rows is None:
        expected = "batches of one known size (batch(..., drop_remainder=True))"
        raise errors.invalid("x", expected, part)
    if rows % (k * replicas * packing):
        raise errors.invalid(
            "x",
            f"batches that divide by {k} (max(1, discriminator_steps)) x {replicas} (replicas)"
            + (f" x {packing} (images in a pack)" if packing > 1 else ""),
            f"{rows} rows",
        )


def check_parts(game, spec):
    """Raises InputError where batches do not consist of the game's parts."""
    expected = f"batches of ({', '.join(game.parts)}) for {type(game).__name__}"
    parts = spec.values() if isinstance(spec, dict) else spec if isinstance(spec, (tuple, list)) else [spec]
    if any(isinstance(part, (dict, tuple, list)) for part in parts):
        raise errors.invalid("x", expected, "batches whose parts hold further parts")
    if isinstance(spec, dict):
        if set(spec) != set(game.parts):
            raise errors.invalid("x", expected, f"batches of ({', '.join(spec)})")
        return
    given = len(parts)
    if given > len(game.parts):
        names = ", ".join(f"part_{i}" for i in range(given))
        expected += f" (data.map(lambda {names}: part_0) keeps one part)"
    if given != len(game.parts):
        of_shapes = ", ".join(str(part.shape) for part in tf.nest.flatten(spec))
        raise errors.invalid("x", expected, f"batches of {given} part(s), {of_shapes}")


def expected_parts(game):
    """What the networks of a game take or make of each part of its data.

    Returns:
        Dict of part to `tf.TensorSpec` or `KerasTensor`, of the parts that samplers are
        given, and of the one that the default sampler's images are compared with.
    """
    found = {}
    for sampler in game.samplers().values():
        found |= sampler.given
        if sampler.make == game.make_images and sampler.compared_with:
            found[sampler.compared_with] = shapes.outputs_of(game.generator)[0]
    return {name: spec for name, spec in found.items() if name in game.parts}


def _check_shapes(game, parts):
    """Raises InputError where examples have another shape than the networks take or make."""
    for name, expected in expected_parts(game).items():
        wanted, given = expected.shape[1:], parts[name].shape[1:]
        if not tf.TensorShape(wanted).is_compatible_with(given):
            wanted, given = (", ".join(["n", *map(str, shape)]) for shape in (wanted, given))
            raise errors.invalid(name, f"shape [{wanted}], as the networks take it", f"[{given}]")


def _check_length(game, data, steps_per_epoch):
    if steps_per_epoch is None:
        if data.cardinality() == tf.data.INFINITE_CARDINALITY:
            raise errors.invalid("steps_per_epoch", "a number, since the data is endless", None)
        return
    executions = 1 if game.executions.auto else game.steps_per_execution
    if steps_per_epoch < 1 or steps_per_epoch % executions:
        expected = f"a multiple of steps_per_execution={executions}"
        raise errors.invalid("steps_per_epoch", expected, steps_per_epoch)


def _check_two_sides(game, rule):
    """Raises InputError for a rule or schedule that needs a side or a term the game lacks."""
    argument, value = ("schedule", "adaptive") if game.schedule is adaptive else ("rule", rule)
    empty = [side for side, names in game.sides.items() if not names]
    if empty:
        expected = f"one that moves each side by itself, since {empty[0]}'s side has no networks to move"
        raise errors.invalid(argument, expected, value)
    if not game.adversarial_terms:
        expected = f"one that reads no adversarial term, since {type(game).__name__} has none"
        raise errors.invalid(argument, expected, value)


def _discriminators(game):
    return [game.networks()[name] for name in game.sides["discriminator"]]


def _batch_normalization(networks):
    """A layer of batch normalisation in the networks, or None."""
    layers = [layer for network in networks for layer in shapes.layers_of(network)]
    return next((x for x in layers if isinstance(x, keras.layers.BatchNormalization)), None)


def check_interval(game, term, every):
    """Raises InputError where a term cannot be left out of some rounds."""
    if game.rule.steps_virtually or game.schedule is adaptive:
        raise errors.invalid(
            f"the interval of {term}",
            "1 where steps are tried virtually, since what layers assign cannot be taken back from "
            "a pass that is made in some rounds only",
            every,
        )


def _scales(optimizer):
    scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    return scaled or bool(optimizer.loss_scale_factor)


def _check_adaptive(game, replicas):
    for optimizer in game.optimizers.values():
        if _changes(optimizer):
            raise errors.invalid(
                "schedule",
                "alternating or simultaneous with a learning rate or momentum that changes, since it "
                "would stand still while a side is not updated",
                "adaptive",
            )
    if replicas > 1:
        raise errors.invalid(
            "schedule",
            f"alternating or simultaneous on {replicas} replicas, which would have to decide "
            "together which side is updated",
            "adaptive",
        )
    if not float(loss_at_chance(game)) > 0:
        raise errors.invalid(
            "schedule",
            "alternating or simultaneous for a loss without a scale, such as wasserstein's, from "
            "which it cannot be told which side is ahead",
            "adaptive",
        )


def _changes(optimizer):
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    return optimizers.follows_schedule(inner) or callable(getattr(inner, "momentum", None))
