"""``errlint probe``: observes what a running service answers, and judges it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from errlint.api.inputs import compiled, contract, document
from errlint.api.sheet import Sheet, about_words
from errlint.checks.raised import Unit
from errlint.checks.subjects import Run
from errlint.checks.subjects import documents as as_one
from errlint.checks.words import plural
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
    from errlint.probe.har import Recording
    from errlint.probe.observed import Observed
    from errlint.probe.options import Options


def probe(
    source: str | Document,
    options: Options,
    catalog: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    fail_on: Severity = Severity.ERROR,
    min_coverage: float | None = None,
    root: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    record: str | None = None,
) -> Report:
    """Judges what a running service answers, against a file by name or a document that was read already.

    ``record`` is a file that all exchanges are written to, however the run ends.

    Raises: LoadError, ConfigError, ProbeError, InconclusiveError.
    """
    from errlint.probe.observe import session  # the sending half is imported by probes only
    from errlint.probe.recipes import sound

    case = prepared(source, catalog, settings, root)
    recipes = sound(case.plan.codes, case.sheet.sources)
    kept = _recording(record)
    listener = kept.add if kept is not None else None
    with session(case.loaded.spec, options, recipes=recipes, progress=progress, listener=listener) as run:
        seen = None
        try:
            seen = run.observe()
        finally:
            if kept is not None:
                kept.write(options.base_url, run.secrets, seen)
    answers = _answers(seen, case)
    told = [f"{plural(len(seen.observations), 'answer')} of {options.base_url}"]
    return judged(case, seen, answers, told, notes_of(seen), fail_on=fail_on, min_coverage=min_coverage)


def _recording(path: str | None) -> Recording | None:
    """The record that a run keeps, None where none is wanted. Raises: ConfigError where its file cannot be written."""
    if path is None:
        return None
    from errlint.probe.har import Recording

    kept = Recording(path)
    kept.check()
    return kept


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
) -> Report:
    """The report over what was seen; ``read`` are the units of its answers, and the answers.

    ``unseen`` says why a code was not seen, where nothing better is known than that it was not.
    """
    from errlint.probe import coverage as covered
    from errlint.probe.seen import seen as described
    from errlint.probe.tally import tally

    units, answers = read
    sheet, plan, spec = case.sheet, case.plan, case.loaded.spec
    sheet.judge(units, plan, case.severities, case.text.uri, case.settings.options, case.loaded)
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
    run = _covered(coverage, min_coverage, spec, seen)
    sheet.judge(run, plan, case.severities, case.text.uri, case.settings.options, case.loaded)
    sheet.judged = len(answers)
    return sheet.report(
        "probe",
        fail_on,
        coverage=coverage,
        read=told,
        notes=notes,
        stopped=seen.stopped,
        stopped_by=seen.stopped_by,
    )


def _answers(seen: Observed, case: Case) -> tuple[list[Unit], list[Answer]]:
    """Every observation as a unit. The user's secrets are masked before anything is judged, so that nothing can quote them."""
    from errlint.probe.options import masked

    return units_of([masked(one, seen.secrets) for one in seen.observations], case)


def units_of(observations: Iterable[Observation], case: Case) -> tuple[list[Unit], list[Answer]]:
    """The units of answers without secrets, and the answers as they were read."""
    from errlint.bind.bodies import Bodies
    from errlint.checks.beside import Declared
    from errlint.checks.units import of_observation
    from errlint.probe.reproduce import curl

    document = Declared(case.loaded.spec, Bodies(case.loaded.spec).held)
    pairs = [of_observation(one, case.plan, curl, document) for one in observations]
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

    wrote = [f"May have written: {', '.join(seen.may_have_written)}."] if seen.may_have_written else []
    withheld = sum(seen.withheld.values())
    held = [f"{withheld} writes were not sent, since nothing proves that they are refused."] if withheld else []
    stopped = [f"The run ended early: {seen.stopped}."] if seen.stopped else []
    return [redact(note, seen.secrets) for note in (*wrote, *seen.notes, *held, *stopped)]
