"""Copying of weights between networks, matched by the paths of variables."""

from typing import NamedTuple

from tfgan import errors


class Taken(NamedTuple):
    """The result of `take_weights`: lists of paths of variables.

    Attributes:
        taken: paths of variables that were copied.
        new: paths that only the target has, whose variables keep their values.
        left: paths that only the source has.
    """

    taken: list
    new: list
    left: list


def take_weights(target, source, partial=False):
    """Copies the variables of one network into another, matched by their paths.

    Layers must have been named, because Keras numbers unnamed layers over the whole
    process: the same unnamed layer has another path in the next network.

    Args:
        target, source: built Keras models.
        partial: whether either network may have variables that the other lacks.

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
            "':partial' in a flag, copies those that both have)",
            f"new: {', '.join(found.new) or 'none'}; left over: {', '.join(found.left) or 'none'}",
        )
    for path in taken:
        if here[path].shape != there[path].shape:
            expected = f"shape {tuple(there[path].shape)} for {path} of {target.name!r}"
            raise errors.invalid("start_from", expected, tuple(here[path].shape))
    for path in taken:
        here[path].assign(there[path])
    return found
