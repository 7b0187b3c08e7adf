"""Bounds on strings and numbers (JSON Schema 2020-12 validation, sections 6.2 and 6.3), held against one value."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from errlint.match.patterns import found_in

MOST_NUMBERS = 200
LOWER = frozenset(("minimum", "exclusiveMinimum"))
UPPER = frozenset(("maximum", "exclusiveMaximum"))


def whole_numbers(bounds: Iterable[tuple[str, Any]]) -> range | None:
    """The integers within bounds, None where a side is open or they are more than 200."""
    known = tuple(bounds)
    if not all(math.isfinite(bound) for keyword, bound in known if keyword in LOWER | UPPER):
        return None
    least = [
        _next(bound) if keyword == "exclusiveMinimum" else math.ceil(bound) for keyword, bound in known if keyword in LOWER
    ]
    most = [
        -_next(-bound) if keyword == "exclusiveMaximum" else math.floor(bound) for keyword, bound in known if keyword in UPPER
    ]
    if not least or not most or min(most) - max(least) >= MOST_NUMBERS:
        return None
    return range(max(least), min(most) + 1)


def clashing(bounds: Iterable[tuple[str, Any, Any]]) -> frozenset[str]:
    """The types of which no value keeps within all bounds: number or integer, string."""
    sides: dict[str, Any] = {}
    for keyword, bound, _ in bounds:
        if keyword in _TIGHTER and math.isfinite(bound):
            sides[keyword] = _TIGHTER[keyword](sides.get(keyword, bound), bound)
    found = {"string"} if sides.get("minLength", 0) > sides.get("maxLength", math.inf) else set()
    least = max((sides[keyword] for keyword in LOWER & sides.keys()), default=-math.inf)
    most = min((sides[keyword] for keyword in UPPER & sides.keys()), default=math.inf)
    if least > most or (least == most and least in (sides.get("exclusiveMinimum"), sides.get("exclusiveMaximum"))):
        found |= {"number", "integer"}
    return frozenset(found)


_TIGHTER: Mapping[str, Callable[[Any, Any], Any]] = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
}


def _next(bound: float) -> int:
    """The first integer above a number."""
    return math.floor(bound) + 1


def admits(keyword: str, bound: Any, value: Any) -> bool | None:
    """Whether a value keeps within one bound on strings or numbers; None where that cannot be told."""
    if isinstance(value, str) and keyword in _OF_STRINGS:
        return _OF_STRINGS[keyword](value, bound)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and keyword in _OF_NUMBERS:
        return _OF_NUMBERS[keyword](value, bound)
    return True


def _is_multiple(value: Any, bound: Any) -> bool | None:
    """Whether one integer divides another. Binary fractions do not tell: 0.3 is a multiple of 0.1."""
    return value % bound == 0 if isinstance(value, int) and isinstance(bound, int) and bound else None


_OF_STRINGS: Mapping[str, Callable[[Any, Any], bool | None]] = {
    "pattern": lambda value, pattern: found_in(pattern, value),
    "minLength": lambda value, bound: len(value) >= bound,
    "maxLength": lambda value, bound: len(value) <= bound,
}
_OF_NUMBERS: Mapping[str, Callable[[Any, Any], bool | None]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
    "multipleOf": _is_multiple,
}
