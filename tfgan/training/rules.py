"""Update rules: the gradients that a side moves along.

A rule is `(game, side, batch, random, number) -> (outcome, gradients)`: what the side's hook
returned, and along what to move its variables, the gradients of the terms' sum or something
better behaved; `number` is the rule's one parameter, where it has one. A rule that passes
through the networks several times starts from the same `random` each time, so that all
passes see the same noise (but for what Keras layers draw themselves, such as dropout).
A rule starts from the weights at the time of its call, so that every rule works under
alternating and under simultaneous schedules.
"""

import math
import numbers
from typing import Callable, NamedTuple

import tensorflow as tf

from tfgan import errors
from tfgan.training import virtual


class Rule(NamedTuple):
    """An update rule, and what it requires of the game.

    Attributes:
        gradients: `(game, side, batch, random, number) -> (outcome, list of gradients)`.
        number: default of its parameter; None: it has none.
        parameter: what the number is, for messages.
        steps_virtually: whether it tries steps of the optimizers.
        passes_of_its_own: whether it needs passes at other weights or of the other
            side, which shared schedules and several replicas cannot give it.
        keeps_gradients: whether it keeps each side's gradients from one step to the next.
    """

    gradients: Callable
    number: float | None = None
    parameter: str = ""
    steps_virtually: bool = False
    passes_of_its_own: bool = False
    keeps_gradients: bool = False


def plain(game, side, batch, random, number):
    """Gradient descent on the side's own terms."""
    return game.plain_gradients(side, batch, random)


def extragradient(game, side, batch, random, number):
    """The gradients at the point where one simultaneous step of both sides would lead.

    Reference:
        Korpelevich 1976; Gidel et al. 2019, https://arxiv.org/abs/1802.10551
    """
    outcomes, ahead = {}, {}
    for name in game.sides:
        optimizer, variables = game.optimizers[name], game.side_variables(name)
        outcomes[name], gradients = _plain(game, name, batch, random.fold(0))
        state = virtual.start(optimizer, variables)
        ahead[name], _ = virtual.move(optimizer, _values(variables), gradients, state)
    with virtual.weights(game, ahead):
        _, gradients = _plain(game, side, batch, random.fold(0))
    return outcomes[side], gradients


def optimistic(game, side, batch, random, number):
    """Optimistic gradients, 2 g_t - g_(t-1) of the side's own steps; g_0 at the first.

    The optimizer gets this difference: with SGD it is optimistic gradient descent, with
    Adam its usual approximation.

    Reference:
        Daskalakis et al. 2018, https://arxiv.org/abs/1711.00141
    """
    outcome, gradients = _plain(game, side, batch, random)
    first = tf.equal(game.optimizers[side].iterations.value, 0)
    # Optimizers and the kept gradients both sum over replicas.
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    corrected = []
    for gradient, kept in zip(gradients, game.gradients_before[side]):
        before = tf.convert_to_tensor(kept) / replicas
        corrected.append(tf.where(first, gradient, 2 * gradient - before))
        kept.assign(gradient)
    return outcome, corrected


def consensus(game, side, batch, random, number):
    """The gradients plus `number` times those of half the squared norm of both sides' gradients.

    Reference:
        Mescheder et al. 2017, https://arxiv.org/abs/1705.10461
    """
    weights = [variable.value for variable in game.side_variables(side)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        plainly = {name: _plain(game, name, batch, random.fold(0)) for name in game.sides}
        every = [gradient for _, gradients in plainly.values() for gradient in gradients]
        joint = tf.add_n([tf.reduce_sum(tf.square(gradient)) for gradient in every]) / 2
    pull = tape.gradient(joint, weights, unconnected_gradients="zero")
    outcome, gradients = plainly[side]
    return outcome, [own + number * towards for own, towards in zip(gradients, pull)]


def unrolled(game, side, batch, random, number):
    """The generator's gradients through `number` virtual steps of the discriminator.

    The discriminator's own update is the plain one. All virtual steps see the same batch
    and noise. In a zero-sum game the generator ascends the discriminator's whole loss after
    them, real images included, since their logits then depend on the generator; in other
    games it descends its own loss.

    Reference:
        Metz et al. 2017, https://arxiv.org/abs/1611.02163
    """
    if side == "discriminator":
        return game.plain_gradients(side, batch, random)
    optimizer, variables = (
        game.optimizers["discriminator"],
        game.side_variables("discriminator"),
    )
    generator, discriminator = _values(game.side_variables("generator")), _values(variables)
    state = virtual.start(optimizer, variables)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(generator)
        for _ in range(int(number)):
            with virtual.weights(game, {"generator": generator, "discriminator": discriminator}):
                _, gradients = _plain(game, "discriminator", batch, random.fold(0))
            discriminator, state = virtual.move(optimizer, discriminator, gradients, state)
        with virtual.weights(game, {"generator": generator, "discriminator": discriminator}):
            outcome = game.outcome("generator", batch, random.fold(0))
            descended = dict(outcome.terms)
            if game.objective.loss.zero_sum:
                lost = game.outcome("discriminator", batch, random.fold(0)).terms
                descended |= {name: -lost[name] for name in game.adversarial_terms}
        total = tf.add_n(list(descended.values()))
    return outcome, tape.gradient(total, generator, unconnected_gradients="zero")


def previous_gradients(game):
    """Dict of side to one variable per weight, for the gradients of the step before."""
    return {
        side: [
            game.add_weight(
                shape=weight.shape,
                initializer="zeros",
                dtype=weight.dtype,
                trainable=False,
                aggregation="sum",
                name=f"before_{side}_{i}",
            )
            for i, weight in enumerate(game.side_variables(side))
        ]
        for side in game.sides
    }


def _plain(game, side, batch, random):
    """Plain gradients, zero for weights that the terms do not depend on."""
    outcome, gradients = game.plain_gradients(side, batch, random)
    return outcome, [
        tf.zeros_like(weight.value) if gradient is None else gradient
        for gradient, weight in zip(gradients, game.side_variables(side))
    ]


def _values(variables):
    """Copies as tensors, which a tape can watch under virtual weights."""
    return [tf.identity(variable.value) for variable in variables]


RULES = {
    "plain": Rule(plain),
    "extragradient": Rule(extragradient, steps_virtually=True, passes_of_its_own=True),
    "optimistic": Rule(optimistic, keeps_gradients=True),
    "consensus": Rule(consensus, 10.0, "weight", passes_of_its_own=True),
    "unrolled": Rule(
        unrolled, 5, "steps of the discriminator", steps_virtually=True, passes_of_its_own=True
    ),
}


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
    finite = isinstance(number, numbers.Real) and math.isfinite(number) and number > 0
    if not finite or (whole and number != int(number)):
        kind = "whole number" if whole else "number"
        raise errors.invalid("rule", f"a {kind} > 0 for {name} ({found.parameter})", number)
    return found, number
