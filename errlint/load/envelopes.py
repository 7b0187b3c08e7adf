"""Envelopes: the shipped ones, and those that a catalog writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from errlint import resources
from errlint.load.meant import did_you_mean
from errlint.model import pointer as pointers
from errlint.model.catalog import ROLES, Envelope, Place, Role
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import replace
from errlint.model.status import Statuses, union

OPTIONAL = ("request_id", "details")
CodeIs = Literal["place", "none", "status"]


class Fault(NamedTuple):
    """Why an envelope's schema does not work, as the end of a sentence about the envelope, and where in the schema."""

    text: str
    at: Pointer


class _Shipped(Mapping[str, Envelope]):
    """The envelopes that come with errlint, by id in order; a file is read when its envelope is asked for."""

    def __init__(self) -> None:
        self._files = resources.envelope_names()
        self._read: dict[str, Envelope] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._files

    def __getitem__(self, id_: str) -> Envelope:
        if id_ not in self._read:
            document = json.loads(resources.envelope_text(self._files[id_]))
            self._read[id_] = described(id_, document, Location(f"builtin:envelopes/{id_}", ()))
        return self._read[id_]


@cache
def shipped_envelopes() -> Mapping[str, Envelope]:
    """The envelopes that come with errlint, by id. Raises: FileNotFoundError for a broken installation."""
    return _Shipped()


