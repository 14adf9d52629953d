import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan.layers import (
    GlobalSumPooling2D,
    LabelsToOneHot,
    Maxout,
    MinibatchDiscrimination,
    MinibatchStdDev,
    MultiHotTags,
    SamplingDropout,
    Sort,
    SpectralConv2D,
    SpectralDense,
)

VECTORS = np.linspace(-1.0, 1.0, 4 * 5, dtype="float32").reshape(4, 5)
MAPS = np.sin(np.arange(4 * 6 * 6 * 2, dtype="float32")).reshape(4, 6, 6, 2)
LABELS = np.array([[0, 2], [1, 0], [1, 1], [0, 1]], "int32")

LAYERS = [
    (lambda: Maxout(3, 2, "he_normal", bias_initializer="ones"), VECTORS, (4, 3)),
    (lambda: MinibatchDiscrimination(3, 2), VECTORS, (4, 8)),
    (lambda: MinibatchStdDev(2), VECTORS, (4, 6)),
    (lambda: MinibatchStdDev(), MAPS, (4, 6, 6, 3)),
    (lambda: LabelsToOneHot((2, 3)), LABELS, (4, 5)),
    (lambda: MultiHotTags(5), VECTORS, (4, 5)),
    (lambda: GlobalSumPooling2D(), MAPS, (4, 2)),
    (lambda: Sort(), VECTORS, (4, 5)),
    (lambda: SpectralDense(3, kernel_initializer="he_normal", activation="tanh"), VECTORS, (4, 3)),
    (lambda: SpectralConv2D(3, 5, strides=2, padding="same"), MAPS, (4, 3, 3, 3)),
]
EVERY_LAYER = pytest.mark.parametrize(
    "make, x, shape", LAYERS, ids=lambda value: value().name if callable(value) else ""
)
SPECTRAL = pytest.mark.parametrize(
    "make, x",
    [
        (lambda **kwargs: SpectralDense(4, **kwargs), VECTORS),
        (lambda **kwargs: SpectralConv2D(4, 3, strides=2, **kwargs), MAPS),
    ],
    ids=["dense", "conv"],
)


def converge(layer, x, iterations=300):
    """Runs training forwards until u is the leading singular vector."""
    layer.build(x.shape)
    step = tf.function(lambda: layer(x, training=True))
    for _ in range(iterations):
        step()


@EVERY_LAYER
def test_config_round_trip(make, x, shape):
    layer = make()
    expected = layer(x)
    assert expected.shape == shape
    config = keras.saving.serialize_keras_object(layer)
    assert config["registered_name"] == f"tfgan>{type(layer).__name__}"
    copy = keras.saving.deserialize_keras_object(config)
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(copy(x), expected)
    assert copy.get_config() == layer.get_config()


@EVERY_LAYER
def test_unknown_batch_size_and_graph_equal_eager(make, x, shape):
    inputs = keras.Input(x.shape[1:], dtype=x.dtype)
    model = keras.Model(inputs, make()(inputs))
    assert model.output_shape == (None, *shape[1:])
    graph = tf.function(model, input_signature=[tf.TensorSpec((None, *x.shape[1:]), x.dtype)])
    np.testing.assert_allclose(graph(x[:3]), model(x[:3]), atol=1e-6)


@EVERY_LAYER
def test_mixed_precision(make, x, shape):
    config = {**make().get_config(), "dtype": "mixed_bfloat16"}
    layer = type(make()).from_config(config)
    for training in (True, False):
        output = layer(x, training=training) if "Spectral" in type(layer).__name__ else layer(x)
        assert output.shape == shape
        assert output.dtype == tf.bfloat16
    full = type(layer).from_config(make().get_config())
    full.build(x.shape)
    full.set_weights(layer.get_weights())
    np.testing.assert_allclose(tf.cast(output, tf.float32), full(x), atol=0.05)


def test_maxout_takes_the_largest_piece():
    layer = Maxout(units=2, pieces=2)
    layer.build((None, 1))
    layer.set_weights([np.array([[1.0, -1.0, 2.0, 0.0]]), np.array([0.0, 0.0, 0.0, 5.0])])
    np.testing.assert_array_equal(layer(np.array([[3.0], [-3.0]])), [[3.0, 6.0], [3.0, 5.0]])


def test_minibatch_discrimination_counts_the_others_that_are_near():
    layer = MinibatchDiscrimination(kernels=2, kernel_dims=1)
    layer.build((None, 1))
    layer.set_weights([np.array([[1.0, 0.5]])])
    output = layer(np.array([[0.0], [0.0], [100.0]]))
    np.testing.assert_allclose(output, [[0, 1, 1], [0, 1, 1], [100, 0, 0]], atol=1e-6)
    near = layer(np.array([[0.0], [2.0]]))
    np.testing.assert_allclose(near[:, 1:], [[np.exp(-2), np.exp(-1)]] * 2, rtol=1e-6)


