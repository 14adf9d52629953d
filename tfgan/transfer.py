"""Copying of weights between networks, by the paths of variables."""

from typing import NamedTuple

from tfgan import errors


class Taken(NamedTuple):
    """What `take_weights` did, by the paths of variables.

    Attributes:
        taken: those that were copied.
        new: those that only the target has, which keep their values.
        left: those that only the source has.
    """

    taken: list
    new: list
    left: list


def take_weights(target, source, partial=False):
    """Copies the variables of one network into another, matched by their paths.

    Layers need names of their own: Keras numbers unnamed ones over the whole process.

    Args:
        target, source: built Keras models.
        partial: whether variables may be new in `target` or left over in `source`.

    Returns:
        `Taken`.

    Raises:
        ValueError: a shape differs, or variables are new or left over and `partial` is
            False.
    """
    here, there = ({v.path: v for v in network.weights} for network in (target, source))
    taken = [path for path in here if path in there]
    found = Taken(taken, [p for p in here if p not in there], [p for p in there if p not in here])
    if not partial and (found.new or found.left):
        raise errors.invalid(
            "start_from",
            f"all variables of {source.name!r} in {target.name!r} and no others (partial=True, or "
            "':partial' in a flag, takes what there is)",
            f"new: {', '.join(found.new) or 'none'}; left over: {', '.join(found.left) or 'none'}",
        )
    for path in taken:
        if here[path].shape != there[path].shape:
            expected = f"shape {tuple(there[path].shape)} for {path} of {target.name!r}"
            raise errors.invalid("start_from", expected, tuple(here[path].shape))
    for path in taken:
        here[path].assign(there[path])
    return found
