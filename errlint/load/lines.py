"""Offsets of a text as lines and columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_CONTINUATION = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that begin no character."""


def places(text: str | bytes, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """The (line, column) of each offset, both from 1, the column in characters; offsets in UTF-8 bytes count bytes.

    A line ends with LF, CR LF or a lone CR, as editors count. The text is read once, however many offsets are asked for.
    """
    source: Any = text
    cr, lf, crlf, blank = ("\r", "\n", "\r\n", " \n") if isinstance(text, str) else (b"\r", b"\n", b"\r\n", b" \n")
    if cr in source and source.count(cr) != source.count(crlf):
        # Same length, so that every offset keeps its meaning.
        source = source.replace(crlf, blank).replace(cr, lf)
    found: dict[int, tuple[int, int]] = {}
    line, column, read = 1, 1, 0
    for offset in sorted(set(offsets)):
        breaks = source.count(lf, read, offset)
        if breaks:
            line, column = line + breaks, 1
            read = source.rfind(lf, read, offset) + 1
        column += _characters(source, read, offset)
        read = offset
        found[offset] = (line, column)
    return found


def _characters(text: str | bytes, start: int, end: int) -> int:
    if isinstance(text, str):
        return end - start
    piece = text[start:end]
    return len(piece) if piece.isascii() else len(piece.translate(None, _CONTINUATION))


def place(text: str, offset: int) -> tuple[int, int]:
    """The (line, column) of one offset, both from 1."""
    return places(text, (offset,))[offset]
