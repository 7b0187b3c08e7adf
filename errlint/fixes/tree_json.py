"""The tree of a JSON text."""

from __future__ import annotations

import json
import re
from json import decoder
from typing import Any

from errlint.fixes.tree import Item, Part, Tree

_scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_scan_string: Any = decoder.scanstring  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\r\n]*")


def tree(text: str) -> Tree:
    """The tree of a text that is valid JSON."""
    return Tree(_part(text, _skip(text, 0)), lambda part: False)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _part(text: str, start: int) -> Part:
    if text[start] not in "{[":
        value, end = _scan(text, start)
        return Part("scalar", start, end, value, style='"' if text[start] == '"' else "")
    part = Part("mapping" if text[start] == "{" else "sequence", start, start, flow=True)
    at = _skip(text, start + 1)
    while text[at] not in "}]":
        item = _item(text, at, part.kind == "mapping")
        part.items.append(item)
        at = _skip(text, item.part.end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    part.end = at + 1
    return part


def _item(text: str, at: int, member: bool) -> Item:
    if not member:
        return Item(None, at, at, -1, _part(text, at))
    key, end = _scan_string(text, at + 1, True)
    colon = _skip(text, end) + 1
    return Item(key, at, end, colon, _part(text, _skip(text, colon)), '"')
