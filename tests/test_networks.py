import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan import layers
from tfgan.networks import NETWORKS, NORMS, norms
from tfgan.networks.conditioning import Tags
from tfgan.networks.dcgan import MINIBATCH
from tfgan.randomness import Random

SMALLEST = {
    "mlp": {"image_shape": (2,), "latent_dim": 1, "units": 1, "layers": 1},
    "maxout_mlp": {"image_shape": (1, 1, 1), "generator_units": 1, "units": 1, "pieces": 1},
    "dcgan": {"image_shape": (16, 16, 1), "latent_dim": 1, "width": 1},
    "infogan": {"image_shape": (4, 4, 1), "latent_dim": 1},
    "sngan": {"image_shape": (8, 8, 1), "latent_dim": 1, "width": 1},
    "sn_resnet": {"image_shape": (16, 16, 1), "latent_dim": 1, "width": 1},
    "gaussian_1d": {"image_shape": (1,), "latent_dim": 1, "packing": 1},
    "pacgan": {"image_shape": (1,), "latent_dim": 1, "units": 2},
    "stacked_mnist": {"image_shape": (28, 28, 1), "latent_dim": 1, "width": 1},
}
SMALL = {
    "mlp": {"image_shape": (4, 6, 2), "latent_dim": 3, "units": 8},
    "maxout_mlp": {
        "image_shape": (4, 6, 2), "latent_dim": 3, "generator_units": 8, "units": 6, "pieces": 2
    },
    "dcgan": {"image_shape": (16, 24, 2), "latent_dim": 3, "width": 4},
    "infogan": {"image_shape": (8, 12, 2), "latent_dim": 3},
    "sngan": {"image_shape": (8, 16, 2), "latent_dim": 3, "width": 4},
    # Conditional normalisation starts without a condition.
    "sn_resnet": {
        "image_shape": (16, 24, 2), "latent_dim": 3, "width": 4, "generator_condition": "concatenate"
    },
    "gaussian_1d": {"image_shape": (1,), "latent_dim": 3, "packing": 1},
    "pacgan": {"image_shape": (2,), "latent_dim": 3, "units": 4},
    "stacked_mnist": {"image_shape": (28, 28, 2), "latent_dim": 3},
}
EVERY_NETWORK = pytest.mark.parametrize("name", tiny.PLAIN)
POINTS = ("gaussian_1d", "pacgan")
EVERY_NORM = pytest.mark.parametrize("norm", NORMS)


@pytest.fixture
def bfloat16():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    yield
    keras.config.set_dtype_policy(policy)


def small(name, **kwargs):
    return NETWORKS[name](**{**SMALL[name], **kwargs})


def leaves(model, kind):
    return [layer.name for layer in model.layers if isinstance(layer, kind)]


def inputs_of(model, n=3, label=0):
    """Fixed inputs for every input of a network: normal numbers, or `label`s."""
    random = np.random.default_rng(0)
    values = [
        np.full((n, *i.shape[1:]), label, "int32")
        if i.dtype == "int32"
        else random.normal(size=(n, *i.shape[1:])).astype("float32")
        for i in model.inputs
    ]
    return values if len(values) > 1 else values[0]


def parameters(networks):
    """Trainable parameters of (generator, discriminator)."""
    return tuple(
        sum(w.value.shape.num_elements() for w in networks[side].trainable_weights)
        for side in ("generator", "discriminator")
    )


def dense(inputs, outputs):
    return inputs * outputs + outputs


@EVERY_NETWORK
def test_every_entry_builds_at_its_smallest(name):
    networks = NETWORKS[name](**SMALLEST[name])
    assert sorted(networks) == ["discriminator", "generator"]
    for side, model in networks.items():
        assert model.name == side
    images = networks["generator"](inputs_of(networks["generator"]))
    assert images.shape == (3, *SMALLEST[name]["image_shape"])
    assert networks["discriminator"](images).shape == (3, 1)


@pytest.mark.parametrize("name", [name for name in tiny.PLAIN if name not in POINTS])
def test_images_fill_the_range_and_logits_are_float32(name):
    networks = small(name)
    images = networks["generator"](100 * inputs_of(networks["generator"])).numpy()
    assert -1 <= images.min() < 0 < images.max() <= 1
    logits = networks["discriminator"](100 * images)
    assert logits.dtype == tf.float32
    assert np.abs(logits).max() > 0
    assert networks["discriminator"].layers[-1].name == "logits"
    assert networks["generator"].layers[-1].name in ("images", "noise")


