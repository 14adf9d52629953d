import os

import numpy as np
import pytest

from tfgan import data
from tfgan.data import Records, Stacked

REAL = os.environ.get("TFGAN_TEST_DATA")


def digits(count=30):
    """Image i is all i."""
    images = np.arange(count, dtype="uint8")[:, None, None, None] * np.ones((1, 2, 2, 1), "uint8")
    return Records(images)


def test_every_pass_uses_every_digit_once():
    batches = iter(Stacked(digits()).batches(5, seed=3))
    first = np.concatenate([next(batches)["images"].numpy() for _ in range(2)])
    assert first.shape == (10, 2, 2, 3) and first.dtype == "float32"
    levels = data.to_uint8(first)[:, 0, 0]
    assert sorted(levels.ravel()) == list(range(30))
    second = np.concatenate([next(batches)["images"].numpy() for _ in range(2)])
    second = data.to_uint8(second)[:, 0, 0]
    assert not np.array_equal(levels, second) and sorted(second.ravel()) == list(range(30))


def test_a_batch_is_a_function_of_its_number():
    source = Stacked(digits())
    batches = iter(source.batches(4, seed=1))
    next(batches)
    expected = next(batches)["images"]
    later = next(iter(source.batches(4, seed=1, start_step=1)))["images"]
    np.testing.assert_array_equal(later, expected)


def test_the_fixed_set_has_independent_channels():
    source = Stacked(digits())
    images = source.table()["images"]
    assert images.shape == (30, 2, 2, 3) and images.dtype == "uint8"
    for channel in range(3):
        assert sorted(images[:, 0, 0, channel]) == list(range(30))
    assert not np.array_equal(images[..., 0], images[..., 1])
    taken = data.to_uint8(source.take([3, 0])["images"])
    np.testing.assert_array_equal(taken, images[[3, 0]])


def test_the_digits_are_chosen_before_they_are_stacked():
    assert len(Stacked(digits()[:10])) == 10
    with pytest.raises(ValueError, match="choose among the digits"):
        Stacked(digits())[:10]


def test_colours_cannot_be_stacked():
    with pytest.raises(ValueError, match="digits: expected images of one channel"):
        Stacked(Records(np.zeros((2, 4, 4, 3), "uint8")))


@pytest.mark.skipif(not REAL, reason="TFGAN_TEST_DATA is unset: no folder with tfds/")
def test_mnist_is_stacked():
    folder = f"{REAL}/tfds"
    source = data.open_source("stacked_mnist", "train[:100]", data_dir=folder)
    assert source.spec == {"images": data.Part((28, 28, 3), "image")} and len(source) == 100
    with pytest.raises(ValueError, match="condition: expected False, because stacked_mnist"):
        data.open_source("stacked_mnist", data_dir=folder, condition=True)
