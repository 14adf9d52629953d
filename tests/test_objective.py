import numpy as np
import pytest
import tensorflow as tf

from tfgan.objective import Clock, Objective, image_parts, logits_of, weighted
from tfgan.randomness import Random
from tfgan.training.rates import Ramp


class AsKeras:
    """A variable as Keras has it: the tensor is its `value`."""

    def __init__(self, number):
        self.value = tf.constant(number, tf.int64)


def objective(loss="non_saturating", penalties=None, views=None, step=0, images_shown=0):
    return Objective(loss, penalties, views, Clock(AsKeras(step), AsKeras(images_shown)))


def random():
    return Random([0, 0])


def softplus(x):
    return np.log1p(np.exp(x))


def test_whole_outputs_in_one_pass_per_kind_of_example():
    calls = []

    def discriminate(x):
        calls.append(x.numpy())
        return {"logits": x, "features": 2 * x}

    real, fake = tf.constant([[1.0], [2.0]]), tf.constant([[-1.0], [0.0]])
    result = objective().discriminator(discriminate, real, fake, random())
    expected = softplus(-np.array([1, 2])).mean() + softplus(np.array([-1, 0])).mean()
    assert float(result.terms["loss"]) == pytest.approx(expected, rel=1e-6)
    np.testing.assert_array_equal(result.real["features"], 2 * real)
    np.testing.assert_array_equal(result.fake["features"], 2 * fake)
    assert len(calls) == 2
    result = objective().generator(discriminate, real, fake, random())
    assert len(calls) == 3 and result.real is None


def test_several_kinds_of_fake_with_weights():
    """StackGAN's: real, and halves of generated images and of real ones with a wrong text."""
    discriminate = lambda x: x
    real, fake, wrong = (tf.constant([[v]]) for v in (1.0, 2.0, 3.0))
    result = objective().discriminator(discriminate, real, fake, random(), others={"wrong": (wrong, 0.5)})
    expected = softplus(-1) + 0.5 * softplus(2) + 0.5 * softplus(3)
    assert float(result.terms["loss"]) == pytest.approx(expected, rel=1e-6)
    np.testing.assert_array_equal(result.others["wrong"], wrong)


def test_swapped_inverts_both_labels():
    discriminate = lambda x: x
    real, fake = tf.constant([[1.0]]), tf.constant([[-2.0]])
    loss = float(objective().swapped(discriminate, real, fake, random()).terms["loss"])
    assert loss == pytest.approx(softplus(1) + softplus(2), rel=1e-6)
    assert loss == float(objective().discriminator(discriminate, fake, real, random()).terms["loss"])


def test_scales_are_averaged():
    discriminate = lambda x: {"logits": [x, [3 * x]]}
    one, other = tf.constant([[1.0]]), tf.constant([[0.0]])
    result = objective("wasserstein").discriminator(discriminate, one, other, random())
    assert float(result.terms["loss"]) == pytest.approx(-(1 + 3) / 2)


@pytest.mark.parametrize("shapes, expected", [
    ([(2, 3)], [True]),
    ([(2, 3), (2,)], [True, False]),
    ([(2, 8, 8, 1), (2,)], [True, False]),
    ([(2, 4), (2, 8, 8, 1)], [False, True]),
    ([(2, 8, 8, 3), (2, 8, 8, 1)], [True, True]),
])  # fmt: skip
def test_images_are_the_parts_of_rank_4_or_else_the_first(shapes, expected):
    assert image_parts([tf.zeros(shape) for shape in shapes]) == expected


def test_views_act_on_images_and_let_conditions_pass():
    seen = []

    def discriminate(examples):
        seen.append(examples)
        return examples[0]

    images, labels = tf.zeros([4, 2]), tf.constant([1, 2, 3, 4])
    objective(views={"noise": 0.5}).generator(discriminate, None, [images, labels], random())
    noisy, same = seen[0]
    assert noisy.numpy().std() > 0.1 and same is labels


