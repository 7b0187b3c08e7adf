"""The table of a run: whose documents were judged, what was found there, how many codes they declare."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence

from errlint.checks.subjects import Documents
from errlint.match.declared import Declared
from errlint.model.finding import Finding, Judged, Report, Service, Severity, Site
from errlint.model.record import field, mutable, replace
from errlint.model.spec import Spec

Mark = tuple[str, str]
"""The fingerprint of a site and the text that it stands in."""


@mutable
class Row:
    """One service as far as it was judged. ``marks`` are the sites found there; ``named`` its catalog's name for it.

    ``specs`` and ``declared`` are its documents, where a catalog holds them.
    """

    service: Service
    named: str = ""
    title: str = ""
    judged: list[Judged] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)
    specs: list[Spec] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)

    def read(self, document: Judged) -> None:
        """Takes one more document."""
        one = self.service
        self.title = "" if one.documents else document.title
        self.judged.append(document)
        self.service = replace(
            one, documents=(*one.documents, document.uri), operations=one.operations + len(document.operations)
        )

    def holds(self, spec: Spec, declared: Sequence[Declared]) -> None:
        """Takes what one of its documents declares."""
        self.specs.append(spec)
        self.declared.extend(declared)

    def found(self, findings: Iterable[Finding]) -> None:
        """Takes what was found there."""
        self.marks.update((site.fingerprint, site.location.uri) for one in findings for site in _sites(one))

    def declares(self, whole: Documents) -> None:
        """Takes how many of the codes that must be declared its documents declare, and lets go of them."""
        self.specs, self.declared = [], []
        self.service = holding(self.service, whole)


def holding(one: Service, whole: Documents) -> Service:
    """The service with the codes that documents must declare, and do, added to what it has."""
    declared = sum(1 for code in whole.promised if code.declared)
    unclear = sum(1 for code in whole.promised if code.open and not code.declared)
    return replace(one, declared=one.declared + declared, open=one.open + unclear, codes=one.codes + len(whole.promised))


def together(one: Service, report: Report) -> Service:
    """All that was judged as one row, with the counts of a report; ``one`` has its codes already."""
    return replace(
        one,
        name="together",
        documents=tuple(document.uri for document in report.documents),
        operations=sum(len(document.operations) for document in report.documents),
        errors=report.count(Severity.ERROR),
        warnings=report.count(Severity.WARNING),
        notes=report.count(Severity.NOTE),
    )


def services(rows: Sequence[Row], findings: Sequence[Finding]) -> tuple[Service, ...]:
    """The finished rows with the counts of a report's findings, worst first."""
    read = [row for row in rows if row.service.documents]
    counts = _counts(read, findings)
    made = [
        replace(
            row.service, name=name, errors=count[Severity.ERROR], warnings=count[Severity.WARNING], notes=count[Severity.NOTE]
        )
        for row, name, count in zip(read, _names(read), counts, strict=True)
    ]
    return tuple(sorted(made, key=_order))


def _order(one: Service) -> tuple[object, ...]:
    coverage = 100 if one.coverage is None else one.coverage
    return (-one.errors, -one.warnings, coverage, one.name)


def _counts(rows: Sequence[Row], findings: Sequence[Finding]) -> list[dict[Severity, int]]:
    """The findings that count, for each row by severity. One in a file that several share is everybody's."""
    by_mark: dict[Mark, set[int]] = {}
    by_print: dict[str, set[int]] = {}
    by_uri: dict[str, set[int]] = {}
    for number, row in enumerate(rows):
        for mark in row.marks:
            by_mark.setdefault(mark, set()).add(number)
            by_print.setdefault(mark[0], set()).add(number)
        for uri in (*row.service.documents, row.service.config, *(() if row.service.alone else row.service.catalogs)):
            by_uri.setdefault(uri, set()).add(number)
    counts = [dict.fromkeys(Severity, 0) for _ in rows]
    for finding in findings:
        if finding.suppressed is not None:
            continue
        sites = _sites(finding)
        whose = (
            {number for site in sites for number in by_mark.get((site.fingerprint, site.location.uri), ())}
            or {number for site in sites for number in by_print.get(site.fingerprint, ())}  # moved to an application's source
            or by_uri.get(finding.location.uri, set())  # about a config or a catalog
        )
        for number in whose:
            counts[number][finding.severity] += 1
    return counts


def _sites(finding: Finding) -> tuple[Site, ...]:
    return finding.sites or (Site(finding.operation, finding.location, finding.fingerprint),)


def _names(rows: Sequence[Row]) -> list[str]:
    """A name for each row that no other has: its catalog's, its document's title, its folder, else its first document."""
    candidates = [_candidates(row) for row in rows]
    claimed = Counter(name for names in candidates for name in set(names))
    return [next((name for name in names if name and claimed[name] == 1), names[-1]) for names in candidates]


def _candidates(row: Row) -> tuple[str, ...]:
    one = row.service
    if one.alone:
        return (one.documents[0],)
    folder = os.path.dirname(one.config) if one.config else ""
    return (row.named, row.title, folder.replace(os.sep, "/"), one.documents[0])
