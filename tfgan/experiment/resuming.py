"""Checkpoints of a stage whose length may have changed since they were made."""

import keras

from tfgan.checkpoints import Checkpoints
from tfgan.experiment.stages import position_of


class StageCheckpoints(Checkpoints):
    """The `Checkpoints` of a stage, which go on with another length too.

    Args:
        stage: `Stage`.
        callbacks: those whose state is saved and restored along.
    """

    def __init__(self, stage, callbacks=()):
        folder, every = stage.folder.checkpoints, stage.recipe.checkpoint_ticks
        super().__init__(folder, every, keep=2, callbacks=callbacks)
        self.stage = stage

    def restore(self, game):
        """Restores game and callbacks from the newest checkpoint; returns the `Position`."""
        saved = super().restore(game)
        rounds = int(keras.ops.convert_to_numpy(game.step))
        self.position = position_of(rounds, self.stage.length)
        self.stopped = self.stage.is_stopped()
        if self.position != saved:
            self._begin_tick_anew(game)
        return self.position

    def _begin_tick_anew(self, game):
        """Takes what was a whole run, shorter than a tick, for the beginning of the first tick."""
        self._kept_means = [keras.ops.convert_to_numpy(variable) for variable in game.terms.variables]
        for callback in self.stateful.values():
            callback.set_state(dict.fromkeys(callback.get_state()))
        # Rounds per call are chosen to divide those of a tick.
        game.executions.auto = game.executions.asked == "auto"
        self.save(game)
