"""The library's DCGAN at any size, to measure how step time and memory grow."""

import io

import numpy as np

import tfgan
from tfgan.callbacks import Progress
from tfgan.training.optimizers import Adam

IMAGES = 512


def build(workload, batch, **sizes):
    """A function that trains for so many generator updates."""
    game = build_game(workload, **sizes)
    size = sizes["image_size"]
    images = np.random.default_rng(0).integers(0, 256, (IMAGES, size, size, 3), np.uint8)
    data = tfgan.data.Records(images).batches(batch * game.discriminator_steps)

    def train(steps):
        progress = Progress(10**9, stream=io.StringIO())
        game.fit(data, steps_per_epoch=steps, verbose=0, callbacks=[progress])

    return train


def build_game(workload, image_size, width, discriminator_steps):
    """The compiled game; `width` is the number of channels of the layer with the largest maps."""
    networks = tfgan.networks.NETWORKS["dcgan"](
        image_shape=(image_size, image_size, 3), latent_dim=workload.latent_dim, width=width
    )
    game = tfgan.GAN(**networks, discriminator_steps=discriminator_steps)
    adam = lambda: Adam(*workload.adam)
    game.compile(generator_optimizer=adam(), discriminator_optimizer=adam())
    return game
