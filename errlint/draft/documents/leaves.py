"""The members that an error schema names, at any depth, by their pointers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from errlint.load.nodes import elements, members
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node, Spec, Unresolved

DEEPEST = 6
"""Tokens of a pointer: no known body has its code deeper."""
MOST = 3_000
"""Schemas that are looked at below one error schema."""

_HERE = ("allOf", "oneOf", "anyOf")
_SAME = ("if", "then", "else")


@record
class Leaf:
    """A member: its pointer, a token ``*`` being any element, and the first schema that names it."""

    pointer: Pointer
    node: Node

    @property
    def name(self) -> str:
        """What it is called; an element of a list by its list."""
        return next((token for token in reversed(self.pointer) if token != "*"), "")


def leaves(schema: Node, spec: Spec) -> tuple[Leaf, ...]:
    """The members below a schema, those nearer to the top first, each once. Recursion is followed once."""
    found: dict[Pointer, Leaf] = {}
    level: list[tuple[Pointer, Node, frozenset[tuple[str, Pointer]]]] = [((), schema, frozenset())]
    seen = 0
    while level and seen < MOST:
        below = []
        for pointer, node, above in level:
            seen += 1
            here = (node.uri, node.pointer)
            if here in above or not isinstance(node.value, dict):
                continue
            if pointer:
                found.setdefault(pointer, Leaf(pointer, node))
            for token, child in _children(node, spec):
                longer = (*pointer, *token)
                if len(longer) <= DEEPEST:
                    below.append((longer, child, above | {here}))
        level = below
    return tuple(sorted(found.values(), key=lambda leaf: len(leaf.pointer)))


def _children(node: Node, spec: Spec) -> Iterator[tuple[Pointer, Node]]:
    """The schemas that a schema is made of: at the same place (no token), at a member, at an element (``*``)."""
    if "$ref" in node.value:
        with suppress(Unresolved):
            yield (), spec.step(node)
    for name in _HERE:
        yield from (((), part) for part in elements(node.get(name)))
    yield from (((), part) for name in _SAME if (part := node.get(name)) is not None)
    yield from (((), part) for part in _heirs(node, spec))
    yield from (((name,), part) for name, part in members(node.get("properties")))
    yield from ((("*",), part) for part in elements(node.get("prefixItems")))
    items = node.get("items")
    if items is not None:
        yield from ((("*",), part) for part in (elements(items) if isinstance(items.value, list) else (items,)))


def _heirs(node: Node, spec: Spec) -> Iterator[Node]:
    """The schemas that a discriminator's mapping names."""
    discriminator = node.get("discriminator")
    for _, named in members(discriminator.get("mapping") if discriminator is not None else None):
        if isinstance(named.value, str) and "#" in named.value:
            try:
                yield spec.resolve(Node(named.uri, named.pointer, {"$ref": named.value}))
            except Unresolved:
                continue
