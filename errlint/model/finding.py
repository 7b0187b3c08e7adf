"""What errlint says: findings with their places, and the report that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Literal

from errlint.model.pointer import Pointer
from errlint.model.record import field, record

Witness = Literal["catalog", "schema", "example", "live", "test", "traffic", "config", "run"]
Outcome = Literal["clean", "findings", "invalid-input", "unreachable", "inconclusive", "interrupted", "unwritable"]

LIVE = frozenset(("live", "test", "traffic"))
"""Those who saw a real answer: what they tell of has no place in a text of its own."""


class Severity(IntEnum):
    """How bad a finding is; ``OFF`` is a rule that is not run unless asked for."""

    OFF = 0
    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@record
class Location:
    """A place in a text: its uri as the user wrote it, an RFC 6901 pointer, and line and column, both from 1.

    Line and column are 0 until the report is finished: positions are looked up for findings only.
    """

    uri: str
    pointer: Pointer
    line: int = 0
    column: int = 0


NOWHERE = Location("", ())
"""The place of what was made without a text."""


@record
class Excerpt:
    """The line of a text that a finding stands in; the first ``skipped`` letters of it are cut off, which are ``bytes``.

    ``start`` and ``stop`` are the offsets in ``text`` of what is meant there; ``cut`` says that the line goes on behind it.
    """

    text: str
    start: int
    stop: int
    skipped: int = 0
    cut: bool = False
    bytes: int = 0

    @property
    def end_column(self) -> int:
        """The column behind what is meant, from 1."""
        return self.skipped + self.stop + 1

    def in_bytes(self, offset: int) -> int:
        """The column of an offset in ``text`` as those count who count bytes of UTF-8, from 1."""
        return self.bytes + len(self.text[:offset].encode("utf-8", "replace")) + 1


@record
class Suggestion:
    """A change of a text that mends a finding: what stands from ``start`` up to ``stop`` becomes ``text``.

    Both are (line, column in letters, column in bytes of UTF-8), all from 1. ``does`` says what it comes to ("write ML_1001").
    """

    uri: str
    start: tuple[int, int, int]
    stop: tuple[int, int, int]
    text: str
    does: str = ""


@record
class Related:
    """A second place that explains a finding, and what stands there."""

    location: Location
    text: str


@record
class Site:
    """One of the places that a folded finding stands for; ``code`` is whose it is, where it is an entry of a catalog."""

    operation: str | None
    location: Location
    fingerprint: str
    code: str | None = None


@record
class Finding:
    """One root cause. It cannot be built without a place; ``sites`` are the uses or repeats it stands for.

    ``anchors`` are the places where the fault itself stands: of a shared value that one, of a folded finding all of them.
    ``suppressed`` says why it does not count. ``requests`` are some that show it (``Request``), ``reproduced`` how often it
    came back when one was sent again ("2 of 2", empty where none was), ``again`` what ``--only`` takes to do so.
    ``breaking`` says of a change whether it breaks clients. ``excerpt`` is the line at ``location``, where its text is known.
    ``link`` is the user's own page about the rule. ``suggestions`` are what ``--fix`` would do, where a report shows it.
    """

    rule: str
    name: str
    severity: Severity
    witness: Witness
    message: str
    location: Location
    fingerprint: str
    help: str = ""
    related: tuple[Related, ...] = ()
    operation: str | None = None
    operations: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    status: str | None = None
    code: str | None = None
    layer: str | None = None
    count: int = 1
    reproduce: str | None = None
    request_id: str | None = None
    fixable: bool = False
    suppressed: str | None = None
    anchors: tuple[Location, ...] = field(default=(), compare=False)
    requests: tuple[Any, ...] = field(default=(), compare=False, repr=False)
    reproduced: str = ""
    again: str | None = None
    breaking: bool | None = None
    excerpt: Excerpt | None = field(default=None, compare=False, repr=False)
    link: str = ""
    suggestions: tuple[Suggestion, ...] = field(default=(), compare=False, repr=False)


@record
class Unknown:
    """Something that could not be judged, and why, in the user's words. It never fails a build."""

    rule: str
    why: str
    operation: str | None
    status: str | None
    location: Location


@record
class CodeCoverage:
    """Where one catalogued code was declared and observed (operation texts), and why it was not.

    ``reason`` is the kind of ``why`` for programs, empty where it was observed. ``counted`` says whether it counts for
    ``--min-coverage``: a probe can reach it, and the user did not leave out all operations that declare it.
    ``name``, ``category`` (its title) and ``message`` are the catalog's own words.
    """

    code: str
    id: str
    layer: str
    statuses: str
    declared: tuple[str, ...]
    observed: tuple[str, ...]
    why: str = ""
    reason: str = ""
    counted: bool = True
    name: str = ""
    category: str = ""
    message: str = ""

    @property
    def state(self) -> Literal["both", "declared", "observed", "neither"]:
        if self.declared:
            return "both" if self.observed else "declared"
        return "observed" if self.observed else "neither"


