"""Reading members of nodes whose types nobody guarantees: what has the wrong type is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.model.spec import Node


def members(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The members of an object, none for anything else."""
    if node is not None and isinstance(node.value, dict):
        for key, value in node.value.items():
            yield key, Node(node.uri, (*node.pointer, key), value)


def elements(node: Node | None) -> Iterator[Node]:
    """The elements of an array, none for anything else."""
    if node is not None and isinstance(node.value, list):
        for index, value in enumerate(node.value):
            yield Node(node.uri, (*node.pointer, str(index)), value)


def text(value: Any, key: str) -> str:
    """A member that is a string, trimmed; else the empty string."""
    found = value.get(key) if isinstance(value, dict) else None
    return found.strip() if isinstance(found, str) else ""


def texts(value: Any, key: str) -> tuple[str, ...]:
    """The distinct strings of a member that is an array, trimmed."""
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, list):
        return ()
    return tuple(dict.fromkeys(item.strip() for item in found if isinstance(item, str) and item.strip()))


def scalar(value: Any) -> str:
    """A string or number as text, trimmed; else the empty string. YAML reads an unquoted 2.0 as a number."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    try:
        return str(value).strip()
    except ValueError:  # an integer of more than sys.get_int_max_str_digits() digits, written in hexadecimal
        return ""


def named(value: Any) -> str:
    """The JSON type of a value in a sentence's words; never the value, which may be long."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    return {bool: "a boolean", str: "text", list: "an array"}.get(type(value), "a number")


def schema(node: Node | None, key: str = "schema") -> Node | None:
    """A member that is a schema: an object, or a boolean (JSON Schema 2020-12 section 4.3)."""
    found = node.get(key) if node is not None else None
    return found if found is not None and isinstance(found.value, (dict, bool)) else None


def layer(value: Any) -> str | None:
    """The layer that an object's ``x-errlint`` names, None where it names none."""
    if not isinstance(value, dict) or "x-errlint" not in value:
        return None
    return text(value["x-errlint"], "layer") or None
