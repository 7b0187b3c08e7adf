"""What an envelope's schema allows, without a solver: its constants, room for a role, and a smallest body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from errlint.match.inline import inlined
from errlint.model import pointer as pointers
from errlint.model.catalog import Envelope
from errlint.model.pointer import Pointer

DEEPEST = 40
BLANKS: dict[str, Any] = {"string": "x", "integer": 400, "number": 400, "boolean": False, "null": None}


MOST_ITEMS = 100
"""A made body has no more items than this, whatever a schema asks for."""


def constants(envelope: Envelope) -> dict[Pointer, Any]:
    """The members that an envelope's schema fixes to one value, outside of its roles."""
    roles = {pointer for place in envelope.roles.values() for pointer in place.pointers}
    return {at: value for at, value in _constants(inlined(envelope.schema), ()) if at not in roles}


def _constants(schema: Any, at: Pointer) -> Iterator[tuple[Pointer, Any]]:
    if not isinstance(schema, dict) or len(at) > DEEPEST:
        return
    if "const" in schema:
        yield at, schema["const"]
    for name, below in schema.get("properties", {}).items():
        yield from _constants(below, (*at, name))
    for below in schema.get("allOf", ()):
        yield from _constants(below, at)


def leaves_room(schema: Any, pointer: Pointer, types: tuple[str, ...], root: Any = None, depth: int = 0) -> bool:
    """Whether a value of one of these JSON types (none given: any) may stand at a pointer. False only where it is sure."""
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict) or depth > DEEPEST:
        return True
    root = schema if root is None else root

    def below(part: Any, rest: Pointer) -> bool:
        return leaves_room(part, rest, types, root, depth + 1)

    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        try:
            if not below(pointers.get(root, pointers.parse(reference[1:])), pointer):
                return False
        except KeyError:
            return True
    if not all(below(part, pointer) for part in schema.get("allOf", ())):
        return False
    if not all(any(below(part, pointer) for part in schema[key]) for key in ("anyOf", "oneOf") if schema.get(key)):
        return False
    if not pointer:
        return _typed(schema, types)
    return _steps(schema, pointer, below)


def _steps(schema: dict[str, Any], pointer: Pointer, below: Any) -> bool:
    token, rest = pointer[0], pointer[1:]
    written = _types(schema)
    if token == "*":
        as_list = (not written or "array" in written) and below(schema.get("items", True), rest)
        return as_list or ((not written or "object" in written) and below(schema.get("additionalProperties", True), rest))
    if written and "object" not in written:
        return "array" in written and token.isdigit()
    if token in schema.get("properties", {}):
        return bool(below(schema["properties"][token], rest))
    if any(re.search(name, token) for name in schema.get("patternProperties", {})):
        return True
    return schema.get("additionalProperties", True) is not False


def _types(schema: dict[str, Any]) -> set[str]:
    written = schema.get("type", [])
    found = {written} if isinstance(written, str) else set(written)
    return found | {"integer"} if "number" in found else found


def _typed(schema: dict[str, Any], types: tuple[str, ...]) -> bool:
    written = _types(schema)
    return not types or not written or bool(written & set(types)) or ("number" in types and "integer" in written)


def minimal(schema: Any) -> Any:
    """A smallest value of a schema: required members only, constants as written. Patterns and formats are not looked at."""
    return _minimal(inlined(schema), 0)


def _minimal(schema: Any, depth: int) -> Any:
    if not isinstance(schema, dict) or depth > DEEPEST:
        return {}
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    for key in ("enum", "examples"):
        if schema.get(key):
            return schema[key][0]
    for key in ("oneOf", "anyOf"):
        if schema.get(key) and "type" not in schema:
            return _minimal(schema[key][0], depth + 1)
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "array":
        return [_minimal(schema.get("items", True), depth + 1)] * min(max(int(schema.get("minItems", 0)), 0), MOST_ITEMS)
    if kind != "object":
        return max(BLANKS[kind], int(schema.get("minimum", 0))) if kind in ("integer", "number") else BLANKS.get(kind)
    known = schema.get("properties", {})
    body = {name: _minimal(known.get(name, {"type": "string"}), depth + 1) for name in schema.get("required", ())}
    for part in schema.get("allOf", ()):
        found = _minimal(part, depth + 1)
        body |= found if isinstance(found, dict) else {}
    return body


def placed(body: Any, pointer: Pointer, value: Any) -> Any:
    """A copy of a body with a value at a pointer; a ``*`` is the first element."""
    if not pointer:
        return value
    token, rest = pointer[0], pointer[1:]
    if token == "*":
        first = body[0] if isinstance(body, list) and body else {}
        return [placed(first, rest, value), *(body[1:] if isinstance(body, list) else ())]
    members = body if isinstance(body, dict) else {}
    return {**members, token: placed(members.get(token, {}), rest, value)}
