"""The line of a text that a finding stands in, with a mark below what is meant."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.model.finding import Excerpt
from errlint.report.terminal import DIM, RED, RESET, columns
from errlint.report.visible import visible

GUTTER = 9
"""Columns before the text: the line's number and a bar, so that no CI takes a line for a command."""

LEAST = 30
"""Columns of the text at the least: below that nothing can be read anyway."""

BEFORE = 0.6
"""Share of the room that may stand before what is meant, where a line is cut."""


def quoted(excerpt: Excerpt, line: int, colour: bool, width: int = 0) -> Iterator[str]:
    """The line and its mark; a line that is wider than ``width`` columns (0: any) is cut around what is meant."""
    before, meant, after = _parts(excerpt)
    if width:
        before, meant, after = _fitted(before, meant, after, max(width - GUTTER, LEAST))
    text, mark = before + meant + after, "^" * max(columns(meant), 1)
    gutter, room = f"{line:>6} |", " " * columns(before)
    if colour:
        yield f"{DIM}{gutter}{RESET} {text}"
        yield f"{'':>6} {DIM}|{RESET} {room}{RED}{mark}{RESET}"
    else:
        yield f"{gutter} {text}"
        yield f"{'':>6} | {room}{mark}"


def _parts(excerpt: Excerpt) -> tuple[str, str, str]:
    """What stands before, what is meant, what follows; what the excerpt itself left out is an ellipsis."""
    pieces = (excerpt.text[: excerpt.start], excerpt.text[excerpt.start : excerpt.stop], excerpt.text[excerpt.stop :])
    before, meant, after = (visible(piece.replace("\t", " ")) for piece in pieces)
    return ("…" if excerpt.skipped else "") + before, meant, after + ("…" if excerpt.cut else "")


def _fitted(before: str, meant: str, after: str, room: int) -> tuple[str, str, str]:
    """The three parts in so many columns: what is meant is kept longest."""
    if columns(before + meant + after) <= room:
        return before, meant, after
    meant = _head(meant, room - 2)
    left = room - columns(meant)
    wanted = max(min(columns(before), int(left * BEFORE)), left - columns(after))
    before = _tail(before, wanted)
    return before, meant, _head(after, left - columns(before))


def _head(text: str, room: int) -> str:
    """The start of a text in so many columns, with an ellipsis where it goes on."""
    if columns(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]
    while kept and columns(kept) > room - 1:
        kept = kept[:-1]
    return kept + "…" if room > 0 else ""


def _tail(text: str, room: int) -> str:
    """The end of a text in so many columns, with an ellipsis where it began before."""
    if columns(text) <= room:
        return text
    kept = text[len(text) - max(room - 1, 0) :]
    while kept and columns(kept) > room - 1:
        kept = kept[1:]
    return "…" + kept if room > 0 else ""
