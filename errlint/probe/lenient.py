"""What even a lenient service refuses: services seldom enforce all that their request schemas say.

Only what code cannot do without counts here: the JSON type of the body and of its required members, and that these are
there. Everything else (closed objects, exactly one of several, patterns, lengths, lists of values, discriminators) is
often written down and not enforced, so a body that breaks nothing but that may well be taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any

from errlint.model.record import mutable
from errlint.model.spec import Node, Resolve, Unresolved

MOST_STEPS = 20_000
MOST_PARTS = 200

_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


class _Undecided(Exception):  # noqa: N818 -- no fault: the answer is "it may be taken"
    """A reference leads nowhere or in a circle, or there is too much to look at."""


@mutable
class Lenient:
    """A request schema as a lenient service sees it: ``ignored`` members hold anything, ``optional`` ones may be missing.

    Where ``partial``, any may: a body that need not be there is often read as one that lacks everything.
    """

    schema: Node
    resolve: Resolve
    dialect: str
    ignored: Set[str]
    optional: Set[str]
    partial: bool = False
    _steps: int = 0

    def takes(self, value: Any) -> bool:
        """Whether a lenient service may take a value; True where that cannot be decided."""
        self._steps = 0
        try:
            return self._takes(self.schema, value, frozenset())
        except (_Undecided, RecursionError):
            return True

    def _takes(self, schema: Node, value: Any, needed: frozenset[str]) -> bool:
        """As above. ``needed`` are the members that a schema around this one requires. Raises: _Undecided."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise _Undecided
        parts = self._parts(schema)
        if value is None and any(_nullable(part.value) for part in parts):
            return True
        needed = needed.union(*(_required(part.value) for part in parts)) - self.ignored
        return all(self._takes_part(part, value, needed) for part in parts)

    def _takes_part(self, part: Node, value: Any, needed: frozenset[str]) -> bool:
        """Whether one of the schemas that hold at the same place may take a value."""
        value = _container(value, part.value.get("type"))
        if not (is_of(value, part.value.get("type")) or _coerced(value, part.value.get("type"))):
            return False
        if isinstance(value, dict):
            lacking = _required(part.value) - self.optional - self.ignored - value.keys()
            if lacking and not self.partial:
                return False
            members = part.get("properties")
            declared = members.value if members is not None and isinstance(members.value, dict) else {}
            for name in sorted(needed & declared.keys() & value.keys()):
                if not self._takes(
                    Node(part.uri, (*part.pointer, "properties", name), declared[name]), value[name], frozenset()
                ):
                    return False
        for key in ("anyOf", "oneOf"):
            branches = part.value.get(key)
            if isinstance(branches, list) and branches:
                nodes = (part.child(key, str(index)) for index in range(len(branches)))
                if not any(self._takes(node, value, needed) for node in nodes):
                    return False
        return True

    def _parts(self, schema: Node) -> list[Node]:
        """The schemas that all hold at the place of one: itself, through ``$ref`` and through ``allOf``. Raises: _Undecided."""
        found: list[Node] = []
        waiting = [schema]
        while waiting:
            node = waiting.pop()
            if len(found) > MOST_PARTS:
                raise _Undecided
            if not isinstance(node.value, Mapping):
                continue
            if isinstance(node.value.get("$ref"), str):
                waiting.append(self._target(node))
                if self.dialect != "3.1":  # before that, siblings of a reference do not count, but many mean this one
                    found.append(Node(node.uri, node.pointer, {"nullable": _nullable(node.value)}))
                    continue
            found.append(node)
            every = node.value.get("allOf")
            if isinstance(every, list):
                waiting += [node.child("allOf", str(index)) for index in range(len(every))]
        return found

    def _target(self, node: Node) -> Node:
        try:
            target = self.resolve(Node(node.uri, node.pointer, {"$ref": node.value["$ref"]}))
        except Unresolved:
            raise _Undecided from None
        if target.location == node.location:
            raise _Undecided
        return target


def _nullable(value: Mapping[str, Any]) -> bool:
    """Whether a schema calls itself nullable in the words of any dialect, wherever that counts."""
    return value.get("nullable") is True or value.get("x-nullable") is True


def _required(value: Mapping[str, Any]) -> frozenset[str]:
    names = value.get("required")
    return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()


def is_of(value: Any, types: Any) -> bool:
    """Whether a value has one of the JSON types that ``type`` names; what is no list of JSON types says nothing."""
    names = types if isinstance(types, list) else [types]
    if not names or not all(isinstance(name, str) and name in _JSON_TYPES for name in names):
        return True
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _JSON_TYPES[name]) for name in names)


_NUMBER = re.compile(r"\s*[+-]?(\d[\d_,]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE)

_TRUTHS = frozenset(("", "0", "1", "true", "false", "t", "f", "yes", "no", "y", "n", "on", "off"))


def _coerced(value: Any, types: Any) -> bool:
    """Whether a service may read a value as one of these JSON types: frameworks read ``"1"`` as a number, 1 as true or a text.

    pydantic's lax mode, Jackson and PHP do so; nobody reads an object as a scalar, nor ``errlint`` as a number.
    """
    names = frozenset(types if isinstance(types, list) else [types])
    if value is None:
        return bool(names & {"string", "number", "integer", "boolean"})  # many read null as the type's zero
    if isinstance(value, str):
        text = value.strip().lower()
        numeric = not text or _NUMBER.fullmatch(text) is not None
        return bool((numeric and names & {"number", "integer"}) or (text in _TRUTHS and "boolean" in names))
    if isinstance(value, (bool, int, float)):
        return bool(names & {"string", "number", "integer", "boolean"})
    return False


def _container(value: Any, types: Any) -> Any:
    """What a service may read for nothing, an empty list or null, as what belongs there: PHP and Go do."""
    names = types if isinstance(types, list) else [types]
    if value in ([], None) and not isinstance(value, bool) and "object" in names and not (value == [] and "array" in names):
        return {}
    return [] if value in ({}, None) and "object" not in names and "array" in names else value


_MAPS = ("properties", "patternProperties", "$defs")
_KEPT = ("$schema", "$ref", "type", "enum", "const", "required")
_SCHEMAS = ("additionalProperties", "unevaluatedProperties", "items", "not")
_LISTS = ("allOf", "anyOf", "prefixItems")


def outline(schema: Any) -> Any:
    """A JSON Schema without what only some values break, and with any number of ``oneOf``.

    A value that breaks even this, made along the schema, shows that the schema contradicts itself.
    """
    if not isinstance(schema, Mapping):
        return schema
    plain = {key: schema[key] for key in _KEPT if key in schema}
    plain |= {key: outline(schema[key]) for key in _SCHEMAS if key in schema}
    plain |= {key: [outline(one) for one in schema[key]] for key in _LISTS if key in schema}
    plain |= {key: {name: outline(one) for name, one in schema[key].items()} for key in _MAPS if key in schema}
    if "oneOf" in schema:
        plain["allOf"] = [*plain.get("allOf", []), {"anyOf": [outline(one) for one in schema["oneOf"]]}]
    return plain
