"""Values of settings as text: reading and writing."""

import ast
import re

from tfgan import errors


def number(given, kind):
    """`kind(given)`; text that is no number is returned as it is, and refused by a later check."""
    try:
        return kind(given)
    except ValueError:
        return given


def weight(name, item):
    """(name, (weight, interval)) from "r1:0.5" or "r1:0.5:16"."""
    key, *rest = item.split(":")
    try:
        value, every = [*rest, "1"][:2] if 1 <= len(rest) <= 2 else (None, None)
        return key, (float(value), int(every))
    except (TypeError, ValueError):
        raise errors.invalid(name, "name:weight or name:weight:every", item) from None


def split(given):
    """The items between commas that are not inside brackets."""
    items, depth = [""], 0
    for letter in given:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            items.append("")
        else:
            items[-1] += letter
    return [item.strip() for item in items if item.strip()]


def value(given):
    """A Python literal, a tuple of words in brackets, or a word."""
    try:
        return ast.literal_eval(given.strip())
    except (ValueError, SyntaxError):
        inner = re.fullmatch(r"[(\[](.*)[)\]]", given.strip())
        return tuple(map(value, split(inner[1]))) if inner else given.strip()


def text(given):
    """The text that `value` reads back as the same."""
    if isinstance(given, (tuple, list)):
        return f"({','.join(map(text, given))}{',' if len(given) == 1 else ''})"
    return str(given)
