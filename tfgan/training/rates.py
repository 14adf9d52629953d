"""Schedules of learning rates, momenta and penalty weights, counted in images shown."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="tfgan")
class Decay(keras.optimizers.schedules.LearningRateSchedule):
    """Exponential decay, and a linear decrease to 0 at the end of a run.

    The rate is their product, `initial * 2^(-images / half_life) * min(1, left / fall)`,
    with `images` real images shown and `left` still to be shown.

    Args:
        initial: float >= 0, the first rate.
        images_per_update: real images shown per update.
        half_life: in images; None: no exponential decay.
        fall: number of images at the end of the run over which the rate decreases to 0;
            0: no linear decrease.
        total: images of the whole run; needed for `fall`.
    """

    def __init__(self, initial, images_per_update, half_life=None, fall=0, total=None):
        self.settings = {
            "initial": initial,
            "images_per_update": images_per_update,
            "half_life": half_life,
            "fall": fall,
            "total": total,
        }

    def __call__(self, step):
        initial, per_update, half_life, fall, total = self.settings.values()
        images = tf.cast(step, tf.float32) * per_update
        rate = tf.constant(initial, tf.float32)
        if half_life:
            rate *= tf.pow(0.5, images / half_life)
        if fall:
            rate *= tf.clip_by_value((total - images) / fall, 0.0, 1.0)
        return rate

    def get_config(self):
        return self.settings


@keras.saving.register_keras_serializable(package="tfgan")
class Ramp(keras.optimizers.schedules.LearningRateSchedule):
    """A value that changes linearly from `initial` to `final` while `images` are shown.

    Args:
        initial, final: floats.
        images_per_update: real images shown per update; 1 for the weight of a penalty, since
            such a schedule is called with images and not with updates.
        images: images shown until the value is `final`, > 0.
    """

    def __init__(self, initial, final, images_per_update, images):
        self.settings = {
            "initial": initial,
            "final": final,
            "images_per_update": images_per_update,
            "images": images,
        }

    def __call__(self, step):
        initial, final, per_update, images = self.settings.values()
        done = tf.minimum(tf.cast(step, tf.float32) * per_update / images, 1.0)
        return initial + (final - initial) * done

    def get_config(self):
        return self.settings
