"""The shape of an envelope's schema: its named places, the members it excludes, and the schema without what roles hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from errlint.model.catalog import Role
from errlint.model.pointer import Pointer
from errlint.model.record import record


@record
class Part:
    """One place of an envelope's shape: whether it is required, its JSON types and constants where they are fixed."""

    pointer: Pointer
    required: bool
    types: frozenset[str] | None
    constants: tuple[Any, ...] | None
    role: Role | None


def _types(schema: Mapping[str, Any]) -> frozenset[str] | None:
    written = schema.get("type")
    if isinstance(written, str):
        return frozenset((written,))
    return frozenset(written) if isinstance(written, list) else None


def parts(
    schema: Any, at: Pointer, places: Mapping[Pointer, Role], required: bool, elsewhere: frozenset[str] = frozenset()
) -> Iterator[Part]:
    """Every named place of an envelope schema, outside in; ``elsewhere`` is what the other parts of an allOf require."""
    if schema is True:
        schema = {}
    if not isinstance(schema, dict):
        return
    told: set[Pointer] = set()
    for part in _plain(schema, at, places, required, elsewhere):
        told.add(part.pointer)
        yield part
    for keyword in ("oneOf", "anyOf"):
        for pointer, part in _of_branches(schema.get(keyword), at, places).items():
            if pointer != at and pointer not in told:
                told.add(pointer)
                yield part


def _of_branches(branches: Any, at: Pointer, places: Mapping[Pointer, Role]) -> dict[Pointer, Part]:
    """The places that branches name: none is required, and its types and constants are those of all branches together."""
    if not isinstance(branches, list):
        return {}
    tables = [{part.pointer: part for part in parts(branch, at, places, False)} for branch in branches if branch is not False]
    found: dict[Pointer, Part] = {}
    for pointer in dict.fromkeys(pointer for table in tables for pointer in table):
        named = [table[pointer] for table in tables if pointer in table]
        types = [part.types for part in named if part.types is not None]
        values = [part.constants for part in named if part.constants is not None]
        found[pointer] = Part(
            pointer,
            False,
            frozenset[str]().union(*types) if len(types) == len(tables) else None,
            tuple(value for constants in values for value in constants) if len(values) == len(tables) else None,
            places.get(pointer),
        )
    return found


def _plain(
    schema: dict[str, Any], at: Pointer, places: Mapping[Pointer, Role], required: bool, elsewhere: frozenset[str]
) -> Iterator[Part]:
    """The places that a schema names outside of its branches."""
    if at:
        constants = (schema["const"],) if "const" in schema else tuple(schema["enum"]) if "enum" in schema else None
        yield Part(at, required, _types(schema), constants, places.get(at))
    own = schema.get("required", [])
    demanded = elsewhere.union(
        own, *(below.get("required", []) for below in schema.get("allOf", []) if isinstance(below, dict))
    )
    for name, below in schema.get("properties", {}).items():
        yield from parts(below, (*at, name), places, required and name in demanded)
    for name in own:
        if name not in schema.get("properties", {}):
            yield Part((*at, name), required, None, None, places.get((*at, name)))
    if "items" in schema:
        # An array that may be empty says nothing of its elements: one that is there must have what they require.
        yield from parts(schema["items"], (*at, "*"), places, required)
    for index, below in enumerate(schema.get("prefixItems", [])):
        yield from parts(below, (*at, str(index)), places, required and index < schema.get("minItems", 0))
    for below in schema.get("allOf", []):
        yield from parts(below, at, places, required, demanded)


