"""The report for programs: the promise of ``schemas/report.schema.json``, version 1. Equal input gives equal bytes."""

from __future__ import annotations

import json
from typing import Any, TextIO

from errlint.model import pointer as pointers
from errlint.model.finding import (
    Changes,
    CodeCoverage,
    Finding,
    Location,
    OperationCoverage,
    Report,
    Seen,
    Service,
    Severity,
    Site,
)
from errlint.report import View
from errlint.report.visible import unheeded

VERSION = 1


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the report as one JSON document."""
    out.write(unheeded(json.dumps(document(report, view.version), indent=2, ensure_ascii=True)) + "\n")


def document(report: Report, version: str) -> dict[str, Any]:
    """The report as data: all findings stand in it, notes and suppressed ones too."""
    return {
        "version": VERSION,
        "tool": {"name": "errlint", "version": version},
        "command": report.command,
        "summary": {
            "outcome": report.outcome,
            "reason": report.reason,
            "error": report.count(Severity.ERROR),
            "warning": report.count(Severity.WARNING),
            "note": report.count(Severity.NOTE),
            "unknown": len(report.unknown),
            "suppressed": sum(1 for finding in report.findings if finding.suppressed is not None),
            "judged": report.judged,
        },
        "findings": [_finding(finding) for finding in report.findings],
        "unknown": [
            {
                "rule": one.rule,
                "why": one.why,
                "operation": one.operation,
                "status": one.status,
                "location": _location(one.location),
            }
            for one in report.unknown
        ],
        "coverage": _coverage(report),
        **({"services": [_service(one) for one in report.services]} if report.services else {}),
        **({"notes": list(report.notes)} if report.command in ("probe", "catalog diff") else {}),
        **({"changes": _changes(report.changes)} if report.changes is not None else {}),
    }


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "old": changes.old,
        "new": changes.new,
        "breaking": changes.breaking,
        "compatible": changes.compatible,
        "version": {
            "old": changes.old_version or None,
            "new": changes.new_version or None,
            "advised": changes.advised or None,
            "verdict": changes.verdict,
        },
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "uri": location.uri,
        "pointer": pointers.text(location.pointer),
        "line": location.line or None,
        "column": location.column or None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": str(finding.severity),
        "witness": finding.witness,
        "message": finding.message,
        "help": finding.help,
        "location": _location(finding.location),
        "related": [{"location": _location(related.location), "text": related.text} for related in finding.related],
        "operation": finding.operation,
        "operations": list(finding.operations),
        "sites": [_site(site, told=finding.breaking is not None) for site in finding.sites],
        "status": finding.status,
        "code": finding.code,
        "layer": finding.layer,
        "count": finding.count,
        "reproduce": finding.reproduce,
        "reproduced": finding.reproduced or None,
        "again": finding.again,
        "fingerprint": finding.fingerprint,
        "fixable": finding.fixable,
        "suppressed": finding.suppressed,
        **({"breaking": finding.breaking} if finding.breaking is not None else {}),
    }


def _site(site: Site, *, told: bool) -> dict[str, Any]:
    """One place of a finding; of a change (``told``) with the code that it is about."""
    place = {"operation": site.operation, "location": _location(site.location), "fingerprint": site.fingerprint}
    return {**place, "code": site.code} if told else place


def _coverage(report: Report) -> dict[str, Any] | None:
    if report.coverage is None:
        return None
    probed = report.command == "probe"
    covered: dict[str, Any] = {
        "codes": [_code(code, probed) for code in report.coverage.codes],
        "operations": [_operation(one) for one in report.coverage.operations],
    }
    return {**covered, "seen": [_seen(one) for one in report.coverage.seen]} if probed else covered


def _code(code: CodeCoverage, probed: bool) -> dict[str, Any]:
    row = {
        "code": code.code,
        "id": code.id,
        "layer": code.layer,
        "statuses": code.statuses,
        "declared": list(code.declared),
        "observed": list(code.observed),
        "state": code.state,
        "why": code.why,
    }
    return {**row, "reason": code.reason, "counted": code.counted} if probed else row


def _operation(one: OperationCoverage) -> dict[str, Any]:
    return {
        "operation": one.operation,
        "state": one.state,
        "requests": one.requests,
        "why": one.why,
        "statuses": [{"status": status, "count": count} for status, count in one.statuses],
        "codes": [
            {"id": code.id, "layer": code.layer, "declared": code.declared, "observed": code.observed} for code in one.codes
        ],
    }


def _service(one: Service) -> dict[str, Any]:
    return {
        "service": one.name,
        "documents": list(one.documents),
        "operations": one.operations,
        "error": one.errors,
        "warning": one.warnings,
        "note": one.notes,
        "declared": one.declared,
        "open": one.open,
        "codes": one.codes,
        "coverage": one.coverage,
        "owner": one.owner or None,
        "catalogs": list(one.catalogs),
        "config": one.config or None,
    }


def _seen(one: Seen) -> dict[str, Any]:
    return {
        "code": one.code,
        "status": one.status,
        "media_type": one.media_type,
        "shape": one.shape,
        "envelope": one.envelope,
        "operations": list(one.operations),
        "count": one.count,
    }
