"""How the two sides move: schedules say when, rules along which gradients.

A schedule is `(game, slices, random) -> None`, a rule `(game, side, batch, random,
number) -> (outcome, gradients)`. Both move a game only through

* `game.update(side, batch, random)`: one step of one side;
* `game.move(side, batch, random)` and `game.apply(side, move)`: the two halves of that
  step, the first of which asks the rule;
* `game.plain_gradients(side, batch, random)`: the gradients at the present weights,
  which is what rules are made of.

No schedule knows the rule, nor the reverse.
"""

from tfgan.training import optimizers, rates
from tfgan.training.rules import RULES, Rule
from tfgan.training.schedules import SCHEDULES

__all__ = ["RULES", "SCHEDULES", "Rule", "optimizers", "rates"]
