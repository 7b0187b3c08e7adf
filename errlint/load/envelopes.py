"""Envelopes: the shipped ones, and those that a catalog writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from errlint import resources
from errlint.model import pointer as pointers
from errlint.model.catalog import Envelope, Place, Role
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.status import Statuses, union

ROLES: tuple[Role, ...] = ("code", "message", "status", "request_id", "details")
OPTIONAL = ("request_id", "details")
SUFFIX = ".schema.json"
CodeIs = Literal["place", "none", "status"]


@cache
def shipped_envelopes() -> Mapping[str, Envelope]:
    """The envelopes that come with errlint, by id."""
    files = [file for file in (resources.schemas() / "envelopes").iterdir() if file.name.endswith(SUFFIX)]
    found = {}
    for file in sorted(files, key=lambda file: file.name):
        id_ = file.name.removesuffix(SUFFIX)
        found[id_] = described(id_, json.loads(resources.text(file)), Location(f"builtin:envelopes/{id_}", ()))
    return MappingProxyType(found)


def described(id_: str, document: Mapping[str, Any], location: Location) -> Envelope:
    """The envelope that a schema file describes: its JSON Schema, and the roles of its ``x-errlint``."""
    schema = {key: value for key, value in document.items() if key not in ("x-errlint", "$id")}
    facts = document.get("x-errlint", {})
    written = {
        **facts.get("roles", {}),
        **{key: facts[key] for key in ("media_types", "statuses", "framing", "generic") if key in facts},
    }
    blank = Envelope(
        id_, schema, {}, source=facts.get("source", ""), samples=tuple(facts.get("samples", ())), location=location
    )
    return overridden(blank, written)


def overridden(envelope: Envelope, written: Mapping[str, Any]) -> Envelope:
    """The envelope with what a catalog writes beside ``use``; a place keeps the parts that are not written."""
    roles = dict(envelope.roles)
    code_is: CodeIs = envelope.code_is
    for role in ROLES:
        value = written.get(role)
        if role == "code" and isinstance(value, str):
            roles.pop("code", None)
            code_is = "none" if value == "none" else "status"
        elif value is not None:
            code_is = "place" if role == "code" else code_is
            roles[role] = _place(roles.get(role, Place(required=role not in OPTIONAL)), value)
    return replace(
        envelope,
        roles=roles,
        code_is=code_is,
        media_types=tuple(kind.lower() for kind in written.get("media_types", envelope.media_types)),
        statuses=_statuses(written["statuses"]) if "statuses" in written else envelope.statuses,
        framing=written.get("framing", envelope.framing),
        generic=written.get("generic", envelope.generic),
        samples=(*envelope.samples, written["example"]) if "example" in written else envelope.samples,
    )


def written_envelope(id_: str, written: Mapping[str, Any], schema: Any, location: Location) -> Envelope:
    """The envelope of a catalog that uses none of the shipped ones; ``schema`` None means its places alone."""
    envelope = overridden(Envelope(id_, schema, {}, location=location), written)
    if schema is not None:
        return envelope
    held = holding(envelope.roles)
    loose = not held.get("required") and "anyOf" not in held
    return replace(envelope, schema=held, generic=written.get("generic", loose))


def plausible(codes: Iterable[Any]) -> dict[str, Envelope]:
    """The shipped envelopes that could carry these codes, as guesses: they describe, and never convict."""
    values = [code for code in codes if code is not None]
    return {
        id_: replace(envelope, generic=True)
        for id_, envelope in shipped_envelopes().items()
        if not values or any(_carries(envelope, value) for value in values)
    }


def _carries(envelope: Envelope, value: Any) -> bool:
    import re

    place = envelope.roles.get("code")
    if place is None:
        return False
    if isinstance(value, int):
        return "integer" in place.types
    return "string" in place.types and (place.pattern is None or re.search(place.pattern, value) is not None)


def _statuses(written: Any) -> Statuses:
    return union(written if isinstance(written, list) else [written])


def _place(base: Place, written: Mapping[str, Any]) -> Place:
    given: dict[str, Any] = {key: written[key] for key in ("header", "extract", "pattern", "required") if key in written}
    if "pointer" in written:
        several = written["pointer"] if isinstance(written["pointer"], list) else [written["pointer"]]
        given["pointers"] = tuple(pointers.parse(text) for text in several)
    if "type" in written:
        given["types"] = tuple(written["type"].split("|"))
    return replace(base, **given)


def holding(roles: Mapping[Role, Place]) -> dict[str, Any]:
    """The schema of an object that holds its code and message places; other roles may be absent."""
    schema: dict[str, Any] = {"type": "object"}
    for role, place in roles.items():
        needed = place.required and role in ("code", "message")
        for pointer in place.pointers:
            _hold(schema, pointer, place, needed and len(place.pointers) == 1)
        if needed and len(place.pointers) > 1:
            choice = [_chain(pointer) for pointer in place.pointers]
            schema.setdefault("allOf", []).append({"anyOf": choice})
    return schema


def _hold(schema: dict[str, Any], pointer: Pointer, place: Place, needed: bool) -> None:
    node = schema
    for token in pointer:
        if token == "*":
            node.setdefault("type", "array")
            node = node.setdefault("items", {})
            continue
        node.setdefault("type", "object")
        if needed and token not in node.setdefault("required", []):
            node["required"].append(token)
        node = node.setdefault("properties", {}).setdefault(token, {})
    if place.types and place.extract is None:
        node["type"] = list(place.types) if len(place.types) > 1 else place.types[0]


def _chain(pointer: Pointer) -> dict[str, Any]:
    """The schema that demands one pointer."""
    if not pointer:
        return {}
    token, rest = pointer[0], _chain(pointer[1:])
    if token == "*":
        return {"type": "array", "minItems": 1, "items": rest}
    return {"type": "object", "required": [token], "properties": {token: rest}}
