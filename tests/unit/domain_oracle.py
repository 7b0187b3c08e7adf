"""The two promises of the code domain, held against a validator: no instance is missed, and no exact claim is made up."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator

from errlint.match.cube import identity
from errlint.match.domain import variants
from errlint.model.claim import Values, Variant, json_type
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node
from tests.unit.schema_oracle import ASKED, ASTRAY, MISSING, instance, resolver, translated

INSTANCES = 20
PLACES = ("code", "http")
"""The asked members of a flat schema: a code and a status."""
THIRD = "kind"
"""The one member of a flat schema that is not asked for."""
_TEXTS = ("A", "B", "ML_1000", "ML_1001", "1", "", "z", "zz", "AML", "MLB")
_SCALARS: tuple[Any, ...] = (*_TEXTS, 400, 402, 404, 1, 2, 1.5, -1, True, False, None)
_OTHERS: tuple[Any, ...] = (MISSING, {}, [], {"code": "A"}, {"http": 400, "code": 400}, {"code": {}, "http": {}, "kind": {}})
_OTHERS += ({"code": "A", "http": 400}, {"code": "B", "http": 404}, {"kind": None})


@record
class Count:
    """What one schema gave: instances that it admits and those of them that had a variant, exact combinations and variants."""

    admitted: int = 0
    exact: int = 0
    combinations: int = 0
    variants: int = 0
    faults: tuple[str, ...] = ()


def missed(document: dict[str, Any], seed: int, dialect: str, asked: tuple[Pointer, ...] = ASKED) -> Count:
    """Instances of a document that no variant admits, jointly at all asked places: there must be none."""
    rng = random.Random(seed)
    whole = meaning(document, dialect)
    valid = Draft202012Validator(whole).is_valid
    found = variants(Node("", (), document), asked, resolver(document), dialect)
    admitted = 0
    faults = []
    for _ in range(INSTANCES):
        value = instance(document, rng, document)
        # A schema that means an object without saying so also admits what is none: that has no variant.
        if not (isinstance(value, dict) or any(json_type(value) in item.types for item in found)) or not valid(value):
            continue
        admitted += 1
        for world in worlds(value, list(asked)):
            if not any(admits(item, value, world) for item in found):
                faults.append(f"{dialect}: {document!r} admits {value!r}, which has no variant: {world!r}")
    return Count(admitted, sum(item.exact for item in found), 0, len(found), tuple(faults))


def unproven(document: dict[str, Any], dialect: str, wrapped: bool = False) -> Count:
    """Combinations of code and status that an exact variant of a flat schema claims and no instance has: there must be none.

    A witness is searched among all bodies that have the two values, and at the third member one of the schema's own values
    or one of each sort. ``wrapped``: the body stands at a member, ``error``.
    """
    asked = tuple(("error", name) if wrapped else (name,) for name in PLACES)
    told = {key: value for key, value in document.items() if key != "$defs"}
    asking = {"type": "object", "properties": {"error": told}, "$defs": document["$defs"]} if wrapped else document
    found = variants(Node("", (), asking), asked, resolver(asking), dialect)
    valid = jsonschema_rs.Draft202012Validator(meaning(document, dialect)).is_valid
    third = [*_SCALARS, *_OTHERS, *listed(document)]
    faults = []
    claimed = {row: item for item in found if item.exact for row in combinations(item, asked)}
    for row, item in claimed.items():
        code, http = (value for _, value in row)
        body = {name: value for name, value in zip(PLACES, (code, http), strict=True) if value is not MISSING}
        if not any(valid(body | ({} if value is MISSING else {THIRD: value})) for value in third):
            faults.append(f"{dialect}: {document!r} claims {body!r}, which no instance has: {item!r}")
    return Count(0, sum(item.exact for item in found), len(claimed), len(found), tuple(faults))


def combinations(variant: Variant, asked: tuple[Pointer, ...]) -> Iterator[tuple[tuple[Any, Any], ...]]:
    """The scalars that a variant claims jointly at two places; a place that is open or absent has none."""
    choices = [list(_claimed(variant.values[pointer])) for pointer in asked]
    if all(choices) and any(value is not MISSING for choice in choices for _, value in choice):
        yield from product(*choices)


def _claimed(values: Values) -> Iterator[tuple[Any, Any]]:
    """The values of one place; one that says "absent" where nothing may stand, none where the place says too little."""
    if values.presence == "absent":
        yield "absent", MISSING
    elif values.exact:
        for value, _ in values.finite or ():
            if not isinstance(value, (dict, list)):
                yield identity(value), value


def listed(schema: Any) -> list[Any]:
    """Every value that a schema lists anywhere."""
    if isinstance(schema, list):
        return [value for item in schema for value in listed(item)]
    if not isinstance(schema, dict):
        return []
    found = [schema["const"]] if "const" in schema else []
    found += schema["enum"] if isinstance(schema.get("enum"), list) else []
    return found + [value for item in schema.values() for value in listed(item)]


def universe(document: dict[str, Any]) -> Iterator[Any]:
    """Some thousand values for a flat schema: bodies of the three members with few values each, and what is no object."""
    yield from ("A", 400, None, [], {})
    few = [MISSING, *{repr(value): value for value in listed(document)}.values(), "A", "zz", 400, 2, None, {}]
    for row in product(few[:14], repeat=3):
        yield {name: value for name, value in zip((*PLACES, THIRD), row, strict=True) if value is not MISSING}


def meaning(document: dict[str, Any], dialect: str) -> dict[str, Any]:
    """The 2020-12 schema that a document means, with each discriminator as the enums that it implies."""
    told: dict[str, Any] = discriminated(document if dialect == "3.1" else translated(document))
    return told


def discriminated(schema: Any) -> Any:
    """The schema with its discriminators written out: each reference of a oneOf or anyOf has the names that lead to it."""
    if isinstance(schema, list):
        return [discriminated(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        name: value if name in ("enum", "const", "required", "type", "discriminator") else discriminated(value)
        for name, value in schema.items()
    }
    discriminator = found.pop("discriminator", None)
    if isinstance(discriminator, dict) and isinstance(discriminator.get("propertyName"), str):
        for keyword in ("oneOf", "anyOf"):
            if isinstance(found.get(keyword), list):
                found[keyword] = [with_name(branch, discriminator) for branch in found[keyword]]
    return found


def with_name(branch: Any, discriminator: dict[str, Any]) -> Any:
    if not isinstance(branch, dict) or "$ref" not in branch:
        return branch
    own_name = branch["$ref"].rpartition("/")[2]
    mapping = discriminator.get("mapping", {})
    names = [key for key, target in mapping.items() if target.rpartition("/")[2] == own_name] or [own_name]
    return {"allOf": [branch, {"properties": {discriminator["propertyName"]: {"enum": names}}}]}


def worlds(value: Any, tails: list[Pointer]) -> list[dict[Pointer, Any]]:
    """What stands at the pointers, for each choice of elements at their ``*``."""
    own_: dict[Pointer, Any] = {(): value} if () in tails else {}
    parts: list[list[dict[Pointer, Any]]] = []
    for token in dict.fromkeys(tail[0] for tail in tails if tail):
        below = [tail[1:] for tail in tails if tail and tail[0] == token]
        items: list[Any] = []
        if token == "*":
            items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        elif isinstance(value, dict) and token in value:
            items = [value[token]]
        fits = isinstance(value, (dict, list) if token == "*" else dict) and value is not ASTRAY
        found = [world for item in items for world in worlds(item, below)]
        parts.append(
            [{(token, *tail): item for tail, item in world.items()} for world in found]
            or [{(token, *tail): MISSING if fits or value is MISSING else ASTRAY for tail in below}]
        )
    return [own_ | {key: item for part in combination for key, item in part.items()} for combination in product(*parts)]


def admits(variant: Variant, value: Any, world: dict[Pointer, Any]) -> bool:
    """Whether a variant admits a value as it stands in one world."""
    if json_type(value) not in variant.types:
        return False
    if isinstance(value, dict) and not (variant.demands <= value.keys()):
        return False
    if isinstance(value, dict) and variant.closed and not value.keys() <= variant.members:
        return False
    return all(stands(variant.values[pointer], item) for pointer, item in world.items())


def stands(values: Values, item: Any) -> bool:
    # A container that is no object has no member either: "required" speaks of objects.
    if item is ASTRAY:
        return True
    if item is MISSING:
        return values.presence != "required"
    if values.presence == "absent" or json_type(item) not in values.types:
        return False
    if values.finite is not None and identity(item) not in {identity(value) for value, _ in values.finite}:
        return False
    return not (isinstance(item, str) and values.pattern is not None and not re.search(values.pattern, item))
