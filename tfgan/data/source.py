"""`Source`: the interface of all data sets, which give endless full batches of named parts.

A source has a `spec`, which describes the parts of its examples, and `batch`, which makes
batch number `step` from (step, size, seed) alone. So it resumes at any step without
cost, and several processes agree without communication.

Sources are derived from sources: `only` some parts, parts `mapped` from others,
`augmented` parts, several sources `zipped`; those of finitely many examples also have
`subset` and `shuffled` (see `finite.py`).
"""

import tensorflow as tf

from tfgan import errors
from tfgan.data import parts as _parts
from tfgan.data.order import check, endless
from tfgan.data.parts import KINDS, Part
from tfgan.data.ranges import check_images
from tfgan.randomness import Random

__all__ = ["KINDS", "Derived", "Part", "Source"]

# Any constant: a game draws from (seed, step) as well, and must not meet these draws.
_SALT = 715225739
# Examples on which a function is tried.
_TRIED = 2


class Source:
    """A data set: examples of named parts, in endless full batches that can be resumed.

    A subclass defines `spec` and `batch`.

    Attributes:
        spec: dict of name to `Part`, in order. Usual names: `images` (also of points)
            and `condition`; of pairs, `inputs` and `targets`.
        skipped: int, examples that were left out because they were bad.
        functions: int, how many functions are applied; each draws its own noise.
    """

    spec = {}
    skipped = 0
    functions = 0

    def batch(self, step, size, seed):
        """Batch number `step`, a pure function of the arguments.

        Args:
            step: scalar int64 tensor >= 0.
            size: int >= 1, examples.
            seed: int, selects the order.

        Returns:
            Dict of name to tensor [size, ...], of the types that `Part` states.
        """
        raise NotImplementedError

    def batches(self, batch_size, seed=0, start_step=0):
        """Endless full batches, batch i being a function of (seed, i).

        Args:
            batch_size: int >= 1; may exceed the number of examples.
            seed: int, selects the order.
            start_step: int >= 0, the number of the first batch; a high one costs no time.

        Returns:
            A `tf.data.Dataset` of dicts of name to tensor.

        Raises:
            ValueError: an argument out of range.
        """
        check(batch_size, seed, start_step)
        return endless(lambda step: self.batch(step, batch_size, seed), start_step)

    def only(self, *names):
        """A source of these parts only, in this order."""
        if not names:
            raise errors.invalid("parts", f"some of {', '.join(self.spec)}", names)
        return self._derived({name: self.spec[name] for name in self._known(names)})

    def mapped(self, function, spec=None):
        """A source with added or replaced parts, which a function computes from the others.

        Args:
            function: `(parts, random) -> dict` of added or replaced parts, tensors of a
                whole batch. `random` (`tfgan.randomness.Random`) draws noise by seed, step
                and row; the first axis of what it draws is the batch. The function is
                also called at once, on two examples, to see which parts it returns.
            spec: dict of name to `Part`, where tensors do not tell enough: for tags and
                for names of classes. Floats of rank 3 per example are an image, of rank 1
                points, integers classes; a replaced part keeps its kind and names.

        Returns:
            `Source`, whose `table`, if it is finite, is computed with one fixed noise.

        Raises:
            ValueError: the function does not return parts, or an image has NaN or infinity.
        """
        made = self._try("mapped", function)
        if not made:
            raise errors.invalid("mapped", "a function that returns at least one part", made)
        for name in spec or {}:
            errors.lookup("spec", name, made)
        found = self._found(made, spec)
        for name in (name for name, part in found.items() if part.kind == "image"):
            check_images(name, made[name].numpy())
        return self._derived({**self.spec, **found}, function, tuple(made))

    def augmented(self, *functions):
        """A source whose batches are augmented at random; its `table` is not.

        Args:
            *functions: `(parts, random) -> parts`, applied in turn. They are as in
                `mapped`, but return all parts, in the same shapes. See
                `tfgan.data.augment`.

        Raises:
            ValueError: a function changes which parts there are, or their shapes.
        """
        source = self
        for function in functions:
            found = source._found(source._try("augmented", function))
            if found != source.spec:
                raise errors.invalid("augmented", f"the same parts, {source.spec}", found)
            source = source._derived(source.spec, function)
        return source

    def of(self, name):
        """The source that a part comes from: one of those that are zipped, or this one."""
        self._known([name])
        return self

    def aligned(self, *names):
        """Whether these parts (by default all) belong to one example; bool."""
        self._known(names)
        return True

    def table(self, *names):
        """These parts (by default all) of every example, in stored order.

        Returns:
            Dict of name to NumPy array [n, ...]; images are uint8, clipped to [-1, 1].

        Raises:
            ValueError: points without end, or parts that do not belong together.
        """
        names = self._known(names)
        if not self.aligned(*names):
            raise errors.invalid("table", "parts that belong to one example", names)
        return self._table(names)

    def _table(self, names):
        raise errors.invalid("table", "a source of finitely many examples", type(self).__name__)

    def _known(self, names):
        for name in names:
            errors.lookup("parts", name, self.spec)
        return names or tuple(self.spec)

    def _derived(self, spec, function=None, made=()):
        return Derived(self, spec, function, made)

    def _try(self, caller, function):
        """What a function makes of a small batch."""
        if not callable(function):
            expected = "functions (parts, random) -> dict"
            raise errors.invalid(caller, expected, type(function).__name__)
        with tf.device("CPU:0"):
            made = function(self.batch(tf.constant(0, tf.int64), _TRIED, 0), noise(0, 0, 0))
        if not isinstance(made, dict):
            expected = "functions that return a dict of parts"
            raise errors.invalid(caller, expected, type(made).__name__)
        made = {name: tf.convert_to_tensor(part) for name, part in made.items()}
        for name, tensor in made.items():
            if tuple(tensor.shape[:1]) != (_TRIED,):
                expected = f"functions that keep the batch, {_TRIED} here, as the first axis of {name}"
                raise errors.invalid(caller, expected, list(tensor.shape))
        return made

    def _found(self, made, spec=None):
        """Dict of name to `Part` of what a function made."""
        given = spec or {}
        return {
            name: _parts.stated(name, tensor, given[name])
            if name in given
            else _parts.computed(name, tensor, self.spec.get(name))
            for name, tensor in made.items()
        }


