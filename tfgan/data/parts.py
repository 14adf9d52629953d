"""`Part`: shape, kind and class names of one named part of an example."""

from typing import NamedTuple

import numpy as np

from tfgan import errors

KINDS = ("image", "points", "classes", "tags", "tokens")
_STORED = "uint8 [n, height, width, channels], float32 [n, dims] or integers [n] or [n, k], n >= 1"


class Part(NamedTuple):
    """One part of every example of a source.

    Attributes:
        shape: tuple of int, of one example: (height, width, channels) of an image,
            (dims,) of points, () or (k,) of one or k classes, (tags,), (length,) of tokens.
        kind: one of `KINDS`. In a batch images are float32 in [-1, 1], points float32 in
            their own units, classes int32, tags float32 of 0 and 1, tokens int32.
        names: of classes, one tuple of str per label; of tags, their names; of tokens, the
            vocabulary, whose number 0 is the padding "".
    """

    shape: tuple
    kind: str
    names: tuple = ()

    @property
    def num_classes(self):
        """Number of classes of each label, a tuple of int; () for other kinds."""
        return tuple(len(names) for names in self.names) if self.kind == "classes" else ()

    @property
    def dtype(self):
        """Name of the type that a batch holds."""
        return "int32" if self.kind in ("classes", "tokens") else "float32"


def stored(name, array, kind=None, names=()):
    """The `Part` of a stored array of examples.

    Args:
        name: str, for errors.
        array: NumPy array [n, ...].
        kind: one of `KINDS`, where the array's type does not say it: tags and tokens.
        names: as in `Part`; one label's may stand alone. Classes without are named by
            their numbers.

    Raises:
        ValueError: an array of another type or shape, or names that do not belong to it.
    """
    found = _stored_kind(array)
    if found is None or not len(array):
        raise errors.invalid(name, _STORED, f"{array.dtype} {list(array.shape)}")
    kind = kind or found
    if (kind, found) not in [*((same, same) for same in KINDS), *_TOLD]:
        raise errors.invalid(f"kinds[{name!r}]", f"{found}, as the array's type says", kind)
    return Part(array.shape[1:], kind, _NAMES.get(kind, _no_names)(name, array, names))


# Kinds that the caller has to state, each with the kind that the array alone suggests.
_TOLD = [("tags", "points"), ("tokens", "classes")]


def _stored_kind(array):
    if array.dtype == np.uint8 and array.ndim == 4:
        return "image"
    if array.dtype == np.float32 and array.ndim == 2:
        return "points"
    return "classes" if array.dtype.kind in "iu" and array.ndim in (1, 2) else None


def _no_names(name, array, names):
    if names:
        raise errors.invalid(f"names[{name!r}]", "none", names)
    return ()


def _class_names(name, array, names):
    labels = array.reshape(len(array), -1).T
    if not names:
        names = [[str(number) for number in range(label.max() + 1)] for label in labels]
    elif isinstance(names[0], str):
        names = [names]
    if len(names) != len(labels):
        raise errors.invalid(f"names[{name!r}]", f"{len(labels)} sequences of names", names)
    for label, its_names in zip(labels, names):
        check_codes(name, label, its_names)
    return tuple(tuple(its_names) for its_names in names)


def _tag_names(name, array, names):
    if len(names) != array.shape[1]:
        raise errors.invalid(f"names[{name!r}]", f"{array.shape[1]} names of tags", names)
    return tuple(names)


def _vocabulary(name, array, names):
    check_codes(name, array, names)
    return tuple(names)


def check_codes(name, codes, names):
    """Raises a ValueError where the numbers `codes` are not places in `names`."""
    if codes.min() < 0 or codes.max() >= len(names):
        got = f"{codes.min()} to {codes.max()}"
        raise errors.invalid(name, f"classes 0 to {len(names) - 1}", got)


_NAMES = {"classes": _class_names, "tags": _tag_names, "tokens": _vocabulary}


def computed(name, tensor, before=None):
    """The `Part` of a tensor of a batch that a function of `Source.mapped` returned.

    Args:
        name: str, for errors.
        tensor: [n, ...]; floats are an image or points by their rank, integers classes.
        before: `Part` of that name that the function was given, or None. Its kind is kept
            where type and rank are the same, its names where the shape is too.

    Raises:
        ValueError: another type or rank.
    """
    shape = tuple(tensor.shape[1:])
    dtype = "float32" if tensor.dtype.is_floating else "int32" if tensor.dtype.is_integer else None
    if before and (dtype, len(shape)) == (before.dtype, len(before.shape)):
        same = before.kind in ("image", "points") or shape == before.shape
        return before._replace(shape=shape, names=before.names if same else ())
    kind = {("float32", 3): "image", ("float32", 1): "points", ("int32", 0): "classes",
            ("int32", 1): "classes"}.get((dtype, len(shape)))  # fmt: skip
    if kind is None or None in shape:
        expected = "floats [n, height, width, channels] or [n, dims], or integers [n] or [n, k]"
        raise errors.invalid(name, expected, f"{tensor.dtype.name} {list(tensor.shape)}")
    return Part(shape, kind)
