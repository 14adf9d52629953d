import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan.losses import LOSSES
from tfgan.models import ACGAN
from tfgan.models.acgan import CLASS_LOSSES, softmax_loss, tags_loss
from tfgan.networks import NETWORKS
from tfgan.networks.conditioning import Tags
from tfgan.randomness import Random

SHAPE = (16, 16, 1)
HAIR, EYES = 12, 11


@functools.cache
def networks(num_classes=(3, 2), **kwargs):
    """Networks, one of each kind for all tests that change no weight."""
    return NETWORKS["acgan"](SHAPE, latent_dim=3, width=2, num_classes=num_classes, **kwargs)


def game_of(num_classes=(3, 2), norm="batch", minibatch="discrimination", build=networks, **kwargs):
    built = build(num_classes, norm=norm, minibatch=minibatch)
    return tiny.compiled(ACGAN(**built, ema_half_life=None, **kwargs), run_eagerly=True)


@functools.cache
def silent_networks(*args, **kwargs):
    """The same networks with outputs of the discriminator that are all 0."""
    built = networks.__wrapped__(*args, **kwargs)
    for name in ("logits", "classes"):
        for weight in built["discriminator"].get_layer(name).weights:
            weight.assign(tf.zeros_like(weight.value))
    return built


def images(rows=4, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (rows, *SHAPE)).astype("float32")


def labels(rows=4):
    return np.stack([np.arange(rows) % 3, np.arange(rows) % 2], axis=1).astype("int32")


def batch(condition=None):
    condition = labels() if condition is None else condition
    return {"images": tf.constant(images()), "condition": tf.constant(condition)}


# ---------------------------------------------------------------------- losses


def test_losses_of_outputs_that_are_all_zero():
    tags = np.zeros([5, HAIR + EYES], "float32")
    found = tags_loss(tf.zeros([5, HAIR + EYES]), tf.constant(tags), None)
    np.testing.assert_allclose(found, 15.942385, rtol=1e-6)
    one = softmax_loss(tf.zeros([5, 10]), tf.range(5), (10,))
    np.testing.assert_allclose(one, np.log(10), rtol=1e-6)
    two = softmax_loss(tf.zeros([5, 13]), tf.zeros([5, 2], tf.int32), (10, 3))
    np.testing.assert_allclose(two, np.log(10) + np.log(3), rtol=1e-6)


def test_constant_logits_cost_the_entropy_and_others_more():
    drawn = np.random.default_rng(0).choice(4, 1000, p=[0.1, 0.2, 0.3, 0.4])
    shares = np.bincount(drawn) / len(drawn)
    entropy = -np.sum(shares * np.log(shares))
    loss = lambda logits: float(softmax_loss(tf.tile([logits], [1000, 1]), tf.constant(drawn), (4,)))
    np.testing.assert_allclose(loss(np.log(shares)), entropy, rtol=1e-6)
    for seed in range(5):
        assert loss(np.random.default_rng(seed).normal(size=4)) > entropy


def test_every_label_has_logits_of_its_own():
    logits = tf.constant([[0.0, 5.0, 0.0, 1.0, 2.0]])
    expected = -np.log(np.exp(5) / (2 + np.exp(5))) - np.log(np.exp(1) / (np.exp(1) + np.exp(2)))
    np.testing.assert_allclose(softmax_loss(logits, tf.constant([[1, 0]]), (3, 2)), expected, rtol=1e-5)


def test_labels_as_tags_are_their_one_hot_vectors():
    logits = tf.constant(np.random.default_rng(0).normal(size=(2, 5)), tf.float32)
    tags = tf.constant([[0, 1, 0, 1, 0], [1, 0, 0, 0, 1]], tf.float32)
    found = tags_loss(logits, tf.constant([[1, 0], [0, 1]]), (3, 2))
    np.testing.assert_allclose(found, tags_loss(logits, tags, None), rtol=1e-6)


# ------------------------------------------------------------------------ game


