"""The logs of training as TensorBoard curves."""

import keras
import tensorflow as tf

from tfgan.callbacks.shown import images_shown


class Curves(keras.callbacks.Callback):
    """Writes every log of every tick as a TensorBoard scalar, over the images shown.

    `keras.callbacks.TensorBoard` counts the epochs of one `fit` instead, so that the
    curves of a run's stages would overlap.

    Args:
        folder: for the event files; made if missing.
    """

    def __init__(self, folder):
        super().__init__()
        self.folder = str(folder)
        self._writer = None

    def on_epoch_end(self, epoch, logs=None):
        if self._writer is None:
            self._writer = tf.summary.create_file_writer(self.folder)
        with self._writer.as_default():
            for name, value in (logs or {}).items():
                tf.summary.scalar(name, float(value), step=images_shown(self.model))
        self._writer.flush()

    def on_train_end(self, logs=None):
        if self._writer is not None:
            self._writer.close()
            self._writer = None