@pytest.mark.parametrize("name", ["mlp", "maxout_mlp"])
def test_generators_of_points_end_linear(name):
    generator = small(name, image_shape=(2,))["generator"]
    points = generator(1e4 * inputs_of(generator))
    assert points.shape == (3, 2)
    assert np.abs(points).max() > 1
    assert leaves(generator, keras.layers.Reshape) == []


def test_dcgan_at_64_is_the_papers():
    networks = NETWORKS["dcgan"](image_shape=(64, 64, 3))
    generator = 100 * 4 * 4 * 1024 + 25 * (1024 * 512 + 512 * 256 + 256 * 128)
    generator += 2 * (1024 + 512 + 256 + 128)  # gamma and beta
    generator += 25 * 128 * 3 + 3
    discriminator = 25 * 3 * 128 + 128 + 25 * (128 * 256 + 256 * 512 + 512 * 1024)
    discriminator += 2 * (256 + 512 + 1024)
    discriminator += dense(4 * 4 * 1024, 1)
    assert parameters(networks) == (generator, discriminator)


@pytest.mark.parametrize(
    "size, width, filters",
    [
        ((16, 16), None, [64, 128]),
        ((28, 28), None, [64, 128]),
        ((32, 32), None, [64, 128, 256]),
        ((64, 64), None, [128, 256, 512, 1024]),
        ((64, 64), 3, [3, 6, 12, 24]),
        ((32, 32), 512, [512, 1024, 1024]),
    ],
)
def test_dcgan_filters_double_up_to_1024(size, width, filters):
    networks = NETWORKS["dcgan"](image_shape=(*size, 1), width=width)
    down = [x.filters for x in networks["discriminator"].layers if hasattr(x, "filters")]
    up = [x.filters for x in networks["generator"].layers if hasattr(x, "filters")]
    assert down == filters
    assert up == [*filters[-2::-1], 1]


@pytest.mark.parametrize(
    "image_shape, smallest",
    [
        ((16, 16, 1), (4, 4)),
        ((28, 28, 2), (7, 7)),
        ((32, 32, 3), (4, 4)),
        ((64, 64, 4), (4, 4)),
        ((128, 128, 3), (4, 4)),
        ((96, 128, 1), (6, 8)),
        ((48, 16, 3), (12, 4)),
    ],
)
def test_dcgan_at_every_size(image_shape, smallest):
    networks = NETWORKS["dcgan"](image_shape=image_shape, latent_dim=5, width=1)
    generator, discriminator = networks["generator"], networks["discriminator"]
    assert generator.get_layer("reshape").output.shape[1:3] == smallest
    assert discriminator.get_layer("flatten").input.shape[1:3] == smallest
    images = generator(inputs_of(generator, n=2))
    assert images.shape == (2, *image_shape)
    assert discriminator(images).shape == (2, 1)


@pytest.mark.parametrize("image_shape, latent_dim", [((28, 28, 1), 64), ((32, 32, 3), 100)])
def test_infogan_is_the_papers(image_shape, latent_dim):
    networks = NETWORKS["infogan"](image_shape=image_shape, latent_dim=latent_dim)
    height, width, channels = image_shape
    quarter = height // 4 * (width // 4) * 128
    generator = latent_dim * 1024 + 1024 * quarter + 16 * 128 * 64
    generator += 2 * (1024 + quarter + 64)  # gamma and beta
    generator += 16 * 64 * channels + channels
    discriminator = 16 * channels * 64 + 64 + 16 * 64 * 128 + quarter * 1024
    discriminator += 2 * (128 + 1024)
    discriminator += dense(1024, 1)
    assert parameters(networks) == (generator, discriminator)


@pytest.mark.parametrize("width", [64, 32])
def test_sngan_is_the_papers(width):
    networks = NETWORKS["sngan"](width=width)
    generator = 128 * 16 * 8 * width
    generator += 16 * (8 * 4 + 4 * 2 + 2 * 1) * width**2 + 2 * (8 + 4 + 2 + 1) * width
    generator += 9 * width * 3 + 3
    discriminator = 9 * (3 * width + (1 * 2 + 2 * 4 + 4 * 8) * width**2)
    discriminator += 16 * (1 + 2 * 2 + 4 * 4) * width**2
    discriminator += (1 + 1 + 2 + 2 + 4 + 4 + 8) * width + dense(16 * 8 * width, 1)
    assert parameters(networks) == (generator, discriminator)


