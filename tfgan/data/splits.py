"""Split expressions in TFDS's syntax: `train[:80%]`, `train+test[:1000]`."""

import re
from types import SimpleNamespace

from tfgan import errors
from tfgan.data.order import permutation


def resolve(split, sizes):
    """The slices of splits that a split expression stands for.

    Args:
        split: str, such as `train`, `train[80%:]` or `train+test[:1000]`.
        sizes: dict from the name of each split to its number of records.

    Returns:
        List of (name, start, stop) with start < stop, to be read in turn.

    Raises:
        ValueError: an unknown split, another syntax, a slice outside the split,
            or a slice that holds nothing.
    """
    for name in names(split):
        if name not in sizes:
            raise errors.unknown("split", name, sizes)
    slices = [(split, 0, sizes[split])] if split in sizes else _absolute(split, sizes)
    slices = [piece for piece in slices if piece[1] < piece[2]]
    if not slices:
        raise errors.invalid("split", "at least one example", split)
    return slices


def take(split, groups, shuffled=None):
    """The members of a dict of lists that a split expression names.

    Args:
        split: str.
        groups: dict of split to a sequence of its members.
        shuffled: int >= 0, the seed by which each list is shuffled before it is sliced, or
            None.
    """
    if shuffled is not None:
        groups = {
            name: [members[place] for place in permutation(len(members), shuffled)]
            for name, members in groups.items()
        }
    sizes = {name: len(members) for name, members in groups.items()}
    slices = resolve(split, sizes)
    return [member for name, start, stop in slices for member in groups[name][start:stop]]


def _absolute(split, sizes):
    import tensorflow_datasets as tfds

    infos = {name: SimpleNamespace(num_examples=size) for name, size in sizes.items()}
    named = ", ".join(f"{name} of {sizes[name]}" for name in dict.fromkeys(names(split)))
    expected = f"an expression such as train[:1000], train[80%:] or train+test, within {named}"
    # `[0shard]` is TFDS's too, but only its own files have shards.
    if re.search(r"\dshard\b", split):
        raise errors.invalid("split", expected, split)
    try:
        slices = tfds.core.ReadInstruction.from_spec(split).to_absolute(infos)
    except ValueError as error:
        raise errors.invalid("split", expected, split) from error
    return [_bounds(part, sizes[part.splitname]) for part in slices]


def _bounds(part, size):
    return part.splitname, part.from_ or 0, size if part.to is None else part.to


def names(split):
    """The names of the splits in an expression: train and test in `train[:9]+test`."""
    return [part.partition("[")[0].strip() for part in split.split("+")]
