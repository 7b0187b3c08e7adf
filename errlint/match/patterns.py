"""Patterns of JSON Schema (ECMA-262 expressions, searched, not anchored): their finite languages, and whether they match."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from errlint.match import budget

MOST_STRINGS = 200
LONGEST_PATTERN = 2_000
LONGEST_STRING = 256
LONGEST_TEXT = 20_000
SECONDS = 0.1


# Python's parser of expressions; it has no public name (``sre_parse`` is deprecated since 3.11).
_sre: Any = import_module("re._parser")
_codes: Any = import_module("re._constants")
# What Python reads otherwise than ECMA-262: a lower bound left out, and the escapes \a, \A, \Z.
_FOREIGN = ("{,", "\\a", "\\A", "\\Z")


class _Path(NamedTuple):
    """One way through an expression: its text, and whether it asserts the begin and the end of the whole string."""

    text: str
    begins: bool = False
    ends: bool = False


class _EndlessError(Exception):
    """The expression admits more strings than are listed, or holds something that is not followed here."""


@lru_cache(maxsize=1024)
def language(pattern: str) -> tuple[str, ...] | None:
    """All the strings in which a pattern is found, in the order of its alternatives; None where they are not few.

    ``^A|B$`` is not few: it is found in every string that begins with A.
    """
    if len(pattern) > LONGEST_PATTERN or any(foreign in pattern for foreign in _FOREIGN):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _sre.parse(pattern.replace("(?<", "(?P<") if _names_a_group(pattern) else pattern)
        if parsed.state.flags & (_codes.SRE_FLAG_IGNORECASE | _codes.SRE_FLAG_MULTILINE | _codes.SRE_FLAG_VERBOSE):
            return None
        paths = _sequence(parsed)
    except (_EndlessError, re.error, RecursionError, OverflowError):
        return None
    if not all(path.begins and path.ends for path in paths):
        return None
    return tuple(dict.fromkeys(path.text for path in paths))


def _names_a_group(pattern: str) -> bool:
    return "(?<" in pattern and "(?<=" not in pattern and "(?<!" not in pattern


def _sequence(items: Iterable[tuple[Any, Any]]) -> tuple[_Path, ...]:
    """The paths through items that follow each other."""
    paths: tuple[_Path, ...] = (_Path(""),)
    for operator, argument in items:
        paths = _joined(paths, _item(operator, argument))
    return paths


def _joined(heads: tuple[_Path, ...], tails: tuple[_Path, ...]) -> tuple[_Path, ...]:
    """Each head followed by each tail, without those that assert the begin behind text or the end before it."""
    if len(heads) * len(tails) > MOST_STRINGS * MOST_STRINGS:
        raise _EndlessError
    paths = dict.fromkeys(
        _Path(head.text + tail.text, head.begins or tail.begins, head.ends or tail.ends)
        for head in heads
        for tail in tails
        if not (head.ends and tail.text) and not (head.text and tail.begins)
    )
    return _few(paths)


def _few(paths: Iterable[_Path]) -> tuple[_Path, ...]:
    found = tuple(dict.fromkeys(paths))
    if len(found) > MOST_STRINGS or any(len(path.text) > LONGEST_STRING for path in found):
        raise _EndlessError
    return found


def _item(operator: Any, argument: Any) -> tuple[_Path, ...]:
    """The paths through one item of a parsed expression. Raises: _EndlessError."""
    if operator is _codes.LITERAL:
        return (_Path(chr(argument)),)
    if operator is _codes.IN:
        return _few(_Path(char) for char in _set(argument))
    if operator is _codes.AT:
        if argument is _codes.AT_BEGINNING:
            return (_Path("", begins=True),)
        if argument is _codes.AT_END:
            return (_Path("", ends=True),)
        raise _EndlessError
    if operator is _codes.SUBPATTERN:
        _, added, removed, inner = argument
        if added or removed:
            raise _EndlessError
        return _sequence(inner)
    if operator is _codes.BRANCH:
        return _few(path for branch in argument[1] for path in _sequence(branch))
    if operator in (_codes.MAX_REPEAT, _codes.MIN_REPEAT):
        return _repeated(*argument)
    raise _EndlessError


def _set(items: Iterable[tuple[Any, Any]]) -> list[str]:
    """The characters of a class such as ``[0-9a]``. Raises: _EndlessError where it is negated or wide."""
    characters: list[str] = []
    for operator, argument in items:
        if operator is _codes.LITERAL:
            characters.append(chr(argument))
        elif operator is _codes.RANGE and argument[1] - argument[0] < MOST_STRINGS:
            characters.extend(map(chr, range(argument[0], argument[1] + 1)))
        elif operator is _codes.CATEGORY and argument is _codes.CATEGORY_DIGIT:
            characters.extend("0123456789")
        else:
            raise _EndlessError
    return characters


def _repeated(least: int, most: int, inner: Any) -> tuple[_Path, ...]:
    """The paths through an item that is repeated ``least`` to ``most`` times."""
    once = _sequence(inner)
    paths: tuple[_Path, ...] = (_Path(""),)
    for _ in range(min(least, LONGEST_STRING + 1)):
        paths = _joined(paths, once)
    found = paths
    for _ in range(most - least):
        paths = _joined(paths, once)
        grown = _few((*found, *paths))
        if len(grown) == len(found):
            return found
        found = grown
    return found


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import regex  # start-up: only schemas with patterns beside values need it

    if budget.takes_all_memory(pattern):
        return None
    try:
        # ECMA-262's \d and \w are ASCII.
        return regex.compile(pattern, regex.ASCII)
    except (regex.error, RecursionError, OverflowError):
        return None


def found_in(pattern: str, text: str) -> bool | None:
    """Whether a pattern is found in a text; None where that cannot be told: a broken pattern, or no time left."""
    expression = _compiled(pattern)
    # Python's $ also matches before a last line feed, ECMA-262's does not.
    if expression is None or len(text) > LONGEST_TEXT or text.endswith("\n"):
        return None
    try:
        return expression.search(text, timeout=SECONDS) is not None
    except TimeoutError:
        return None
