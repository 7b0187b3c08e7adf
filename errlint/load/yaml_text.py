"""Plain data as YAML text that every loader reads the same, YAML 1.1 or 1.2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from errlint.errors import EditError
from errlint.model.record import record

_PLAIN = re.compile(r"[A-Za-z_/$][\w./()' +-]*(?: [\w./()'+;-]+)*", re.ASCII)
_ODD_SIGNS = "\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffe\uffff"
"""What YAML forbids, what ends a line in one of its versions, what a screen obeys (bidirectional and zero-width controls)."""

_INNER = rf"[^\x00-\x1f#:{_ODD_SIGNS}]*"
_PLAIN_BLOCK = re.compile(rf"[A-Za-z_/($]{_INNER}(?::(?=\S){_INNER})*")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_ODD = re.compile(f"[{_ODD_SIGNS}]")


@record
class Style:
    """How a text is written: spaces a level, whether dashes stand under their key, its quote, its line break."""

    unit: int = 2
    indentless: bool = False
    quote: str = '"'
    line: str = "\n"


def scalar(value: Any, quote: str, flow: bool = False, prefer: str = "") -> str:
    """A scalar on one line; ``prefer`` is the quote that it should have if any will do. Raises: EditError."""
    if isinstance(value, str):
        return _string(value, quote, flow, prefer)
    if value is None or isinstance(value, (bool, int, float)):
        try:
            return json.dumps(value, allow_nan=False)
        except ValueError:
            raise EditError("the number cannot be written") from None
    raise EditError("it is no scalar")


def _string(value: str, quote: str, flow: bool, prefer: str) -> str:
    pattern = _PLAIN if flow else _PLAIN_BLOCK
    bare = pattern.fullmatch(value) and value == value.strip() and not value.endswith(":") and value.lower() not in _WORDS
    if bare and not prefer:
        return value
    quote = prefer or quote
    if quote == "'" and value.isprintable() and not _ODD.search(value):
        return "'" + value.replace("'", "''") + "'"
    return double(value)


def double(value: str) -> str:
    """A text in double quotes. Raises: EditError for half a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise EditError("the text holds half a surrogate pair") from None
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def flow(value: Any, quote: str, quoted: bool) -> str:
    """A value in brackets on one line; ``quoted`` puts every text in double quotes, as JSON does."""
    prefer = '"' if quoted else ""
    if isinstance(value, dict):
        members = (f"{_key(key, quote, True, prefer)}: {flow(item, quote, quoted)}" for key, item in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, quote, quoted) for item in value) + "]"
    return scalar(value, quote, True, prefer)


def _key(key: str, quote: str, in_flow: bool, prefer: str = "") -> str:
    return scalar(key, quote, in_flow, prefer)


def member(key: str, value: Any, column: int, style: Style) -> Iterator[str]:
    """The lines of a member of a block mapping at a column, the key already written."""
    pad = " " * column
    if not isinstance(value, (dict, list)) or not value:
        yield f"{pad}{key}: {_leaf(value, style)}"
        return
    yield f"{pad}{key}:"
    yield from block(value, nested(value, column, style), style)


def nested(value: Any, column: int, style: Style) -> int:
    """The column of the keys or dashes of a value below a key."""
    return column if isinstance(value, list) and style.indentless else column + style.unit


def block(value: Any, column: int, style: Style) -> Iterator[str]:
    """The lines of a container that holds something, its keys or dashes at a column."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from member(_key(key, style.quote, False), below, column, style)
        return
    for below in value:
        yield from element(below, column, style)


def element(value: Any, column: int, style: Style) -> Iterator[str]:
    """The lines of an item of a block sequence whose dashes stand at a column."""
    pad = " " * column
    if not isinstance(value, (dict, list)) or not value:
        yield f"{pad}- {_leaf(value, style)}"
        return
    lines = list(block(value, column + 2, style))
    yield f"{pad}- {lines[0].lstrip(' ')}"
    yield from lines[1:]


def _leaf(value: Any, style: Style) -> str:
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    return scalar(value, style.quote)
