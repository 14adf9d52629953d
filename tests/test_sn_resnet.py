import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan import cost
from tfgan.layers import (
    ConditionalBatchNormalization,
    Projection,
    SpectralConv2D,
    SpectralDense,
)
from tfgan.models import ConditionalGAN
from tfgan.networks import NETWORKS
from tfgan.networks.conditioning import Tags

SHAPE = (16, 16, 2)


@functools.cache
def networks(**kwargs):
    """Networks, one of each kind for all tests: none of them may change a weight."""
    return NETWORKS["sn_resnet"](**{"image_shape": SHAPE, "latent_dim": 3, "width": 4, **kwargs})


def images(rows=3):
    return np.random.default_rng(0).uniform(-1, 1, (rows, *SHAPE)).astype("float32")


def shapes_of(model, names):
    return [model.get_layer(name).output.shape[1:3] for name in names]


@pytest.mark.parametrize("shape, width, sizes, halved, cost_of_both", [
    ((28, 28, 1), 48, [7, 14, 28], [14, 7, 7, 7], [42, 29]),
    ((32, 32, 3), 64, [4, 8, 16, 32], [16, 8, 8, 8], [102, 68]),
])  # fmt: skip
def test_sizes_and_operations_are_those_of_the_papers(shape, width, sizes, halved, cost_of_both):
    built = networks(image_shape=shape, width=width, num_classes=(10,))
    up = ["reshape", *[f"block{i}" for i in range(1, len(sizes))]]
    assert shapes_of(built["generator"], up) == [(size, size) for size in sizes]
    down = [f"block{i}" for i in range(1, 5)]
    assert shapes_of(built["discriminator"], down) == [(size, size) for size in halved]
    # Millions of multiplications of one image.
    found = [sum(cost.operations(built[name])) / 2e6 for name in built]
    np.testing.assert_allclose(found, cost_of_both, rtol=0.02)


def test_weights_are_those_of_the_papers():
    w, classes, z = 4, 3, 3
    built = networks(num_classes=(classes,))
    generator = (z + 1) * 16 * w  # dense
    generator += 2 * (18 * w * w + w)  # two blocks of two convolutions, one of them with a bias
    generator += 2 * (w * w + w) + 4 * 2 * classes * w  # shortcuts, four conditional norms
    generator += 2 * w + 9 * w * 2 + 2  # the last norm and the image
    discriminator = 9 * 2 * w + w + 7 * (9 * w * w + w)  # eight convolutions
    discriminator += (2 * w + w) + (w * w + w)  # two shortcuts
    discriminator += w + 1 + classes * w  # the logit and V
    found = [sum(np.size(v) for v in built[side].trainable_weights) for side in built]
    assert found == [generator, discriminator]


def test_every_kernel_of_the_discriminator_is_spectrally_normalised():
    discriminator = networks(num_classes=(3,))["discriminator"]
    spectral = (SpectralConv2D, SpectralDense, Projection)
    holding = [layer for layer in discriminator.layers if layer.trainable_weights]
    assert holding and all(isinstance(layer, spectral) for layer in holding)


def test_the_block_without_activation_is_the_first_one_only():
    names = {layer.name for layer in networks()["discriminator"].layers}
    assert "activation1a" not in names and {"activation2a", "activation3a", "activation4a"} <= names


def test_pooling_is_a_sum():
    discriminator = networks()["discriminator"]
    layer = discriminator.get_layer("features")
    maps = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    np.testing.assert_allclose(layer(maps), 64 * maps.mean(axis=(1, 2)), rtol=1e-4, atol=1e-4)


def test_without_an_embedding_the_discriminator_is_the_unconditional_one():
    x, conditional = images(), networks.__wrapped__(num_classes=(3,))["discriminator"]
    v = conditional.get_layer("projection").embedding
    v._kernel.assign(tf.zeros_like(v._kernel.value))
    plain = keras.Model(conditional.inputs[0], conditional.get_layer("unconditional").output)
    unconditional = networks()["discriminator"]
    assert [x.name for x in plain.layers[:-1]] == [x.name for x in unconditional.layers[:-1]]
    for label in range(3):
        made = conditional([x, np.full(len(x), label, "int32")])
        np.testing.assert_allclose(made, plain(x), atol=1e-6)


def test_two_labels_differ_by_the_projection_of_the_features():
    x, discriminator = images(), networks(num_classes=(3,))["discriminator"]
    features = keras.Model(discriminator.inputs[0], discriminator.get_layer("features").output)(x)
    v = discriminator.get_layer("projection").embedding.kernel.numpy()
    one, other = (discriminator([x, np.full(len(x), label, "int32")]).numpy() for label in (0, 2))
    expected = features.numpy() @ (v[0] - v[2])
    np.testing.assert_allclose((one - other)[:, 0], expected, rtol=1e-3, atol=1e-4)


def test_how_a_condition_enters():
    for kind, first in (("batch_norm", 3), ("concatenate", 3 + 5)):
        generator = networks(num_classes=(3, 2), generator_condition=kind)["generator"]
        norms = [x for x in generator.layers if isinstance(x, ConditionalBatchNormalization)]
        assert [x.name for x in norms] == (kind == "batch_norm") * ["norm1a", "norm1b", "norm2a", "norm2b"]
        assert generator.get_layer("dense").input.shape[1] == first
    for kind, channels in (("projection", 2), ("concatenate", 3)):
        discriminator = networks(num_classes=(3, 2), discriminator_condition=kind)["discriminator"]
        assert discriminator.get_layer("conv1a").input.shape[-1] == channels
        assert any(isinstance(x, Projection) for x in discriminator.layers) == (kind == "projection")


def test_an_upsampled_shortcut_is_the_shortcut_of_what_is_upsampled():
    generator = networks()["generator"]
    shortcut = generator.get_layer("shortcut1")
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 4)).astype("float32")
    up = keras.layers.UpSampling2D()
    np.testing.assert_allclose(up(shortcut(x)), shortcut(up(x)), atol=1e-6)


def test_the_condition_moves_what_it_enters_by():
    game = tiny.compiled(
        ConditionalGAN(**networks.__wrapped__(num_classes=Tags(3)), loss="hinge"), run_eagerly=True
    )
    tags = np.float32([[0, 1, 1], [1, 0, 0], [0, 0, 0], [1, 1, 1]])
    tiny.assert_trains(game, tiny.endless(images(4), tags))
    norms = [x for x in game.generator.layers if isinstance(x, ConditionalBatchNormalization)]
    assert all(np.abs(x.scale).max() > 0 and np.abs(x.offset).max() > 0 for x in norms)
    made = [game.generate(2, seed=1, condition=row) for row in tags[:2]]
    assert not np.allclose(*made)


@pytest.mark.parametrize("options, message", [
    ({"generator_condition": "norm"}, "generator_condition: expected one of batch_norm, concatenate"),
    ({"discriminator_condition": "project"}, "discriminator_condition: .*Did you mean 'projection'"),
    ({"image_shape": (30, 32, 3)}, "image_shape: expected sides that divide by 4"),
    ({"width": 0}, "width: expected"),
    ({"num_classes": Tags(0)}, "num_classes: expected a whole number >= 1; got 0"),
])  # fmt: skip
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        networks(**options)
