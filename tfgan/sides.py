"""A Keras model of two sides: networks by name, an optimizer for each side, averages, config.

Tuples of names say which side owns which network; variables, optimizers, averaged copies,
config and saving derive from them.
"""

import inspect
from pathlib import Path

import keras
import tensorflow as tf

from tfgan import checks, errors, files, shapes
from tfgan.averages import FromZero, averaged_copy, decay, move_average
from tfgan.losses import Loss
from tfgan.training.executions import Executions
from tfgan.training.optimizers import follows_schedule

SIDES = ("discriminator", "generator")
# Arguments of Keras's `compile` that a game takes elsewhere.
ELSEWHERE = {
    "optimizer": "generator_optimizer and discriminator_optimizer, one for each side",
    "loss": "none here: the loss is an argument of the game's constructor",
    "loss_weights": "none here: penalties and weights are arguments of the game's constructor",
    "metrics": "none here: losses are logged, and tfgan.callbacks.Evaluate adds scores",
    "weighted_metrics": "none here: tfgan.callbacks.Evaluate adds scores",
    "auto_scale_loss": "none here: losses are scaled where networks compute in float16",
}


class SideOptimizers:
    """The optimizers of sides, as Keras's callbacks know several: `model.optimizer.optimizers`.

    Args:
        of_sides: dict of side to optimizer.
    """

    built = True

    def __init__(self, of_sides):
        named = [_SideOptimizer(side, optimizer) for side, optimizer in of_sides.items()]
        object.__setattr__(self, "optimizers", named)
        object.__setattr__(self, "variables", [v for one in of_sides.values() for v in one.variables])

    def __getattr__(self, name):
        raise AttributeError(
            f"{name}: a game has two optimizers, generator_optimizer and discriminator_optimizer"
        )

    def __setattr__(self, name, value):
        expected = "to be set on generator_optimizer or discriminator_optimizer: a game has two optimizers"
        raise errors.invalid(name, expected, value)


class _SideOptimizer:
    """The learning rate of one side's optimizer, under the side's name."""

    def __init__(self, name, optimizer):
        self.name, self._optimizer = name, optimizer

    @property
    def learning_rate(self):
        return self._optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        self._optimizer.learning_rate = value

    @property
    def follows_schedule(self):
        """Whether the rate follows a schedule, and cannot be set."""
        return follows_schedule(self._optimizer)


