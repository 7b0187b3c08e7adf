"""Two branches of a oneOf that admit the same body, which is then invalid: proven by such a body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from errlint.match.clash import unsatisfiable
from errlint.match.cube import HERE, identity
from errlint.match.discriminator import Discriminator
from errlint.match.domain import Reader
from errlint.match.keywords import elements
from errlint.match.lattice import meet
from errlint.match.sample import NoSample, Sampler
from errlint.match.standalone import CannotValidate, first_error, standalone
from errlint.model.finding import Location
from errlint.model.record import record
from errlint.model.spec import Node, Resolve

MOST_PAIRS = 200
MOST_CHOICES = 20
"""oneOf at one place that are looked at, and schemas on the way to them."""
LARGEST_BODY = 20_000


@record
class Overlap:
    """Two branches of a oneOf, and a body that both admit: ``same`` where they are one schema, then without a body."""

    one: Location
    other: Location
    same: bool
    witness: Any = None


def overlap(node: Node, step: Resolve, dialect: str) -> Overlap | None:
    """The first two branches of a oneOf that surely admit the same body, None where that is not proven.

    Only a oneOf that judges the body itself is looked at: through ``$ref`` and ``allOf``. The body has every member that one
    of the branches lists, and no others: that both may be empty objects is no fault that anybody meets. It meets what stands
    beside the oneOf too. A discriminator tells branches apart where their names differ.
    """
    reader = Reader(step, dialect)
    for choice, beside in _choices(node, reader):
        found = _Pairs(reader, choice, beside).first()
        if found is not None:
            return found
    return None


def _choices(node: Node, reader: Reader) -> Iterator[tuple[Node, list[Node]]]:
    """Each schema with a oneOf that judges the body itself, and what else judges it."""
    waiting, found = [node], []
    beside: list[Node] = []
    seen: set[Location] = set()
    while waiting and len(seen) < MOST_CHOICES:
        schema = waiting.pop(0)
        if not isinstance(schema.value, dict) or schema.location in seen:
            continue
        seen.add(schema.location)
        if "$ref" in schema.value:
            target = reader.follow(schema)
            waiting.extend([] if target is None else [target])
            if reader.dialect != "3.1":
                continue
        waiting.extend(elements(schema, "allOf"))
        if isinstance(schema.value.get("oneOf"), list):
            found.append(schema)
        rest = {name: value for name, value in schema.value.items() if name not in ("$ref", "allOf", "oneOf")}
        beside.append(Node(schema.uri, schema.pointer, rest))
    # What was not reached might tell the branches apart.
    yield from ((schema, beside) for schema in found if not waiting)


class _Pairs:
    """The pairs of branches of one oneOf."""

    def __init__(self, reader: Reader, choice: Node, beside: Sequence[Node]) -> None:
        self.reader = reader
        self.beside = beside
        self.branches = list(elements(choice, "oneOf"))
        names = Discriminator.of(choice, reader.resolve)
        self.cubes = [self._cubes(branch, names) for branch in self.branches]

    def _cubes(self, branch: Node, names: Discriminator | None) -> Any:
        cubes = self.reader.choice(branch, HERE, True)
        return cubes if names is None else names.narrow(branch, cubes)

    def first(self) -> Overlap | None:
        """The first pair that surely admits the same body."""
        tried = 0
        for second in range(len(self.branches)):
            for first in range(second):
                tried += 1
                if tried > MOST_PAIRS:
                    return None
                if meet(self.cubes[first], self.cubes[second]) == ():
                    continue
                found = self._pair(self.branches[first], self.branches[second])
                if found is not None:
                    return found
        return None

    def _pair(self, one: Node, other: Node) -> Overlap | None:
        if self._is_same(one, other):
            step, dialect = self.reader.resolve, self.reader.dialect
            known = standalone(one, step, dialect) is not None and unsatisfiable(one, step, dialect) is None
            return Overlap(one.location, other.location, True) if known else None
        for first, second in ((one, other), (other, one)):
            try:
                body = Sampler(self.reader).sample([first, *self.beside], [second])
            except NoSample:
                continue
            if len(repr(body)) <= LARGEST_BODY and all(self._admits(schema, body) for schema in (one, other, *self.beside)):
                return Overlap(one.location, other.location, False, body)
        return None

    def _is_same(self, one: Node, other: Node) -> bool:
        """Whether two branches are one schema: the same target, or the same keywords in the same document."""
        ends = [self._end(branch) for branch in (one, other)]
        return ends[0].location == ends[1].location or (
            ends[0].uri == ends[1].uri and identity(ends[0].value) == identity(ends[1].value)
        )

    def _end(self, branch: Node) -> Node:
        """The schema where it is written, behind references without siblings."""
        for _ in range(MOST_CHOICES):
            if not isinstance(branch.value, dict) or set(branch.value) != {"$ref"}:
                return branch
            target = self.reader.follow(branch)
            if target is None:
                return branch
            branch = target
        return branch

    def _admits(self, schema: Node, body: Any) -> bool:
        """Whether the body surely meets a schema."""
        whole = standalone(schema, self.reader.resolve, self.reader.dialect)
        try:
            return whole is not None and first_error(whole, body) is None
        except CannotValidate:
            return False
