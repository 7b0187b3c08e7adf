"""Whether a schema admits anything at all: proven by the code domain, which is never narrower than the schema."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.match.cube import HERE, Choice, Tails, split
from errlint.match.domain import Reader
from errlint.match.keywords import SPOKEN, children, elements, subschema, types_of
from errlint.match.lattice import meet, member
from errlint.match.negation import refuted
from errlint.model.claim import JSON_TYPES
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.spec import Node, Resolve

DEEPEST = 40
MOST_DEMANDED = 32
"""Required members, and those within them, that are looked at."""
DEEPEST_DEMANDED = 6
_VALUES = ("const", "enum", "minimum", "exclusiveMinimum", "minLength", "maximum", "maxLength", "pattern", "type")


def unsatisfiable(node: Node, step: Resolve, dialect: str) -> Location | None:
    """The place where the keywords of a schema clash, so that no instance meets it; None where some may.

    The innermost place to which it can be traced: an empty ``enum``, a ``const`` that another excludes, the part of an
    ``allOf`` that goes with no other, a required member that nothing meets, a oneOf of which every branch is so. A schema
    without ``type: object`` admits what is no object, whatever its members say.
    """
    tails = tuple(_demanded(node, step, dialect)) or HERE
    reader = Reader(step, dialect)
    return _Cause(reader).of(node, tails, 0) if reader.choice(node, tails, True) == () else None


def _demanded(node: Node, step: Resolve, dialect: str) -> list[Pointer]:
    """The pointers of members that an instance may have to have, those within others too."""
    reader = Reader(step, dialect)
    found: dict[Pointer, None] = {}
    waiting: list[tuple[Node, Pointer, int]] = [(node, (), 0)]
    seen: set[tuple[Location, Pointer]] = set()
    while waiting and len(found) < MOST_DEMANDED:
        schema, place, depth = waiting.pop(0)
        if (schema.location, place) in seen or not isinstance(schema.value, dict) or depth > DEEPEST:
            continue
        seen.add((schema.location, place))
        for beside in _beside(schema, reader):
            waiting.append((beside, place, depth + 1))
        properties = dict(children(schema, "properties"))
        required = schema.value.get("required")
        for name in required if isinstance(required, list) and len(place) < DEEPEST_DEMANDED else ():
            if isinstance(name, str) and name != "*":
                found[(*place, name)] = None
                if name in properties:
                    waiting.append((properties[name], (*place, name), depth + 1))
    return list(found)[:MOST_DEMANDED]


def _beside(schema: Node, reader: Reader) -> Iterator[Node]:
    """The schemas that hold at the same place, or some of which do."""
    if "$ref" in schema.value:
        target = reader.follow(schema)
        if target is not None:
            yield target
        if reader.dialect != "3.1":
            return
    for keyword in ("allOf", "oneOf", "anyOf"):
        yield from elements(schema, keyword)


class _Cause:
    """Where the keywords clash of a schema that is known to admit nothing."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def of(self, node: Node, tails: Tails, depth: int) -> Location:
        """The innermost place to which it can be traced."""
        value = node.value
        if not isinstance(value, dict) or depth > DEEPEST:
            return node.location
        target = self.reader.follow(node) if "$ref" in value else None
        if target is not None and (self.reader.dialect != "3.1" or SPOKEN.isdisjoint(value)):
            return self.of(target, tails, depth + 1)
        own = self.reader.own(node, tails, True)
        if own == ():
            return self._own(node, tails, depth)
        parts = self._parts(node, target, tails)
        for part, choice in parts:
            if choice == ():
                return self._part(part, tails, depth)
        left = own
        for part, choice in parts:
            both = meet(left, choice)
            if both == ():
                return self._clash(part, left, tails, depth)
            left = both
        return node.location

    def _clash(self, part: Node, others: Choice, tails: Tails, depth: int) -> Location:
        """Where a part goes with none of what the others leave: its type, a member, else its first keyword that can clash."""
        if not isinstance(part.value, dict) or depth > DEEPEST:
            return part.location
        if "type" in part.value and all(
            cube.types.isdisjoint(types_of(part.value, self.reader.dialect) or JSON_TYPES) for cube in others
        ):
            return part.child("type").location
        asked = split(tails)
        for name, child in children(part, "properties"):
            below = asked.get(name, HERE)
            standing = [member(cube, name) for cube in others]
            own = self.reader.choice(child, below, True)
            if all(choice is not None and meet(choice, own) == () for choice in standing):
                left = tuple(cube for choice in standing for cube in choice or ())
                return self._clash(child, left, below, depth + 1)
        return self._keyword(part)

    def _parts(self, node: Node, target: Node | None, tails: Tails) -> list[tuple[Node, Choice]]:
        """What holds beside a schema's own keywords, each with what it admits."""
        reader = self.reader
        parts = [(part, reader.choice(part, tails, True, True)) for part in elements(node, "allOf")]
        if target is not None:
            parts.insert(0, (target, reader.choice(target, tails, True)))
        for keyword in ("oneOf", "anyOf"):
            branches = [reader.choice(branch, tails, True) for branch in elements(node, keyword)]
            if branches:
                parts.append((node.child(keyword), tuple(cube for choice in branches for cube in choice)))
        if "not" in node.value:
            parts.append((node.child("not"), refuted(reader, node.child("not"), tails, True)))
        return parts

    def _part(self, part: Node, tails: Tails, depth: int) -> Location:
        """The cause within a part that admits nothing by itself."""
        if part.pointer[-1:] == ("not",):
            return part.location
        if not isinstance(part.value, list):
            return self.of(part, tails, depth + 1)
        branches = [Node(part.uri, (*part.pointer, str(index)), value) for index, value in enumerate(part.value)]
        return self.of(branches[0], tails, depth + 1) if len(branches) == 1 else part.location

    def _own(self, node: Node, tails: Tails, depth: int) -> Location:
        """The cause within a schema's own keywords: a required member that nothing meets, else a list of values."""
        required = node.value.get("required")
        names = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
        properties = dict(children(node, "properties"))
        asked = split(tails)
        plain = {
            key: value for key, value in node.value.items() if key not in ("required", "properties", "additionalProperties")
        }
        if self.reader.own(Node(node.uri, (*node.pointer, ""), plain), HERE, False) != ():
            for index, name in enumerate(names):
                below = asked.get(name, HERE)
                if name in properties and self.reader.choice(properties[name], below, True) == ():
                    return self.of(properties[name], below, depth + 1)
                extra = subschema(node, "additionalProperties")
                if name not in properties and extra is not None and extra.value is False:
                    return node.child("required", str(index)).location
        return self._keyword(node)

    def _keyword(self, node: Node) -> Location:
        """The first keyword of a schema that can clash with another, the schema where there is none."""
        if isinstance(node.value, dict) and ("$ref" not in node.value or self.reader.dialect == "3.1"):
            for keyword in _VALUES:
                if keyword in node.value:
                    return node.child(keyword).location
        return node.location
