"""`Part`: the shape, kind and class names of one named part of an example."""

from typing import NamedTuple

from tfgan import errors
from tfgan.data.ranges import check_labels

KINDS = ("image", "points", "classes", "tags", "tokens")


class Part(NamedTuple):
    """One part of every example of a source.

    Attributes:
        shape: tuple of int, of one example: (height, width, channels) of an image,
            (dims,) of points, () or (k,) of one or k classes, (tags,), (length,) of tokens.
        kind: one of `KINDS`. In a batch images are float32 in [-1, 1], points float32 in
            any range, classes int32, tags float32 of 0 and 1, tokens int32.
        names: of classes, one tuple of str per label; of tags, their names; of tokens, the
            vocabulary, which begins with the padding "".
    """

    shape: tuple
    kind: str
    names: tuple = ()

    @property
    def num_classes(self):
        """Number of classes of each label, a tuple of int; () where the kind is another."""
        return tuple(len(names) for names in self.names) if self.kind == "classes" else ()

    @property
    def dtype(self):
        """Name of the type that a batch holds."""
        return "int32" if self.kind in ("classes", "tokens") else "float32"


def stored(name, array, kind=None, names=()):
    """The `Part` of a stored array of examples.

    Args:
        name: str, for errors.
        array: NumPy array [n, ...], of one of the types that `given.converted` returns.
        kind: one of `KINDS`; needed for tags and tokens, which the type does not tell.
        names: as in `Part`, or the names of the only label. Classes without names are
            named by their numbers.

    Raises:
        ValueError: a kind or names that do not belong to the array.
    """
    found = "image" if array.ndim == 4 else "points" if array.dtype.kind == "f" else "classes"
    kind = kind or found
    if (kind, found) not in [*((same, same) for same in KINDS), *_TOLD]:
        raise errors.invalid(f"kinds[{name!r}]", f"{found}, as the array's type says", kind)
    return Part(array.shape[1:], kind, _NAMES.get(kind, _no_names)(name, array, names))


# Kinds that the caller has to state, each with the kind that the array's type suggests.
_TOLD = [("tags", "points"), ("tokens", "classes")]


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
    check_labels(name, array, tuple(len(its_names) for its_names in names))
    return tuple(tuple(its_names) for its_names in names)


def _tag_names(name, array, names):
    if len(names) != array.shape[1]:
        raise errors.invalid(f"names[{name!r}]", f"{array.shape[1]} names of tags", names)
    return tuple(names)


def _vocabulary(name, array, names):
    check_labels(name, array, len(names))
    return tuple(names)


_NAMES = {"classes": _class_names, "tags": _tag_names, "tokens": _vocabulary}


def stated(name, tensor, part):
    """`part`, if it is a `Part` that fits the tensor of a batch; else InputError."""
    if not isinstance(part, Part) or part.kind not in KINDS:
        raise errors.invalid(f"spec[{name!r}]", f"a Part of a kind among {', '.join(KINDS)}", part)
    if part.shape != tuple(tensor.shape[1:]):
        raise errors.invalid(f"spec[{name!r}]", f"shape {tuple(tensor.shape[1:])}, as is made", part.shape)
    return part


def computed(name, tensor, before=None):
    """The `Part` of a batch's tensor that a function of `Source.mapped` returned.

    Args:
        name: str, for errors.
        tensor: [n, ...]; floats are an image or points by their rank, integers classes.
        before: the `Part` of that name that the function was given, or None. Its kind is
            kept if type and rank are the same, its names if the shape is the same too.

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
