"""Forward passes and gradient tapes that the updates of a round share.

Within `with shared():` a pass on the same tensors as before is not computed again: its
result is reused. Every side's tape has recorded it, so that the gradients of each side
can be taken through it. Outside, nothing is reused.
"""

import contextlib
import contextvars

import tensorflow as tf


class _Shared:
    """The tapes and the results of passes of one round so far."""

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
    """`compute()`, or its earlier result for the same name and arguments.

    Args:
        name: str, name of the pass.
        arguments: list of the objects that it depends on, compared by identity.
        compute: function without arguments.
    """
    current = _round.get()
    if current is None:
        return compute()
    key = (name, *map(id, arguments))
    if key not in current.results:
        # The arguments are kept too, so that no other object gets their ids.
        current.results[key] = (arguments, compute())
    return current.results[key][1]


@contextlib.contextmanager
def apart():
    """A scope whose passes are not reused after it, such as the branch of a `tf.cond`."""
    current = _round.get()
    before = None if current is None else dict(current.results)
    yield
    if current is not None:
        current.results = before


def forget(names):
    """Drops the results of these networks' passes, because their weights have changed."""
    current = _round.get()
    if current is not None:
        kept = {key: value for key, value in current.results.items() if key[0] not in names}
        current.results = kept


@contextlib.contextmanager
def tape(side, variables_of):
    """A gradient tape for one side; where passes are shared, the tapes of all sides record.

    Args:
        side: side whose tape is returned, a key of `variables_of`.
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
