"""Whether a schema admits anything at all: proven by the code domain, which is never narrower than the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from errlint.match.cube import HERE, Choice, Tails, split
from errlint.match.domain import Reader
from errlint.match.keywords import LENGTHS, NUMBERS, SPOKEN, children, elements, subschema, types_of
from errlint.match.lattice import meet, member
from errlint.match.negation import refuted
from errlint.model.claim import JSON_TYPES
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node, Resolve

DEEPEST = 40
MOST_DEMANDED = 32
"""Required members, and those within them, that are looked at."""
DEEPEST_DEMANDED = 6
MOST_HOLDING = 50
"""Schemas beside one among which the other keyword of a clash is looked for."""
_VALUES = ("const", "enum", "minimum", "exclusiveMinimum", "minLength", "maximum", "maxLength", "pattern", "type")
_BOUNDS = {"number": NUMBERS, "string": LENGTHS}


@record
class Clash:
    """Where keywords exclude one another: the place of one, and where it is known both of them with their values.

    ``keywords`` is one pair for an ``enum`` that is empty by itself; ``other`` is the place of the second.
    """

    at: Location
    keywords: tuple[tuple[str, Any], ...] = ()
    other: Location | None = None


def unsatisfiable(node: Node, step: Resolve, dialect: str) -> Location | None:
    """The place where the keywords of a schema clash, so that no instance meets it; None where some may."""
    found = clash(node, step, dialect)
    return None if found is None else found.at


def clash(node: Node, step: Resolve, dialect: str) -> Clash | None:
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


def _required(node: Node) -> list[str]:
    required = node.value.get("required")
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []


class _Cause:
    """Where the keywords clash of a schema that is known to admit nothing."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def of(self, node: Node, tails: Tails, depth: int) -> Clash:
        """The innermost place to which it can be traced."""
        value = node.value
        if not isinstance(value, dict) or depth > DEEPEST:
            return Clash(node.location)
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
        left, holding = own, [node]
        for part, choice in parts:
            both = meet(left, choice)
            if both == ():
                if part is target:  # the use narrows what it refers to, which is innocent
                    return self._clash(node, choice, self._all(target), tails, depth)
                return self._clash(part, left, holding, tails, depth)
            left = both
            holding = [*holding, *self._all(part)]
        return Clash(node.location)

    def _all(self, *nodes: Node) -> list[Node]:
        """The schemas that all hold where some do: themselves, what they refer to, the parts of their allOf."""
        waiting, found = list(nodes), dict[Location, Node]()
        while waiting and len(found) < MOST_HOLDING:
            node = waiting.pop(0)
            if not isinstance(node.value, dict) or node.location in found:
                continue
            target = self.reader.follow(node) if "$ref" in node.value else None
            waiting += [] if target is None else [target]
            if target is None or self.reader.dialect == "3.1":
                found[node.location] = node
                waiting += elements(node, "allOf")
        return list(found.values())

    def _clash(self, part: Node, others: Choice, holding: Sequence[Node], tails: Tails, depth: int) -> Clash:
        """Where a part goes with none of what the others leave, whose schemas hold beside it.

        Its type, a member, a closed object that lacks a required one, else its first keyword that can clash.
        """
        if not isinstance(part.value, dict) or depth > DEEPEST:
            return Clash(part.location)
        if "type" in part.value and all(
            cube.types.isdisjoint(types_of(part.value, self.reader.dialect) or JSON_TYPES) for cube in others
        ):
            return self._pair(part, holding, ("type",)) or Clash(part.child("type").location)
        asked = split(tails)
        for name, child in children(part, "properties"):
            below = asked.get(name, HERE)
            standing = [member(cube, name) for cube in others]
            own = self.reader.choice(child, below, True)
            if all(choice is not None and meet(choice, own) == () for choice in standing):
                left = tuple(cube for choice in standing for cube in choice or ())
                if left:
                    return self._clash(child, left, self._members(holding, name), below, depth + 1)
        return self._closed(part, holding) or self._pair(part, holding) or Clash(self._keyword(part))

    def _members(self, holding: Sequence[Node], name: str) -> list[Node]:
        """What some schemas say of a member."""
        return self._all(*(child for node in holding for key, child in children(node, "properties") if key == name))

    def _closed(self, part: Node, holding: Sequence[Node]) -> Clash | None:
        """The ``additionalProperties: false`` that excludes what a schema beside it requires."""
        every = self._all(part)
        for closed, rivals in [(one, holding) for one in every] + [(one, every) for one in holding]:
            extra = closed.get("additionalProperties")
            known = closed.value.get("properties")
            if extra is None or extra.value is not False or "patternProperties" in closed.value:
                continue
            for rival in rivals:
                for index, name in enumerate(_required(rival)):
                    if not isinstance(known, dict) or name not in known:
                        pair = (("additionalProperties", False), ("required", name))
                        return Clash(extra.location, pair, rival.child("required", str(index)).location)
        return None

    def _pair(self, part: Node, holding: Sequence[Node], keywords: Sequence[str] = _VALUES) -> Clash | None:
        """The first keywords of a part and of what holds beside it that exclude one another by themselves."""
        for keyword in keywords:
            for node in self._all(part) if keyword != "type" else [part]:
                for other in holding if keyword in node.value else ():
                    for rival in _VALUES:
                        if rival in other.value and self._exclude(node, keyword, other, rival):
                            pair = ((keyword, node.value[keyword]), (rival, other.value[rival]))
                            return Clash(node.child(keyword).location, pair, other.child(rival).location)
        return None

    def _exclude(self, one: Node, keyword: str, other: Node, rival: str) -> bool:
        """Whether two keywords leave nothing between them."""
        if one.location == other.location and keyword == rival:
            return False
        type_ = next((type_ for type_, bounds in _BOUNDS.items() if keyword in bounds and rival in bounds), None)
        return meet(self._alone(one, keyword, type_), self._alone(other, rival, type_)) == ()

    def _alone(self, node: Node, keyword: str, type_: str | None) -> Choice:
        """What one keyword leaves of a type, whatever stands beside it."""
        value = {keyword: node.value[keyword]} | ({"type": type_} if type_ else {})
        return self.reader.own(Node(node.uri, node.pointer, value), HERE, False)

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

    def _part(self, part: Node, tails: Tails, depth: int) -> Clash:
        """The cause within a part that admits nothing by itself."""
        if part.pointer[-1:] == ("not",):
            return Clash(part.location)
        if not isinstance(part.value, list):
            return self.of(part, tails, depth + 1)
        branches = [Node(part.uri, (*part.pointer, str(index)), value) for index, value in enumerate(part.value)]
        return self.of(branches[0], tails, depth + 1) if len(branches) == 1 else Clash(part.location)

    def _own(self, node: Node, tails: Tails, depth: int) -> Clash:
        """The cause within a schema's own keywords: a required member that nothing meets, else a list of values."""
        names = _required(node)
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
                    pair = (("required", name), ("additionalProperties", False))
                    return Clash(node.child("required", str(index)).location, pair, extra.location)
        if "enum" in node.value and node.value["enum"] == [] and "const" not in node.value:
            return Clash(node.child("enum").location, (("enum", []),))
        found = self._pair(Node(node.uri, node.pointer, plain), [node])
        at = self._keyword(node)
        return found if found is not None and found.at == at else Clash(at)

    def _keyword(self, node: Node) -> Location:
        """The first keyword of a schema that can clash with another, the schema where there is none."""
        if isinstance(node.value, dict) and ("$ref" not in node.value or self.reader.dialect == "3.1"):
            for keyword in _VALUES:
                if keyword in node.value:
                    return node.child(keyword).location
        return node.location
