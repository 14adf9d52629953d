import keras
import pytest
import tiny
from keras import layers

from tfgan import cost
from tfgan.layers import Maxout
from tfgan.networks import NETWORKS


def test_products_and_convolutions_by_hand():
    network = keras.Sequential(
        [
            keras.Input((6, 8, 3)),
            layers.Conv2D(5, 3, strides=2, padding="same"),  # 3 x 4 positions
            layers.ReLU(),
            layers.Conv2DTranspose(2, 4, strides=2, padding="same"),  # from 3 x 4 positions
            layers.Flatten(),
            Maxout(7, pieces=2),
            layers.Dense(1),
        ]
    )
    assert cost.operations(network) == [
        2 * 12 * 3 * 3 * 3 * 5,
        2 * 12 * 4 * 4 * 5 * 2,
        2 * (6 * 8 * 2) * 14,
        2 * 7,
    ]


def test_networks_inside_networks_count():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4)])
    assert cost.operations(keras.Sequential([inner, layers.Dense(2)])) == [24, 16]


@pytest.mark.parametrize("name", tiny.PLAIN)
def test_every_network_counts(name):
    networks = NETWORKS[name](**{"latent_dim": 5, **tiny.SMALL_ARGUMENTS[name]})
    assert all(min(cost.operations(network)) > 0 for network in networks.values())


def test_activations_are_the_outputs_that_a_backward_pass_reads():
    network = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, strides=2, padding="same", dtype="mixed_bfloat16"),
            layers.LeakyReLU(dtype="mixed_bfloat16"),
            layers.Flatten(),  # a view
            layers.Dense(5),
        ]
    )
    assert cost.activations(network) == 2 * (4 * 4 * 4) * 2 + 5 * 4
