import keras
import numpy as np

from tfgan.layers import Projection

N, DIMS = 5, 4
FEATURES = np.random.default_rng(0).normal(size=(3, DIMS)).astype("float32")


def projection():
    """A layer whose V has spectral norm 1, so that the norm leaves it as it is."""
    layer = Projection()
    layer.build([FEATURES.shape, (None, N)])
    v = np.random.default_rng(1).normal(size=(N, DIMS)).astype("float32")
    v /= np.linalg.norm(v, 2)
    layer.embedding._kernel.assign(v)
    layer.embedding.u.assign(np.linalg.svd(v)[2][0])
    return layer, v


def vector(*ones):
    """The same multi-hot vector for every row."""
    return np.tile(np.isin(np.arange(N), ones).astype("float32"), (len(FEATURES), 1))


def test_it_is_the_inner_product_with_the_row_of_the_class():
    layer, v = projection()
    for label in range(N):
        np.testing.assert_allclose(
            layer([FEATURES, vector(label)]), (FEATURES @ v[label])[:, None], atol=1e-5
        )


def test_two_labels_or_tags_give_the_sum_of_both():
    layer, _ = projection()
    one, other, both = (layer([FEATURES, vector(*ones)]).numpy() for ones in ([0], [3], [0, 3]))
    np.testing.assert_allclose(both, one + other, atol=1e-6)


def test_its_embedding_has_spectral_norm_one():
    layer, v = projection()
    layer.embedding._kernel.assign(7 * v)
    np.testing.assert_allclose(np.linalg.norm(layer.embedding.kernel, 2), 1, atol=1e-4)


def test_it_survives_saving():
    layer, _ = projection()
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(copy([FEATURES, vector(1)]), layer([FEATURES, vector(1)]))
