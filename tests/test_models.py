import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny
from PIL import Image

from tfgan import experiment
from tfgan.errors import InputError
from tfgan.experiment import Recipe
from tfgan.models import ConditionalGAN
from tfgan.models.conditional import wrong_conditions
from tfgan.networks import NETWORKS
from tfgan.networks.conditioning import Tags
from tfgan.randomness import Random


def conditional_game(num_classes=(3,), eagerly=False, **kwargs):
    networks = NETWORKS["mlp"](
        image_shape=(tiny.DIMS,), latent_dim=tiny.LATENT, units=4, num_classes=num_classes
    )
    return tiny.compiled(ConditionalGAN(**networks, **kwargs), run_eagerly=eagerly)


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


# ------------------------------------------------------------------------ tags

TAGS = np.float32([[0, 1, 1], [1, 0, 0], [0, 0, 0], [1, 1, 1]])


def test_tags_train_and_matter():
    game = conditional_game(Tags(3), eagerly=True)
    tiny.assert_trains(game, tiny.endless(tiny.points(4), TAGS))
    assert game.classes() == {"condition": (2, 2, 2)}
    none, first = (game.generate(4, condition=row, seed=1) for row in TAGS[[2, 1]])
    assert not np.allclose(none, first)


def test_tags_survive_saving(tmp_path):
    game = conditional_game(Tags(3))
    game.save(str(tmp_path / "game.keras"))
    loaded = keras.saving.load_model(str(tmp_path / "game.keras"))
    assert loaded.classes() == game.classes()
    assert np.array_equal(game.generate(seed=1, condition=TAGS), loaded.generate(seed=1, condition=TAGS))


def test_tags_of_another_width_or_value_are_refused():
    game = conditional_game(Tags(3))
    with pytest.raises(ValueError, match=r"condition: expected shape \[n, 3\]"):
        game.generate(2, condition=[0, 1])
    with pytest.raises(ValueError, match="condition: expected tags of 0 and 1; got 0.5"):
        game.generate(2, condition=[0, 0.5, 1])


@pytest.mark.parametrize("tags, message", [
    (TAGS[:, :2], r"expected shape \[n, 3\], as the networks take it; got '\[n, 2\]'"),
    (TAGS[:, 0].astype("int32"), r"expected shape \[n, 3\]"),
    (TAGS * 2, r"expected tags of 0 and 1; got 2.0"),
    (TAGS.astype("int32") * 2, r"expected tags of 0 and 1; got 2"),
])  # fmt: skip
def test_tags_that_cannot_be_are_refused_before_training(tags, message):
    game = conditional_game(Tags(3))
    with pytest.raises(InputError, match=f"condition: {message}"):
        game.fit(tiny.endless(tiny.points(4), tags), steps_per_epoch=1)


def test_a_tag_that_no_example_has_is_refused(tmp_path):
    rows = ["file,kind"]
    for number, kind in enumerate(["x;y", "x", "", "z"]):
        Image.new("L", (16, 16), 60 * number).save(tmp_path / f"{number}.png")
        rows.append(f"{number}.png,{kind}")
    (tmp_path / "tags.csv").write_text("\n".join(rows))
    recipe = Recipe(
        dataset=f"folder:{tmp_path}", split="train[:3]", game="conditional", condition=("kind",),
        condition_kind="tags",
    )  # fmt: skip
    with pytest.raises(InputError, match="condition: .*got '1 tags of none of 3 examples: z'"):
        experiment.open_data(recipe)
    assert experiment.open_data(recipe, "train[3:]").table("condition")["condition"].tolist() == [[0, 0, 1]]


# ------------------------------------------------------------------ wrong pairs


@pytest.mark.parametrize("conditions", [
    [0, 0, 0, 1], list(range(8)), [[0, 1], [1, 1], [1, 0], [0, 1]], TAGS,
])  # fmt: skip
def test_a_wrong_condition_is_that_of_another_row_and_never_the_rows_own(conditions):
    conditions = np.asarray(conditions)
    rows = {tuple(np.ravel(row)) for row in conditions}
    drawn = set()
    for seed in range(20):
        wrong, exist = wrong_conditions(tf.constant(conditions), Random([seed, 0]))
        assert exist and wrong.dtype == conditions.dtype
        for right, found in zip(conditions, wrong.numpy()):
            assert not np.array_equal(right, found) and tuple(np.ravel(found)) in rows
        drawn.add(tuple(np.ravel(wrong)))
    assert len(drawn) > 1 or len(rows) == 2


