"""Small convolutional classifiers of several labels at once: how they are built and trained."""

from typing import NamedTuple

import keras
import tensorflow as tf

from tfgan import data
from tfgan.data.augment import flip
from tfgan.layers import BatchNormalization

SEED = 0


class TagRecipe(NamedTuple):
    """How a classifier of several labels is built and trained.

    Attributes:
        widths: channels at each size, each half as large as the one before.
        units: of the hidden layer, whose outputs are the features.
        dropouts: rates before and after the hidden layer.
        rate: of Adam, which falls to 0 along a cosine.
        batch_size: int.
        images: shown while it is trained, half of them mirrored.
    """

    widths: tuple = (24, 48, 96, 128)
    units: int = 128
    dropouts: tuple = (0.5, 0.3)
    rate: float = 2e-3
    batch_size: int = 64
    images: int = 62_500


def network(shape, num_classes, recipe, seed=SEED):
    """uint8 images -> {"features": [n, units], "probabilities": one [n, classes] per label}.

    A convolution of stride 2 and one of stride 1 at each size, then one hidden layer, which
    all labels share; batch normalisation and ReLU after each.

    Args:
        shape: (height, width, channels) of the images.
        num_classes: tuple of int, of each label.
        recipe: `TagRecipe`.
        seed: int, of weights and dropout.
    """
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))
    uniform = lambda: keras.initializers.GlorotUniform(seed=next(seeds))
    before, after = recipe.dropouts

    def convolution(x, width, strides):
        x = keras.layers.Conv2D(
            width, 3, strides, "same", use_bias=False, kernel_initializer=uniform(), dtype="float32"
        )(x)
        x = BatchNormalization(dtype="float32")(x)
        return keras.layers.ReLU(dtype="float32")(x)

    images = keras.Input(shape, dtype="uint8")
    x = keras.layers.Rescaling(1 / 127.5, -1.0, dtype="float32")(images)
    for width in recipe.widths:
        x = convolution(convolution(x, width, 2), width, 1)
    x = keras.layers.Flatten(dtype="float32")(x)
    x = keras.layers.Dropout(before, seed=next(seeds), dtype="float32")(x)
    x = keras.layers.Dense(
        recipe.units, use_bias=False, kernel_initializer=uniform(), dtype="float32"
    )(x)
    # Without it three quarters of these units die: on drawn faces 35 of 128 lived.
    x = BatchNormalization(dtype="float32")(x)
    x = keras.layers.ReLU(dtype="float32", name="features")(x)
    kept = keras.layers.Dropout(after, seed=next(seeds), dtype="float32")(x)
    probabilities = [
        keras.layers.Dense(
            classes, "softmax", kernel_initializer=uniform(), dtype="float32", name=f"label_{label}"
        )(kept)
        for label, classes in enumerate(num_classes)
    ]
    return keras.Model(images, {"features": x, "probabilities": probabilities})


def train(network, source, recipe, seed=SEED):
    """Fits the probabilities to the labels: cross-entropy, summed over the labels.

    Args:
        network: as `network` returns it.
        source: source of `images` and a `condition` of classes.
        recipe: `TagRecipe`.
        seed: int, of the order of images and of mirroring.
    """
    rounds = recipe.images // recipe.batch_size
    rate = keras.optimizers.schedules.CosineDecay(recipe.rate, rounds)
    labels = len(source.spec["condition"].num_classes)
    learner = keras.Model(network.inputs, network.output["probabilities"])
    loss = ["sparse_categorical_crossentropy"] * labels
    learner.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)

    def learned_from(parts):
        columns = tf.unstack(tf.reshape(parts["condition"], [-1, labels]), axis=1)
        return data.to_uint8(parts["images"]), tuple(columns)

    batches = source.augmented(flip).batches(recipe.batch_size, seed=seed).map(learned_from)
    learner.fit(batches.take(rounds), shuffle=False, verbose=0)
