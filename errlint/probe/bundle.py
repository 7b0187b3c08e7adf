"""A document for the generator: one piece, no reference that leaves it, no word about credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errlint.model.pointer import Pointer, text
from errlint.model.spec import Node, Spec, Unresolved

HOLDER = "x-errlint-bundled"
NOWHERE = "#/x-errlint-unresolved"

FETCHED = frozenset(("$schema", "externalValue"))
"""What the generator opens by itself, from anywhere on the network: a schema's dialect, an example that lies elsewhere.

They are left out wherever they stand, since a reference may make a schema of any place. A property of such a name has an
object for its value, and stays.
"""


def bundled(spec: Spec) -> dict[str, Any]:
    """The document with the targets of outside references copied in, without ``security`` and what would be FETCHED.

    A reference that cannot be followed points nowhere, so that only its operations are left out. Credentials are put on
    by us: without ``security`` none are generated.
    """
    bundle = _Bundle(spec)
    root = bundle.copy(spec.root)
    while bundle.waiting:
        name, node = bundle.waiting.pop()
        bundle.held[name] = bundle.copy(node)
    if not isinstance(root, dict):
        return {}
    root.pop("security", None)
    for path in _mappings(root.get("paths")):
        for operation in _mappings(path):
            operation.pop("security", None)
    return {**root, HOLDER: bundle.held} if bundle.held else root


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in value.values() if isinstance(item, dict)] if isinstance(value, dict) else []


class _Bundle:
    """What was copied in so far, and what still has to be."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.held: dict[str, Any] = {}
        self.waiting: list[tuple[str, Node]] = []
        self._names: dict[tuple[str, Pointer], str] = {}

    def copy(self, node: Node) -> Any:
        """The value with its outside references turned inward."""
        value = node.value
        if isinstance(value, Mapping):
            return {
                str(key): self._inward(node)
                if key == "$ref" and isinstance(item, str)
                else self.copy(_below(node, str(key), item))
                for key, item in value.items()
                if not (key in FETCHED and isinstance(item, str))
            }
        if isinstance(value, list):
            return [self.copy(_below(node, str(index), item)) for index, item in enumerate(value)]
        return value

    def _inward(self, node: Node) -> str:
        """The reference that stands at a node, as one inside of the bundle."""
        reference: str = node.value["$ref"]
        if reference.startswith("#") and node.uri == self.spec.root.uri:
            return reference
        try:
            target = self.spec.resolve(node)
        except Unresolved:
            return NOWHERE
        if target.uri == self.spec.root.uri:
            return "#" + text(target.pointer)
        key = (target.uri, target.pointer)
        if key not in self._names:
            self._names[key] = f"part{len(self._names)}"
            self.waiting.append((self._names[key], target))
        return f"#/{HOLDER}/{self._names[key]}"


def _below(node: Node, token: str, value: Any) -> Node:
    return Node(node.uri, (*node.pointer, token), value)
