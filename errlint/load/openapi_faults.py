"""What is wrong with references: where they lead nowhere or elsewhere, and what is written beside them in vain."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.load.nodes import elements, members
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

MOST_SUBSCHEMAS = 200_000

_SINGLE = (
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "additionalItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_SECTIONS_2 = ("definitions", "parameters", "responses")


@record
class OddRef:
    """A ``$ref`` that can be followed: what is ``wanted`` there and where it leads instead, the keywords beside it in vain."""

    node: Node
    wanted: str = ""
    misplaced: Pointer | None = None
    siblings: tuple[str, ...] = ()


def section(pointer: Pointer, dialect: str) -> str:
    """The kind of component that a pointer names (``schemas``, ``responses`` ...), empty where it names none."""
    if dialect == "2.0":
        kind = pointer[0] if len(pointer) == 2 and pointer[0] in _SECTIONS_2 else ""
        return "schemas" if kind == "definitions" else kind
    return pointer[1] if len(pointer) == 3 and pointer[0] == "components" else ""


def of_response(use: Node, response: Node, dialect: str) -> Iterator[OddRef]:
    """What is odd about the ``$ref`` with which an operation names a response."""
    if use is response:
        return
    # A Reference Object of 3.1 may have these two; what else stands beside a $ref is ignored in all versions.
    beside = _siblings(use, *(("summary", "description") if dialect == "3.1" else ()))
    if beside:
        yield OddRef(use, siblings=beside)
    if section(response.pointer, dialect) not in ("", "responses"):
        yield OddRef(use, "a response", response.pointer)


def _siblings(reference: Node, *allowed: str) -> tuple[str, ...]:
    """The keywords beside a ``$ref``, extensions and those allowed left out."""
    if not isinstance(reference.value, dict) or len(reference.value) < 2 or not isinstance(reference.value.get("$ref"), str):
        return ()
    return tuple(key for key in reference.value if key != "$ref" and key not in allowed and not key.startswith("x-"))


class SchemaFaults:
    """The faulty references of a document's schemas, found as the schemas are asked for."""

    def __init__(self, resolve: Resolve, dialect: str) -> None:
        self._resolve = resolve
        self._dialect = dialect
        self._siblings = dialect == "3.1"
        # By identity: an alias or a shared component is one value, and the documents outlive this walk.
        self._seen: set[int] = set()
        self._broken: dict[int, tuple[Location, ...]] = {}
        self._looked_at = 0

    def below(self, schema: Node) -> Iterator[Unresolved | OddRef]:
        """The faults in a schema and all that it reaches, those that were told before left out; a cycle is no fault.

        Where the schema itself is a reference, what that leads to is the response's business.
        """
        rest = [schema]
        while rest and len(self._seen) < MOST_SUBSCHEMAS:
            node = rest.pop()
            if not isinstance(node.value, dict) or id(node.value) in self._seen:
                continue
            self._seen.add(id(node.value))
            if "$ref" in node.value:
                try:
                    target = self._resolve(node)
                except Unresolved as fault:
                    if not fault.cycle:
                        yield fault
                else:
                    rest.append(target)
                    if node is not schema and section(target.pointer, self._dialect) not in ("", "schemas"):
                        yield OddRef(node, "a schema", target.pointer)
                if not self._siblings:
                    ignored = _siblings(node)
                    if ignored:
                        yield OddRef(node, siblings=ignored)
                    continue
            rest.extend(_subschemas(node))

    def broken(self, schema: Node) -> tuple[Location, ...]:
        """The places of all broken references in a schema and what it reaches, told before or not.

        What needs too long a search is left out: 200,000 schemas are looked at in all.
        """
        if id(schema.value) not in self._broken:
            self._broken[id(schema.value)] = tuple(self._search(schema))
        return self._broken[id(schema.value)]

    def _search(self, schema: Node) -> Iterator[Location]:
        rest, seen = [schema], set[int]()
        while rest and self._looked_at < MOST_SUBSCHEMAS:
            node = rest.pop()
            if not isinstance(node.value, dict) or id(node.value) in seen:
                continue
            seen.add(id(node.value))
            self._looked_at += 1
            if "$ref" in node.value:
                try:
                    rest.append(self._resolve(node))
                except Unresolved as fault:
                    if not fault.cycle:
                        yield fault.place
                if not self._siblings:
                    continue
            rest.extend(_subschemas(node))


def _subschemas(node: Node) -> Iterator[Node]:
    value = node.value
    for key in _SINGLE:
        if isinstance(value.get(key), dict):
            yield node.child(key)
    for key in _LISTS:
        yield from elements(node.get(key))
    for key in _MAPS:
        for _, below in members(node.get(key)):
            yield below
