"""A run over many documents in parts: what is held together is judged together, and nothing of it is kept but what it says.

A part can be judged by another process, or have been judged before (``errlint.api.cache``): the report is the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from errlint.api.inputs import contract
from errlint.api.linting import KEPT, Held, Run, Task, groups
from errlint.api.notes import NEXT, next_steps
from errlint.api.services import Row, holding_all
from errlint.api.sheet import Sheet, Unread
from errlint.load.library import Library
from errlint.model.finding import CodeCoverage, Finding, Judged, Service, Unknown
from errlint.model.record import record, replace


@record
class Asked:
    """What holds for every part of a run: ``lint_all`` says what it means."""

    known: Mapping[str, str]
    today: str = ""
    sites: int | None = None
    one_service: bool = False
    strict: bool = True


@record
class Done:
    """What came of one part: the state of a run before its report. ``whose`` are fingerprints with the number of their task.

    ``files`` are all that was read, or looked for, by the paths that led there, with True where it was there. ``dated`` says
    that ignores with an end may have counted; ``ignores`` are where the part's ignores come from: no other part may share them.
    ``passing`` says that more than files was looked at, so that nobody may keep it.
    """

    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    judged: int = 0
    undecided: int = 0
    homes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    documents: tuple[Judged, ...] = ()
    notes: tuple[str, ...] = ()
    codes: tuple[CodeCoverage, ...] = ()
    covers: bool = False
    rows: tuple[tuple[Service, str, str, tuple[tuple[str, str], ...]], ...] = ()
    together: Service = Service("")
    whose: tuple[tuple[str, int], ...] = ()
    files: tuple[tuple[str, bool], ...] = ()
    dated: bool = False
    ignores: tuple[str, ...] = ()
    passing: bool = False
    unread: tuple[Unread, ...] = ()


Part = tuple[Task, ...]
Judge = Callable[[Sequence[Part], Asked], Iterable[Done]]


def divided(tasks: Sequence[Task], library: Library) -> list[Part] | None:
    """The parts of a run, None where it is small or its documents do not come from files."""
    if sum(len(task.documents) for task in tasks) <= KEPT or library.remote is not None or library.open_file is not None:
        return None
    if any(task.open_file is not None or not all(isinstance(one, str) for one in task.documents) for task in tasks):
        return None
    found = [part for group in groups(tasks) for part in _split(group, len(tasks) == 1)]
    ignores = [{id(one) for task in part for one in task.settings.ignores} for part in found]
    if sum(map(len, ignores)) > len(set().union(*ignores)):
        return None  # an ignore of a config that holds for several parts is of use if it is for one of them
    return found


def _split(group: Sequence[Task], one_service: bool) -> Iterator[Part]:
    """The parts of one contract: one where a catalog or a service holds documents together, else one a document."""
    first = group[0]
    if first.catalogs or not (one_service or not first.service):
        yield tuple(group)
        return
    for task in group:
        for one in dict.fromkeys(task.documents):
            yield (replace(task, documents=(one,)),)


def in_turn(parts: Sequence[Part], asked: Asked) -> Iterator[Done]:
    """Judges the parts one after the other."""
    for part in parts:
        yield judged(part, asked)


def judged(part: Part, asked: Asked) -> Done:
    """What comes of one part. Raises: LoadError."""
    library = Library()
    run = Run(library, Sheet(asked.known, asked.today, asked.sites, strict=asked.strict), False, True, asked.one_service)
    run.judge(part)
    sheet = run.sheet
    named = {*sheet.files, *(str(one) for task in part for one in task.documents), *filter(os.path.isfile, sheet.sources)}
    files = {os.path.abspath(path): os.path.isfile(path) for path in named if "\0" not in path} | library.asked
    counts = (sheet.judged, sheet.undecided)
    ignores = sheet.about_ignores(whole=True)
    sheet.settle(())
    numbers = {id(task): number for number, task in enumerate(part)}
    return Done(
        findings=tuple(replace(one, anchors=(), requests=()) for one in sheet.findings),
        unknown=tuple(sheet.unknown),
        judged=counts[0],
        undecided=counts[1],
        homes=tuple((document, tuple(sorted(prints))) for document, prints in sheet.homes.items()),
        documents=tuple(sheet.documents),
        notes=tuple(run.notes),
        codes=tuple(run.codes),
        covers=run.covers,
        rows=tuple((row.service, row.named, row.title, tuple(sorted(row.marks))) for row in run.rows),
        together=run.together,
        whose=tuple((fingerprint, numbers[id(task)]) for fingerprint, task in run.by_task.items()),
        files=tuple(sorted(files.items())),
        dated=sheet.ledger is not None,
        ignores=ignores,
        passing=bool(sheet.unread) or (sheet.ledger is not None and sheet.ledger.looked_around),
        unread=tuple(sheet.unread),
    )


def joined(run: Run, parts: Sequence[Part], done: Iterable[Done]) -> bool:
    """Takes what came of all parts into one run; False where some share an ignore, so that none can say what is of use."""
    seen: set[str] = set()
    words: set[Finding] = set()
    for number, (part, one) in enumerate(zip(parts, done, strict=True)):
        if seen & set(one.ignores):
            return False
        seen |= set(one.ignores)
        _take(run, part, one, words)
        following = parts[number + 1] if number + 1 < len(parts) else None
        last = following is None or (following[0].service, following[0].catalogs) != (part[0].service, part[0].catalogs)
        if not one.covers and not run.sheet.unread and last and run.sheet.documents and NEXT not in run.notes:
            run.notes += next_steps(run.sheet.documents[0].uri)
    return True


def _take(run: Run, part: Part, one: Done, words: set[Finding]) -> None:
    sheet = run.sheet
    for task in part:
        sheet.tasks.append((task.settings.severities(with_catalog=bool(task.catalogs)), task.settings.options))
    for finding in one.findings:
        if finding.rule == "CFG005":  # words that hold for several parts are told once
            if finding in words:
                continue
            words.add(finding)
        sheet.findings.append(finding)
    sheet.unknown.extend(one.unknown)
    sheet.unread.extend(one.unread)
    sheet.judged += one.judged
    sheet.undecided += one.undecided
    for document, prints in one.homes:
        sheet.homes.setdefault(document, set()).update(prints)
    sheet.documents.extend(one.documents)
    run.notes += one.notes
    run.codes += one.codes
    run.covers = run.covers or one.covers
    run.rows += [Row(service, named, title, marks=set(marks)) for service, named, title, marks in one.rows]
    run.together = holding_all(run.together, one.together)
    run.by_task.update((fingerprint, part[number]) for fingerprint, number in one.whose)


def in_parts(tasks: Sequence[Task], library: Library, sheet: Sheet, judge: Judge | None = None) -> Run | None:
    """The run over some tasks, judged in parts and ready for its report; None where it has to be judged as one.

    Raises: LoadError.
    """
    parts = divided(tasks, library)
    if parts is None:
        return None
    asked = Asked(sheet.known, sheet.date, sheet.sites, len(tasks) == 1, sheet.strict)
    run = Run(library, sheet, False, True, asked.one_service)
    if not joined(run, parts, (judge or in_turn)(parts, asked)):
        return None
    run.held = held(parts)
    return run


def held(parts: Sequence[Part]) -> list[Held]:
    """The catalogs of the services, each with how seriously its service takes every rule; none where all have the same."""
    bound = [part for part in parts if part[0].catalogs]
    if len({part[0].catalogs for part in bound}) < 2:
        return []
    found: list[Held] = []
    for part in bound:
        file = contract(part[0].catalogs)
        levels = [task.settings.severities(with_catalog=True) for task in part]
        if file is not None:
            loudest = {id_: max(level[id_] for level in levels) for id_ in levels[0]}
            found.append((file, part[0].owner, loudest))
    return found
