"""Answers, held against a document and a contract: what a live run and a record have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from errlint.api.inputs import as_judged, compiled, contract, document
from errlint.api.sheet import Sheet, about_words
from errlint.checks.fold import SHOWN
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
from errlint.model.finding import Coverage, Finding, Location, Report, Severity
from errlint.model.record import mutable, replace

if TYPE_CHECKING:
    from errlint.load.openapi import Loaded
    from errlint.match.answer import Answer
    from errlint.model.exchange import Observation, Request
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
    catalogs: tuple[str, ...] = ()


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
    return Case(sheet, text, loaded, plan, settings, severities, tuple(catalog))


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
    named: Callable[[Finding], Finding] = lambda finding: finding,
    check: Callable[[list[Raised]], list[Raised]] | None = None,
    whole: bool = True,
) -> Report:
    """The report over what was seen; ``read`` are the units of its answers, and the answers.

    ``unseen`` says why a code was not seen, where nothing better is known than that it was not. ``check`` looks at what
    is said of answers once more before it counts; ``named`` gives a finding a name. What a run covered is judged where it
    was meant to be ``whole``.
    """
    from errlint.probe import coverage as covered
    from errlint.probe.seen import seen as described
    from errlint.probe.tally import tally

    units, answers = read
    sheet, plan, spec = case.sheet, case.plan, case.loaded.spec
    sheet.judge(units, plan, case.severities, case.text.uri, case.settings.options, case.loaded, check)
    sheet.findings[:] = map(named, sheet.findings)
    promises = as_one([spec], reduce(spec, plan), plan)
    declared = promises.codes_declared
    counts = tally(answers, seen)
    codes = covered.codes(plan, counts, declared)
    coverage = Coverage(
        codes=tuple(one if one.observed else replace(one, why=unseen, reason="not-recorded") for one in codes)
        if unseen
        else codes,
        operations=covered.operations(spec.operations, plan, counts, declared, promises.any_code),
        seen=() if plan else described(answers, shipped_envelopes),
    )
    run = _covered(coverage, min_coverage, spec, seen) if whole else []
    sheet.judge(run, plan, case.severities, case.text.uri, case.settings.options, case.loaded)
    sheet.judged = len(answers)
    sheet.documents.append(as_judged(spec, case.text.app, "", case.catalogs))
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
    """Reads answers without secrets for the judge. Equal ones are read once: most answers of a service are."""

    def __init__(self, case: Case) -> None:
        from errlint.bind.bodies import Bodies
        from errlint.checks.beside import Declared

        self._case = case
        self._document = Declared(case.loaded.spec, Bodies(case.loaded.spec).held)
        self._by_path = any(isinstance(layer.applies_to, tuple) for layer in case.plan.layers.values())
        self._known: dict[Hashable, tuple[Unit, Answer]] = {}
        self._counts: Counter[Hashable] = Counter()
        self._asked: dict[Hashable, dict[Hashable, Request]] = {}

    def read(self, observation: Observation) -> Answer:
        """An answer as the judge takes it."""
        from errlint.checks.units import of_observation
        from errlint.probe.reproduce import curl

        key = alike(observation, self._by_path)
        self._counts[key] += 1
        self._remember(key, observation.request)
        if key not in self._known:
            self._known[key] = of_observation(observation, self._case.plan, curl, self._document)
            return self._known[key][1]
        return replace(self._known[key][1], observation=observation)

    def units(self) -> list[Unit]:
        """A unit for each answer that differs from those before it, in order, with the number of its equals."""
        return [
            replace(unit, repeats=self._counts[key], requests=tuple(self._asked[key].values()))
            for key, (unit, _) in self._known.items()
        ]

    def _remember(self, key: Hashable, request: Request | None) -> None:
        """Keeps the first few requests that were answered alike."""
        asked = self._asked.setdefault(key, {})
        if request is not None and len(asked) < SHOWN:
            asked.setdefault((request.method, request.url, request.headers, request.body), request)

    def faults(self, observation: Observation) -> Mapping[str, Raised] | None:
        """What the rules say of one answer alone, by fingerprint; None for one like another that was asked for before."""
        before = len(self._known)
        answer = self.read(observation)
        return self.faults_of(answer) if len(self._known) > before else None

    def faults_of(self, answer: Answer) -> Mapping[str, Raised]:
        """What the rules say of one answer alone, by fingerprint."""
        case, (unit, _) = self._case, self._known[alike(answer.observation, self._by_path)]
        verdicts = judge([unit], case.plan, case.severities, case.settings.options)
        return {fingerprint_of(raised): raised for raised in verdicts.raised}


VOLATILE = frozenset(
    ("date", "age", "expires", "last-modified", "etag", "server-timing", "traceparent", "content-length", "cf-ray")
) | {"x-request-id", "x-correlation-id", "request-id", "x-runtime", "x-response-time", "x-amzn-requestid", "x-amzn-trace-id"}
"""Headers of which rules ask at most whether they are there: their values differ between equal answers."""


def alike(observation: Observation, by_path: bool) -> Hashable:
    """What rules look at in an answer: equal keys, equal verdicts. ``by_path`` where layers are told apart by concrete paths.

    Of a refusal nobody asks what provoked it; of a success, a failure, or an answer outside of the operations one does.
    """
    request, status = observation.request, observation.status
    refused = status is not None and 400 <= status < 500 and observation.operation is not None
    asked: Hashable = None
    if request is not None:
        provoked = () if refused else (request.stimulus, request.rejected, request.writes)
        near = request.near.label if request.near is not None else None
        asked = (request.method, near, request.url if by_path else None, provoked)
    headers = frozenset((name, "" if name in VOLATILE else value) for name, value in observation.headers.items())
    told = (
        observation.dropped,
        observation.cut,
        observation.long,
        observation.echoes,
        observation.layer,
        observation.media_types,
    )
    return (observation.label, status, headers, observation.body, asked, told)


def units_of(observations: Iterable[Observation], case: Case) -> tuple[list[Unit], list[Answer]]:
    """The units of answers without secrets, equal ones together, and all answers as they were read."""
    reader = Reader(case)
    answers = [reader.read(one) for one in observations]
    return reader.units(), answers


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
    after = sum(seen.withheld.get(label, 0) for label in seen.may_have_written)
    withheld = sum(seen.withheld.values()) - after
    if after:
        wrote.append(f"More writes to these, not sent: {after}.")
    held = [f"{withheld} writes were not sent, since nothing proves that they are refused."] if withheld else []
    stopped = [f"The run ended early: {seen.stopped}."] if seen.stopped else []
    return [redact(note, seen.secrets) for note in (*wrote, *seen.notes, *held, *stopped)]
