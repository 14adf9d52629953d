"""`Start`: where a stage's networks take their starting weights from (`--start_from`)."""

import re
from typing import NamedTuple

from tfgan import errors

FORM = "[HERE=]WHERE[#THERE][:live|:averaged][:partial]"
_PATTERN = re.compile(r"(?:(\w+)=)?([^#]+?)(?:#(\w+))?((?::(?:live|averaged|partial))*)")


class Start(NamedTuple):
    """Where networks of a stage take their starting weights from.

    Attributes:
        where: name of an earlier stage, or folder of a run (or of a stage in it).
        here: name of the network that gets them; None: every one that is there too.
        there: name of the network that has them; None: the same.
        averaged: whether the averaged weights are taken; with `here` None, live ones of
            the networks that have no average.
        partial: whether variables may be new here or left over there.
    """

    where: str
    here: str | None = None
    there: str | None = None
    averaged: bool = False
    partial: bool = False

    @classmethod
    def parse(cls, text):
        """A `Start` from text such as "generator=runs/a#generator:averaged"."""
        match = _PATTERN.fullmatch(text)
        here, where, there, endings = match.groups() if match else (None, None, None, "")
        words = endings.split(":")[1:]
        if not match or len(set(words)) < len(words) or {"live", "averaged"} <= set(words):
            raise errors.invalid("start_from", FORM, text)
        if there and not here:
            raise errors.invalid("start_from", f"HERE= beside #{there} ({FORM})", text)
        return cls(where, here, there, "averaged" in words, "partial" in words)

    def __str__(self):
        here, there = (self.here and f"{self.here}=", self.there and f"#{self.there}")
        words = [word for word in ("averaged", "partial") if getattr(self, word)]
        return ":".join([f"{here or ''}{self.where}{there or ''}", *words])
