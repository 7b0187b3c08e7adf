"""Where the members and elements of a JSON text stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from json import decoder
from typing import Any

from errlint.model.pointer import Pointer

# The parser's own scanner tells where a value ends, at C speed and with the parser's own idea of a string.
_scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_scan_string: Any = decoder.scanstring  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\r\n]*")
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")

_Children = dict[str, tuple[int, int]]
_Wanted = dict[str, Any]  # of the same, by token
_NOTHING: _Wanted = {}


class JsonPositions:
    """The offsets of a JSON text's keys and elements, found in one pass over what a batch of pointers leads through.

    ``_known`` holds, by the offset of its bracket, each container entered so far: token -> (its offset, its value's offset).
    """

    __slots__ = ("_known", "_root", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._root = _skip(_SPACE, text, 0)
        self._known: dict[int, _Children] = {}

    def offsets(self, pointers: Iterable[Pointer]) -> dict[Pointer, int]:
        """The offset of the key or element that each pointer names, or of its nearest existing ancestor."""
        asked = list(pointers)
        wanted: _Wanted = {}
        for pointer in asked:
            node = wanted
            for token in pointer:
                node = node.setdefault(token, {})
        if wanted:
            self._enter(self._root, wanted)
        return {pointer: self._offset(pointer) for pointer in asked}

    def _offset(self, pointer: Pointer) -> int:
        offset, value = 0, self._root
        for token in pointer:
            found = self._known.get(value, {}).get(token)
            if found is None:
                break
            offset, value = found
        return offset

    def _enter(self, start: int, wanted: _Wanted) -> int:
        """The end of the value at start, which is entered as far as it is wanted and skipped where not."""
        if not wanted or self.text[start] not in "{[":
            return _end(self.text, start)
        known = self._known.get(start)
        if known is not None:
            for token, deeper in wanted.items():
                if deeper and token in known:
                    self._enter(known[token][1], deeper)
            return start  # the end is asked for only while a container is read for the first time
        # Of a key that comes twice the last one stays, as in the parser's result.
        children: _Children = {}
        at = _skip(_SPACE, self.text, start + 1)
        while self.text[at] not in "}]":
            key, value = _member(self.text, at) if self.text[start] == "{" else (str(len(children)), at)
            children[key] = (at, value)
            at = _skip(_COMMA, self.text, self._enter(value, wanted.get(key, _NOTHING)))
        self._known[start] = children
        return at + 1


def _member(text: str, at: int) -> tuple[str, int]:
    """The key of the member that starts here, and the offset of its value."""
    key, end = _scan_string(text, at + 1, True)
    return key, _skip(_COLON, text, end)


def _end(text: str, start: int) -> int:
    end: int = _scan(text, start)[1]
    return end


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def children(text: str, start: int) -> Iterator[tuple[str, int, int, int]]:
    """(token, its offset, its value's offset, the value's end) of each child of the container at start, repeated keys too."""
    at = _skip(_SPACE, text, start + 1)
    count = 0
    while text[at] not in "}]":
        key, value = _member(text, at) if text[start] == "{" else (str(count), at)
        end = _end(text, value)
        yield key, at, value, end
        count += 1
        at = _skip(_COMMA, text, end)


def repeats(text: str) -> list[tuple[Pointer, int, int]]:
    """(pointer, offset of the first key, offset of the repeated key) of every key that an object holds again."""
    found: list[tuple[Pointer, int, int]] = []
    pending: list[tuple[Pointer, int]] = [((), _skip(_SPACE, text, 0))]
    while pending:
        pointer, start = pending.pop()
        if text[start] not in "{[":
            continue
        first: dict[str, int] = {}
        for key, at, value, _ in children(text, start):
            if key in first:
                found.append(((*pointer, key), first[key], at))
            first.setdefault(key, at)
            pending.append(((*pointer, key), value))
    return sorted(found, key=lambda repeat: repeat[2])
