"""An instance that some schemas admit together, built from what they list: a candidate, which a validator must confirm."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from errlint.match.bounds import LOWER, admits, whole_numbers
from errlint.match.cube import identity
from errlint.match.domain import Reader
from errlint.match.keywords import bounds, children, elements, subschema, types_of
from errlint.match.patterns import language
from errlint.model.claim import JSON_TYPES, json_type
from errlint.model.finding import Location
from errlint.model.spec import Node

DEEPEST = 8
MOST_SCHEMAS = 500
MOST_ITEMS = 5
_TEXTS = ("text", "a", "1", "00000000-0000-0000-0000-000000000000", "2000-01-01T00:00:00Z", "")
_PLAIN: tuple[Any, ...] = (*_TEXTS, 1, 400, 0, 1.5, True, None)


class NoSample(Exception):  # noqa: N818 -- no fault of anybody: nothing was found, which proves nothing
    """No instance could be built."""


class Sampler:
    """Builds instances of the schemas of one document; ``spent`` counts the schemas that were looked at."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._spent = 0

    def sample(self, wanted: Sequence[Node], beside: Sequence[Node], depth: int = 0) -> Any:
        """An instance of all these schemas, with the members that ``wanted`` lists or requires.

        Raises: NoSample, also where ``beside`` requires others, or where formats differ: they are not asserted, but meant.
        """
        if depth > DEEPEST:
            raise NoSample
        mine = list(self._parts(wanted))
        parts = [*mine, *self._parts(beside)]
        if len({part.value["format"] for part in parts if isinstance(part.value.get("format"), str)}) > 1:
            raise NoSample
        listed = self._listed(parts)
        types = JSON_TYPES.intersection(*(types_of(part.value, self._reader.dialect) or JSON_TYPES for part in parts))
        if listed is not None:
            return self._first(parts, types, listed)
        if "object" in types and any("properties" in part.value or "required" in part.value for part in parts):
            return self._object(mine, parts, depth)
        if "array" in types and any("items" in part.value or types == {"array"} for part in parts):
            return self._array(parts, depth)
        if types == {"object"}:
            return {}
        return self._first(parts, types, self._open(parts))

    def _parts(self, schemas: Iterable[Node]) -> Iterator[Node]:
        """The schema objects that hold at this place: through references and allOf, and the first branch of each choice."""
        waiting = list(schemas)
        seen: set[Location] = set()
        while waiting:
            node = waiting.pop(0)
            self._spent += 1
            if self._spent > MOST_SCHEMAS or node.value is False:
                raise NoSample
            if not isinstance(node.value, dict) or node.location in seen:
                continue
            seen.add(node.location)
            if "$ref" in node.value:
                target = self._reader.follow(node)
                if target is None:
                    raise NoSample
                waiting.append(target)
                if self._reader.dialect != "3.1":
                    continue
            waiting.extend(elements(node, "allOf"))
            for keyword in ("oneOf", "anyOf"):
                waiting.extend(list(elements(node, keyword))[:1])
            yield node

    def _listed(self, parts: Sequence[Node]) -> list[Any] | None:
        """The values that const and enum leave, None where there are neither."""
        lists = [[part.value["const"]] for part in parts if "const" in part.value]
        lists += [part.value["enum"] for part in parts if isinstance(part.value.get("enum"), list)]
        if not lists:
            return None
        common = set.intersection(*({identity(value) for value in values} for values in lists))
        return [value for value in lists[0] if identity(value) in common]

    def _first(self, parts: Sequence[Node], types: frozenset[str], values: Iterable[Any]) -> Any:
        """The first value of these types within all bounds. Raises: NoSample."""
        limits = [(keyword, bound) for part in parts for keyword, bound, _ in bounds(part)]
        for value in values:
            if json_type(value) in types and all(admits(keyword, bound, value) for keyword, bound in limits):
                return value
        raise NoSample

    def _open(self, parts: Sequence[Node]) -> Iterator[Any]:
        """Values to try where none are listed: those that schemas name without insisting, then one of each sort."""
        for part in parts:
            for keyword in ("example", "default"):
                if keyword in part.value:
                    yield part.value[keyword]
            yield from part.value["examples"] if isinstance(part.value.get("examples"), list) else ()
        limits = [(keyword, bound) for part in parts for keyword, bound, _ in bounds(part)]
        for keyword, bound in limits:
            if keyword == "pattern":
                yield from (language(bound) or ())[:1]
            elif keyword in LOWER and math.isfinite(bound):
                yield from (bound, int(bound) + 1)
            elif keyword == "minLength" and bound <= 1000:
                yield "a" * int(bound)
        yield from whole_numbers(limits) or ()
        yield from _PLAIN

    def _object(self, mine: Sequence[Node], parts: Sequence[Node], depth: int) -> dict[str, Any]:
        names = [name for part in mine for name, child in children(part, "properties") if child.value is not False]
        names += [name for part in mine for name in _required(part)]
        if any(name not in names for part in parts for name in _required(part)):
            raise NoSample
        found = {}
        for name in dict.fromkeys(names):
            here = [child for part in mine for child in self._member(part, name)]
            beside = [child for part in parts if part not in mine for child in self._member(part, name)]
            found[name] = self.sample(here, beside, depth + 1)
        return found

    def _member(self, part: Node, name: str) -> list[Node]:
        properties = part.get("properties")
        child = properties.get(name) if properties is not None else None
        extra = subschema(part, "additionalProperties") if child is None and "patternProperties" not in part.value else None
        return [schema for schema in (child, extra) if schema is not None]

    def _array(self, parts: Sequence[Node], depth: int) -> list[Any]:
        fewest = max((part.value["minItems"] for part in parts if isinstance(part.value.get("minItems"), int)), default=0)
        items = [item for part in parts if (item := subschema(part, "items")) is not None]
        if fewest > MOST_ITEMS:
            raise NoSample
        return [self.sample(items, (), depth + 1) for _ in range(max(fewest, 1))]


def _required(part: Node) -> list[str]:
    required = part.value.get("required")
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
