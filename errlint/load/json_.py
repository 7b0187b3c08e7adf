"""JSON text as plain data (RFC 8259): at once, or a large one in parts, as they are read."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from errlint.errors import LoadError
from errlint.load.lines import place
from errlint.load.positions_json import JsonPositions
from errlint.model.finding import Location

MAX_DEPTH = 200
LARGE = 5_000_000
"""Bytes; a larger JSON text is decoded in parts. With a smaller one that saves less than importing msgspec costs."""

_PIECE = 64 * 1024  # pieces stay in the processor's cache, and take no memory beside the text

_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)
_LONG_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(-?[0-9]{640,})', re.DOTALL)
_STRING = re.compile(rb'"[^"]*"?')
_NO_BRACKETS = bytes(set(range(256)) - set(b'"[]{}'))
_AS_BRACES = bytes.maketrans(b"[]", b"{}")


def is_deep(text: bytes) -> bool:
    """Whether brackets nest deeper than 200 levels, counted outside double quotes; exact for JSON.

    Removing ``{}`` again and again takes one level off at a time. What is deep goes to the YAML parser, whose limit is
    exact for its own quotes and comments as well, and which names the place.
    """
    if len(text) <= MAX_DEPTH:
        return False
    brackets = b"".join(_STRING.sub(b"", _outline(piece)) for piece in _lines(text))
    if brackets.count(b"{") <= MAX_DEPTH:
        return False
    for _ in range(MAX_DEPTH):
        shorter = brackets.replace(b"{}", b"")
        if len(shorter) == len(brackets):
            # Only brackets that nothing closes are left, after those that nothing opened.
            return brackets.count(b"{") > MAX_DEPTH
        brackets = shorter
    return bool(brackets)


def _outline(piece: bytes) -> bytes:
    """The brackets of a text, all as braces, and its quotes with the brackets between them."""
    unescaped = _without_escapes(piece) if b"\\" in piece else piece
    return unescaped.translate(_AS_BRACES, _NO_BRACKETS).replace(b'""', b"")


def _without_escapes(piece: bytes) -> bytes:
    """The text with an x for whatever stands after a backslash. In place: the search for one byte is the processor's own."""
    changed = bytearray(piece)
    at = piece.find(b"\\")
    while 0 <= at < len(piece) - 1:
        changed[at + 1] = ord("x")
        at = piece.find(b"\\", at + 2)
    return bytes(changed)


def _lines(text: bytes) -> Iterator[bytes]:
    """The text in pieces of whole lines: no string of JSON goes beyond its line."""
    at = 0
    while at < len(text):
        end = text.find(b"\n", at + _PIECE) + 1 or len(text)
        yield text[at:end]
        at = end


def in_parts(text: bytes) -> dict[str, Any] | None:
    """The data of a large JSON text, decoded as it is read; None where json must be asked: it is the judge of all errors."""
    if len(text) < LARGE or _has_long_number(text) or is_deep(text):
        return None
    from errlint.load import lazy_json  # 20 ms

    return lazy_json.load(text)


def plain(value: Any) -> Any:
    """The value with a dict for each object that decodes its members when they are read: code in C sees only a dict's own.

    Such objects are the members of a whole document, and the members of these.
    """
    if isinstance(value, dict) and (_is_lazy(value) or any(map(_is_lazy, value.values()))):
        return {key: plain(item) for key, item in value.items()}
    return value


def _is_lazy(value: Any) -> bool:
    return isinstance(value, dict) and value.__class__ is not dict


def _has_long_number(text: bytes) -> bool:
    """Whether so many digits stand in a row that the interpreter may refuse them as a number."""
    half = (sys.get_int_max_str_digits() or len(text)) // 2
    return any(text[at : at + half].isdigit() for at in range(0, len(text), half))


def whole(source: str, uri: str) -> Any:
    """The data of a JSON text (RFC 8259).

    Raises: JSONDecodeError, RecursionError; LoadError for NaN and Infinity, which RFC 8259 forbids, and for huge integers.
    """

    def refuse(constant: str) -> NoReturn:
        raise LoadError(f"{constant} is no JSON number", _find(source, _CONSTANT, uri))

    try:
        return json.loads(source, parse_constant=refuse)
    except json.JSONDecodeError:
        raise
    except ValueError:  # sys.get_int_max_str_digits
        raise LoadError("a number has too many digits", _find(source, _LONG_NUMBER, uri)) from None


def _find(source: str, pattern: re.Pattern[str], uri: str) -> Location:
    """The place of the pattern's first group; its other alternative skips strings."""
    at = next((match.start(1) for match in pattern.finditer(source) if match[1]), 0)
    return Location(uri, (), *place(source, at))


def has_repeats(source: str) -> bool:
    """Whether an object of a JSON text holds a key twice."""
    objects: list[list[tuple[str, Any]]] = []
    json.loads(source, object_pairs_hook=objects.append)
    return sum(map(len, map(dict, objects))) != sum(map(len, objects))


def positions(text: bytes) -> Any:
    if len(text) >= LARGE:
        from errlint.load.positions_raw import RawPositions

        found = RawPositions.of(text)
        if found is not None:
            return found
    return JsonPositions(text.decode())
