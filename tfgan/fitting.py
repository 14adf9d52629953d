"""Training and evaluation of a two-sided model through Keras's `fit`."""

import math

import tensorflow as tf

from tfgan import checks, cost, errors
from tfgan.data.order import without_autotuning
from tfgan.two_sided import SIDES, TwoSided

# "auto" lets one call of the compiled step do about as much as one round of a
# small convolutional game, so that calls stay short (tens of milliseconds).
MOST_ROUNDS = 32
OPERATIONS_OF_A_CALL = 5e9


class Fitting(TwoSided):
    """`fit` and `evaluate` on batches that are whole rounds.

    Attributes:
        batch_parts: names of what a batch consists of.
        discriminator_steps: slices of a batch, set by the game; 0 counts as 1.
        packing: images that a discriminator sees at once, set by the game.
    """

    batch_parts = ("images",)
    _batches_of_a_test_call = None
    _announced = ()

    def compile(self, generator_optimizer, discriminator_optimizer, steps_per_execution="auto",
                **kwargs):  # fmt: skip
        """Gives each side its optimizer.

        Args:
            generator_optimizer: `keras.optimizers.Optimizer`.
            discriminator_optimizer: another one.
            steps_per_execution: rounds per call of the compiled step, which are
                those between two calls of `on_train_batch_end`. "auto": 1, or up
                to 32 where a round is small beside the call.
            **kwargs: `run_eagerly` and `jit_compile`, as in `keras.Model.compile`.

        Raises:
            ValueError: both are the same object, or an argument is out of range.
        """
        self._auto_executions = steps_per_execution == "auto"
        executions = 1
        if not self._auto_executions:
            executions = checks.whole_number("steps_per_execution", steps_per_execution, 1)
        super().compile(
            generator_optimizer, discriminator_optimizer, steps_per_execution=executions, **kwargs
        )

    def get_compile_config(self):
        config = super().get_compile_config()
        return config and {
            **config,
            "steps_per_execution": "auto" if self._auto_executions else self.steps_per_execution,
        }

    def fit(self, x=None, **kwargs):
        """`keras.Model.fit` on a `tf.data.Dataset` of full rounds.

        Args:
            x: dataset whose batches have `batch_size * max(1, discriminator_steps)`
                rows, a fixed number (`tfgan.data.load` makes such).
            **kwargs: those of `keras.Model.fit`; an endless dataset needs
                `steps_per_epoch`.

        Raises:
            ValueError: before training, if the batches do not fit the game.
        """
        steps = kwargs.get("steps_per_epoch")
        self.check_data(x, steps)
        self._batches, self._announced = x.element_spec, []
        self._validated = kwargs.get("validation_data") is not None
        if self._auto_executions:
            self._choose_executions(x.element_spec, steps or 1, kwargs.get("validation_steps") or 0)
        if isinstance(x, tf.data.Dataset):
            x = without_autotuning(x)
        return super().fit(x, **{"shuffle": False, **kwargs})

    def evaluate(self, x=None, **kwargs):
        """`keras.Model.evaluate`: the losses on held-out data; endless data needs `steps`."""
        if x is not None:
            self.check_data(x, kwargs.get("steps"))
        playing = self.steps_per_execution
        # Keras would evaluate whole calls, more batches than were asked for.
        fitting = math.gcd(playing, kwargs.get("steps") or 0) if self._auto_executions else playing
        self.steps_per_execution = fitting
        try:
            return super().evaluate(x, **kwargs)
        finally:
            self.steps_per_execution = playing

    def check_data(self, data, steps_per_epoch=None):
        """Raises ValueError where `data` cannot be played with; reads no batch."""
        spec = getattr(data, "element_spec", None)
        if spec is None:
            raise errors.invalid(
                "x", "a tf.data.Dataset, such as tfgan.data.load makes", type(data).__name__
            )
        self._check_batches(spec)
        if steps_per_epoch is None:
            if data.cardinality() == tf.data.INFINITE_CARDINALITY:
                raise errors.invalid("steps_per_epoch", "a number, since the data is endless", None)
            return
        executions = 1 if self._auto_executions else self.steps_per_execution
        if steps_per_epoch < 1 or steps_per_epoch % executions:
            raise errors.invalid(
                "steps_per_epoch",
                f"a multiple of steps_per_execution={executions}",
                steps_per_epoch,
            )

    def peak_memory(self, rows):
        """An estimate of the memory of a process that trains this game.

        Args:
            rows: of one of `fit`'s batches.

        Returns:
            Bytes: of the process with TensorFlow, of all variables, of gradients
            and the moving average's differences, and of what the passes of an
            update leave for their backward passes. Data held in memory come on top.
        """
        examples = math.ceil(rows / max(1, self.discriminator_steps))
        left = self._of_an_image(cost.activations)
        # D(real) and D(fake), and as much again twice for each penalty's gradient.
        passes = 2 * left["discriminator"] * (1 + len(self.penalties)) + left["generator"]
        gradients = sum(_bytes(self.side_variables(side)) for side in SIDES)
        differences = 2 * sum(_bytes(network.variables) for network in self.averages.values())
        owners = [self, *self.metrics, *self.optimizers.values()]
        held = sum(_bytes(owner.variables) for owner in owners)
        return cost.PROCESS + held + gradients + differences + math.ceil(examples * passes)

    def announce_logs(self, names):
        """Says that a callback is going to log these names in the next `fit`."""
        self._announced = [*self._announced, *names]

    def log_names(self):
        """Names of all that the `fit` at hand logs: terms, and what callbacks announced."""
        terms = self.term_names(self._batches)
        validation = [f"val_{name}" for name in terms] if self._validated else []
        return [*terms, *validation, *self._announced]

    def resume_executions(self, number):
        """Goes on with a number of rounds per call that "auto" once chose."""
        if self._auto_executions:
            self._auto_executions = False
            self.steps_per_execution = number

    def make_train_function(self, force=False):
        """As Keras does; but its loop over rounds, which wraps each one's logs in an
        optional inside a conditional, takes twice as long on small networks."""
        rounds = self.steps_per_execution
        if rounds == 1 or self.run_eagerly:
            return super().make_train_function(force)
        if self.train_function is not None and not force:
            return None
        strategy = self.distribute_strategy

        @tf.function(reduce_retracing=True, jit_compile=self.jit_compile)
        def play(batch):
            logs = strategy.run(self.train_step, args=(batch,))
            return tf.nest.map_structure(lambda log: strategy.experimental_local_results(log)[0], logs)

        @tf.function(autograph=False)
        def train(iterator):
            tf.while_loop(
                lambda played: played < rounds - 1,
                lambda played: (play(next(iterator)), [played + 1])[1],
                [tf.constant(0)],
            )
            return play(next(iterator))

        self.train_function = train
        return None

    def make_test_function(self, force=False):
        """As Keras does, and anew when batches per call are no longer what they were."""
        batches = self.steps_per_execution
        super().make_test_function(force or batches != self._batches_of_a_test_call)
        self._batches_of_a_test_call = batches

    def _check_batches(self, spec):
        replicas = self.distribute_strategy.num_replicas_in_sync
        discriminators = [getattr(self, name) for name in self.discriminator_side]
        checks.no_batch_norm_under_lazy_penalty(self.penalties, discriminators, replicas)
        checks.data(
            spec,
            self.batch_parts,
            k=max(1, self.discriminator_steps),
            replicas=replicas,
            packing=self.packing,
            game=type(self).__name__,
        )

    def _choose_executions(self, spec, steps_per_epoch, validation_steps):
        """Settles what "auto" means for epochs of so many rounds, and validation of so many."""
        rows = tf.nest.flatten(spec)[0].shape[0]
        chosen = math.gcd(steps_per_epoch, validation_steps, self._rounds_of_a_call(rows))
        if chosen != self.steps_per_execution:
            self.steps_per_execution, self.train_function = chosen, None

    def _rounds_of_a_call(self, rows):
        forward = sum(self._of_an_image(lambda network: sum(cost.operations(network))).values())
        if not forward or self.run_eagerly:
            return 1
        # A round is about eight forward passes of both sides.
        rounds = OPERATIONS_OF_A_CALL / (8 * rows * forward)
        return 2 ** int(math.log2(min(max(rounds, 1), MOST_ROUNDS)))

    def _of_an_image(self, count):
        """Dict of side to the sum of `count(network)`, as a share per image: some see packs of them."""
        images = {"generator": 1, "discriminator": self.packing}
        return {
            side: sum(count(getattr(self, name)) for name in getattr(self, f"{side}_side")) / images[side]
            for side in SIDES
        }


def _bytes(variables):
    return sum(math.prod(v.shape) * tf.as_dtype(v.dtype).size for v in variables)
