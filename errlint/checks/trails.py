"""The way to what is judged: the places that an operation's reader passes, references and their targets included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.raised import Unit
from errlint.load.nodes import elements, members
from errlint.match.answer import Answer
from errlint.match.declared import Declared
from errlint.model.finding import Location
from errlint.model.record import record
from errlint.model.spec import Declaration, Node, Operation, Spec, Unresolved

LONGEST_CHAIN = 100

Places = tuple[Location, ...]


@record
class Trail:
    """One use of what is judged: the operation, None where there is none, and the places on the way, the outermost first."""

    operation: Operation | None
    places: Places


class Trails:
    """The trails of one document's units; each part of a way is followed once."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._paths = tuple(self._chain(spec.root.get("paths")))
        self._by_label = {operation.label: operation for operation in spec.operations}
        self._declared: dict[tuple[str, Location, str], Declaration] = {}
        self._of_operation: dict[str, Places] = {}
        self._of_content: dict[tuple[Location, str], Places] = {}
        self._inside: dict[Location, frozenset[Location]] = {}
        for one in spec.declarations:
            self._declared.setdefault((one.operation.label, one.use.location, one.media_type or ""), one)

    @property
    def operations(self) -> tuple[Operation, ...]:
        return self._spec.operations

    def of(self, unit: Unit) -> tuple[Trail, ...]:
        """One trail for each use of a unit, in their order; one alone where it has no uses."""
        subject = unit.subjects[0] if unit.subjects else None
        if isinstance(subject, Declared):
            return tuple(self._declaration(use, unit.location) for use in subject.uses)
        if unit.uses:
            return tuple(self._use(unit, operation, at) for operation, at in unit.uses)
        if isinstance(subject, Declaration):
            return (self._declaration(subject, unit.location),)
        if isinstance(subject, Answer) and subject.observation.operation is not None:
            return (self._answer(subject, subject.observation.operation, unit.location),)
        operation = self._by_label.get(unit.operation or "") or _own(subject, unit.location)
        places = self._operation(operation) if operation is not None else ()
        return (Trail(operation, (*places, unit.location)),)

    def behind(self, reference: Node) -> Places:
        """What a reference leads to, each stop of its chain."""
        return tuple(self._chain(reference))[1:]

    def references(self, schema: Node) -> frozenset[Location]:
        """The places of all references in a schema, and in what they lead to."""
        if schema.location not in self._inside:
            self._inside[schema.location] = frozenset(self._references(schema))
        return self._inside[schema.location]

    def _references(self, schema: Node) -> Iterator[Location]:
        seen = {schema.location}
        rest = [schema]
        while rest:
            node = rest.pop()
            if isinstance(node.value, dict) and "$ref" in node.value:
                yield node.location
                for target in self._nodes(node):
                    if target.location not in seen:
                        seen.add(target.location)
                        rest.append(target)
            rest.extend(child for _, child in members(node))
            rest.extend(elements(node))

    def _use(self, unit: Unit, label: str, at: Location) -> Trail:
        """The trail of an example's use."""
        declaration = self._declared.get((label, at, unit.media_type))
        if declaration is not None:
            return self._declaration(declaration, unit.location)
        operation = self._by_label.get(label)
        places = self._operation(operation) if operation is not None else ()
        return Trail(operation, (*places, at, unit.location))

    def _declaration(self, declaration: Declaration, at: Location) -> Trail:
        operation, key = declaration.operation, (declaration.response.location, declaration.media_type or "")
        if key not in self._of_content:
            self._of_content[key] = tuple(self._content(declaration))
        way = (*self._operation(operation), *self._chain(declaration.use), *self._of_content[key])
        return Trail(operation, (*way, declaration.response.location, at))

    def _content(self, declaration: Declaration) -> Iterator[Location]:
        """From a response to its schema, by the media type."""
        content = declaration.response.get("content")
        if content is not None and isinstance(content.value, dict):
            for name in content.value:
                if name.strip() == declaration.media_type:
                    yield from self._chain(content.get(name))
        yield from self._chain(declaration.schema)

    def _answer(self, answer: Answer, operation: Operation, at: Location) -> Trail:
        """A live answer: up to the response that the operation declares for its status."""
        status = str(answer.observation.status)
        keys = (status, f"{status[0]}XX", "default")
        responses = list(self._nodes(operation.node.get("responses")))
        key = next((key for key in keys if key in operation.statuses), None)
        use = responses[-1].get(key) if responses and key is not None else None
        return Trail(operation, (*self._operation(operation), *self._chain(use), at))

    def _operation(self, operation: Operation) -> Places:
        """From the root to an operation and its responses."""
        if operation.label not in self._of_operation:
            self._of_operation[operation.label] = (*self._paths, *self._to(operation))
        return self._of_operation[operation.label]

    def _to(self, operation: Operation) -> Iterator[Location]:
        """From the paths to an operation: a path item may be a reference, and so may a method's value and the responses."""
        paths = list(self._nodes(self._spec.root.get("paths")))
        items = list(self._nodes(paths[-1].get(operation.path))) if paths else []
        for item in items:
            yield item.location
            for holder in (item, item.get("additionalOperations")):
                names = holder.value if holder is not None and isinstance(holder.value, dict) else ()
                for name in names:
                    if holder is not None and name.upper() == operation.method:
                        yield from self._chain(holder.get(name))
        yield operation.location
        yield from self._chain(operation.node.get("responses"))

    def _chain(self, node: Node | None) -> Iterator[Location]:
        return (one.location for one in self._nodes(node))

    def _nodes(self, node: Node | None) -> Iterator[Node]:
        """A node and, behind references, all that it stands for."""
        for _ in range(LONGEST_CHAIN):
            if node is None:
                return
            yield node
            if not isinstance(node.value, dict) or "$ref" not in node.value:
                return
            try:
                target = self._spec.step(node)
            except Unresolved:
                return
            node = target if target is not node else None


def _own(subject: Any, at: Location) -> Operation | None:
    """The operation that a fault names, where it stands in that operation's own text: what is shared is nobody's."""
    operation = getattr(subject, "operation", None)
    if not isinstance(operation, Operation) or operation.location.uri != at.uri:
        return None
    own = operation.location.pointer
    return operation if at.pointer[: len(own)] == own else None
