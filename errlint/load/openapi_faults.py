"""The references below a schema that lead nowhere. Each subschema is looked at once, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.load.nodes import elements, members
from errlint.model.spec import Node, Resolve, Unresolved

MOST_SUBSCHEMAS = 200_000

_SINGLE = (
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "additionalItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_MAPS = ("properties", "patternProperties", "dependentSchemas")


class SchemaFaults:
    """The broken references of a document's schemas, found as the schemas are asked for."""

    def __init__(self, resolve: Resolve, dialect: str) -> None:
        self._resolve = resolve
        self._siblings = dialect == "3.1"
        # By identity: an alias or a shared component is one value, and the documents outlive this walk.
        self._seen: set[int] = set()

    def below(self, schema: Node) -> Iterator[Unresolved]:
        """The faults in a schema and all that it reaches, those that were told before left out; a cycle is no fault."""
        rest = [schema]
        while rest and len(self._seen) < MOST_SUBSCHEMAS:
            node = rest.pop()
            if not isinstance(node.value, dict) or id(node.value) in self._seen:
                continue
            self._seen.add(id(node.value))
            if "$ref" in node.value:
                try:
                    rest.append(self._resolve(node))
                except Unresolved as fault:
                    if not fault.cycle:
                        yield fault
                if not self._siblings:
                    continue
            rest.extend(_subschemas(node))


def _subschemas(node: Node) -> Iterator[Node]:
    value = node.value
    for key in _SINGLE:
        if isinstance(value.get(key), dict):
            yield node.child(key)
    for key in _LISTS:
        yield from elements(node.get(key))
    for key in _MAPS:
        for _, below in members(node.get(key)):
            yield below
