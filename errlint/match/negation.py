"""What ``not`` leaves, and ``if`` where it does not hold: by De Morgan, one cube for each way to break the schema."""

from __future__ import annotations

from typing import Protocol

from errlint.match.cube import HERE, OBJECT, UNKNOWN, Choice, Cube, Tails, identity, split
from errlint.match.keywords import SPOKEN, children, types_of
from errlint.match.lattice import few, settled
from errlint.model.claim import JSON_TYPES
from errlint.model.spec import Node

DEEPEST = 20
_FOLLOWED = frozenset(("type", "enum", "const", "properties", "required"))


class Reader(Protocol):
    """Reads schemas into cubes (``domain``)."""

    dialect: str

    def choice(self, node: Node, tails: Tails, whole: bool) -> Choice: ...

    def follow(self, node: Node) -> Node | None: ...


def refuted(reader: Reader, node: Node, tails: Tails, whole: bool, depth: int = 0) -> Choice:
    """What may stand where a schema does not hold; anything, inexact, where its keywords are not followed here."""
    value = node.value
    if isinstance(value, bool):
        return () if value else (Cube(),)
    if not isinstance(value, dict) or depth > DEEPEST:
        return UNKNOWN
    spoken = SPOKEN & value.keys()
    if "$ref" in value:
        target = reader.follow(node)
        if target is None or (spoken and reader.dialect == "3.1"):
            return UNKNOWN
        return refuted(reader, target, tails, whole, depth + 1)
    types = types_of(value, reader.dialect)
    if types is None or not spoken <= _FOLLOWED:
        return UNKNOWN
    ways: list[Cube] = []
    if "const" in value or "enum" in value:
        values = [cube.finite for cube in reader.choice(node, HERE, False)]
        ways.append(Cube(excluded=frozenset(identity(item) for finite in values for item, _ in finite or ())))
    elif types != JSON_TYPES:
        ways.append(Cube(types=JSON_TYPES - types))
    return few(ways + _members(reader, node, tails, whole, depth))


def _members(reader: Reader, node: Node, tails: Tails, whole: bool, depth: int) -> list[Cube]:
    """The ways to break what a schema says of members: only an object can."""
    required = node.value.get("required")
    demands = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
    properties = dict(children(node, "properties"))
    if not whole:
        return [Cube(types=OBJECT, exact=False)] if demands or properties else []
    asked = split(tails)
    ways: list[Cube | None] = []
    for name in dict.fromkeys((*properties, *demands)):
        below = asked.get(name, HERE)
        broken = refuted(reader, properties[name], below, any(below), depth + 1) if name in properties else ()
        # A member that is required and has a schema is missing, or breaks the schema: both are one way.
        must = frozenset(() if name in demands else (name,))
        ways.append(settled(Cube(types=OBJECT, demands=must, members={name: broken})))
    return [way for way in ways if way is not None]
