"""Which rules and schedules can work with which game, checked before any training."""

import numbers

import tensorflow as tf

from tfgan import errors
from tfgan.updates import virtual
from tfgan.updates.rules import RULES
from tfgan.updates.schedules import SHARED, adaptive


def rule_and_number(rule):
    """The `Rule` and its number, from a name or a dict of one name to a number.

    Raises:
        ValueError: an unknown name, a number that the rule does not take, or several.
    """
    if isinstance(rule, dict) and len(rule) != 1:
        raise errors.invalid("rule", "one name, or a dict of one name to its number", rule)
    name, number = next(iter(rule.items())) if isinstance(rule, dict) else (rule, None)
    found = errors.lookup("rule", name, RULES)
    if number is None:
        return found, found.number
    if found.number is None:
        takes = ", ".join(key for key, value in RULES.items() if value.number is not None)
        raise errors.invalid("rule", f"a number only for {takes}", rule)
    whole = isinstance(found.number, int)
    if not isinstance(number, numbers.Real) or number <= 0 or (whole and number != int(number)):
        kind = "whole number" if whole else "number"
        raise errors.invalid("rule", f"a {kind} > 0 for {name} ({found.parameter})", number)
    return found, number


def check(game, replicas):
    """Raises ValueError where a compiled game's rule or schedule cannot work."""
    rule, name = game.rule, next(key for key, value in RULES.items() if value == game.rule)
    if rule.sees_both_points and game.schedule in SHARED:
        raise errors.invalid(
            "schedule",
            f"one that shares no passes with rule={name!r}, which makes them at several points",
            game.schedule.__name__,
        )
    if rule.sees_both_points and replicas > 1:
        raise errors.invalid(
            "rule",
            f"plain or optimistic on {replicas} replicas, since others need the gradients of "
            "all replicas before the step is taken",
            name,
        )
    if rule.steps_virtually:
        if game.clip_weights:
            raise errors.invalid(
                "clip_weights",
                f"None with rule={name!r}, whose virtual steps are not clipped",
                game.clip_weights,
            )
        for optimizer in game.optimizers.values():
            virtual.check("rule", name, optimizer)
    if game.schedule is adaptive:
        _check_adaptive(game, replicas)


def _check_adaptive(game, replicas):
    if replicas > 1:
        raise errors.invalid(
            "schedule",
            f"another on {replicas} replicas, which would have to decide together who rests",
            "adaptive",
        )
    zero = tf.zeros([1])
    if not float(game.objective.discriminator(zero, zero)) > 0:
        raise errors.invalid(
            "schedule",
            "another for a loss without a scale, such as wasserstein's, from which nobody "
            "can tell who is ahead",
            "adaptive",
        )
