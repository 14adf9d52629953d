"""Compiled steps run as they were traced, so that every trace gives the same sums to the last bit."""

import contextlib

import tensorflow as tf


def as_traced(function):
    """`function`, run without Grappler, TensorFlow's rewriting of compiled graphs.

    Grappler's memory pass adds up the gradient of a weight with three or more
    contributions (two losses and a decay, say) in an order that differs from one trace of
    the same step to the next: an interrupted run would not continue bit for bit. The pass
    has no switch of its own, and the others save a step of this library no measurable time.

    Args:
        function: compiled; whether it is rewritten is decided at its first call.

    Returns:
        Function of the same arguments.
    """

    def run(*args):
        with _without_grappler():
            return function(*args)

    return run


@contextlib.contextmanager
def _without_grappler():
    before = tf.config.optimizer.get_experimental_options()["disable_meta_optimizer"]
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": before})
