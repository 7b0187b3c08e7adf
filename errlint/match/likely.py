"""A body as a schema means it: every member that it lists, with values that say no more than their type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.match.keywords import children, elements, subschema, types_of
from errlint.model.claim import JSON_TYPES
from errlint.model.spec import Node, Spec, Unresolved

DEEPEST = 4
MOST_BRANCHES = 8
MOST_SCHEMAS = 4000
TEXT = "text"
"""A made text: an envelope's constant may stand in its place."""
BLANK = {"string": TEXT, "integer": 400, "number": 400, "boolean": False, "null": None}
FIRST = ("object", "array", "string", "integer", "number", "boolean", "null")
NOTHING = object()


def bodies(schema: Node, spec: Spec) -> tuple[Any, ...]:
    """The bodies that a schema means: one for each branch of a oneOf or anyOf at its top, each written once."""
    maker = _Maker(spec)
    top = list(maker.parts(schema, whole=False))
    branches = [branch for part in top for keyword in ("oneOf", "anyOf") for branch in elements(part, keyword)][:MOST_BRANCHES]
    made = [maker.body([*top, *maker.parts(branch)]) for branch in branches] or [maker.body(top)]
    return tuple(body for number, body in enumerate(made) if body is not NOTHING and body not in made[:number])


class _Maker:
    """Makes the bodies of one schema."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._left = MOST_SCHEMAS

    def parts(self, node: Node, depth: int = 0, *, whole: bool = True) -> Iterator[Node]:
        """The schema objects that hold together at one place: behind references, in allOf, and the first of each choice."""
        self._left -= 1
        if depth > 2 * DEEPEST or self._left < 0 or not isinstance(node.value, dict):
            return
        if "$ref" in node.value:
            try:
                yield from self.parts(self._spec.step(node), depth + 1, whole=whole)
            except Unresolved:
                return
        yield node
        for below in elements(node, "allOf"):
            yield from self.parts(below, depth + 1, whole=whole)
        for keyword in ("oneOf", "anyOf") if whole else ():
            for below in list(elements(node, keyword))[:1]:
                yield from self.parts(below, depth + 1)

    def body(self, parts: list[Node], depth: int = 0) -> Any:
        """A value that these schemas mean together; NOTHING where they say nothing, or nest without end."""
        if depth > DEEPEST or not parts:
            return NOTHING
        for part in parts:
            listed = part.value.get("enum")
            if "const" in part.value or (isinstance(listed, list) and listed):
                return part.value["const"] if "const" in part.value else listed[0]
        kind = self._kind(parts)
        if kind == "object":
            return self._object(parts, depth)
        if kind == "array":
            items = [item for part in parts if (item := subschema(part, "items")) is not None]
            made = self.body([one for item in items for one in self.parts(item)], depth + 1)
            return [] if made is NOTHING else [made]
        return BLANK[kind]

    def _kind(self, parts: list[Node]) -> str:
        types = JSON_TYPES.intersection(*(types_of(part.value, self._spec.dialect) or JSON_TYPES for part in parts))
        if types == JSON_TYPES:
            return "object" if any("properties" in part.value for part in parts) else "string"
        return next((name for name in FIRST if name in types), "string")

    def _object(self, parts: list[Node], depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        named: dict[str, list[Node]] = {}
        for part in parts:
            for name, child in children(part, "properties"):
                named.setdefault(str(name), []).append(child)
        for name, schemas in named.items():
            made = self.body([one for schema in schemas for one in self.parts(schema)], depth + 1)
            if made is not NOTHING:
                found[name] = made
        return found
