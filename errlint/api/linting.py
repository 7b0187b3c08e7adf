"""``errlint lint``: judges what OpenAPI documents declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from errlint.api.inputs import compiled, contract, covered, document
from errlint.api.sheet import Sheet, about_words
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.subjects import Documents
from errlint.checks.subjects import documents as as_one
from errlint.checks.units import of_document, of_documents
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.load.openapi import read_spec
from errlint.load.source import Document
from errlint.match.declared import Declared, reduce
from errlint.match.plan import Plan
from errlint.model.finding import CodeCoverage, Coverage, Report, Severity
from errlint.model.record import record
from errlint.model.spec import Spec


@record
class Task:
    """Documents that one contract and one set of settings hold for: files by name, or documents that were read already.

    ``root`` is the folder that references may not leave. ``owner`` is who answers for them, as a config says.
    """

    documents: tuple[str | Document, ...]
    catalogs: tuple[str, ...] = ()
    settings: Settings = Settings()
    root: str | None = None
    owner: str = ""


def lint(
    documents: Sequence[str | Document],
    catalog: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    root: str | None = None,
    fail_on: Severity = Severity.ERROR,
) -> Report:
    """Judges what OpenAPI documents declare, all by one contract. Raises: LoadError for what cannot be read."""
    return lint_all([Task(tuple(documents), tuple(catalog), settings or Settings(), root)], fail_on=fail_on)


def lint_all(tasks: Sequence[Task], *, fail_on: Severity = Severity.ERROR) -> Report:
    """One report over documents of several contracts and settings. Raises: LoadError for what cannot be read."""
    sheet = Sheet()
    codes: list[CodeCoverage] = []
    read: list[str] = []
    notes: list[str] = []
    covers = False
    for task in tasks:
        file = contract(task.catalogs)
        plan = compiled(file)
        specs, whole = _judged(task, file, plan, sheet)
        covers = covers or bool(plan)
        codes += [covered(code, whole.codes_declared, {}) for code in plan.codes]
        read += [_read(spec) for spec in specs]
        notes += [*_about_texts(specs, sheet.sources), *_idle_layers(plan, specs), *_next_steps(file, specs)]
    coverage = Coverage(codes=tuple(codes)) if covers else None
    return sheet.report("lint", fail_on, coverage=coverage, read=read, notes=list(dict.fromkeys(notes)))


def _judged(task: Task, file: CatalogFile | None, plan: Plan, sheet: Sheet) -> tuple[list[Spec], Documents]:
    """Judges the documents of one task, each alone and then all together."""
    settings = task.settings
    severities = settings.severities(with_catalog=file is not None)
    sheet.holds(file)
    about_words(sheet, settings, plan, severities)
    specs: list[Spec] = []
    declared: list[Declared] = []
    for source in {source.uri: source for source in map(document, task.documents)}.values():
        loaded = read_spec(source, root=task.root)
        reduced = reduce(loaded.spec, plan)
        sheet.sources.update(loaded.references.documents)
        sheet.judge(of_document(loaded.spec, reduced, plan), plan, severities, source.uri, settings.options)
        specs.append(loaded.spec)
        declared.extend(reduced)
    whole = as_one(specs, declared, plan)
    sheet.judge([of_documents(whole)], plan, severities, "documents", settings.options)
    return specs, whole


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