def described(id_: str, document: Mapping[str, Any], location: Location) -> Envelope:
    """The envelope that a schema file describes: its JSON Schema, and the roles of its ``x-errlint``."""
    schema = {key: value for key, value in document.items() if key not in ("x-errlint", "$id")}
    facts = document.get("x-errlint", {})
    written = {
        **facts.get("roles", {}),
        **{key: facts[key] for key in ("media_types", "statuses", "framing", "generic") if key in facts},
    }
    blank = Envelope(
        id_,
        schema,
        {},
        source=facts.get("source", ""),
        samples=tuple(facts.get("samples", ())),
        frameworks=tuple(facts.get("frameworks", ())),
        location=location,
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


def described_by(id_: str, written: Mapping[str, Any]) -> Envelope:
    """The envelope that format 1 writes with ``use`` or with places of its own. Raises: KeyError for an unknown use."""
    if "use" in written:
        base = replace(shipped_envelopes()[written["use"]], id=id_)
        return overridden(replace(base, schema=written["schema"], samples=()) if "schema" in written else base, written)
    return written_envelope(id_, written, written.get("schema"), Location("", ()))


def plausible(codes: Iterable[Any]) -> dict[str, Envelope]:
    """The shipped envelopes that could carry these codes, as guesses: they describe, and never convict."""
    values = [code for code in codes if code is not None]
    return {
        id_: replace(envelope, generic=True)
        for id_, envelope in shipped_envelopes().items()
        if not values or (not envelope.generic and any(_carries(envelope, value) for value in values))
    }


def _carries(envelope: Envelope, value: Any) -> bool:
    place = envelope.roles.get("code")
    if place is None or not place.pointers:
        return False
    if isinstance(value, int):
        return "integer" in place.types
    return "string" in place.types and (place.pattern is None or re.search(place.pattern, value) is not None)


def _statuses(written: Any) -> Statuses:
    several = written if isinstance(written, list) else [written]
    return union(int(item) if isinstance(item, float) else item for item in several)


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
        index = _index(token)
        if index is not None:
            node.setdefault("type", "array")
            if needed:
                node["minItems"] = max(index + 1, node.get("minItems", 0))
            first = node.setdefault("prefixItems", [])
            first += [{} for _ in range(index + 1 - len(first))]
            node = first[index]
            continue
        node.setdefault("type", "object")
        if needed and token not in node.setdefault("required", []):
            node["required"].append(token)
        node = node.setdefault("properties", {}).setdefault(token, {})
    if place.types and place.extract is None:
        node["type"] = list(place.types) if len(place.types) > 1 else place.types[0]


HIGHEST_INDEX = 99


def _index(token: str) -> int | None:
    """The index that a token of digits means; None for the name of a member."""
    is_index = token.isascii() and token.isdigit() and len(token) <= len(str(HIGHEST_INDEX))
    return int(token) if is_index else None


def _chain(pointer: Pointer) -> dict[str, Any]:
    """The schema that demands one pointer."""
    if not pointer:
        return {}
    token, rest = pointer[0], _chain(pointer[1:])
    if token == "*":
        return {"type": "array", "minItems": 1, "items": rest}
    index = _index(token)
    if index is not None:
        return {"type": "array", "minItems": index + 1, "prefixItems": [*({} for _ in range(index)), rest]}
    return {"type": "object", "required": [token], "properties": {token: rest}}


def compiled(schema: Any) -> Any:
    """The validator of an envelope's schema, which reads nothing outside of it.

    Raises: jsonschema_rs.ValidationError, ValueError.
    """
    import jsonschema_rs  # 30 ms that a run without schemas of its own does not owe

    def refuse(uri: str) -> Any:
        raise ValueError(f"{uri} is not read")

    return jsonschema_rs.validator_for(schema, retriever=refuse, pattern_options=jsonschema_rs.FancyRegexOptions(100_000))


def fault(schema: Any) -> Fault | None:
    """Why a schema is no JSON Schema or does not compile, None where it works."""
    try:
        compiled(schema)
    except Exception as error:  # jsonschema_rs knows several kinds, all of them are the schema's fault
        message = " ".join(str(getattr(error, "message", error)).split())
        at = tuple(str(token) for token in getattr(error, "instance_path", ()))
        if "Referencing" in type(getattr(error, "kind", None)).__name__:
            return _unresolved(schema, message)
        return Fault(f"has a schema that is no JSON Schema: {_refused(schema, at, message)}", at)
    return None


JSON_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def _refused(schema: Any, at: Pointer, message: str) -> str:
    """What the meta-schema refuses at a place, in words."""
    where = f" at {pointers.text(at)}" if at else ""
    try:
        value = pointers.get(schema, at)
    except KeyError:
        return message + where
    if at[-1:] == ("type",) and at[-2:-1] != ("properties",):
        wrong = [item for item in (value if isinstance(value, list) else [value]) if item not in JSON_TYPES]
        if wrong:
            meant = did_you_mean(wrong[0], list(JSON_TYPES)) if isinstance(wrong[0], str) else ""
            quoted = '; write "null" in quotes' if wrong[0] is None else ""
            return f"{json.dumps(wrong[0])[:60]}{where} is none of {', '.join(JSON_TYPES)}{meant}{quoted}"
    if message.endswith('is not a "regex"'):
        return f"{json.dumps(value)[:60]}{where} is no regular expression"
    wanted = re.search(r' (?:is not of types? )("[a-z]+"(?:, "[a-z]+")*)$', message)
    if wanted:
        kinds = {"array": "a list", "object": "an object", "string": "a text", "boolean": "true or false"}
        names = [kinds.get(name, name) for name in re.findall("[a-z]+", wanted[1])]
        return f"{json.dumps(value)[:60]}{where} is not {' or '.join(reversed(names))}"
    return (message if len(message) <= 160 else message[:159] + "…") + where


REFERENCES = ("$ref", "$dynamicRef")


def _unresolved(schema: Any, message: str) -> Fault:
    """The fault of a reference that leads nowhere, at its place."""
    if message.startswith("Unknown meta-schema"):
        return Fault(f"has a schema of an unknown dialect: {json.dumps(schema.get('$schema'))[:100]}", ("$schema",))
    for at, reference in _references(schema, ()):
        if f"{reference.lstrip('#')}'" in message:
            local = reference.startswith("#")
            why = "which is not there" if local else "which is not read: an envelope refers to nothing outside of itself"
            return Fault(f"has a schema that refers to {reference}, {why}", at)
    return Fault(f"has a schema that does not compile: {message[:160]}", ())


def _references(schema: Any, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    for token, below in schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ():
        if token in REFERENCES and isinstance(below, str):
            yield (*at, token), below
        else:
            yield from _references(below, (*at, str(token)))
