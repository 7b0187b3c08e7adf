"""Random schemas of every shape, and instances that they were asked for."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from hypothesis import strategies as st

from errlint.model.pointer import Pointer, get, parse
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

POOL: tuple[Any, ...] = ("A", "B", "ML_1000", "1", 400, 404, 1, 1.0, 1.5, True, None)
TYPES = ("string", "integer", "number", "boolean", "null", "object", "array")
PATTERNS: tuple[str, ...] = (
    "^ML_10(00|01)$",
    "^A|B$",
    "^[AB]$",
    "ML",
    "^A?$",
    "^(?:A|B)$",
    "^A$|^B$",
    "^[AB1]{1,2}$",
    "^\\d$",
    "^[^A]$",
)
RANGES: tuple[dict[str, Any], ...] = (
    {"type": "integer", "minimum": 400, "maximum": 404},
    {"type": "integer", "minimum": 399.5, "exclusiveMaximum": 402},
    {"type": "integer", "minimum": 1, "maximum": 500},
    {"type": "number", "minimum": 1, "maximum": 2},
    {"type": "integer", "minimum": 0, "maximum": 4, "multipleOf": 2},
    {"type": "integer", "nullable": True, "exclusiveMinimum": 399, "maximum": 400},
    {"type": ["integer", "null"], "minimum": 404, "maximum": 400},
)
NAMES = ("code", "http", "error", "errors", "kind")
ASKED: tuple[Pointer, ...] = (
    ("code",),
    ("http",),
    ("error", "code"),
    ("errors", "*", "code"),
    ("errors", "*", "http"),
    ("error", "*"),
)
KEYWORDS: tuple[str, ...] = (
    "properties",
    "type-object",
    "type-object",
    "required",
    "patternProperties",
    "items",
    "prefixItems",
)
KEYWORDS += ("additionalProperties", "allOf", "anyOf", "oneOf", "if", "not", "leaf", "discriminator")
MISSING = object()
ASTRAY = object()
"""A member of what is no object."""


def resolver(document: Any) -> Resolve:
    """A resolver of the references within one document, one at a time: in 3.1 siblings count at every step."""

    def resolve(node: Node) -> Node:
        if not isinstance(node.value, dict) or "$ref" not in node.value:
            return node
        ref = node.value["$ref"]
        try:
            return Node("", parse(ref[1:]), get(document, parse(ref[1:])))
        except KeyError:
            raise Unresolved("no such place", node.location) from None

    return resolve


def translated(schema: Any) -> Any:
    """The 2020-12 schema that a 3.0 schema means."""
    if isinstance(schema, list):
        return [translated(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        # What stands beside a reference is ignored, a discriminator too.
        return {"$ref": schema["$ref"], **({"$defs": translated_map(schema["$defs"])} if "$defs" in schema else {})}
    found: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in ("properties", "patternProperties", "$defs"):
            found[keyword] = translated_map(value)
        else:
            kept = keyword in ("enum", "const", "required", "type", "pattern", "discriminator", "x-extensible-enum")
            found[keyword] = value if kept else translated(value)
    if found.pop("nullable", False) is True and "type" in found:
        types = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = sorted({*types, "null"})
    if found.get("exclusiveMinimum") is True:
        found["exclusiveMinimum"] = found.pop("minimum")
    return found


def translated_map(schemas: dict[str, Any]) -> dict[str, Any]:
    return {name: translated(schema) for name, schema in schemas.items()}


# Hypothesis looks through every new strategy before it draws: those of the levels of a schema are made once.
lists, dictionaries, sampled = cache(st.lists), cache(st.dictionaries), cache(st.sampled_from)
scalars = st.sampled_from(POOL)
leaves = st.one_of(
    scalars.map(lambda value: {"const": value}),
    st.lists(scalars, min_size=1, max_size=3).map(lambda values: {"enum": values}),
    st.sampled_from(TYPES).map(lambda name: {"type": name}),
    st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True).map(lambda names: {"type": names}),
    st.sampled_from(PATTERNS).map(lambda pattern: {"type": "string", "pattern": pattern}),
    st.sampled_from(PATTERNS).map(lambda pattern: {"pattern": pattern}),
    st.sampled_from(("string", "integer")).map(lambda name: {"type": name, "nullable": True}),
    st.sampled_from(({"minimum": 401}, {"maxLength": 1}, {"minimum": 401, "maxLength": 2}, {"multipleOf": 2})),
    st.sampled_from(RANGES),
    st.sampled_from(({"minLength": 2}, {"type": "string", "minLength": 1, "maxLength": 1}, {"exclusiveMaximum": 404})),
    st.lists(scalars, max_size=2).map(lambda values: {"type": "string", "x-extensible-enum": values}),
    st.lists(scalars, min_size=1, max_size=2).map(lambda values: {"not": {"enum": values}}),
    st.sampled_from((True, False, {}, {"enum": [{"code": "A", "http": 400}, {"code": "B", "http": 404}, "A"]})),
    st.just({"const": {"error": {"code": "A"}, "errors": [{"code": "A", "http": 400}, {"code": "B"}]}}),
)


objects = leaves.filter(lambda leaf: isinstance(leaf, dict))


@cache
def refs(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(names).map(lambda name: {"$ref": f"#/$defs/{name}"})


@record
class Style:
    """What random schemas are made of; ``oneof`` is the keyword that stands for oneOf."""

    keywords: tuple[str, ...]
    names: tuple[str, ...]
    oneof: str


@cache
@st.composite
def schemas(draw: Any, style: Style, depth: int = 3, inplace: tuple[str, ...] = ("D0", "D1", "A", "Base")) -> Any:
    """A schema; ``inplace`` are the definitions that it may name without consuming a token."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        if inplace and draw(st.integers(0, 4)) == 0:
            return {
                **draw(refs(inplace)),
                **(draw(objects) if draw(st.booleans()) else {}),
            }
        return draw(leaves)
    below = schemas(style, depth - 1)
    beside = schemas(style, depth - 1, inplace)
    found: dict[str, Any] = {}
    for keyword in draw(lists(sampled(style.keywords), min_size=1, max_size=4, unique=True)):
        if keyword in ("properties", "type-object"):
            found["properties"] = draw(dictionaries(sampled(style.names), below, max_size=3))
            if keyword == "type-object":
                found["type"] = "object"
        elif keyword == "required":
            found[keyword] = draw(lists(sampled(style.names), max_size=2, unique=True))
        elif keyword == "patternProperties":
            found[keyword] = {draw(sampled(("^c", "e", "^ht+p$"))): draw(below)}
        elif keyword == "items":
            found |= {"items": draw(below), "minItems": draw(st.integers(0, 1))} | (
                {"type": "array"} if draw(st.booleans()) else {}
            )
        elif keyword == "prefixItems":
            found[keyword] = draw(lists(below, min_size=1, max_size=2))
        elif keyword == "additionalProperties":
            found[keyword] = draw(below)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            found[style.oneof if keyword == "oneOf" else keyword] = draw(lists(beside, min_size=1, max_size=3))
        elif keyword == "if":
            found |= {"if": draw(beside), "then": draw(beside)} | ({"else": draw(beside)} if draw(st.booleans()) else {})
        elif keyword == "not":
            found[keyword] = draw(beside)
        elif keyword == "discriminator":
            found |= draw(chosen(style, inplace))
        elif keyword == "leaf":
            leaf = draw(leaves)
            found |= leaf if isinstance(leaf, dict) else {}
    return found


