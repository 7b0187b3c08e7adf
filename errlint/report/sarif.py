"""SARIF 2.1.0, as GitHub's code scanning reads it.

Suppressed findings are left out: GitHub opens an alert for them all the same (github/codeql-action#1230). It shows at most
5,000 results of a run and refuses more than 25,000: the worst are kept, and how many are left out is told in the file and to
the user.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO
from urllib.parse import quote

from errlint.model import pointer as pointers
from errlint.model.finding import Excerpt, Finding, Location, Report, Suggestion
from errlint.report import View
from errlint.report.artifacts import failure, place_of, shown, stopped_at
from errlint.report.paths import address, is_absolute, is_file, path_of, root_of
from errlint.report.sarif_rules import rules
from errlint.report.visible import unheeded, visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

MOST = 5_000
"""Results that GitHub shows of one run."""

MOST_RELATED = 100
"""Places that GitHub shows of one result."""

ROOT = "SRCROOT"
"""What relative names are relative to."""


def write(report: Report, out: TextIO, view: View) -> str | None:
    """Writes the report as one JSON document; what is left out of it is told in one line."""
    counting = report.counting()
    kept = most_important(counting)
    left_out = _left_out(len(counting) - len(kept))
    out.write(unheeded(json.dumps(log(report, kept, left_out, view), indent=2)) + "\n")
    return left_out or None


def most_important(findings: Sequence[Finding]) -> list[Finding]:
    """At most 5,000 findings in their order, the worse before the milder."""
    if len(findings) <= MOST:
        return list(findings)
    ranks = sorted(range(len(findings)), key=lambda at: -findings[at].severity)
    return [findings[at] for at in sorted(ranks[:MOST])]


def _left_out(number: int) -> str:
    if not number:
        return ""
    noun = "finding is" if number == 1 else "findings are"
    return f"{number} {noun} left out, since GitHub shows {MOST} of a run: the worst are kept, -f json holds all"


def log(report: Report, findings: list[Finding], left_out: str, view: View) -> dict[str, Any]:
    """The whole log as data: one run."""
    described, numbers = rules(findings)
    base = {"originalUriBaseIds": {ROOT: {"uri": f"{address(root_of(view))}/"}}} if view.here else {}
    run = {
        "tool": {"driver": {"name": "errlint", "version": view.version, "semanticVersion": view.version, "rules": described}},
        "automationDetails": {"id": f"errlint/{report.command.replace(' ', '-')}/"},
        "columnKind": "unicodeCodePoints",
        **base,
        "invocations": [_invocation(report, left_out, view)],
        "results": [_result(one, numbers[one.rule], report, view) for one in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _invocation(report: Report, left_out: str, view: View) -> dict[str, Any]:
    """How the run went: why it failed, what was left out, what was not checked."""
    failed = failure(report)
    told = []
    if failed:
        told.append({**_notice("error", failed), "locations": [_location(stopped_at(report), None, view)]})
    if left_out:
        told.append(_notice("warning", left_out))
    told += [_notice("note", visible(text)) for text in report.notes if text[:1].strip()]  # no hints on what to call next
    counts: dict[str, int] = {}
    for one in report.unknown:
        counts[one.why] = counts.get(one.why, 0) + 1
    told += [_notice("note", f"Not checked: {visible(why)} ({number}×)") for why, number in counts.items()]
    return {"executionSuccessful": not failed, "exitCode": view.code, "toolExecutionNotifications": told}


def _notice(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": plain(text)}}


def _result(finding: Finding, number: int, report: Report, view: View) -> dict[str, Any]:
    at = place_of(finding, report)
    related = list(_related(finding, at, report, view))
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": str(finding.severity),
        "message": {"text": plain(visible(finding.message) or finding.name)},
        "locations": [_location(at, finding, view)],
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.fingerprint}:1", "errlint/v1": finding.fingerprint},
        **({"relatedLocations": related} if related else {}),
        **({"fixes": _fixes(finding.suggestions, view)} if finding.suggestions else {}),
        "properties": _properties(finding),
    }


def _properties(finding: Finding) -> dict[str, Any]:
    """What else is known of a finding; what is not known is not there."""
    known = {
        "name": finding.name,
        "operation": finding.operation,
        "operations": list(finding.operations) if len(finding.operations) > 1 else None,
        "status": finding.status,
        "code": finding.code,
        "layer": finding.layer,
        "count": finding.count,
        "reproduce": finding.reproduce,
        "reproduced": finding.reproduced,
        "breaking": finding.breaking,
    }
    return {key: visible(value) if isinstance(value, str) else value for key, value in known.items() if value not in (None, "")}


def _location(at: Location, finding: Finding | None, view: View) -> dict[str, Any]:
    """A place as GitHub shows it: with a region that has all four ends, the first line where none is known."""
    line, column = max(at.line, 1), max(at.column, 1)
    excerpt = finding.excerpt if finding is not None else None
    end = excerpt.end_column if excerpt is not None and at.column else 0
    region: dict[str, Any] = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": max(end, column + 1)}
    physical: dict[str, Any] = {"artifactLocation": _artifact(at.uri, view), "region": region}
    if excerpt is not None and end > column:
        region["snippet"] = {"text": visible(excerpt.text[excerpt.start : excerpt.stop])}
        physical["contextRegion"] = _context(excerpt, line)
    logical = [{"fullyQualifiedName": visible(pointers.text(at.pointer))}] if at.pointer else []
    return {"physicalLocation": physical, **({"logicalLocations": logical} if logical else {})}


def _context(excerpt: Excerpt, line: int) -> dict[str, Any]:
    """The line of the text, as much of it as is shown."""
    first = excerpt.skipped + 1
    region = {"startLine": line, "startColumn": first, "endLine": line, "endColumn": first + len(excerpt.text)}
    return {**region, "snippet": {"text": visible(excerpt.text)}}


def _artifact(uri: str, view: View) -> dict[str, str]:
    """A text: relative to the working directory, a file's address outside of it, an escaped name where it is no file."""
    path = path_of(uri, view)
    if is_absolute(path):
        return {"uri": address(path)}
    name = {"uri": quote(path, errors="replace")}
    return {**name, "uriBaseId": ROOT} if view.here and is_file(uri) else name


