"""Where the members and elements of a large JSON text stand, in bytes: msgspec skips a value at a gigabyte a second."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw

from errlint.load.positions_json import children
from errlint.model.pointer import Pointer

_SPACE = re.compile(rb"[ \t\r\n]*")
_NEXT = re.compile(rb"[ \t\r\n,]*")
_MEMBER = re.compile(rb'[ \t\r\n,]*("([^"\\]*(?:\\.[^"\\]*)*)")[ \t\r\n]*:[ \t\r\n]*')

_Child = tuple[int, int, int]  # the offsets of a key or element, of its value, and of the value's end
_Children = dict[str, _Child]


class RawPositions:
    """The offsets, in bytes, of a JSON text's keys and elements; a container is read when a pointer first leads through it.

    msgspec cuts a container into its values without decoding them: their lengths tell where each begins.
    """

    __slots__ = ("_known", "_root", "text")

    def __init__(self, text: bytes) -> None:
        """Raises: MsgspecError where msgspec refuses the text."""
        self.text = text
        start = _past(_SPACE, text, 0)
        self._root: _Child = (0, start, len(text))
        self._known: dict[int, _Children] = {}

    @classmethod
    def of(cls, text: bytes) -> RawPositions | None:
        """The positions in a text; None where msgspec refuses it."""
        found = cls(text)
        try:
            found._open(*found._root[1:])
        except (msgspec.MsgspecError, RecursionError):
            return None
        return found

    def offsets(self, pointers: Iterable[Pointer]) -> dict[Pointer, int]:
        """The offset of the key or element that each pointer names, or of its nearest existing ancestor."""
        return {pointer: self._offset(pointer) for pointer in pointers}

    def _offset(self, pointer: Pointer) -> int:
        offset, start, end = self._root
        for token in pointer:
            child = self._open(start, end).get(token)
            if child is None:
                break
            offset, start, end = child
        return offset

    def _open(self, start: int, end: int) -> _Children:
        known = self._known.get(start)
        if known is None:
            known = self._known[start] = self._children(start, end)
        return known

    def _children(self, start: int, end: int) -> _Children:
        text = self.text
        whole = memoryview(text)[start:end]
        if text[start] == ord("{"):
            found = _members(text, start + 1, _decoder(dict[str, Raw]).decode(whole))
            return found if found is not None else _scanned(text, start, end)
        if text[start] == ord("["):
            return _elements(text, start + 1, _decoder(list[Raw]).decode(whole))
        return {}


@lru_cache(maxsize=2)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _members(text: bytes, at: int, values: dict[str, Raw]) -> _Children | None:
    """The members of an object by name; None where a name comes twice: then the lengths tell nothing."""
    found: _Children = {}
    for key, raw in values.items():
        match = _MEMBER.match(text, at)
        if match is None or (match[2] != key.encode() and _key(match) != key):
            return None
        value = match.end()
        at = value + len(raw)
        found[key] = (match.start(1), value, at)
    return found if text.startswith(b"}", _past(_NEXT, text, at)) else None


def _elements(text: bytes, at: int, values: list[Raw]) -> _Children:
    found: _Children = {}
    for index, raw in enumerate(values):
        start = _past(_NEXT, text, at)
        at = start + len(raw)
        found[str(index)] = (start, start, at)
    return found


def _scanned(text: bytes, start: int, end: int) -> _Children:
    """The members of an object that names one twice: of those the last one stays, as in the parser's result."""
    # One character for each byte, so that the offsets stay true.
    source = text[start:end].decode("latin-1")
    found: _Children = {}
    for key, at, value, stop in children(source, 0):
        match = None if key.isascii() else _MEMBER.match(text, start + at)
        found[_key(match) if match else key] = (start + at, start + value, start + stop)
    return found


def _key(match: re.Match[bytes]) -> str:
    key: str = msgspec.json.decode(match[1])
    return key


def _past(pattern: re.Pattern[bytes], text: bytes, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