class TwoSided(keras.Model):
    """The networks of two sides and frozen ones, an optimizer for each side, and averages.

    Args:
        networks: dict of name to built Keras model.
        frozen: names of those that no side moves, besides the class's own.
        ema_half_life: half-life, in real images shown, of the moving averages of the
            generator side's networks; None: none of them has one.
        averages: dict of further names to such a half-life, or to `tfgan.averages.FromZero`; or to None
            for a network of the generator's side that has no average.
        name: of the model.

    Attributes:
        generator_side, discriminator_side: names of the networks that each side's
            optimizer moves, unless they are frozen. Either may be empty.
        frozen_networks: names of those that no side ever moves.
        without: names of settings of the classes before it that a class does not have.
        sides: dict of side to the names of the networks that it moves.
        frozen: names of the networks that no side moves: saved and exported with the
            others, and called in inference mode.
        averages: dict of name to the averaged copy of a network.
        remembered: dict of name to variable, see `remember`.
    """

    generator_side = ("generator",)
    discriminator_side = ("discriminator",)
    frozen_networks = ()
    without = ()

    def __new__(cls, *args, **kwargs):
        for name in cls.without:
            if name in kwargs:
                expected = f"none for {cls.__name__}, which has no such setting"
                raise errors.invalid(name, expected, kwargs[name])
        game = super().__new__(cls, *args, **kwargs)
        # Before Keras's own attributes exist; `get_config` gives back what was given.
        object.__setattr__(game, "_arguments", kwargs)
        return game

    def __init__(self, networks, frozen=(), ema_half_life=None, averages=None, name=None):
        super().__init__(name=name)
        named = self.name_sides(tuple(networks))
        self._network_names = tuple(name for names in named.values() for name in names)
        frozen = _names("frozen", frozen, self._network_names)
        for given in networks:
            if given not in self._network_names:
                known = [*self._network_names, *arguments_of(type(self))]
                raise errors.unknown(f"{type(self).__name__} argument", given, known)
        for each in self._network_names:
            setattr(self, each, checks.network(each, networks.get(each)))
        self.sides = {side: tuple(n for n in named[side] if n not in frozen) for side in SIDES}
        self.frozen = tuple(n for n in self._network_names if n in (*named["frozen"], *frozen))
        for each in self.frozen:
            getattr(self, each).trainable = False
        self._half_lives = self._laws(checks.positive_or_none("ema_half_life", ema_half_life), averages)
        self.averages = {each: self._averaged(each, law) for each, law in self._half_lives.items()}
        self.remembered = {}
        # Keras takes a model whose own `call` never ran for unbuilt, and an
        # unbuilt model saves nothing.
        self.built = True

    def name_sides(self, given):
        """Which networks belong to whom; override it where that depends on an argument.

        Args:
            given: names of the networks that the constructor was given.

        Returns:
            Dict of "generator", "discriminator" and "frozen" to tuples of names.
        """
        return {
            "generator": self.generator_side,
            "discriminator": self.discriminator_side,
            "frozen": self.frozen_networks,
        }

    def networks(self):
        """Dict of name to network: the generator's side, the discriminator's, frozen ones."""
        return {name: getattr(self, name) for name in self._network_names}

    def side_variables(self, side):
        """The trainable variables of "generator" or "discriminator"."""
        return [v for name in self.sides[side] for v in getattr(self, name).trainable_variables]

    def remember(self, name, initial, aggregation=None):
        """Adds a variable that hooks update and checkpoints save: an image pool, a balance.

        Hooks read `remembered[name].value`, and return its next value beside their terms.

        Args:
            name: key in `remembered`.
            initial: its first value, array-like.
            aggregation: of several replicas' values, as in `keras.Variable`; None: the mean
                of floats, of others the first replica's.
        """
        floats = tf.convert_to_tensor(initial).dtype.is_floating
        aggregation = aggregation or ("mean" if floats else "only_first_replica")
        self.remembered[name] = self.add_state(f"memory_{name}", initial, aggregation)

    def add_state(self, name, initial, aggregation="only_first_replica"):
        """A variable that no optimizer moves, with this first value."""
        initial = tf.convert_to_tensor(initial)
        return self.add_weight(
            shape=initial.shape,
            initializer=lambda shape, dtype: tf.cast(initial, dtype),
            dtype=initial.dtype.name,
            trainable=False,
            aggregation=aggregation,
            name=name,
        )

    @property
    def optimizers(self):
        """Dict of side to optimizer, of the sides that have networks to move."""
        return {side: getattr(self, f"{side}_optimizer") for side in SIDES if self.sides[side]}

    @property
    def optimizer(self):
        """Both optimizers, for Keras's callbacks; None before `compile`."""
        return SideOptimizers(self.optimizers) if self.compiled else None

    @optimizer.setter
    def optimizer(self, value):
        """Keras's `compile` sets its one optimizer, which a game lacks."""

    def sampling_network(self, name="generator", use_ema=True):
        """A network as samplers use it: its average, where it has one."""
        averages = self.averages if use_ema else {}
        return averages[name] if name in averages else getattr(self, name)

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        steps_per_execution="auto",
        run_eagerly=False,
        jit_compile="auto",
        **others,
    ):
        """Configures training: one optimizer per side.

        Args:
            generator_optimizer: `keras.optimizers.Optimizer`, or the name of one; None for a side
                without networks. Where networks compute in float16, it is wrapped in a
                `keras.optimizers.LossScaleOptimizer`, as Keras does.
            discriminator_optimizer: another one.
            steps_per_execution: rounds per call of the compiled step, which are
                those between two calls of `on_train_batch_end`. "auto": 1, or up
                to 32 where a round is small beside the call.
            run_eagerly, jit_compile: as in `keras.Model.compile`.

        Raises:
            ValueError: one object for both sides, none for a side that moves, one for a
                side that does not, or an argument out of range.
        """
        for name, value in others.items():
            raise errors.invalid(name, ELSEWHERE.get(name, "none of this name"), value)
        self.executions = Executions(steps_per_execution)
        super().compile(
            optimizer=None,
            run_eagerly=run_eagerly,
            steps_per_execution=self.executions.fixed,
            jit_compile=jit_compile,
        )
        given = {"generator": generator_optimizer, "discriminator": discriminator_optimizer}
        for side in SIDES:
            setattr(self, f"{side}_optimizer", self._checked_optimizer(side, given[side]))
        if len(self.optimizers) == 2 and self.generator_optimizer is self.discriminator_optimizer:
            raise errors.invalid(
                "discriminator_optimizer",
                "an optimizer of its own, since it holds one side's moments",
                "the generator's",
            )
        self.check_trainable()
        # Before any training: a checkpoint restores only slots that exist.
        for side, optimizer in self.optimizers.items():
            optimizer.build(self.side_variables(side))
        self.check_compiled()

    def check_trainable(self):
        """Raises ValueError where a side's networks have no weights to train, or are not of its strategy."""
        for side, names in self.sides.items():
            variables = self.side_variables(side)
            if names and not variables:
                expected = f"trainable weights (frozen={names} leaves networks out)"
                raise errors.invalid(", ".join(names), expected, "none: trainable is False")
            strategy = tf.distribute.get_strategy()
            if tf.distribute.has_strategy() and not all(
                strategy.extended.variable_created_in_scope(v.value) for v in variables
            ):
                expected = "networks made within strategy.scope(), like the game"
                raise errors.invalid(", ".join(names), expected, "networks made outside")

    def get_weights(self):
        """Values of the networks and their averages, in order; not of counters and optimizers."""
        return [weight.numpy() for network in self._with_weights() for weight in network.weights]

    def set_weights(self, weights):
        """Sets what `get_weights` returned."""
        variables = [weight for network in self._with_weights() for weight in network.weights]
        if len(variables) != len(weights):
            raise errors.invalid("weights", f"{len(variables)} arrays, as get_weights returns", len(weights))
        for variable, value in zip(variables, weights):
            variable.assign(value)

    def _with_weights(self):
        return [*self.networks().values(), *self.averages.values()]

    def average(self, images, images_shown):
        """Moves the averaged copies towards their networks.

        Weights are averaged; the rest (batch statistics) is copied.

        Args:
            images: int64 scalar, the real images of this round.
            images_shown: int64 scalar, those of all rounds with this one.
        """
        for name, law in self._half_lives.items():
            stays = decay(law, images, images_shown)
            move_average(self.averages[name], getattr(self, name), stays)

    def save(self, filepath, overwrite=True, **kwargs):
        """`keras.Model.save`, which writes the file atomically."""
        path = Path(filepath).expanduser()
        if path.suffix != ".keras":
            raise errors.invalid("filepath", "a .keras file (export writes a SavedModel)", str(filepath))
        if path.exists() and not overwrite:
            raise errors.invalid("filepath", "a new file, without overwrite", str(filepath))
        self.get_config()
        with files.replacing(path) as beside:
            super().save(beside, **kwargs)

    def get_config(self):
        settings = {n: v for n, v in self._arguments.items() if n not in self._network_names}
        if isinstance(settings.get("loss"), Loss):
            raise errors.invalid(
                "loss", "a name in tfgan.losses.LOSSES, to save the game by", "a Loss of your own"
            )
        networks = {name: _serialized(name, each) for name, each in self.networks().items()}
        settings = keras.saving.serialize_keras_object({**settings, "name": self.name})
        return {**settings, "networks": networks}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            name: keras.saving.deserialize_keras_object(network, custom_objects)
            for name, network in config["networks"].items()
        }
        settings = {name: value for name, value in config.items() if name != "networks"}
        return cls(**keras.saving.deserialize_keras_object(settings, custom_objects), **networks)

    def get_compile_config(self):
        if not self.compiled:
            return None
        return {
            **{
                f"{side}_optimizer": keras.saving.serialize_keras_object(optimizer)
                for side, optimizer in self.optimizers.items()
            },
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.executions.asked,
            "jit_compile": self.jit_compile,
        }

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    def _checked_optimizer(self, side, optimizer):
        if optimizer is None and self.sides[side]:
            raise errors.invalid(f"{side}_optimizer", f"one for {', '.join(self.sides[side])}", None)
        if optimizer is not None and not self.sides[side]:
            expected = f"None, since the {side}'s side has no networks to move"
            raise errors.invalid(f"{side}_optimizer", expected, type(optimizer).__name__)
        if optimizer is None:
            return None
        try:
            optimizer = keras.optimizers.get(optimizer)
        except (ValueError, TypeError) as error:
            expected = "a keras.optimizers.Optimizer or the name of one"
            raise errors.invalid(f"{side}_optimizer", expected, optimizer) from error
        # A generator's gradients pass through the discriminator's layers too.
        half = any(_computes_in_float16(network) for network in self.networks().values())
        scales = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        return keras.optimizers.LossScaleOptimizer(optimizer) if half and not scales else optimizer

    def _averaged(self, name, law):
        """The averaged copy of a network."""
        try:
            return averaged_copy(getattr(self, name), law)
        except errors.InputError as error:
            expected = f"None where a network cannot be copied, as an average of {name} needs ({error})"
            raise errors.invalid("ema_half_life", expected, law) from error

    def _laws(self, half_life, averages):
        """Dict of network to the law of its average."""
        laws = dict.fromkeys(self.sides["generator"], half_life)
        movable = [name for names in self.sides.values() for name in names]
        for name, law in (averages or {}).items():
            errors.lookup("averages", name, dict.fromkeys(movable))
            own = isinstance(law, FromZero)
            laws[name] = law if own else checks.positive_or_none(f"averages[{name!r}]", law)
        return {name: law for name, law in laws.items() if law is not None}


