"""PRB: problem details (RFC 9457), recognised by their media type beside any catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import shown
from errlint.match.answer import Answer
from errlint.match.declared import Declared
from errlint.match.framing import is_json
from errlint.match.plan import Plan
from errlint.model.claim import json_type
from errlint.model.finding import Severity

MEMBERS = {"type": "string", "title": "string", "status": "integer", "detail": "string", "instance": "string"}
"""The members that RFC 9457 section 3.1 defines, and their JSON types."""


def _body(answer: Answer) -> dict[str, Any] | None:
    values = answer.framed.values
    return values[0] if len(values) == 1 and isinstance(values[0], dict) else None


def is_problem(body: dict[str, Any]) -> bool:
    """Whether a body is a problem document by its members: title and two more of the five, ``type`` a URI reference."""
    named = [member for member in MEMBERS if member in body]
    uri = isinstance(body.get("type"), str) and (":" in body["type"] or "/" in body["type"])
    return len(named) >= 3 and "title" in named and (uri or "type" not in named)


@check("PRB001", "problem-media-type", Severity.WARNING, Answer, folds=True)
def problem_media_type(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A problem document served as plain JSON, or another body served as a problem."""
    body = _body(answer)
    seen = answer.observation.media_type
    if body is None or not answer.error:
        return
    if seen.endswith("problem+json"):
        if not any(member in body for member in MEMBERS):
            yield Hit(f"served as {seen}, but has no member of a problem (RFC 9457)", detail=seen)
    elif is_json(seen) and is_problem(body) and _may_be_problem(answer):
        yield Hit(
            f"a problem document (RFC 9457) served as {seen}",
            detail=seen,
            merged="{n} problem documents (RFC 9457) are served as plain JSON",
        )


def _may_be_problem(answer: Answer) -> bool:
    """Whether no other envelope of the catalog claims the body; a guessed one claims none."""
    signature = answer.signature
    return signature is None or signature.envelope.id == "problem-json" or signature.envelope.generic


def _says_problem(envelope: str, plan: Plan) -> bool:
    """Whether an envelope does not speak against a problem: it is that one, or only guessed."""
    return envelope == "problem-json" or plan.guessed(envelope)


def is_problem_type(declared: Declared) -> bool:
    """Whether a response is declared as problem+json."""
    return declared.declaration.bare_type.endswith("problem+json")


@check("PRB001", "problem-media-type", Severity.WARNING, Declared, folds=True, applies=lambda d: not d.framework)
def problem_media_type_declared(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A problem's schema declared as plain JSON, or a schema without a problem's members declared as a problem."""
    seen, shapes = declared.declaration.bare_type, [branch.members for branch in declared.branches]
    if not shapes or not is_json(seen):
        return
    if is_problem_type(declared):
        if all(shape and not shape.intersection(MEMBERS) for shape in shapes):
            yield Hit(f"declared as {seen}, but has no member of a problem (RFC 9457)", detail=seen)
    elif all({"type", "title"} <= shape and len(shape.intersection(MEMBERS)) > 2 for shape in shapes) and (
        not declared.fits or all(_says_problem(claim.envelope, plan) for claim in declared.claims)
    ):
        yield Hit(
            f"a problem document (RFC 9457) declared as {seen}",
            detail=seen,
            merged="{share} declared error responses are problem documents (RFC 9457) under plain JSON",
        )


@check("PRB002", "problem-member-type", Severity.ERROR, Answer)
def problem_member_type(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A member of a problem with another JSON type than RFC 9457 gives it."""
    body = _body(answer)
    if body is None or not answer.error or not answer.observation.media_type.endswith("problem+json"):
        return
    for member, wanted in MEMBERS.items():
        if member in body and json_type(body[member]) != wanted:
            at = None
            if answer.observation.witness == "example":
                location = answer.observation.location
                at = type(location)(location.uri, (*location.pointer, member))
            kind = json_type(body[member])
            what = "null" if kind == "null" else f"the {kind} {shown(body[member])}"
            yield Hit(f"problem member {member} is {what}, not {_article(wanted)}", at=at, detail=member)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


@check("PRB002", "problem-member-type", Severity.ERROR, Declared, applies=is_problem_type)
def problem_member_type_declared(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A schema of a problem that never gives a member the JSON type of RFC 9457."""
    for member, wanted in MEMBERS.items():
        kinds: set[str] = set()
        for branch in declared.branches:
            found = branch.values.get((member,))
            if found is None or found.presence == "absent" or wanted in found.types or not found.exact:
                break
            kinds |= found.types
        else:
            if kinds:
                told = " or ".join(sorted(kinds))
                message = f"problem member {member} is declared as {told}, not as {wanted}"
                yield Hit(message, at=declared.schema.location, detail=member, shared=True)
