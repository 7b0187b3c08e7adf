"""``errlint probe``: judges what a running service answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from errlint.api.inputs import compiled, contract, document
from errlint.api.sheet import Sheet, about_words
from errlint.checks.raised import Unit
from errlint.checks.subjects import Run
from errlint.checks.subjects import documents as as_one
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.load.openapi import read_spec
from errlint.load.source import Document
from errlint.match.declared import reduce
from errlint.match.plan import Plan
from errlint.model.finding import Coverage, Location, Report, Severity

if TYPE_CHECKING:
    from errlint.match.answer import Answer
    from errlint.model.spec import Spec
    from errlint.probe.observe import Observed
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
    sheet = Sheet()
    sheet.holds(file)
    about_words(sheet, settings, plan, severities)
    text = document(source)
    loaded = read_spec(text, root=root)
    sheet.sources.update(loaded.references.documents)
    seen = observe(loaded.spec, options, progress=progress)
    units, answers = _answers(seen, plan, loaded.spec)
    sheet.judge(units, plan, severities, text.uri, settings.options, loaded)
    declared = as_one([loaded.spec], reduce(loaded.spec, plan), plan).codes_declared
    coverage = Coverage(
        codes=covered.codes(plan, answers, declared),
        operations=covered.operations(loaded.spec.operations, seen, answers),
    )
    run = _covered(coverage, min_coverage, loaded.spec, seen.excluded)
    sheet.judge(run, plan, severities, text.uri, settings.options, loaded)
    sheet.judged = len(answers)
    told = [f"{plural(len(seen.observations), 'answer')} of {options.base_url}"]
    return sheet.report(
        "probe",
        fail_on,
        coverage=coverage,
        read=told,
        notes=_notes(seen),
        stopped=seen.stopped,
        stopped_by=seen.stopped_by,
    )


def _answers(seen: Observed, plan: Plan, spec: Spec) -> tuple[list[Unit], list[Answer]]:
    """Every observation as a unit. The user's secrets are masked before anything is judged, so that nothing can quote them."""
    from errlint.checks.beside import Declared
    from errlint.checks.units import of_observation
    from errlint.probe.options import masked
    from errlint.probe.reproduce import curl

    document = Declared(spec)
    pairs = [of_observation(masked(one, seen.secrets), plan, curl, document) for one in seen.observations]
    return [unit for unit, _ in pairs], [answer for _, answer in pairs]


def _covered(coverage: Coverage, min_coverage: float | None, spec: Spec, excluded: frozenset[str]) -> list[Unit]:
    places_of = {operation.label: operation.location for operation in spec.operations}
    units = [
        Unit((one,), "run", places_of[one.operation], one.operation, one.operation)
        for one in coverage.operations
        if one.operation not in excluded
    ]
    return [*units, Unit((Run(coverage, min_coverage),), "run", Location(spec.uri, ()), "run")]


def _notes(seen: Observed) -> list[str]:
    from errlint.probe.options import redact

    wrote = [f"May have written: {', '.join(seen.may_have_written)}."] if seen.may_have_written else []
    withheld = sum(seen.withheld.values())
    held = [f"{withheld} writes were not sent, since nothing proves that they are refused."] if withheld else []
    stopped = [f"The run ended early: {seen.stopped}."] if seen.stopped else []
    return [redact(note, seen.secrets) for note in (*wrote, *seen.notes, *held, *stopped)]
