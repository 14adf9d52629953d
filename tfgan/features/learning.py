"""Small convolutional classifiers: how they are built and trained."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan import data
from tfgan.features.extractor import Features, as_bytes
from tfgan.layers import BatchNormalization

DIMS = 128
BATCH = 128
SEED = 0


class Recipe(NamedTuple):
    """How a classifier is trained.

    Attributes:
        train: split that it learns from.
        rest: split that its accuracy is measured on.
        widths: channels at each size, halved from one to the next.
        images: shown while it is trained, in passes over `train`.
        shift: largest random shift, in pixels.
        flip: whether half of the images are mirrored.
    """

    train: str
    rest: str
    widths: tuple
    images: int
    shift: int
    flip: bool


def learner(recipe, num_classes, seed=SEED):
    """A `train` for `tfgan.metrics.classification_accuracy_score`.

    Args:
        recipe: `Recipe`, such as that of a data set in `RECIPES`.
        num_classes: int.
        seed: int; every call starts from the same weights.

    Returns:
        Function (images [n, height, width, channels], labels int [n]) -> function images
        -> int classes [n].
    """
    names = {"condition": [str(number) for number in range(num_classes)]}

    def fit(images, labels):
        arrays = {"images": as_bytes("images", images), "condition": np.asarray(labels)}
        records = data.Records(arrays, names)
        fitted = network(records.spec["images"].shape, num_classes, recipe.widths, seed)
        train(fitted, records, recipe, seed)
        return lambda images: features(fitted, as_bytes("images", images)).probabilities.argmax(1)

    return fit


def network(shape, classes, widths, seed):
    """uint8 images -> (features, probabilities): two convolutions at each size."""
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))
    normal = lambda: keras.initializers.HeNormal(seed=next(seeds))

    def convolution(x, width, strides):
        x = keras.layers.Conv2D(
            width, 3, strides, "same", use_bias=False, kernel_initializer=normal(), dtype="float32"
        )(x)
        x = BatchNormalization(momentum=0.9, dtype="float32")(x)
        return keras.layers.ReLU(dtype="float32")(x)

    images = keras.Input(shape, dtype="uint8")
    x = keras.layers.Rescaling(1 / 127.5, -1.0, dtype="float32")(images)
    x = convolution(x, widths[0], 1)
    for width in widths[1:]:
        x = convolution(convolution(x, width, 2), width, 1)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(
        DIMS, use_bias=False, kernel_initializer=normal(), dtype="float32"
    )(x)
    # Without it nearly all of these units die, and the features have few dimensions.
    x = BatchNormalization(momentum=0.9, dtype="float32")(x)
    x = keras.layers.ReLU(dtype="float32", name="features")(x)
    kept = keras.layers.Dropout(0.3, seed=next(seeds), dtype="float32")(x)
    probabilities = keras.layers.Dense(
        classes, "softmax", kernel_initializer=normal(), dtype="float32", name="probabilities"
    )(kept)
    return keras.Model(images, {"features": x, "probabilities": probabilities})


def train(network, records, recipe, seed):
    """Fits the probabilities to the labels of a source of images and one condition."""
    rounds = recipe.images // BATCH
    rate = keras.optimizers.schedules.CosineDecay(2e-3, rounds)
    learner = keras.Model(network.inputs, network.outputs[1])
    learner.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", jit_compile=False)
    batches = records.batches(BATCH, seed=seed).enumerate().map(
        lambda step, batch: _augmented(step, batch["images"], batch["condition"], recipe, seed)
    )
    learner.fit(batches.take(rounds), shuffle=False, verbose=0)


def _augmented(step, images, labels, recipe, seed):
    """The images, each shifted and perhaps mirrored, as bytes."""
    key = tf.stack([tf.constant(seed, tf.int64), step])
    keys = tf.random.experimental.stateless_split(key, 2, alg="philox")
    count, shift = images.shape[0], recipe.shift
    offsets = tf.random.stateless_uniform(
        [count, 2], keys[0], -shift, shift + 1, tf.int32, alg="philox"
    )
    if recipe.flip:
        mirrored = tf.random.stateless_uniform([count, 1, 1, 1], keys[1], alg="philox") < 0.5
        images = tf.where(mirrored, images[:, :, ::-1], images)
    return data.to_uint8(_shifted(images, tf.cast(offsets, tf.float32))), labels


def _shifted(images, offsets):
    """Images moved by (columns, rows), black where they leave."""
    one, none = tf.ones_like(offsets[:, :1]), tf.zeros_like(offsets[:, :1])
    columns, rows = offsets[:, :1], offsets[:, 1:]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.concat([one, none, columns, none, one, rows, none, none], axis=1),
        output_shape=images.shape[1:3],
        fill_value=-1.0,
        interpolation="NEAREST",
        fill_mode="CONSTANT",
    )


def features(network, images):
    """`Features` of uint8 images."""
    found = network.predict(images, batch_size=256, verbose=0)
    return Features(found["features"], found["probabilities"])


RECIPES = {
    "mnist": Recipe("train[:50000]", "train[50000:]", (32, 32, 64), 400_000, shift=2, flip=False),
    "fashion_mnist": Recipe(
        "train[:50000]", "train[50000:]", (32, 32, 64), 400_000, shift=1, flip=True
    ),
    "cifar10": Recipe("train[:90%]", "train[90%:]", (48, 64, 128, 256), 320_000, shift=3, flip=True),
}
