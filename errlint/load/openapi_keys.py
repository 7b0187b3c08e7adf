"""The keys of a Responses Object: which statuses each covers (OpenAPI 3.1.1 section 4.8.16)."""

from __future__ import annotations

import re
from functools import lru_cache

from errlint.model import status
from errlint.model.status import Statuses

DEFAULT = Statuses(frozenset(range(100, 600)), "default")

_EXPLICIT = re.compile(r"[1-5][0-9][0-9]")
_RANGE = re.compile(r"[1-5]XX")
_EXPLICIT_ANYWHERE = re.compile(r"(?<![0-9])[1-5][0-9][0-9](?![0-9])")
_LOOSE_RANGE = re.compile(r"([1-5])\s*(?:[xX*nN_?#-]{1,2}|[0-9][xX*])")
_SPAN = re.compile(r"([1-5])00\s*(?:-|–|\.\.+|to)\s*(?:\1|(?P<last>[1-5]))99")


@lru_cache(maxsize=4096)
def covered(keys: tuple[str, ...], ranges: bool) -> tuple[Statuses | None, ...]:
    """The statuses that each key of one operation covers, in order; None for a key that is none.

    An explicit status beats a range beats ``default``. ``ranges`` is false in OpenAPI 2.0, which has none.
    """
    explicit = [status.one(key) for key in keys if _EXPLICIT.fullmatch(key)]
    taken = frozenset().union(*(one.values for one in explicit))
    spans = [status.one(key).values for key in keys if ranges and _RANGE.fullmatch(key)]
    named = taken.union(*spans)

    def one(key: str) -> Statuses | None:
        if key == "default":
            return DEFAULT.minus(named)
        if _EXPLICIT.fullmatch(key):
            return status.one(key)
        return status.one(key).minus(taken) if ranges and _RANGE.fullmatch(key) else None

    return tuple(one(key) for key in keys)


def meant(key: str, ranges: bool) -> str:
    """What a key that is none probably should be: ``4XX`` for ``4xx`` and ``400-499``; empty where nobody can know."""
    bare = key.strip().strip("'\"").strip()
    if bare.lower().strip("_*") == "default" or bare == "*":
        return "default"
    span = _SPAN.fullmatch(bare)
    if span:
        first, last = span[1], span["last"] or span[1]
        classes = [f"{digit}XX" for digit in range(int(first), int(last) + 1)]
        return " and ".join(classes) if ranges else "default"
    if _LOOSE_RANGE.fullmatch(bare):
        return f"{bare[0]}XX" if ranges else "default"
    return " and ".join(dict.fromkeys(_EXPLICIT_ANYWHERE.findall(bare)))