def test_maxout_mlp_is_the_papers():
    networks = NETWORKS["maxout_mlp"](image_shape=(28, 28, 1))
    generator = dense(100, 1200) + dense(1200, 1200) + dense(1200, 784)
    discriminator = dense(784, 240 * 5) + dense(240, 240 * 5) + dense(240, 1)
    assert parameters(networks) == (generator, discriminator)
    for side, limit in (("generator", 0.05), ("discriminator", 0.005)):
        kernels = [w.numpy() for w in networks[side].trainable_weights if w.name == "kernel"]
        assert [round(np.abs(kernel).max() / limit, 1) for kernel in kernels] == [1.0] * 3
        assert len({kernel.flat[0] for kernel in kernels}) == 3
    rates = [x.rate for x in networks["discriminator"].layers if hasattr(x, "rate")]
    assert rates == [0.2, 0.5, 0.5]


def test_gaussian_1d_is_the_slides():
    networks = NETWORKS["gaussian_1d"]()
    generator = dense(1, 100) + dense(100, 100) + dense(100, 1)
    assert parameters(networks) == (generator, dense(100, 50) + dense(50, 50) + dense(50, 1))


def test_a_sorted_pack_has_no_order():
    x = np.random.default_rng(0).normal(size=(4, 7)).astype("float32")
    for sort in (False, True):
        discriminator = NETWORKS["gaussian_1d"](packing=7, sort=sort)["discriminator"]
        same = np.allclose(discriminator(x), discriminator(x[:, ::-1].copy()))
        assert same == sort


def test_pacgan_is_the_papers():
    networks = NETWORKS["pacgan"](packing=2)
    generator = 2 * 400 + 3 * 400 * 400 + 4 * 2 * 400 + dense(400, 2)
    discriminator = dense(4, 1000) + 2 * dense(200, 1000) + dense(200, 1)
    assert parameters(networks) == (generator, discriminator)


def test_stacked_mnist_is_the_papers():
    for packing, width, count in ((1, 2, 613), (4, 2, 775)):
        networks = NETWORKS["stacked_mnist"](width=width, packing=packing)
        # The papers count the moving statistics too.
        assert networks["discriminator"].count_params() == count
        assert networks["generator"](inputs_of(networks["generator"])).shape == (3, 28, 28, 3)
    assert 285_000 < networks["generator"].count_params() < 291_000
    # In front of batch normalisation the size of the first weights is the size of the steps.
    assert np.std(networks["discriminator"].get_layer("conv3").kernel) == pytest.approx(0.02, rel=0.3)


@EVERY_NETWORK
def test_a_pack_lies_along_the_channels(name):
    networks = small(name, packing=3)
    *sides, channels = networks["generator"].output.shape[1:]
    assert networks["discriminator"].input.shape[1:] == (*sides, 3 * channels)


def test_orthogonal_kernels_have_their_gain():
    generator = NETWORKS["mlp"]((2,), 256, activation="tanh", orthogonal=1.4)["generator"]
    for name, columns in (("dense1", 128), ("points", 2)):
        kernel = generator.get_layer(name).kernel.numpy()
        np.testing.assert_allclose(kernel.T @ kernel, 1.4**2 * np.eye(columns), atol=1e-5)


@pytest.mark.parametrize("options, message", [
    ({"orthogonal": 0}, "orthogonal: expected a number > 0 or None; got 0"),
    ({"input_scale": "wide"}, "input_scale: expected a number > 0; got 'wide'"),
    ({"packing": 0}, "packing: expected"),
])  # fmt: skip
def test_bad_options_of_the_mlp(options, message):
    with pytest.raises(ValueError, match=message):
        NETWORKS["mlp"]((2,), 3, **options)


def test_mlp_has_the_layers_of_its_docstring():
    networks = NETWORKS["mlp"](image_shape=(2,), latent_dim=7)
    generator = dense(7, 128) + dense(128, 128) + dense(128, 2)
    assert parameters(networks) == (generator, dense(2, 128) + dense(128, 128) + dense(128, 1))


def test_convolutional_kernels_start_as_dcgans():
    networks = NETWORKS["dcgan"](image_shape=(32, 32, 3), num_classes=(10,))
    for model in networks.values():
        for weight in model.trainable_weights:
            if weight.name == "kernel" and weight.value.shape.num_elements() > 1000:
                assert abs(np.std(weight) - 0.02) < 0.002, weight.path


@pytest.mark.parametrize("name", ["mlp", "dcgan"])
def test_tags_change_both_outputs(name):
    for model in small(name, num_classes=Tags(3)).values():
        condition = model.inputs[1]
        assert (condition.name, condition.shape, condition.dtype) == ("condition", (None, 3), "float32")
        x, _ = inputs_of(model)
        tags = np.zeros([3, 3], "float32"), np.float32([[0, 1, 0]] * 3)
        none, one = (np.asarray(model([x, rows])) for rows in tags)
        assert (np.abs(none - one).reshape(3, -1).max(axis=1) > 0).all()


