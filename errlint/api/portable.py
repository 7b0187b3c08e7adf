"""What came of a part as plain data, and back: nothing but these records can come out of it."""

from __future__ import annotations

from typing import Any

from errlint.api.parts import Done
from errlint.model.finding import CodeCoverage, Excerpt, Finding, Judged, Location, Related, Service, Severity, Site, Unknown

KINDS: tuple[Any, ...] = (Done, Finding, Location, Related, Site, Excerpt, Unknown, Judged, CodeCoverage, Service)
NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
SEVERITY = len(KINDS)
TUPLE = -1


def plain(value: Any) -> Any:
    """The value as lists, texts and numbers: a record is its number and its members, a tuple -1 and its items.

    Raises: ValueError for what cannot be told.
    """
    kind = value.__class__
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is tuple:
        return [TUPLE, *map(plain, value)]
    if kind is Severity:
        return [SEVERITY, int(value)]
    number = NUMBERS.get(kind)
    if number is None:
        raise ValueError(f"{kind.__name__} cannot be kept")
    return [number, *[plain(getattr(value, name)) for name in kind.__match_args__]]


def back(data: Any) -> Any:
    """The value that plain data stands for. Raises: ValueError, TypeError, IndexError for what stands for none."""
    if data.__class__ is not list:
        return data
    number = data[0]
    if number == TUPLE:
        return tuple([back(one) for one in data[1:]])
    if number == SEVERITY:
        return Severity(data[1])
    kind = KINDS[number]
    if len(data) - 1 != len(kind.__match_args__):
        raise ValueError("another record")
    return kind(*[back(one) for one in data[1:]])
