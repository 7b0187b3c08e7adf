"""Which statuses a place of a document stands under."""

from __future__ import annotations

from errlint.fixes.registry import Case, bare
from errlint.model.finding import Location
from errlint.model.status import ANY, ERRORS, one


def of_text(text: str | None) -> frozenset[int]:
    """The statuses that a finding's words name: ``404``, ``404, 4XX``, ``default``."""
    values: frozenset[int] = frozenset()
    for word in (text or "").split(", "):
        try:
            values |= ERRORS if word == "default" else one(word).values
        except ValueError:
            return ANY.values
    return values


def of_place(case: Case, at: Location) -> frozenset[int]:
    """The statuses under which a code that is written at a place stands in the whole document."""
    if case.finding.witness == "schema":
        for declared in case.declared:
            for place, statuses in declared.spread.items():
                if bare(place) == bare(at):
                    return statuses.values
    return of_text(case.finding.status)


def single(text: str | None) -> int | None:
    """The one status that a finding stands under, None where there are several, a range or ``default``."""
    return int(text) if text is not None and len(text) == 3 and text.isascii() and text.isdigit() else None
