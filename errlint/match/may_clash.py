"""Whether a schema has keywords that could exclude others: a cheap look before the proof that they do."""

from __future__ import annotations

from typing import Any

from errlint.match.keywords import COMBINED, LENGTHS, NUMBERS, SPOKEN

_MIXING = COMBINED | {"patternProperties", "prefixItems", "additionalItems", "pattern"}
_VALUED = frozenset((*NUMBERS, *LENGTHS, "enum", "const"))
_KINDS: dict[Any, type] = {"string": str, "integer": int, "boolean": bool}


def may_clash(value: Any) -> bool:
    """Whether a schema, those below it aside, may exclude what others or its own keywords ask for.

    False says that it surely does not: a type, members, a list of values of its type, one bound.
    """
    if not isinstance(value, dict):
        return value is False
    if not _MIXING.isdisjoint(value) or ("$ref" in value and not SPOKEN.isdisjoint(value)):
        return True
    valued = _VALUED & value.keys()
    if len(valued) > 1 or (valued and not _is_plain(next(iter(valued)), value)):
        return True
    if value.get("additionalProperties") is False and "required" in value:
        known, required = value.get("properties"), value["required"]
        return not (isinstance(known, dict) and isinstance(required, list) and all(_is_in(name, known) for name in required))
    return "minItems" in value and "maxItems" in value


def _is_in(name: Any, known: dict[str, Any]) -> bool:
    return isinstance(name, str) and name in known


def _is_plain(keyword: str, value: dict[str, Any]) -> bool:
    """Whether the one keyword about values surely leaves some of the type."""
    asked = value[keyword]
    if keyword in ("enum", "const"):
        kind = value.get("type")
        values = asked if keyword == "enum" else [asked]
        wanted = _KINDS.get(kind) if isinstance(kind, str) else None
        return isinstance(values, list) and bool(values) and wanted is not None and all(type(one) is wanted for one in values)
    return keyword != "maxLength" or (isinstance(asked, int) and asked >= 0)
