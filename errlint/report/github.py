"""Annotations of GitHub Actions: workflow commands, which its runner turns into marks at the lines of a pull request.

The service shows ten errors, ten warnings and ten notices of a step and drops the others without a word, so the worst are
written and the others are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from errlint.checks.words import plural
from errlint.model.finding import Excerpt, Finding, Location, Report, Severity
from errlint.report import View
from errlint.report.artifacts import source_of
from errlint.report.paths import in_repository
from errlint.report.visible import visible

SHOWN = 10
"""Annotations of one kind that GitHub shows of a step."""

FEW = 3
"""Operations that an annotation names; the others are counted."""

LONGEST = 2_000
"""Letters of one line of an annotation."""

KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes a command for each of the worst findings at or above ``view.show``, and a plain line about the others."""
    if report.outcome not in ("clean", "findings"):
        place = _place(report.place, None, view) if report.place is not None else {}
        out.write(_command("error", place | {"title": f"errlint {report.command}"}, [report.reason or report.outcome]))
    told = report.counting(view.show)
    rest = []
    for severity, kind in KINDS.items():
        found = [finding for finding in told if finding.severity is severity]
        for finding in found[:SHOWN]:
            place = _place(source_of(finding), finding.excerpt, view)
            out.write(_command(kind, place | {"title": f"{finding.rule} {finding.name}"}, list(_lines(finding, view))))
        if len(found) > SHOWN:
            rest.append(plural(len(found) - SHOWN, f"more {kind}"))
    if rest:
        out.write(f"errlint: GitHub shows {SHOWN} annotations of a kind; {', '.join(rest)}: see the job summary\n")


def _place(at: Location, excerpt: Excerpt | None, view: View) -> dict[str, object]:
    """Where something stands, as far as it is a line of a file in the repository."""
    file = in_repository(at.uri, view)
    place: dict[str, object] = {"file": file} if file else {}
    if file and at.line:
        place["line"] = at.line
    if file and at.line and at.column:
        place["col"] = at.column
        if excerpt is not None and excerpt.end_column > at.column:
            place["endColumn"] = excerpt.end_column
    return place


def _lines(finding: Finding, view: View) -> Iterator[str]:
    """What is wrong; where it came up; what to do; how to see it again."""
    yield finding.message
    sites = (site.operation for site in finding.sites)
    names = list(dict.fromkeys(filter(None, (*sites, *finding.operations, finding.operation))))
    if names:
        yield ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
    if not in_repository(finding.location.uri, view) and finding.location.uri:
        yield f"at {finding.location.uri}" + (f":{finding.location.line}" if finding.location.line else "")
    if finding.help:
        yield f"help: {finding.help}"
    if finding.reproduce:
        yield finding.reproduce


def _command(kind: str, properties: dict[str, object], lines: list[str]) -> str:
    """``::error file=openapi.yaml,line=3,title=COD002 x::message%0Ahelp``: one line, whatever stands in its words."""
    named = ",".join(f"{key}={_property(visible(str(value)))}" for key, value in properties.items())
    data = "%0A".join(_data(_cut(visible(line))) for line in lines)
    return f"::{kind} {named}::{data}\n"


def _data(text: str) -> str:
    """The text of a command, as the runner reads it (``\\r`` and ``\\n`` are visible already, and none is left)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
