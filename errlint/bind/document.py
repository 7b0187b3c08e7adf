"""One declared response as a document of its own, for libraries that read documents: nothing in it leads outside."""

from __future__ import annotations

from typing import Any

from errlint.model.finding import Location
from errlint.model.spec import Node, Resolve, Unresolved

DEEPEST = 100
MOST_NODES = 20_000
VERSIONS = {"3.0": "3.0.3", "3.1": "3.1.0"}
UNCHECKED: Any = None
"""openapi-core's word for taking a document without validating it; its annotation does not know it."""
PATH, METHOD, MEDIA_TYPE = "/", "get", "application/json"


class Unwritable(Exception):  # noqa: N818 -- no fault: the answer is "unknown"
    """The schema cannot be written down: a reference leads nowhere, or it is too large."""


def of_schema(schema: Node, resolve: Resolve, dialect: str) -> dict[str, Any]:
    """A document whose one operation (``GET /``) answers everything with this schema, as JSON. Raises: Unwritable."""
    copy = _Copy(resolve)
    whole = copy.of(schema, 0)
    while copy.waiting:
        name, node = copy.waiting.pop()
        copy.held[name] = copy.of(node, 0)
    content = {MEDIA_TYPE: {"schema": whole}}
    return {
        "openapi": VERSIONS[dialect],
        "info": {"title": "", "version": ""},
        "paths": {PATH: {METHOD: {"responses": {"default": {"description": "", "content": content}}}}},
        "components": {"schemas": copy.held},
    }


class _Copy:
    """What was copied so far, and what still has to be."""

    def __init__(self, resolve: Resolve) -> None:
        self.held: dict[str, Any] = {}
        self.waiting: list[tuple[str, Node]] = []
        self._resolve = resolve
        self._names: dict[Location, str] = {}
        self._written = 0

    def of(self, node: Node, depth: int) -> Any:
        """The value at a node, its references turned inward. Raises: Unwritable."""
        self._written += 1
        if depth > DEEPEST or self._written > MOST_NODES:
            raise Unwritable
        value = node.value
        if isinstance(value, list):
            return [self.of(Node(node.uri, (*node.pointer, str(n)), item), depth + 1) for n, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        return {
            key: self._inward(node) if key == "$ref" and isinstance(item, str) else self._member(node, key, item, depth)
            for key, item in value.items()
            if not _is_discriminator(key, item)
        }

    def _member(self, node: Node, key: Any, item: Any, depth: int) -> Any:
        return self.of(Node(node.uri, (*node.pointer, str(key)), item), depth + 1)

    def _inward(self, node: Node) -> str:
        """The reference that stands at a node, as one inside of the document."""
        try:
            target = self._resolve(Node(node.uri, node.pointer, {"$ref": node.value["$ref"]}))
        except Unresolved:
            raise Unwritable from None
        name = self._names.get(target.location)
        if name is None:
            name = self._names[target.location] = f"part{len(self._names)}"
            self.waiting.append((name, target))
        return f"#/components/schemas/{name}"


def _is_discriminator(key: Any, item: Any) -> bool:
    """Whether a member is a Discriminator Object: its mapping names schemas in its own way, and it excludes nothing."""
    return key == "discriminator" and isinstance(item, dict) and isinstance(item.get("propertyName"), str)
