"""Members that a schema requires and a request may still leave out, because the service fills them in.

A required member that is ``readOnly`` binds the answer only (OpenAPI 3.0.4 section 4.7.24.1), and one with a ``default`` is
often filled in: a body without it may well be a valid write, so its absence proves no refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from errlint.model.spec import Node, Resolve, Unresolved

MOST_NODES = 20_000


def fillable(schema: Node, resolve: Resolve) -> frozenset[str] | None:
    """The names of the members, at any depth, that a request may leave out; None where a schema is too large to tell."""
    names: set[str] = set()
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        place = (node.uri, node.pointer)
        if place in seen:
            continue
        seen.add(place)
        if len(seen) > MOST_NODES:
            return None
        waiting += _below(node, resolve)
        members = node.get("properties")
        if members is not None and isinstance(members.value, Mapping):
            names.update(str(name) for name in members.value if _is_filled_in(_child(members, str(name)), resolve))
    return frozenset(names)


def _child(node: Node, token: str) -> Node:
    value = node.value[int(token)] if isinstance(node.value, list) else node.value[token]
    return Node(node.uri, (*node.pointer, token), value)


def _below(node: Node, resolve: Resolve) -> Iterator[Node]:
    """What stands below a node, and what its reference leads to."""
    if isinstance(node.value, Mapping):
        yield from (_child(node, str(key)) for key in node.value if isinstance(key, str) and key not in ("example", "examples"))
        yield from _target(node, resolve)
    elif isinstance(node.value, list):
        yield from (_child(node, str(index)) for index in range(len(node.value)))


def _target(node: Node, resolve: Resolve) -> Iterator[Node]:
    """What a node's ``$ref`` leads to, whatever stands beside it."""
    reference = node.value.get("$ref")
    if isinstance(reference, str):
        try:
            target = resolve(Node(node.uri, node.pointer, {"$ref": reference}))
        except Unresolved:
            return
        if (target.uri, target.pointer) != (node.uri, node.pointer):
            yield target


def _is_filled_in(member: Node, resolve: Resolve, depth: int = 0) -> bool:
    """Whether a member is read-only or has a default, itself, through ``$ref`` or through ``allOf``."""
    if not isinstance(member.value, Mapping) or depth > 5:
        return False
    if member.value.get("readOnly") is True or "default" in member.value:
        return True
    parts = member.get("allOf")
    alike = [_child(parts, str(i)) for i in range(len(parts.value))] if parts and isinstance(parts.value, list) else []
    return any(_is_filled_in(part, resolve, depth + 1) for part in (*alike, *_target(member, resolve)))


def relaxed(schema: Any, names: Set[str]) -> Any:
    """A JSON Schema that does not require the named members."""
    if isinstance(schema, Mapping):
        loose = {key: relaxed(value, names) for key, value in schema.items()}
        if isinstance(loose.get("required"), list):
            loose["required"] = [name for name in loose["required"] if name not in names]
        return loose
    return [relaxed(item, names) for item in schema] if isinstance(schema, list) else schema
