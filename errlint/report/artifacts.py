"""Where a finding stands as programs want it: in a file, even where no file holds it."""

from __future__ import annotations

from errlint.model.finding import Finding, Location, Report
from errlint.report.paths import is_application
from errlint.report.visible import visible

NO_FILE = ("", "command line")
"""The uris of places that are in no text."""


def place_of(finding: Finding, report: Report) -> Location:
    """Where a finding is shown: what is in no text is shown at the first document that was judged."""
    return shown(source_of(finding), report)


def source_of(finding: Finding) -> Location:
    """Where a finding stands; what a framework adds to an application's document stands at the first handler that has it."""
    if not is_application(finding.location.uri):
        return finding.location
    return next((site.location for site in finding.sites if site.location.line), finding.location)


def stopped_at(report: Report) -> Location:
    """Where it is shown why a run failed."""
    return shown(report.place or Location("", ()), report)


def shown(location: Location, report: Report) -> Location:
    """The location, or the first document that was judged instead of a location in no text."""
    if location.uri not in NO_FILE:
        return location
    first = next((one.uri for one in report.documents if one.uri not in NO_FILE), "")
    return Location(first, ())


def failure(report: Report) -> str:
    """Why a run did not do what it was asked for, on one line; empty where it did."""
    if report.outcome in ("clean", "findings"):
        return ""
    return f"errlint {report.command} could not finish ({report.outcome}): {visible(report.reason or 'no reason is known')}"
