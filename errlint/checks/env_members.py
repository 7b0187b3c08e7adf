"""ENV013: members of an error body that nothing documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from errlint.checks.beside import AnswerBeside
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.schema_levels import level
from errlint.checks.sec_members import is_debug
from errlint.match.answer import Answer
from errlint.match.plan import Plan
from errlint.model.catalog import Envelope
from errlint.model.finding import Location, Severity
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

OFF, NOTE, WARNING, ERROR = Severity

DEEPEST = 6
MOST_ELEMENTS = 20
MOST_TOLD = 5


@record
class Stranger:
    """A member that nothing documents, and whether the envelope or the document's schema forbids it."""

    pointer: Pointer
    refused: bool = False
    invalid: bool = False


class _Walk:
    """The walk through a body beside the schemas of its document and of its envelope."""

    def __init__(self, step: Resolve) -> None:
        self.step = step

    def strangers(
        self, value: Any, document: Sequence[Node] | None, envelope: Sequence[Node] | None, at: Pointer = ()
    ) -> Iterator[Stranger]:
        """The members that neither knows, outside in."""
        if (not document and not envelope) or len(at) > DEEPEST:
            return
        declared = level(document, self.step) if document else None
        promised = level(envelope, _nowhere) if envelope else None
        if isinstance(value, list):
            for index, item in enumerate(value[:MOST_ELEMENTS]):
                below = [found.items if found is not None else None for found in (declared, promised)]
                yield from self.strangers(item, below[0], below[1], (*at, str(index)))
        if not isinstance(value, dict):
            return
        for name, item in value.items():
            if not isinstance(name, str):
                continue
            refused = promised is not None and promised.closed and not promised.knows(name)
            if not refused and any(found is not None and (found.free or found.knows(name)) for found in (declared, promised)):
                below = [found.below(name) if found is not None else None for found in (declared, promised)]
                yield from self.strangers(item, below[0], below[1], (*at, name))
            elif declared is None or not declared.knows(name):
                yield Stranger((*at, name), refused, declared is not None and declared.closed)


def _nowhere(node: Node) -> Node:
    raise Unresolved("an envelope's schema refers to nothing outside", node.location)


@check("ENV013", "undocumented-member", NOTE, AnswerBeside, folds=True, applies=lambda subject: subject.answer.error)
def undocumented_member(subject: AnswerBeside, plan: Plan) -> Iterator[Verdict]:
    """Members of an error body that neither its envelope nor the document's schema lists."""
    answer, signature = subject.answer, subject.answer.signature
    value, example = _whole(answer), answer.observation.witness == "example"
    envelope = _promised(answer)
    found = [
        one
        for one in strangers(subject, plan)
        # What breaks the example's own schema is ENV010's, what developers want to see SEC005's.
        if not (example and one.invalid) and not is_debug(one.pointer[-1], _at(value, one.pointer))
        # A place that the envelope names for a role is known, whether or not its schema lists it.
        if one.refused or signature is None or not _role(one.pointer, signature.envelope)
    ]
    if not found:
        return
    refused = [one for one in found if one.refused] if envelope else []
    told = refused or found
    names = list(dict.fromkeys(".".join(token for token in one.pointer if not token.isdigit())[:80] for one in told))
    more = f" and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else ""
    who = f"envelope {signature.envelope.id}" if signature is not None and envelope else ""
    document = "the document" if subject.schemas else ""
    knower = f"neither {who} nor {document} knows" if who and document else f"{who or document} does not know"
    at = Location(answer.location.uri, (*answer.location.pointer, *told[0].pointer)) if example else None
    yield Hit(
        f"{'the example' if example else 'the error'} has {', '.join(names[:MOST_TOLD])}{more}, which {knower}",
        at=at,
        layer=answer.claims[0].layer if answer.claims else None,
        detail=" ".join(names),
        severity=WARNING if refused else None,
        merged="{share} error bodies have members that nothing documents",
    )


def _role(member: Pointer, envelope: Envelope) -> bool:
    """Whether a member is the place of one of the envelope's roles, or on the way to one; ``*`` is any element."""
    return any(
        len(member) <= len(pointer) and all(known in (token, "*") for token, known in zip(member, pointer, strict=False))
        for place in envelope.roles.values()
        for pointer in place.pointers
    )


def strangers(subject: AnswerBeside, plan: Plan) -> list[Stranger]:
    """The members of a body that nothing documents; none where its envelope is not known, or it is no JSON object."""
    value = _whole(subject.answer)
    if not isinstance(value, dict) or (plan and subject.answer.signature is None):
        return []
    return list(_Walk(subject.step).strangers(value, subject.schemas, _promised(subject.answer)))


def _whole(answer: Answer) -> Any:
    """The body of an answer that holds one value."""
    return answer.framed.values[0] if len(answer.framed.values) == 1 else None


def _promised(answer: Answer) -> list[Node]:
    """The schema of the envelope that an answer is; a guessed one promises nothing."""
    signature = answer.signature
    return [Node("envelope", (), signature.schema)] if signature is not None and not signature.envelope.generic else []


def _at(value: Any, pointer: Pointer) -> Any:
    from errlint.model import pointer as pointers

    return pointers.get(value, pointer)