class Derived(Source):
    """A source whose batches are computed from another's.

    Args:
        base: `Source`.
        spec: dict of name to `Part`, what is left in the end.
        function: `(parts, random) -> dict` of parts added or replaced, or None.
        made: names of the parts that the function computes, in `table` too; () for an
            augmentation, which `table` leaves out.
    """

    def __init__(self, base, spec, function=None, made=()):
        self._base, self._function, self._made = base, function, made
        self.spec = spec
        self.skipped = base.skipped
        self.functions = base.functions + (function is not None)

    def batch(self, step, size, seed):
        return self._apply(self._base.batch(step, size, seed), noise(seed, step, self.functions))

    def aligned(self, *names):
        names = self._known(names)
        if len(names) == 1:
            return True
        # A computed part may depend on all others.
        return self._base.aligned(*([] if set(names) & set(self._made) else names))

    def _table(self, names):
        if set(names) & set(self._made):
            return super()._table(names)
        return self._base.table(*names)

    def _apply(self, parts, random):
        if self._function:
            parts = {**parts, **self._function(dict(parts), random)}
        return {name: _conform(parts[name], part) for name, part in self.spec.items()}


def noise(seed, step, function):
    """The `Random` of one function in one batch.

    Args:
        seed: int.
        step: int or scalar int64 tensor.
        function: int, the number of the function.
    """
    seeds = tf.stack([tf.constant(seed, tf.int64), tf.cast(step, tf.int64)])
    return Random(seeds).fold(_SALT).fold(function)


def _conform(tensor, part):
    tensor = tf.cast(tensor, part.dtype)
    return tf.ensure_shape(tensor, [tensor.shape[0], *part.shape])
