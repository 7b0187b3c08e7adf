"""MSG: messages. Advice by default: services change their wording without notice (RFC 9457 section 3.1.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import shown
from errlint.match.plan import Plan
from errlint.model.catalog import Code, Message
from errlint.model.claim import Claim
from errlint.model.finding import Severity

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


UNFILLED = re.compile(
    r"(?<![\w%])%(?:\(\w+\))?[sdv](?!\w)"  # printf verbs; "100%s" and "%discount" are no verbs
    r"|\{\{ ?\w+ ?\}\}|\$\{\w+\}"  # mustache, shell and template literals
    r"|(?<![\w/{\"'])\{[a-z_]\w*\}(?![\w/}])"  # {rpm}, but not the {id} of a path
    r"|(?<=[:=] )undefined\b|^undefined$"
)


@check("MSG002", "unfilled-placeholder", ERROR, Claim)
def unfilled_placeholder(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A placeholder that was never filled in; in a document's example only a warning."""
    if not claim.observed:
        return
    for message, at in claim.message.scalars():
        found = UNFILLED.search(message) if isinstance(message, str) else None
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
