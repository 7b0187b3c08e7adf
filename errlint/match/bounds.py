"""Bounds on strings and numbers (JSON Schema 2020-12 validation, sections 6.2 and 6.3), held against one value."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from errlint.match.patterns import found_in


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
