"""The order of the data: which records make up batch i."""

import operator

import numpy as np
import tensorflow as tf

from tfgan import errors

# Any constant: the operation's key has three words, and we have two.
_SALT = 498247692
# With the 4 rounds of `tf.random.experimental.index_shuffle` the permutations
# of successive passes are nearly the same (correlation 0.9 at 60,000 records);
# 32 is what the cipher underneath was designed for, and costs no more.
_ROUNDS = 32


def batch_indices(step, batch_size, size, seed):
    """The records of batch `step`, a pure function of the arguments.

    Batches are consecutive slices of an endless row of permutations, one per
    pass over the data, so a batch may span passes and nothing is dropped.

    Args:
        step: scalar int64 tensor >= 0, the number of the batch.
        batch_size: int >= 1.
        size: int >= 1, the number of records.
        seed: int.

    Returns:
        int64 tensor [batch_size], values in [0, size).
    """
    position = step * batch_size + tf.range(batch_size, dtype=tf.int64)
    passes, place = position // size, position % size
    salt, seeds = (tf.fill([batch_size], tf.constant(word, tf.int64)) for word in (_SALT, seed))
    # The raw operation, because the public function takes neither one seed per
    # element (it pads the wrong axis) nor the number of rounds.
    return tf.raw_ops.RandomIndexShuffle(
        index=place,
        seed=tf.stack([salt, seeds, passes], axis=1),
        max_index=tf.constant(size - 1, tf.int64),
        rounds=_ROUNDS,
    )


def permutation(size, seed):
    """The numbers below `size` in an order that `seed`, int >= 0, selects; int64 [size]."""
    return np.random.default_rng(seed).permutation(size)


def endless(batch, start_step):
    """An endless, deterministic, prefetched dataset of `batch(step)`.

    Args:
        batch: function of a scalar int64 tensor, the step.
        start_step: int >= 0, the first step.

    Returns:
        A `tf.data.Dataset`.
    """
    steps = tf.data.Dataset.range(start_step, tf.int64.max)
    batches = steps.map(batch, num_parallel_calls=2, deterministic=True)
    # The range never ends in practice; `repeat` says so, for those who ask.
    return without_autotuning(batches.repeat().prefetch(2))


def without_autotuning(dataset):
    """The same `tf.data.Dataset`, whose parallelism nothing retunes while it runs.

    With tf.data's autotuning on, most calls of `fit` on two CPU cores ran every
    operation of the step on one of them: 200 images/s where 380 were to be had
    (DCGAN at 28x28, batch 64). AUTOTUNE then means as many threads as cores.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def check(batch_size, seed, start_step):
    """Raises a ValueError where one of the arguments of `batches` is out of range."""
    _check("batch_size", batch_size, 1)
    _check("seed", seed, -(2**63))
    _check("start_step", start_step, 0)


def _check(name, value, low):
    try:
        fits = low <= operator.index(value) < 2**63
    except TypeError:
        fits = False
    if not fits:
        raise errors.invalid(name, "an integer" if low < 0 else f"an integer >= {low}", value)
