"""Virtual steps: the weights after an optimizer's step, computed without changing a variable.

A virtual step is a differentiable function of the gradients.
"""

import contextlib

import keras
import tensorflow as tf

from tfgan import errors
from tfgan.training import optimizers

# Adam divides by sqrt(v), whose derivative is infinite where v is 0: a weight that never had a
# gradient.
LEAST_SQUARE = 1e-30

# Options of optimizers that virtual steps do not reproduce.
NOT_REPEATED = (
    "amsgrad",
    "nesterov",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "gradient_accumulation_steps",
    "loss_scale_factor",
    "use_ema",
)


@contextlib.contextmanager
def weights(game, values):
    """A scope in which sides' trainable variables have other values.

    Assignments in the scope, such as those of batch statistics, are discarded.

    Args:
        game: a `tfgan.GAN`.
        values: dict of side to a list of tensors, parallel to its `side_variables`.
    """
    mapping = [
        pair for side, given in values.items() for pair in zip(game.side_variables(side), given)
    ]
    with keras.StatelessScope(state_mapping=mapping):
        yield


def start(optimizer, variables):
    """The state that virtual steps of an optimizer start from: its present slots and step."""
    return _kind(optimizer).start(optimizer, variables)


def move(optimizer, values, gradients, state):
    """Computes one virtual step of an optimizer.

    Args:
        optimizer: a Keras optimizer that `check` accepts.
        values: list of tensors, the weights.
        gradients: parallel to `values`.
        state: what `start` or the step before returned.

    Returns:
        (the weights after it, the state after it).
    """
    return _kind(optimizer).move(optimizer, values, gradients, state)


def check(argument, name, optimizer, variables):
    """Raises InputError if virtual steps of an optimizer are not supported.

    Args:
        argument: name of the argument, for the error.
        name: of the rule that makes virtual steps, for the error.
        optimizer: a Keras optimizer.
        variables: list of the variables that it updates.
    """
    used = [option for option in NOT_REPEATED if getattr(optimizer, option, None)]
    used += ["constraints"] * any(v.constraint is not None for v in variables)
    if _kind(optimizer) is None or used:
        got = f"{type(optimizer).__name__}{' with ' + ', '.join(used) if used else ''}"
        raise errors.invalid(
            argument,
            "plain SGD or Adam on both sides, the only optimizers whose steps can be computed "
            f"without applying them, as {name!r} does",
            got,
        )


class _SGD:
    """`keras.optimizers.SGD`, with momentum or without."""

    def start(optimizer, variables):
        if not optimizer.momentum:
            return [None for _ in variables]
        return [_slot(optimizer, optimizer.momentums, variable) for variable in variables]

    def move(optimizer, values, gradients, state):
        moved, velocities = [], []
        for value, gradient, velocity in zip(values, gradients, state):
            step = -_rate(optimizer, value) * gradient
            if velocity is not None:
                step += tf.cast(_momentum(optimizer), value.dtype) * velocity
            moved.append(value + step)
            velocities.append(None if velocity is None else step)
        return moved, velocities


class _Adam:
    """`keras.optimizers.Adam`."""

    def start(optimizer, variables):
        moments = [
            (
                _slot(optimizer, optimizer._momentums, variable),
                _slot(optimizer, optimizer._velocities, variable),
            )
            for variable in variables
        ]
        return optimizer.iterations.value + 1, moments

    def move(optimizer, values, gradients, state):
        step, moments = state
        moved, after = [], []
        for value, gradient, (m, v) in zip(values, gradients, moments):
            beta_1, beta_2 = (tf.cast(b, value.dtype) for b in (optimizer.beta_1, optimizer.beta_2))
            powers = [tf.pow(beta, tf.cast(step, value.dtype)) for beta in (beta_1, beta_2)]
            m = beta_1 * m + (1 - beta_1) * gradient
            v = beta_2 * v + (1 - beta_2) * tf.square(gradient)
            rate = _rate(optimizer, value) * tf.sqrt(1 - powers[1]) / (1 - powers[0])
            root = tf.sqrt(tf.maximum(v, tf.cast(LEAST_SQUARE, v.dtype)))
            moved.append(value - rate * m / (root + optimizer.epsilon))
            after.append((m, v))
        return moved, (step + 1, after)


def _kind(optimizer):
    # Exactly these types: a subclass may compute its steps differently.
    kinds = {
        keras.optimizers.SGD: _SGD,
        optimizers.SGD: _SGD,
        keras.optimizers.Adam: _Adam,
        optimizers.Adam: _Adam,
    }
    return kinds.get(type(optimizer))


def _slot(optimizer, slots, variable):
    return tf.convert_to_tensor(slots[optimizer._get_variable_index(variable)])


def _rate(optimizer, value):
    return tf.cast(optimizer.learning_rate, value.dtype)


def _momentum(optimizer):
    momentum = optimizer.momentum
    return momentum(optimizer.iterations.value) if callable(momentum) else momentum
