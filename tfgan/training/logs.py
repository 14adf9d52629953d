"""Names of the logs of `fit`, known before training starts."""

import tensorflow as tf


class Logs:
    """Names of the current `fit`'s logs: terms, validation terms, and what callbacks add."""

    def __init__(self):
        self.begin(None, validated=False)

    def begin(self, batches, validated):
        """Starts anew for a `fit` on batches of this `element_spec`, with validation or without."""
        self._batches, self._validated, self._announced = batches, validated, []

    def announce(self, names):
        """Adds names that a callback is going to log."""
        self._announced = [*self._announced, *names]

    def names(self, game):
        """All names, a list of str."""
        terms = term_names(game, self._batches)
        validation = [f"val_{name}" for name in terms] if self._validated else []
        return [*terms, *validation, *self._announced]


def term_names(game, batches):
    """Names of what `game.train_step` logs on batches of this `element_spec`."""
    names = []

    def name(batch):
        update = game.slices(game.named(batch))[0]
        for side in _updated(game):
            names.extend(f"{side}_{term}" for term in game.outcome(side, update, game.noise()).terms)

    # Traced and never run: only the hooks know what they return.
    play = lambda batch: game.distribute_strategy.run(name, (batch,))
    tf.function(play, autograph=False).get_concrete_function(batches)
    return list(dict.fromkeys(names))


def _updated(game):
    """The sides that a round updates."""
    resting = () if game.discriminator_steps else ("discriminator",)
    return [side for side, names in game.sides.items() if names and side not in resting]
