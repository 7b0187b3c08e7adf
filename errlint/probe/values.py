"""Values made from a schema: well-formed ids that name nothing, plausible parameters, the smallest valid body."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

from errlint.match.budget import search
from errlint.model.spec import Node, Resolve, Unresolved

FRESH_BITS = 40
"""An id with fewer random bits might name something that exists."""

DEEPEST = 8

_FORMATS = {
    "date": "2001-02-03",
    "date-time": "2001-02-03T04:05:06Z",
    "time": "04:05:06Z",
    "duration": "P1D",
    "email": "errlint@example.invalid",
    "hostname": "errlint.invalid",
    "uri": "https://errlint.invalid/",
    "url": "https://errlint.invalid/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A path segment before quoting; ``fresh`` is true where it is random enough to name nothing that exists."""

    text: str
    fresh: bool


def flat(node: Node | None, resolve: Resolve, depth: int = 0) -> dict[str, Any]:
    """A schema's own keywords with ``$ref`` followed, ``allOf`` merged and the first ``oneOf``/``anyOf`` branch taken.

    Good enough to build a value from; whether the value is valid is asked of a validator afterwards.
    """
    if node is None or depth > DEEPEST:
        return {}
    try:
        node = resolve(node)
    except Unresolved:
        return {}
    if not isinstance(node.value, Mapping):
        return {}
    merged = {key: value for key, value in node.value.items() if key not in ("allOf", "oneOf", "anyOf", "properties", "items")}
    merged["properties"] = _children(node.get("properties"))
    if "items" in node.value:
        merged["items"] = node.child("items")
    branches = [("allOf", index) for index in range(len(_list(node, "allOf")))]
    branches += [(key, 0) for key in ("oneOf", "anyOf") if _list(node, key)]
    for key, index in branches:
        _merge(merged, flat(node.child(key, str(index)), resolve, depth + 1))
    return merged


def _list(node: Node, key: str) -> list[Any]:
    value = node.value.get(key)
    return value if isinstance(value, list) else []


def _children(node: Node | None) -> dict[str, Node]:
    """The members of an object as nodes, by name."""
    if node is None or not isinstance(node.value, Mapping):
        return {}
    return {str(name): Node(node.uri, (*node.pointer, str(name)), value) for name, value in node.value.items()}


def _merge(into: dict[str, Any], other: dict[str, Any]) -> None:
    into["properties"] = {**other.pop("properties", {}), **into["properties"]}
    required = [*_names(into.get("required")), *_names(other.pop("required", None))]
    into.update({key: value for key, value in other.items() if key not in into})
    if required:
        into["required"] = list(dict.fromkeys(required))


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def kind(schema: Mapping[str, Any]) -> str:
    """The schema's first JSON type that is not null; guessed from its keywords where it names none."""
    types = schema.get("type")
    for name in types if isinstance(types, list) else [types]:
        if isinstance(name, str) and name != "null":
            return name
    if schema.get("properties") or "additionalProperties" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def unknown(schema: Mapping[str, Any], resolve: Resolve, rng: Random) -> Made:
    """A well-formed value that names nothing, shaped to a path parameter's schema."""
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(choices, list) and choices:
        return Made(_text(choices[0]), False)
    what = kind(schema)
    if what in ("integer", "number"):
        return _unknown_number(schema, rng)
    if what == "boolean":
        return Made("true", False)
    if what == "array" and isinstance(schema.get("items"), Node):
        return unknown(flat(schema["items"], resolve), resolve, rng)
    return _unknown_string(schema, rng)


