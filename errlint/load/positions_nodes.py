"""Where the keys and items of composed YAML nodes stand: exact for every style, at the price of composing the text."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from errlint.load.yaml_nodes import PLAIN, merged
from errlint.model.pointer import Pointer

# What may stand between two items before an alias: PyYAML gives an alias's node the anchor's place, not its own.
_ALIAS = re.compile(r"(?:[\s,\[{:?\-]|#[^\n]*)*(\*[^\s,\[\]{}]+)")


class Child(NamedTuple):
    """A key or item: its offset, and the node that it holds."""

    offset: int
    node: Any


def children(node: Any, text: str, base: int = 0) -> dict[str, Child]:
    """The children of a mapping or sequence by token; ``base`` is what to add to the marks to get offsets in the text.

    Merge keys are followed: a key that they bring in stands where the anchored mapping has it. Of a key that comes twice the
    last one counts.
    """
    if node.id == "sequence":
        return {str(index): Child(at, item) for index, (at, item) in enumerate(_items(node, text, base))}
    if node.id != "mapping":
        return {}
    found: dict[str, Child] = {}
    brought: dict[str, Child] = {}
    for (at, key), value in zip(_items(node, text, base), (pair[1] for pair in node.value), strict=True):
        if key.id != "scalar":
            continue
        if key.value == "<<" and key.tag == PLAIN:
            for source in merged(value):
                if source.id == "mapping":
                    for token, child in children(source, text, base).items():
                        brought.setdefault(token, child)
                else:
                    brought.setdefault("<<", Child(at, value))
        found[key.value] = Child(at, value)
    if "<<" not in brought and any(key.value == "<<" and key.tag == PLAIN for key, _ in node.value):
        found.pop("<<", None)
    return {**brought, **found}


def _items(node: Any, text: str, base: int) -> list[tuple[int, Any]]:
    """(offset, node) of each item of a sequence, or of each key of a mapping."""
    found: list[tuple[int, Any]] = []
    read = node.start_mark.index + base
    for item in node.value:
        parts = (item,) if node.id == "sequence" else item
        for number, part in enumerate(parts):
            at = part.start_mark.index + base
            end = part.end_mark.index + base
            if at < read:  # the node was read before: an alias stands here
                alias = _ALIAS.match(text, read)
                at, end = alias.span(1) if alias is not None else (read, read)
            elif node.id == "sequence" and at == end and text[at - 1 : at] == "-":
                at -= 1  # an item without a word: its dash is its place
            if number == 0:
                found.append((at, part))
            read = end
    return found


def repeats(root: Any, text: str) -> list[tuple[Pointer, int, int]]:
    """(pointer, offset of the first key, offset of the repeated key) of every key that a mapping holds again."""
    found: list[tuple[Pointer, int, int]] = []
    seen: set[int] = set()
    pending: list[tuple[Pointer, Any]] = [((), root)]
    while pending:
        pointer, node = pending.pop()
        if node.id == "scalar" or id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "sequence":
            pending += [((*pointer, str(index)), item) for index, item in enumerate(node.value)]
            continue
        first: dict[str, int] = {}
        for (at, key), (_, value) in zip(_items(node, text, 0), node.value, strict=True):
            if key.id == "scalar" and not (key.value == "<<" and key.tag == PLAIN):
                if key.value in first:
                    found.append(((*pointer, key.value), first[key.value], at))
                first.setdefault(key.value, at)
            pending.append(((*pointer, str(getattr(key, "value", ""))), value))
    return sorted(found, key=lambda repeat: repeat[2])