@cache
@st.composite
def chosen(draw: Any, style: Style, inplace: tuple[str, ...]) -> Any:
    """References to definitions, told apart by a discriminator: with a mapping, with a part of one, or without."""
    targets = draw(lists(sampled((*inplace, "Child", "A", "B")), min_size=1, max_size=3))
    found: dict[str, Any] = {"propertyName": draw(sampled(style.names))}
    if draw(st.booleans()):
        places = st.sampled_from([form + name for name in targets for form in ("#/$defs/", "")])
        found["mapping"] = draw(st.dictionaries(sampled(("A", "B", "1", "z")), places, max_size=3))
    keyword = draw(sampled((style.oneof, "anyOf")))
    return {keyword: [{"$ref": f"#/$defs/{name}"} for name in targets], "discriminator": found}


@cache
@st.composite
def shapes(draw: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """An object as documents write it: some members with scalars, some required, at times closed."""
    found: dict[str, Any] = {
        "type": "object",
        "properties": draw(dictionaries(sampled(names), leaves, min_size=1, max_size=3)),
    }
    found["required"] = sorted(name for name in found["properties"] if draw(st.booleans()))
    return found | ({"additionalProperties": False} if draw(st.integers(0, 2)) == 0 else {})


@cache
def roots(style: Style, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    return schemas(style, depth).filter(lambda schema: isinstance(schema, dict))


@st.composite
def documents(
    draw: Any, depth: int = 3, oneof: str = "oneOf", names: tuple[str, ...] = NAMES, flat: bool = False
) -> dict[str, Any]:
    """A schema with definitions: D0 may name D1, and below a member each may name both. ``flat``: without arrays.

    A and B are plain objects. Base has a mapping to Child, which is built upon it.
    """
    style = Style(tuple(keyword for keyword in KEYWORDS if not flat or "tems" not in keyword), names, oneof)
    root = draw(roots(style, depth))
    base = draw(shapes(names)) | {"discriminator": {"propertyName": draw(sampled(names)), "mapping": {"A": "#/$defs/Child"}}}
    child = {"allOf": [{"$ref": "#/$defs/Base"}, draw(shapes(names))]}
    return {
        **root,
        "$defs": {
            "D0": draw(schemas(style, 2, ("D1",))),
            "D1": draw(schemas(style, 2, ())),
            "A": draw(shapes(names)),
            "B": draw(shapes(names)),
            "Base": base,
            "Child": child,
        },
    }


def instance(schema: Any, rng: random.Random, document: Any, depth: int = 6) -> Any:
    """A value that the schema was asked for, and often enough admits."""
    if depth == 0 or not isinstance(schema, dict) or rng.random() < 0.03:
        return anything(rng, min(depth, 2))
    parts = [schema]
    for keyword in ("allOf", "oneOf", "anyOf"):
        branches = schema.get(keyword, [])
        parts += branches if keyword == "allOf" else [rng.choice(branches)] if branches else []
    if "$ref" in schema:
        parts.append(get(document, parse(schema["$ref"][1:])))
    if "if" in schema:
        parts += [schema["if"], schema.get("then", True)] if rng.random() < 0.5 else [schema.get("else", True)]
    values = [own(parts[0], rng, document, depth)]
    values += [instance(part, rng, document, depth - 1) for part in parts[1:]]
    values = [value for value in values if value is not MISSING]
    if not values:
        return anything(rng, 2)
    merged: dict[str, Any] = {}
    for value in values:
        if not isinstance(value, dict):
            return rng.choice(values)
        merged |= value
    return merged


def own(schema: dict[str, Any], rng: random.Random, document: Any, depth: int) -> Any:
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return rng.choice(schema["enum"])
    if "properties" in schema or "required" in schema or "additionalProperties" in schema or "patternProperties" in schema:
        names = [name for name in NAMES if name in schema.get("properties", {}) and rng.random() < 0.7]
        names += [name for name in schema.get("required", ()) if name not in names and rng.random() < 0.95]
        names += [rng.choice(NAMES)] if rng.random() < 0.3 else []
        of = schema.get("properties", {})
        other = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties", True))
        return {name: instance(of.get(name, other), rng, document, depth - 1) for name in names}
    if "items" in schema or "prefixItems" in schema:
        first = schema.get("prefixItems", [])
        of = [*first, *[schema.get("items", True)] * rng.randint(0, 2)]
        return [instance(item, rng, document, depth - 1) for item in of]
    return anything(rng, 2) if "type" in schema or "pattern" in schema else MISSING


def anything(rng: random.Random, depth: int) -> Any:
    pick = rng.random()
    if depth and pick < 0.2:
        return {name: anything(rng, depth - 1) for name in NAMES if rng.random() < 0.4}
    if depth and pick < 0.3:
        return [anything(rng, depth - 1) for _ in range(rng.randint(0, 2))]
    return rng.choice(POOL)
