"""Forward passes and tapes that the updates of a round share.

Within `with shared():` a pass that is asked for again, on the same tensors, is
not computed again; every side's tape has recorded it, so that each side can be
differentiated through it. Outside, each update computes its own.
"""

import contextlib
import contextvars

import tensorflow as tf


class _Shared:
    """What one round has computed so far."""

    def __init__(self):
        self.tapes = {}
        self.results = {}  # (name, ids of the arguments): (arguments, result)


# A context variable, because each replica of a `tf.distribute` strategy plays
# its round in a thread of its own.
_round = contextvars.ContextVar("round", default=None)


@contextlib.contextmanager
def shared():
    """A scope in which the updates of a round share their forward passes."""
    token = _round.set(_Shared())
    try:
        yield
    finally:
        _round.reset(token)


def once(name, arguments, compute):
    """`compute()`, or what it returned for the same name and arguments before.

    Args:
        name: str, of the pass.
        arguments: list of the objects that it depends on, compared by identity.
        compute: function of nothing.
    """
    current = _round.get()
    if current is None:
        return compute()
    key = (name, *map(id, arguments))
    if key not in current.results:
        # The arguments are kept too, so that their ids stay theirs.
        current.results[key] = (arguments, compute())
    return current.results[key][1]


@contextlib.contextmanager
def apart():
    """A scope whose passes are not shared with what comes after it, such as a conditional's."""
    current = _round.get()
    before = None if current is None else dict(current.results)
    yield
    if current is not None:
        current.results = before


def forget(names):
    """Drops the passes of these networks, whose weights have moved."""
    current = _round.get()
    if current is not None:
        kept = {key: value for key, value in current.results.items() if key[0] not in names}
        current.results = kept


@contextlib.contextmanager
def tape(side, variables_of):
    """Records for one side; where passes are shared, for all sides at once.

    Args:
        side: whose tape to return, a key of `variables_of`.
        variables_of: dict of side to the tensors or variables that it watches.

    Returns:
        A context manager that yields a `tf.GradientTape`.
    """
    current = _round.get()
    if current is None:
        current, sides = _Shared(), [side]
    else:
        sides = list(variables_of)
    with contextlib.ExitStack() as stack:
        for name in sides:
            if name not in current.tapes:
                current.tapes[name] = tf.GradientTape(watch_accessed_variables=False)
                stack.enter_context(current.tapes[name]).watch(variables_of[name])
            else:
                stack.enter_context(current.tapes[name])
        yield current.tapes[side]
