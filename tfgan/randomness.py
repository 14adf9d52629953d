"""Stateless random numbers, a function of (seed, step, salt): no generator's state to save."""

import tensorflow as tf


class Random:
    """A stream of stateless noise, the same on every device and in every process.

    Two streams that were folded with different salts are independent; within a
    stream every draw differs from the one before. Under a `tf.distribute`
    strategy the noise is drawn for the global batch and each replica keeps its
    own rows, so that the numbers do not depend on how many replicas there are.

    Args:
        seed: int tensor of shape [2] or pair of ints, such as (seed, step).
    """

    def __init__(self, seed):
        self._seed = tf.cast(seed, tf.int32)
        self._draws = 0

    def fold(self, salt):
        """A new stream for `salt`, an int or a scalar int tensor."""
        return Random(_fold(self._seed, salt))

    def normal(self, shape):
        """Standard normal float32 of `shape`, whose first axis is the batch."""
        return self._draw(tf.random.stateless_normal, shape)

    def uniform(self, shape):
        """Uniform float32 on [0, 1) of `shape`, whose first axis is the batch."""
        return self._draw(tf.random.stateless_uniform, shape)

    def common(self, shape):
        """Uniform float32 on [0, 1) of `shape`, without a batch axis: equal on all replicas."""
        self._draws += 1
        return tf.random.stateless_uniform(shape, _fold(self._seed, -self._draws), alg="philox")

    def _draw(self, sampler, shape):
        self._draws += 1
        # Negative salts, which differ from those that callers give to `fold`.
        seed = _fold(self._seed, -self._draws)
        context = tf.distribute.get_replica_context()
        replicas = 1 if context is None else context.num_replicas_in_sync
        if replicas == 1:
            return sampler(shape, seed, alg="philox")
        rows = shape[0]
        of_all_replicas = sampler(
            tf.concat([[rows * replicas], shape[1:]], axis=0), seed, alg="philox"
        )
        first = rows * context.replica_id_in_sync_group
        return tf.reshape(of_all_replicas[first : first + rows], shape)


def _fold(seed, salt):
    return tf.random.experimental.stateless_fold_in(
        seed, tf.cast(salt, tf.int32), alg="philox"
    )
