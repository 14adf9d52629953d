"""BiGAN: an encoder joins the generator, and the discriminator judges pairs of image and code."""

import keras
import tensorflow as tf

from tfgan import checks
from tfgan.gan import GAN, batch_size
from tfgan.models.encoders import check_encoder, codes_of, encoder_samplers


@keras.saving.register_keras_serializable(package="tfgan")
class BiGAN(GAN):
    """A GAN that learns an encoder beside the generator: a latent code for every image.

    The discriminator tells (image, its encoder's code) from (generated image, its latents).
    Generator and encoder minimise its loss with the labels inverted, on both kinds of
    pairs. At the optimum the encoder inverts the generator.

    All losses are the means of the two cross-entropies, half of their sum: ln 2 where the
    discriminator knows nothing.

    Args:
        weight_decay: added to the gradient of every trained weight w is `weight_decay` * w. It
            is the gradient of the term `weight_decay` of each side, half of `weight_decay`
            times the sum of squares.
        **kwargs: those of `tfgan.GAN`. The encoder maps images to codes `[batch, latent_dim]`,
            or to a dict of "codes" and, if wanted, "features" `[batch, dims]`; the
            discriminator is called on `[images, codes]`. The paper moves both sides at
            once: `schedule="simultaneous_shared"`.

    Raises:
        ValueError: an encoder whose codes are not as long as the generator's latents.

    Reference:
        Donahue et al. 2017, https://arxiv.org/abs/1605.09782;
        Dumoulin et al. 2017, https://arxiv.org/abs/1606.00704
    """

    generator_side = ("generator", "encoder")

    def __init__(self, *, weight_decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self.weight_decay = checks.number_from_0("weight_decay", weight_decay)

    def discriminator_terms(self, batch, random):
        real, fake = self._pairs(batch, random)
        result = self.objective.discriminator(self.discriminate, real, fake, random)
        return self._finished("discriminator", result.terms)

    def generator_terms(self, batch, random):
        real, fake = self._pairs(batch, random)
        result = self.objective.swapped(self.discriminate, real, fake, random)
        return self._finished("generator", result.terms)

    def samplers(self):
        return {**super().samplers(), **encoder_samplers(self.encoder, codes_of)}

    def discriminator_inputs(self, images, given):
        images = self.given(self.samplers()["encode"], len(images), {**given, "images": images})["images"]
        return [images, codes_of(self.encoder(images, training=False))]

    def check_networks(self):
        super().check_networks()
        check_encoder(self.encoder, self.latent_dim)

    def _pairs(self, batch, random):
        """(Image, its code) and (generated image, its latents)."""
        latents = self.sample_inputs(batch_size(batch), random)
        codes = codes_of(self.forward("encoder", batch["images"]))
        return [batch["images"], codes], [self.forward("generator", latents), latents]

    def _finished(self, side, terms):
        """One side's terms: the mean of the two cross-entropies, and the decay of its weights."""
        terms = {**terms, "loss": terms["loss"] / 2.0}
        if not self.weight_decay:
            return terms
        squares = [tf.reduce_sum(tf.square(w.value)) for w in self.side_variables(side)]
        return {**terms, "weight_decay": 0.5 * self.weight_decay * tf.add_n(squares)}

