"""Update rules: which gradients a side's optimizer is given.

A rule is `(game, side, batch, random, number) -> (outcome, gradients)`. `outcome` is what
the side's hook returned; `gradients`, one per variable of the side, are those of the sum
of its terms (`plain`) or others with better convergence. `number` is the rule's one
parameter, if it has one. A rule with several passes through the networks starts each from
the same `random`, so that all get the same noise (except what Keras layers draw
themselves, such as dropout). It starts from the weights at the time of the call, so that
every rule works under alternating and under simultaneous schedules.
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
        parameter: what the number means, for error messages.
        steps_virtually: whether it makes virtual steps of the optimizers.
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
    """The gradients of the side's own terms: gradient descent."""
    return game.plain_gradients(side, batch, random)


def extragradient(game, side, batch, random, number):
    """Extragradient: the gradients after one simultaneous virtual step of both sides.

    Reference:
        Korpelevich 1976; Gidel et al. 2019, https://arxiv.org/abs/1802.10551
    """
    outcomes, moved = {}, {}
    for name in game.sides:
        optimizer, variables = game.optimizers[name], game.side_variables(name)
        outcomes[name], gradients = _plain(game, name, batch, random.fold(0))
        state = virtual.start(optimizer, variables)
        moved[name], _ = virtual.move(optimizer, _values(variables), gradients, state)
    with virtual.weights(game, moved):
        _, gradients = _plain(game, side, batch, random.fold(0))
    return outcomes[side], gradients


def optimistic(game, side, batch, random, number):
    """Optimistic gradients: 2 g_t - g_(t-1) at step t of the side, and g_0 at its first.

    With SGD this is optimistic gradient descent, with Adam the usual approximation of
    optimistic Adam.

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
    """Consensus optimisation: adds `number` times the gradient of a regulariser.

    The regulariser is half the squared norm of both sides' gradients.

    Reference:
        Mescheder et al. 2017, https://arxiv.org/abs/1705.10461
    """
    weights = [variable.value for variable in game.side_variables(side)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        found = {name: _plain(game, name, batch, random.fold(0)) for name in game.sides}
        every = [gradient for _, gradients in found.values() for gradient in gradients]
        joint = tf.add_n([tf.reduce_sum(tf.square(gradient)) for gradient in every]) / 2
    regulariser = tape.gradient(joint, weights, unconnected_gradients="zero")
    outcome, gradients = found[side]
    return outcome, [own + number * extra for own, extra in zip(gradients, regulariser)]


def unrolled(game, side, batch, random, number):
    """Unrolled GAN: the generator's gradients through `number` virtual steps of the discriminator.

    The discriminator gets its plain gradients. All virtual steps use the same batch and
    noise. In a zero-sum game the generator maximises the discriminator's whole loss after
    these steps, the term of real images included, since their logits then depend on the
    generator; in other games it minimises its own loss.

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
            minimised = dict(outcome.terms)
            if game.objective.loss.zero_sum:
                losses = game.outcome("discriminator", batch, random.fold(0)).terms
                minimised |= {name: -losses[name] for name in game.adversarial_terms}
        total = tf.add_n(list(minimised.values()))
    return outcome, tape.gradient(total, generator, unconnected_gradients="zero")


def previous_gradients(game):
    """Adds variables for the gradients of the step before; returns a dict of side to their list."""
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
    """The plain gradients, with zeros for weights that the terms do not depend on."""
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
    """The rule that the argument `rule` names, and its number.

    Args:
        rule: name in `RULES`, or a dict of one name to a number > 0.

    Returns:
        (`Rule`, number), the number by default that of the rule.

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