def _related(finding: Finding, at: Location, report: Report, view: View) -> Iterator[dict[str, Any]]:
    """The other places of a finding, each once, numbered from 0."""
    told = [(one.location, one.text) for one in finding.related]
    told += [(one.location, one.operation or one.code or "also here") for one in finding.sites if one.location != at]
    for number, (where, text) in enumerate(dict.fromkeys(told[:MOST_RELATED])):
        said = plain(visible(text) or "see")
        yield {"id": number, **_location(shown(where, report), None, view), "message": {"text": said}}


def _fixes(suggestions: Iterable[Suggestion], view: View) -> list[dict[str, Any]]:
    """One fix: all changes together, by text."""
    texts: dict[str, list[Suggestion]] = {}
    for one in suggestions:
        texts.setdefault(one.uri, []).append(one)
    changes = [
        {"artifactLocation": _artifact(uri, view), "replacements": [_replacement(one) for one in ones]}
        for uri, ones in texts.items()
    ]
    said = ", ".join(dict.fromkeys(one.does for ones in texts.values() for one in ones if one.does)) or "errlint lint --fix"
    return [{"description": {"text": plain(visible(said))}, "artifactChanges": changes}]


def _replacement(one: Suggestion) -> dict[str, Any]:
    region = {"startLine": one.start[0], "startColumn": one.start[1], "endLine": one.stop[0], "endColumn": one.stop[1]}
    return {"deletedRegion": region, "insertedContent": {"text": one.text}}


def plain(text: str) -> str:
    """A message whose brackets are no links: ``[text](target)`` is one in SARIF's messages (section 3.11.6)."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in text else text
