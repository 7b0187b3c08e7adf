"""Subjects of rules that are more than one answer or declaration: an example beside its schema, a set of documents."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property

from errlint.checks.schema_places import MOST, Place, places
from errlint.match.declared import Declared
from errlint.match.framing import is_json
from errlint.match.may_clash import may_clash
from errlint.match.plan import Plan
from errlint.match.satisfiable import Clash, clash
from errlint.model.catalog import Code
from errlint.model.claim import Claim
from errlint.model.finding import Coverage, Location, Related
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable, record
from errlint.model.spec import Example, Operation, Spec
from errlint.model.status import NONE


@record
class Endpoint:
    """An operation, and the document that it stands in: for rules that ask for more than an operation tells.

    ``missed`` is shared by the operations of a document: whether one of them lacks certain statuses.
    """

    operation: Operation
    spec: Spec
    missed: dict[tuple[str | int, ...], bool] = field(default_factory=dict, compare=False)


@mutable
class Known:
    """What was found out of the schemas of one document, by their place: many responses share one."""

    clashes: dict[tuple[str, Pointer], Clash | None] = field(default_factory=dict)
    narrowing: dict[tuple[str, Pointer], bool] = field(default_factory=dict)
    places: dict[tuple[str, Pointer], tuple[Place, ...]] = field(default_factory=dict)
    overlaps: dict[tuple[str, Pointer], tuple[Location, Location] | None] = field(default_factory=dict)
    choices: dict[Hashable, Location] = field(default_factory=dict)


@record
class ErrorSchema:
    """A declared error schema, and the document that it stands in."""

    declared: Declared
    spec: Spec
    known: Known = field(default_factory=Known, compare=False)

    @property
    def clash(self) -> Clash | None:
        """Where and which keywords exclude one another so that no body meets the schema, None where some may."""
        schema = self.declared.schema
        place = (schema.uri, schema.pointer)
        if place not in self.known.clashes:
            may = len(self.places) == MOST or any(map(self._can_clash, self.places))
            self.known.clashes[place] = clash(schema, self.spec.step, self.spec.dialect) if may else None
        return self.known.clashes[place]

    def _can_clash(self, place: Place) -> bool:
        """Whether a schema has a keyword that can exclude others; once for each place, most have none."""
        known, at = self.known.narrowing, (place.node.uri, place.node.pointer)
        if at not in known:
            known[at] = may_clash(place.node.value)
        return known[at]

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
    """The documents that one catalog is held against, reduced. ``codes_declared`` maps (layer, id) to operations.

    ``any_code`` are the statuses, by operation, of the errors that are declared with a code that may be any.
    """

    specs: tuple[Spec, ...]
    declared: tuple[Declared, ...]
    shapes: tuple[Shape, ...]
    codes_declared: Mapping[tuple[str, str], tuple[str, ...]]
    open_statuses: Mapping[str, frozenset[int]]
    promised: tuple[Promised, ...] = ()
    any_code: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def location(self) -> Location:
        return Location(self.specs[0].uri, ())


@record
class Run:
    """A whole probe: what it covered, and the share of codes (percent) that it was asked to see.

    ``ended`` says why it did not come to its end, empty where it did.
    """

    coverage: Coverage
    min_coverage: float | None = None
    ended: str = ""


def documents(specs: Sequence[Spec], declared: Sequence[Declared], plan: Plan) -> Documents:
    """The set of documents as one subject."""
    found: dict[tuple[str, str], list[str]] = {}
    open_statuses = _open_statuses(specs, declared, plan)
    for one in declared:
        operations = [use.operation.label for use in one.uses]
        for claim in one.claims:
            for code in _codes(claim, plan):
                found.setdefault((code.layer, code.id), []).extend(operations)
    misplaced = _misplaced(declared, plan)
    unique = {identity: tuple(dict.fromkeys(labels)) for identity, labels in found.items()}
    promised = tuple(
        Promised(
            code,
            Location(specs[0].uri, ()),
            unique.get((code.layer, code.id), ()),
            bool(code.statuses.values & open_statuses.get(code.layer, frozenset())) or (code.layer, code.id) in misplaced,
        )
        for code in plan.codes
        if code.layer in plan.layers and plan.layers[code.layer].in_spec == "required" and not (code.removed or code.deprecated)
    )
    return Documents(
        tuple(specs), tuple(declared), () if plan else shapes(declared), unique, open_statuses, promised, _any_code(declared)
    )


def _open_statuses(specs: Sequence[Spec], declared: Sequence[Declared], plan: Plan) -> dict[str, frozenset[int]]:
    """By layer the statuses whose codes nobody can tell: an error is declared under them that says none, or a wrong one."""
    found: dict[str, set[int]] = {}
    for spec in specs if plan else ():
        for one in spec.declarations:
            if one.error and one.statuses is not None and (one.schema is None or not _is_json(one.media_type)):
                for layer in plan.covering(one.operation, one.operation.method, one.operation.path, one.layer):
                    found.setdefault(layer, set()).update(one.statuses.values)
    for response in declared:
        for claim in response.claims:
            if _is_open(response, claim, plan):
                for layer in claim.layers:
                    found.setdefault(layer, set()).update(claim.statuses.values)
        if not response.fits:
            for layer in response.layers:
                found.setdefault(layer, set()).update((response.declaration.statuses or NONE).values)
    return {layer: frozenset(statuses) for layer, statuses in found.items()}


def _any_code(declared: Sequence[Declared]) -> dict[str, frozenset[int]]:
    """By operation the statuses of errors whose code may be any text: what comes under them is declared as far as one sees."""
    found: dict[str, frozenset[int]] = {}
    for response in declared:
        if any(claim.code.finite is None and claim.code.presence != "absent" for claim in response.claims):
            for use in response.uses:
                under = (use.statuses or NONE).values
                found[use.operation.label] = found.get(use.operation.label, frozenset()) | under
    return found


def _misplaced(declared: Sequence[Declared], plan: Plan) -> set[tuple[str, str]]:
    """The entries, by layer and id, whose code stands under a wrong status or in another spelling: COD002, COD005."""
    found: set[tuple[str, str]] = set()
    for response in declared:
        for claim in response.claims:
            for value, at in claim.code.scalars():
                under = response.spread.get(at, claim.statuses).values
                entries = plan.entries(claim.layers, value)
                if entries and not any(entry.statuses.values & under for entry in entries):
                    found.update((entry.layer, entry.id) for entry in entries)
                respelled = None if entries else plan.respelled(claim.layers, value)
                if respelled is not None:
                    found.add((respelled.layer, respelled.id))
    return found


def _is_json(media_type: str | None) -> bool:
    media_type = (media_type or "").partition(";")[0].strip().lower()
    return is_json(media_type) or media_type in ("*/*", "application/*", "")


def _is_open(declared: Declared, claim: Claim, plan: Plan) -> bool:
    """Whether any code may be meant: the set is open, the code is missing, unknown, or stands under a wrong status."""
    if declared.branches[claim.part].lacks or (claim.code.finite is None and claim.code.presence != "absent"):
        return True
    fitting = False
    for value, at in claim.code.scalars():
        entries = plan.entries(claim.layers, value)
        under = declared.spread.get(at, claim.statuses).values
        if value is not None and not any(entry.statuses.values & under for entry in entries):
            return True
        fitting = fitting or any(entry.statuses.values & claim.statuses.values for entry in entries)
    return bool(claim.code.finite) and not fitting


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
    table: dict[frozenset[str], tuple[set[tuple[str, str]], Location]] = {}
    for one in declared:
        if one.framework:
            continue
        for branch in one.branches:
            if branch.members:
                uses, _ = table.setdefault(branch.members, (set(), one.schema.location))
                uses.update((use.operation.label, use.status_key) for use in one.uses)
    groups: list[tuple[frozenset[str], set[tuple[str, str]], Location]] = []
    for members, (uses, at) in sorted(table.items(), key=lambda item: (len(item[0]), -len(item[1][0]), sorted(item[0]))):
        home = next((total for known, total, _ in groups if known <= members), None)
        if home is None:
            groups.append((members, uses, at))
        else:
            home |= uses
    found = [Shape(tuple(sorted(members)), len(uses), at) for members, uses, at in groups]
    return tuple(sorted(found, key=lambda shape: (-shape.count, shape.members)))
