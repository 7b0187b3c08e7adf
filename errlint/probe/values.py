"""Values made from a schema: well-formed ids that name nothing, plausible parameters, the smallest valid body."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import quote

from errlint.match.budget import search
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

FRESH_BITS = 40
"""An id with fewer random bits might name something that exists."""

DEEPEST = 8

MOST_PARTS = 300
"""Schemas that are merged into one at the most."""

MOST_VALUES = 500
"""Values in one made-up body at the most."""

WIDEST = 2**63
"""Bounds beyond this are taken for this: no service keeps larger integers, and infinity is none."""

LONGEST = 200

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


@record
class Made:
    """A path segment before quoting; ``fresh`` is true where it is random enough to name nothing that exists."""

    text: str
    fresh: bool


class _Room:
    """How many steps may still be taken: a schema that leads to itself several times would double them at each."""

    def __init__(self, left: int) -> None:
        self.left = left

    def takes(self) -> bool:
        self.left -= 1
        return self.left >= 0


def flat(node: Node | None, resolve: Resolve, depth: int = 0, room: _Room | None = None) -> dict[str, Any]:
    """A schema's own keywords with ``$ref`` followed, ``allOf`` merged and the first ``oneOf``/``anyOf`` branch taken.

    Good enough to build a value from; whether the value is valid is asked of a validator afterwards.
    """
    room = room or _Room(MOST_PARTS)
    if node is None or depth > DEEPEST or not room.takes():
        return {}
    try:
        node = resolve(node)
    except Unresolved:
        return {}
    if not isinstance(node.value, Mapping):
        return {}
    merged = {
        key: value
        for key, value in node.value.items()
        if isinstance(key, str) and key not in ("allOf", "oneOf", "anyOf", "properties", "items")
    }
    merged["properties"] = _children(node.get("properties"))
    if "items" in node.value:
        merged["items"] = node.child("items")
    branches = [("allOf", index) for index in range(len(_list(node, "allOf")))]
    branches += [(key, _first(_list(node, key))) for key in ("oneOf", "anyOf") if _list(node, key)]
    for key, index in branches:
        _merge(merged, flat(node.child(key, str(index)), resolve, depth + 1, room))
    return merged


def _first(branches: list[Any]) -> int:
    """The first branch that is more than null."""
    telling = (number for number, one in enumerate(branches) if not (isinstance(one, Mapping) and one.get("type") == "null"))
    return next(telling, 0)


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
        return unknown(flat(schema["items"], resolve, 1), resolve, rng)
    return _unknown_string(schema, rng)


def _unknown_number(schema: Mapping[str, Any], rng: Random) -> Made:
    """A number from the upper half of what the bounds leave; int32 unless the schema says int64."""
    low, high = _range(schema, 0, 2**53 - 1 if schema.get("format") == "int64" else 2**31 - 1)
    step = _whole(schema.get("multipleOf"), up=True)
    if step is not None and step > 1:
        return Made(str(max(high - high % step, low)), False)
    start = low + (high - low) // 2
    return Made(str(rng.randint(start, high)), high - start > 10**8)


def _range(schema: Mapping[str, Any], least: int, width: int) -> tuple[int, int]:
    """(the least integer, the greatest) that a schema's bounds allow; bounds that contradict each other give one integer.

    Where only one bound is given the other is ``width`` away from it, or where ``least`` puts it.
    """
    low, high = _limit(schema, "minimum"), _limit(schema, "maximum")
    if low is None:
        low = least if high is None or high >= least else high - width
    if high is None:
        high = max(width, low) if low <= least else max(width, low + width)
    return low, max(low, high)


def _limit(schema: Mapping[str, Any], key: str) -> int | None:
    """The first integer inside of a bound, None where there is none. An exclusive one is a boolean or a number of its own."""
    outward = -1 if key == "maximum" else 1
    bound, exclusive = schema.get(key), schema.get("exclusive" + key.capitalize())
    inside = _whole(bound, up=outward > 0)
    if inside is not None and exclusive is True and inside == bound:
        inside += outward
    other = _whole(exclusive, up=outward > 0)
    if other is not None and other == exclusive:
        other += outward
    both = [found for found in (inside, other) if found is not None]
    return (max(both) if outward > 0 else min(both)) if both else None


def _whole(value: Any, up: bool) -> int | None:
    """A number as an integer, rounded, and not beyond ``WIDEST``; None for anything else, infinite and not-a-number too."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -math.inf < value < math.inf:
        return None
    nearest = value if isinstance(value, int) else math.ceil(value) if up else math.floor(value)
    return max(-WIDEST, min(nearest, WIDEST))


def _lengths(schema: Mapping[str, Any], least: str, most: str) -> tuple[int, int]:
    """(the least, the greatest) length or count that a schema allows, never below zero."""
    low, high = _whole(schema.get(least), up=True), _whole(schema.get(most), up=False)
    return max(low or 0, 0), max(WIDEST if high is None else high, 0)


def _unknown_string(schema: Mapping[str, Any], rng: Random) -> Made:
    form = schema.get("format")
    random_uuid = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if isinstance(form, str) and form in _FORMATS:
        return Made(_FORMATS[form], False)
    least, most = _lengths(schema, "minLength", "maxLength")
    text = random_uuid
    if len(text) > most or len(text) < least:
        length = max(min(max(least, 12), most, LONGEST), 1)  # an id of no length would name another path
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
        return str(_near_one(schema))
    return _text(unknown(schema, resolve, rng).text)


def _near_one(schema: Mapping[str, Any]) -> int:
    """The integer within a schema's bounds that is nearest to 1."""
    low, high = _range(schema, 1, WIDEST)
    return min(max(low, 1), high)


def _text(value: Any) -> str:
    """A value as it stands in a path or a query; what no UTF-8 can say is replaced."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.encode("utf-8", "replace").decode()


def smallest(node: Node | None, resolve: Resolve, rng: Random, depth: int = 0, room: _Room | None = None) -> Any:
    """The smallest value that a schema seems to allow: required members only, none of the document's examples."""
    room = room or _Room(MOST_VALUES)
    if not room.takes():
        return None
    schema = flat(node, resolve, depth)
    for choices in ([schema["const"]] if "const" in schema else [], schema.get("enum")):
        if isinstance(choices, list) and choices:
            return choices[0]
    what = kind(schema)
    if what == "object":
        wanted = [name for name in _names(schema.get("required")) if depth < DEEPEST]
        return {name: smallest(schema["properties"].get(name), resolve, rng, depth + 1, room) for name in wanted}
    if what == "array":
        count = min(_lengths(schema, "minItems", "maxItems")[0], 5) if depth < DEEPEST else 0
        return [smallest(schema.get("items"), resolve, rng, depth + 1, room) for _ in range(count)]
    if what in ("integer", "number"):
        return _near_one(schema)
    if what == "boolean":
        return True
    return _unknown_string(schema, rng).text


def octets(text: str) -> bytes:
    """The text as UTF-8. Octets that were no UTF-8 come back as they were; half a surrogate pair is no text: ``?``."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def segment(text: str) -> str:
    """The text quoted so that it stays one path segment (RFC 3986 section 3.3); ``.`` and ``..`` too."""
    quoted = quote(octets(text), safe="-_~!$&'()*+,;=:@")
    return re.sub(r"\.", "%2E", quoted) if text in (".", "..") else quoted
