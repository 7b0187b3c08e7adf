"""A JSON Schema (2020-12) in the words of an OpenAPI dialect: what it cannot say is left out, which only widens it."""

from __future__ import annotations

from typing import Any

SILENT = frozenset(("$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "x-errlint", "not", "title"))
"""What a document's own schemas do not need, or (``not``) what tells an envelope from others and no reader wants."""

IN_30 = frozenset(
    (
        *(
            "type",
            "properties",
            "required",
            "items",
            "enum",
            "const",
            "description",
            "format",
            "default",
            "pattern",
            "examples",
        ),
        *(
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
        ),
        *("multipleOf", "additionalProperties", "allOf", "oneOf", "anyOf", "deprecated", "readOnly", "writeOnly"),
    )
)
IN_20 = IN_30 - {"oneOf", "anyOf", "deprecated", "writeOnly"}


def translated(schema: Any, dialect: str, keep: frozenset[str] = frozenset()) -> Any:
    """The schema as a document of this dialect (2.0, 3.0, 3.1) writes it; ``keep`` names keywords to write all the same."""
    if not isinstance(schema, dict):
        return schema if dialect == "3.1" else {}
    kept = {key: value for key, value in schema.items() if key not in SILENT or key in keep}
    if dialect != "3.1":
        kept = {key: value for key, value in kept.items() if key in (IN_20 if dialect == "2.0" else IN_30) or key in keep}
        kept = _older(kept, dialect)
    return {key: _below(key, value, dialect, keep) for key, value in kept.items()}


def _below(key: str, value: Any, dialect: str, keep: frozenset[str]) -> Any:
    if key in ("properties", "patternProperties", "dependentSchemas") and isinstance(value, dict):
        return {name: translated(one, dialect, keep) for name, one in value.items()}
    if key in ("allOf", "anyOf", "oneOf", "prefixItems") and isinstance(value, list):
        return [translated(one, dialect, keep) for one in value]
    if key in ("items", "not") or (key == "additionalProperties" and isinstance(value, dict)):
        return translated(value, dialect, keep)
    return value


def _older(schema: dict[str, Any], dialect: str) -> dict[str, Any]:
    """The keywords that 3.0 and 2.0 write otherwise: constants, several types, null, examples."""
    found = dict(schema)
    if "const" in found:
        found["enum"] = [found.pop("const")]
    if isinstance(found.get("type"), list):
        others = [kind for kind in found["type"] if kind != "null"]
        if "null" in found["type"]:
            found["x-nullable" if dialect == "2.0" else "nullable"] = True
        found.pop("type")
        if len(others) == 1:
            found = {"type": others[0], **found}
        elif others and dialect == "3.0" and "anyOf" not in found:
            found["anyOf"] = [{"type": kind} for kind in others]
    examples = found.pop("examples", None)
    if isinstance(examples, list) and examples:
        found["example"] = examples[0]
    return found
