"""reviewdog's diagnostic format: a comment for each finding that counts, with what ``--fix`` would do as suggestions.

Columns count bytes of UTF-8, and an end is behind what is meant. reviewdog writes a suggestion only into a comment on the very
lines that it changes, so a finding that is mended in several places is a diagnostic in each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from errlint.model.finding import Finding, Location, Report, Severity, Suggestion
from errlint.report import View
from errlint.report.artifacts import failure, place_of, shown, stopped_at
from errlint.report.paths import is_page, path_of
from errlint.report.visible import unheeded, visible

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the report as one DiagnosticResult."""
    result = {"source": {"name": "errlint"}, "diagnostics": list(diagnostics(report, view))}
    out.write(unheeded(json.dumps(result, indent=2)) + "\n")


def diagnostics(report: Report, view: View) -> Iterator[dict[str, Any]]:
    """The diagnostics, in the order of the report."""
    failed = failure(report)
    if failed:
        place = _location(stopped_at(report), None, view)
        yield {"message": failed, "location": place, "severity": "ERROR", "code": {"value": "errlint"}}
    for one in report.counting():
        yield from _finding(one, report, view)


def _finding(finding: Finding, report: Report, view: View) -> Iterator[dict[str, Any]]:
    at = place_of(finding, report)
    own, *others = _blocks(finding.suggestions, at)
    code = {"value": finding.rule, "url": finding.link} if is_page(finding.link) else {"value": finding.rule}
    told = visible(f"{finding.name}: {finding.message}") + (f"\n\n{visible(finding.help)}" if finding.help else "")
    said = {"message": told, "severity": SEVERITIES[finding.severity], "code": code}
    related = [
        {"message": visible(one.text) or "see", "location": _location(shown(one.location, report), None, view)}
        for one in finding.related
    ]
    yield {
        **said,
        "location": _location(at, finding, view),
        **({"suggestions": [_suggestion(one) for one in own]} if own else {}),
        **({"related_locations": related} if related else {}),
    }
    for block in others:
        path = visible(path_of(block[0].uri, view))
        whole = {"start": _position(block[0].start), "end": _position(block[-1].stop)}
        yield {**said, "location": {"path": path, "range": whole}, "suggestions": [_suggestion(one) for one in block]}


def _blocks(suggestions: tuple[Suggestion, ...], at: Location) -> list[list[Suggestion]]:
    """The suggestions by the lines that they change; first those at the finding's own place, which may be none."""
    own: list[Suggestion] = []
    others: list[list[Suggestion]] = []
    for one in suggestions:
        if one.uri == at.uri and one.start[0] <= max(at.line, 1) <= one.stop[0]:
            own.append(one)
        else:
            others.append([one])
    return [own, *others]


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {"range": {"start": _position(one.start), "end": _position(one.stop)}, "text": one.text}


def _position(spot: tuple[int, int, int]) -> dict[str, int]:
    return {"line": spot[0], "column": spot[2]}


def _location(at: Location, finding: Finding | None, view: View) -> dict[str, Any]:
    """A place; a column only where the text of its line tells how many bytes it is."""
    line = max(at.line, 1)
    reach: dict[str, Any] = {"start": {"line": line}}
    excerpt = finding.excerpt if finding is not None else None
    if excerpt is not None and at.column:
        reach["start"]["column"] = excerpt.in_bytes(excerpt.start)
        reach["end"] = {"line": line, "column": excerpt.in_bytes(excerpt.stop)}
    return {"path": visible(path_of(at.uri, view)), "range": reach}
