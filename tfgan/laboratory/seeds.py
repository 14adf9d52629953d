"""Training of many seeds of a game at once, by batched matrix products."""

import keras
import numpy as np
import tensorflow as tf

from tfgan import checks, errors
from tfgan.data.order import endless
from tfgan.gan import GAN
from tfgan.laboratory.per_seed import stack
from tfgan.losses import LOSSES
from tfgan.penalties import PENALTIES
from tfgan.randomness import Random
from tfgan.samplers import GENERATE_SALT
from tfgan.training import compatibility
from tfgan.training.schedules import adaptive

# Losses and penalties whose value for one example depends on the others of the batch, which
# here belong to other seeds, too.
NOT_SEPARABLE = {
    "loss": (LOSSES["relativistic_average"],),
    "penalties": (PENALTIES["dragan"],),
}
# Optimizers that update every element of a weight independently, and options that do not:
# a norm over a weight would be a norm over all seeds.
OPTIMIZERS = (keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.RMSprop)
CLIPPING = ("clipnorm", "global_clipnorm")


class ManySeeds(GAN):
    """Several games that differ only in their seeds, trained as one model.

    Each seed's losses, gradients, noise, optimizer slots and moving averages are those of
    a separate `GAN`: the losses are summed over seeds, and no operation mixes them.

    Args:
        networks: list of dicts of networks, one per seed, from one builder; dense layers,
            one after the other (see `tfgan.laboratory.per_seed.LAYERS`).
        seeds: list of ints, one per dict in `networks`: seeds of the noise.
        **settings: of `tfgan.GAN`, except `seed`.

    Raises:
        ValueError: networks that cannot be stacked, a loss or penalty that compares
            examples, or the adaptive schedule, which decides for all seeds at once.
    """

    # That one seed diverges is a result; the others are trained further.
    stops_on_non_finite = False

    def __init__(self, networks, seeds, **settings):
        if not networks:
            raise errors.invalid("networks", "at least one dict of networks", networks)
        if len(networks) != len(seeds):
            raise errors.invalid("seeds", f"{len(networks)}, as there are networks", len(seeds))
        if "seed" in settings:
            raise errors.invalid("seed", "none, since seeds has one for each", settings["seed"])
        self.seeds = [checks.whole_number("seeds", seed, 0) for seed in seeds]
        super().__init__(
            **{name: stack([each[name] for each in networks]) for name in networks[0]}, **settings
        )
        self._check_separable()

    def check_networks(self):
        super().check_networks()
        compatibility.check_packs(self.objective.packing, self.generator, self.discriminator)

    def check_compiled(self):
        super().check_compiled()
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        if replicas > 1:
            raise errors.invalid("replicas", "1, which sees the rows of all seeds", replicas)
        for optimizer in self.optimizers.values():
            if not isinstance(optimizer, OPTIMIZERS):
                expected = " or ".join(kind.__name__ for kind in OPTIMIZERS)
                raise errors.invalid("optimizer", expected, type(optimizer).__name__)
            for option in CLIPPING:
                if getattr(optimizer, option, None):
                    raise errors.invalid(option, "None: it would join seeds", getattr(optimizer, option))

    def noise(self):
        return _NoiseOfSeeds([[seed, self.step.value] for seed in self.seeds])

    def images_of(self, batch):
        return super().images_of(batch) // len(self.seeds)

    def discriminator_terms(self, batch, random):
        return self._sums(super().discriminator_terms(batch, random))

    def generator_terms(self, batch, random):
        return self._sums(super().generator_terms(batch, random))

    def log(self, terms_of_sides):
        """Logs each term's mean over the seeds."""
        count = len(self.seeds)
        super().log({
            side: {name: value / count for name, value in terms.items()}
            for side, terms in terms_of_sides.items()
        })  # fmt: skip

    def generate_each(self, n, seed=0, use_ema=True):
        """Samples of every seed's generator.

        Args:
            n: int >= 1, samples of each seed.
            seed: int, of the latents, which are the same for all seeds.
            use_ema: as in `GAN.generate`.

        Returns:
            float32 [seeds, n, dims].

        Raises:
            ValueError: n is no whole number >= 1.
        """
        checks.whole_number("n", n, 1)
        inputs = self.sample_inputs(n, Random([seed, GENERATE_SALT]))
        rows = np.tile(inputs, [len(self.seeds), 1])
        samples = self.sampling_network(use_ema=use_ema)(rows, training=False).numpy()
        return samples.reshape(len(self.seeds), n, -1)

    def logits_each(self, points):
        """Logits of every seed's discriminator, each on a separate set of points.

        Args:
            points: float [seeds, n, dims].

        Returns:
            float32 [seeds, n]; with packing, [seeds, n / packing].

        Raises:
            ValueError: points of another shape.
        """
        if np.ndim(points) != 3 or len(points) != len(self.seeds):
            raise errors.invalid("points", f"[{len(self.seeds)} seeds, n, dims]", list(np.shape(points)))
        rows = points.shape[0] * points.shape[1]
        return super().logits(np.concatenate(points), batch_size=rows).reshape(len(self.seeds), -1)

    def generate(self, *args, **kwargs):
        raise errors.invalid("generate", "generate_each, of every seed", "generate")

    def logits(self, *args, **kwargs):
        raise errors.invalid("logits", "logits_each, by every seed", "logits")

    def get_config(self):
        raise errors.invalid("save", "checkpoints, or each seed's game saved alone", "save")

    def check_data(self, data, steps_per_epoch=None):
        super().check_data(data, steps_per_epoch)
        unit = len(self.seeds) * max(1, self.discriminator_steps) * self.objective.packing
        rows = tf.nest.flatten(data.element_spec)[0].shape[0]
        if rows % unit:
            expected = f"batches that divide by {unit} (seeds x discriminator_steps x packs)"
            raise errors.invalid("x", expected, f"{rows} rows")

    def _check_separable(self):
        if self.schedule is adaptive:
            raise errors.invalid("schedule", "alternating or simultaneous, for all seeds alike", "adaptive")
        penalties = self.objective.penalties
        used = {"loss": [self.objective.loss], "penalties": [PENALTIES[name] for name in penalties]}
        given = {"loss": self.objective.loss, "penalties": penalties}
        for argument, values in used.items():
            if any(value in NOT_SEPARABLE[argument] for value in values):
                expected = "what does not compare examples with others"
                raise errors.invalid(argument, expected, given[argument])

    def _sums(self, terms):
        # The terms are means over all rows, hence over seeds. Because of its epsilon, Adam
        # would take other steps with gradients that are divided by the number of seeds.
        return {name: value * len(self.seeds) for name, value in terms.items()}


