"""Members and items between brackets, taken away and added: JSON, and YAML's flow style, where comments may stand between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from errlint.errors import EditError
from errlint.fixes.tree import Item, Part

Splice = tuple[int, int, str]
"""(start, end, text): what stands there, and what stands there instead."""

_COMMA = re.compile(r"\s*,")


def splices(text: str, part: Part, entry: Callable[[str | None, object], str], space: str) -> Iterator[Splice]:
    """The splices of a container in brackets that keeps something; ``space`` stands behind a comma where nothing tells."""
    if not part.kept:
        raise EditError("nothing of it would be left")
    last = part.kept[-1]
    added = "".join(_separator(text, part, space) + entry(key, value) for key, value in part.added)
    for run in _runs(part.items):
        before = part.items[run[0] - 1] if run[0] else None
        after = part.items[run[-1] + 1] if run[-1] + 1 < len(part.items) else None
        if after is not None:
            yield _middle(text, part.items[run[0]], part.items[run[-1]], after)
        elif before is not None:
            first, end = part.items[run[0]].at, part.items[run[-1]].end
            if "#" in text[before.end : first]:
                comma = _COMMA.match(text, end)
                yield before.end, before.end, added
                yield first, comma.end() if comma else end, ""
            else:
                yield before.end, end, added
            added = ""
    if added:
        yield last.end, last.end, added


def _middle(text: str, first: Item, last: Item, after: Item) -> Splice:
    """What takes a run of entries away that something follows: up to there, but not the comments in between."""
    if "#" not in text[last.end : after.at]:
        return first.at, after.at, ""
    comma = _COMMA.match(text, last.end)
    if comma is None:
        raise EditError("comments stand in the way")
    return first.at, comma.end(), ""


def _runs(items: list[Item]) -> Iterator[list[int]]:
    """The runs of neighbours that are gone, as lists of their numbers."""
    run: list[int] = []
    for number, item in enumerate(items):
        if item.gone:
            run.append(number)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _separator(text: str, part: Part, space: str) -> str:
    """What stands between two entries, as its siblings have it."""
    if len(part.items) > 1:
        between = text[part.items[-2].end : part.items[-1].at]
        if "#" not in between and between.count(",") == 1:
            return between
        lines = between.splitlines()
        if len(lines) > 1:
            return "," + ("\r\n" if "\r\n" in between else "\n") + " " * (len(lines[-1]) - len(lines[-1].lstrip()))
        return "," + space
    lead = text[part.start + 1 : part.items[0].at]
    if "#" in lead:
        return "," + space
    return "," + (lead or space)
