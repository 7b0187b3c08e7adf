"""The use cases: each reads its input, judges it and returns a Report. Nothing here prints, exits or reads the environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from errlint import cards, places
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.fold import findings as folded
from errlint.checks.judge import Unit, Verdicts, judge
from errlint.checks.subjects import Run
from errlint.checks.subjects import documents as as_one
from errlint.checks.units import of_catalog, of_document, of_documents
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.load import catalog as catalogs
from errlint.load.openapi import read_spec
from errlint.load.source import Document, read
from errlint.match.declared import Declared, reduce
from errlint.match.plan import Plan
from errlint.model.catalog import Accepted, Code
from errlint.model.finding import CodeCoverage, Coverage, Finding, Location, Outcome, Report, Severity, Unknown
from errlint.model.record import field, mutable, replace

if TYPE_CHECKING:
    from errlint.match.answer import Answer
    from errlint.model.spec import Spec
    from errlint.probe.observe import Observed
    from errlint.probe.options import Options


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

    def judge(self, units: Iterable[Unit], plan: Plan, severities: Mapping[str, Severity], document: str) -> Verdicts:
        """Judges the units of one document or run and keeps what was found."""
        verdicts = judge(units, plan, severities)
        self.findings.extend(folded(verdicts, document))
        self.unknown.extend(verdicts.unknown)
        self.judged += verdicts.judged
        self.undecided += verdicts.undecided
        return verdicts

    def _accepted(self, finding: Finding) -> str | None:
        """Why the catalog's owner accepts a finding, None where it is not accepted."""
        for one in self.accepted:
            if one.rule in (finding.rule, finding.name) and one.code in (None, finding.code):
                return one.reason
        return finding.suppressed

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
        found = tuple(
            replace(finding, help=cards.help_of(finding.rule), suppressed=self._accepted(finding)) for finding in found
        )
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


def contract(references: Sequence[str]) -> CatalogFile | None:
    """The one contract that several catalogs make; None without a catalog. Raises: LoadError."""
    if not references:
        return None
    files = [catalogs.read_catalog(reference) for reference in references]
    return files[0] if len(files) == 1 else catalogs.merge(files)


def compiled(file: CatalogFile | None) -> Plan:
    """The contract, compiled for judging."""
    return Plan(file.catalog if file else None, catalogs.shipped_envelopes())


def _document(source: str | Document) -> Document:
    return read(source) if isinstance(source, str) else source


def _words(sheet: Sheet, settings: Settings, plan: Plan, severities: Mapping[str, Severity]) -> None:
    accepted = [(one, plan.catalog.location) for one in sheet.accepted] if plan.catalog is not None else []
    words = [*settings.words(), *(settings.word(one.rule, "accepted", at) for one, at in accepted)]
    units = [Unit((word,), "config", word.location, word.where) for word in words]
    sheet.judge(units, plan, severities, "command line")
    sheet.judged -= len(units)


def lint(
    documents: Sequence[str | Document],
    catalog: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    root: str | None = None,
    fail_on: Severity = Severity.ERROR,
) -> Report:
    """Judges what OpenAPI documents declare: files by name, or documents that were read already.

    ``root`` is the folder that references may not leave. Raises: LoadError where a document or catalog cannot be read.
    """
    settings = settings or Settings()
    file = contract(catalog)
    plan = compiled(file)
    severities = settings.severities(with_catalog=file is not None)
    sheet = Sheet(sources=dict(file.sources) if file else {}, accepted=file.catalog.accepted if file else ())
    _words(sheet, settings, plan, severities)
    specs: list[Spec] = []
    declared: list[Declared] = []
    for source in {source.uri: source for source in map(_document, documents)}.values():
        loaded = read_spec(source, root=root)
        reduced = reduce(loaded.spec, plan)
        sheet.judge(of_document(loaded.spec, reduced, plan), plan, severities, source.uri)
        sheet.sources.update(loaded.references.documents)
        specs.append(loaded.spec)
        declared.extend(reduced)
    whole = as_one(specs, declared, plan)
    sheet.judge([of_documents(whole)], plan, severities, "documents")
    coverage = Coverage(codes=tuple(_code(code, whole.codes_declared, {}) for code in plan.codes)) if plan else None
    notes = [*_about_texts(specs, sheet.sources), *_idle_layers(plan, specs), *_next_steps(file, specs)]
    return sheet.report("lint", fail_on, coverage=coverage, read=[_read(spec) for spec in specs], notes=notes)


