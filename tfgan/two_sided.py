"""A Keras model whose networks belong to two sides.

What belongs to whom is said once, in two tuples of names; variables, optimizers,
averaged copies, config and saving all derive from them.
"""

import keras
import tensorflow as tf

from tfgan import checks, errors
from tfgan.losses import Loss

SIDES = ("discriminator", "generator")


class TwoSided(keras.Model):
    """The networks of two sides, an optimizer for each, and the generator side's average.

    Attributes:
        generator_side: names of the networks that the generator's optimizer
            moves; the first makes the images.
        discriminator_side: names of those that the discriminator's moves.
        averages: dict of name to an averaged copy, one per network of the
            generator's side; empty without a half-life.
    """

    generator_side = ("generator",)
    discriminator_side = ("discriminator",)

    def __init__(self, networks, settings, name=None):
        super().__init__(name=name)
        self._settings = settings
        names = self.network_names()
        for given in networks:
            if given not in names:
                raise errors.unknown("GAN argument", given, [*names, *settings])
        for name in names:
            setattr(self, name, checks.network(name, networks.get(name)))
        half_life = checks.positive_or_none("ema_half_life", settings["ema_half_life"])
        self.ema_half_life = half_life
        self.averages = self._copy_generator_side() if half_life else {}
        # Keras takes a model whose own `call` never ran for unbuilt, and an
        # unbuilt model saves nothing.
        self.built = True

    @classmethod
    def network_names(cls):
        """Names of all networks, the generator's side first."""
        return cls.generator_side + cls.discriminator_side

    def side_variables(self, side):
        """The trainable variables of "generator" or "discriminator"."""
        names = getattr(self, f"{side}_side")
        return [v for name in names for v in getattr(self, name).trainable_variables]

    @property
    def optimizers(self):
        """Dict of side to optimizer."""
        return {side: getattr(self, f"{side}_optimizer") for side in SIDES}

    @property
    def image_generator(self):
        """The live network that makes the images."""
        return getattr(self, self.generator_side[0])

    def sampling_network(self, use_ema=True):
        """The network that `generate` calls: the averaged one where there is one."""
        averages = self.averages if use_ema else {}
        return averages.get(self.generator_side[0], self.image_generator)

    def compile(
        self,
        generator_optimizer,
        discriminator_optimizer,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile="auto",
    ):
        """Gives each side its optimizer.

        Args:
            generator_optimizer: `keras.optimizers.Optimizer`.
            discriminator_optimizer: another one.
            run_eagerly, steps_per_execution, jit_compile: as in
                `keras.Model.compile`.

        Raises:
            ValueError: both are the same object.
        """
        super().compile(
            optimizer=None,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
        )
        self.generator_optimizer = keras.optimizers.get(generator_optimizer)
        self.discriminator_optimizer = keras.optimizers.get(discriminator_optimizer)
        if self.generator_optimizer is self.discriminator_optimizer:
            raise errors.invalid(
                "discriminator_optimizer",
                "an optimizer of its own, since it holds one side's moments",
                "the generator's",
            )
        # Before any training: a checkpoint restores only slots that exist.
        for side, optimizer in self.optimizers.items():
            optimizer.build(self.side_variables(side))
        self.check_compiled()

    def check_compiled(self):
        """Raises ValueError where the optimizers do not fit what a game does with them."""

    def average_generator_side(self, images):
        """Moves the averaged copies towards the generator's side.

        Weights are averaged; the rest (batch statistics) is copied.

        Args:
            images: int64 scalar, the real images of this round.
        """
        if not self.averages:
            return
        shown = tf.cast(self.images_shown.value, tf.float32)
        half_life = tf.minimum(float(self.ema_half_life), shown / 20.0)
        decay = tf.pow(0.5, tf.cast(images, tf.float32) / half_life)
        for name, average in self.averages.items():
            source = getattr(self, name)
            weights = {id(variable) for variable in source.trainable_variables}
            for old, new in zip(average.variables, source.variables):
                if id(new) in weights:
                    old.assign_sub((1.0 - decay) * (old.value - new.value))
                else:
                    old.assign(new.value)

    def get_config(self):
        if isinstance(self._settings["loss"], Loss):
            raise errors.invalid(
                "loss", "a name in tfgan.losses.LOSSES, to save the game by", "a Loss of your own"
            )
        networks = {
            name: keras.saving.serialize_keras_object(getattr(self, name))
            for name in self.network_names()
        }
        settings = keras.saving.serialize_keras_object(self._settings)
        return {"name": self.name, **settings, **networks}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects)
            for name in cls.network_names()
        }
        settings = {name: value for name, value in config.items() if name not in networks}
        settings = keras.saving.deserialize_keras_object(settings, custom_objects)
        return cls(**settings, **networks)

    def get_compile_config(self):
        if not self.compiled:
            return None
        return {
            **{
                f"{side}_optimizer": keras.saving.serialize_keras_object(optimizer)
                for side, optimizer in self.optimizers.items()
            },
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": self.jit_compile,
        }

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    def _copy_generator_side(self):
        copies = {}
        for name in self.generator_side:
            network = getattr(self, name)
            copies[name] = keras.saving.deserialize_keras_object(
                keras.saving.serialize_keras_object(network)
            )
            copies[name].set_weights(network.get_weights())
            copies[name].trainable = False
        return copies
