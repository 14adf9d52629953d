"""Records: examples in arrays, shuffled anew on every pass."""

import copy

import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.data import parts as _parts
from tfgan.data.columns import Columns
from tfgan.data.finite import Finite
from tfgan.data.given import converted
from tfgan.data.pixels import from_uint8, to_uint8
from tfgan.data.ranges import check_labels
from tfgan.data.storage import MEMORY_LIMIT, allocate

_CHUNK = 1000


class Records(Finite):
    """A finite source of arrays: images, and their classes, tags or tokens; or points.

    Args:
        arrays: dict of name to array, all of one length n >= 1: images [n, height, width,
            channels], uint8 or floats in [-1, 1]; points float [n, dims], of any range;
            classes int [n] for one label and [n, k] for several; tags of 0 and 1
            [n, tags]; tokens int [n, length]. An array alone is the part `images`. They
            are copied into memory, except images in an `np.memmap`.
        names: dict of part to its names (see `Part`); classes without are named by their
            numbers ("0", "1", ...).
        kinds: dict of part to "tags" or "tokens", which an array's type does not tell.
        columns: `Columns`, or a dict of name to (class numbers int [n], names of the
            classes): labels to choose by, whether or not they are a part.
        files: sequence of n str, paths relative to a folder.
        skipped: int, how many examples were left out because they were bad.

    Raises:
        ValueError: an array of another type, range or length, or names that do not fit it.
    """

    def __init__(self, arrays, names=None, kinds=None, columns=(), files=(), skipped=0):
        arrays = arrays if isinstance(arrays, dict) else {"images": arrays}
        names, kinds = names or {}, kinds or {}
        for name in [*names, *kinds]:
            errors.lookup("parts", name, arrays)
        arrays = {name: converted(name, array, kinds.get(name)) for name, array in arrays.items()}
        self.spec = {
            name: _parts.stored(name, array, kinds.get(name), names.get(name, ()))
            for name, array in arrays.items()
        }
        self._length = _length(arrays)
        # On the CPU, where tf.data works; a GPU's memory is for the networks.
        with tf.device("CPU:0"):
            self._arrays = {name: _held(array) for name, array in arrays.items()}
        self._rows = None
        self._columns = columns if isinstance(columns, Columns) else _columns(columns, self._length)
        self._files = tuple(map(str, files))
        if self._files and len(self._files) != self._length:
            raise errors.invalid("files", f"{self._length} paths, one of each example", len(self._files))
        self.skipped = skipped

    @property
    def columns(self):
        return self._columns

    @property
    def files(self):
        return self._files

    def __len__(self):
        return self._length

    def take(self, rows):
        if self._rows is not None:
            rows = tf.gather(self._rows, rows)
        return {name: self._part(name, rows) for name in self.spec}

    def _part(self, name, rows):
        array = self._arrays[name]
        part = _mapped(array, rows) if isinstance(array, np.memmap) else tf.gather(array, rows)
        return from_uint8(part) if part.dtype == tf.uint8 else part

    def _table(self, names):
        arrays = {name: self._stored(self._arrays[name]) for name in names}
        for array in arrays.values():
            array.flags.writeable = False
        return arrays

    def _stored(self, array):
        mapped, array = isinstance(array, np.memmap), np.asarray(array)
        floats = array.ndim == 4 and array.dtype == np.float32
        if not floats and (self._rows is None or not mapped):
            return array if self._rows is None else array[self._rows]
        # In pieces, because neither what lies in a file nor floats may fit in memory twice.
        rows = np.arange(len(self)) if self._rows is None else self._rows
        chosen = allocate((len(self), *array.shape[1:]), MEMORY_LIMIT)
        for start in range(0, len(self), _CHUNK):
            piece = array[rows[start : start + _CHUNK]]
            chosen[start : start + _CHUNK] = to_uint8(piece) if floats else piece
        return chosen

    def _select(self, rows):
        # The arrays are shared: choosing costs no memory, even of what lies in a file.
        chosen = copy.copy(self)
        chosen._rows = rows if self._rows is None else self._rows[rows]
        chosen._length = len(rows)
        chosen._columns = self._columns.select(rows)
        chosen._files = tuple(self._files[row] for row in rows) if self._files else ()
        return chosen


def _length(arrays):
    if not arrays:
        raise errors.invalid("arrays", "at least one array", {})
    first, *others = arrays
    count = len(arrays[first])
    for name in others:
        if len(arrays[name]) != count:
            raise errors.invalid(name, f"{count} examples, as {first} has", len(arrays[name]))
    return count


def _held(array):
    return array if isinstance(array, np.memmap) else tf.constant(array)


def _columns(columns, count):
    """`Columns` of a dict that the user gave, checked."""
    columns = dict(columns)
    for name, column in columns.items():
        if not callable(column):
            codes, names = column
            check_labels(name, codes, len(names))
            if len(codes) != count:
                raise errors.invalid(name, f"{count} class numbers, one of each example", len(codes))
    return Columns(columns)


def _mapped(array, rows):
    """The rows of a mapped file."""
    pick = lambda rows: np.asarray(array[rows])
    picked = tf.numpy_function(pick, [rows], array.dtype, stateful=False)
    return tf.ensure_shape(picked, [*tf.convert_to_tensor(rows).shape, *array.shape[1:]])
