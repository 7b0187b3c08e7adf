"""A smallest value of a schema that refers to itself or to much: references are followed where a required member needs them."""

from __future__ import annotations

from typing import Any

from errlint.match.bodies import BLANKS, MOST_ITEMS
from errlint.model import pointer as pointers

DEEPEST = 60
MOST = 2_000
"""Schemas that are looked at."""


class TooMuch(Exception):  # noqa: N818 -- no fault: nothing was found, which proves nothing
    """The value is too deep or too large."""


def smallest(whole: Any) -> Any:
    """A value of a JSON Schema whose references are its own (``#/$defs/...``): required members only, the first of each choice.

    Patterns, formats and lengths are not looked at: a candidate, which a validator must confirm. Raises: TooMuch.
    """
    return _Maker(whole).value(whole, 0)


class _Maker:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = MOST

    def value(self, schema: Any, depth: int) -> Any:
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise TooMuch
        if not isinstance(schema, dict):
            return {}
        for key in ("const", "enum", "default", "examples"):
            if key in schema:
                listed = schema[key]
                if key in ("const", "default") or (isinstance(listed, list) and listed):
                    return listed if key in ("const", "default") else listed[0]
        parts = [self._target(schema["$ref"])] if isinstance(schema.get("$ref"), str) else []
        parts += schema["allOf"] if isinstance(schema.get("allOf"), list) else []
        parts += [schema[key][0] for key in ("oneOf", "anyOf") if isinstance(schema.get(key), list) and schema[key]]
        found = [self.value(part, depth + 1) for part in parts]
        kinds = schema.get("type")
        if kinds is None and found and not any(key in schema for key in ("properties", "required", "items")):
            return self._united(found)
        own = self._own(schema, kinds if isinstance(kinds, str) else kinds[0] if kinds else "object", depth)
        return self._united([*found, own])

    def _own(self, schema: dict[str, Any], kind: str, depth: int) -> Any:
        if kind == "object":
            known = schema.get("properties", {})
            return {name: self.value(known.get(name, {"type": "string"}), depth + 1) for name in schema.get("required", ())}
        if kind == "array":
            fewest = min(int(schema.get("minItems", 0)), MOST_ITEMS)
            return [self.value(schema.get("items", True), depth + 1)] * fewest
        if kind in ("integer", "number"):
            return max(BLANKS[kind], schema.get("minimum", 0))
        return BLANKS.get(kind)

    def _united(self, values: list[Any]) -> Any:
        if all(isinstance(value, dict) for value in values):
            return {name: item for value in values for name, item in value.items()}
        return values[0]

    def _target(self, reference: str) -> Any:
        try:
            return pointers.get(self._root, pointers.parse(reference.removeprefix("#")))
        except KeyError:
            raise TooMuch from None
