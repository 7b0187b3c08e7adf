"""Why a test fails, in the words of the text report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from errlint import cards
from errlint.model.record import replace
from errlint.probe.redaction import kept_url
from errlint.report.text import paragraph
from errlint.report.visible import visible
from errlint.testing.contract import Verdict

_HOST = re.compile(r"[a-z]+://[^/?#]*")

LONGEST_BODY = 400
"""Letters of a body that are shown."""


def failure(verdict: Verdict) -> str:
    """All findings about one answer, below what was asked and answered."""
    return "\n".join(_lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"{answered(verdict)}, which breaks the error contract"
    yield from _body(verdict)
    for told in verdict.told:
        finding = replace(told.finding, help=cards.help_of(told.finding.rule), count=1)
        yield from paragraph(finding, verbose=False, colour=False)
        if finding.help:
            yield f"   help: {visible(finding.help)}"


def wrong_code(verdict: Verdict, expected: str | int) -> str:
    """That another code came than the expected one."""
    found = " ".join(verdict.codes) or "no code"
    return "\n".join((f"{answered(verdict)} with {visible(found)}, not with {visible(str(expected))}", *_body(verdict)))


def answered(verdict: Verdict) -> str:
    """``GET /models/zz answered 404``."""
    observation = verdict.observation
    if observation is None or observation.request is None:
        return f"the answer {observation.status}" if observation is not None else "the answer"
    request = observation.request
    return visible(f"{request.method} {_HOST.sub('', kept_url(request.url)) or '/'} answered {observation.status}")


def _body(verdict: Verdict) -> Iterator[str]:
    text = verdict.shown.body.strip() if verdict.shown is not None else ""
    if text:
        yield "   " + visible(text[:LONGEST_BODY]) + ("…" if len(text) > LONGEST_BODY else "")
