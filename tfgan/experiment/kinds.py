"""Kinds of settings: how a value is written as text, read from it, and checked."""

import math
import numbers
import operator
import re
from collections.abc import Callable
from typing import NamedTuple

from tfgan import errors
from tfgan.experiment import texts
from tfgan.experiment.tables import check_name


class Kind(NamedTuple):
    """What a setting holds.

    Attributes:
        unit: text that states the unit or range of its values.
        check: (name, value) -> the value in its standard form; raises InputError.
        parse: (name, text) -> value.
        text: value -> text.
        table: (module, dictionary) whose keys are the known values, or None.
        flag: "text", "switch" or "several" (a flag that may be given several times).
    """

    unit: str
    check: Callable
    parse: Callable = lambda name, text: text
    text: Callable = str
    table: tuple | None = None
    flag: str = "text"


def text(unit):
    """A str."""

    def check(name, value):
        if not isinstance(value, str) or not value:
            raise errors.invalid(name, unit, value)
        return value

    return Kind(unit, check)


def path():
    """A file or folder, kept as a str."""
    return Kind("path", lambda name, value: str(value))


def switch():
    """True or False."""

    def check(name, value):
        if not isinstance(value, bool):
            raise errors.invalid(name, "True or False", value)
        return value

    return Kind("true or false", check, flag="switch")


def whole(unit, least, most=None):
    """A whole number."""

    def check(name, value):
        try:
            found = operator.index(value)
        except TypeError:
            found = None
        if found is None or isinstance(value, bool) or not _within(found, least, most):
            raise errors.invalid(name, f"a whole number {_range(least, most)}", value)
        return found

    return Kind(unit, check, lambda name, given: texts.number(given, int))


def number(unit, least=None, most=None, above=None, below=None):
    """A number from `least` to `most`, or one above `above` or below `below`."""

    def check(name, value):
        real = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not real or not math.isfinite(value) or not _within(value, least, most, above, below):
            raise errors.invalid(name, f"a number {_range(least, most, above, below)}", value)
        return float(value)

    return Kind(unit, check, lambda name, given: texts.number(given, float))


def one_of(*table, names=()):
    """A key of a table, or one of `names`."""

    def check(name, value):
        if table:
            return check_name(name, value, table)
        return errors.lookup(name, value, {each: each for each in names})

    return Kind("one of those named", check, table=table or None)


def several(unit, table=None):
    """A tuple of str, which may have to be keys of a table."""

    def check(name, value):
        items = (value,) if isinstance(value, str) else value
        if not isinstance(items, (tuple, list)):
            raise errors.invalid(name, f"a tuple of names ({unit})", value)
        return tuple(check_name(name, item, table) if table else str(item) for item in items)

    def parse(name, given):
        return tuple(item.strip() for item in given.split(",") if item.strip())

    return Kind(unit, check, parse, ",".join, table)


def options(unit):
    """A dict of name to value."""

    def check(name, value):
        if not isinstance(value, dict):
            raise errors.invalid(name, "a dict of name to value", value)
        return dict(value)

    def parse(name, given):
        pairs = [item.partition("=") for item in texts.split(given)]
        for item, equals, _ in pairs:
            if not equals:
                raise errors.invalid(name, "name=value pairs", item)
        return _dict(name, ((item.strip(), texts.value(value)) for item, _, value in pairs))

    return Kind(unit, check, parse, lambda value: ",".join(f"{n}={texts.text(v)}" for n, v in value.items()))


def weights(unit, *table):
    """A dict of name to (weight, interval), the interval being 1 where none is given."""

    def check(name, value):
        if not isinstance(value, dict):
            raise errors.invalid(name, "a dict of name to weight", value)
        pairs = {check_name(name, key, table): item for key, item in value.items()}
        found = {
            key: tuple(item) if isinstance(item, (tuple, list)) else (item, 1)
            for key, item in pairs.items()
        }
        for key, (weight, *_) in found.items():
            if isinstance(weight, numbers.Real) and not math.isfinite(weight):
                raise errors.invalid(name, f"a finite weight for {key}", weight)
        return found

    def parse(name, given):
        return _dict(name, (texts.weight(name, item) for item in texts.split(given)))

    def written(value):
        return ",".join(_written_weight(key, *pair) for key, pair in value.items())

    return Kind(unit, check, parse, written, table)


def arguments(unit, *table):
    """A dict of name to a value, or to a tuple of them."""

    def check(name, value):
        if not isinstance(value, dict):
            raise errors.invalid(name, "a dict of name to number or numbers", value)
        return {check_name(name, key, table): item for key, item in value.items()}

    def pair(name, item):
        key, *values = item.split(":")
        if not values:
            raise errors.invalid(name, "name:number or name:number:number", item)
        values = tuple(map(texts.value, values))
        return key, values if len(values) > 1 else values[0]

    def parse(name, given):
        return _dict(name, (pair(name, item) for item in texts.split(given)))

    def written(value):
        return ",".join(
            ":".join([key, *map(texts.text, item if isinstance(item, tuple) else [item])])
            for key, item in value.items()
        )

    return Kind(unit, check, parse, written, table)


def name_and_number(unit, *table):
    """A key of a table, or a dict of one to its number."""

    def check(name, value):
        for key in value if isinstance(value, dict) else (value,):
            check_name(name, key, table)
        return value

    def parse(name, given):
        key, colon, value = given.partition(":")
        if not colon:
            return key
        try:
            return {key: float(value)}
        except ValueError:
            raise errors.invalid(name, "name or name:number", given) from None

    def written(value):
        return value if isinstance(value, str) else ":".join(map(str, *value.items()))

    return Kind(unit, check, parse, written, table)


def name_and(unit, ending, *table):
    """A str "name" or "name:ending": the name a key of a table, where one is given."""

    def check(name, value):
        beginning, colon, end = str(value).partition(":")
        if table:
            check_name(name, beginning, table)
        if colon and not re.fullmatch(ending, end):
            raise errors.invalid(name, unit, value)
        return str(value)

    return Kind(unit, check, table=table or None)


def _within(value, least, most, above=None, below=None):
    low = value > above if above is not None else least is None or value >= least
    high = value < below if below is not None else most is None or value <= most
    return low and high


def _range(least, most, above=None, below=None):
    if above is not None:
        return f"> {above}"
    if below is not None:
        return f"from {least} to below {below}"
    return f">= {least}" if most is None else f"from {least} to {most}"


def _dict(name, pairs):
    """A dict of (key, value) pairs; InputError where a key comes twice."""
    found = {}
    for key, value in pairs:
        if key in found:
            raise errors.invalid(name, "each name once", key)
        found[key] = value
    return found


def _written_weight(key, weight, every):
    if not isinstance(weight, numbers.Real):
        raise errors.invalid("penalties", "numbers, which flags.txt can hold", weight)
    return f"{key}:{weight}" + (f":{every}" if every > 1 else "")
