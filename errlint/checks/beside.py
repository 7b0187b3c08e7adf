"""The subject of rules that hold an answer against its document: what may give it, and what it was declared as."""

from __future__ import annotations

from collections.abc import Iterable

from errlint.match.answer import Answer
from errlint.match.framing import is_json
from errlint.model.exchange import Observation
from errlint.model.record import record
from errlint.model.spec import Declaration, Example, Node, Operation, Resolve, Spec, Unresolved


@record
class AnswerBeside:
    """An answer or an example: the operations that it is an answer of, and the schemas that the document has for it.

    ``step`` follows a reference in those schemas.
    """

    answer: Answer
    operations: tuple[Operation, ...]
    schemas: tuple[Node, ...]
    step: Resolve


def of_examples(answer: Answer, examples: Iterable[Example], spec: Spec) -> AnswerBeside:
    """An example beside the schemas and operations that share it."""
    declarations = [example.declaration for example in examples]
    return AnswerBeside(answer, _operations(declarations), _schemas(declarations), spec.step)


class Declared:
    """The declarations of one document by operation, for the answers of a running service."""

    def __init__(self, spec: Spec) -> None:
        self.step = spec.step
        self._table: dict[str, list[Declaration]] = {}
        for declaration in spec.declarations:
            self._table.setdefault(declaration.operation.label, []).append(declaration)

    def beside(self, answer: Answer) -> AnswerBeside:
        """A live answer beside the schemas that the document has for its status, those of its media type if there are any."""
        observation = answer.observation
        covering = [one for one in self._table.get(observation.label or "", ()) if _covers(one, observation)]
        same = [one for one in covering if _media(one) == observation.media_type]
        json = [one for one in covering if is_json(_media(one)) or "*" in _media(one)]
        return AnswerBeside(answer, _answering(observation), _schemas(same or json), self.step)


def alone(answer: Answer) -> AnswerBeside:
    """A live answer of which no document is at hand."""
    return AnswerBeside(answer, _answering(answer.observation), (), _nowhere)


def _nowhere(node: Node) -> Node:
    raise Unresolved("no document is at hand", node.location)


def _answering(observation: Observation) -> tuple[Operation, ...]:
    return (observation.operation,) if observation.operation is not None else ()


def _covers(declaration: Declaration, observation: Observation) -> bool:
    return declaration.statuses is not None and observation.status in declaration.statuses


def _media(declaration: Declaration) -> str:
    return (declaration.media_type or "").partition(";")[0].strip().lower()


def _operations(declarations: Iterable[Declaration]) -> tuple[Operation, ...]:
    return tuple({declaration.operation.label: declaration.operation for declaration in declarations}.values())


def _schemas(declarations: Iterable[Declaration]) -> tuple[Node, ...]:
    found = {one.schema.location: one.schema for one in declarations if one.schema is not None}
    return tuple(found.values())
