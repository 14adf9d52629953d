"""Games: `GAN` and its subclasses that play by other rules."""

from tfgan.gan import GAN
from tfgan.models.conditional import ConditionalGAN

GAMES = {
    "gan": GAN,
    "conditional": ConditionalGAN,
}