def batches(source, batch_size, seeds, start_step=0):
    """Training data for `ManySeeds`: the separate batches of all seeds, concatenated.

    Args:
        source: a `tfgan.data.points.Points`.
        batch_size: int, points in one seed's round.
        seeds: list of ints, of the points.
        start_step: as in `Points.batches`.

    Returns:
        An endless `tf.data.Dataset` of dicts of float32 [seeds * batch_size, dims].
    """

    def batch(step):
        of_seeds = [source.batch(step, batch_size, seed) for seed in seeds]
        return tf.nest.map_structure(lambda *parts: tf.concat(parts, axis=0), *of_seeds)

    return endless(batch, start_step)


class _NoiseOfSeeds:
    """`Random` of several seeds, each of which draws its share of the rows."""

    def __init__(self, pairs):
        self._streams = [pair if isinstance(pair, Random) else Random(pair) for pair in pairs]

    def fold(self, salt):
        return _NoiseOfSeeds([stream.fold(salt) for stream in self._streams])

    def normal(self, shape):
        return self._draw("normal", shape)

    def uniform(self, shape):
        return self._draw("uniform", shape)

    def _draw(self, method, shape):
        shape = tf.unstack(shape) if isinstance(shape, tf.Tensor) else list(shape)
        share = [shape[0] // len(self._streams), *shape[1:]]
        return tf.concat([getattr(stream, method)(share) for stream in self._streams], axis=0)
