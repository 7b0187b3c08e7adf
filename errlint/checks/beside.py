"""The subject of rules that hold an answer against its document: what may give it, and what it was declared as."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from errlint.match.answer import Answer
from errlint.match.explain import Fault
from errlint.match.framing import is_json
from errlint.model.exchange import Observation
from errlint.model.record import field, record
from errlint.model.spec import Declaration, Example, Node, Operation, Resolve, Spec, Unresolved


@record
class Held:
    """A body held against the schema that is declared for its status: what is wrong with it, or why nobody can say."""

    declaration: Declaration
    faults: tuple[Fault, ...] = ()
    unsure: str = ""


Hold = Callable[[Answer], Held | None]
"""Holds an answer's body against its schema; None where none is declared for it, or it has no body of that kind."""


def _nothing(answer: Answer) -> None:
    return None


@record
class AnswerBeside:
    """An answer or an example: the operations that it is an answer of, and the schemas that the document has for it.

    ``step`` follows a reference in those schemas.
    """

    answer: Answer
    operations: tuple[Operation, ...]
    schemas: tuple[Node, ...]
    step: Resolve
    hold: Hold = field(default=_nothing, compare=False, repr=False)

    @cached_property
    def held(self) -> Held | None:
        """The body, held against its schema."""
        return self.hold(self.answer)


def of_examples(answer: Answer, examples: Iterable[Example], spec: Spec) -> AnswerBeside:
    """An example beside the schemas and operations that share it."""
    declarations = [example.declaration for example in examples]
    return AnswerBeside(answer, _operations(declarations), _schemas(declarations), spec.step)


class Declared:
    """The declarations of one document by operation, for the answers of a running service; ``hold`` judges their bodies."""

    def __init__(self, spec: Spec, hold: Hold = _nothing) -> None:
        self.step = spec.step
        self._hold = hold
        self._table: dict[str, list[Declaration]] = {}
        for declaration in spec.declarations:
            self._table.setdefault(declaration.operation.label, []).append(declaration)

    def beside(self, answer: Answer) -> AnswerBeside:
        """A live answer beside the schemas that the document has for its status, those of its media type if there are any."""
        observation = answer.observation
        covering = [one for one in self._table.get(observation.label or "", ()) if _covers(one, observation)]
        same = [one for one in covering if one.bare_type == observation.media_type]
        json = [one for one in covering if is_json(one.bare_type) or "*" in one.bare_type]
        return AnswerBeside(answer, _answering(observation), _schemas(same or json), self.step, self._hold)


def alone(answer: Answer) -> AnswerBeside:
    """A live answer of which no document is at hand."""
    return AnswerBeside(answer, _answering(answer.observation), (), _nowhere)


def _nowhere(node: Node) -> Node:
    raise Unresolved("no document is at hand", node.location)


def _answering(observation: Observation) -> tuple[Operation, ...]:
    return (observation.operation,) if observation.operation is not None else ()


def _covers(declaration: Declaration, observation: Observation) -> bool:
    return declaration.statuses is not None and observation.status in declaration.statuses


def _operations(declarations: Iterable[Declaration]) -> tuple[Operation, ...]:
    return tuple({declaration.operation.label: declaration.operation for declaration in declarations}.values())


def _schemas(declarations: Iterable[Declaration]) -> tuple[Node, ...]:
    found = {one.schema.location: one.schema for one in declarations if one.schema is not None}
    return tuple(found.values())