def test_a_batch_of_one_condition_has_no_wrong_pairs():
    wrong, exist = wrong_conditions(tf.constant([2, 2, 2]), Random([0, 0]))
    assert not exist and wrong.shape == (3,)
    batch = {"images": tf.constant(tiny.points(3)), "condition": tf.constant([2, 2, 2])}
    networks = {name: getattr(conditional_game(), name) for name in ("generator", "discriminator")}
    with_wrong, without = (
        ConditionalGAN(**networks, wrong_weight=w).discriminator_terms(batch, Random([0, 0]))["loss"]
        for w in (0.5, 0)
    )
    np.testing.assert_allclose(with_wrong, without, rtol=1e-6)


def looks_at_the_label_alone(logit):
    """A discriminator whose logits depend on the label; at first they are all the same."""
    images = keras.Input((tiny.DIMS,))
    label = keras.Input((), dtype="int32", name="condition")
    constant = keras.initializers.Constant(logit)
    logits = keras.layers.Embedding(2, 1, embeddings_initializer=constant)(label)
    return keras.Model([images, label], logits)


def test_the_discriminators_loss_has_half_of_its_fakes_wrong():
    game = conditional_game((2,), wrong_weight=0.5)
    game.discriminator = looks_at_the_label_alone(logit=0.0)
    batch = {"images": tf.constant(tiny.points(4)), "condition": tf.constant([0, 1, 0, 1])}
    terms = game.discriminator_terms(batch, Random([0, 0]))
    assert list(terms) == ["loss"]
    np.testing.assert_allclose(terms["loss"], 2 * np.log(2), rtol=1e-6)
    # Label 1 has logit 2 and label 0 logit 0: with the only other label the logits change places.
    game.discriminator.layers[-1].embeddings.assign([[0.0], [2.0]])
    batch["condition"] = tf.constant([1, 1, 1, 0])
    softplus = lambda x: np.log1p(np.exp(x))
    real = (3 * softplus(-2) + softplus(0)) / 4
    fake, wrong = (3 * softplus(2) + softplus(0)) / 4, (3 * softplus(0) + softplus(2)) / 4
    terms = game.discriminator_terms(batch, Random([0, 0]))
    np.testing.assert_allclose(terms["loss"], real + (fake + wrong) / 2, rtol=1e-5)


def test_without_wrong_pairs_it_is_the_conditional_game():
    passes = []
    game = conditional_game(wrong_weight=0.0)
    call = game.discriminator.call
    game.discriminator.call = lambda x, **kwargs: passes.append(x) or call(x, **kwargs)
    batch = {"images": tf.constant(tiny.points(3)), "condition": tf.constant(labels(3))}
    game.discriminator_terms(batch, Random([0, 0]))
    assert len(passes) == 2 and game.several_replicas
    assert not conditional_game(wrong_weight=0.5).several_replicas


def test_wrong_pairs_train():
    history = tiny.assert_trains(
        conditional_game(wrong_weight=0.5, eagerly=True), tiny.endless(tiny.points(12), labels(12))
    )
    assert sorted(history) == ["discriminator_loss", "generator_loss"]


@pytest.mark.parametrize("weight", [-0.1, 1, "half"])
def test_a_weight_of_wrong_pairs_outside_its_range_is_refused(weight):
    with pytest.raises(ValueError, match="wrong_weight: expected a number .*; got"):
        conditional_game(wrong_weight=weight)


# ---------------------------------------------------------------------- saving


def test_a_conditional_game_survives_saving(tmp_path):
    game = conditional_game((3, 2))
    game.save(str(tmp_path / "game.keras"))
    loaded = keras.saving.load_model(str(tmp_path / "game.keras"))
    condition = labels(4, (3, 2))
    assert np.array_equal(
        game.generate(4, condition=condition, seed=1), loaded.generate(4, condition=condition, seed=1)
    )
