"""Moving averages of networks' weights."""

import keras
import tensorflow as tf

from tfgan import copies, errors


@keras.saving.register_keras_serializable(package="tfgan")
class FromZero:
    """A moving average that starts at 0 and moves a fixed fraction of the way each round.

    Args:
        rate: float in (0, 1), the share of the way to the weights.

    Reference:
        Salimans et al. 2016, https://arxiv.org/abs/1606.03498 (its code)
    """

    def __init__(self, rate):
        if not 0 < rate < 1:
            raise errors.invalid("rate", "a number between 0 and 1", rate)
        self.rate = rate

    def get_config(self):
        return {"rate": self.rate}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def averaged_copy(network, law):
    """A copy of a network, in inference mode, that is to hold the average of its weights.

    Args:
        network: built Keras model.
        law: half-life in real images shown, or `FromZero`, whose weights start at 0.
    """
    copy = copies.copy(network)
    if isinstance(law, FromZero):
        for variable in copy.trainable_variables:
            variable.assign(tf.zeros_like(variable.value))
    copy.trainable = False
    return copy


def decay(law, images, images_shown):
    """How much of an average stays after a round."""
    if isinstance(law, FromZero):
        return tf.constant(1.0 - law.rate)
    # Early on at most a twentieth of the images so far, to forget the initial weights.
    half_life = tf.minimum(float(law), tf.cast(images_shown, tf.float32) / 20.0)
    return tf.pow(0.5, tf.cast(images, tf.float32) / half_life)


def move_average(average, network, stays):
    """Moves a copy towards its network: weights are averaged, the rest (batch statistics) copied.

    Args:
        average: what `averaged_copy` made.
        network: the network.
        stays: share of the average that stays, a float32 scalar.
    """
    weights = {id(variable) for variable in network.trainable_variables}
    for old, new in zip(average.variables, network.variables):
        if id(new) in weights:
            old.assign_sub(tf.cast(1.0 - stays, old.dtype) * (old.value - new.value))
        else:
            old.assign(new.value)
