"""A text that a regular expression is found in: for messages that a catalog knows by an expression alone."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any

from errlint.match import budget

MOST_CHARACTERS = 2_000
PREFERRED = "a1 _-.,:;'\"(){}[]/A0\n"
CLASSES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}
OTHERS = {"CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": " "}

# Python's parser of expressions; it has no public name (``sre_parse`` is deprecated since 3.11).
_sre: Any = import_module("re._parser")


class _TooMuchError(Exception):
    """The expression holds what is not followed here, or asks for too long a text."""


@lru_cache(maxsize=1024)
def text_of(pattern: str) -> str | None:
    """A short text in which the pattern is found, the same at each call; None where none was found."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _sre.parse(pattern)
        text = _sequence(parsed, {})
    except (_TooMuchError, re.error, RecursionError, OverflowError):
        return None
    return text if budget.search(pattern, text) is not None else None


def _sequence(items: Iterable[tuple[Any, Any]], groups: dict[int, str]) -> str:
    found: list[str] = []
    length = 0
    for operator, argument in items:
        found.append(_item(str(operator), argument, groups))
        length += len(found[-1])
        if length > MOST_CHARACTERS:
            raise _TooMuchError
    return "".join(found)


def _item(operator: str, argument: Any, groups: dict[int, str]) -> str:
    if operator == "LITERAL":
        return chr(argument)
    if operator == "NOT_LITERAL":
        return next(sign for sign in PREFERRED if ord(sign) != argument)
    if operator == "ANY":
        return "a"
    if operator == "IN":
        return _one_of(argument)
    if operator == "BRANCH":
        return _sequence(argument[1][0], groups)
    if operator == "SUBPATTERN":
        groups[argument[0]] = _sequence(argument[3], groups)
        return groups[argument[0]]
    if operator == "ATOMIC_GROUP":
        return _sequence(argument, groups)
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least = min(int(argument[0]), MOST_CHARACTERS + 1)
        once = _sequence(argument[2], groups) if least else ""
        if len(once) * least > MOST_CHARACTERS:
            raise _TooMuchError
        return once * least
    if operator == "GROUPREF":
        return groups.get(argument, "")
    if operator in ("AT", "ASSERT", "ASSERT_NOT"):
        return ""
    raise _TooMuchError


def _one_of(members: list[tuple[Any, Any]]) -> str:
    """A character of a set; of a negated one the first that it does not name."""
    if str(members[0][0]) == "NEGATE":
        return next((sign for sign in PREFERRED if not any(_holds(member, sign) for member in members[1:])), "~")
    operator, argument = members[0]
    if str(operator) == "LITERAL":
        return chr(argument)
    if str(operator) == "RANGE":
        return chr(argument[0])
    return CLASSES.get(str(argument)) or OTHERS.get(str(argument), "a")


def _holds(member: tuple[Any, Any], sign: str) -> bool:
    operator, argument = str(member[0]), member[1]
    if operator == "LITERAL":
        return bool(ord(sign) == argument)
    if operator == "RANGE":
        return bool(argument[0] <= ord(sign) <= argument[1])
    tests = {"DIGIT": sign.isdigit(), "SPACE": sign.isspace(), "WORD": sign.isalnum() or sign == "_"}
    kind = str(argument).removeprefix("CATEGORY_")
    return not tests.get(kind[4:], False) if kind.startswith("NOT_") else tests.get(kind, False)
