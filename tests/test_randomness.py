import numpy as np
import tensorflow as tf

from tfgan.randomness import Random


def test_the_same_seed_gives_the_same_noise():
    assert np.array_equal(Random([3, 4]).normal([5, 2]), Random([3, 4]).normal([5, 2]))


def test_seeds_steps_salts_and_draws_all_differ():
    random = Random([3, 4])
    draws = [
        random.normal([8]),
        random.normal([8]),
        random.fold(0).normal([8]),
        random.fold(1).normal([8]),
        random.fold(1).fold(1).normal([8]),
        Random([3, 5]).normal([8]),
        Random([4, 4]).normal([8]),
    ]
    assert len({draw.numpy().tobytes() for draw in draws}) == len(draws)


def test_a_graph_draws_what_eager_draws():
    draw = lambda: Random([1, 2]).fold(3).uniform([4, 2])
    assert np.array_equal(draw(), tf.function(draw)())


def test_more_rows_keep_the_first():
    few, many = (Random([1, 2]).normal([n, 5]).numpy() for n in (3, 9))
    assert np.array_equal(few, many[:3])


def test_moments():
    normal = Random([0, 1]).normal([20_000]).numpy()
    uniform = Random([0, 1]).uniform([20_000]).numpy()
    assert abs(normal.mean()) < 0.03 and abs(normal.std() - 1) < 0.03
    assert uniform.min() >= 0 and uniform.max() < 1 and abs(uniform.mean() - 0.5) < 0.01


def test_common_noise_has_no_batch_and_repeats_with_the_seed():
    one, other = (Random([1, 2]).common([3]) for _ in range(2))
    assert one.shape == (3,) and np.array_equal(one, other) and 0 <= one.numpy().min()
    stream = Random([1, 2])
    assert not np.array_equal(stream.common([3]), stream.common([3]))