@pytest.mark.parametrize("num_classes, condition, class_loss, start", [
    ((3, 2), labels(), None, np.log(3) + np.log(2)),
    ((3, 2), labels(), "tags", 5 * np.log(2) / 2),
    ((3,), labels()[:, 0], None, np.log(3)),
    (Tags(3), np.float32([[0, 1, 1]] * 4), None, 3 * np.log(2) / 2),
])  # fmt: skip
def test_terms_of_outputs_that_are_all_zero(num_classes, condition, class_loss, start):
    game = game_of(num_classes, build=silent_networks, class_loss=class_loss)
    found = game.discriminator_terms(batch(condition), Random([0, 0]))
    expected = {"loss": 2 * np.log(2), "classes_real": start, "classes_fake": start}
    assert {name: float(value) for name, value in found.items()} == pytest.approx(expected, rel=1e-5)
    found = game.generator_terms(batch(condition), Random([0, 0]))
    expected = {"loss": np.log(2), "classes": start}
    assert {name: float(value) for name, value in found.items()} == pytest.approx(expected, rel=1e-5)


def test_with_wasserstein_it_is_the_loss_of_progressive_growing():
    game = game_of((3,), norm="none", minibatch=None, loss="wasserstein")
    condition = labels()[:, 0]
    found = game.discriminator_terms(batch(condition), Random([0, 0]))
    fake = game.fakes(4, Random([0, 0]), {"condition": tf.constant(condition)})
    of_real, of_fake = game.discriminator(images()), game.discriminator(fake)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    total = tf.reduce_mean(of_fake["logits"]) - tf.reduce_mean(of_real["logits"])
    total += sum(cross_entropy(condition, outputs["classes"]) for outputs in (of_real, of_fake))
    np.testing.assert_allclose(sum(found.values()), total, rtol=1e-5)


def test_the_class_weight_and_the_fakes_are_settings():
    game = game_of(build=silent_networks, class_weight=3.0, classify_fakes=False)
    terms = game.discriminator_terms(batch(), Random([0, 0]))
    assert sorted(terms) == ["classes_real", "loss"]
    np.testing.assert_allclose(terms["classes_real"], 3 * (np.log(3) + np.log(2)), rtol=1e-5)
    assert {name: loss.weight for name, loss in CLASS_LOSSES.items()} == {"softmax": 1.0, "tags": 0.5}


def test_the_class_loss_does_not_move_what_only_the_logit_depends_on():
    game = game_of()
    variables = game.discriminator.trainable_variables
    with tf.GradientTape() as tape:
        terms = game.discriminator_terms(batch(), Random([0, 0]))
        total = terms["classes_real"] + terms["classes_fake"]
    gradients = dict(zip([v.path for v in variables], tape.gradient(total, [v.value for v in variables])))
    without = {path for path, gradient in gradients.items() if gradient is None}
    assert without == {
        f"{name}/{weight}"
        for name, weights in (("reduced", ("kernel", "bias")), ("minibatch", ("kernel",)),
                              ("logits", ("kernel", "bias")))
        for weight in weights
    }  # fmt: skip


def test_the_classes_of_an_image_do_not_depend_on_its_batch_but_the_logit_does():
    discriminator = networks(norm="none")["discriminator"]
    x, others = images(4), np.concatenate([images(1), images(3, seed=1)])
    one, other = (discriminator(each, training=True) for each in (x, others))
    np.testing.assert_allclose(one["classes"][0], other["classes"][0], atol=1e-6)
    assert abs(float(one["logits"][0, 0] - other["logits"][0, 0])) > 1e-7


@pytest.mark.parametrize("loss", ["hinge", "relativistic_average"])
def test_the_adversarial_loss_is_the_one_that_was_named(loss):
    game = game_of(loss=loss, build=silent_networks)
    both = game.discriminator_terms(batch(), Random([0, 0])), game.generator_terms(batch(), Random([0, 0]))
    zeros = tf.zeros([4, 1])
    for terms, function in zip(both, (LOSSES[loss].discriminator, LOSSES[loss].generator)):
        np.testing.assert_allclose(terms["loss"], function(zeros, zeros), rtol=1e-6)


