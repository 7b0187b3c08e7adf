"""What the page of a report knows: the JSON report, and what people want beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from errlint import cards
from errlint.checks.prints import tidy
from errlint.model.finding import CodeCoverage, CodeSeen, Excerpt, Finding, Judged, Report
from errlint.report import View, json_
from errlint.report.visible import visible


def data(report: Report, view: View) -> dict[str, Any]:
    """The JSON report with each finding's excerpt and document, the rules' words, and what the catalog says of its codes.

    Every text in it can be shown: what steers a terminal or a line of text is spelled out.
    """
    page = json_.document(report, view.version)
    names = {tidy(one.uri): one.uri for one in report.documents}
    for told, finding in zip(page["findings"], report.findings, strict=True):
        homes = (report.homes.get(one, "") for one in _prints(finding))
        told.update(_beside(finding), document=next((names[one] for one in homes if one in names), finding.location.uri))
    if page["coverage"] is not None and report.coverage is not None:
        for row, code in zip(page["coverage"]["codes"], report.coverage.codes, strict=True):
            row.update(_words(code))
        for row, operation in zip(page["coverage"]["operations"], report.coverage.operations, strict=True):
            row["codes"] = [_seen(one) for one in operation.codes]
    page.update(
        exit=view.code,
        notes=list(report.notes),
        documents=[_document(one) for one in report.documents],
        rules={rule: _rule(rule) for rule in sorted({finding.rule for finding in report.findings})},
    )
    shown: dict[str, Any] = _shown(page)
    return shown


def _shown(value: Any) -> Any:
    """The same with every text made visible."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): _shown(one) for key, one in value.items()}
    return [_shown(one) for one in value] if isinstance(value, list) else value


def _prints(finding: Finding) -> tuple[str, ...]:
    return (finding.fingerprint, *(site.fingerprint for site in finding.sites))


def _beside(finding: Finding) -> dict[str, Any]:
    return {
        "excerpt": _excerpt(finding.excerpt) if finding.excerpt is not None else None,
        "request_id": finding.request_id,
        "link": finding.link,
    }


SEEN = 90
"""Letters of a line that are seen without scrolling."""


def _excerpt(excerpt: Excerpt) -> list[str]:
    """The line in three parts: before what is meant, that, and what follows; a tab is a blank.

    Of what stands before only the end is told, where what is meant would be out of sight.
    """
    text = excerpt.text.replace("\t", " ")
    before, meant, after = text[: excerpt.start], text[excerpt.start : excerpt.stop], text[excerpt.stop :]
    far = excerpt.stop > SEEN and excerpt.start > SEEN // 2
    return ["…" * bool(excerpt.skipped or far) + (before[-SEEN // 2 :] if far else before), meant, after + "…" * excerpt.cut]


def _words(code: CodeCoverage) -> dict[str, Any]:
    own = {"name": code.name, "category": code.category, "message": code.message}
    return {**own, "reason": code.reason, "counted": code.counted}


def _seen(code: CodeSeen) -> dict[str, Any]:
    return {"id": code.id, "layer": code.layer, "declared": code.declared, "observed": code.observed, "free": code.free}


def _document(one: Judged) -> dict[str, Any]:
    return {
        "uri": one.uri,
        "title": one.title,
        "version": one.version,
        "operations": list(one.operations),
        "errors": one.errors,
        "app": one.app,
        "owner": one.owner,
        "catalogs": list(one.catalogs),
    }


def _rule(rule: str) -> dict[str, str]:
    return {"summary": cards.line_of(rule, "summary"), "why": cards.line_of(rule, "why"), "fix": cards.help_of(rule)}


def by_rule(findings: Iterable[Finding]) -> list[tuple[str, str, int]]:
    """Rule, name and number of findings that count, in the order in which they come."""
    counts: dict[tuple[str, str], int] = {}
    for finding in findings:
        if finding.suppressed is None:
            counts[finding.rule, finding.name] = counts.get((finding.rule, finding.name), 0) + 1
    return [(rule, name, number) for (rule, name), number in counts.items()]
