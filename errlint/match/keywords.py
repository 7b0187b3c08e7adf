"""The keywords of JSON Schema as OpenAPI's dialects write them: which there are, and what stands at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from errlint.model.claim import JSON_TYPES
from errlint.model.finding import Location
from errlint.model.spec import Node

TYPES: Mapping[str, frozenset[str]] = {name: frozenset((name,)) for name in JSON_TYPES} | {
    "number": frozenset(("number", "integer"))
}
NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
LENGTHS = ("minLength", "maxLength")
KNOWN = "x-extensible-enum"
"""The values that an open set has so far, by the common extension: it narrows nothing."""
VALUES = frozenset(("type", "enum", "const", "pattern", *NUMBERS, *LENGTHS))
OBJECTS = frozenset(("properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"))
ARRAYS = frozenset(("items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems"))
COMBINED = frozenset(("allOf", "anyOf", "oneOf", "not", "if"))
# Keywords that narrow in ways that are not followed.
WIDENED = frozenset(
    (
        "dependentSchemas",
        "dependentRequired",
        "dependencies",
        "contains",
        "propertyNames",
        "unevaluatedItems",
        "maxProperties",
        "$dynamicRef",
        "$recursiveRef",
    )
)
SPOKEN = VALUES | OBJECTS | ARRAYS | COMBINED | WIDENED | {"unevaluatedProperties"}
"""Every keyword that narrows; ``$ref`` aside. The others annotate."""


def types_of(value: Mapping[str, Any], dialect: str) -> frozenset[str] | None:
    """The types that ``type`` admits, all where there is none; None where it is no JSON Schema.

    ``nullable`` adds null where ``type`` stands beside it (OpenAPI 3.0.3, proposal "Clarify Nullable"); 2.0 has the
    common extension ``x-nullable``.
    """
    if "type" not in value:
        return JSON_TYPES
    written = value["type"]
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name in TYPES for name in names):
        return None
    types = frozenset[str]().union(*(TYPES[name] for name in names))
    return types | TYPES["null"] if is_nullable(value, dialect) else types


def is_nullable(value: Mapping[str, Any], dialect: str) -> bool:
    """Whether the dialect's word for null stands in a schema."""
    word = {"3.0": "nullable", "2.0": "x-nullable"}.get(dialect)
    return word is not None and value.get(word) is True


def bounds(node: Node) -> tuple[tuple[str, Any, Location], ...]:
    """The bounds on strings and numbers, each with its place. Draft 4's boolean exclusiveMinimum is written out.

    The known values of an open set stand among them, each by itself: they bound nothing.
    """
    value = node.value
    found: list[tuple[str, Any, Location]] = []
    if isinstance(value.get("pattern"), str):
        found.append(("pattern", value["pattern"], node.child("pattern").location))
    for keyword in (*NUMBERS, *LENGTHS):
        bound = value.get(keyword)
        if isinstance(bound, (int, float)) and not isinstance(bound, bool):
            exclusive = "exclusive" + keyword.capitalize()
            name = exclusive if value.get(exclusive) is True else keyword
            found.append((name, bound, node.child(keyword).location))
    found.extend((KNOWN, known.value, known.location) for known in elements(node, KNOWN) if _is_scalar(known.value))
    return tuple(found)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def children(node: Node, keyword: str) -> list[tuple[str, Node]]:
    """The schemas by name under a keyword such as ``properties``; none where it holds something else."""
    found = node.get(keyword)
    if found is None or not isinstance(found.value, dict):
        return []
    return [(str(name), Node(node.uri, (*found.pointer, str(name)), value)) for name, value in found.value.items()]


def elements(node: Node, keyword: str) -> Iterator[Node]:
    """The elements under a keyword such as ``allOf``; none where it holds something else."""
    found = node.get(keyword)
    if found is not None and isinstance(found.value, list):
        for index, value in enumerate(found.value):
            yield Node(node.uri, (*found.pointer, str(index)), value)


def subschema(node: Node, keyword: str) -> Node | None:
    """The schema under a keyword, None where there is none or something else."""
    found = node.get(keyword)
    return found if found is not None and isinstance(found.value, (dict, bool)) else None
