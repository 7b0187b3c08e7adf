"""Checkstyle's XML, version 4.3 of it, which Jenkins and many others read: an ``error`` for each finding that counts.

The format cannot mark what is suppressed, so that is left out; a run that failed is one entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO
from xml.sax.saxutils import quoteattr

from errlint.model.finding import Location, Report, Severity
from errlint.report import View
from errlint.report.artifacts import failure, place_of, stopped_at
from errlint.report.paths import path_of
from errlint.report.visible import visible

SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no spelling for (section 2.2); ``visible`` leaves U+FFFE and U+FFFF."""


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the report as one XML document, files in the order in which they are first met."""
    files: dict[str, list[str]] = {}
    for path, line in _errors(report, view):
        files.setdefault(path, []).append(line)
    out.write('<?xml version="1.0" encoding="utf-8"?>\n<checkstyle version="4.3">\n')
    for path, lines in files.items():
        out.write(f"  <file name={_quoted(path)}>\n")
        out.writelines(lines)
        out.write("  </file>\n")
    out.write("</checkstyle>\n")


def _errors(report: Report, view: View) -> Iterator[tuple[str, str]]:
    """Each entry with its file."""
    failed = failure(report)
    if failed:
        at = stopped_at(report)
        yield path_of(at.uri, view), _error(at, "error", failed, "errlint")
    for one in report.counting():
        at = place_of(one, report)
        source = f"errlint.{one.rule}.{one.name}"
        yield path_of(at.uri, view), _error(at, SEVERITIES[one.severity], one.message, source)


def _error(at: Location, severity: str, message: str, source: str) -> str:
    place = f'line="{max(at.line, 1)}" column="{max(at.column, 1)}"'
    return f'    <error {place} severity="{severity}" message={_quoted(message)} source={_quoted(source)}/>\n'


def _quoted(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("?", visible(text)))