SEARCHED_FOR_REPEATS = 2_000_000
"""Bytes; in larger texts repeated keys are not searched for: it costs a second parse."""


def _about_texts(specs: Sequence[Spec], sources: Mapping[str, Document]) -> Iterator[str]:
    """What a user should know of the texts: a loose dialect, and keys that stand twice, of which only the last counts."""
    for spec in specs:
        source = sources[spec.uri]
        yield from (f"{spec.uri}: {notice}" for notice in source.notices)
        if len(source.text) <= SEARCHED_FOR_REPEATS:
            for twice in source.duplicates[:3]:
                line, column = twice.second
                key = twice.pointer[-1] if twice.pointer else ""
                yield f"Not checked: {spec.uri}:{line}:{column} repeats the key {key}, the first one is lost."


def _idle_layers(plan: Plan, specs: Sequence[Spec]) -> Iterator[str]:
    """The layers whose selectors no operation of the documents meets: nothing is held against them."""
    operations = [operation for spec in specs for operation in spec.operations]
    for layer in plan.layers.values():
        met = any(layer.id in plan.covering(one, one.method, one.path) for one in operations)
        if isinstance(layer.applies_to, tuple) and operations and not met:
            yield f"Not checked: layer {layer.id}, no operation meets its selectors ({', '.join(layer.applies_to)})."


def _read(spec: Spec) -> str:
    errors = sum(1 for declaration in spec.declarations if declaration.error)
    counts = f"{plural(len(spec.operations), 'operation')}, {plural(errors, 'error response')}"
    return f"{spec.uri} (OpenAPI {spec.version}): {counts}"


def _next_steps(file: CatalogFile | None, specs: Sequence[Spec]) -> list[str]:
    """What a run without a catalog cannot know, and how to let it know."""
    if file is not None or not specs:
        return []
    name = specs[0].uri
    return [
        "Not checked: error codes, since no catalog was given.",
        f"   next: errlint lint {name} --catalog builtin:eventml (or your own: one file of code, status, message)",
        f"   next: errlint probe {name} --url http://localhost:8000 (what the running service really answers)",
    ]


def _code(
    code: Code, declared: Mapping[tuple[str, str], tuple[str, ...]], observed: Mapping[tuple[str, str], tuple[str, ...]]
) -> CodeCoverage:
    identity = (code.layer, code.id)
    return CodeCoverage(
        code="" if code.code is None else str(code.code),
        id=code.id,
        layer=code.layer,
        statuses=str(code.statuses),
        declared=declared.get(identity, ()),
        observed=observed.get(identity, ()),
    )


