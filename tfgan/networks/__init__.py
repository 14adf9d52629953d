"""Builders of networks: functions that return the networks of a GAN as a dict.

`tfgan.GAN(**NETWORKS["dcgan"](image_shape=(32, 32, 3)))` is a complete GAN. Every
builder returns two functional Keras models:

    {"generator": latents [batch, latent_dim] -> images [batch, *image_shape],
     "discriminator": images -> logits [batch, 1]}

Pixels are in [-1, 1]. With `image_shape=(dims,)` the examples are points, in any unit,
and the generator ends linear. The last layers compute in float32.

Arguments that every builder takes:

* `image_shape`: (height, width, channels), or (dims,) for points, where the builder
  supports them.
* `latent_dim`: int >= 1, the length of z.
* `packing`: int >= 1, examples that the discriminator sees at once, joined along their
  channels (PacGAN). It then takes [batch / packing, ..., packing * channels] and returns
  logits [batch / packing, 1].
* `num_classes`: tuple of ints, the number of values of each label, or
  `conditioning.Tags(count)`; empty for networks without a condition. With a condition, the
  networks' inputs are `[latents, condition]` and `[images, condition]`, with `condition` int32
  [batch] for one label and [batch, k] for k, and float32 [batch, count] of 0 and 1 for tags.

All raise ValueError on a bad argument. `norms.NORMS` are the normalisations by name;
`conditioning` adds the labels to a network. A new builder needs a function and a line in
NETWORKS.
"""

from tfgan.networks.acgan import acgan
from tfgan.networks.autoencoder import autoencoder, infogan_vae
from tfgan.networks.began import began
from tfgan.networks.bigan import bigan
from tfgan.networks.dcgan import dcgan
from tfgan.networks.gaussian_1d import gaussian_1d
from tfgan.networks.inference import inference
from tfgan.networks.infogan import infogan
from tfgan.networks.infogan_codes import infogan_codes
from tfgan.networks.mlp import maxout_mlp, mlp
from tfgan.networks.norms import NORMS
from tfgan.networks.pacgan import pacgan
from tfgan.networks.semi_supervised import semi_supervised
from tfgan.networks.sn_resnet import sn_resnet
from tfgan.networks.sngan import sngan
from tfgan.networks.stacked_mnist import stacked_mnist

__all__ = [
    "NETWORKS",
    "NORMS",
    "acgan",
    "autoencoder",
    "began",
    "bigan",
    "dcgan",
    "gaussian_1d",
    "inference",
    "infogan",
    "infogan_codes",
    "infogan_vae",
    "maxout_mlp",
    "mlp",
    "pacgan",
    "semi_supervised",
    "sn_resnet",
    "sngan",
    "stacked_mnist",
]

NETWORKS = {
    "mlp": mlp,
    "maxout_mlp": maxout_mlp,
    "dcgan": dcgan,
    "infogan": infogan,
    "infogan_codes": infogan_codes,
    "bigan": bigan,
    "inference": inference,
    "sngan": sngan,
    "gaussian_1d": gaussian_1d,
    "pacgan": pacgan,
    "stacked_mnist": stacked_mnist,
    "acgan": acgan,
    "sn_resnet": sn_resnet,
    "semi_supervised": semi_supervised,
    "autoencoder": autoencoder,
    "began": began,
    "infogan_vae": infogan_vae,
}
