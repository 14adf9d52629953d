"""Builders of networks: functions that return the networks of a GAN as a dict.

`tfgan.GAN(**NETWORKS["dcgan"](image_shape=(32, 32, 3)))` is a whole game. The
values are functional Keras models named "generator" and "discriminator", whose
discriminator returns logits; every builder's last layers compute in float32.
Pixels are in [-1, 1]; points, `image_shape=(dims,)`, have units of their own.

`norms.NORMS` names the discriminators' normalisations, `conditioning` is how
labels enter. A builder needs a function and a line in NETWORKS.
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
