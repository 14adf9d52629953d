"""The library's compiled step alone, called on one batch in memory, without `fit` around it."""

import tensorflow as tf

from peers import ours
from peers.workloads import examples


def build(workload, batch, schedule, precision):
    """A function that trains for so many generator updates."""
    game = ours.build_game(workload, schedule, precision)
    images = tf.constant(examples(workload)[: batch * workload.critic_steps])
    step = tf.function(game.train_step)

    def train(steps):
        for _ in range(steps):
            logs = step(images)
        return {name: float(value) for name, value in logs.items()}

    return train
