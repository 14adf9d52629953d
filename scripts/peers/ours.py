"""The library as a user runs it: `gan.fit` with metrics, moving average and progress."""

import io
from types import SimpleNamespace

import keras
import numpy as np

import tfgan
from peers.workloads import examples
from tfgan.callbacks import Progress
from tfgan.training.optimizers import Adam


def build(workload, batch, schedule, precision):
    """A function that trains for so many generator updates."""
    game = build_game(workload, schedule, precision)
    data = build_data(workload).batches(batch * workload.critic_steps)

    def train(steps):
        progress = Progress(10**9, stream=io.StringIO())
        game.fit(data, steps_per_epoch=steps, verbose=0, callbacks=[progress])

    return train


def build_game(workload, schedule, precision):
    """The compiled game of a workload."""
    keras.config.set_dtype_policy(precision)
    networks = _networks(workload)
    keras.config.set_dtype_policy("float32")
    game = tfgan.GAN(
        **networks,
        loss="wasserstein" if workload.penalty else "non_saturating",
        penalties={"gradient_penalty": workload.penalty} if workload.penalty else None,
        discriminator_steps=workload.critic_steps,
        schedule=schedule,
    )
    adam = lambda: Adam(*workload.adam)
    game.compile(generator_optimizer=adam(), discriminator_optimizer=adam())
    return game


def build_data(workload):
    """A source of the workload's examples in memory; images are uint8."""
    images = examples(workload)
    if len(workload.shape) == 3:
        images = np.asarray(tfgan.data.to_uint8(images))
    return tfgan.data.Records(images)


def _networks(workload):
    if workload.library:
        name, arguments = workload.library
        return tfgan.networks.NETWORKS[name](
            image_shape=workload.shape, latent_dim=workload.latent_dim, **arguments
        )
    layers = SimpleNamespace(**{**vars(keras.layers), **vars(tfgan.layers)})
    return dict(zip(("generator", "discriminator"), workload.networks(layers)))