@EVERY_NETWORK
@pytest.mark.parametrize("num_classes", [(3,), (3, 2)])
def test_labels_change_both_outputs(name, num_classes):
    networks = small(name, num_classes=num_classes)
    for model in networks.values():
        k = len(num_classes)
        assert [i.name for i in model.inputs][1] == "condition"
        assert model.inputs[1].shape == ((None,) if k == 1 else (None, k))
        zeros, ones = (np.asarray(model(inputs_of(model, label=label))) for label in (0, 1))
        changed = np.abs(zeros - ones).reshape(len(zeros), -1).max(axis=1)
        assert (changed > 0).all()


def test_a_convolutional_discriminator_sees_the_label_as_one_channel():
    discriminator = small("dcgan", num_classes=(3, 2))["discriminator"]
    assert discriminator.get_layer("conv1").input.shape == (None, 16, 24, 2 + 1)
    assert discriminator.get_layer("condition_map").kernel.shape == (3 + 2, 16 * 24)


@EVERY_NETWORK
@pytest.mark.parametrize("num_classes", [(), (3,)])
def test_serialisation_keeps_the_function(name, num_classes):
    options = {"dcgan": {"norm": "spectral", "minibatch": "stddev", "dropout": 0.1}}
    for model in small(name, num_classes=num_classes, **options.get(name, {})).values():
        x = inputs_of(model)
        copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(model))
        copy.set_weights(model.get_weights())
        assert copy.name == model.name
        assert [w.path for w in copy.weights] == [w.path for w in model.weights]
        np.testing.assert_array_equal(copy(x), model(x))


@EVERY_NORM
@pytest.mark.parametrize("name", ["dcgan", "infogan", "sngan", "stacked_mnist"])
def test_norms_are_where_the_papers_have_them(name, norm):
    discriminator = small(name, norm=norm)["discriminator"]
    hidden = {
        "dcgan": ["norm2"],
        "infogan": ["norm2", "norm3"],
        "sngan": ["norm1b", "norm2a", "norm2b", "norm3a", "norm3b", "norm4"],
        "stacked_mnist": ["norm1", "norm2", "norm3"],
    }[name]
    expected = {"batch": hidden, "layer": hidden}.get(norm, [])
    assert [x.name for x in discriminator.layers if x.name.startswith("norm")] == expected
    batch = leaves(discriminator, keras.layers.BatchNormalization)
    assert batch == (hidden if norm == "batch" else [])
    spectral = leaves(discriminator, (layers.SpectralConv2D, layers.SpectralDense))
    stock = leaves(discriminator, (keras.layers.Conv2D, keras.layers.Dense))
    assert spectral == (stock if norm == "spectral" else [])
    assert discriminator(inputs_of(discriminator), training=True).shape == (3, 1)


@pytest.mark.parametrize("norm", ["batch", "layer", "none"])
def test_only_batch_norm_lets_examples_see_each_other(norm):
    discriminator = small("dcgan", norm=norm)["discriminator"]
    x = inputs_of(discriminator)
    together, alone = discriminator(x, training=True)[:1], discriminator(x[:1], training=True)
    assert np.allclose(together, alone, atol=1e-5) == (norm != "batch")


def test_layer_norm_is_over_the_example():
    layer = norms.layer_normalization("norm")
    x = np.random.default_rng(0).normal(3.0, 2.0, size=(2, 8, 8, 4)).astype("float32")
    y = layer(x).numpy()
    expected = (x - x.mean((1, 2, 3), keepdims=True)) / x.std((1, 2, 3), keepdims=True)
    np.testing.assert_allclose(y, expected, atol=1e-3)


@pytest.mark.parametrize("replicas", [1, 2])
def test_batch_norm_is_synchronized_under_several_replicas(monkeypatch, replicas):
    class Strategy:
        num_replicas_in_sync = replicas

    monkeypatch.setattr(tf.distribute, "get_strategy", Strategy)
    assert norms.batch_normalization("norm").synchronized == (replicas > 1)


@EVERY_NETWORK
@pytest.mark.parametrize("num_classes", [(), (3, 2)])
def test_mixed_precision_gives_float32(bfloat16, name, num_classes):
    for model in small(name, num_classes=num_classes).values():
        assert model(inputs_of(model)).dtype == tf.float32
        assert "bfloat16" in {layer.compute_dtype for layer in model.layers}


