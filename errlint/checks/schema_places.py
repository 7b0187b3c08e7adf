"""The schemas within an error schema: each once, with the place of a body where it holds."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.match.keywords import children, elements, subschema
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

MOST = 2_000
DEEPEST = 6


@record
class Place:
    """A schema, and the first pointer into a body at which it holds (``*`` for an element of an array)."""

    pointer: Pointer
    node: Node


def places(schema: Node, step: Resolve) -> tuple[Place, ...]:
    """The schemas that judge a body or something in it, outside in, at most 2,000; ``not`` excludes, so it is left out."""
    waiting = [Place((), schema)]
    seen = {(schema.uri, schema.pointer)}
    for place in waiting:  # which grows meanwhile: it is a walk in breadth
        for below in _below(place, step):
            name = (below.node.uri, below.node.pointer)
            if name not in seen and len(waiting) < MOST and len(below.pointer) <= DEEPEST:
                seen.add(name)
                waiting.append(below)
    return tuple(waiting)


def _below(place: Place, step: Resolve) -> Iterator[Place]:
    node, at = place.node, place.pointer
    if not isinstance(node.value, dict):
        return
    if isinstance(node.value.get("$ref"), str):
        target = followed(node, step)
        if target is not None:
            yield Place(at, target)
    for keyword in ("allOf", "oneOf", "anyOf"):
        yield from (Place(at, child) for child in elements(node, keyword))
    for keyword in ("then", "else"):
        child = subschema(node, keyword)
        if child is not None:
            yield Place(at, child)
    for name, child in children(node, "properties"):
        yield Place((*at, name), child)
    items = subschema(node, "items")
    if items is not None:
        yield Place((*at, "*"), items)
    extra = subschema(node, "additionalProperties")
    if extra is not None:
        yield Place((*at, "*"), extra)


def followed(node: Node, step: Resolve) -> Node | None:
    """What a ``$ref`` names, None where it leads nowhere or to itself."""
    try:
        target = step(Node(node.uri, node.pointer, {"$ref": node.value["$ref"]}))
    except Unresolved:
        return None
    return None if target.location == node.location else target
