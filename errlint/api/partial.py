"""A run over several documents of which some cannot be read: the others were judged, and the report tells of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from errlint.api.sheet import Unread
from errlint.checks.words import plural
from errlint.errors import LoadError
from errlint.model.finding import Report
from errlint.model.record import replace

LISTED = 20
"""Documents that the notes name; more are counted."""

NAMED = 3
"""Documents that the reason names beside the first one."""


def cut_short(report: Report, unread: Sequence[Unread]) -> Report:
    """The report that tells which documents could not be read."""
    first = LoadError(*unread[0]).line()
    told = [f"Not judged: {LoadError(*one).line()}" for one in unread[:LISTED]]
    told += [f"Not judged: {plural(len(unread) - LISTED, 'more document')}."] * (len(unread) > LISTED)
    reason = first + _others(unread[1:])
    return replace(report, outcome="invalid-input", reason=reason, place=unread[0][1], notes=(*told, *report.notes))


def _others(unread: Sequence[Unread]) -> str:
    if not unread:
        return ""
    names = [location.uri for _, location, _ in unread[:NAMED] if location is not None and location.uri]
    told = f": {', '.join(names)}" if names else ""
    return f" (and {plural(len(unread), 'more document')}{told}{', ...' if len(unread) > NAMED else ''})"


def not_judged(catalogs: Sequence[str], unread: Sequence[Unread]) -> Iterator[str]:
    """That a contract was not held against its documents together, since one of them is not known."""
    names = [location.uri for _, location, _ in unread if location is not None and location.uri]
    because = f"{names[0] if names else 'a document'} cannot be read"
    yield f"Not checked: what the documents held against {', '.join(catalogs)} declare together, since {because}."
