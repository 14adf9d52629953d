"""`steps_per_execution`: rounds per call of the compiled step, and the function that runs them."""

import math

import tensorflow as tf

from tfgan import checks, cost
from tfgan.training.rewrites import as_traced

# "auto" lets one call of the compiled step do about as much as one round of a
# small convolutional game, so that calls stay short (tens of milliseconds).
MOST_ROUNDS = 32
OPERATIONS_OF_A_CALL = 5e9


class Executions:
    """The rounds per call that a game was asked to play: a number, or "auto".

    Args:
        asked: whole number >= 1, or "auto".

    Attributes:
        asked: as given.
        fixed: the number; 1 until "auto" has chosen.
        auto: whether the number is still to be chosen.
        whole_calls: whether the data of this `fit` last for whole calls.
    """

    def __init__(self, asked):
        self.asked = asked
        self.auto = asked == "auto"
        self.fixed = 1 if self.auto else checks.whole_number("steps_per_execution", asked, 1)
        self.whole_calls = False
        self._of_tests = None
        self._single = {}

    def single(self, game, step):
        """One round of a step, compiled: a function of a batch."""
        if step not in self._single:
            self._single[step] = as_traced(round_function(game, getattr(game, step)))
        return self._single[step]

    def resume(self, number):
        """Takes the number that "auto" chose before a run was interrupted, and returns it."""
        self.auto, self.fixed = False, number
        return number

    def choose(self, game, rows, steps_per_epoch, validation_steps):
        """Rounds per call that divide both an epoch's rounds, of `rows` rows, and a validation's."""
        rounds = 1 if game.run_eagerly else _rounds_of_a_call(game, rows)
        return math.gcd(steps_per_epoch, validation_steps, rounds)

    def changed_for_tests(self, game):
        """Whether the number differs from the one that the test function was last made for."""
        before, self._of_tests = self._of_tests, game.steps_per_execution
        return before != self._of_tests

    def of_evaluation(self, playing, steps):
        """Batches per call of an evaluation of `steps` batches, where training runs `playing`."""
        # Keras would evaluate whole calls, more batches than were asked for.
        return math.gcd(playing, steps or 0)


def train_function(game):
    """A function that runs several rounds per call, in place of Keras's own.

    Keras's loop over rounds wraps each one's logs in an optional inside a conditional,
    which takes twice as long on small networks. Only for data that last for whole calls.
    """
    rounds, play = game.steps_per_execution, round_function(game, game.train_step)

    @tf.function(autograph=False)
    def train(iterator):
        tf.while_loop(
            lambda played: played < rounds - 1,
            lambda played: (play(next(iterator)), [played + 1])[1],
            [tf.constant(0)],
        )
        return play(next(iterator))

    return train


def round_function(game, step):
    """A compiled `batch -> logs` of a step on all replicas."""
    strategy = game.distribute_strategy

    def play(batch):
        logs = strategy.run(step, args=(batch,))
        return tf.nest.map_structure(lambda log: strategy.experimental_local_results(log)[0], logs)

    if game.run_eagerly:
        return play
    return tf.function(play, reduce_retracing=True, jit_compile=game.jit_compile, autograph=False)


def _rounds_of_a_call(game, rows):
    forward = sum(cost.of_an_image(game, lambda network: sum(cost.operations(network))).values())
    if not forward:
        return 1
    # A round is about eight forward passes of both sides.
    rounds = OPERATIONS_OF_A_CALL / (8 * rows * forward)
    return 2 ** int(math.log2(min(max(rounds, 1), MOST_ROUNDS)))