OperationState = Literal["reached", "unreached", "not-probed"]


@record
class CodeSeen:
    """One catalogued code at one operation: whether the document declares it there, and how many answers showed it.

    ``free`` is true where the operation declares an error under its status whose code may be any.
    """

    id: str
    layer: str
    declared: bool
    observed: int
    free: bool = False


@record
class OperationCoverage:
    """How far a probe came with one operation: reached, unreached or not probed, with the number of its requests.

    ``statuses`` counts its answers by status; ``codes`` are those that it declares or showed. ``cut`` is true where the
    user ended the run before it.
    """

    operation: str
    state: OperationState
    requests: int
    why: str = ""
    statuses: tuple[tuple[str, int], ...] = ()
    codes: tuple[CodeSeen, ...] = ()
    cut: bool = False


@record
class Seen:
    """Error answers that look alike, where no catalog tells what they are: a description, and never a judgement.

    ``code`` is what stands where such bodies hold their code, empty where nothing does. ``shape`` are the members
    (``{error: {code, message}}``) or what the body is, ``envelope`` the shipped envelope that it looks like.
    """

    code: str
    status: str
    media_type: str
    shape: str
    operations: tuple[str, ...]
    count: int
    envelope: str = ""


@record
class Coverage:
    """What a run covered: the table of codes and, for a probe, of operations; without a catalog, what was seen."""

    codes: tuple[CodeCoverage, ...] = ()
    operations: tuple[OperationCoverage, ...] = ()
    seen: tuple[Seen, ...] = ()


Verdict = Literal["fits", "too-low", "advised", "none", "unknown"]


@record
class Changes:
    """The totals of a comparison as a report tells them.

    ``advised`` is the version that the changes ask for, empty where the old one has no number; ``verdict`` holds the new
    number against it. ``partial`` says that some rules were left out.
    """

    old: str
    new: str
    breaking: int
    compatible: int
    old_version: str = ""
    new_version: str = ""
    advised: str = ""
    verdict: Verdict = "unknown"
    partial: bool = False


@record
class Judged:
    """One document or catalog that was judged: its uri, its title as it calls itself, and what was found in it to judge.

    ``operations`` are texts such as ``GET /models/{id}``, ``errors`` the number of its error responses. ``app`` is the
    application that made it. ``owner`` is who answers for it, as a config says; ``catalogs`` are what it was held against.
    """

    uri: str
    title: str = ""
    version: str = ""
    operations: tuple[str, ...] = ()
    errors: int = 0
    app: str = ""
    owner: str = ""
    catalogs: tuple[str, ...] = ()


@record
class Service:
    """One row of a run over several: a service with its documents, or one document that stands ``alone``.

    ``documents`` are uris. ``codes`` is how many codes of its catalogs its documents must declare, ``declared`` how many of
    these they do, ``open`` of how many others nobody can tell, since any code is allowed where they may stand. ``config`` is
    the file that holds for it, ``owner`` who answers for it. What is suppressed is not counted.
    """

    name: str
    documents: tuple[str, ...] = ()
    alone: bool = False
    operations: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    declared: int = 0
    open: int = 0
    codes: int = 0
    owner: str = ""
    catalogs: tuple[str, ...] = ()
    config: str = ""

    @property
    def coverage(self) -> int | None:
        """The declared codes in percent of those that must be, rounded down; None where none must be."""
        return 100 * self.declared // self.codes if self.codes else None


@record
class Report:
    """The result of one command: everything that a reporter needs, and nothing that depends on the reporter.

    ``homes`` are the documents that were judged, by the fingerprints of the sites found there; ``stale`` are the
    fingerprints of a baseline that this run covered and that no longer occur. ``changes`` are the totals of a comparison.
    ``failing`` are the fingerprints of the findings that make exit 1.
    ``documents`` are what was judged, in order; ``rules`` the rules that spoke there, with the highest severity asked for.
    ``services`` are whose they are, worst first, ``together`` all of them as one. ``place`` is where it stands what stopped
    the run.
    """

    command: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    judged: int = 0
    coverage: Coverage | None = None
    reason: str | None = None
    read: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: Mapping[str, Any] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    changes: Changes | None = None
    failing: frozenset[str] = frozenset()
    documents: tuple[Judged, ...] = ()
    rules: Mapping[str, Severity] = field(default_factory=dict)
    services: tuple[Service, ...] = ()
    together: Service | None = None
    place: Location | None = None

    def count(self, severity: Severity) -> int:
        """The number of findings of one severity that count."""
        return sum(1 for finding in self.counting() if finding.severity == severity)

    def counting(self, least: Severity = Severity.OFF) -> list[Finding]:
        """The findings that count, in their order: what is suppressed does not, nor what is milder than ``least``."""
        return [finding for finding in self.findings if finding.suppressed is None and finding.severity >= least]
