"""Changes of a YAML tree as splices of its text: whole lines in block style, between brackets in flow style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from errlint.errors import EditError
from errlint.fixes.tree import Item, Part, plain
from errlint.fixes.write_flow import Splice
from errlint.fixes.write_flow import splices as in_brackets
from errlint.load import yaml_text
from errlint.load.yaml_text import Style

_STATUS = re.compile(r"[1-5](?:[0-9][0-9]|XX)")
_RANGE = re.compile(r"[1-5]XX")
"""It is text for every loader: an exponent has an E."""


def splices(text: str, root: Part) -> list[Splice]:
    """The splices that make the changes. Raises: EditError."""
    return list(_Writer(text, root).container(root))


def style_of(text: str, root: Part) -> Style:
    """How a text is written, by its first nested containers and its quotes."""
    unit, indentless, singles, doubles = 0, None, 0, 0
    waiting = [root]
    while waiting:
        part = waiting.pop(0)
        for item in part.items:
            singles += (item.style == "'") + (item.part.style == "'")
            doubles += (item.style == '"') + (item.part.style == '"')
            below = item.part
            if below.items and not below.flow and not part.flow and part.kind == "mapping":
                if below.kind == "sequence" and indentless is None:
                    indentless = below.column == part.column
                if below.kind == "mapping" and not unit and below.column > part.column:
                    unit = below.column - part.column
            waiting.append(below)
    return Style(unit or 2, bool(indentless), "'" if singles > doubles else '"', "\r\n" if "\r\n" in text else "\n")


def _last(part: Part) -> int:
    """Where the last words of a container end that stay."""
    item = part.kept[-1]
    below = item.part
    if item.new is None and below.items and below.kept and not below.flow:
        return _last(below)
    return item.end


class _Writer:
    def __init__(self, text: str, root: Part) -> None:
        self.text = text
        self.style = style_of(text, root)

    def container(self, part: Part) -> Iterator[Splice]:
        """The splices below and of one container."""
        for item in part.kept:
            yield from self.item(part, item)
        if not part.changed:
            return
        if not part.kept:
            raise EditError("nothing of it would be left")
        if part.flow:
            quote = self._quoted(part)

            def entry(key: str | None, value: Any) -> str:
                written = yaml_text.flow(value, self.style.quote, bool(quote))
                return written if key is None else f"{yaml_text.scalar(key, self.style.quote, True, quote)}: {written}"

            yield from in_brackets(self.text, part, entry, " ")
        else:
            yield from self.away(part)
            yield from self.added(part)

    def _quoted(self, part: Part) -> str:
        """The quote of a container that writes all of its keys, or its texts, in double quotes."""
        styles = {item.style if item.key is not None else item.part.style for item in part.items}
        return '"' if styles == {'"'} else ""

    def item(self, part: Part, item: Item) -> Iterator[Splice]:
        """The splices of a member or item that stays."""
        if item.renamed is not None:
            yield item.at, item.key_end, self.key(part, item.renamed, item.style, part.flow, True)
        below = item.part
        value = [plain(below)] if below.changed and not below.kept else item.new
        if value is None:
            if below.items:
                yield from self.container(below)
        elif part.flow:
            yield self.in_flow(part, item, value[0])
        else:
            yield from self.in_block(part, item, value[0])

    def key(self, part: Part, key: str, style: str, flow: bool, renamed: bool = False) -> str:
        """A key as its siblings are written: a status without quotes only where another one has none.

        ``style`` is the quote of the key that it replaces, if ``renamed``.
        """
        keys = [item for item in part.items if item.key is not None]
        quote = next((item.style for item in keys if item.style), self.style.quote)
        if style:
            return yaml_text.scalar(key, quote, flow, style)
        if _RANGE.fullmatch(key):
            quoted = not renamed and any(item.style for item in keys if _STATUS.fullmatch(str(item.key)))
            return yaml_text.scalar(key, quote, flow, quote) if quoted else key
        if _STATUS.fullmatch(key):
            bare = any(not item.style for item in keys if item.key is not None and item.key.isdigit())
            return key if bare else yaml_text.scalar(key, quote, flow, quote)
        return yaml_text.scalar(key, quote, flow)

    def in_flow(self, part: Part, item: Item, value: Any) -> Splice:
        below = item.part
        if below.named:
            raise EditError("it carries an anchor or a tag")
        if below.start == below.end and item.colon < 0 and item.key is not None:
            raise EditError("its key has no value")
        quoted = '"' if isinstance(value, (dict, list)) and self._quoted(part) else ""
        if isinstance(value, str):
            written = yaml_text.scalar(value, self.style.quote, True, self._quote(below))
        else:
            written = yaml_text.flow(value, self.style.quote, bool(quoted))
        gap = " " if below.start == below.end and below.start == item.colon else ""
        return below.start, below.end, gap + written

    @staticmethod
    def _quote(below: Part) -> str:
        """The quote that a text in the place of another one should have."""
        return below.style if below.style in ("'", '"') else ""

    def in_block(self, part: Part, item: Item, value: Any) -> Iterator[Splice]:
        """The splices that put another value behind a key or a dash."""
        below = item.part
        whole = isinstance(value, (dict, list)) and bool(value)
        if below.named and (whole or below.items):
            raise EditError("it carries an anchor or a tag")
        if item.colon < 0:
            raise EditError("its key is written in an unusual way")
        gap = self.text[item.colon : below.start]
        if whole:
            yield self.lines_at(part, item, value, gap)
            return
        written = yaml_text.flow(value, "", False) if isinstance(value, (dict, list)) else self.leaf(below, value)
        if below.kind != "scalar" and "\n" in gap:
            start = self.eol_before(self.line(below.start))
            yield item.colon, item.colon, f" {written}"
            yield max(start, item.colon), self.eol(below.end), ""
        elif below.start == below.end:
            yield item.colon, item.colon, f" {written}"
        else:
            yield below.start, below.end, written

    def leaf(self, below: Part, value: Any) -> str:
        return yaml_text.scalar(value, self.style.quote, False, self._quote(below))

    def lines_at(self, part: Part, item: Item, value: Any, gap: str) -> Splice:
        """The splice that writes a container in block style behind a key or a dash."""
        below, break_ = item.part, self.style.line
        if part.kind == "sequence":
            if "#" in gap:
                raise EditError("comments stand in the way")
            lines = list(yaml_text.element(value, part.column, self.style))
            return item.at, max(below.end, item.colon), break_.join(lines).lstrip(" ")
        lines = list(yaml_text.block(value, yaml_text.nested(value, part.column, self.style), self.style))
        if "\n" in gap:
            return self.line(below.start), below.end, break_.join(lines)
        return item.colon, max(below.end, item.colon), break_ + break_.join(lines)

    def away(self, part: Part) -> Iterator[Splice]:
        """The splices that take members or items away, each with the lines that are its own."""
        shared = self.text[self.line(part.items[0].at) : part.items[0].at].strip(" ")
        skipped = 0
        if shared and part.items[0].gone:  # it starts on the line of its own dash
            skipped = part.items.index(part.kept[0])
            first, after = part.items[0], part.kept[0]
            if "#" in self.text[part.items[skipped - 1].end : after.at]:
                skipped = 1
                yield first.at, self.eol(first.end), ""
            else:
                yield first.at, after.at, ""
        for item in part.items[skipped:]:
            if item.gone:
                yield self.whole_lines(item)

    def whole_lines(self, item: Item) -> Splice:
        start, end = self.line(item.at), self.eol(item.end)
        if end < len(self.text):
            return start, self.text.find("\n", end) + 1, ""
        return self.eol_before(start), end, ""

    def added(self, part: Part) -> Iterator[Splice]:
        """The splice that writes new members or items behind the last one that stays."""
        if not part.added:
            return
        if part.odd:
            raise EditError(part.odd)
        lines: list[str] = []
        for key, value in part.added:
            if key is None:
                lines += yaml_text.element(value, part.column, self.style)
            else:
                lines += yaml_text.member(self.key(part, key, "", False), value, part.column, self.style)
        at = self.eol(_last(part))
        break_ = self.style.line
        yield at, at, break_ + break_.join(lines)

    def line(self, at: int) -> int:
        """Where the line of an offset starts."""
        return self.text.rfind("\n", 0, at) + 1

    def eol(self, at: int) -> int:
        """Where the line of an offset ends, before its line break."""
        end = self.text.find("\n", at)
        if end < 0:
            return len(self.text)
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def eol_before(self, line: int) -> int:
        """Where the line before the one that starts here ends."""
        if line == 0:
            return 0
        return line - 2 if self.text[line - 2 : line] == "\r\n" else line - 1
