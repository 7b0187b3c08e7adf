"""Schemas with their local references written out: what reads an envelope's shape by its keywords follows none."""

from __future__ import annotations

from typing import Any

from errlint.model import pointer as pointers

DEEPEST = 40
"""References within references, before the rest is anything."""
MOST_SCHEMAS = 5_000
_SCHEMA = frozenset(
    (
        "additionalProperties",
        "not",
        "if",
        "then",
        "else",
        "contains",
        "propertyNames",
        "items",
        "unevaluatedItems",
        "unevaluatedProperties",
    )
)
_LIST = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_MAP = frozenset(("properties", "patternProperties", "dependentSchemas"))
_SILENT = frozenset(("$comment", "$defs", "default", "definitions", "deprecated", "description", "examples", "title"))


def inlined(schema: Any) -> Any:
    """The schema with each ``#/...`` replaced by what it leads to; one that leads back to itself admits anything.

    A schema without references is returned as it is. References to other documents stay as they are.
    """
    return _Inliner(schema).write(schema, ()) if _refers(schema) else schema


def _refers(value: Any) -> bool:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "$ref" in item:
                return True
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False


class _Inliner:
    """Writes one schema out; ``trail`` are the references that are being followed."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = MOST_SCHEMAS

    def write(self, schema: Any, trail: tuple[str, ...]) -> Any:
        self._left -= 1
        if not isinstance(schema, dict):
            return schema
        if self._left < 0:
            return True
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            return self._keywords(schema, trail)
        own = self._keywords({name: value for name, value in schema.items() if name != "$ref"}, trail)
        target = self._target(reference, trail)
        if _SILENT.issuperset(own):
            return target
        return own if target is True else {**own, "allOf": [*own.get("allOf", ()), target]}

    def _target(self, reference: str, trail: tuple[str, ...]) -> Any:
        if reference in trail or len(trail) >= DEEPEST or reference[1:2] not in ("", "/"):
            return True
        try:
            fragment = reference[1:]
            if "%" in fragment:
                from urllib.parse import unquote  # start-up: hardly any reference is percent-encoded

                fragment = unquote(fragment)
            found = pointers.get(self._root, pointers.parse(fragment))
        except KeyError:
            return True
        return self.write(found, (*trail, reference))

    def _keywords(self, schema: dict[str, Any], trail: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword in _SCHEMA and isinstance(value, dict):
                found[keyword] = self.write(value, trail)
            elif keyword in _LIST and isinstance(value, list):
                found[keyword] = [self.write(below, trail) for below in value]
            elif keyword in _MAP and isinstance(value, dict):
                found[keyword] = {name: self.write(below, trail) for name, below in value.items()}
            else:
                found[keyword] = value
        return found
