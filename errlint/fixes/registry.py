"""The fixers that exist: one small function a rule, which turns a finding into edits or says why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from errlint.checks.registry import RULES, Hit
from errlint.fixes.table import Kind
from errlint.load.source import Document
from errlint.match.declared import Declared
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.finding import Finding, Location
from errlint.model.fix import Fix
from errlint.model.record import field, mutable, record
from errlint.model.spec import Declaration, Example, Node, Operation, Spec


@record
class Skip:
    """Why a finding gets no fix, in the user's words."""

    why: str


Offer = Fix | Skip


@mutable
class Names:
    """The names of components that this run has given out: (uri, section, name) -> what stands there.

    ``sharing`` are the declarations by the place of their response, ``responses`` what a fixer knows of the responses of a
    document, by its uri; both once they were asked for.
    """

    given: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    sharing: dict[str, dict[Location, list[Declaration]]] = field(default_factory=dict)
    responses: dict[str, Any] = field(default_factory=dict)


@record
class Case:
    """A finding to mend, and what is known around it: its document, its declared errors, the contract, all texts read."""

    finding: Finding
    spec: Spec
    specs: tuple[Spec, ...]
    plan: Plan
    declared: tuple[Declared, ...]
    documents: Mapping[str, Document]
    names: Names
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def anchors(self) -> tuple[Location, ...]:
        """The places where the fault stands."""
        return self.finding.anchors or (self.finding.location,)

    def value(self, at: Location) -> Any:
        """What stands at a place. Raises: KeyError."""
        document = self.documents.get(at.uri)
        if document is None:
            raise KeyError(at.uri)
        return pointers.get(document.data, at.pointer)

    def node(self, at: Location) -> Node:
        """The node at a place. Raises: KeyError."""
        return Node(at.uri, at.pointer, self.value(at))

    def operations(self) -> Iterator[Operation]:
        """The operations of this document that the finding stands for."""
        labels = {site.operation for site in self.finding.sites} | {self.finding.operation, *self.finding.operations}
        yield from (operation for operation in self.spec.operations if operation.label in labels)

    def layers(self) -> tuple[str, ...]:
        """The layers that the finding may be about."""
        layer = self.finding.layer
        return (layer,) if layer is not None and layer in self.plan.layers else tuple(self.plan.layers)

    def hits(self) -> Iterator[tuple[Declared, Hit]]:
        """The declared errors that this rule speaks of at the finding's places, and what it says."""
        places = set(map(bare, self.anchors))
        for declared in self.declared:
            for hit in self.judged(declared):
                if bare(hit.at or declared.schema.location) in places:
                    yield declared, hit

    def judged(self, subject: Any) -> Iterator[Hit]:
        """What the finding's rule says of one subject."""
        rule = RULES.get(self.finding.rule)
        asked = self.options.get(self.finding.rule, {})
        for kind, judge, applies in rule.judges if rule is not None else ():
            if kind is type(subject) and (applies is None or applies(subject, **asked)):
                yield from (verdict for verdict in judge(subject, self.plan, **asked) if isinstance(verdict, Hit))

    def declarations_at(self, places: Iterable[Location]) -> Iterator[Declaration]:
        """The declarations that operations make at these places, each response once."""
        wanted = set(map(bare, places))
        seen: set[Location] = set()
        for declaration in self.spec.declarations:
            if bare(declaration.use.location) in wanted and declaration.response.location not in seen:
                seen.add(declaration.response.location)
                yield declaration

    def sharing(self, response: Node) -> list[Declaration]:
        """The declarations of this document that have one response."""
        table = self.names.sharing.get(self.spec.uri)
        if table is None:
            table = self.names.sharing[self.spec.uri] = {}
            for declaration in self.spec.declarations:
                table.setdefault(declaration.response.location, []).append(declaration)
        return table.get(response.location, [])

    def shown(self) -> Iterator[tuple[Location, Example]]:
        """The finding's places that stand in examples, each with its example."""
        for at in self.anchors:
            for example in self.spec.examples:
                pointer = example.node.pointer
                if example.node.uri == at.uri and at.pointer[: len(pointer)] == pointer:
                    yield at, example
                    break


def bare(at: Location) -> Location:
    """A place without its line and column."""
    return Location(at.uri, at.pointer)


@record
class CatalogCase:
    """A finding about a catalog's text, and the texts."""

    finding: Finding
    documents: Mapping[str, Document]

    def value(self, at: Location) -> Any:
        """What stands at a place. Raises: KeyError."""
        return pointers.get(self.documents[at.uri].data, at.pointer)

    @property
    def anchors(self) -> tuple[Location, ...]:
        return self.finding.anchors or (self.finding.location,)


Function = Callable[[Any], Iterator[Offer]]
F = TypeVar("F", bound=Function)


@record
class Fixer:
    """One rule's fixer: the kind of its fixes, and the function that makes them."""

    rule: str
    kind: Kind
    function: Function

    def offers(self, case: Case | CatalogCase) -> list[Offer]:
        """The fixes for a finding, or why there is none. A fixer that stumbles over a hostile text offers none."""
        try:
            offers = list(self.function(case))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            offers = []
        return offers or [Skip("nobody can know what was meant")]


FIXERS: dict[str, Fixer] = {}


def fix(*rules: str, kind: Kind = "safe") -> Callable[[F], F]:
    """Registers a fixer of some rules; it gets a Case (of catalog rules a CatalogCase) and yields fixes, or a Skip."""

    def register(function: F) -> F:
        for rule in rules:
            FIXERS[rule] = Fixer(rule, kind, function)
        return function

    return register
