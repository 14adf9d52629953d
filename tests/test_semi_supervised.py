import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan import layers
from tfgan.models import SemiSupervisedGAN
from tfgan.models.semi_supervised import cross_entropy, feature_matching, initialize_layers
from tfgan.networks import NETWORKS
from tfgan.randomness import Random

SHAPE = (4, 4, 1)


def pictures(rows, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (rows, *SHAPE)).astype("float32")


def parts(rows=6, classes=10):
    labels = np.arange(rows, dtype="int32") % classes
    return {
        "images": pictures(rows), "labelled_images": pictures(rows, 1),
        "labelled_condition": labels, "matched_images": pictures(rows, 2),
    }  # fmt: skip


def make(generator_loss="feature_matching", **kwargs):
    networks = NETWORKS["semi_supervised"](SHAPE, latent_dim=3, num_classes=(10,), **kwargs)
    return tiny.compiled(
        SemiSupervisedGAN(**networks, prior="uniform01", generator_loss=generator_loss),
        lambda: keras.optimizers.Adam(1e-3),
        run_eagerly=True,
    )


def silenced(network):
    """The network with zero logits for all classes."""
    for weight in network.get_layer("classes").weights:
        weight.assign(tf.zeros_like(weight.value))
    return network


def weights(network):
    return sum(w.value.shape.num_elements() for w in network.trainable_weights)


def test_networks_are_the_papers():
    networks = NETWORKS["semi_supervised"]((28, 28, 1))
    theta = [
        w for w in networks["discriminator"].trainable_weights if w.name == "theta"
    ]
    assert sum(w.value.shape.num_elements() for w in theta) == 1_536_500
    assert weights(networks["discriminator"]) == 1_538_770
    assert weights(networks["generator"]) == 694_568
    noises = [layer.stddev for layer in networks["discriminator"].layers
              if isinstance(layer, keras.layers.GaussianNoise)]  # fmt: skip
    assert noises == [0.3, 0.5, 0.5, 0.5, 0.5, 0.5]


def test_terms_where_all_logits_are_zero():
    game = make()
    silenced(game.discriminator)
    assert tf.sigmoid(game.logits(pictures(2))).numpy()[0] == pytest.approx(10 / 11)
    terms = game.discriminator_terms({k: tf.constant(x) for k, x in parts().items()}, Random([0, 0]))
    assert float(terms["classes"]) == pytest.approx(2.302585, abs=1e-6)
    assert float(terms["loss"]) == pytest.approx(1.246603, abs=1e-6)


def test_only_the_labelled_loss_ignores_a_constant_on_all_logits():
    logits, labels = tf.constant([[1.0, 2.0], [0.5, -1.0]]), tf.constant([1, 0])
    assert float(cross_entropy(labels, logits + 3.0)) == pytest.approx(float(cross_entropy(labels, logits)))
    real = layers.LogSumExp()
    np.testing.assert_allclose(real(logits + 3.0), real(logits) + 3.0, rtol=1e-6)


def test_feature_matching_compares_means_over_the_batch():
    real, fake = tf.constant([[0.0, 2.0], [2.0, 2.0]]), tf.constant([[4.0, 2.0], [0.0, 1.0]])
    # Means (1, 2) and (2, 1.5): squares 1 and 0.25.
    assert float(feature_matching(real, fake)) == pytest.approx(0.625)


def test_the_first_batch_sets_scales_and_biases():
    game = make()
    batch = {name: tf.constant(part) for name, part in parts(40).items()}
    game.see_first_batch(batch)
    # Once more on the same images without noise, layer after layer: mean 0, deviation 1.
    quiet = NETWORKS["semi_supervised"](SHAPE, latent_dim=3)["discriminator"]
    for layer in quiet.layers:
        if isinstance(layer, keras.layers.GaussianNoise):
            layer.stddev = 0.0
    initialize_layers(quiet, batch["images"])
    for name in ("dense1", "dense5", "classes"):
        found = keras.Model(quiet.inputs, quiet.get_layer(name).output)(batch["images"]).numpy()
        np.testing.assert_allclose(found.mean(axis=0), 0.0, atol=1e-4)
        np.testing.assert_allclose(found.std(axis=0), 1.0, atol=1e-3)
    scales = game.discriminator.get_layer("dense1").scale.numpy()
    assert not game.discriminator.get_layer("dense1").scale.trainable and not np.allclose(scales, 1.0)


def theta(game):
    return game.averages["discriminator"].get_layer("dense1").theta.numpy()


def test_it_trains_and_classifies_with_its_average():
    game = make()
    assert not np.any(theta(game))
    history = tiny.assert_trains(game, tiny.endless(parts()))
    assert set(history) == {"discriminator_loss", "discriminator_classes", "generator_features"}
    assert np.any(theta(game))
    found = game.generate(sampler="classify", labelled_images=pictures(5))
    assert found.shape == (5, 10)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-5)


def test_the_generator_may_play_against_the_discriminator_instead():
    game = make("adversarial", minibatch_kernels=2)
    assert set(tiny.assert_trains(game, tiny.endless(parts()))) >= {"generator_loss"}
    assert game.several_replicas and not make().several_replicas, "means over a batch do not split"
    with pytest.raises(ValueError, match="generator_loss: expected one of feature_matching, adversarial"):
        make("feature_matchin")


def test_bad_data_is_refused_before_training():
    game = make()
    beyond = parts() | {"labelled_condition": np.full(6, 10, "int32")}
    with pytest.raises(ValueError, match="labelled_condition: expected.*classes below 10; got 10"):
        game.fit(tiny.endless(beyond), steps_per_epoch=1, verbose=0)
    with pytest.raises(ValueError, match="labelled_images"):
        game.fit(tiny.endless(pictures(6)), steps_per_epoch=1, verbose=0)
    with pytest.raises(ValueError, match=r"num_classes: expected.*one label.*got \(3, 2\)"):
        NETWORKS["semi_supervised"](SHAPE, num_classes=(3, 2))
