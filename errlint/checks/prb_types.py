"""PRB003, PRB004: the ``type`` of a problem (RFC 9457 section 3.1.1)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import layers, shown
from errlint.match.answer import Answer
from errlint.match.declared import Declared
from errlint.match.envelope import BLANK, names_problem_types
from errlint.match.plan import Plan
from errlint.model.claim import Claim
from errlint.model.finding import Location, Severity

OFF, NOTE, WARNING, ERROR = Severity


def is_problem_type(claim: Claim, plan: Plan) -> bool:
    """Whether a claim's code is the ``type`` of a problem document, a URI reference."""
    return names_problem_types(plan.signatures[claim.envelope].envelope)


def same_type(written: str, documented: str) -> bool:
    """Whether two URI references name one problem type, whatever the host: environments differ in the base URI only.

    A relative reference is the end of an absolute one, at a slash. URNs and the like are compared as they are.
    """
    if written == documented:
        return True
    one, other = _path(written), _path(documented)
    if not one or not other:
        return False
    if one.startswith("/") and other.startswith("/"):
        return one == other or (
            _is_relative(written) != _is_relative(documented) and (one.endswith(other) or other.endswith(one))
        )
    return f"/{one}".endswith(f"/{other}") or f"/{other}".endswith(f"/{one}")


def _path(text: str) -> str:
    """What a reference names within its host, empty for a URI that has no host."""
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("http", "https") and rest.startswith("//"):
        _, slash, path = rest[2:].partition("/")
        return (slash + path).rstrip("/")
    return "" if colon and scheme.isalnum() else text.removeprefix("./").rstrip("/")


def _is_relative(text: str) -> bool:
    return not text.lower().startswith(("http:", "https:"))


@check("PRB003", "undocumented-problem-type", ERROR, Claim, alone=OFF)
def undocumented_problem_type(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A problem type that no entry of the catalog has, absolute or relative, on whatever host."""
    if claim.envelope not in plan.signatures or not is_problem_type(claim, plan):
        return
    if not plan.closed(claim.layers) or not plan.coded(claim.layers, claim.statuses) or not claim.code.listed:
        return
    documented = [code.code for code in plan.codes if code.layer in claim.layers and isinstance(code.code, str)]
    for value, at in (*claim.code.scalars(), *claim.code.known):
        if not isinstance(value, str) or any(same_type(value, code) for code in documented):
            continue
        meant = plan.closest(claim.layers, value)
        told = f"; did you mean {meant}?" if meant else ""
        message = f"problem type {shown(value)} is not in the catalog ({layers(claim.layers)}){told}"
        yield Hit(message, at=at, code=value, layer=claim.layer, part=claim.part, shared=not claim.observed)


RENAMED = {
    413: ("content too large", "payload too large", "request entity too large"),
    414: ("uri too long", "request-uri too long"),
    416: ("range not satisfiable", "requested range not satisfiable"),
    418: ("i'm a teapot",),
    422: ("unprocessable content", "unprocessable entity"),
}
"""Phrases that changed from RFC to RFC: each of them is the status's own (RFC 9110 section 15.5, RFC 4918)."""


def phrases(status: int) -> tuple[str, ...]:
    """The phrases of a status in lower case, none where it is not registered."""
    from http import HTTPStatus

    if status in RENAMED:
        return RENAMED[status]
    try:
        return (HTTPStatus(status).phrase.lower(),)
    except ValueError:
        return ()


def _is_other(title: object, statuses: frozenset[int]) -> bool:
    """Whether a title is surely no phrase of these statuses. In another script it may be a translation (RFC 9457)."""
    if not isinstance(title, str) or not title.isascii() or not title.strip():
        return False
    known = [phrase for status in statuses for phrase in phrases(status)]
    return bool(known) and title.strip().rstrip(".").lower() not in known


@check("PRB004", "about-blank-title", WARNING, Answer)
def about_blank_title(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A problem of type about:blank whose title is not its status's phrase; a note where the type is only left out."""
    values, observation = answer.framed.values, answer.observation
    body = values[0] if len(values) == 1 and isinstance(values[0], dict) else {}
    if not answer.error or observation.status is None or not observation.media_type.endswith("problem+json"):
        return
    title, kind = body.get("title"), body.get("type", BLANK)
    if kind == BLANK and _is_other(title, frozenset((observation.status,))):
        at = None
        if observation.witness == "example":
            at = Location(observation.location.uri, (*observation.location.pointer, "title"))
        known = phrases(observation.status)[0].title()
        why = "has type about:blank" if "type" in body else "has no type, which means about:blank"
        message = f"the problem {why}, its title is {shown(title)}, not {known}"
        yield Hit(message, at=at, detail=str(title)[:80], severity=None if "type" in body else NOTE)


@check("PRB004", "about-blank-title", WARNING, Declared)
def about_blank_title_declared(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A schema whose problems are all of type about:blank and have titles that are no phrase of their status."""
    declaration = declared.declaration
    if not declaration.bare_type.endswith("problem+json"):
        return
    if declaration.statuses is None or not declaration.status_key.isdigit():
        return
    for branch in declared.branches:
        kind, title = branch.values.get(("type",)), branch.values.get(("title",))
        if kind is None or title is None or not kind.finite or not title.finite:
            continue
        if all(value == BLANK for value, _ in kind.finite):
            for value, at in title.finite:
                if _is_other(value, declaration.statuses.values):
                    known = phrases(int(declaration.status_key))[0].title()
                    message = f"the problem has type about:blank, its title is {shown(value)}, not {known}"
                    yield Hit(message, at=at, detail=str(value)[:80], shared=True)
