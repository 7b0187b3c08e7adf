"""Offsets of a text as lines and columns."""

from __future__ import annotations

from collections.abc import Iterable


def places(text: str, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """The (line, column) of each offset, both from 1, the column in characters.

    A line ends with LF, CR LF or a lone CR, as editors count. The text is read once, however many offsets are asked for.
    """
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        # Same length, so that every offset keeps its meaning.
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    found: dict[int, tuple[int, int]] = {}
    line, line_start, read = 1, 0, 0
    for offset in sorted(set(offsets)):
        breaks = text.count("\n", read, offset)
        if breaks:
            line += breaks
            line_start = text.rfind("\n", read, offset) + 1
        read = offset
        found[offset] = (line, offset - line_start + 1)
    return found


def place(text: str, offset: int) -> tuple[int, int]:
    """The (line, column) of one offset, both from 1."""
    return places(text, (offset,))[offset]
