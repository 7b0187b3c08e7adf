"""What one run gathers, and the report that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from errlint import cards, places
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.cfg import Judgement, Stale
from errlint.checks.fold import findings as folded
from errlint.checks.judge import NO_OPTIONS, Options, judge
from errlint.checks.prints import apart, tidy
from errlint.checks.raised import Raised, Unit, Verdicts
from errlint.checks.suppress import suppress_known
from errlint.checks.units import CATALOGS
from errlint.config import Settings
from errlint.fixes.table import fixable
from errlint.load.source import Document
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.catalog import Accepted
from errlint.model.finding import NOWHERE, Coverage, Finding, Judged, Location, Outcome, Report, Severity, Unknown
from errlint.model.ignore import Known, KnownSite
from errlint.model.record import field, mutable, replace

if TYPE_CHECKING:
    from errlint.checks.ledger import Ledger
    from errlint.load.openapi import Loaded
    from errlint.model.change import Comparison

Unread = tuple[str, Location | None, str]
"""A document that cannot be read: what a LoadError says of it, where, and its hint."""

ABOUT = "errlint"
"""What is judged when a run judges itself."""

SETS = frozenset(("documents", CATALOGS, "command line", ABOUT))
"""What is judged and is no document."""

STOPPED: dict[str, Outcome] = {
    "interrupted": "interrupted",
    "gone": "unreachable",
    "asked-to-wait": "inconclusive",
    "credentials": "inconclusive",
}
"""What a run that ended early comes to, where nothing was found before."""


def today() -> str:
    """Today's date as ISO text."""
    from datetime import date  # most runs need no date

    return date.today().isoformat()


