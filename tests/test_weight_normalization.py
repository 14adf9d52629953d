import numpy as np

from tfgan.layers import WeightNormDense


def test_columns_have_the_length_of_their_scale():
    layer = WeightNormDense(2)
    layer.build((None, 2))
    layer.theta.assign([[3.0, 0.0], [4.0, 2.0]])
    layer.scale.assign([10.0, 1.0])
    layer.bias.assign([0.0, 7.0])
    # Columns (3, 4) of length 5 and (0, 2) of length 2.
    np.testing.assert_allclose(layer(np.eye(2, dtype="float32")), [[6, 7], [8, 8]], rtol=1e-5)


def test_the_scale_is_trained_only_where_asked():
    for train_scale, names in ((True, {"theta", "scale", "bias"}), (False, {"theta", "bias"})):
        layer = WeightNormDense(3, train_scale=train_scale)
        layer.build((None, 2))
        assert {weight.name for weight in layer.trainable_weights} == names


def test_initialization_gives_outputs_mean_0_and_deviation_1():
    layer = WeightNormDense(4)
    inputs = np.random.default_rng(0).normal(3.0, 5.0, (50, 3)).astype("float32")
    layer.build((None, 3))
    outputs = layer.initialize(inputs).numpy()
    np.testing.assert_allclose(outputs.mean(axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(outputs.std(axis=0), 1.0, rtol=1e-4)
