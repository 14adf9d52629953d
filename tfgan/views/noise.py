"""Instance noise: Gaussian noise on the discriminator's inputs."""

import tensorflow as tf

from tfgan import checks, errors


class Noise:
    """Instance noise: Gaussian noise on real and generated images, constant or decreasing to 0.

    Args:
        deviation: its standard deviation at the start, >= 0, in the data's unit.
        fall: real images shown until the deviation has decreased to 0, linearly; None: it
            is constant.

    Raises:
        ValueError: a number out of range.

    Reference:
        Sønderby et al. 2017, https://arxiv.org/abs/1610.04490;
        Arjovsky & Bottou 2017, https://arxiv.org/abs/1701.04862
    """

    joins = False

    def __init__(self, deviation, fall=None):
        self.deviation = checks.number_from_0("views['noise']", deviation)
        self.fall = checks.positive_or_none("views['noise'][1]", fall)
        if fall and not deviation:
            raise errors.invalid("views['noise']", "a number > 0 that can fall", deviation)

    def __call__(self, parts, random, images_shown):
        return [self._noisy(part, random.fold(i), images_shown) for i, part in enumerate(parts)]

    def level(self, images_shown):
        """The standard deviation after so many images, float32."""
        if self.fall is None:
            return tf.constant(self.deviation, tf.float32)
        left = 1.0 - tf.cast(images_shown, tf.float32) / self.fall
        return self.deviation * tf.maximum(left, 0.0)

    def _noisy(self, images, random, images_shown):
        noise = self.level(images_shown) * random.normal(tf.shape(images))
        return images + tf.cast(noise, images.dtype)
