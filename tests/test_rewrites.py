import keras
import numpy as np
import tensorflow as tf
import tiny

import tfgan
from tfgan.training.rewrites import as_traced


def trained():
    """Variables of a game whose discriminator's weights get gradients of three terms."""
    keras.utils.set_random_seed(1)
    # Grappler leaves the sums of small networks alone.
    game = tiny.compiled(
        tfgan.GAN(
            **tfgan.networks.NETWORKS["infogan"]((28, 28, 1), norm="none"),
            loss="relativistic",
            penalties={"r1": 1.0, "r2": 1.0},
            schedule="alternating_shared",
        ),
        lambda: keras.optimizers.Adam(0.01),
        steps_per_execution=2,
    )
    images = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 1)).astype("float32")
    game.fit(tiny.endless(images), steps_per_epoch=2, verbose=0)
    return [variable.numpy() for variable in game.variables]


def test_two_traces_of_a_step_are_bit_exact_where_a_gradient_has_three_terms():
    assert tiny.same(trained(), trained())


def test_grappler_is_as_it_was_outside_of_a_step():
    def disabled():
        return tf.config.optimizer.get_experimental_options()["disable_meta_optimizer"]

    seen, before = [], disabled()
    as_traced(lambda: seen.append(disabled()))()
    assert seen == [True] and disabled() == before
