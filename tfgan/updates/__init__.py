"""How the two sides move: schedules say when, rules along which gradients.

A schedule is `(game, slices, random) -> None`, a rule `(game, side, batch, random,
number) -> (terms, gradients)`. Both move a game only through

* `game.update(side, batch, random)`: one step of one side;
* `game.gradients(side, batch, random)` and `game.apply(side, gradients)`: the
  two halves of that step, the first of which asks the rule;
* `game.plain_gradients(side, batch, random)`: the gradients at the present weights,
  which is what rules are made of.

No schedule knows the rule, nor the reverse.
"""

from tfgan.updates.rules import RULES, Rule
from tfgan.updates.schedules import SCHEDULES

__all__ = ["RULES", "SCHEDULES", "Rule"]
