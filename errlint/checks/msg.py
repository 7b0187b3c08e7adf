"""MSG: messages. Advice by default: services change their wording without notice (RFC 9457 section 3.1.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import shown
from errlint.match.answer import Answer
from errlint.match.plan import Plan
from errlint.model.catalog import Code, Message
from errlint.model.claim import Claim
from errlint.model.finding import Location, Severity

OFF, NOTE, WARNING, ERROR = Severity


def _templates(claim: Claim) -> list[tuple[Code, Message]]:
    only = next(iter(claim.statuses.values)) if len(claim.statuses.values) == 1 else None
    return [(code, message) for code in claim.candidates for message in code.messages(only)]


@check("MSG001", "message-off-template", NOTE, Claim, alone=OFF)
def message_off_template(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A message that no template of its entry produces; an error only where the catalog says ``check: strict``."""
    if not claim.observed or claim.failed != "message":
        return
    checked = [(code, template) for code, template in _templates(claim) if template.check != "ignore"]
    if not checked:
        return
    code, template = checked[0]
    strict = any(template.check == "strict" for _, template in checked)
    message, at = claim.message.scalars()[0]
    yield Hit(
        f"message {shown(message)} is not the documented {shown(template.text)} ({code.id})",
        at=at,
        code=code.id,
        layer=claim.layer,
        part=claim.part,
        severity=ERROR if strict else None,
    )


def _literals(claim: Claim) -> list[str]:
    """The documented messages that stand as they are: what looks like a placeholder there is none."""
    return [template.text for _, template in _templates(claim) if template.kind == "literal"]


UNFILLED = (
    r"(?<![\w%])%(?:\(\w+\))?[sdv](?!\w)"  # printf verbs; "100%s" and "%discount" are no verbs
    r"|\{\{ ?\w+ ?\}\}|\$\{\w+\}"  # mustache, shell and template literals
    r"|(?<![\w/{\"'])\{[a-z_]\w*\}(?![\w/}])"  # {rpm}, but not the {id} of a path
    r"|(?<=[:=] )undefined\b|^undefined$"
)


@lru_cache(maxsize=1)
def _unfilled() -> re.Pattern[str]:
    return re.compile(UNFILLED)


@check("MSG002", "unfilled-placeholder", ERROR, Claim)
def unfilled_placeholder(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A placeholder that was never filled in; in a document's example only a warning."""
    if not claim.observed:
        return
    for message, at in claim.message.scalars():
        found = _unfilled().search(message) if isinstance(message, str) else None
        if found and not any(found.group() in text for text in _literals(claim)):
            severity = WARNING if claim.witness == "example" else None
            yield Hit(
                f"the message holds the placeholder {found.group()} unfilled: {shown(message)}",
                at=at,
                layer=claim.layer,
                detail=found.group(),
                part=claim.part,
                severity=severity,
            )


DUMMIES = frozenset(("string", "str", "foo", "bar", "baz", "foobar", "foo bar", "todo", "tbd", "xxx"))
CODES = frozenset(("code", "errorcode", "errcode"))
MESSAGES = frozenset(("message", "errormessage", "errormsg", "msg", "error", "errordescription", "detail", "title", "reason"))
"""Names of members, in lower case without separators, that hold a code or a message where no envelope says so."""
DEEPEST = 3
MOST = 200


def is_dummy(value: Any, code: bool) -> bool:
    """Whether a value only fills its place: the type's name, 0 as a code, filler text."""
    if isinstance(value, str):
        text = value.strip().lower()
        return text in DUMMIES or text.startswith("lorem ipsum")
    return code and value == 0 and not isinstance(value, bool)


@check("MSG003", "dummy-example", NOTE, Answer, applies=lambda answer: answer.observation.witness == "example")
def dummy_example(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """An example of an error whose code or message only fills its place."""
    if not answer.error:
        return
    found = [(name, value, at) for name, value, at, code in _places(answer, plan) if is_dummy(value, code)]
    if found:
        told = ", ".join(f"{name} is {shown(value)}" for name, value, _ in found[:3])
        yield Hit(f"the example shows no error: {told}", at=found[0][2], detail=told, shared=True)


def _places(answer: Answer, plan: Plan) -> Iterator[tuple[str, Any, Location, bool]]:
    """The codes and messages of an example, each with its name and place: by its envelope, else by the members' names."""
    here = answer.observation.location
    for claim in answer.claims:
        for values, code in ((claim.code, True), (claim.message, False)):
            for value, at in values.scalars():
                if not (code and plan.entries(claim.layers, value)):
                    yield ".".join(at.pointer[len(here.pointer) :]) or "the code", value, at, code
    if answer.claims or not answer.framed.values:
        return
    waiting: list[tuple[tuple[str, ...], Any]] = [((), answer.framed.values[0])]
    for place, item in waiting:  # which grows meanwhile
        below: list[tuple[str, Any]] = []
        if isinstance(item, dict):
            below = [(name, value) for name, value in item.items() if isinstance(name, str)]
        elif isinstance(item, list):
            below = [(str(index), value) for index, value in enumerate(item[:5])]
        for name, value in below:
            bare = name[:40].replace("_", "").replace("-", "").lower()
            if bare in CODES or bare in MESSAGES:
                yield ".".join((*place, name)), value, Location(here.uri, (*here.pointer, *place, name)), bare in CODES
            if len(waiting) < MOST and len(place) < DEEPEST:
                waiting.append(((*place, name), value))
