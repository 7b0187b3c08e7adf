"""GitLab's Code Quality report: a list of what counts.

GitLab has no mark for a finding that is suppressed: it would show it as a new one, so only what counts stands here. A run
that failed is one entry, since an empty list would say that everything is mended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from errlint.checks.prints import digest
from errlint.model.finding import Location, Report, Severity
from errlint.report import View
from errlint.report.artifacts import failure, place_of, stopped_at
from errlint.report.paths import path_of
from errlint.report.visible import unheeded, visible

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the report as one JSON array."""
    out.write(unheeded(json.dumps(list(entries(report, view)), indent=2)) + "\n")


def entries(report: Report, view: View) -> Iterator[dict[str, Any]]:
    """The entries, in the order of the report; no two have one fingerprint."""
    failed = failure(report)
    if failed:
        mark = digest((report.command, report.outcome, report.reason or ""))
        yield _entry("errlint", failed, mark, "critical", stopped_at(report), view)
    for one in report.counting():
        told = f"{one.rule} {one.name}: {visible(one.message)}"
        yield _entry(one.rule, told, one.fingerprint, SEVERITIES[one.severity], place_of(one, report), view)


def _entry(rule: str, told: str, fingerprint: str, severity: str, at: Location, view: View) -> dict[str, Any]:
    return {
        "description": told,
        "check_name": rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": visible(path_of(at.uri, view)), "lines": {"begin": max(at.line, 1)}},
    }
