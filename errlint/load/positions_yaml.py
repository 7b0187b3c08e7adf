"""Where the keys and items of a YAML text stand.

In a block mapping whose keys start at column n only its keys, dashes and comments start a line at exactly column n: what
belongs to a value is indented deeper. So one search over the mapping's lines lists its keys. A list is believed only if it
names exactly the keys that the parser found; else PyYAML's own places are taken, of that part of the text or of all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from errlint.errors import LoadError
from errlint.load.positions_nodes import children as node_children
from errlint.model.pointer import Pointer

_KEY = re.compile(
    r"""(?:"([^"\\\n]*)"|'((?:[^'\n]|'')*)'|([^\s"'#&*!|>%@`?:,\[\]{}\-][^\n]*?|[?:\-][^\s][^\n]*?))"""
    r"""[ \t]*:(?=[ \t\r\n]|\Z)"""
)
_DASH = re.compile(r"-(?=[ \r\n]|\Z)")
_NO_MORE = re.compile(r"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_BLANK = r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*"
# What may stand before the first line of a document that errlint accepts: directives, comments, one `---`.
_PROLOG = re.compile(rf"(?:%[^\n]*\n|[ \t]*(?:#[^\n]*)?\r?\n)*(?:---[ \t]*(?:[ \t]#[^\n]*)?\r?\n{_BLANK})?")
# The rest of a key's line, if the value starts on a later one: properties, a comment.
_LINE_REST = re.compile(rf"(?:[ \t]+[&!][^\s]*)*[ \t]*(?:(?<=[ \t])#[^\n]*)?\r?\n{_BLANK}")
_NOT_INDEXED = frozenset("&!*?{[|>")


class Slot(NamedTuple):
    """A key or item: its offset, its own column from 0, where its value may start, and where the next one begins.

    ``node`` is set where PyYAML read the value; ``base`` makes that node's marks offsets in the text.
    """

    offset: int
    column: int
    value: int
    end: int
    dash: bool = False
    node: Any = None
    base: int = 0


_Slots = dict[str, Slot]


class YamlPositions:
    """The offsets of a YAML text's keys and items; containers are read when a pointer first leads through them."""

    __slots__ = ("_data", "_exact", "_exact_slots", "_root", "_slots", "text")

    def __init__(self, text: str, data: Any) -> None:
        self.text = text
        self._data = data
        self._root = Slot(0, -1, 0, len(text))
        self._slots: dict[Pointer, _Slots | None] = {}
        self._exact: Slot | None = None
        self._exact_slots: dict[Pointer, _Slots | None] = {}

    def offsets(self, pointers: Iterable[Pointer]) -> dict[Pointer, int]:
        """The offset of the key or item that each pointer names, or of its nearest existing ancestor."""
        return {pointer: self._offset(pointer) for pointer in pointers}

    def _offset(self, pointer: Pointer) -> int:
        offset, known = self._follow(pointer, self._root, self._slots)
        if known:
            return offset
        if self._exact is None:
            self._exact = self._composed(self._root) or self._root
        if self._exact.node is None:
            return offset
        return self._follow(pointer, self._exact, self._exact_slots)[0]

    def _follow(self, pointer: Pointer, slot: Slot, cache: dict[Pointer, _Slots | None]) -> tuple[int, bool]:
        """The offset reached, and whether it is the answer; if not, the text was not understood further on."""
        value = self._data
        for depth, token in enumerate(pointer):
            parent = value
            if isinstance(parent, dict) and token in parent:
                value = parent[token]
            elif isinstance(parent, list) and token.isascii() and token.isdigit() and int(token) < len(parent):
                value, token = parent[int(token)], str(int(token))
            else:
                return slot.offset, True
            at = pointer[:depth]
            if at not in cache:
                cache[at] = self._open(slot, parent)
            child = (cache[at] or {}).get(token)
            if child is None:
                return slot.offset, False
            slot = child
        return slot.offset, True

    def _open(self, slot: Slot, value: Any) -> _Slots | None:
        if slot.node is not None:
            found = node_children(slot.node, self.text, slot.base)
            return {token: Slot(child.offset, 0, 0, 0, False, child.node, slot.base) for token, child in found.items()}
        slots = list_slots(self.text, slot, isinstance(value, list))
        if slots is not None and _agree(slots, value):
            return slots
        if slot is self._root:
            return None
        composed = self._composed(slot)
        slots = None if composed is None else self._open(composed, value)
        return slots if slots is not None and _agree(slots, value) else None

    def _composed(self, slot: Slot) -> Slot | None:
        """The slot with the node that PyYAML makes of its value alone, None where that part does not stand alone."""
        from errlint.load.yaml_nodes import compose

        line = self.text.rfind("\n", 0, slot.value) + 1
        try:
            # Spaces for what precedes the value on its line keep its columns.
            node, _ = compose(" " * (slot.value - line) + self.text[slot.value : slot.end])
        except LoadError:
            return None
        return None if node is None else slot._replace(node=node, base=line)


def _agree(slots: _Slots, value: Any) -> bool:
    """Whether the places found are those of exactly the children that the parser found; merge keys may bring more."""
    if isinstance(value, dict):
        return slots.keys() == value.keys() or ("<<" in slots and slots.keys() - {"<<"} <= value.keys())
    return len(slots) == len(value)


def list_slots(text: str, slot: Slot, is_list: bool) -> _Slots | None:
    """The children of a block mapping or sequence, by token; None where its lines do not tell, or tell a key twice."""
    first, column = _first(text, slot)
    if first < 0 or first >= slot.end or text[first] in _NOT_INDEXED:
        return None
    if column < slot.column or (column == slot.column and (slot.dash or not is_list)):
        return None
    starts = [first, *(match.end() for match in _line(column).finditer(text, first, slot.end))]
    if column == 0:
        last = next((number for number, at in enumerate(starts) if _NO_MORE.match(text, at)), len(starts))
        ends = [*starts, slot.end][1 : last + 1]
        starts = starts[:last]
    else:
        ends = [*starts[1:], slot.end]
    return _items(text, starts, ends, column) if is_list else _keys(text, starts, ends, column)


@lru_cache(maxsize=256)
def _line(column: int) -> re.Pattern[str]:
    # Written out, the line break and the spaces are a literal prefix, which the engine searches for many times faster.
    return re.compile("\n" + " " * column + r"(?=[^ \t\r\n#])")


def _first(text: str, slot: Slot) -> tuple[int, int]:
    """(offset, column) of the first word of a value that starts on a line of its own or after a dash; -1 for others."""
    if slot.dash:
        at = _past_spaces(text, slot.value)
        if text[at : at + 1] not in ("", "\r", "\n", "#"):
            return at, slot.column + 1 + at - slot.value
    rest = (_PROLOG if slot.column < 0 else _LINE_REST).match(text, slot.value)
    if rest is None:
        return -1, 0
    at = _past_spaces(text, rest.end())
    return at, at - rest.end()


def _past_spaces(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at


def _keys(text: str, starts: Sequence[int], ends: Sequence[int], column: int) -> _Slots | None:
    found: _Slots = {}
    key = ""
    for at, end in zip(starts, ends, strict=True):
        if _DASH.match(text, at):
            if not key:
                return None
            found[key] = found[key]._replace(end=end)  # an item of the sequence that is the key's value
            continue
        match = _KEY.match(text, at)
        if match is None:
            return None
        double, single, plain = match.groups()
        key = double if double is not None else single.replace("''", "'") if single is not None else plain
        if key in found:
            return None
        found[key] = Slot(at, column, match.end(), end)
    return found


def _items(text: str, starts: Sequence[int], ends: Sequence[int], column: int) -> _Slots | None:
    found: _Slots = {}
    for at, end in zip(starts, ends, strict=True):
        if not _DASH.match(text, at):
            return None
        slot = Slot(at, column, at + 1, end, dash=True)
        first, _ = _first(text, slot)
        found[str(len(found))] = slot._replace(offset=first) if 0 <= first < end else slot
    return found