@EVERY_NORM
@pytest.mark.parametrize("minibatch", [None, *MINIBATCH])
def test_every_norm_trains_in_mixed_precision(bfloat16, norm, minibatch):
    discriminator = small("dcgan", norm=norm, minibatch=minibatch)["discriminator"]
    x = inputs_of(discriminator)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(discriminator(x, training=True))
    for gradient in tape.gradient(loss, [w.value for w in discriminator.trainable_weights]):
        assert gradient.dtype == tf.float32
        assert np.isfinite(gradient).all()


def test_sampling_dropout_stays_in_inference_mode():
    for stays in (False, True):
        generator = small("dcgan", generator_dropout=0.5, sampling_dropout=stays)["generator"]
        z = inputs_of(generator)
        assert np.allclose(generator(z, training=False), generator(z, training=False)) != stays


def test_samples_with_dropout_are_those_of_their_seed():
    networks = small("dcgan", generator_dropout=0.5, sampling_dropout=True)
    game = tfgan.GAN(**networks, ema_half_life=None)
    before = [v.numpy() for v in game.generator.variables]
    one, again, other = (game.generate(4, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    latents = game.sample_inputs(4, Random([1, 1_000_001]))
    assert not np.allclose(one, game.generator(latents, training=False))
    after = [v.numpy() for v in game.generator.variables]
    assert sum(not np.array_equal(a, b) for a, b in zip(before, after)) <= 2, "that call's own two"


def test_sampling_dropout_without_dropout_is_refused():
    with pytest.raises(ValueError, match="generator_dropout: expected a rate > 0 that can stay; got 0"):
        small("dcgan", sampling_dropout=True)


def test_dropout_and_noise_act_in_training_only():
    networks = small("dcgan", norm="none", dropout=0.5, generator_dropout=0.5, output_noise=0.1)
    for model in networks.values():
        x = inputs_of(model)
        np.testing.assert_array_equal(model(x), model(x))
        assert np.abs(model(x, training=True) - model(x, training=True)).max() > 1e-6
    assert leaves(networks["generator"], keras.layers.Dropout) == ["dropout1", "dropout2"]
    assert leaves(networks["generator"], keras.layers.GaussianNoise) == ["noise"]


@pytest.mark.parametrize(
    "minibatch, extra", [(None, 0), ("discrimination", 100), ("stddev", 4 * 6)]
)
def test_minibatch_layers_add_features_before_the_last(minibatch, extra):
    discriminator = small("dcgan", minibatch=minibatch)["discriminator"]
    assert discriminator.get_layer("logits").input.shape[1] == 4 * 6 * 8 + extra


@pytest.mark.parametrize(
    "name, kwargs, message",
    [
        ("dcgan", {"image_shape": (2,)}, r"image_shape: expected \(height, width, .*got \(2,\)"),
        ("infogan", {"image_shape": (28, 28)}, r"image_shape: .*got \(28, 28\)"),
        ("mlp", {"image_shape": 2}, r"image_shape: expected \(dims,\) or \(height.*got 2"),
        ("maxout_mlp", {"image_shape": (2, 2)}, r"image_shape: expected \(dims,\) or"),
        ("mlp", {"image_shape": (0,)}, "image_shape: .*>= 1; got 0"),
        ("dcgan", {"image_shape": (30, 32, 1)}, r"image_shape: .*divide by 4.*got \(30, 32, 1\)"),
        ("dcgan", {"image_shape": (12, 64, 1)}, "image_shape: .*at least 16"),
        ("infogan", {"image_shape": (28, 30, 1)}, "image_shape: .*divide by 4"),
        ("sngan", {"image_shape": (28, 28, 1)}, "image_shape: .*divide by 8"),
        ("dcgan", {"norm": "bach"}, "norm: expected one of .*spectral.*got 'bach'.*'batch'"),
        ("infogan", {"norm": None}, "norm: expected one of batch"),
        ("dcgan", {"minibatch": "std"}, "minibatch: .*discrimination.*; got 'std'"),
        ("dcgan", {"width": 0}, "width: .*>= 1; got 0"),
        ("mlp", {"units": 0}, "units: .*>= 1; got 0"),
        ("mlp", {"layers": -1}, "layers: .*>= 0; got -1"),
        ("maxout_mlp", {"pieces": 0}, "pieces: .*>= 1; got 0"),
        *[(name, {"latent_dim": 0}, "latent_dim: .*>= 1; got 0") for name in tiny.PLAIN],
        *[(name, {"num_classes": 10}, "num_classes: .*tuple.*got 10") for name in tiny.PLAIN],
        *[(name, {"num_classes": (3, 0)}, "num_classes: .*>= 1; got 0") for name in tiny.PLAIN],
    ],
)
def test_bad_arguments(name, kwargs, message):
    with pytest.raises(ValueError, match=message):
        small(name, **kwargs)
