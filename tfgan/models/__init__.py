"""Games: `GAN` and its subclasses that play by other rules."""

from tfgan.gan import GAN
from tfgan.models.acgan import ACGAN
from tfgan.models.began import BEGAN
from tfgan.models.bigan import BiGAN
from tfgan.models.conditional import ConditionalGAN
from tfgan.models.ebgan import EBGAN
from tfgan.models.inference import Inference
from tfgan.models.infogan import InfoGAN
from tfgan.models.semi_supervised import SemiSupervisedGAN
from tfgan.models.vae import VAE

GAMES = {
    "gan": GAN,
    "conditional": ConditionalGAN,
    "acgan": ACGAN,
    "infogan": InfoGAN,
    "bigan": BiGAN,
    "inference": Inference,
    "semi_supervised": SemiSupervisedGAN,
    "ebgan": EBGAN,
    "began": BEGAN,
    "vae": VAE,
}
