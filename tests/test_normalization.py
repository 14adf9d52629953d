import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan.layers import BatchNormalization


def pair(shape, **arguments):
    """Our layer and Keras's, with the same weights."""
    ours, theirs = (kind(**arguments) for kind in (BatchNormalization, keras.layers.BatchNormalization))
    for layer in (ours, theirs):
        layer.build(shape)
        layer.gamma.assign(np.linspace(0.5, 2, shape[-1]))
        layer.beta.assign(np.linspace(-1, 1, shape[-1]))
    return ours, theirs


def images(*shape, dtype="float32"):
    return tf.cast(3 + 2 * np.random.default_rng(0).normal(size=shape), dtype)


@pytest.mark.parametrize("dtype, atol", [("float32", 1e-5), ("mixed_bfloat16", 0.05)])
@pytest.mark.parametrize("shape", [(8, 6, 4, 5), (1, 1, 1, 3), (2, 1, 1, 3)])
def test_values_and_statistics_are_those_of_keras(shape, dtype, atol):
    ours, theirs = pair(shape, momentum=0.9, epsilon=1e-5, dtype=dtype)
    x = images(*shape, dtype=ours.compute_dtype)
    for training in (True, True, False):
        mine, expected = ours(x, training=training), theirs(x, training=training)
        assert mine.dtype == expected.dtype == ours.compute_dtype
        np.testing.assert_allclose(*(tf.cast(y, "float32") for y in (mine, expected)), atol=atol)
        for one, other in zip(ours.variables, theirs.variables):
            np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-2 if atol > 1e-3 else 1e-5)


def test_first_and_second_gradients_are_those_of_keras():
    x, weights = images(4, 3, 3, 2), images(4, 3, 3, 2)
    results = []
    for layer in pair(x.shape, epsilon=1e-3):
        variables = [x, layer.gamma.value, layer.beta.value]
        with tf.GradientTape() as outer:
            outer.watch(variables)
            with tf.GradientTape() as inner:
                inner.watch(variables)
                value = tf.reduce_sum(weights * tf.sin(layer(x, training=True)))
            gradients = inner.gradient(value, variables)
            norm = sum(tf.reduce_sum(gradient**2) for gradient in gradients)
        results.append([*gradients, *outer.gradient(norm, variables)])
    for mine, expected in zip(*results):
        scale = np.abs(expected).max()
        np.testing.assert_allclose(mine / scale, expected / scale, atol=1e-4)


def operations(layer, shape, training=True):
    graph = tf.function(lambda x: layer(x, training=training)).get_concrete_function(
        tf.TensorSpec(shape)
    ).graph  # fmt: skip
    return {operation.type for operation in graph.get_operations()}


def test_what_is_left_to_keras():
    layer = BatchNormalization()
    layer.build((None, 4, 4, 3))
    assert "FusedBatchNormV3" in operations(layer, (None, 4, 4, 3))
    assert "FusedBatchNormV3" not in operations(layer, (None, 4, 4, 3), training=False)
    layer.trainable = False
    assert "FusedBatchNormV3" not in operations(layer, (None, 4, 4, 3))
    for arguments, shape in (({}, (None, 3)), ({"synchronized": True}, (None, 4, 4, 3))):
        other = BatchNormalization(**arguments)
        other.build(shape)
        assert "FusedBatchNormV3" not in operations(other, shape)


def test_it_survives_saving():
    layer = BatchNormalization(momentum=0.7)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert isinstance(again, BatchNormalization) and again.momentum == 0.7
