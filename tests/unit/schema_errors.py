"""Random error schemas as documents write them: bodies with a code and a status, told apart by this and that."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from tests.unit.schema_oracle import PATTERNS, POOL, RANGES

OPEN: tuple[dict[str, Any], ...] = ({"type": "string"}, {"type": "integer"}, {"type": ["string", "null"]}, {}, {"minLength": 2})
CODES = ("A", "B", "C", "D", "ML_1000")
STATUSES = (400, 402, 404, 1, 2)


def value(rng: random.Random, name: str) -> Any:
    if rng.random() < 0.15:
        return rng.choice(POOL)
    return rng.choice(STATUSES if name == "http" else CODES)


def member(rng: random.Random, name: str) -> dict[str, Any]:
    """What a member is: mostly values, at times a range, a pattern, or open."""
    pick = rng.random()
    if pick < 0.35:
        return {"const": value(rng, name)}
    values = [value(rng, name) for _ in range(rng.randint(1, 3))]
    if pick < 0.6:
        return {"enum": values}
    if pick < 0.67:
        return dict(rng.choice(RANGES))
    if pick < 0.74:
        return {"type": "string", "pattern": rng.choice(PATTERNS)}
    if pick < 0.8:
        return {"enum": values, "not": {"enum": values[:1]}}
    if pick < 0.84:
        return {"anyOf": [{"const": values[0]}, dict(rng.choice(OPEN))]}
    if pick < 0.88:
        return {"oneOf": [{"const": values[0]}, {"enum": values}, dict(rng.choice(OPEN))][: rng.randint(1, 3)]}
    return dict(rng.choice(OPEN))


def body(rng: random.Random, names: tuple[str, ...]) -> dict[str, Any]:
    """An object with some of the names as members, some required, at times closed."""
    found: dict[str, Any] = {"type": "object"} if rng.random() < 0.8 else {}
    listed = [name for name in names if rng.random() < 0.6]
    found["properties"] = {name: member(rng, name) for name in listed}
    required = [name for name in names if rng.random() < (0.5 if name in listed else 0.1)]
    if required:
        found["required"] = required
    if rng.random() < 0.15:
        found["additionalProperties"] = rng.choice((False, {"type": "string"}, {"const": "A"}))
    if rng.random() < 0.04:
        found["patternProperties"] = {rng.choice(("^c", "t", "^kind$")): member(rng, "code")}
    return found


def part(rng: random.Random, names: tuple[str, ...], depth: int) -> dict[str, Any]:
    if depth and rng.random() < 0.3:
        return combined(rng, names, depth - 1)
    return body(rng, names) if rng.random() < 0.7 else {"$ref": f"#/$defs/{rng.choice(('A', 'B', 'C', 'Child', 'Base'))}"}


def combined(rng: random.Random, names: tuple[str, ...], depth: int) -> dict[str, Any]:
    """A body beside one or two combinations of others."""
    found: dict[str, Any] = body(rng, names) if rng.random() < 0.6 else {"type": "object"}
    for _ in range(rng.randint(1, 2)):
        keyword = rng.choice(("oneOf", "oneOf", "oneOf", "anyOf", "allOf", "if", "not", "discriminator"))
        if keyword == "if":
            found["if"], found["then"] = body(rng, names), part(rng, names, depth)
            if rng.random() < 0.5:
                found["else"] = part(rng, names, depth)
        elif keyword == "not":
            found["not"] = body(rng, names)
        elif keyword == "discriminator":
            found |= discriminated(rng, names)
        else:
            found[keyword] = [part(rng, names, depth) for _ in range(rng.randint(1, 4))]
    return found


def discriminated(rng: random.Random, names: tuple[str, ...]) -> dict[str, Any]:
    """References told apart by a discriminator: with a mapping, with a part of one, or without."""
    targets = rng.sample(("A", "B", "C", "Child"), rng.randint(1, 3))
    found: dict[str, Any] = {"propertyName": rng.choice(names)}
    if rng.random() < 0.6:
        keys = rng.sample(CODES, rng.randint(1, 3))
        found["mapping"] = {key: rng.choice(("#/$defs/", "")) + rng.choice(targets) for key in keys}
    return {
        rng.choice(("oneOf", "anyOf")): [{"$ref": f"#/$defs/{name}"} for name in targets],
        "discriminator": found,
    }


def document(number: int, names: tuple[str, ...]) -> dict[str, Any]:
    """The error schema of that number, with definitions: Base has a mapping to Child, which is built upon it."""
    rng = random.Random(number)
    found = combined(rng, names, 2)
    if rng.random() < 0.1:
        found = {"$ref": "#/$defs/Base", **(found if rng.random() < 0.5 else {})}
    base = body(rng, names) | {"discriminator": {"propertyName": rng.choice(names), "mapping": {"A": "#/$defs/Child"}}}
    child = {"allOf": [{"$ref": "#/$defs/Base"}, body(rng, names)]}
    parts = {"A": body(rng, names), "B": body(rng, names), "C": body(rng, names)}
    return {**found, "$defs": {**parts, "Base": base, "Child": child}}


def errors(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the error schemas; they do not shrink, and so they are spread evenly."""
    return st.integers(0, 2**48).map(lambda number: document(number, names))