def _unknown_number(schema: Mapping[str, Any], rng: Random) -> Made:
    """A large number within the bounds; int32 unless the schema says int64."""
    widest = 2**53 - 1 if schema.get("format") == "int64" else 2**31 - 1
    low, high = _bound(schema, "minimum", 0), _bound(schema, "maximum", widest)
    if isinstance(step := schema.get("multipleOf"), int) and step > 1:
        return Made(str(high - high % step), False)
    if high <= low:
        return Made(str(low), False)
    start = max(low, high // 2)
    return Made(str(rng.randint(start, high)), high - start > 10**8)


def _bound(schema: Mapping[str, Any], key: str, otherwise: int) -> int:
    value = schema.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return otherwise
    exclusive = schema.get("exclusive" + key.capitalize()) is True
    return int(value) + (0 if not exclusive else 1 if key == "minimum" else -1)


def _unknown_string(schema: Mapping[str, Any], rng: Random) -> Made:
    form = schema.get("format")
    random_uuid = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if form in _FORMATS:
        return Made(_FORMATS[str(form)], False)
    least, most = _bound(schema, "minLength", 0), _bound(schema, "maxLength", 2**31)
    text = random_uuid
    if len(text) > most or len(text) < least:
        length = min(max(least, 12), most, 200)
        text = "".join(rng.choice("0123456789abcdef") for _ in range(length))
    bits = 4 * len(text)
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and search(pattern, text) is None:
        made = matching(pattern, rng)
        return Made(made[0], made[1] >= FRESH_BITS) if made else Made(text, False)
    return Made(text, bits >= FRESH_BITS)


def matching(pattern: str, rng: Random) -> tuple[str, float] | None:
    """(a random text that a pattern matches, how many random bits are in it); None where none was found."""
    from errlint.probe.patterns import sample  # only schemas with patterns need it

    for _ in range(5):
        made = sample(pattern, rng)
        if made is not None and made[0] and search(pattern, made[0]) is not None:
            return made
    return None


def plausible(schema: Mapping[str, Any], resolve: Resolve, rng: Random, examples: bool) -> str:
    """A value for a required query, header or cookie parameter; the document's examples only where they are allowed."""
    candidates = [schema.get("const"), schema.get("default")]
    if examples:
        listed = schema.get("examples")
        candidates += [schema.get("example"), listed[0] if isinstance(listed, list) and listed else None]
    enum = schema.get("enum")
    candidates.append(enum[0] if isinstance(enum, list) and enum else None)
    for candidate in candidates:
        if isinstance(candidate, (str, int, float, bool)):
            return _text(candidate)
    if kind(schema) in ("integer", "number"):
        return str(max(1, _bound(schema, "minimum", 1)) if _bound(schema, "maximum", 1) >= 1 else _bound(schema, "maximum", 1))
    return unknown(schema, resolve, rng).text


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def smallest(node: Node | None, resolve: Resolve, rng: Random, depth: int = 0) -> Any:
    """The smallest value that a schema seems to allow: required members only, none of the document's examples."""
    schema = flat(node, resolve, depth)
    for choices in ([schema["const"]] if "const" in schema else [], schema.get("enum")):
        if isinstance(choices, list) and choices:
            return choices[0]
    what = kind(schema)
    if what == "object":
        wanted = [name for name in _names(schema.get("required")) if depth < DEEPEST]
        return {name: smallest(schema["properties"].get(name), resolve, rng, depth + 1) for name in wanted}
    if what == "array":
        count = min(_bound(schema, "minItems", 0), 5) if depth < DEEPEST else 0
        return [smallest(schema.get("items"), resolve, rng, depth + 1) for _ in range(count)]
    if what in ("integer", "number"):
        low, high = _bound(schema, "minimum", 1), _bound(schema, "maximum", 2**31)
        return min(max(low, 1), high) if low <= 1 <= high or low > 1 else high
    if what == "boolean":
        return True
    return _unknown_string(schema, rng).text


def segment(text: str) -> str:
    """The text quoted so that it stays one path segment (RFC 3986 section 3.3); ``.`` and ``..`` too."""
    quoted = quote(text, safe="-_~!$&'()*+,;=:@", encoding="utf-8", errors="surrogateescape")
    return re.sub(r"\.", "%2E", quoted) if text in (".", "..") else quoted
