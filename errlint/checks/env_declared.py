"""ENV014: error bodies against the schema that the document declares for their status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from errlint.checks import leaks
from errlint.checks.beside import AnswerBeside
from errlint.checks.env_members import strangers
from errlint.checks.registry import Hit, Unsure, Verdict, check
from errlint.checks.sec_members import is_debug
from errlint.match.answer import Answer
from errlint.match.envelope import SHAPING
from errlint.match.explain import Fault
from errlint.match.fit import kind, kinds
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.finding import Related, Severity
from errlint.model.pointer import Pointer

OUTSIDE = -1
"""The part of a fault that no claim's role has: no rule about roles explains it."""

_MEMBERS = frozenset(("additionalProperties", "unevaluatedProperties", "falseSchema"))
_CHOICES = frozenset(("oneOf", "anyOf", "not", "const", "enum"))
MOST_TOLD = 2


def _judged(subject: AnswerBeside) -> bool:
    return subject.answer.error and subject.answer.observation.witness != "example"


@check("ENV014", "body-against-spec", Severity.ERROR, AnswerBeside, applies=_judged)
def body_against_spec(subject: AnswerBeside, plan: Plan) -> Iterator[Verdict]:
    """An error body that breaks the schema which the document declares for its status."""
    held = subject.held if _judged(subject) else None
    if held is None:
        return
    if held.unsure:
        yield Unsure(f"whether the body meets its declared schema: {held.unsure}")
        return
    key, answer = held.declaration.status_key, subject.answer
    schema = held.declaration.schema
    unknown = {one.pointer for one in strangers(subject, plan)} if held.faults else set()
    parts: dict[int | None, list[Fault]] = {}
    for fault in _each(held.faults):
        if not _is_stranger(fault, unknown, answer):
            parts.setdefault(_part(fault, answer, plan), []).append(fault)
    for part, found in parts.items():
        told = "; ".join(_told(fault, answer) for fault in found[:MOST_TOLD])
        more = f"; {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
        yield Hit(
            f"the body breaks the schema declared {'as' if key == 'default' else 'for'} {key}: {told}{more}",
            layer=answer.claims[0].layer if answer.claims else None,
            detail=" ".join(f"{pointers.text(fault.pointer)} {fault.keyword}" for fault in found),
            related=(Related(schema.location, "the declared schema"),) if schema is not None else (),
            part=part,
        )


def _each(faults: Iterable[Fault]) -> Iterable[Fault]:
    """One fault for each place: of a wrong type and a wrong value the type is enough. Missing members are places too."""
    found: dict[tuple[Pointer, tuple[str, ...]], Fault] = {}
    for fault in faults:
        found.setdefault((fault.pointer, fault.names if fault.keyword == "required" else ()), fault)
    return found.values()


def _is_stranger(fault: Fault, unknown: set[Pointer], answer: Answer) -> bool:
    """Whether all that a fault says is a member which ENV013 or SEC005 names."""
    if fault.keyword not in _MEMBERS:
        return False
    places = [(*fault.pointer, name) for name in fault.names] or [fault.pointer]
    return all(place in unknown or is_debug(place[-1], _value(answer, place)) for place in places if place)


def _part(fault: Fault, answer: Answer, plan: Plan) -> int | None:
    """The claim whose role a fault is about, OUTSIDE where it is about none, None where it may be about any."""
    if answer.signature is None or not answer.claims:
        return OUTSIDE
    place = (*fault.pointer, *fault.names) if fault.keyword == "required" else fault.pointer
    for pointer in _roles(answer, plan):
        inside = fault.keyword in _CHOICES and len(place) < len(pointer)
        if _meets(place, pointer[: len(place)] if inside else pointer):
            return answer.claims[0].part if len(answer.claims) == 1 else None
    return OUTSIDE


def _roles(answer: Answer, plan: Plan) -> Iterator[Pointer]:
    """The places of code, message and status, and of what else tells a code apart."""
    roles = answer.signature.envelope.roles if answer.signature is not None else {}
    for role in SHAPING:
        yield from roles[role].pointers if role in roles else ()
    for code in plan.codes if plan else ():
        yield from code.match if code.layer in answer.layers else ()


def _meets(place: Pointer, pattern: Pointer) -> bool:
    return len(place) == len(pattern) and all(wanted in ("*", token) for token, wanted in zip(place, pattern, strict=True))


def _told(fault: Fault, answer: Answer) -> str:
    """A fault in words: the place and what stands there first. A value that is a secret is not told."""
    at = pointers.text(fault.pointer) or "the body"
    if fault.keyword == "required":
        return f"{pointers.text((*fault.pointer, *fault.names))} is missing"
    if fault.keyword in ("additionalProperties", "unevaluatedProperties") and fault.names:
        names = ", ".join(fault.names[:MOST_TOLD]) + (" ..." if len(fault.names) > MOST_TOLD else "")
        return f"{at} has {names[:80]}, which the schema does not allow"
    value = _value(answer, fault.pointer)
    if isinstance(value, str) and leaks.secret(value):
        return f"{at} breaks its {fault.keyword}"
    if fault.keyword == "type":
        what = fault.value if value is None or isinstance(value, (str, int, float, bool)) else kind(_json(value))
        return f"{at} is {what}, {kinds(fault.names)} is declared"
    return f"{at}: {fault.message}"


def _json(value: Any) -> str:
    return "array" if isinstance(value, list) else "object"


def _value(answer: Answer, place: Pointer) -> Any:
    try:
        return pointers.get(answer.framed.values[0], place)
    except KeyError:
        return None
