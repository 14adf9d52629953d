import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan.gan import batch_size
from tfgan.models import ConditionalGAN
from tfgan.networks import NETWORKS
from tfgan.randomness import Random


def conditional_game(num_classes=(3,), **kwargs):
    networks = NETWORKS["mlp"](
        image_shape=(tiny.DIMS,), latent_dim=tiny.LATENT, units=4, num_classes=num_classes
    )
    return tiny.compiled(ConditionalGAN(**networks, **kwargs))


def labels(rows, num_classes=(3,)):
    columns = [np.arange(rows) % classes for classes in num_classes]
    return (columns[0] if len(columns) == 1 else np.stack(columns, 1)).astype("int32")


@pytest.mark.parametrize("num_classes", [(3,), (3, 2)])
def test_one_and_several_labels_train_and_matter(num_classes):
    game = conditional_game(num_classes)
    data = tiny.endless(tiny.points(12), labels(12, num_classes))
    tiny.assert_trains(game, data)
    first, second = (np.zeros(len(num_classes), "int32") for _ in range(2))
    second[-1] = 1
    one, other = (
        game.generate(4, condition=c if len(num_classes) > 1 else c[0], seed=1)
        for c in (first, second)
    )
    assert not np.allclose(one, other)


def test_the_condition_reaches_the_discriminator():
    game = conditional_game()
    images = tf.constant(tiny.points(3))
    given = [game.discriminator([images, tf.constant(c)]) for c in ([0, 1, 2], [1, 2, 0])]
    assert not np.allclose(*given)
    seen = []
    call = game.discriminator.call
    game.discriminator.call = lambda x, **kwargs: seen.append(x[1].numpy()) or call(x, **kwargs)
    condition = tf.constant([2, 0, 1])
    game.discriminator_terms((images, condition), Random([0, 0]))
    game.generator_terms((images, condition), Random([0, 0]))
    assert len(seen) == 3 and all(np.array_equal(labels, condition) for labels in seen)


def test_labels_of_any_integer_type_train():
    data = tiny.endless(tiny.points(6), labels(6).astype("int64"))
    tiny.assert_trains(conditional_game(), data)


def test_conditions_are_one_for_all_or_used_in_turn():
    game = conditional_game()
    inputs = lambda data: game.sample_inputs(5, Random([0, 0]), data)[1].numpy().tolist()
    assert inputs(2) == [2] * 5
    assert inputs([0, 1]) == [0, 1, 0, 1, 0]


def test_conditional_errors():
    game = conditional_game()
    with pytest.raises(ValueError, match="condition: expected labels.*got None"):
        game.generate(2)
    with pytest.raises(ValueError, match="condition: expected.*classes below 3; got"):
        game.generate(2, condition=3)
    with pytest.raises(ValueError, match=r"condition: expected shape \[n\]"):
        game.generate(2, condition=[[0, 1]])
    with pytest.raises(ValueError, match="condition: expected integer classes; got 'float32'"):
        game.generate(2, condition=0.5)
    with pytest.raises(ValueError, match=r"batches of \(images, condition\)"):
        game.fit(tiny.endless(tiny.points(6)), steps_per_epoch=1)


def test_a_conditional_game_survives_saving(tmp_path):
    game = conditional_game((3, 2))
    game.save(str(tmp_path / "game.keras"))
    loaded = keras.saving.load_model(str(tmp_path / "game.keras"))
    condition = labels(4, (3, 2))
    assert np.array_equal(
        game.generate(4, condition=condition, seed=1), loaded.generate(4, condition=condition, seed=1)
    )


# Two more games on the same seam: hooks and names, no change to the step.


class BiGAN(tfgan.GAN):
    """Donahue et al. 2017: an encoder joins the generator; D judges (image, code) pairs."""

    generator_side = ("generator", "encoder")

    def pairs(self, images, random):
        codes = self.sample_inputs(batch_size(images), random)
        real = tf.concat([images, self.encoder(images, training=True)], axis=1)
        return real, tf.concat([self.generator(codes, training=True), codes], axis=1)

    def discriminator_terms(self, images, random):
        real, fake = self.pairs(images, random)
        return self.discriminator_objective(self.discriminate, real, fake, random)

    def generator_terms(self, images, random):
        real, fake = self.pairs(images, random)
        terms = self.generator_objective(self.discriminate, real, fake, random)
        # The encoder is fooling too: its pairs are to be taken for generated ones.
        return {**terms, "encoder": tf.reduce_mean(tf.nn.softplus(self.discriminate(real)))}


class CycleGAN(tfgan.GAN):
    """Zhu et al. 2017: two translators, two judges, and the way back."""

    generator_side = ("a_to_b", "b_to_a")
    discriminator_side = ("judge_a", "judge_b")
    batch_parts = ("a", "b")

    def sample_inputs(self, n, random, data=None):
        return data

    def judge(self, name):
        return lambda images: self.logits(getattr(self, name)(images, training=True))

    def translate(self, batch):
        a, b = batch
        return self.b_to_a(b, training=True), self.a_to_b(a, training=True)

    def discriminator_terms(self, batch, random):
        (a, b), (fake_a, fake_b) = batch, self.translate(batch)
        of_a = self.discriminator_objective(self.judge("judge_a"), a, fake_a, random)
        of_b = self.discriminator_objective(self.judge("judge_b"), b, fake_b, random)
        return {**{f"a_{k}": v for k, v in of_a.items()}, **{f"b_{k}": v for k, v in of_b.items()}}

    def generator_terms(self, batch, random):
        (a, b), (fake_a, fake_b) = batch, self.translate(batch)
        back_a, back_b = self.translate((fake_a, fake_b))
        cycle = tf.reduce_mean(tf.abs(back_a - a)) + tf.reduce_mean(tf.abs(back_b - b))
        return {
            "a": self.generator_objective(self.judge("judge_a"), a, fake_a, random)["loss"],
            "b": self.generator_objective(self.judge("judge_b"), b, fake_b, random)["loss"],
            "cycle": 10.0 * cycle,
        }


def dense(inputs, outputs):
    return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs)])


def test_bigan_fits_the_seam():
    game = tiny.compiled(
        BiGAN(
            generator=dense(tiny.LATENT, tiny.DIMS),
            encoder=dense(tiny.DIMS, tiny.LATENT),
            discriminator=dense(tiny.DIMS + tiny.LATENT, 1),
            penalties={"r1": 1.0},
        )
    )
    before = tiny.values(game.encoder.variables)
    logs = tiny.assert_trains(game, tiny.endless(tiny.points(8)))
    assert not tiny.same(before, tiny.values(game.encoder.variables))
    assert set(game.averages) == {"generator", "encoder"}
    assert "generator_encoder" in logs
    assert game.generate(3, seed=1).shape == (3, tiny.DIMS)


def test_cyclegan_fits_the_seam(tmp_path):
    names = ("a_to_b", "b_to_a")
    judges = {name: dense(tiny.DIMS, 1) for name in ("judge_a", "judge_b")}
    game = tiny.compiled(
        CycleGAN(
            **{name: dense(tiny.DIMS, tiny.DIMS) for name in names},
            **judges,
            loss="least_squares",
        )
    )
    before = {name: tiny.values(getattr(game, name).variables) for name in (*names, *judges)}
    data = tiny.endless(tiny.points(8, seed=1), tiny.points(8, seed=2))
    tiny.assert_trains(game, data)
    for name, old in before.items():
        assert not tiny.same(old, tiny.values(getattr(game, name).variables)), name
    source = tiny.points(5)
    assert game.generate(5, condition=source).shape == source.shape
