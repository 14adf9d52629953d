"""Which rules and schedules can work with which game, checked before any training."""

import keras
import tensorflow as tf

from tfgan import errors
from tfgan.updates import virtual
from tfgan.updates.rules import RULES
from tfgan.updates.schedules import SHARED, adaptive


def check(game, replicas):
    """Raises ValueError where a compiled game's rule or schedule cannot work."""
    rule, name = game.rule, next(key for key, value in RULES.items() if value == game.rule)
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
    lazy = [penalty for penalty, (_, every) in game.penalties.items() if every > 1]
    if lazy and (rule.steps_virtually or game.schedule is adaptive):
        raise errors.invalid(
            "penalties",
            "an interval of 1 where passes are tried, since what layers remember cannot be taken "
            "back from a pass that is made in some rounds only",
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


def _scales(optimizer):
    scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    return scaled or bool(optimizer.loss_scale_factor)


def _check_adaptive(game, replicas):
    for optimizer in game.optimizers.values():
        if _changes(getattr(optimizer, "inner_optimizer", optimizer)):
            raise errors.invalid(
                "schedule",
                "alternating or simultaneous with a learning rate or momentum that changes, since it "
                "would stand still while a side rests",
                "adaptive",
            )
    if replicas > 1:
        raise errors.invalid(
            "schedule",
            f"alternating or simultaneous on {replicas} replicas, which would have to decide "
            "together who rests",
            "adaptive",
        )
    zero = tf.zeros([1])
    if not float(game.objective.discriminator(zero, zero)) > 0:
        raise errors.invalid(
            "schedule",
            "alternating or simultaneous for a loss without a scale, such as wasserstein's, from "
            "which nobody can tell who is ahead",
            "adaptive",
        )


def _changes(optimizer):
    # Keras keeps a schedule in this attribute, and the number in a variable.
    rate = optimizer._learning_rate
    scheduled = isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
    return scheduled or callable(getattr(optimizer, "momentum", None))