def test_minibatch_discrimination_sums_the_distance_over_the_row():
    layer = MinibatchDiscrimination(kernels=1, kernel_dims=2)
    layer.build((None, 1))
    layer.set_weights([np.array([[1.0, -2.0]])])
    np.testing.assert_allclose(layer(np.array([[0.0], [1.0]]))[:, 1], [np.exp(-3)] * 2, rtol=1e-6)


def test_stddev_of_a_constant_batch_is_zero_with_finite_gradient():
    x = tf.ones((4, 2, 2, 3))
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = MinibatchStdDev()(x)
    assert np.all(np.abs(output[..., 3]) < 1e-3)
    assert np.all(np.isfinite(tape.gradient(output, x)))


def test_stddev_of_known_groups():
    # Groups of rows (0, 2) and (1, 3): deviations 1 and 5 in half of the features.
    x = [[0.0, 1.0], [0.0, 3.0], [2.0, 1.0], [10.0, 3.0]]
    output = MinibatchStdDev(group_size=2)(np.array(x, "float32"))
    np.testing.assert_allclose(output[:, 2], [0.5, 2.5, 0.5, 2.5], atol=1e-4)


@pytest.mark.parametrize(
    "rows, groups", [(1, [[0]]), (3, [[0, 1, 2]]), (9, [[0, 2, 4, 6, 8], [1, 3, 5, 7]])]
)
def test_stddev_of_batches_that_do_not_divide(rows, groups):
    x = np.arange(rows, dtype="float32")[:, None] ** 2
    output = MinibatchStdDev(group_size=4)(x)
    for group in groups:
        deviation = output[:, 1].numpy()[group]
        np.testing.assert_allclose(deviation, x[group].std(), rtol=1e-5, atol=1e-3)


def test_stddev_refuses_groups_of_one():
    with pytest.raises(ValueError, match="group_size.*>= 2.*got 1"):
        MinibatchStdDev(1)


