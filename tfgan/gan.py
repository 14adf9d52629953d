"""The game of two sides, each with its own networks, objective and optimizer."""

import keras
import tensorflow as tf

from tfgan import checks, errors, passes, views
from tfgan.fitting import Fitting
from tfgan.latents import PRIORS
from tfgan.losses import LOSSES, Loss, smooth
from tfgan.penalties import PENALTIES
from tfgan.randomness import Random
from tfgan.sampling import Sampling
from tfgan.terms import TermMeans
from tfgan.two_sided import SIDES
from tfgan.updates import SCHEDULES, compatibility
from tfgan.updates.rules import memory, rule_and_number

# Streams of noise apart from those that training counts steps and terms in.
TEST_SALT = 1_000_002
REAL_SALT, FAKE_SALT = 1_000_003, 1_000_004


@keras.saving.register_keras_serializable(package="tfgan")
class GAN(Sampling, Fitting):
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

    A game with other rules is a subclass that overrides the two hooks
    `discriminator_terms` and `generator_terms` (and `sample_inputs`, where its
    generator is called on something else), and names its networks in
    `generator_side` and `discriminator_side`. The first of `generator_side` is
    the one that makes the images.

    Args:
        **networks: one built Keras model per name in `generator_side` and
            `discriminator_side`. A generator maps latents `[batch, latent_dim]`
            to images `[batch, height, width, channels]` in [-1, 1] (or points
            `[batch, dims]`). A discriminator maps those to logits of any shape,
            or to a dict with `logits` (a nested list for several scales).
        loss: name in `tfgan.losses.LOSSES`, or a `Loss`.
        penalties: dict of names in `tfgan.penalties.PENALTIES` to a weight, or to
            `(weight, every)`: computed in every `every`-th round, times `every`. A
            weight may be a schedule of the images shown, such as
            `tfgan.rates.Ramp(0.1, 0.01, 1, 100_000)`.
        discriminator_steps: updates of the discriminator's side per round, >= 0.
        schedule: name in `tfgan.updates.SCHEDULES`.
        rule: name in `tfgan.updates.RULES`, or a dict of one name to the rule's
            number: `{"unrolled": 5}`, `{"consensus": 10.0}`.
        prior: name in `tfgan.latents.PRIORS`.
        label_smoothing: one-sided, in [0, 1): the target for real images is
            1 - label_smoothing. Only for losses that have one.
        instance_noise: standard deviation >= 0 of the Gaussian noise on all that the
            discriminator sees, in the data's unit.
        instance_noise_fall: real images shown until that noise has fallen to 0,
            linearly; None: it stays.
        packing: images that the discriminator sees at once, joined along the channels,
            where it is built for that.
        clip_weights: bound on the absolute value of the discriminator side's
            weights, applied after its update (WGAN: 0.01). None: no bound.
        ema_half_life: half-life, in real images shown, of the moving average of
            the generator side's weights; None: no average. Early on it is
            at most a twentieth of the images shown so far, so that the average
            forgets the initial weights.
        seed: int, of all noise of the game.

    Raises:
        ValueError: an unknown name, a value out of range, a missing network, or
            a gradient penalty on a discriminator with batch normalisation.

    Reference:
        Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """

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
        instance_noise=0.0,
        instance_noise_fall=None,
        packing=1,
        clip_weights=None,
        ema_half_life=10_000,
        seed=0,
        name=None,
        **networks,
    ):
        settings = {
            "loss": loss,
            "penalties": dict(penalties or {}),
            "discriminator_steps": discriminator_steps,
            "schedule": schedule,
            "rule": rule,
            "prior": prior,
            "label_smoothing": label_smoothing,
            "instance_noise": instance_noise,
            "instance_noise_fall": instance_noise_fall,
            "packing": packing,
            "clip_weights": clip_weights,
            "ema_half_life": ema_half_life,
            "seed": seed,
        }
        super().__init__(networks, settings, name=name)
        self.objective = loss if isinstance(loss, Loss) else errors.lookup("loss", loss, LOSSES)
        if label_smoothing:
            self.objective = smooth(self.objective, label_smoothing)
        self.penalties = checks.weights_and_intervals(penalties)
        checks.no_batch_norm_under_gradient_penalty(self.penalties, self._discriminators())
        self.discriminator_steps = checks.whole_number(
            "discriminator_steps", discriminator_steps, 0
        )
        self.schedule = errors.lookup("schedule", schedule, SCHEDULES)
        self.rule, self.rule_number = rule_and_number(rule)
        self.prior = errors.lookup("prior", prior, PRIORS)
        self.latent_dim = self.image_generator.inputs[0].shape[-1]
        self.clip_weights = checks.positive_or_none("clip_weights", clip_weights)
        self.instance_noise = checks.number_from_0("instance_noise", instance_noise)
        self.instance_noise_fall = checks.positive_or_none(
            "instance_noise_fall", instance_noise_fall
        )
        if instance_noise_fall and not instance_noise:
            raise errors.invalid("instance_noise", "a number > 0 that can fall", instance_noise)
        self.packing = checks.whole_number("packing", packing, 1)
        self._check_packs()
        self.gradients_before = memory(self) if self.rule.remembers else None
        self.seed = checks.whole_number("seed", seed, 0)
        self.terms = TermMeans()
        self.step = self._counter("step")
        self.images_shown = self._counter("images_shown")

    # ------------------------------------------------------------- the hooks

    def sample_inputs(self, n, random, data=None):
        """What the generator is called on, for `n` images.

        Args:
            n: number of images, an int or a scalar int tensor.
            random: `Random`, the only source of noise.
            data: what the images are conditioned on; this game takes None.

        Returns:
            Latents, float32 `[n, latent_dim]`.
        """
        self.conditions(n, data)
        return self.prior(random, [n, self.latent_dim])

    def discriminator_terms(self, images, random):
        """The named scalars that the discriminator's side minimises the sum of.

        Args:
            images: one slice of what the data yields.
            random: `Random`, the only source of noise.

        Returns:
            Dict of name to float32 scalar; "loss" is the adversarial one.
        """
        fake = self.fakes(batch_size(images), random)
        return self.discriminator_objective(self.discriminate, images, fake, random)

    def generator_terms(self, images, random):
        """The named scalars that the generator's side minimises the sum of.

        Args and Returns: as in `discriminator_terms`.
        """
        fake = self.fakes(batch_size(images), random)
        return self.generator_objective(self.discriminate, images, fake, random)

    # ------------------------------------------- what hooks are composed from

    def logits(self, output):
        """The logits in what a discriminator returned: the only place that reads it."""
        return output["logits"] if isinstance(output, dict) else output

    def forward(self, name, inputs):
        """What a network returns in training mode; see `tfgan.passes` for when it is shared."""
        network = getattr(self, name)
        return passes.once(name, tf.nest.flatten(inputs), lambda: network(inputs, training=True))

    def fakes(self, n, random, data=None):
        """The generator's images for the inputs that `sample_inputs` draws."""
        arguments = [random, *tf.nest.flatten(data)]
        inputs = passes.once("inputs", arguments, lambda: self.sample_inputs(n, random, data))
        return self.forward(self.generator_side[0], inputs)

    def discriminate(self, images):
        """Logits of images, in training mode."""
        return self.logits(self.forward("discriminator", images))

    def shown(self, images, random, salt):
        """What a discriminator is shown of images: in its precision, noisy, in packs."""

        def show():
            seen = tf.cast(images, self._discriminators()[0].inputs[0].dtype)
            if self.instance_noise:
                fall, so_far = self.instance_noise_fall, self.images_shown.value
                deviation = views.level(self.instance_noise, fall, so_far)
                seen = views.noisy(seen, deviation, random.fold(salt))
            return views.pack(seen, self.packing)

        return passes.once("shown", [images, random], show)

    def discriminator_objective(self, discriminate, real, fake, random):
        """The loss and penalties of a discriminator `images -> logits`, as terms."""
        real, fake = self.shown(real, random, REAL_SALT), self.shown(fake, random, FAKE_SALT)
        loss = self.objective.discriminator
        terms = {"loss": _mean_over_scales(loss, discriminate(real), discriminate(fake))}
        for i, (name, (weight, every)) in enumerate(self.penalties.items()):

            def penalty(name=name, weight=weight, every=every, noise=random.fold(i)):
                value = PENALTIES[name](discriminate, real, fake, noise)
                return self._weight(weight, value.dtype) * every * value

            due = tf.equal(self.step.value % every, 0)
            nothing = tf.zeros([], terms["loss"].dtype)
            terms[name] = penalty() if every == 1 else tf.cond(due, penalty, lambda: nothing)
        return terms

    def generator_objective(self, discriminate, real, fake, random):
        """The generator's loss against a discriminator `images -> logits`, as terms."""
        fake_logits = discriminate(self.shown(fake, random, FAKE_SALT))
        real_logits = (
            discriminate(self.shown(real, random, REAL_SALT))
            if self.objective.generator_sees_real
            else tf.nest.map_structure(lambda _: None, fake_logits)
        )
        return {"loss": _mean_over_scales(self.objective.generator, real_logits, fake_logits)}

    # -------------------------------------------------------------- the step

    def train_step(self, batch):
        """One round: the schedule's updates, then the average of the generator's side."""
        self.schedule(self, self.slices(batch), self.noise())
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        shown = tf.cast(self.images_of(batch) * replicas, tf.int64)
        self.images_shown.assign_add(shown)
        self.average_generator_side(shown)
        self.step.assign_add(1)
        return self.terms.result()

    def noise(self):
        """The `Random` of the round at hand."""
        return Random(tf.stack([tf.constant(self.seed, tf.int64), self.step.value]))

    def images_of(self, batch):
        """Real images in a round's batch, of one replica."""
        return batch_size(batch)

    def slices(self, batch):
        """A round's batches, one per discriminator update: rows i, i + k, i + 2k ...

        Strided, because a `tf.distribute` strategy splits a batch contiguously,
        and every replica has to hold its share of every slice.
        """
        k = max(1, self.discriminator_steps)
        return [tf.nest.map_structure(lambda part: part[i::k], batch) for i in range(k)]

    def update(self, side, batch, random):
        """One optimizer step of one side; the other side's variables stay as they are."""
        self.apply(side, self.gradients(side, batch, random))

    def gradients(self, side, batch, random):
        """Along what one side is going to move, by the rule; logs its terms."""
        terms, gradients = self.rule.gradients(self, side, batch, random, self.rule_number)
        self.log({side: terms})
        return gradients

    def plain_gradients(self, side, batch, random):
        """One side's terms, and the gradients of their sum by that side's variables."""
        variables = {
            name: [variable.value for variable in self.side_variables(name)] for name in SIDES
        }
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        with passes.tape(side, variables) as tape:
            terms = self._hook(side)(batch, random)
            # Optimizers sum the gradients of replicas.
            total = tf.add_n(list(terms.values())) / replicas
            total = self.optimizers[side].scale_loss(total)
        return terms, tape.gradient(total, variables[side])

    def apply(self, side, gradients):
        """One optimizer step of one side along given gradients, then its constraint."""
        variables = self.side_variables(side)
        self.optimizers[side].apply(gradients, variables)
        if side == "discriminator" and self.clip_weights:
            for variable in variables:
                variable.assign(
                    tf.clip_by_value(variable.value, -self.clip_weights, self.clip_weights)
                )
        passes.forget(getattr(self, f"{side}_side"))

    def check_compiled(self):
        compatibility.check(self, tf.distribute.get_strategy().num_replicas_in_sync)

    def watch(self, side, batch, random):
        """Logs one side's terms, and changes nothing else."""
        with keras.StatelessScope():
            terms = self._hook(side)(batch, random)
        self.log({side: terms})
        return terms["loss"]

    def test_step(self, batch):
        """The terms of both sides on held-out data, which change no state of the game."""
        random = self.noise().fold(TEST_SALT).fold(self.terms.batches)
        # The hooks run in training mode, so that the values compare with those
        # of training; what that does to batch statistics is taken back. By hand: a
        # `StatelessScope` cannot hold what the condition of a lazy penalty remembers.
        state = [
            variable
            for name in self.network_names()
            for variable in getattr(self, name).variables
            if not variable.trainable
        ]
        before = [tf.identity(variable.value) for variable in state]
        terms = {
            side: self._hook(side)(batch, random.fold(i))
            for i, side in enumerate(SIDES)
        }
        for variable, value in zip(state, before):
            variable.assign(value)
        self.log(terms)
        return self.terms.result()

    def log(self, terms_of_sides):
        """Adds one observation of the terms of sides, a dict of side to dict, to the logs."""
        self.terms.update_state(
            {
                f"{side}_{name}": value
                for side, terms in terms_of_sides.items()
                for name, value in terms.items()
            }
        )

    def call(self, inputs, training=False):
        return self.image_generator(inputs, training=training)

    @property
    def metrics(self):
        return [self.terms]

    def term_names(self, batches):
        """Names of what `train_step` logs.

        Args:
            batches: `element_spec` of the data.
        """
        names = []

        def name(batch):
            for side in SIDES if self.discriminator_steps else SIDES[1:]:
                terms = self._hook(side)(self.slices(batch)[0], self.noise())
                names.extend(f"{side}_{term}" for term in terms)

        # Traced and never run: only the hooks know what they return.
        play = lambda batch: self.distribute_strategy.run(name, (batch,))
        tf.function(play, autograph=False).get_concrete_function(batches)
        return list(dict.fromkeys(names))

    # --------------------------------------------------------------- details

    def _counter(self, name):
        return self.add_weight(
            shape=(),
            initializer="zeros",
            dtype="int64",
            trainable=False,
            aggregation="only_first_replica",
            name=name,
        )

    def _check_packs(self):
        if self.packing > 1 and len(self.batch_parts) > 1:
            raise errors.invalid(
                "packing",
                f"1 in {type(self).__name__}, since every image has a condition of its own",
                self.packing,
            )
        if type(self).discriminator_terms is GAN.discriminator_terms:
            for discriminator in self._discriminators():
                checks.sees_packs(self.packing, self.image_generator, discriminator)

    def _weight(self, weight, dtype):
        # A number stays one: as a tensor it would be rounded to float32 first.
        return tf.cast(weight(self.images_shown.value), dtype) if callable(weight) else weight

    def _discriminators(self):
        return [getattr(self, name) for name in self.discriminator_side]

    def _hook(self, side):
        return getattr(self, f"{side}_terms")


def batch_size(batch):
    """Rows of the first part of a batch: an int where it is known, else a tensor."""
    first = tf.nest.flatten(batch)[0]
    return first.shape[0] or tf.shape(first)[0]


def _mean_over_scales(function, real_logits, fake_logits):
    """`function` of the two, averaged over the scales of nested logits."""
    values = [
        function(real, fake)
        for real, fake in zip(tf.nest.flatten(real_logits), tf.nest.flatten(fake_logits))
    ]
    return tf.add_n(values) / len(values)