def arguments_of(kind):
    """The settings that a game's constructor takes, by name.

    Args:
        kind: subclass of `TwoSided`.

    Returns:
        Dict of name to `inspect.Parameter`: those of its own `__init__` and, as long as
        that passes `**` arguments on, of the classes before it, but for those that it is `without`.
    """
    found = {}
    for each in kind.__mro__:
        if each is TwoSided:
            break
        if "__init__" not in vars(each):
            continue
        parameters = list(inspect.signature(each.__init__).parameters.values())[1:]
        for parameter in parameters:
            if parameter.kind is not parameter.VAR_KEYWORD and parameter.name not in kind.without:
                found.setdefault(parameter.name, parameter)
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            break
    return found


def _serialized(name, network):
    try:
        return keras.saving.serialize_keras_object(network)
    except NotImplementedError as error:
        expected = "a network with get_config, to save it in a .keras file (checkpoints need none)"
        raise errors.invalid(name, expected, type(network).__name__) from error


def _computes_in_float16(network):
    leaves = [
        x for x in shapes.layers_of(network) if x.trainable_variables and not isinstance(x, keras.Model)
    ]
    return any(layer.compute_dtype == "float16" for layer in leaves)


def _names(argument, given, known):
    names = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        errors.lookup(argument, name, dict.fromkeys(known))
    return names
