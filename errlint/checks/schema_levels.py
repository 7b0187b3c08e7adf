"""What schemas say together of one object: its members, whether others may stand there, and its elements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from errlint.checks.schema_places import followed
from errlint.match.keywords import children, elements, subschema
from errlint.match.patterns import found_in
from errlint.model.record import field, mutable
from errlint.model.spec import Node, Resolve

MOST_SCHEMAS = 200
ANYTHING = Node("", (), True)


@mutable
class Level:
    """What schemas say together of the members of one object.

    ``free`` is true where it may have any, or where that cannot be told; ``closed`` where they forbid others.
    """

    members: dict[str, list[Node]] = field(default_factory=dict)
    patterns: list[tuple[str, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    free: bool = False
    closed: bool = False

    def knows(self, name: str) -> bool:
        """Whether a member of that name is listed."""
        return name in self.members or any(found_in(pattern, name) is not False for pattern, _ in self.patterns)

    def below(self, name: str) -> list[Node]:
        """The schemas of a member: one that admits anything, where it is not listed and others may stand there."""
        found = [*self.members.get(name, ()), *(child for pattern, child in self.patterns if found_in(pattern, name))]
        return found or ([ANYTHING] if self.free else [])


def level(schemas: Sequence[Node], step: Resolve) -> Level:
    """What schemas that judge one place say of an object there; every branch counts, whichever is met."""
    found = Level()
    waiting, listed = list(schemas), False
    seen = {(node.uri, node.pointer) for node in waiting}
    for node in waiting:  # which grows meanwhile
        if not isinstance(node.value, dict) or len(waiting) > MOST_SCHEMAS:
            found.free = found.free or node.value is not False
            continue
        for below in _beside(node, step, found):
            if (below.uri, below.pointer) not in seen:
                seen.add((below.uri, below.pointer))
                waiting.append(below)
        listed = _read(node, found) or listed
    found.free = found.free or not listed
    return found


def _beside(node: Node, step: Resolve, found: Level) -> Iterator[Node]:
    """The schemas that judge the same place."""
    if isinstance(node.value.get("$ref"), str):
        target = followed(node, step)
        if target is not None:
            yield target
        else:
            found.free = True
    for keyword in ("allOf", "oneOf", "anyOf"):
        yield from elements(node, keyword)
    for keyword in ("if", "then", "else"):
        child = subschema(node, keyword)
        if child is not None:
            yield child
    for _, child in children(node, "dependentSchemas"):
        yield child


def _read(node: Node, found: Level) -> bool:
    """Adds what one schema says of members; whether it lists any."""
    value = node.value
    for name, child in children(node, "properties"):
        found.members.setdefault(name, []).append(child)
    found.patterns += children(node, "patternProperties")
    required = value.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str):
            found.members.setdefault(name, [])
    items = subschema(node, "items")
    found.items += [items] if items is not None else []
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if value.get(keyword) is False:
            found.closed = True
        elif keyword in value:
            found.free = True
    return bool(found.members or found.patterns or found.closed)
