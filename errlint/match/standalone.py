"""OpenAPI schemas as JSON Schemas that stand alone: Draft 2020-12 in every dialect, with every reference inside."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from errlint.match.explain import CannotValidate, first_error
from errlint.match.keywords import SPOKEN, TYPES, is_nullable
from errlint.model.finding import Location
from errlint.model.spec import Node, Resolve, Unresolved

__all__ = ["CannotValidate", "first_error", "standalone"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_NODES = 20_000
DEEPEST = 100
KEPT_SCHEMAS = 1024
LONGEST_CHAIN = 100

_SCHEMA = ("additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "items")
_SCHEMA_LATER = ("unevaluatedItems", "unevaluatedProperties")
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAP = ("properties", "patternProperties", "dependentSchemas")
_NUMBER = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNT = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains")
# Where an instance is judged by the schema below at the very same place.
_IN_PLACE = ("not", "if", "then", "else", "allOf", "anyOf", "oneOf", "dependentSchemas")


class _Unknown(Exception):  # noqa: N818 -- no fault: the answer is "unknown"
    """The schema cannot be written down: a reference leads nowhere, or it is too large."""


def standalone(schema: Node, resolve: Resolve, dialect: str) -> dict[str, Any] | bool | None:
    """The JSON Schema (Draft 2020-12) that a schema of a document means, its references under ``#/$defs/<n>``.

    ``dialect`` is ``2.0``, ``3.0`` or ``3.1``. Keywords that only annotate are left out, ``format`` among them; what has the
    wrong shape too. Later drafts' keywords count in all dialects, as in ``domain``. None where a reference leads nowhere or
    back to itself, where ``$dynamicRef`` is used, or beyond 20,000 schemas.
    """
    try:
        # Many responses are nothing but a reference to the same schema.
        for _ in range(LONGEST_CHAIN):
            if not isinstance(schema.value, dict) or "$ref" not in schema.value or _has_siblings(schema.value, dialect):
                break
            schema = _target(schema, resolve)
    except _Unknown:
        return None
    return _standalone(_Asked(schema, resolve, dialect))


class _Asked:
    """A question, equal to another about the same value by the same resolver: answers are kept, and validators by them."""

    def __init__(self, schema: Node, resolve: Resolve, dialect: str) -> None:
        self.schema = schema
        self.resolve = resolve
        self.dialect = dialect
        self._key = (schema.uri, schema.pointer, id(schema.value), resolve, dialect)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other._key == self._key


@lru_cache(maxsize=KEPT_SCHEMAS)
def _standalone(asked: _Asked) -> dict[str, Any] | bool | None:
    writer = _Writer(asked.resolve, asked.dialect)
    try:
        root = writer.whole(asked.schema)
    except _Unknown:
        return None
    if isinstance(root, bool):
        return root
    whole = {"$schema": DIALECT, **root}
    if writer.defs:
        whole["$defs"] = writer.defs
    return None if _is_endless(whole) else whole


def forget() -> None:
    """Lets go of the answers that are kept, and of the documents that they hold."""
    _standalone.cache_clear()


def _has_siblings(value: dict[str, Any], dialect: str) -> bool:
    """Whether something beside a ``$ref`` counts: keywords do, in 3.1."""
    return dialect == "3.1" and not SPOKEN.isdisjoint(value)


def _target(node: Node, resolve: Resolve) -> Node:
    """What a ``$ref`` leads to. Raises: _Unknown."""
    try:
        # Alone, so that its siblings do not keep a resolver from following it.
        target = resolve(Node(node.uri, node.pointer, {"$ref": node.value["$ref"]}))
    except Unresolved:
        raise _Unknown from None
    if target.location == node.location:
        raise _Unknown
    return target


class _Writer:
    """Writes the schemas of one document; a schema that is referred to is written once."""

    def __init__(self, resolve: Resolve, dialect: str) -> None:
        self.defs: dict[str, Any] = {}
        self._resolve = resolve
        self._dialect = dialect
        self._names: dict[Location, str] = {}
        self._waiting: list[tuple[str, Node]] = []
        self._written = 0

    def whole(self, node: Node) -> dict[str, Any] | bool:
        """The schema at a node, after everything that it refers to is in ``defs``. Raises: _Unknown."""
        root = self.write(node, 0)
        while self._waiting:
            name, target = self._waiting.pop()
            self.defs[name] = self.write(target, 0)
        return root

    def write(self, node: Node, depth: int) -> dict[str, Any] | bool:
        """The schema at a node. Raises: _Unknown."""
        value = node.value
        self._written += 1
        if depth > DEEPEST or self._written > MOST_NODES or not isinstance(value, (dict, bool)):
            raise _Unknown
        if isinstance(value, bool):
            return value
        if "$dynamicRef" in value or "$recursiveRef" in value:
            raise _Unknown
        if "$ref" not in value:
            return self._keywords(node, depth)
        reference: dict[str, Any] = {"$ref": self._reference(node)}
        siblings = self._keywords(node, depth) if _has_siblings(value, self._dialect) else {}
        return reference | siblings if isinstance(siblings, dict) else reference

    def _reference(self, node: Node) -> str:
        """The reference to what a ``$ref`` leads to, which is written where it was not yet."""
        target = _target(node, self._resolve)
        name = self._names.get(target.location)
        if name is None:
            name = self._names[target.location] = str(len(self._names) + 1)
            # Written later: references may lead much deeper than schemas are nested.
            self._waiting.append((name, target))
        return f"#/$defs/{name}"

    def _keywords(self, node: Node, depth: int) -> dict[str, Any] | bool:
        value = node.value
        if value.get("type") == "file":
            return True
        found = _assertions(value, self._dialect)
        for keyword in (*_SCHEMA, *_SCHEMA_LATER):
            if isinstance(value.get(keyword), (dict, bool)):
                found[keyword] = self.write(node.child(keyword), depth + 1)
        for keyword in _LIST:
            if isinstance(value.get(keyword), list) and value[keyword]:
                found[keyword] = self._list(node.child(keyword), depth)
        for keyword in _MAP:
            if isinstance(value.get(keyword), dict):
                found[keyword] = self._map(node.child(keyword), depth)
        if isinstance(value.get("items"), list):
            self._tuple(found, node, depth)
        if isinstance(value.get("dependencies"), dict):
            self._dependencies(found, node.child("dependencies"), depth)
        return found

    def _list(self, node: Node, depth: int) -> list[dict[str, Any] | bool]:
        return [self.write(node.child(str(index)), depth + 1) for index in range(len(node.value))]

    def _map(self, node: Node, depth: int) -> dict[str, dict[str, Any] | bool]:
        return {name: self.write(node.child(name), depth + 1) for name in node.value}

    def _tuple(self, found: dict[str, Any], node: Node, depth: int) -> None:
        """Draft 4's list of ``items`` with ``additionalItems``, as ``prefixItems`` with ``items``."""
        if node.value["items"]:
            found["prefixItems"] = self._list(node.child("items"), depth)
        if isinstance(node.value.get("additionalItems"), (dict, bool)):
            found["items"] = self.write(node.child("additionalItems"), depth + 1)

    def _dependencies(self, found: dict[str, Any], node: Node, depth: int) -> None:
        """Draft 4's ``dependencies``, as the two keywords that it became."""
        for name, wanted in node.value.items():
            if isinstance(wanted, list):
                found.setdefault("dependentRequired", {})[name] = _strings(wanted)
            else:
                found.setdefault("dependentSchemas", {})[name] = self.write(node.child(name), depth + 1)


