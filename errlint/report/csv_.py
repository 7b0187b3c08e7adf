"""The table of services as CSV (RFC 4180), for a spreadsheet: a row a service, worst first."""

from __future__ import annotations

import csv
from typing import TextIO

from errlint.model.finding import Report, Service
from errlint.report import View
from errlint.report.visible import visible

HEAD = (
    "service",
    "owner",
    "documents",
    "operations",
    "errors",
    "warnings",
    "notes",
    "codes",
    "declared",
    "open",
    "coverage",
    "catalogs",
    "paths",
)

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection); tabs and line ends are spelled out."""


def write(report: Report, out: TextIO, view: View) -> str | None:
    """Writes a head and a row for each service; only the head where nothing was judged, and of a command that judges none."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEAD)
    rows.writerows(map(_row, report.services))
    if report.command == "lint" or report.outcome not in ("clean", "findings"):
        return None
    return "the table is one of services, and has rows for errlint lint only"


def _row(one: Service) -> tuple[str | int, ...]:
    return (
        _safe(one.name),
        _safe(one.owner),
        len(one.documents),
        one.operations,
        one.errors,
        one.warnings,
        one.notes,
        one.codes,
        one.declared,
        one.open,
        "" if one.coverage is None else one.coverage,
        _safe(" ".join(one.catalogs)),
        _safe(" ".join(one.documents)),
    )


def _safe(text: str) -> str:
    """The text with nothing that a spreadsheet would run: an apostrophe makes it a text."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) else shown
