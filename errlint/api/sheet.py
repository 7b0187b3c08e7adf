"""What one run gathers, and the report that it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from errlint import cards, places
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.fold import findings as folded
from errlint.checks.judge import NO_OPTIONS, Options, Unit, Verdicts, judge
from errlint.config import Settings
from errlint.load.source import Document
from errlint.match.plan import Plan
from errlint.model.catalog import Accepted
from errlint.model.finding import Coverage, Finding, Outcome, Report, Severity, Unknown
from errlint.model.record import field, mutable, replace

STOPPED: dict[str, Outcome] = {"interrupted": "interrupted", "gone": "unreachable", "asked-to-wait": "inconclusive"}
"""What a run that ended early comes to, where nothing was found before."""


@mutable
class Sheet:
    """What a run has gathered so far: findings, unknowns, the number judged, and the texts that places point into."""

    findings: list[Finding] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    judged: int = 0
    undecided: int = 0
    sources: dict[str, Document] = field(default_factory=dict)
    accepted: tuple[Accepted, ...] = ()

    def holds(self, file: CatalogFile | None) -> None:
        """What follows is held against this contract: its texts are sources, its owner's acceptances count."""
        self.accepted = file.catalog.accepted if file else ()
        self.sources.update(file.sources if file else {})

    def judge(
        self,
        units: Iterable[Unit],
        plan: Plan,
        severities: Mapping[str, Severity],
        document: str,
        options: Options = NO_OPTIONS,
    ) -> Verdicts:
        """Judges the units of one document or run and keeps what was found."""
        verdicts = judge(units, plan, severities, options)
        self.findings.extend(self._kept(finding) for finding in folded(verdicts, document))
        self.unknown.extend(verdicts.unknown)
        self.judged += verdicts.judged
        self.undecided += verdicts.undecided
        return verdicts

    def _kept(self, finding: Finding) -> Finding:
        """The finding, suppressed where the catalog's owner accepts it."""
        for one in self.accepted:
            if one.rule in (finding.rule, finding.name) and one.code in (None, finding.code):
                return replace(finding, suppressed=one.reason)
        return finding

    def report(
        self,
        command: str,
        fail_on: Severity,
        *,
        coverage: Coverage | None = None,
        read: Sequence[str] = (),
        notes: Sequence[str] = (),
        stopped: str = "",
        stopped_by: str = "",
    ) -> Report:
        """The report, with lines and columns and each rule's advice."""
        found, unknown = places.placed(self.findings, self.unknown, self.sources)
        found = tuple(replace(finding, help=cards.help_of(finding.rule)) for finding in found)
        failing = fail_on is not Severity.OFF and any(f.severity >= fail_on and f.suppressed is None for f in found)
        return Report(
            command=command,
            reason=stopped or None,
            outcome="findings" if failing and stopped_by != "interrupted" else STOPPED.get(stopped_by, "clean"),
            findings=found,
            unknown=unknown,
            judged=self.judged,
            coverage=coverage,
            read=tuple(read),
            notes=tuple(notes),
            sources=self.sources,
        )


def about_words(sheet: Sheet, settings: Settings, plan: Plan, severities: Mapping[str, Severity]) -> None:
    accepted = [(one, plan.catalog.location) for one in sheet.accepted] if plan.catalog is not None else []
    words = [*settings.words(), *(settings.word(one.rule, "accepted", at) for one, at in accepted)]
    units = [Unit((word,), "config", word.location, word.where) for word in words]
    sheet.judge(units, plan, severities, "command line")
    sheet.judged -= len(units)
