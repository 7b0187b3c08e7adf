"""Lines and columns: looked up once, at the end, for the places that findings name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from errlint.model.finding import LIVE, Excerpt, Finding, Location, Unknown
from errlint.model.record import replace

if TYPE_CHECKING:
    from errlint.load.source import Document
    from errlint.model.pointer import Pointer


class Places:
    """The positions of all places that a run's findings name, one batch a document."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._known: dict[tuple[str, Pointer], tuple[int, int]] = {}
        self._moved: dict[tuple[str, Pointer], Location] = {}
        self._lines: dict[tuple[str, Pointer], Excerpt] = {}

    def look_up(self, locations: Iterable[Location]) -> None:
        """Finds the positions of these locations; a location of no known document keeps line 0."""
        wanted: dict[str, set[Pointer]] = {}
        for location in locations:
            if location.uri in self._documents and not location.line:
                wanted.setdefault(location.uri, set()).add(location.pointer)
        for uri, pointers in wanted.items():
            document = self._documents[uri]
            if document.app:
                moved = {pointer: document.source_of(pointer) for pointer in pointers}
                self._moved.update({(uri, pointer): place for pointer, place in moved.items() if place is not None})
                pointers = {pointer for pointer in pointers if moved[pointer] is None}
            for pointer, position in document.locate(pointers).items():
                self._known[uri, pointer] = position

    def quote(self, locations: Iterable[Location]) -> None:
        """Finds the lines in which these locations stand, in an application's source too."""
        wanted: dict[str, set[Pointer]] = {}
        for location in locations:
            document = self._documents.get(location.uri)
            if document is not None:
                wanted.setdefault(location.uri, set()).add(location.pointer)
        for uri, pointers in wanted.items():
            for pointer, excerpt in self._documents[uri].shown(pointers).items():
                self._lines[uri, pointer] = excerpt

    def of(self, location: Location) -> Location:
        """The location with its line and column; one that has them keeps them."""
        if location.line:
            return location
        if (location.uri, location.pointer) in self._moved:
            return self._moved[location.uri, location.pointer]
        found = self._known.get((location.uri, location.pointer))
        return location if found is None else Location(location.uri, location.pointer, *found)

    def finding(self, finding: Finding) -> Finding:
        """The finding with lines and columns everywhere."""
        return replace(
            finding,
            location=self.of(finding.location),
            related=tuple(replace(related, location=self.of(related.location)) for related in finding.related),
            sites=tuple(replace(site, location=self.of(site.location)) for site in finding.sites),
            excerpt=finding.excerpt or self._lines.get((finding.location.uri, finding.location.pointer)),
        )


def placed(
    findings: Iterable[Finding], unknown: Iterable[Unknown], documents: Mapping[str, Document], sites: int | None = None
) -> tuple[tuple[Finding, ...], tuple[Unknown, ...]]:
    """The findings and unknowns with their lines and columns, sorted: worst first, then by place.

    ``sites`` is how many sites of a finding are wanted with their lines, None for all: most reports show few.
    """
    found, unsure = tuple(findings), tuple(unknown)
    places = Places(documents)
    places.look_up(
        location
        for finding in found
        for location in (
            finding.location,
            *(related.location for related in finding.related),
            *(site.location for site in finding.sites[:sites]),
        )
    )
    places.quote(finding.location for finding in found if finding.excerpt is None)
    if sites is None:
        places.look_up(one.location for one in unsure)
    return (
        tuple(sorted(_merged(places.finding(finding) for finding in found), key=_order)),
        tuple(replace(one, location=places.of(one.location)) for one in unsure),
    )


def _merged(findings: Iterable[Finding]) -> Iterable[Finding]:
    """The findings, one for each rule, message and place: an anchored value is written once, however often it is used."""
    table: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        where = finding.location
        place = (where.uri, where.line, where.column) if where.line else (finding.fingerprint,)
        witness = (finding.witness in LIVE, finding.witness == "run")
        key = (finding.rule, finding.message, *witness, finding.suppressed, *place)
        known = table.get(key)
        if known is None or finding.witness in (*LIVE, "run", "catalog", "config"):
            table[(*key, finding.fingerprint) if known is not None else key] = finding
            continue
        operations = tuple(dict.fromkeys((*known.operations, *finding.operations)))
        table[key] = replace(
            known,
            sites=(*known.sites, *finding.sites),
            operations=operations,
            operation=operations[0] if len(operations) == 1 else None,
            count=known.count + finding.count,
        )
    return table.values()


def _order(finding: Finding) -> tuple[object, ...]:
    where = finding.location
    return (not _wrote(finding), -finding.severity, where.uri, where.line, where.column, finding.rule, finding.fingerprint)


def _wrote(finding: Finding) -> bool:
    """Whether a request that must be refused may have written: whoever must clean up reads that first."""
    return finding.rule == "HTP010" and any(request.writes for request in finding.requests)