def test_one_hot_of_one_and_of_several_labels():
    np.testing.assert_array_equal(LabelsToOneHot((3,))(np.array([2, 0])), [[0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(LabelsToOneHot((3,))(np.array([[1]])), [[0, 1, 0]])
    np.testing.assert_array_equal(
        LabelsToOneHot((2, 3))(np.array([[1, 0], [0, 2]])), [[0, 1, 1, 0, 0], [1, 0, 0, 0, 1]]
    )


@pytest.mark.parametrize("shape", [(2,), (2, 3), (2, 2, 2)])
def test_one_hot_of_the_wrong_number_of_labels(shape):
    with pytest.raises(ValueError, match=r"labels: expected 2 label\(s\)"):
        LabelsToOneHot((2, 3))(np.zeros(shape, int))


def test_four_times_the_identity_has_spectral_norm_four():
    layer = SpectralDense(5, use_bias=False, kernel_initializer=keras.initializers.Identity(4.0))
    layer(VECTORS, training=True)
    np.testing.assert_allclose(layer(VECTORS), VECTORS, atol=1e-6)


@SPECTRAL
def test_largest_singular_value_becomes_one(make, x):
    layer = make()
    converge(layer, x)
    matrix = np.reshape(layer.kernel, (-1, 4))
    np.testing.assert_allclose(np.linalg.svd(matrix, compute_uv=False)[0], 1.0, atol=1e-5)


@SPECTRAL
def test_u_moves_in_training_only_and_the_raw_kernel_never(make, x):
    layer = make()
    layer.build(x.shape)
    kernel, u = layer._kernel.numpy(), layer.u.numpy()
    layer(x)
    layer(x, training=False)
    np.testing.assert_array_equal(layer.u, u)
    layer(x, training=True)
    assert np.abs(layer.u.numpy() - u).max() > 1e-2
    np.testing.assert_array_equal(layer._kernel, kernel)
    assert [w.path.split("/")[-1] for w in layer.trainable_weights] == ["kernel", "bias"]


@SPECTRAL
def test_training_and_inference_agree_once_u_has_moved(make, x):
    layer = make()
    np.testing.assert_allclose(layer(x, training=True), layer(x, training=False), atol=1e-6)


@SPECTRAL
def test_gradient_is_that_of_the_exact_singular_value(make, x):
    layer, exact = make(), make()
    converge(layer, x)
    w = tf.Variable(layer._kernel)
    stock = (tf.matmul if x.ndim == 2 else lambda x, k: tf.nn.conv2d(x, k, 2, "VALID"))
    with tf.GradientTape(persistent=True) as tape:
        sigma = tf.linalg.svd(tf.reshape(w, (-1, 4)), compute_uv=False)[0]
        expected = tf.reduce_sum(tf.sin(stock(x, w / sigma)))
        actual = tf.reduce_sum(tf.sin(layer(x, training=True)))
    np.testing.assert_allclose(actual, expected, rtol=1e-5)
    np.testing.assert_allclose(
        tape.gradient(actual, layer._kernel.value), tape.gradient(expected, w), atol=1e-5
    )


@SPECTRAL
def test_gradient_penalty_has_the_gradient_of_finite_differences(make, x):
    layer = make(dtype="float64", activation="tanh")
    x = tf.constant(x, tf.float64)
    converge(layer, x)
    w = layer._kernel.numpy()
    direction = np.cos(np.arange(w.size)).reshape(w.shape)

    def penalty(shift):
        layer._kernel.assign(w + shift * direction)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.reduce_sum(layer(x))
        return tf.reduce_mean(tf.square(inner.gradient(y, x)))

    with tf.GradientTape() as tape:
        value = penalty(0.0)
    derivative = np.sum(tape.gradient(value, layer._kernel.value) * direction)
    expected = (penalty(1e-5) - penalty(-1e-5)) / 2e-5
    assert abs(derivative) > 1e-4
    np.testing.assert_allclose(derivative, expected, rtol=1e-5)


def in_cond(function):
    otherwise = lambda: (0.0, tf.zeros((5, 4)))
    return tf.function(lambda: tf.cond(tf.constant(1) > 0, function, otherwise))()


CONTEXTS = {
    "autograph": lambda function: tf.function(function)(),
    "graph": lambda function: tf.function(function, autograph=False)(),
    "xla": lambda function: tf.function(function, jit_compile=True)(),
    "cond": in_cond,
}


@pytest.mark.parametrize("context", CONTEXTS)
def test_same_step_in_every_context(context):
    layer = SpectralDense(4)
    layer.build(VECTORS.shape)
    u = layer.u.numpy()

    def step():
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.square(layer(VECTORS, training=True)))
        return y, tape.gradient(y, layer._kernel.value)

    expected, expected_gradient = step()
    moved = layer.u.numpy()
    layer.u.assign(u)
    y, gradient = CONTEXTS[context](step)
    np.testing.assert_allclose(y, expected, rtol=1e-5)
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-5)
    np.testing.assert_allclose(layer.u, moved, atol=1e-6)


def test_stateless_scope_uses_virtual_weights_and_keeps_u():
    layer, other = SpectralDense(4), SpectralDense(4)
    layer.build(VECTORS.shape)
    other.build(VECTORS.shape)
    u = layer.u.numpy()
    virtual = [(mine, its.value) for mine, its in zip(layer.variables, other.variables)]
    with keras.StatelessScope(state_mapping=virtual) as scope:
        layer(VECTORS, training=True)
        inside = layer(VECTORS, training=True)
    other(VECTORS, training=True)
    np.testing.assert_allclose(inside, other(VECTORS, training=True), atol=1e-6)
    np.testing.assert_allclose(scope.get_current_value(layer.u), other.u, atol=1e-6)
    np.testing.assert_array_equal(layer.u, u)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_sigma_is_float32_under_mixed_precision(policy):
    layer = SpectralDense(4, dtype=policy)
    converge(layer, VECTORS)
    assert layer.u.dtype == layer._kernel.dtype == "float32"
    _, singular, vectors = np.linalg.svd(layer._kernel)
    np.testing.assert_allclose(abs(layer.u.numpy() @ vectors[0]), 1.0, atol=1e-6)
    exact = layer._kernel / singular[0]
    np.testing.assert_array_equal(layer.kernel, tf.cast(exact, layer.compute_dtype))


def test_a_saved_model_keeps_the_raw_kernel_and_u(tmp_path):
    inputs = keras.Input((6, 6, 2))
    x = keras.layers.Flatten()(SpectralConv2D(3, 3)(inputs))
    model = keras.Model(inputs, SpectralDense(2)(x))
    model(MAPS, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for weight, expected in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, expected)
    np.testing.assert_array_equal(loaded(MAPS), model(MAPS))


def test_sampling_dropout_drops_a_share_in_every_mode():
    layer = SamplingDropout(0.25, seed=1)
    ones = np.ones([100, 100], "float32")
    for training in (True, False, None):
        x = layer(ones, training=training).numpy()
        assert set(np.unique(x)) == {0, np.float32(1 / 0.75)}
        assert abs((x == 0).mean() - 0.25) < 0.02
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is SamplingDropout and again.rate == 0.25