def test_packs_join_every_part():
    discriminate = lambda examples: seen.append(examples) or examples[0]
    seen = []
    examples = [tf.reshape(tf.range(8.0), [4, 2]), tf.constant([1, 2, 3, 4])]
    objective(views={"packing": 2}).generator(discriminate, None, examples, random())
    np.testing.assert_array_equal(seen[0][0], [[0, 1, 2, 3], [4, 5, 6, 7]])
    np.testing.assert_array_equal(seen[0][1], [[1, 2], [3, 4]])


def test_a_penalty_is_taken_by_images_before_their_views_and_its_norm_is_a_packs():
    """D of a pack is 3 x1 + 4 x2: its gradient has a squared norm of 25, by either of the pack."""
    discriminate = lambda packs: packs @ tf.constant([[3.0], [4.0]])
    points = tf.constant([[0.5], [0.1], [0.2], [0.9]])
    settings = {"views": {"packing": 2, "noise": 0.1}, "penalties": {"r1": 2.0, "gradient_penalty": 1.0}}
    terms = objective(**settings).discriminator(discriminate, points, points, random()).terms
    assert float(terms["r1"]) == pytest.approx(2.0 * 25 / 2)
    assert float(terms["gradient_penalty"]) == pytest.approx((5 - 1) ** 2)


def test_penalties_see_only_images_beside_the_other_parts_of_the_same_examples():
    """D(x, c) = c x: the gradient by x is c, of real examples for R1, of generated ones for R2."""
    discriminate = lambda examples: examples[0] * examples[1]
    real, fake = ([tf.ones([2, 1]), tf.fill([2, 1], c)] for c in (3.0, 5.0))
    terms = objective(penalties={"r1": 1.0, "r2": 1.0}).discriminator(discriminate, real, fake, random()).terms
    assert float(terms["r1"]) == pytest.approx(9 / 2) and float(terms["r2"]) == pytest.approx(25 / 2)


def test_penalties_differentiate_by_all_images_of_an_example():
    discriminate = lambda examples: tf.reduce_sum(3 * examples[0] + 4 * examples[1], axis=(1, 2, 3))[:, None]
    pair = [tf.ones([2, 1, 1, 1]), tf.zeros([2, 1, 1, 1])]
    terms = objective(penalties={"gradient_penalty": 1.0, "r1": 1.0}).discriminator(
        discriminate, pair, pair, random()
    ).terms  # fmt: skip
    assert float(terms["gradient_penalty"]) == pytest.approx(16)
    assert float(terms["r1"]) == pytest.approx(25 / 2)


def test_a_weighted_term_is_due_every_so_many_rounds_times_so_many():
    called = []

    def term():
        called.append(1)
        return tf.constant(2.0)

    values = [float(weighted(clock_of(step), "a", 0.5, 4, term)["a"]) for step in range(5)]
    assert values == [4.0, 0, 0, 0, 4.0] and len(called) == 2


def test_a_weight_may_follow_the_images_shown():
    fall = Ramp(1.0, 0.0, 1, 100)
    for shown, expected in ((0, 3.0), (50, 1.5), (200, 0.0)):
        term = weighted(Clock(AsKeras(0), AsKeras(shown)), "a", fall, 1, lambda: tf.constant(3.0))
        assert float(term["a"]) == pytest.approx(expected)


def clock_of(step):
    return Clock(AsKeras(step), AsKeras(0))


def test_doubles_are_brought_to_what_the_generator_makes():
    seen = []
    discriminate = lambda x: seen.append(x.dtype) or x
    real, fake = tf.ones([2, 1], tf.float64), tf.ones([2, 1], tf.float32)
    objective(penalties={"gradient_penalty": 1.0}).discriminator(discriminate, real, fake, random())
    assert set(seen) == {tf.float32}


def test_logits_are_what_a_dict_holds_under_that_name():
    assert logits_of({"logits": 1, "classes": 2}) == 1 and logits_of(3) == 3
    scales = [{"logits": 1, "features": [7, 8]}, {"logits": 2, "features": [9]}]
    assert logits_of(scales) == [1, 2]


def test_unknown_views_are_named_beside_the_known():
    with pytest.raises(ValueError, match="views: expected one of noise, packing; got 'blur'"):
        objective(views={"blur": 1})
    with pytest.raises(ValueError, match="views: expected a dict of name to number"):
        objective(views=["noise"])
