"""Names of the logs of `fit`, known before training starts."""

import tensorflow as tf


class Logs:
    """Names of the current `fit`'s logs: terms, validation terms, and what callbacks add."""

    def __init__(self):
        self.begin(None, validated=False)

    def begin(self, batches, validated):
        """Resets for a new `fit`.

        Args:
            batches: the `element_spec` of its batches.
            validated: whether it has validation data.
        """
        self._batches, self._validated, self._announced = batches, validated, []

    def announce(self, names):
        """Adds the names of what a callback will log."""
        self._announced = [*self._announced, *names]

    def names(self, game):
        """All names of the logs, a list of str."""
        terms = term_names(game, self._batches)
        validation = [f"val_{name}" for name in terms] if self._validated else []
        return [*terms, *validation, *self._announced]


def term_names(game, batches):
    """Names of what `game.train_step` logs.

    Args:
        game: a `tfgan.GAN`.
        batches: the `element_spec` of its batches.

    Returns:
        List of str.
    """
    names = []

    def name(batch):
        update = game.slices(game.named(batch))[0]
        for side in _updated(game):
            logged = game.outcome(side, update, game.noise()).logged
            names.extend(f"{side}_{each}" for each in logged)

    # Traced and never run, because only the hooks know the names of their terms.
    play = lambda batch: game.distribute_strategy.run(name, (batch,))
    tf.function(play, autograph=False).get_concrete_function(batches)
    return list(dict.fromkeys(names))


def _updated(game):
    """The sides that a round updates."""
    without_update = () if game.discriminator_steps else ("discriminator",)
    return [side for side, names in game.sides.items() if names and side not in without_update]
