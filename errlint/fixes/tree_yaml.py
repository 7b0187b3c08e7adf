"""The tree of a YAML text, from PyYAML's events: they tell aliases, styles and the exact place of everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from errlint.errors import EditError
from errlint.fixes.tree import Item, Part, Tree
from errlint.load.yaml_nodes import hide

_NAMED = re.compile(r"(?:[&!][^\s]*(?:\s+|\Z)|#[^\n]*\n\s*)*")
_COLON = re.compile(r"[ \t]*:")
_COMMENT = re.compile(r"(?:^|[ \t\r\n,\[\]{}])#")


def tree(text: str, data: Any) -> Tree:
    """The tree of a YAML text that was read as this data. Raises: EditError where the two cannot be laid on each other."""
    import yaml

    if re.search(r"\r(?!\n)", text):
        raise EditError("its lines end with a bare carriage return")
    base: Any = getattr(yaml, "CLoader", yaml.SafeLoader)
    builder = _Builder(text, yaml.parse(hide(text), Loader=base))
    try:
        root = builder.root(data)
    except (KeyError, IndexError, TypeError, StopIteration, yaml.YAMLError):
        raise EditError("its YAML is not understood well enough to change it") from None
    return Tree(root, builder.commented)


class _Builder:
    def __init__(self, text: str, events: Iterator[Any]) -> None:
        self.text = text
        self.events = events
        self.anchors: dict[str, Part] = {}

    def root(self, data: Any) -> Part:
        for event in self.events:
            if type(event).__name__ == "DocumentStartEvent":
                return self.part(next(self.events), data)
        raise EditError("it is empty")

    def part(self, event: Any, data: Any, empty: int = -1) -> Part:
        """The part that an event starts; ``empty`` is the place of a value that has no text."""
        kind = type(event).__name__
        if kind == "AliasEvent":
            part = Part("alias", event.start_mark.index, event.end_mark.index)
            part.target = self.anchors[event.anchor]
            return part
        part = self.scalar(event, data, empty) if kind == "ScalarEvent" else self.container(event, data)
        part.named = bool(event.anchor or event.tag)
        return part

    def _start(self, event: Any, end: int) -> int:
        start: int = event.start_mark.index
        if event.anchor or event.tag:
            match = _NAMED.match(self.text, start, end)
            start = match.end() if match else start
        return start

    def scalar(self, event: Any, data: Any, empty: int) -> Part:
        end: int = event.end_mark.index
        start = self._start(event, end)
        style = event.style or ""
        if style in ("|", ">"):
            end = self._block_end(start, end)
        elif not style:
            while end > start and self.text[end - 1].isspace():
                end -= 1
        if start >= end and not (event.anchor or event.tag) and empty >= 0:
            start = end = empty
        part = Part("scalar", start, end, data, style)
        if event.anchor:
            self.anchors[event.anchor] = part
        return part

    def _block_end(self, start: int, end: int) -> int:
        """Where a block scalar's last line ends, without its line break; ``+`` keeps the empty lines behind it."""
        header = self.text[start : self.text.find("\n", start)]
        while end > start and self.text[end - 1] in " \t":
            end -= 1
        if "+" in header.partition("#")[0] and self.text[end - 1] == "\n":
            return end - 2 if self.text[end - 2] == "\r" else end - 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return end

    def container(self, event: Any, data: Any) -> Part:
        mapping = type(event).__name__ == "MappingStartEvent"
        part = Part("mapping" if mapping else "sequence", event.start_mark.index, event.end_mark.index)
        part.flow = bool(event.flow_style)
        if event.anchor:
            self.anchors[event.anchor] = part
        if part.flow:
            part.start = self._start(event, len(self.text))
        (self._members if mapping else self._elements)(part, event, data)
        return part

    def _members(self, part: Part, start: Any, data: dict[str, Any]) -> None:
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                part.end = event.end_mark.index
                break
            part.items.append(self._member(part, event, data))
        if not part.flow:
            part.start, part.end = part.items[0].at, part.items[-1].end
            part.column = self._column(part.items[0].at)
            if "\t" in self.text[self._line(part.start) : part.start]:
                part.odd = "it is indented with tabs"

    def _member(self, part: Part, event: Any, data: dict[str, Any]) -> Item:
        if type(event).__name__ != "ScalarEvent":
            raise EditError("a key of it is no plain word")
        at, end = event.start_mark.index, event.end_mark.index
        while end > at and not event.style and self.text[end - 1].isspace():
            end -= 1
        colon = _COLON.match(self.text, end)
        merge = event.value == "<<" and not event.style and not event.tag
        if event.anchor or event.tag or (colon is None and not part.flow):
            part.odd = "a key of it is written in an unusual way"
        behind = colon.end() if colon else -1
        value = data.get("<<") if merge else data[event.value]
        below = self.part(next(self.events), value, behind if colon else end)
        return Item(event.value, at, end, behind, below, event.style or "", merge)

    def _elements(self, part: Part, start: Any, data: list[Any]) -> None:
        at = self._start(start, len(self.text))
        part.column = self._column(at)
        for index, event in enumerate(self.events):
            if type(event).__name__ == "SequenceEndEvent":
                part.end = event.end_mark.index
                break
            dash = -1 if part.flow else self._dash(event.start_mark.index, part.column)
            below = self.part(event, data[index], event.end_mark.index if part.flow else dash + 1)
            where = below.start if part.flow else dash
            if part.flow and below.named:
                where = event.start_mark.index
            part.items.append(Item(None, where, where, dash + 1 if dash >= 0 else -1, below))
        if not part.flow:
            part.start, part.end = part.items[0].at, part.items[-1].end

    def _dash(self, at: int, column: int) -> int:
        """The offset of the dash before an item: at the sequence's column, on its line or one above."""
        line = self._line(at)
        while True:
            here = line + column
            if (
                self.text[here : here + 1] == "-"
                and here <= at
                and self.text[here + 1 : here + 2] in ("", " ", "\t", "\r", "\n")
            ):
                return here
            if line == 0:
                raise EditError("its lists are written in an unusual way")
            line = self._line(line - 1)

    def _line(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _column(self, at: int) -> int:
        return at - self._line(at)

    def commented(self, part: Part) -> bool:
        """Whether comments stand between the words of a container."""
        at = part.start
        for start, end in _words(part):
            if _COMMENT.search(self.text, max(at - 1, 0), start):
                return True
            at = max(at, end)
        end = part.end if part.flow else self.text.find("\n", part.end) % (len(self.text) + 1)
        return _COMMENT.search(self.text, max(at - 1, 0), end) is not None


def _words(part: Part) -> Iterator[tuple[int, int]]:
    """The spans of a container's keys and scalars, in the order of the text."""
    for item in part.items:
        if item.key is not None:
            yield item.at, item.key_end
        if item.part.kind in ("scalar", "alias"):
            yield item.part.start, item.part.end
        else:
            yield from _words(item.part)
