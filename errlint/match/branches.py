"""What tells the branches of a oneOf or anyOf apart: members that have other constants in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from errlint.model import pointer as pointers
from errlint.model.claim import json_type, key
from errlint.model.pointer import Pointer
from errlint.model.record import record

DEEPEST = 4
LONGEST_CHAIN = 10


@record
class Chosen:
    """The branches that an instance means, by their index; or the member that means none, and what would mean one."""

    branches: frozenset[int]
    pointer: Pointer = ()
    value: Any = None
    options: tuple[Any, ...] = ()


def chosen(branches: Sequence[Any], root: Any, instance: Any) -> Chosen | None:
    """What the telling members of an instance say; None where the branches have none, or the instance lacks them.

    A branch of another type than the instance's is not asked.
    """
    tables = {
        index: dict(_constants(branch, root, ()))
        for index, branch in enumerate(branches)
        if _takes(_followed(branch, root), instance)
    }
    if len(tables) < 2:
        return None
    left = frozenset(tables)
    lost: Chosen | None = None
    first = next(iter(tables.values()))
    for pointer in first:
        if not all(pointer in table for table in tables.values()):
            continue
        names = [key(option) for table in tables.values() for option in table[pointer]]
        if len(set(names)) < len(names):
            continue  # an option of two branches tells nothing
        try:
            value = pointers.get(instance, pointer)
        except KeyError:
            continue
        meant = frozenset(index for index, table in tables.items() if key(value) in map(key, table[pointer]))
        if meant:
            left &= meant
        elif lost is None:
            options = tuple(option for table in tables.values() for option in table[pointer])
            lost = Chosen(frozenset(), pointer, value, options)
    if len(left) < len(tables):
        return Chosen(left) if left else None
    return lost


def _constants(schema: Any, root: Any, at: Pointer, depth: int = 0) -> Iterator[tuple[Pointer, tuple[Any, ...]]]:
    """The places that a schema fixes to a few values, outside in."""
    schema = _followed(schema, root)
    if not isinstance(schema, dict) or depth > DEEPEST:
        return
    if "const" in schema:
        yield at, (schema["const"],)
    elif isinstance(schema.get("enum"), list):
        yield at, tuple(schema["enum"])
    for name, below in schema.get("properties", {}).items():
        yield from _constants(below, root, (*at, name), depth + 1)
    for below in schema.get("allOf", ()):
        yield from _constants(below, root, at, depth + 1)


def _followed(schema: Any, root: Any) -> Any:
    """What a local reference leads to."""
    for _ in range(LONGEST_CHAIN):
        if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str) or schema["$ref"][:2] != "#/":
            return schema
        try:
            schema = pointers.get(root, pointers.parse(schema["$ref"][1:]))
        except KeyError:
            return None
    return None


def _takes(schema: Any, instance: Any) -> bool:
    written = schema.get("type") if isinstance(schema, dict) else None
    if written is None or schema is False:
        return schema is not False
    kind = json_type(instance)
    kinds = written if isinstance(written, list) else [written]
    return kind in kinds or (kind == "integer" and "number" in kinds)
