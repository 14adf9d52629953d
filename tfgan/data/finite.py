"""Finite sources: data sets of n examples, which can be shuffled, split, filtered or read whole."""

import numpy as np
import tensorflow as tf

from tfgan import checks, errors
from tfgan.data.columns import Columns
from tfgan.data.order import batch_indices, permutation
from tfgan.data.pixels import to_uint8
from tfgan.data.selection import matching
from tfgan.data.source import Derived, Source, noise
from tfgan.data.storage import MEMORY_LIMIT, allocate

_CHUNK = 256


class Finite(Source):
    """A source of n examples in a stored order; every pass over them is a new permutation.

    A subclass has `spec`, `__len__`, `take`, `_table` and `_select`.

    Attributes:
        columns: mapping of name to (class numbers int [n], names of the classes): all
            labels of the data set, whether or not they are a part.
        files: tuple of str, paths relative to a folder, or ().
    """

    columns = Columns({})
    files = ()
    # Otherwise Python would iterate by `__getitem__`.
    __iter__ = None

    def __len__(self):
        raise NotImplementedError

    def take(self, rows):
        """The examples at these places of the stored order.

        Args:
            rows: int [m], array or tensor.

        Returns:
            Dict of name to tensor [m, ...], as in a batch, without augmentation.
        """
        raise NotImplementedError

    def batch(self, step, size, seed):
        return self.take(batch_indices(step, size, len(self), seed))

    def __getitem__(self, rows):
        """A source of the examples in a slice, or at an array of places."""
        if not isinstance(rows, slice) and np.ndim(rows) != 1:
            raise errors.invalid("rows", "a slice or an array of places", rows)
        try:
            return self._chosen(np.arange(len(self))[rows], rows)
        except IndexError as error:
            raise errors.invalid("rows", f"places of {len(self)} examples", str(error)) from error

    def shuffled(self, seed=0):
        """A source of the same examples in another stored order, such as before a split.

        Args:
            seed: int >= 0, selects the order.
        """
        checks.whole_number("seed", seed, 0)
        return self._chosen(permutation(len(self), seed), seed)

    def subset(self, per_class=None, files=None, draw=None, **columns):
        """A source of those examples that meet all given conditions, in stored order.

        Args:
            per_class: int >= 1, the number of examples to keep of each class of the
                condition (of `label` where there is none): the first that meet the rest.
            draw: int >= 0, a seed by which those of `per_class` are drawn instead.
            files: pattern such as "0001TP*" of a file's name or path; "!0001TP*" keeps all
                others.
            **columns: a name of `columns` and a class, by name or number: hair="blonde".

        Raises:
            ValueError: an unknown column or class, no example is left, or a class has fewer than
                `per_class`.
        """
        asked = {"per_class": per_class, "draw": draw, "files": files, **columns}
        rows = matching(self, per_class, draw, files, columns)
        return self._chosen(rows, {name: x for name, x in asked.items() if x is not None})

    def _chosen(self, rows, asked):
        if not len(rows):
            raise errors.invalid("subset", "at least one example", asked)
        return self._select(rows)

    def _select(self, rows):
        """The same kind of source of the examples at `rows`, int [m]."""
        raise NotImplementedError

    def _derived(self, spec, function=None, made=()):
        return FiniteDerived(self, spec, function, made)


class FiniteDerived(Derived, Finite):
    """A source whose examples are computed from those of a finite source."""

    @property
    def columns(self):
        return self._base.columns

    @property
    def files(self):
        return self._base.files

    def __len__(self):
        return len(self._base)

    def take(self, rows):
        return self._stored(rows, 0)

    def _stored(self, rows, number):
        parts = self._base.take(rows)
        if self._made:
            return self._apply(parts, noise(0, number, self.functions))
        return {name: parts[name] for name in self.spec}

    def _select(self, rows):
        return type(self)(self._base._select(rows), self.spec, self._function, self._made)

    def _table(self, names):
        if not set(names) & set(self._made):
            return self._base.table(*names)
        arrays = {name: _array(len(self), self.spec[name]) for name in names}
        for number, start in enumerate(range(0, len(self), _CHUNK)):
            rows = np.arange(start, min(start + _CHUNK, len(self)))
            with tf.device("CPU:0"):
                parts = self._stored(rows, number)
            for name, array in arrays.items():
                image = self.spec[name].kind == "image"
                array[rows] = to_uint8(parts[name].numpy()) if image else parts[name]
        return arrays


def _array(count, part):
    if part.kind == "image":
        return allocate((count, *part.shape), MEMORY_LIMIT)
    return np.empty((count, *part.shape), part.dtype)
