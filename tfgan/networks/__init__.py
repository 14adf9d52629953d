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
* `num_classes`: tuple of ints, the number of values of each label; empty for networks
  without a condition. With labels, the networks' inputs are `[latents, condition]` and
  `[images, condition]`, with `condition` int32 [batch] for one label and [batch, k] for k.

All raise ValueError on a bad argument. `norms.NORMS` are the normalisations by name;
`conditioning` adds the labels to a network. A new builder needs a function and a line in
NETWORKS.
"""

from tfgan.networks.dcgan import dcgan
from tfgan.networks.gaussian_1d import gaussian_1d
from tfgan.networks.infogan import infogan
from tfgan.networks.mlp import maxout_mlp, mlp
from tfgan.networks.norms import NORMS
from tfgan.networks.pacgan import pacgan
from tfgan.networks.sngan import sngan
from tfgan.networks.stacked_mnist import stacked_mnist

__all__ = [
    "NETWORKS",
    "NORMS",
    "dcgan",
    "gaussian_1d",
    "infogan",
    "maxout_mlp",
    "mlp",
    "pacgan",
    "sngan",
    "stacked_mnist",
]

NETWORKS = {
    "mlp": mlp,
    "maxout_mlp": maxout_mlp,
    "dcgan": dcgan,
    "infogan": infogan,
    "sngan": sngan,
    "gaussian_1d": gaussian_1d,
    "pacgan": pacgan,
    "stacked_mnist": stacked_mnist,
}
