"""The workloads W1 to W4: data, networks, loss and batch that every contestant trains."""

from typing import Callable, NamedTuple

import keras
import numpy as np


class Workload(NamedTuple):
    """A training job.

    Attributes:
        shape: of an example.
        latent_dim: length of the latents.
        networks: (layers=keras.layers) -> (generator, discriminator), new models made
            of the layer classes in a namespace.
        critic_steps: discriminator updates per generator update.
        penalty: weight of WGAN-GP's gradient penalty; 0: sigmoid cross-entropy.
        adam: (learning rate, beta_1, beta_2).
        batch: the usual batch of one update.
        library: (name, arguments) of the same networks in tfgan, if it has them.
        examples: number of examples.
    """

    shape: tuple
    latent_dim: int
    networks: Callable
    critic_steps: int = 1
    penalty: float = 0.0
    adam: tuple = (2e-4, 0.5, 0.999)
    batch: int = 64
    library: tuple = ()
    examples: int = 1024


def examples(workload, seed=0):
    """Synthetic data: float32 `[examples, *shape]` in [-1, 1]."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (workload.examples, *workload.shape)).astype("float32")


def dcgan64(norm):
    """DCGAN at 64x64x3 with the paper's widths; `norm` in the discriminator."""

    def build(layers=keras.layers):
        generator = [keras.Input((100,)), layers.Dense(4 * 4 * 1024, use_bias=False)]
        generator += [layers.Reshape((4, 4, 1024)), layers.BatchNormalization(), layers.ReLU()]
        for filters in (512, 256, 128):
            generator += [
                layers.Conv2DTranspose(filters, 5, 2, padding="same", use_bias=False),
                layers.BatchNormalization(),
                layers.ReLU(),
            ]
        last = {"activation": "tanh", "dtype": "float32"}
        generator.append(layers.Conv2DTranspose(3, 5, 2, padding="same", **last))
        discriminator = [keras.Input((64, 64, 3))]
        for filters in (128, 256, 512, 1024):
            discriminator.append(layers.Conv2D(filters, 5, 2, padding="same"))
            if norm and filters > 128:
                discriminator.append(layers.BatchNormalization())
            discriminator.append(layers.LeakyReLU(0.2))
        discriminator += [layers.Flatten(), layers.Dense(1, dtype="float32")]
        return keras.Sequential(generator), keras.Sequential(discriminator)

    return build


def tutorial28(layers=keras.layers):
    """The networks of TensorFlow's DCGAN tutorial, 28x28x1."""
    generator = [keras.Input((100,)), layers.Dense(7 * 7 * 256, use_bias=False)]
    generator += [layers.BatchNormalization(), layers.LeakyReLU(), layers.Reshape((7, 7, 256))]
    for filters, stride in ((128, 1), (64, 2)):
        generator += [
            layers.Conv2DTranspose(filters, 5, stride, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
        ]
    last = {"use_bias": False, "activation": "tanh", "dtype": "float32"}
    generator.append(layers.Conv2DTranspose(1, 5, 2, padding="same", **last))
    discriminator = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        discriminator += [
            layers.Conv2D(filters, 5, 2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
        ]
    discriminator += [layers.Flatten(), layers.Dense(1, dtype="float32")]
    return keras.Sequential(generator), keras.Sequential(discriminator)


def mixture(layers=keras.layers):
    """Networks for points in the plane: two hidden layers of 128 in each."""

    def net(inputs, outputs):
        hidden = [layers.Dense(128, activation="relu") for _ in range(2)]
        return keras.Sequential(
            [keras.Input((inputs,)), *hidden, layers.Dense(outputs, dtype="float32")]
        )

    return net(2, 2), net(2, 1)


WORKLOADS = {
    "W1": Workload(
        (64, 64, 3), 100, dcgan64(norm=True), library=("dcgan", {"norm": "batch"})
    ),
    "W2": Workload(
        (64, 64, 3), 100, dcgan64(norm=False), 5, 10.0, adam=(1e-4, 0.5, 0.9), batch=16,
        library=("dcgan", {"norm": "none"}),
    ),
    "W3": Workload((28, 28, 1), 100, tutorial28, adam=(1e-4, 0.9, 0.999), batch=256),
    "W4": Workload((2,), 2, mixture, adam=(1e-3, 0.5, 0.999), batch=512, examples=2**16),
}
