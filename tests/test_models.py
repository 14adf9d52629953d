import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

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
    batch = {"images": images, "condition": condition}
    game.discriminator_terms(batch, Random([0, 0]))
    game.generator_terms(batch, Random([0, 0]))
    assert len(seen) == 3 and all(np.array_equal(labels, condition) for labels in seen)


def test_labels_of_any_integer_type_train():
    data = tiny.endless(tiny.points(6), labels(6).astype("int64"))
    tiny.assert_trains(conditional_game(), data)


def test_conditions_are_one_for_all_or_used_in_turn():
    game = conditional_game()
    (sampler,) = game.samplers().values()
    given = lambda value: game.given(sampler, 5, {"condition": value})["condition"].numpy().tolist()
    assert given(2) == [2] * 5
    assert given([0, 1]) == [0, 1, 0, 1, 0]


def test_conditional_errors():
    game = conditional_game()
    with pytest.raises(ValueError, match="condition: expected labels.*got None"):
        game.generate(2)
    with pytest.raises(ValueError, match="condition: expected.*classes below 3; got"):
        game.generate(2, condition=3)
    with pytest.raises(ValueError, match=r"condition: expected shape \[n\]"):
        game.generate(2, condition=[[0, 1]])
    with pytest.raises(ValueError, match="condition: expected integer classes; got 'float32'"):
        game.generate(2, condition=np.float32(0.5))
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
