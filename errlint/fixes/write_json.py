"""Changes of a JSON tree as splices of its text, in the style of what stands around them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from errlint.errors import EditError
from errlint.fixes.tree import Item, Part, plain
from errlint.fixes.write_flow import Splice
from errlint.fixes.write_flow import splices as in_brackets


def splices(text: str, root: Part) -> list[Splice]:
    """The splices that make the changes. Raises: EditError."""
    return list(_Writer(text, root).container(root))


class _Writer:
    def __init__(self, text: str, root: Part) -> None:
        self.text = text
        self.line = "\r\n" if "\r\n" in text else "\n"
        first = root.items[0] if root.items else None
        lead = text[root.start + 1 : first.at] if first else ""
        self.unit = lead.rpartition("\n")[2] if "\n" in lead else "" if "\n" not in text.strip() else "  "
        spaced = first is not None and text[first.colon : first.colon + 1] in (" ", "\n", "\r")
        self.colon = ": " if spaced or self.unit else ":"
        self.comma = ", " if self.colon == ": " else ","
        self.ascii = text.isascii() and "\\u" in text

    def container(self, part: Part) -> Iterator[Splice]:
        """The splices below and of one container."""
        for item in part.kept:
            yield from self.item(item)
        if part.changed:
            yield from in_brackets(self.text, part, lambda key, value: self.entry(part, key, value), self.comma[1:])

    def item(self, item: Item) -> Iterator[Splice]:
        if item.renamed is not None:
            yield item.at, item.key_end, self.string(item.renamed)
        below = item.part
        value = [plain(below)] if below.changed and not below.kept else item.new
        if value is not None:
            yield below.start, below.end, self.value(value[0], self.indent(item))
        elif below.items:
            yield from self.container(below)

    def entry(self, part: Part, key: str | None, value: Any) -> str:
        written = self.value(value, self.indent(part.items[-1]))
        if key is None:
            return written
        sibling = part.items[-1]
        colon = self.text[sibling.key_end : sibling.part.start]
        return self.string(key) + (colon if "\n" not in colon else self.colon) + written

    def indent(self, item: Item) -> str | None:
        """The white space before an entry that starts its line; None where the container stands on one line."""
        before = self.text[self.text.rfind("\n", 0, item.at) + 1 : item.at]
        return before if self.unit and not before.strip(" \t") else None

    def string(self, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            return json.dumps(value)
        return json.dumps(value, ensure_ascii=self.ascii)

    def value(self, value: Any, indent: str | None) -> str:
        """A value whose entry has this indentation; on one line where it is None."""
        lines = indent is not None and bool(self.unit)
        try:
            written = json.dumps(
                value,
                ensure_ascii=self.ascii,
                allow_nan=False,
                indent=self.unit if lines else None,
                separators=(",", ": ") if lines else (self.comma, self.colon),
            )
            written.encode()
        except UnicodeEncodeError:
            raise EditError("the text holds half a surrogate pair") from None
        except ValueError:
            raise EditError("the number cannot be written") from None
        return written.replace("\n", self.line + (indent or ""))
