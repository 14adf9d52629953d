"""Inference of latents: an encoder is trained to invert a generator that is finished."""

from typing import Callable, NamedTuple

import keras
import tensorflow as tf

from tfgan import errors, latents
from tfgan.gan import GAN, batch_size
from tfgan.models.encoders import check_encoder, codes_of, encoder_samplers
from tfgan.precision import at_least_float32


class Estimate(NamedTuple):
    """How an encoder's outputs estimate latents of one prior.

    Attributes:
        codes: outputs -> latents, of the same shape.
        loss: `(outputs, latents) -> loss`, of the same shape.
    """

    codes: Callable
    loss: Callable


def _cross_entropy(outputs, shares):
    return tf.nn.sigmoid_cross_entropy_with_logits(shares, outputs)


# By prior. Outputs for uniform latents are logits of where between its ends a latent is.
ESTIMATES = {
    latents.normal: Estimate(lambda outputs: outputs, lambda outputs, z: 0.5 * tf.square(z - outputs)),
    latents.uniform: Estimate(
        lambda outputs: 2.0 * tf.sigmoid(outputs) - 1.0,
        lambda outputs, z: _cross_entropy(outputs, (z + 1.0) / 2.0),
    ),
    latents.uniform01: Estimate(tf.sigmoid, _cross_entropy),
}


@keras.saving.register_keras_serializable(package="tfgan")
class Inference(GAN):
    """An encoder that learns the latents of a frozen generator's images: a latent regressor.

    There is no discriminator. Each round draws latents z, makes their images in inference
    mode and moves the encoder E towards z. The term `latent` is the mean, over images and
    elements of z, of

    * (z - E)^2 / 2 for the normal prior: 1/2 where E knows nothing, so that 1 - 2 * `latent` is
      the share of the variance of z that E explains;
    * for uniform priors the cross-entropy between sigmoid(E) and where between its ends z
      is, as in BiGAN's code: ln 2 where E knows nothing, and 1/2 in the mean where it is perfect.

    A latent that leaves no trace in the image cannot be found: the optimum is the mean of z
    given the image. Real images only count, for the length of training.

    Args:
        **kwargs: those of `tfgan.GAN`; `prior` is that of the generator's own training. The
            encoder maps images to codes `[batch, latent_dim]`, or to a dict of "codes" and,
            if wanted, "features"; its codes are linear, without a final activation.

    Reference:
        Donahue et al. 2017, https://arxiv.org/abs/1605.09782, section 4.1, the latent regressor
    """

    generator_side = ("encoder",)
    discriminator_side = ()
    frozen_networks = ("generator",)
    adversarial_terms = ()

    def generator_terms(self, batch, random):
        z = self.sample_inputs(batch_size(batch), random)
        outputs = codes_of(self.forward("encoder", self.forward("generator", z)))
        return {"latent": tf.reduce_mean(ESTIMATES[self.prior].loss(at_least_float32(outputs), z))}

    def samplers(self):
        codes = lambda outputs: ESTIMATES[self.prior].codes(codes_of(outputs))
        return {**super().samplers(), **encoder_samplers(self.encoder, codes)}

    def check_networks(self):
        super().check_networks()
        if self.prior not in ESTIMATES:
            known = " or ".join(each.__name__ for each in ESTIMATES)
            raise errors.invalid("prior", known, self.prior.__name__)
        check_encoder(self.encoder, self.latent_dim)
