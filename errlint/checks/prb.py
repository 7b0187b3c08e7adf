"""PRB: problem details (RFC 9457), recognised by their media type beside any catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import shown
from errlint.match.answer import Answer
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
            merged="{n} problem documents (RFC 9457) are served as " + seen,
        )


def _may_be_problem(answer: Answer) -> bool:
    """Whether no other envelope of the catalog claims the body."""
    return answer.signature is None or answer.signature.envelope.id == "problem-json"


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
            article = "an" if wanted[0] in "aeiou" else "a"
            yield Hit(f"problem member {member} is {shown(body[member])}, not {article} {wanted}", at=at, detail=member)
