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
        unit: unit or range of its values, for people.
        check: (name, value) -> the value in its one form, or InputError.
        parse: (name, text) -> value.
        text: value -> text.
        table: (module, dictionary) that names what it may be, or None.
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


def number(unit, least=None, most=None, above=None):
    """A number from `least` to `most`, or one above `above`."""

    def check(name, value):
        real = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not real or not math.isfinite(value) or not _within(value, least, most, above):
            raise errors.invalid(name, f"a number {_range(least, most, above)}", value)
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
        return {item.strip(): texts.value(value) for item, _, value in pairs}

    return Kind(unit, check, parse, lambda value: ",".join(f"{n}={texts.text(v)}" for n, v in value.items()))


def weights(unit, *table):
    """A dict of name to (weight, interval), the interval being 1 where none is given."""

    def check(name, value):
        if not isinstance(value, dict):
            raise errors.invalid(name, "a dict of name to weight", value)
        pairs = {check_name(name, key, table): item for key, item in value.items()}
        return {
            key: tuple(item) if isinstance(item, (tuple, list)) else (item, 1)
            for key, item in pairs.items()
        }

    def parse(name, given):
        return dict(texts.weight(name, item) for item in texts.split(given))

    def written(value):
        return ",".join(_written_weight(key, *pair) for key, pair in value.items())

    return Kind(unit, check, parse, written, table)


def arguments(unit, *table):
    """A dict of name to a value, or to a tuple of them."""

    def check(name, value):
        if not isinstance(value, dict):
            raise errors.invalid(name, "a dict of name to number or numbers", value)
        return {check_name(name, key, table): item for key, item in value.items()}

    def parse(name, given):
        found = {}
        for item in texts.split(given):
            key, *values = item.split(":")
            if not values:
                raise errors.invalid(name, "name:number or name:number:number", item)
            values = tuple(map(texts.value, values))
            found[key] = values if len(values) > 1 else values[0]
        return found

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


def _within(value, least, most, above=None):
    low = value > above if above is not None else least is None or value >= least
    return low and (most is None or value <= most)


def _range(least, most, above=None):
    if above is not None:
        return f"> {above}"
    return f">= {least}" if most is None else f"from {least} to {most}"


def _written_weight(key, weight, every):
    if not isinstance(weight, numbers.Real):
        raise errors.invalid("penalties", "numbers, which flags.txt can hold", weight)
    return f"{key}:{weight}" + (f":{every}" if every > 1 else "")
