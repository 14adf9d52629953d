"""NaN and infinity among a game's logs and variables."""

import math

import tensorflow as tf

REMEDY = "Where the data hold no such value, a lower learning rate or a penalty on the discriminator helps"


def check_game(game, logs, when):
    """Raises FloatingPointError where a log, or a weight of a network or an average, is not finite.

    Args:
        game: a `tfgan.GAN`.
        logs, when: as in `check_logs`.
    """
    check_logs(logs, when)
    networks = {name: each.variables for name, each in game.networks().items()}
    averages = {f"average of {name}": each.variables for name, each in game.averages.items()}
    check_variables(networks | averages, when)


def check_logs(logs, when):
    """Raises FloatingPointError, with the name of the first log that is no finite number.

    Args:
        logs: dict of name to number.
        when: str, such as "in tick 3".
    """
    for name, value in (logs or {}).items():
        if not math.isfinite(value):
            raise FloatingPointError(f"{name}: expected a finite value; got {float(value)} {when}. {REMEDY}.")


def check_variables(variables, when):
    """Raises FloatingPointError, with the path of the first variable that is not finite.

    A ruined weight need not show in a loss: an average is in none.

    Args:
        variables: dict of what owns them to a list of Keras or TensorFlow variables.
        when: as in `check_logs`.
    """
    for owner, owned in variables.items():
        for variable in owned:
            value = tf.convert_to_tensor(variable)
            # A sum is not finite where a part is not, and is many times as fast as a test of each.
            if value.dtype.is_floating and not math.isfinite(tf.reduce_sum(value)):
                if not tf.reduce_all(tf.math.is_finite(value)):
                    path = getattr(variable, "path", variable.name)
                    text = f"expected finite variables; got NaN or infinity in {path!r} {when}"
                    raise FloatingPointError(f"{owner}: {text}. {REMEDY}.")