def _assertions(value: dict[str, Any], dialect: str) -> dict[str, Any]:
    """The keywords that hold no schema, those of the wrong shape left out."""
    found = _bounds(value)
    types = value["type"] if isinstance(value.get("type"), list) else [value.get("type")]
    if types and all(isinstance(name, str) and name in TYPES for name in types):
        types = [*types, "null"] if is_nullable(value, dialect) else types
        found["type"] = types[0] if len(types) == 1 else list(dict.fromkeys(types))
    if isinstance(value.get("enum"), list):
        found["enum"] = value["enum"]
    if "const" in value:
        found["const"] = value["const"]
    if isinstance(value.get("required"), list):
        found["required"] = _strings(value["required"])
    if isinstance(value.get("pattern"), str):
        found["pattern"] = value["pattern"]
    if isinstance(value.get("uniqueItems"), bool):
        found["uniqueItems"] = value["uniqueItems"]
    if isinstance(value.get("dependentRequired"), dict):
        lists = value["dependentRequired"].items()
        found["dependentRequired"] = {name: _strings(names) for name, names in lists if isinstance(names, list)}
    return found


def _bounds(value: dict[str, Any]) -> dict[str, Any]:
    """The numeric keywords; draft 4's boolean exclusiveMinimum turns ``minimum`` into the number that it excludes."""
    found: dict[str, Any] = {}
    for keyword in (*_NUMBER, *_COUNT):
        bound = value.get(keyword)
        if isinstance(bound, bool) or not isinstance(bound, (int, float)) or (keyword in _COUNT and bound < 0):
            continue
        exclusive = "exclusive" + keyword.capitalize()
        found[exclusive if value.get(exclusive) is True else keyword] = bound
    return found


def _strings(names: list[Any]) -> list[str]:
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def _is_endless(whole: dict[str, Any]) -> bool:
    """Whether a definition leads back to itself at one and the same place of an instance: then it says nothing."""
    waits = {name: _in_place(schema) for name, schema in whole.get("$defs", {}).items()}
    while ready := [name for name, names in waits.items() if not names & waits.keys()]:
        for name in ready:
            del waits[name]
    return bool(waits)


def _in_place(schema: Any) -> set[str]:
    """The definitions that judge the same place as a schema."""
    if not isinstance(schema, dict):
        return set()
    found = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
    for keyword in _IN_PLACE:
        below = schema.get(keyword)
        schemas = below if isinstance(below, list) else [below]
        if keyword == "dependentSchemas" and isinstance(below, dict):
            schemas = list(below.values())
        found = found.union(*map(_in_place, schemas))
    return found