def test_a_discriminator_sees_each_kind_of_image_once():
    game, calls = game_of(build=networks.__wrapped__), []
    call = game.discriminator.call
    game.discriminator.call = lambda *args, **kwargs: calls.append(1) or call(*args, **kwargs)
    game.discriminator_terms(batch(), Random([0, 0]))
    assert len(calls) == 2
    game.generator_terms(batch(), Random([0, 0]))
    assert len(calls) == 3


def test_it_trains_with_a_penalty_and_makes_what_it_is_asked_for(tmp_path):
    game = game_of(
        norm="layer", minibatch=None, build=networks.__wrapped__,
        penalties={"r1": 0.1}, schedule="alternating_shared", class_loss="tags",
    )  # fmt: skip
    history = tiny.assert_trains(game, tiny.endless(images(), labels()))
    assert {"discriminator_classes_real", "discriminator_r1", "generator_classes"} <= set(history)
    ask = {"seed": 1, "condition": labels()}
    made = game.generate(4, **ask)
    assert game.logits(made, condition=labels()).shape == (4,)
    game.save(str(tmp_path / "game.keras"))
    loaded = tfgan.load(str(tmp_path / "game.keras"))
    assert loaded.class_loss is tags_loss
    np.testing.assert_array_equal(loaded.generate(4, **ask), made)


# ---------------------------------------------------------------------- refusals


@pytest.mark.parametrize("options, message", [
    ({"class_loss": "softmx"}, "class_loss: expected one of softmax, tags.*Did you mean 'softmax'"),
    ({"class_loss": "softmax", "num_classes": Tags(3)}, "class_loss: expected tags, since"),
    ({"class_weight": -1}, "class_weight: expected a number >= 0; got -1"),
])  # fmt: skip
def test_bad_settings(options, message):
    with pytest.raises(ValueError, match=message):
        game_of(**options)


def test_networks_that_do_not_fit():
    built, other = networks(), networks((3, 3))
    with pytest.raises(ValueError, match="discriminator: expected logits of 5 classes or tags.*6"):
        ACGAN(generator=built["generator"], discriminator=other["discriminator"])
    plain = NETWORKS["dcgan"](SHAPE, latent_dim=3, width=2)
    with pytest.raises(ValueError, match="discriminator: expected outputs called 'logits' and 'classes'"):
        ACGAN(generator=built["generator"], discriminator=plain["discriminator"])
    with pytest.raises(ValueError, match="generator: expected .*condition"):
        ACGAN(generator=plain["generator"], discriminator=built["discriminator"])


@pytest.mark.parametrize("options, message", [
    ({"num_classes": ()}, "num_classes: expected at least one label, or Tags"),
    ({"minibatch": "std"}, "minibatch: expected one of discrimination, stddev"),
])  # fmt: skip
def test_bad_arguments_of_the_networks(options, message):
    with pytest.raises(ValueError, match=message):
        networks(**options)


# ---------------------------------------------------------------------- networks


@pytest.mark.parametrize("shape, num_classes, width", [
    ((64, 64, 3), (HAIR, EYES), HAIR + EYES), ((28, 28, 1), (10,), 10), ((32, 32, 3), Tags(7), 7),
])  # fmt: skip
def test_shapes_of_the_networks(shape, num_classes, width):
    built = NETWORKS["acgan"](shape, width=2, num_classes=num_classes)
    assert [x.name for x in built["generator"].inputs] == ["latents", "condition"]
    assert built["generator"].output.shape == (None, *shape)
    assert [x.name for x in built["discriminator"].inputs] == ["images"]
    outputs = built["discriminator"].output
    assert {name: x.shape for name, x in outputs.items()} == {"logits": (None, 1), "classes": (None, width)}


def test_minibatch_layers_are_small_and_before_the_logit_only():
    for minibatch, extra in ((None, 0), ("discrimination", 4 * 4 * 16 + 50), ("stddev", 4 * 4)):
        discriminator = networks(minibatch=minibatch)["discriminator"]
        assert discriminator.get_layer("classes").input.shape[1] == 4 * 4 * 4
        assert discriminator.get_layer("logits").input.shape[1] == 4 * 4 * 4 + extra
    kernel = networks()["discriminator"].get_layer("minibatch").kernel
    assert kernel.shape == (4 * 4 * 16, 50 * 5)