@mutable
class Sheet:
    """What a run has gathered so far: findings, unknowns, the number judged, and the texts that places point into.

    ``known`` says of sites that are not new why, by their fingerprint: what a baseline or an earlier version has; they are
    suppressed with that reason. ``date`` is the day of the run as ISO text, which ends ignores; today's where it is empty.
    ``sites`` is how many sites of a finding get their lines, None for all. ``homes`` are the documents that were judged, each
    with the fingerprints of the sites found there; ``documents`` is what a report tells of them. ``files`` are the paths of all
    files that contracts were read from, and looked for. ``unread`` are the documents that cannot be read, if not ``strict``.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    date: str = ""
    sites: int | None = None
    findings: list[Finding] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    judged: int = 0
    undecided: int = 0
    sources: dict[str, Document] = field(default_factory=dict)
    accepted: tuple[Accepted, ...] = ()
    files: set[str] = field(default_factory=set)
    homes: dict[str, set[str]] = field(default_factory=dict)
    documents: list[Judged] = field(default_factory=list)
    strict: bool = True
    unread: list[Unread] = field(default_factory=list)
    _settled: int = 0
    _unsure: int = 0
    tasks: list[tuple[Mapping[str, Severity], Options]] = field(default_factory=list)
    ledger: Ledger | None = None
    _settings: Settings = field(default_factory=Settings)
    _searched: set[str] = field(default_factory=set)

    def holds(self, file: CatalogFile | None) -> None:
        """What follows is held against this contract: its texts are sources, its owner's acceptances count."""
        self.accepted = file.catalog.accepted if file else ()
        self.sources.update(file.sources if file else {})
        self.files.update(file.files if file else ())

    def heeds(self, settings: Settings, severities: Mapping[str, Severity]) -> None:
        """What follows is judged by these settings: their ignores hold, and those of the contract."""
        self._settings = settings
        self.tasks.append((severities, settings.options))
        if self.ledger is not None or settings.ignores or self.accepted:
            self._begin()

    def _begin(self) -> None:
        """Opens the ledger, where none is open, for the task that is judged now."""
        if self.ledger is None:
            from errlint.checks.ledger import Ledger  # start-up: few runs ignore anything

            self.ledger = Ledger(lambda: self.date or today())
        self.ledger.begin(len(self.tasks) - 1, self._settings.ignores, self.accepted, self._settings.locked)

    def _heeded(self, loaded: Loaded | None) -> Ledger | None:
        """The ledger with the ignores of all that was loaded, None where nobody ignores anything."""
        new = {uri: one for uri, one in loaded.references.documents.items() if uri not in self._searched} if loaded else {}
        self._searched.update(new)
        new = {uri: document for uri, document in new.items() if b"errlint" in document.text}
        if new:
            if self.ledger is None:
                self._begin()
            if self.ledger is not None:
                self.ledger.read(new)
        return self.ledger

    def judge(
        self,
        units: Iterable[Unit],
        plan: Plan | Comparison | None,
        severities: Mapping[str, Severity],
        document: str,
        options: Options = NO_OPTIONS,
        loaded: Loaded | None = None,
        check: Callable[[list[Raised]], list[Raised]] | None = None,
    ) -> Verdicts:
        """Judges the units of one document or run and keeps what was found.

        Of what was ``loaded`` for it the ignores are heeded: in the document and in all that its references reached.
        ``check`` has the last word on the hits before they are folded.
        """
        kept = list(units)
        verdicts = judge(kept, plan, severities, options)
        ledger = self._heeded(loaded)  # only now: a reference is followed when somebody asks for it
        if ledger is not None:
            ledger.heed(kept, verdicts, loaded.spec if loaded else None, document, severities)
        suppress_known(verdicts, self.known, self._settings.locked)
        if check is not None:
            verdicts.raised = check(verdicts.raised)
        found = folded(verdicts, document, frozenset(self.known.values()))
        self.homes.setdefault(tidy(document), set()).update(site.fingerprint for one in found for site in one.sites)
        self.findings.extend(replace(one, fixable=fixable(one, bool(plan))) for one in found)
        self.unknown.extend(verdicts.unknown)
        self.judged += verdicts.judged
        self.undecided += verdicts.undecided
        return verdicts

    def settle(self, uris: Iterable[str]) -> None:
        """Finds the places of what was said so far, and lets go of these texts."""
        new, unsure = self.findings[self._settled :], self.unknown[self._unsure :]
        found, unknown = self._placed(new, unsure)
        self.findings[self._settled :], self.unknown[self._unsure :] = found, unknown
        self._settled, self._unsure = len(self.findings), len(self.unknown)
        for uri in uris:
            self.sources.pop(uri, None)

    def _placed(
        self, findings: Sequence[Finding], unknown: Sequence[Unknown]
    ) -> tuple[tuple[Finding, ...], tuple[Unknown, ...]]:
        """Findings and unknowns with their places; those about an application's document in the words of its source."""
        if any(document.app for document in self.sources.values()):
            from errlint.api.applications import in_its_words

            findings = in_its_words(findings, self.sources)
        return places.placed(findings, unknown, self.sources, self.sites)

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
        judged = self.judged
        stale = self._about_itself(whole=command == "lint")
        found, unknown = self._placed(self.findings, self.unknown)
        found = tuple(replace(finding, help=finding.help or cards.help_of(finding.rule)) for finding in apart(found))
        failing = frozenset(f.fingerprint for f in found if fail_on and f.severity >= fail_on and f.suppressed is None)
        return Report(
            command=command,
            reason=stopped or None,
            outcome="findings" if failing and stopped_by != "interrupted" else STOPPED.get(stopped_by, "clean"),
            findings=found,
            unknown=unknown,
            judged=judged,
            coverage=coverage,
            read=tuple(read),
            notes=tuple(notes),
            sources=self.sources,
            homes={fingerprint: document for document, prints in self.homes.items() for fingerprint in prints},
            stale=stale,
            failing=failing,
            documents=tuple(self.documents),
            rules={rule: level for rule, level in self._levels().items() if level},
        )

    def _about_itself(self, *, whole: bool) -> tuple[str, ...]:
        """Judges the run itself: ignores, baseline, what stayed unknown. Gives the baseline's fingerprints that are gone.

        Only a run over ``whole`` documents knows what is of no use.
        """
        share = Unit((Judgement(self.judged, self.undecided),), "config", self._first(), "run")
        levels = self._levels()
        options = {rule: own for _, asked in self.tasks for rule, own in asked.items()}
        self.about_ignores(whole=whole)
        stale = self._stale() if whole else ()
        if isinstance(self.known, Known) and self.known.entries:
            gone = Stale(len(stale), len(self.known.entries))
            self.judge([Unit((gone,), "config", self.known.where, "baseline")], None, levels, ABOUT, options)
        self.judge([share], None, levels, ABOUT, options)
        return stale

    def about_ignores(self, *, whole: bool) -> tuple[str, ...]:
        """Judges the ignores of the run. Gives the texts that hold them."""
        if self.ledger is None:
            return ()
        whole = whole and not self.unread
        for number, (severities, asked) in enumerate(self.tasks):
            about = [*self.ledger.told(number, whole=whole), *self._words(self.ledger, number)]
            self.judge(about, None, severities, ABOUT, asked)
        places = [entry.ignore.where for entry in self.ledger.entries if entry.told]
        return tuple(sorted({at.uri for at in (*places, *(one.where for _, one in self.ledger.misread))}))

    @staticmethod
    def _words(ledger: Ledger, task: int) -> Iterator[Unit]:
        """The words of the documents' own ignores that mean no rule."""
        for word, at in ledger.unknown(task):
            yield Unit((Settings.word(word, "an ignore", at),), "config", at, f"#{pointers.text(at.pointer)}")

    def _first(self) -> Location:
        """The document that stands for the run."""
        kept = (uri for uri in self.sources if tidy(uri) in self.homes)
        return next((Location(uri, ()) for uri in (*kept, *self.homes) if uri not in SETS), NOWHERE)

    def _levels(self) -> dict[str, Severity]:
        """How bad a rule is for the whole run: as in the task that takes it most seriously."""
        levels: dict[str, Severity] = {}
        for severities, _ in self.tasks:
            for rule, level in severities.items():
                levels[rule] = max(level, levels.get(rule, Severity.OFF))
        return levels

    def _stale(self) -> tuple[str, ...]:
        """The entries of a baseline that this run covered, rule and document, and that no longer occur.

        What is said of a set of documents is covered where all documents that the baseline names are.
        """
        entries: tuple[KnownSite, ...] = getattr(self.known, "entries", ())
        levels, seen = self._levels(), frozenset().union(*self.homes.values())
        covered = set(self.homes)
        if not covered.issuperset(entry.document for entry in entries):
            covered -= SETS
        return tuple(
            entry.fingerprint
            for entry in entries
            if entry.document in covered and levels.get(entry.rule) and entry.fingerprint not in seen
        )


def about_words(sheet: Sheet, settings: Settings, plan: Plan, severities: Mapping[str, Severity]) -> None:
    accepted = [(one, plan.catalog.location) for one in sheet.accepted] if plan.catalog is not None else []
    words = [*settings.words(), *(settings.word(one.rule, "accepted", at) for one, at in accepted)]
    units = [Unit((word,), "config", word.location, word.where) for word in words]
    sheet.heeds(settings, severities)
    sheet.judge(units, plan, severities, "command line")
    sheet.judged -= len(units)
