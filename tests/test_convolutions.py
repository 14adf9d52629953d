import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan.layers import convolutions
from tfgan.layers.convolutions import Conv2D, Conv2DTranspose, convolve, convolve_back


def arrays(*shapes):
    rng = np.random.default_rng(0)
    return [tf.constant(rng.normal(size=shape), tf.float32) for shape in shapes]


@pytest.fixture
def few_channels(monkeypatch):
    monkeypatch.setattr(convolutions, "LEAST_CHANNELS", 1)
    monkeypatch.setattr(convolutions, "LEAST_CHANNELS_OF_BFLOAT16_GRADIENTS", 1)


CASES = [(5, 2, 8, 8), (4, 2, 8, 6), (3, 2, 4, 8), (3, 3, 6, 9), (2, 2, 4, 4), (7, 2, 8, 4), (3, 1, 4, 4), (4, 1, 3, 5)]


@pytest.mark.parametrize("positions", [64, 0], ids=["products", "native"])
@pytest.mark.parametrize("size, stride, height, width", CASES)
def test_values_and_gradients_are_those_of_the_native_operations(
    size, stride, height, width, positions, monkeypatch, few_channels
):
    for function in ("convolve", "convolve_back"):
        monkeypatch.setitem(convolutions.MOST_POSITIONS, function, positions)
    images, kernel, maps = arrays(
        (3, height, width, 4), (size, size, 4, 5), (3, height // stride, width // stride, 5)
    )

    def native(images, kernel):
        return tf.nn.conv2d(images, kernel, stride, "SAME")

    def native_back(maps, kernel):
        return tf.nn.conv2d_transpose(maps, kernel, images.shape, stride, "SAME")

    for ours, theirs, first in (
        (lambda x, k: convolve(x, k, stride), native, images),
        (lambda m, k: convolve_back(m, k, stride), native_back, maps),
    ):
        found, expected = [], []
        for function, results in ((ours, found), (theirs, expected)):
            with tf.GradientTape() as outer:
                outer.watch([first, kernel])
                with tf.GradientTape() as inner:
                    inner.watch([first, kernel])
                    output = function(first, kernel)
                    value = tf.reduce_sum(tf.tanh(output))
                gradients = inner.gradient(value, [first, kernel])
                norm = sum(tf.reduce_sum(tf.sin(gradient)) for gradient in gradients)
            results += [output, *gradients, *outer.gradient(norm, [first, kernel])]
        for of_ours, of_theirs in zip(found, expected):
            scale = np.abs(of_theirs).max()
            np.testing.assert_allclose(of_ours / scale, of_theirs / scale, atol=1e-5)


@pytest.mark.parametrize(
    "ours, theirs, side",
    [(Conv2D, keras.layers.Conv2D, 8), (Conv2DTranspose, keras.layers.Conv2DTranspose, 4)],
)
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_layers_equal_keras_layers_and_share_their_weights(
    ours, theirs, side, dtype, few_channels
):
    (images,) = arrays((2, side, side, 3))
    arguments = {"strides": 2, "padding": "same", "activation": "relu", "dtype": dtype}
    mine, other = (kind(6, 5, **arguments) for kind in (ours, theirs))
    mine.build(images.shape)
    other.build(images.shape)
    mine.bias.assign(tf.range(6, dtype="float32"))
    other.set_weights(mine.get_weights())
    found, expected = mine(images), other(images)
    assert found.dtype == expected.dtype
    found, expected = (tf.cast(output, tf.float32).numpy() for output in (found, expected))
    np.testing.assert_allclose(found, expected, atol=1e-5 if dtype == "float32" else 0.1)
    assert keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(mine))


def operations(layer, shape, dtype="float32"):
    """Types of the operations of a layer's forward pass and its gradients."""

    @tf.function
    def run(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            output = layer(images)
        return tape.gradient(output, [images, layer.kernel.value])

    graph = run.get_concrete_function(tf.TensorSpec(shape, dtype)).graph
    return {operation.type for operation in graph.get_operations()}


BACK, GRADIENT = "Conv2DBackpropInput", "Conv2DBackpropFilter"


def test_products_serve_only_small_maps_of_many_channels_and_no_gpu(monkeypatch):
    layer = Conv2D(512, 5, 2, padding="same", use_bias=False)
    layer.build((None, 8, 8, 256))
    native = {"Conv2D", BACK, GRADIENT}
    assert not operations(layer, (None, 8, 8, 256)) & native
    assert operations(layer, (None, 16, 16, 256)) & native == {"Conv2D", BACK}
    assert operations(layer, (None, 32, 32, 256)) >= native
    assert operations(layer, (None, 7, 7, 256)) >= native, "a side that does not divide"
    assert operations(layer, (None, None, None, 256)) >= native
    narrow = Conv2D(256, 5, 2, padding="same", use_bias=False)
    narrow.build((None, 8, 8, 256))
    assert operations(narrow, (None, 8, 8, 256)) >= native
    monkeypatch.setattr(convolutions.tf.config, "list_logical_devices", lambda kind: ["GPU:0"])
    assert operations(layer, (None, 8, 8, 256)) >= native


def test_products_serve_transposed_convolutions(monkeypatch):
    layer = Conv2DTranspose(256, 5, 2, padding="same", use_bias=False)
    layer.build((None, 4, 4, 512))
    native = {"Conv2D", BACK, GRADIENT}
    assert not operations(layer, (None, 4, 4, 512)) & native
    assert operations(layer, (None, 8, 8, 512)) & native == {"Conv2D", BACK}
    assert operations(layer, (None, 16, 16, 512)) >= native
    monkeypatch.setattr(convolutions.tf.config, "list_logical_devices", lambda kind: ["GPU:0"])
    assert operations(layer, (None, 4, 4, 512)) >= native


def test_gradients_by_bfloat16_kernels_are_products_for_few_channels_too():
    layer = Conv2D(128, 5, 2, padding="same", use_bias=False, dtype="mixed_bfloat16")
    layer.build((None, 16, 16, 64))
    found = operations(layer, (None, 16, 16, 64), "bfloat16")
    assert {"Conv2D", BACK} <= found and GRADIENT not in found
    same = Conv2D(128, 5, 2, padding="same", use_bias=False)
    same.build((None, 16, 16, 64))
    assert GRADIENT in operations(same, (None, 16, 16, 64))
