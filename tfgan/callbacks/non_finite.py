"""Stops training on NaN or infinity."""

import keras

from tfgan import finite
from tfgan.callbacks.shown import images_shown


class StopOnNonFinite(keras.callbacks.Callback):
    """Ends training when a log or a weight is NaN or infinite.

    Logs are checked after every call of the compiled step, and with the weights of all networks at
    every tick's end, by raising, so that no later callback saves the ruined weights. `GAN.fit`
    begins with one. (`keras.callbacks.TerminateOnNaN` looks only at "loss", which no game logs.)

    Raises:
        FloatingPointError: names the log or the weight, the tick and the images shown.
    """

    def on_train_begin(self, logs=None):
        self._tick = None

    def on_epoch_begin(self, epoch, logs=None):
        self._tick = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        finite.check_logs(logs, self._when())

    def on_epoch_end(self, epoch, logs=None):
        finite.check_game(self.model, logs, self._when())

    def _when(self):
        return f"in tick {self._tick}, after {images_shown(self.model):,} images"
