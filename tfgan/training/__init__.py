"""Training: schedules (order of the updates), update rules (along which gradients), optimizers.

A schedule is `(game, slices, random) -> None`, a rule `(game, side, batch, random,
number) -> (outcome, gradients)`. Both act on a game through

* `game.update(side, batch, random)`: one step of one side;
* `game.move(side, batch, random)` and `game.apply(side, move)`: the two halves of that
  step, the first of which asks the rule;
* `game.plain_gradients`, `game.outcome`, `game.log_terms` with the same arguments: a side's
  gradients, its hook's terms, and its terms logged without a step.

No schedule knows the rule, nor the reverse.
"""

from tfgan.training import optimizers, rates
from tfgan.training.rules import RULES, Rule
from tfgan.training.schedules import SCHEDULES

__all__ = ["RULES", "SCHEDULES", "Rule", "optimizers", "rates"]
