"""Zipping: several unpaired sources as one, each shuffled in an order of its own."""

from typing import NamedTuple

import numpy as np

from tfgan import errors
from tfgan.data.source import Source


def zipped(**sources):
    """Joins unpaired sources, such as two domains, or labelled and unlabelled images, into one.

    Args:
        **sources: `Source` by keyword. A source of one part gives a part called by the
            keyword; a source of several gives `<keyword>_<part>` for each.

    Returns:
        `Source`, whose batches have equally many rows of each. Each source is shuffled by
        itself, whatever their lengths; the first comes in the same order as it does alone
        with the same seed.

    Raises:
        ValueError: no source, something else, or two parts of one name.
    """
    if not sources:
        raise errors.invalid("zipped", "at least one source by keyword", sources)
    for name, source in sources.items():
        if not isinstance(source, Source):
            raise errors.invalid(name, "a source", type(source).__name__)
    return Zipped(sources)


class Zipped(Source):
    """Several unpaired sources as one; made by `zipped`."""

    def __init__(self, sources):
        self.spec, self._members = {}, []
        for keyword, source in sources.items():
            names = _names(keyword, source.spec)
            for name in set(names.values()) & set(self.spec):
                raise errors.invalid(keyword, "parts of other names than those before", name)
            # The number of parts before it differs for all sources, even in a zip of zips.
            self._members.append(_Member(source, names, len(self.spec)))
            self.spec |= {names[part]: source.spec[part] for part in source.spec}
        self.skipped = sum(source.skipped for source in sources.values())
        self.functions = max(source.functions for source in sources.values())

    def batch(self, step, size, seed):
        parts = {}
        for source, names, place in self._members:
            batch = source.batch(step, size, seed_of(seed, place))
            parts |= {names[part]: tensor for part, tensor in batch.items()}
        return parts

    def of(self, name):
        self._known([name])
        return next(member.source for member in self._members if member.own([name]))

    def aligned(self, *names):
        members = [member for member in self._members if member.own(self._known(names))]
        return len(members) == 1 and members[0].source.aligned(*members[0].own(self._known(names)))

    def _table(self, names):
        (member,) = (member for member in self._members if member.own(names))
        arrays = member.source.table(*member.own(names))
        return {member.names[part]: array for part, array in arrays.items()}


class _Member(NamedTuple):
    source: Source
    names: dict  # its own names of its parts, to their names here
    place: int

    def own(self, names):
        """Its own names of those parts among `names` that are its."""
        here = {name: part for part, name in self.names.items()}
        return [here[name] for name in names if name in here]


def _names(keyword, spec):
    return {part: keyword if len(spec) == 1 else f"{keyword}_{part}" for part in spec}


def seed_of(seed, place):
    """The seed of the source at `place`, int: the seed itself at 0, unrelated ones after."""
    if place == 0:
        return seed
    words = np.random.SeedSequence((seed % 2**64, place)).generate_state(1, np.uint64)
    return int(words[0] >> np.uint64(1))
