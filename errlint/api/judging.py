"""Answers, held against a document and a contract: what a live run and a record have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from errlint.api.inputs import compiled, contract, document
from errlint.api.sheet import Sheet, about_words
from errlint.checks.judge import judge
from errlint.checks.prints import fingerprint_of
from errlint.checks.raised import Raised, Unit
from errlint.checks.subjects import Run
from errlint.checks.subjects import documents as as_one
from errlint.config import Settings
from errlint.load.envelopes import shipped_envelopes
from errlint.load.openapi import read_spec
from errlint.load.source import Document
from errlint.match.declared import reduce
from errlint.match.plan import Plan
from errlint.model.finding import Coverage, Location, Report, Severity
from errlint.model.record import mutable, replace

if TYPE_CHECKING:
    from errlint.load.openapi import Loaded
    from errlint.match.answer import Answer
    from errlint.model.exchange import Observation
    from errlint.model.spec import Spec
    from errlint.probe.observed import Observed


@mutable
class Case:
    """What answers are judged by: the document, the contract, the settings, and the sheet that gathers the verdicts."""

    sheet: Sheet
    text: Document
    loaded: Loaded
    plan: Plan
    settings: Settings
    severities: Mapping[str, Severity]


def prepared(source: str | Document, catalog: Sequence[str], settings: Settings | None, root: str | None) -> Case:
    """A document and its contract, read for a run over answers. Raises: LoadError."""
    settings = settings or Settings()
    file = contract(catalog)
    plan = compiled(file)
    severities = settings.severities(with_catalog=file is not None)
    sheet = Sheet()
    sheet.holds(file)
    about_words(sheet, settings, plan, severities)
    text = document(source)
    loaded = read_spec(text, root=root)
    sheet.sources.update(loaded.references.documents)
    return Case(sheet, text, loaded, plan, settings, severities)


def judged(
    case: Case,
    seen: Observed,
    read: tuple[list[Unit], list[Answer]],
    told: Sequence[str],
    notes: Sequence[str],
    *,
    fail_on: Severity,
    min_coverage: float | None,
    unseen: str = "",
    check: Callable[[Sheet], None] | None = None,
    whole: bool = True,
) -> Report:
    """The report over what was seen; ``read`` are the units of its answers, and the answers.

    ``unseen`` says why a code was not seen, where nothing better is known than that it was not. ``check`` looks at the
    findings about answers once more before they count. What a run covered is judged where it was meant to be ``whole``.
    """
    from errlint.probe import coverage as covered
    from errlint.probe.seen import seen as described
    from errlint.probe.tally import tally

    units, answers = read
    sheet, plan, spec = case.sheet, case.plan, case.loaded.spec
    sheet.judge(units, plan, case.severities, case.text.uri, case.settings.options, case.loaded)
    if check is not None:
        check(sheet)
    declared = as_one([spec], reduce(spec, plan), plan).codes_declared
    counts = tally(answers, seen)
    codes = covered.codes(plan, counts, declared)
    coverage = Coverage(
        codes=tuple(one if one.observed else replace(one, why=unseen, reason="not-recorded") for one in codes)
        if unseen
        else codes,
        operations=covered.operations(spec.operations, plan, counts, declared),
        seen=() if plan else described(answers, shipped_envelopes),
    )
    run = _covered(coverage, min_coverage, spec, seen) if whole else []
    sheet.judge(run, plan, case.severities, case.text.uri, case.settings.options, case.loaded)
    sheet.judged = len(answers)
    return sheet.report(
        "probe",
        fail_on,
        coverage=coverage if whole else None,
        read=told,
        notes=notes,
        stopped=seen.stopped,
        stopped_by=seen.stopped_by,
    )


class Reader:
    """Reads answers without secrets for the judge; what it finds out of the document serves all of them."""

    def __init__(self, case: Case) -> None:
        from errlint.bind.bodies import Bodies
        from errlint.checks.beside import Declared

        self._case = case
        self._document = Declared(case.loaded.spec, Bodies(case.loaded.spec).held)

    def read(self, observation: Observation) -> tuple[Unit, Answer]:
        """The unit of an answer, and the answer as it was read."""
        from errlint.checks.units import of_observation
        from errlint.probe.reproduce import curl

        return of_observation(observation, self._case.plan, curl, self._document)

    def faults(self, unit: Unit) -> Mapping[str, Raised]:
        """What the rules say of one answer alone, by fingerprint."""
        case = self._case
        verdicts = judge([unit], case.plan, case.severities, case.settings.options)
        return {fingerprint_of(raised): raised for raised in verdicts.raised}


def units_of(observations: Iterable[Observation], case: Case) -> tuple[list[Unit], list[Answer]]:
    """The units of answers without secrets, and the answers as they were read."""
    reader = Reader(case)
    pairs = [reader.read(one) for one in observations]
    return [unit for unit, _ in pairs], [answer for _, answer in pairs]


def _covered(coverage: Coverage, min_coverage: float | None, spec: Spec, seen: Observed) -> list[Unit]:
    ended = f"the run ended early ({seen.stopped})" if seen.stopped_by not in ("", "limit") else ""
    places_of = {operation.label: operation.location for operation in spec.operations}
    units = [
        Unit((one,), "run", places_of[one.operation], one.operation, one.operation)
        for one in coverage.operations
        if one.operation not in seen.excluded
    ]
    return [*units, Unit((Run(coverage, min_coverage, ended),), "run", Location(spec.uri, ()), "run")]


def notes_of(seen: Observed) -> list[str]:
    """What a user must know of a run, in lines without secrets."""
    from errlint.probe.options import redact

    done = [label for label in seen.may_have_written if label not in seen.failed_writes]
    wrote = [f"May have written, was answered 2xx or 3xx: {', '.join(done)}."] if done else []
    if seen.failed_writes:
        wrote.append(f"May have written, failed with 5xx or without an answer: {', '.join(seen.failed_writes)}.")
    withheld = sum(seen.withheld.values())
    held = [f"{withheld} writes were not sent, since nothing proves that they are refused."] if withheld else []
    stopped = [f"The run ended early: {seen.stopped}."] if seen.stopped else []
    return [redact(note, seen.secrets) for note in (*wrote, *seen.notes, *held, *stopped)]
