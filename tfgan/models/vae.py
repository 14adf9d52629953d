"""Variational autoencoders and plain autoencoders, as baselines for GANs."""

import math

import keras
import tensorflow as tf

from tfgan import checks, errors, shapes
from tfgan.gan import GAN, batch_size
from tfgan.precision import at_least_float32
from tfgan.samplers import Sampler

# Variance of the rounding of pixels in [-1, 1] to 8 bits: a decoder's is no smaller.
LEAST_VARIANCE = (2.0 / 255.0) ** 2 / 12.0


@keras.saving.register_keras_serializable(package="tfgan")
class VAE(GAN):
    """A variational autoencoder with a Gaussian decoder, or a plain one: a game of one side.

    `encoder` maps images to a Gaussian of z, `generator` maps z back to the means of
    pixels. Both minimise minus the evidence lower bound, in nats, summed over the pixels
    and codes of an image and averaged over images:

    * `reconstruction`: minus the log-density of the image under the decoder,
      `|x - mean|^2 / (2 s^2) + dims / 2 ln(2 pi s^2)`;
    * `divergence`: beta times KL(q(z | x) || N(0, I)).

    `generator_error` in the logs is the mean squared error of a pixel. Samplers:
    `generate`, from the prior; `reconstruct`; and `encode`, the means of z.

    Args:
        beta: weight of the divergence. 0: an autoencoder, whose z is the mean itself; it
            has no prior to sample from, and no sampler `generate`.
        deviation: standard deviation s of a pixel under the decoder, in the unit of pixels
            in [-1, 1]. None: learned, as the value with the highest likelihood for each
            batch, whose square is its mean squared error.
        **kwargs: those of `tfgan.GAN` but for losses and what concerns a discriminator.
            `encoder` returns a dict of "means" and "log_variances", as that of
            `NETWORKS["infogan_vae"]`.

    Raises:
        ValueError: a number out of range, or an encoder that does not fit the generator.

    Reference:
        Kingma & Welling 2014, https://arxiv.org/abs/1312.6114
        Higgins et al. 2017 (beta), https://openreview.net/forum?id=Sy2fzU9gl
        Rybkin et al. 2021 (the learned deviation), https://arxiv.org/abs/2006.13202
    """

    generator_side = ("generator", "encoder")
    discriminator_side = ()
    adversarial_terms = ()
    without = (
        "loss", "penalties", "label_smoothing", "views", "discriminator_steps", "clip_weights", "prior",
    )  # fmt: skip

    def __init__(self, *, beta=1.0, deviation=None, **kwargs):
        self.beta = checks.number_from_0("beta", beta)
        self.deviation = checks.positive_or_none("deviation", deviation)
        # The learned deviation is that of a whole batch.
        self.several_replicas = deviation is not None
        super().__init__(**kwargs)

    def generator_terms(self, batch, random):
        images = at_least_float32(batch["images"])
        codes = self.forward("encoder", images)
        means, log_variances = (at_least_float32(codes[name]) for name in ("means", "log_variances"))
        z = means
        if self.beta:
            z += tf.exp(log_variances / 2.0) * random.normal([batch_size(batch), self.latent_dim])
        decoded = self.forward("generator", self.generator_inputs(z))
        error = tf.reduce_mean(tf.square(images - at_least_float32(decoded)))
        terms = {
            "reconstruction": gaussian_cost(error, math.prod(images.shape[1:]), self.deviation),
            "divergence": self.beta * tf.reduce_mean(divergence_from_prior(means, log_variances)),
        }
        return terms, {}, {"error": error}

    def samplers(self):
        def encode(networks, latents, given):
            return networks["encoder"](given["images"])["means"]

        def reconstruct(networks, latents, given):
            return networks["generator"](encode(networks, latents, given))

        given = {"images": shapes.inputs_of(self.encoder)[0]}
        found = {
            "reconstruct": Sampler(reconstruct, given=given, paired=True),
            "encode": Sampler(encode, given=given, compared_with=None, makes="codes"),
        }
        return {**super().samplers(), **found} if self.beta else found

    def check_networks(self):
        super().check_networks()
        outputs = getattr(self.encoder, "output", None)
        outputs = outputs if isinstance(outputs, dict) else {}
        widths = {name: outputs[name].shape[-1] for name in ("means", "log_variances") if name in outputs}
        wanted = dict.fromkeys(("means", "log_variances"), self.latent_dim)
        if widths != wanted:
            raise errors.invalid("encoder", f"outputs of these widths: {wanted}", widths or "none of them")


def gaussian_cost(error, dims, deviation=None):
    """Minus the log-density of an example under a Gaussian, in nats, a scalar.

    Args:
        error: mean squared error over elements and examples, a scalar.
        dims: elements of an example.
        deviation: standard deviation; None: the one with the highest density.
    """
    if deviation is not None:
        return dims / 2.0 * (error / deviation**2 + math.log(2.0 * math.pi * deviation**2))
    variance = tf.maximum(error, LEAST_VARIANCE)
    return dims / 2.0 * (error / variance + tf.math.log(2.0 * math.pi * variance))


def divergence_from_prior(means, log_variances):
    """KL divergence of Gaussians with these parameters from N(0, I), in nats.

    Args:
        means, log_variances: float `[n, dims]`.

    Returns:
        float `[n]`, sums over dims.
    """
    elements = tf.square(means) + tf.exp(log_variances) - 1.0 - log_variances
    return tf.reduce_sum(elements, axis=1) / 2.0
