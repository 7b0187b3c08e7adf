"""Members that a schema requires and a request may still leave out, because the service fills them in.

A required member that is ``readOnly`` binds the answer only (OpenAPI 3.0.4 section 4.7.24.1), and whatever a request puts
there is often dropped, so nothing about it proves a refusal. One with a ``default`` is often filled in: a body without it
may well be a valid write, so its absence proves none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

MOST_NODES = 20_000

Schema = Mapping[str, Any]


@record
class Fillable:
    """The names of members, at any depth: those that are read-only, and those that have a default."""

    read_only: frozenset[str]
    defaults: frozenset[str]


def fillable(schema: Node, resolve: Resolve) -> Fillable | None:
    """The members that a request may leave out; None where a schema is too large to tell."""
    read_only: set[str] = set()
    defaults: set[str] = set()
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
            for name in (name for name in members.value if isinstance(name, str)):
                member = _child(members, name)
                if _says(member, _is_read_only, resolve):
                    read_only.add(name)
                elif _says(member, _has_default, resolve):
                    defaults.add(name)
    return Fillable(frozenset(read_only), frozenset(defaults))


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


def _is_read_only(value: Schema) -> bool:
    return value.get("readOnly") is True


def _has_default(value: Schema) -> bool:
    return "default" in value


def _says(member: Node, what: Callable[[Schema], bool], resolve: Resolve, depth: int = 0) -> bool:
    """Whether a member's schema says something, itself, through ``$ref`` or in any part that it is made of."""
    if not isinstance(member.value, Mapping) or depth > 5:
        return False
    if what(member.value):
        return True
    lists = [found for key in ("allOf", "anyOf", "oneOf") if (found := member.get(key)) and isinstance(found.value, list)]
    alike = [_child(parts, str(index)) for parts in lists for index in range(len(parts.value))]
    return any(_says(part, what, resolve, depth + 1) for part in (*alike, *_target(member, resolve)))