def forbidden(schema: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """The members that an envelope's ``not`` clauses exclude."""
    if not isinstance(schema, dict):
        return
    excluded = schema.get("not")
    if isinstance(excluded, dict):
        for clause in [excluded, *excluded.get("anyOf", [])]:
            if set(clause) == {"required"} and len(clause["required"]) == 1:
                yield (*at, clause["required"][0])
    for name, below in schema.get("properties", {}).items():
        yield from forbidden(below, (*at, name))


LOOSE = ("additionalProperties", "unevaluatedProperties")


def relaxed(schema: Any, places: Mapping[Pointer, Role], at: Pointer = (), *, closed: bool = False) -> Any:
    """The schema's shape alone: anything at the role places, unknown members allowed where it is not to stay ``closed``."""
    if at in places:
        return True
    if not isinstance(schema, dict):
        return schema
    copy: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in LOOSE and value is False and not closed:
            continue
        if keyword == "properties":
            copy[keyword] = {name: relaxed(below, places, (*at, name), closed=closed) for name, below in value.items()}
        elif keyword == "prefixItems":
            copy[keyword] = [relaxed(below, places, (*at, str(index)), closed=closed) for index, below in enumerate(value)]
        elif keyword == "items":
            copy[keyword] = relaxed(value, places, (*at, "*"), closed=closed)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            copy[keyword] = [relaxed(below, places, at, closed=closed) for below in value]
        else:
            copy[keyword] = value
    return copy


def without(schema: Any, missing: Pointer) -> Any:
    """The schema with one member no longer required."""
    if not isinstance(schema, dict) or not missing:
        return schema
    copy = dict(schema)
    name, rest = missing[0], missing[1:]
    if not rest and "required" in copy:
        copy["required"] = [item for item in copy["required"] if item != name]
    if name == "*" and "items" in copy:
        copy["items"] = without(copy["items"], rest)
    elif rest and name.isdigit() and int(name) < len(copy.get("prefixItems", [])):
        first = copy["prefixItems"]
        copy["prefixItems"] = [without(below, rest) if str(index) == name else below for index, below in enumerate(first)]
    elif rest and name in copy.get("properties", {}):
        copy["properties"] = {**copy["properties"], name: without(copy["properties"][name], rest)}
    if "allOf" in copy:
        copy["allOf"] = [without(below, missing) for below in copy["allOf"]]
    return copy


@record
class Needs:
    """What every body of a shape has, to be told without a validator; what it cannot tell it lets through.

    ``members`` are required members outside of arrays, one or two deep, each with whether it may be the one that is missing.
    ``values`` are constants of such members, ``excluded`` members that no body has.
    """

    is_object: bool
    members: tuple[tuple[Pointer, bool], ...]
    values: tuple[tuple[Pointer, tuple[Any, ...]], ...]
    excluded: tuple[Pointer, ...]

    def refuse(self, value: Any) -> bool:
        """Whether a body surely has another shape."""
        if not isinstance(value, dict):
            return self.is_object
        missing = False
        for pointer, may_lack in self.members:
            if not _lacks(value, pointer):
                continue
            if missing or not may_lack:
                return True
            missing = True
        return any(_differs(value, pointer, constants) for pointer, constants in self.values) or any(
            _has(value, pointer) for pointer in self.excluded
        )


def needs(schema: Any, named: tuple[Part, ...], roles: tuple[Role, ...]) -> Needs:
    """What every body of a schema's shape has, where it says so plainly; ``roles`` are those that one body may lack."""
    places = {part.pointer for part in named if part.role is not None}
    plain = {part.pointer: part for part in named if part.required and _is_plain(part.pointer, places)}
    return Needs(
        isinstance(schema, dict) and schema.get("type") == "object",
        tuple((pointer, part.role in roles) for pointer, part in plain.items()),
        tuple((part.pointer, part.constants) for part in plain.values() if part.constants and part.role is None),
        tuple(pointer for pointer in _excluded(schema) if _is_plain(pointer, places)),
    )


def _is_plain(pointer: Pointer, places: set[Pointer]) -> bool:
    """Whether a pointer is one or two members deep, and not inside of what a role holds, which may be anything."""
    deep = len(pointer) > 2 or pointer[:-1] in places
    return not deep and not any(token == "*" or str(token).isdigit() for token in pointer)


def _excluded(schema: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """The members that a ``not`` of nothing but such clauses excludes, outside in, two deep."""
    if not isinstance(schema, dict):
        return
    clauses = schema.get("not")
    if isinstance(clauses, dict):
        several = clauses["anyOf"] if set(clauses) == {"anyOf"} else [clauses]
        for clause in several:
            if isinstance(clause, dict) and set(clause) == {"required"} and len(clause["required"]) == 1:
                yield (*at, clause["required"][0])
    for name, below in schema.get("properties", {}).items() if not at else ():
        yield from _excluded(below, (name,))


def _inner(value: Mapping[str, Any], pointer: Pointer) -> Any:
    """The object that a member one or two deep stands in; None where it is none, or is not there."""
    return value if len(pointer) == 1 else value.get(pointer[0])


def _lacks(value: Mapping[str, Any], pointer: Pointer) -> bool:
    inner = _inner(value, pointer)
    return isinstance(inner, dict) and pointer[-1] not in inner


def _has(value: Mapping[str, Any], pointer: Pointer) -> bool:
    inner = _inner(value, pointer)
    return isinstance(inner, dict) and pointer[-1] in inner


def _differs(value: Mapping[str, Any], pointer: Pointer, constants: tuple[Any, ...]) -> bool:
    if not _has(value, pointer):
        return False
    item = _inner(value, pointer)[pointer[-1]]
    return not any(item == one and isinstance(item, bool) == isinstance(one, bool) for one in constants)
