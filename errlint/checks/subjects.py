"""Subjects of rules that are more than one answer or declaration: an example beside its schema, a set of documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from errlint.checks.schema_places import Place, places
from errlint.match.declared import Declared
from errlint.match.plan import Plan
from errlint.match.satisfiable import unsatisfiable
from errlint.model.catalog import Code
from errlint.model.claim import Claim
from errlint.model.finding import Coverage, Location, Related
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable, record
from errlint.model.spec import Example, Operation, Spec


@record
class Endpoint:
    """An operation, and the document that it stands in: for rules that ask for more than an operation tells."""

    operation: Operation
    spec: Spec


@mutable
class Known:
    """What was found out of the schemas of one document, by their place: many responses share one."""

    clashes: dict[tuple[str, Pointer], Location | None] = field(default_factory=dict)
    places: dict[tuple[str, Pointer], tuple[Place, ...]] = field(default_factory=dict)


@record
class ErrorSchema:
    """A declared error schema, and the document that it stands in."""

    declared: Declared
    spec: Spec
    known: Known = field(default_factory=Known, compare=False)

    @property
    def clash(self) -> Location | None:
        """Where keywords exclude one another so that no body meets the schema, None where some may."""
        schema = self.declared.schema
        place = (schema.uri, schema.pointer)
        if place not in self.known.clashes:
            self.known.clashes[place] = unsatisfiable(schema, self.spec.step, self.spec.dialect)
        return self.known.clashes[place]

    @property
    def places(self) -> tuple[Place, ...]:
        """The schemas that judge a body or something in it, outside in."""
        schema = self.declared.schema
        place = (schema.uri, schema.pointer)
        if place not in self.known.places:
            self.known.places[place] = places(schema, self.spec.step)
        return self.known.places[place]


@record
class ShownExample:
    """An example of an error in a document, and the document that it stands in."""

    example: Example
    spec: Spec

    @property
    def name(self) -> str:
        return self.example.name

    @cached_property
    def problem(self) -> tuple[Pointer, str] | None:
        """The first way in which it breaks its schema: pointer into the example, and words. None: it does not, or unknown."""
        from errlint.match.standalone import CannotValidate, first_error, standalone

        schema = self.example.declaration.schema
        whole = standalone(schema, self.spec.step, self.spec.dialect) if schema is not None else None
        if whole is None:
            return None
        try:
            return first_error(whole, self.example.node.value)
        except CannotValidate:
            return None

    def at(self, pointer: Pointer) -> Location:
        node = self.example.node
        return Location(node.uri, (*node.pointer, *pointer))


@record
class Shape:
    """One shape of error body that a document declares: its top-level members, how many responses have it, and where."""

    members: tuple[str, ...]
    count: int
    location: Location

    def related(self) -> tuple[Related, ...]:
        return (Related(self.location, f"{{{', '.join(self.members)}}}"),)


@record
class Promised:
    """A code that some document must declare: undeclared, or declared by these operations; ``open`` where none can know."""

    code: Code
    location: Location
    declared: tuple[str, ...]
    open: bool


@record
class Documents:
    """The documents that one catalog is held against, reduced. ``codes_declared`` maps (layer, id) to operations."""

    specs: tuple[Spec, ...]
    declared: tuple[Declared, ...]
    shapes: tuple[Shape, ...]
    codes_declared: Mapping[tuple[str, str], tuple[str, ...]]
    open_statuses: Mapping[str, frozenset[int]]
    promised: tuple[Promised, ...] = ()

    @property
    def location(self) -> Location:
        return Location(self.specs[0].uri, ())


@record
class Run:
    """A whole probe: what it covered, and the share of codes (percent) that it was asked to see."""

    coverage: Coverage
    min_coverage: float | None = None


def documents(specs: Sequence[Spec], declared: Sequence[Declared], plan: Plan) -> Documents:
    """The set of documents as one subject."""
    found: dict[tuple[str, str], list[str]] = {}
    open_statuses: dict[str, frozenset[int]] = {}
    for one in declared:
        operations = [use.operation.label for use in one.uses]
        for claim in one.claims:
            for code in _codes(claim, plan):
                found.setdefault((code.layer, code.id), []).extend(operations)
            if claim.code.finite is None and claim.code.presence != "absent":
                for layer in claim.layers:
                    open_statuses[layer] = open_statuses.get(layer, frozenset()) | claim.statuses.values
    unique = {identity: tuple(dict.fromkeys(labels)) for identity, labels in found.items()}
    promised = tuple(
        Promised(
            code,
            Location(specs[0].uri, ()),
            unique.get((code.layer, code.id), ()),
            bool(code.statuses.values & open_statuses.get(code.layer, frozenset())),
        )
        for code in plan.codes
        if code.layer in plan.layers and plan.layers[code.layer].in_spec == "required" and not (code.removed or code.deprecated)
    )
    return Documents(tuple(specs), tuple(declared), () if plan else shapes(declared), unique, open_statuses, promised)


def _codes(claim: Claim, plan: Plan) -> Iterator[Code]:
    """The entries that a declared claim names under one of their statuses."""
    asked = [value for value, _ in (*claim.code.scalars(), *claim.code.known)] or (
        [None] if claim.code.presence == "absent" else []
    )
    for value in asked:
        for code in plan.entries(claim.layers, value):
            if code.statuses.values & claim.statuses.values:
                yield code


def shapes(declared: Sequence[Declared]) -> tuple[Shape, ...]:
    """The shapes of error body in a document, most used first; one is another's when its members are a subset."""
    table: dict[frozenset[str], tuple[int, Location]] = {}
    for one in declared:
        if one.framework:
            continue
        for branch in one.branches:
            if branch.members:
                count, at = table.get(branch.members, (0, one.schema.location))
                table[branch.members] = (count + len(one.uses), at)
    groups: list[tuple[set[str], int, Location]] = []
    for members, (count, at) in sorted(table.items(), key=lambda item: (len(item[0]), -item[1][0], sorted(item[0]))):
        for index, (known, total, first) in enumerate(groups):
            if known <= members:
                groups[index] = (known, total + count, first)
                break
        else:
            groups.append((set(members), count, at))
    found = [Shape(tuple(sorted(members)), count, at) for members, count, at in groups]
    return tuple(sorted(found, key=lambda shape: (-shape.count, shape.members)))
