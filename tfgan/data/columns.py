"""Columns of labels by name, each read at its first use."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np


class Columns(Mapping):
    """Mapping of a column's name to (class numbers int [n], names of the classes).

    A column is read at its first use, so that errors in other columns do not matter.

    Args:
        readers: dict of name to such a pair, or to a function without arguments that
            returns the pair; or a function without arguments that returns the dict.
        rows: int [m], the examples to keep, or None for all.
    """

    def __init__(self, readers, rows=None):
        self._given, self._rows, self._read = readers, rows, {}

    @cached_property
    def _readers(self):
        return self._given() if callable(self._given) else self._given

    def __getitem__(self, name):
        if name not in self._read:
            reader = self._readers[name]
            self._read[name] = reader() if callable(reader) else reader
        codes, names = self._read[name]
        codes = np.asarray(codes)
        return codes if self._rows is None else codes[self._rows], tuple(names)

    def __contains__(self, name):
        return name in self._readers

    def __iter__(self):
        return iter(self._readers)

    def __len__(self):
        return len(self._readers)

    def select(self, rows):
        """The same columns of the examples at `rows`, int [m]."""
        return Columns(self._given, rows if self._rows is None else self._rows[rows])