def probe(
    document: str | Document,
    options: Options,
    catalog: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    fail_on: Severity = Severity.ERROR,
    min_coverage: float | None = None,
    root: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Report:
    """Judges what a running service answers, against a file by name or a document that was read already.

    Raises: LoadError, ProbeError, InconclusiveError.
    """
    from errlint.probe import coverage as covered  # the sending half is imported by probes only
    from errlint.probe.observe import observe

    settings = settings or Settings()
    file = contract(catalog)
    plan = compiled(file)
    severities = settings.severities(with_catalog=file is not None)
    sheet = Sheet(sources=dict(file.sources) if file else {}, accepted=file.catalog.accepted if file else ())
    _words(sheet, settings, plan, severities)
    source = _document(document)
    loaded = read_spec(source, root=root)
    sheet.sources.update(loaded.references.documents)
    seen = observe(loaded.spec, options, progress=progress)
    units, answers = _answers(seen, plan, options)
    sheet.judge(units, plan, severities, source.uri)
    declared = as_one([loaded.spec], reduce(loaded.spec, plan), plan).codes_declared
    coverage = Coverage(
        codes=covered.codes(plan, answers, declared),
        operations=covered.operations(loaded.spec.operations, seen, answers),
    )
    sheet.judge(_covered(coverage, min_coverage, loaded.spec, seen.excluded), plan, severities, source.uri)
    sheet.judged = len(answers)
    told = [f"{plural(len(seen.observations), 'answer')} of {options.base_url}"]
    return sheet.report(
        "probe",
        fail_on,
        coverage=coverage,
        read=told,
        notes=_notes(seen, options),
        stopped=seen.stopped,
        stopped_by=seen.stopped_by,
    )


def _answers(seen: Observed, plan: Plan, options: Options) -> tuple[list[Unit], list[Answer]]:
    """Every observation as a unit. The user's secrets are masked before anything is judged, so that nothing can quote them."""
    from errlint.checks.units import of_observation
    from errlint.probe.options import masked
    from errlint.probe.reproduce import curl

    pairs = [of_observation(masked(one, options.secrets), plan, curl) for one in seen.observations]
    return [unit for unit, _ in pairs], [answer for _, answer in pairs]


def _covered(coverage: Coverage, min_coverage: float | None, spec: Spec, excluded: frozenset[str]) -> list[Unit]:
    places_of = {operation.label: operation.location for operation in spec.operations}
    units = [
        Unit((one,), "run", places_of[one.operation], one.operation, one.operation)
        for one in coverage.operations
        if one.operation not in excluded
    ]
    return [*units, Unit((Run(coverage, min_coverage),), "run", Location(spec.uri, ()), "run")]


def _notes(seen: Observed, options: Options) -> list[str]:
    from errlint.probe.options import redact

    wrote = [f"May have written: {', '.join(seen.may_have_written)}."] if seen.may_have_written else []
    withheld = sum(seen.withheld.values())
    held = [f"{withheld} writes were not sent, since nothing proves that they are refused."] if withheld else []
    stopped = [f"The run ended early: {seen.stopped}."] if seen.stopped else []
    return [redact(note, options.secrets) for note in (*wrote, *seen.notes, *held, *stopped)]


TOGETHER = ("CAT002", "CAT017")
"""Rules about what stands twice: several catalogs are one contract, so these judge all of them at once."""


def check_catalog(
    references: Sequence[str],
    settings: Settings | None = None,
    *,
    against: Sequence[str] = (),
    fail_on: Severity = Severity.ERROR,
) -> Report:
    """Judges catalogs themselves, and what they say of the documents ``against``.

    Raises: LoadError where a file is no catalog at all, or a document cannot be read.
    """
    settings = settings or Settings()
    severities = settings.severities(with_catalog=True)
    plan = compiled(None)
    sheet = Sheet()
    _words(sheet, settings, plan, severities)
    read_lines = []
    operations = frozenset(operation.label for name in against for operation in read_spec(read(name)).spec.operations)
    several = len(references) > 1
    alone = {id_: Severity.OFF if several and id_ in TOGETHER else level for id_, level in severities.items()}
    files = []
    for reference in references:
        file = catalogs.read_catalog(reference, lenient=True)
        files.append(file)
        sheet.sources.update(file.sources)
        sheet.judge([of_catalog(file, operations if against else None)], plan, alone, reference)
        number = len(file.catalog.codes)
        entries = f"{number} {'entry' if number == 1 else 'entries'}"
        read_lines.append(f"{reference}: {entries} in {plural(len(file.catalog.layers), 'layer')}")
    if several:
        united = {id_: level for id_, level in severities.items() if id_ in (*TOGETHER, "CFG006")}
        sheet.judge([of_catalog(catalogs.merge(files))], plan, united, ", ".join(references))
        sheet.judged -= 1
    return sheet.report("catalog check", fail_on, read=read_lines)
