"""Stops training on NaN or infinity."""

import math

import keras

from tfgan.callbacks.shown import images_shown


class StopOnNonFinite(keras.callbacks.Callback):
    """Ends training when a logged value is NaN or infinite.

    Checked at every batch and every tick's end, by raising, so that no later
    callback saves the ruined weights.

    Raises:
        FloatingPointError: names the value and the images shown.
    """

    def on_train_batch_end(self, batch, logs=None):
        self._check(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._check(logs)

    def _check(self, logs):
        for name, value in (logs or {}).items():
            if not math.isfinite(value):
                raise FloatingPointError(
                    f"{name}: expected a finite value, got {float(value)} after "
                    f"{images_shown(self.model):,} images. The last checkpoint is from before; "
                    "a lower learning rate or a penalty on the discriminator usually helps."
                )
