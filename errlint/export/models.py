"""JSON Schemas as the source of pydantic models: what an envelope looks like, for a service's own OpenAPI document."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from typing import Any

from errlint.export.literals import py
from errlint.export.names import pascal
from errlint.match.inline import inlined

PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
DEEPEST = 12
SHADOWED = frozenset(
    (
        *("copy", "dict", "json", "schema", "schema_json", "construct", "validate", "parse_obj", "parse_raw", "parse_file"),
        *("from_orm", "update_forward_refs", "str", "int", "float", "bool", "list", "Any", "Literal", "Field", "ConfigDict"),
    )
)
"""Names of members that a field would hide, or that the annotations of its class need."""


class Models:
    """The classes that are made, as lines of Python, each after those that it uses; ``taken`` are names that none may have."""

    def __init__(self, taken: set[str]) -> None:
        self.lines: list[str] = []
        self.taken = taken

    def model(self, schema: Any, name: str) -> str:
        """The name of the class for an envelope's schema; ``Any`` where it is no object."""
        return self._type(inlined(schema), name, 0)

    def _type(self, schema: Any, name: str, depth: int) -> str:
        if not isinstance(schema, dict) or depth > DEEPEST:
            return "Any"
        listed = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(listed, list) and listed:
            plain = all(value is None or isinstance(value, (str, int)) for value in listed)
            return f"Literal[{', '.join(map(py, listed))}]" if plain else "Any"
        for key in ("oneOf", "anyOf"):
            if isinstance(schema.get(key), list) and "properties" not in schema and "type" not in schema:
                found = [self._type(one, f"{name}{number}", depth + 1) for number, one in enumerate(schema[key], 1)]
                return _union(found)
        written = schema.get("type", "object" if "properties" in schema else None)
        kinds = written if isinstance(written, list) else [written]
        return _union([self._kind(schema, kind, name, depth) for kind in kinds])

    def _kind(self, schema: dict[str, Any], kind: Any, name: str, depth: int) -> str:
        if kind in PLAIN:
            return PLAIN[kind]
        if kind == "array":
            return f"list[{self._type(schema.get('items', True), f'{name}Item', depth + 1)}]"
        if kind == "object" and isinstance(schema.get("properties"), dict) and schema["properties"]:
            return self._class(schema, name, depth)
        return "dict[str, Any]" if kind == "object" else "Any"

    def _class(self, schema: dict[str, Any], name: str, depth: int) -> str:
        own, number = name, 2
        while own in self.taken:
            own, number = f"{name}{number}", number + 1
        self.taken.add(own)
        fields = list(self._fields(schema, own, depth))
        extra = "forbid" if schema.get("additionalProperties") is False else "allow"
        self.lines += [f"class {own}(BaseModel):", f'    model_config = ConfigDict(extra="{extra}")', "", *fields, "", ""]
        return own

    def _fields(self, schema: dict[str, Any], name: str, depth: int) -> Iterator[str]:
        required = schema.get("required", ())
        for number, (member, below) in enumerate(schema["properties"].items(), 1):
            kind = self._type(below, f"{name}{pascal(member)}", depth + 1)
            needed = member in required
            if not needed and kind != "Any" and "None" not in kind.split(" | "):
                kind = f"{kind} | None"
            if _is_field(member):
                yield f"    {member}: {kind}{'' if needed else ' = None'}"
            else:
                default = "" if needed else "default=None, "
                yield f"    member_{number}: {kind} = Field({default}alias={py(member)})"


def _is_field(name: str) -> bool:
    plain = name.isascii() and name.isidentifier() and not keyword.iskeyword(name) and name not in SHADOWED
    return plain and not name.startswith(("_", "model_", "member_"))


def _union(kinds: list[str]) -> str:
    found = list(dict.fromkeys(kinds))
    return "Any" if "Any" in found else " | ".join(found)
