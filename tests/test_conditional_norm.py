import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan.layers import BatchNormalization, ConditionalBatchNormalization, LabelsToOneHot

CLASSES, CHANNELS = 3, 4
X = (2 + 3 * np.random.default_rng(0).normal(size=(6, 5, 5, CHANNELS))).astype("float32")


def one_hot(*labels):
    return np.eye(CLASSES, dtype="float32")[list(labels)]


def layer_of(**kwargs):
    layer = ConditionalBatchNormalization(momentum=0.9, epsilon=1e-5, **kwargs)
    layer.build([X.shape, (None, CLASSES)])
    return layer


def with_weights(seed=1):
    layer = layer_of()
    for weight in layer.trainable_weights:
        weight.assign(np.random.default_rng(seed).normal(size=weight.shape))
        seed += 1
    return layer


@pytest.mark.parametrize("label", range(CLASSES))
def test_at_first_it_is_batch_normalisation_without_scale_and_offset_for_every_class(label):
    layer = layer_of()
    plain = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5, scale=False, center=False)
    for training in (True, True, False):
        made = layer([X, one_hot(*[label] * len(X))], training=training)
        np.testing.assert_allclose(made, plain(X, training=training), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(layer.norm.moving_mean, plain.moving_mean, atol=1e-6)


def test_it_has_a_scale_and_an_offset_of_every_channel_for_every_class():
    layer = layer_of()
    assert sum(np.size(weight) for weight in layer.trainable_weights) == 2 * CLASSES * CHANNELS
    assert sum(np.size(weight) for weight in layer.non_trainable_weights) == 2 * CHANNELS


def test_the_scale_is_one_plus_the_row_of_the_class():
    layer = with_weights()
    normal = BatchNormalization(epsilon=1e-5, scale=False, center=False)(X, training=True)
    labels = [0, 1, 2, 2, 1, 0]
    made = layer([X, one_hot(*labels)], training=True)
    for row, label in enumerate(labels):
        scale, offset = 1 + layer.scale.numpy()[label], layer.offset.numpy()[label]
        np.testing.assert_allclose(made[row], scale * normal[row] + offset, atol=1e-5)


def test_all_classes_share_the_statistics():
    layer = layer_of()
    made = layer([X, one_hot(0, 0, 0, 1, 1, 1)], training=True).numpy()
    assert abs(made.mean(axis=(0, 1, 2))).max() < 1e-5
    assert abs(made[:3].mean(axis=(0, 1, 2))).max() > 1e-2


def test_rows_of_several_labels_and_of_tags_add_up():
    layer = with_weights()
    of_labels = LabelsToOneHot((1, 2))(np.array([[0, 1]] * len(X)))
    tags = np.float32([[1, 0, 1]] * len(X))
    made = [layer([X, vector], training=True).numpy() for vector in (of_labels, tags)]
    np.testing.assert_array_equal(*made)
    zero, first, second = (
        layer([X, np.tile(row, (len(X), 1))], training=True).numpy()
        for row in (np.zeros([1, CLASSES], "float32"), one_hot(0), one_hot(2))
    )
    np.testing.assert_allclose(made[0], first + second - zero, atol=1e-4)


def test_small_scales_count_in_bfloat16():
    layer = layer_of(dtype="mixed_bfloat16")
    with tf.GradientTape() as tape:
        made = layer([tf.cast(X, "bfloat16"), one_hot(*[0] * 6)], training=True)
        loss = tf.reduce_sum(tf.cast(made, "float32") ** 2)
    assert made.dtype == "bfloat16" and layer.scale.dtype == "float32"
    gradient = tape.gradient(loss, layer.scale.value).numpy()
    # The sum of squares of what has variance 1 grows by twice their number.
    np.testing.assert_allclose(gradient[0], 2 * 6 * 5 * 5, rtol=0.02)
    assert not gradient[1:].any()


def test_it_survives_saving():
    layer = with_weights()
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    copy.set_weights(layer.get_weights())
    vector = one_hot(0, 1, 2, 0, 1, 2)
    np.testing.assert_array_equal(copy([X, vector]), layer([X, vector]))
    assert copy.get_config() == layer.get_config()
