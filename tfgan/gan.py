"""`GAN`: the training step, and what a new game overrides. What users call is in `interface.py`."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan import checks, errors, samplers, shapes
from tfgan.interface import Interface
from tfgan.latents import PRIORS
from tfgan.objective import Clock, Objective, weighted
from tfgan.randomness import Random
from tfgan.samplers import Sampler
from tfgan.sides import SIDES
from tfgan.training import SCHEDULES, compatibility, passes
from tfgan.training.logs import Logs
from tfgan.training.rules import previous_gradients, rule_and_number
from tfgan.training.terms import TermMeans

# A stream of noise apart from those that training counts steps and terms in.
TEST_SALT = 1_000_002


class Outcome(NamedTuple):
    """What a hook returned: its terms, the values to remember, and values that are only logged."""

    terms: dict
    remembered: dict = {}
    logs: dict = {}

    @property
    def logged(self):
        """All that is logged, a dict of name to scalar."""
        return self.terms | self.logs


class Move(NamedTuple):
    """One side's update, computed but not yet applied."""

    gradients: list
    remembered: dict


@keras.saving.register_keras_serializable(package="tfgan")
class GAN(Interface):
    """A generative adversarial network: two sides, each with its own optimizer.

    ```python
    networks = tfgan.networks.NETWORKS["dcgan"](image_shape=(32, 32, 1))
    gan = tfgan.GAN(**networks, loss="non_saturating")
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(2e-4, 0.5),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, 0.5),
    )
    gan.fit(tfgan.data.load("digits", batch_size=64), epochs=10, steps_per_epoch=100)
    images = gan.generate(16, seed=1)
    ```

    A new game is a subclass. What it may override, all of it:

    * `generator_side`, `discriminator_side`, `frozen_networks`: names of its networks, or
      the method `name_sides` where they depend on an argument;
    * `parts`: names of what a batch of its data consists of;
    * `adversarial_terms`: names of those terms that rules and schedules read;
    * `several_replicas`: False where it cannot be split between replicas;
    * `without`: names of settings below that it does not have, such as `loss`, and refuses;
    * `discriminator_terms(batch, random)`, `generator_terms(batch, random)`: the hooks;
    * `latents(n, random)`: what is drawn for `n` samples, a tensor or a nest of them, and
      `generator_inputs(latents, given)`: what `generator` is called on, from these and what
      is given, in hooks and in the default sampler alike;
    * `samplers()`: what it can make;
    * `given(sampler, n, values)`: inputs of a sampler, checked and as tensors;
    * `discriminator_inputs(images, given)`: what its discriminator is called on in `logits`;
    * `see_first_batch(batch)`: what it does with one batch before its first round (for
      initialisation that depends on data; a run that goes on does not repeat it);
    * `images_of(batch)`: the number of real images in a batch;
    * `classes()`: the numbers of classes of its parts, outside which labels are refused;
    * `stops_on_non_finite`: False where NaN and infinity do not end `fit`;
    * `check_networks()`, `check_compiled()`: what it refuses.

    Hooks may use `forward`, `fakes`, `discriminate`, `objective`, `weighted` and, for
    what it remembers beside weights, `remember` and `remembered`. Settings of its own are
    keyword arguments of its constructor; config and saving find them there.

    Args:
        **networks: one built Keras model per name in `generator_side`,
            `discriminator_side` and `frozen_networks`. A generator maps latents
            `[batch, latent_dim]` to images `[batch, height, width, channels]` in [-1, 1]
            (or points `[batch, dims]`). A discriminator maps those to logits of any shape,
            or to a dict with `logits` (a nested list for several scales).
        loss: name in `tfgan.losses.LOSSES`, or a `Loss`.
        penalties: dict of names in `tfgan.penalties.PENALTIES` to a weight, or to
            `(weight, every)`: computed in every `every`-th round, times `every`. A
            weight may be a schedule of the images shown, such as
            `tfgan.training.rates.Ramp(0.1, 0.01, 1, 100_000)`.
        discriminator_steps: updates of the discriminator's side per round, >= 0.
        schedule: name in `tfgan.training.SCHEDULES`.
        rule: name in `tfgan.training.RULES`, or a dict of one name to the rule's
            number: `{"unrolled": 5}`, `{"consensus": 10.0}`.
        prior: name in `tfgan.latents.PRIORS`.
        label_smoothing: one-sided, in [0, 1): the target for real images is
            1 - label_smoothing. Only for losses that have one.
        views: dict of names in `tfgan.views.VIEWS` to their arguments, acting on all that
            the discriminator sees: `{"noise": 0.1}` or `{"noise": (0.1, 60_000)}` (standard
            deviation in the data's unit, real images until it has fallen to 0),
            `{"packing": 2}` (images seen at once, by a discriminator built for that).
        clip_weights: bound on the absolute value of the discriminator side's
            weights, applied after its update (WGAN: 0.01). None: no bound.
        ema_half_life: half-life, in real images shown, of the moving averages of
            the generator side's weights; None: no average. Early on it is
            at most a twentieth of the images shown so far, so that the average
            forgets the initial weights.
        averages: dict of further networks of either side to a half-life, or to
            `tfgan.averages.FromZero(rate)`; None for one without.
        frozen: names of networks that no side moves, called in inference mode.
        seed: int, of all noise of the game.

    Raises:
        ValueError: an unknown name, a value out of range, a missing network, or
            a gradient penalty on a discriminator with batch normalisation.

    Reference:
        Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """

    parts = ("images",)
    adversarial_terms = ("loss",)
    several_replicas = True
    see_first_batch = None
    # Whether `fit` ends when a log or a weight becomes NaN or infinite.
    stops_on_non_finite = True
    # Real images of earlier stages of a run, which logs and file names count too.
    images_before = 0

    def __init__(
        self,
        *,
        loss="non_saturating",
        penalties=None,
        discriminator_steps=1,
        schedule="alternating",
        rule="plain",
        prior="normal",
        label_smoothing=0.0,
        views=None,
        clip_weights=None,
        ema_half_life=10_000,
        averages=None,
        frozen=(),
        seed=0,
        name=None,
        **networks,
    ):
        super().__init__(networks, frozen, ema_half_life, averages, name)
        self.step = self.add_state("step", np.int64(0))
        self.images_shown = self.add_state("images_shown", np.int64(0))
        clock = Clock(self.step, self.images_shown)
        self.objective = Objective(loss, penalties, views, clock, label_smoothing)
        steps = checks.whole_number("discriminator_steps", discriminator_steps, 0)
        self.discriminator_steps = steps if self.sides["discriminator"] else 0
        self.schedule = errors.lookup("schedule", schedule, SCHEDULES)
        self.rule, self.rule_number = rule_and_number(rule)
        self.prior = errors.lookup("prior", prior, PRIORS)
        self.clip_weights = checks.positive_or_none("clip_weights", clip_weights)
        self.gradients_before = previous_gradients(self) if self.rule.keeps_gradients else None
        self.seed = checks.whole_number("seed", seed, 0)
        self.terms, self.logs = TermMeans(), Logs()
        self.makers = samplers.Makers()
        self.check_networks()
        compatibility.check_logits(self, loss)
        compatibility.warn_of_range(self)

    # ------------------------------------------------------------- the hooks

    def discriminator_terms(self, batch, random):
        """Loss terms of the discriminator's side: named scalars whose sum it minimises.

        Args:
            batch: dict of part to tensor, one slice of what the data yields.
            random: `Random`, the only source of noise.

        Returns:
            Dict of name to float32 scalar; those in `adversarial_terms` are what rules
            and schedules read. Or (that dict, dict of names in `remembered` to their next
            values), which are written once, after the side's step. Or these two and a dict of
            further scalars, which are logged beside the terms and not minimised.
        """
        images = batch["images"]
        fake = self.fakes(batch_size(batch), random)
        return self.objective.discriminator(self.discriminate, images, fake, random).terms

    def generator_terms(self, batch, random):
        """Loss terms of the generator's side: named scalars whose sum it minimises.

        Args and Returns: as in `discriminator_terms`.
        """
        images = batch["images"]
        fake = self.fakes(batch_size(batch), random)
        return self.objective.generator(self.discriminate, images, fake, random).terms

    def samplers(self):
        """What the game can make: dict of name to `tfgan.samplers.Sampler`, the default first."""
        given = dict(zip(self.parts[1:], shapes.inputs_of(self.generator)[1:]))
        return {
            "generate": Sampler(
                self.make_images, self.latents, given, compared_with=self.parts[0], options={"scale": 1.0}
            )
        }

    # ------------------------------------------- what hooks are composed from

    def latents(self, n, random):
        """Draws for `n` samples: latents `[n, latent_dim]` from the prior."""
        shape = shapes.inputs_of(self.generator)[0].shape
        if len(shape) != 2:
            expected = "an input [n, latent_dim], or a game of your own whose latents have another shape"
            raise errors.invalid("generator", expected, list(shape))
        return self.prior(random, [n, self.latent_dim])

    @property
    def latent_dim(self):
        """Length of the generator's latents."""
        return shapes.inputs_of(self.generator)[0].shape[-1]

    def sample_inputs(self, n, random, given=None):
        """What the generator is called on, for `n` images.

        Args:
            n: number of images, an int or a scalar int tensor.
            random: `Random`, the only source of noise.
            given: dict of part to what the images are conditioned on; this game takes none.

        Returns:
            Latents, float32 `[n, latent_dim]`, or a list of them and what is given. In shared
            schedules the same for the same `random`.
        """
        arguments = [random, *tf.nest.flatten(given or {})]
        draw = lambda: self.generator_inputs(self.latents(n, random), given)
        return passes.once("inputs", arguments, draw)

    def generator_inputs(self, latents, given=None):
        """Latents alone, or a list of them and what is given (dict of part to tensor)."""
        return [latents, *given.values()] if given else latents

    def forward(self, name, inputs):
        """Output of one network by name, in training mode unless it is frozen.

        Args:
            name: of the network.
            inputs: what it is called on, a tensor or a nest. Shared schedules compute the
                same network on the same tensors once (`tfgan.training.passes`).
        """
        network, training = getattr(self, name), name not in self.frozen
        compute = lambda: network(inputs, training=training)
        return passes.once(name, tf.nest.flatten(inputs), compute)

    def fakes(self, n, random, given=None):
        """The generator's images for the inputs that `sample_inputs` draws."""
        return self.forward("generator", self.sample_inputs(n, random, given))

    def discriminate(self, examples, name="discriminator"):
        """A discriminator's whole outputs for examples, in training mode."""
        return self.forward(name, examples)

    def weighted(self, name, weight, every, function, dtype=tf.float32):
        """A term {name: scalar} with a weight and an interval: see `tfgan.objective.weighted`."""
        if every > 1:
            compatibility.check_interval(self, name, every)
        return weighted(self.objective.clock, name, weight, every, function, dtype)

    # -------------------------------------------------------------- the step

    def train_step(self, batch):
        """One round: the schedule's updates, then the averages."""
        with _after(batch):
            return self._round(self.named(batch))

    def _round(self, batch):
        self.schedule(self, self.slices(batch), self.noise())
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        shown = tf.cast(self.images_of(batch) * replicas, tf.int64)
        self.images_shown.assign_add(shown)
        self.average(shown, self.images_shown.value)
        self.step.assign_add(1)
        return self.terms.result()

    def update(self, side, batch, random):
        """One optimizer step of one side; the other side's variables stay as they are."""
        if self.sides[side]:
            self.apply(side, self.move(side, batch, random))

    def move(self, side, batch, random):
        """Computes one side's update by the rule, and logs its terms."""
        outcome, gradients = self.rule.gradients(self, side, batch, random, self.rule_number)
        self.log({side: outcome.logged})
        return Move(gradients, outcome.remembered)

    def plain_gradients(self, side, batch, random):
        """One side's `Outcome`, and the gradients of its terms' sum by that side's variables."""
        variables = {
            name: [variable.value for variable in self.side_variables(name)] for name in SIDES
        }
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        with passes.tape(side, variables) as tape:
            outcome = self.outcome(side, batch, random)
            # Optimizers sum the gradients of replicas.
            total = tf.add_n(list(outcome.terms.values())) / replicas
            total = self.optimizers[side].scale_loss(total)
        return outcome, tape.gradient(total, variables[side])

    def apply(self, side, move):
        """Applies one side's update and weight clipping, and writes the values to remember."""
        variables = self.side_variables(side)
        self.optimizers[side].apply(move.gradients, variables)
        if side == "discriminator" and self.clip_weights:
            for variable in variables:
                variable.assign(
                    tf.clip_by_value(variable.value, -self.clip_weights, self.clip_weights)
                )
        for name, value in move.remembered.items():
            self.remembered[name].assign(value)
        passes.forget(self.sides[side])

    def outcome(self, side, batch, random):
        """The `Outcome` of one side's hook."""
        returned = getattr(self, f"{side}_terms")(batch, random)
        return Outcome(*returned) if isinstance(returned, tuple) else Outcome(returned)

    def log_terms(self, side, batch, random):
        """Logs one side's terms without an update; returns the sum of the adversarial ones."""
        with keras.StatelessScope():
            outcome = self.outcome(side, batch, random)
        self.log({side: outcome.logged})
        return tf.add_n([outcome.terms[name] for name in self.adversarial_terms])

    def test_step(self, batch):
        """The terms of both sides on held-out data, which change no state of the game."""
        with _after(batch):
            return self._tested(self.named(batch))

    def _tested(self, batch):
        random = self.noise().fold(TEST_SALT).fold(self.terms.batches)
        # The hooks run in training mode, so that the values compare with those
        # of training; whatever that assigns is taken back. By hand: a `StatelessScope`
        # cannot hold what the condition of a lazy penalty assigns. It costs nothing: what is
        # read shares its buffer until it is written.
        state = [variable for network in self.networks().values() for variable in network.variables]
        before = [tf.identity(variable.value) for variable in state]
        outcomes = {
            side: self.outcome(side, batch, random.fold(i))
            for i, side in enumerate(SIDES)
            if self.sides[side]
        }
        for variable, value in zip(state, before):
            variable.assign(value)
        self.log({side: outcome.logged for side, outcome in outcomes.items()})
        return self.terms.result()

    def noise(self):
        """The `Random` of the round at hand."""
        return Random(tf.stack([tf.constant(self.seed, tf.int64), self.step.value]))

    def named(self, batch):
        """A batch as a dict of part to tensor: from a dict, a tuple in order, or one tensor."""
        if isinstance(batch, dict):
            return {name: batch[name] for name in self.parts}
        values = batch if isinstance(batch, (tuple, list)) else (batch,)
        return dict(zip(self.parts, values, strict=True))

    def classes(self):
        """Dict of part to the numbers of classes of its labels, a tuple of ints, where it is known."""
        return {}

    def step_number(self):
        """Rounds played, an int."""
        return int(keras.ops.convert_to_numpy(self.step))

    def images_of(self, batch):
        """The number of real images in a round's batch, of one replica: its rows, whatever the parts."""
        return batch_size(batch)

    def slices(self, batch):
        """A round's batches, one per discriminator update: rows i, i + k, i + 2k ...

        Strided, because a `tf.distribute` strategy splits a batch contiguously,
        and every replica has to hold its share of every slice.
        """
        k = max(1, self.discriminator_steps)
        return [tf.nest.map_structure(lambda part: part[i::k], batch) for i in range(k)]

    def log(self, terms_of_sides):
        """Adds one observation of the terms of sides, a dict of side to dict, to the logs."""
        self.terms.update_state(
            {
                f"{side}_{name}": value
                for side, terms in terms_of_sides.items()
                for name, value in terms.items()
            }
        )

    # ------------------------------------------------- what it can make, and refuses

    def given(self, sampler, n, values):
        """What a sampler is given for `n` samples, checked and brought to tensors.

        Args:
            sampler: `Sampler`.
            n: int, or a scalar int tensor.
            values: dict of part to one value for all, or several used in turn.

        Returns:
            Dict of part to tensor `[n, ...]`, in the sampler's order.
        """
        return samplers.given_in_turn(type(self).__name__, sampler.given, n, values)

    def discriminator_inputs(self, images, given):
        """What the discriminator is called on: images, and the parts that go with them.

        Args:
            images: array `[n, ...]`.
            given: dict of part to what is given for them, as in `generate`.
        """
        sampler = next(iter(self.samplers().values()))
        return [images, *self.given(sampler, len(images), given).values()]

    def make_images(self, networks, latents, given, scale):
        """The default sampler: images of scaled latents and what is given."""
        if scale != 1.0:
            latents = tf.nest.map_structure(lambda z: scale * z, latents)
        return networks["generator"](self.generator_inputs(latents, given))

    def check_networks(self):
        """Raises ValueError where networks or views do not fit each other."""
        compatibility.check_networks(self)
        plain = type(self).discriminator_terms is GAN.discriminator_terms
        if plain and {"generator", "discriminator"} <= set(self.networks()):
            compatibility.check_packs(self.objective.packing, self.generator, self.discriminator)

    def check_compiled(self):
        """Raises ValueError where optimizers, rule and schedule cannot work together."""
        compatibility.check_compiled(self, self.distribute_strategy.num_replicas_in_sync)


def _after(batch):
    """A scope whose operations all wait for a batch: where there is none, nothing is counted."""
    return tf.control_dependencies(tf.nest.flatten(batch))


def batch_size(batch):
    """Rows of the first part of a batch: an int where it is known, else a tensor."""
    first = tf.nest.flatten(batch)[0]
    return first.shape[0] or tf.shape(first)[0]
