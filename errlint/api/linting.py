"""``errlint lint``: judges what OpenAPI documents declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from errlint.api.inputs import as_judged, compiled, contract, covered
from errlint.api.notes import NEXT, about_text, idle_layers, next_steps, read
from errlint.api.services import Row, holding, services, together
from errlint.api.sheet import Sheet, about_words
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.rules import load_fleet
from errlint.checks.subjects import Documents
from errlint.checks.subjects import documents as as_one
from errlint.checks.units import of_document, of_documents
from errlint.config import Settings
from errlint.errors import LoadError
from errlint.load.library import Library
from errlint.load.openapi import Loaded, read_spec
from errlint.load.source import Document
from errlint.match import explain, standalone
from errlint.match.declared import Declared, reduce
from errlint.match.plan import Plan
from errlint.model.finding import CodeCoverage, Coverage, Finding, Report, Service, Severity
from errlint.model.record import field, mutable, record, replace
from errlint.model.spec import Spec

TOGETHER = ("DEC011",)
"""Rules about what documents refer to, who are judged together even where no contract holds them."""

NOTHING_KNOWN: Mapping[str, str] = {}

Held = tuple[CatalogFile, str, Mapping[str, Severity]]
"""A service's contract, who answers for it, and how seriously the service takes every rule."""

KEPT = 16
"""Documents of a run that are kept to its end; more would fill the memory."""


@record
class Task:
    """Documents that one contract and one set of settings hold for: files by name, or documents that were read already.

    ``root`` is the folder that references may not leave. ``owner`` is who answers for them, as a config says. ``open_file``
    gives the bytes of the files that references reach, from the disk where it is None. ``fail_on`` is the run's where it is
    None. Tasks of one ``service`` with the same catalogs are held against them as one set.
    """

    documents: tuple[str | Document, ...]
    catalogs: tuple[str, ...] = ()
    settings: Settings = Settings()
    root: str | None = None
    owner: str = ""
    open_file: Callable[[str], bytes] | None = None
    fail_on: Severity | None = None
    service: str = ""
    baseline: str | None = None


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


def lint_all(
    tasks: Sequence[Task],
    *,
    fail_on: Severity = Severity.ERROR,
    library: Library | None = None,
    known: Mapping[str, str] = NOTHING_KNOWN,
    today: str = "",
    sites: int | None = None,
    divide: Callable[[Sequence[Task], Library, Sheet], Run | None] | None = None,
    strict: bool = True,
) -> Report:
    """One report over documents of several contracts and settings. Raises: LoadError for what cannot be read.

    Without ``strict`` a document that cannot be read keeps no other from being judged: the report tells of it. Where none can
    be read, and for contracts, LoadError is raised all the same.

    The ``library`` holds what was read already, and says which versions of files are meant and what may be fetched.
    ``known`` is why findings do not count that are not new, by their fingerprint. ``today`` is the ISO date that ends
    ignores, the clock's where it is empty. ``sites`` is how many sites of a finding get their lines, None for all.
    ``divide`` judges many documents in parts (``errlint.api.parts``), or gives None.
    """
    library = library or Library()
    if len({(task.service, task.catalogs) for task in tasks}) > 1:
        load_fleet()
    number = sum(len(task.documents) for task in tasks)
    if number > KEPT and divide is not None:
        run = divide(tasks, library, Sheet(known, today, sites, strict=strict))
        if run is not None:
            return run.report(tasks, fail_on)
    run = Run(library, Sheet(known, today, sites, strict=strict), number == 1, number > KEPT, len(tasks) == 1)
    for group in groups(tasks):
        run.judge(group)
        if not run.covers and not run.sheet.unread and run.sheet.documents and NEXT not in run.notes:
            run.notes += next_steps(run.sheet.documents[0].uri, run.sheet.documents[0].app)
    return run.report(tasks, fail_on)


def groups(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """The tasks that are held against one contract together."""
    found: dict[tuple[str, tuple[str, ...]], list[Task]] = {}
    for task in tasks:
        found.setdefault((task.service, task.catalogs), []).append(task)
    yield from found.values()


@mutable
class Run:
    """What one run has come to so far."""

    library: Library
    sheet: Sheet
    alone: bool = True
    many: bool = False
    one_service: bool = False
    codes: list[CodeCoverage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    covers: bool = False
    held: list[Held] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    together: Service = Service("")
    by_task: dict[str, Task] = field(default_factory=dict)

    def judge(self, group: Sequence[Task]) -> None:
        """Judges the documents of some tasks, each alone and then all together."""
        file = contract(group[0].catalogs)
        plan = compiled(file)
        self.sheet.holds(file)
        specs: list[Spec] = []
        declared: list[Declared] = []
        levels: list[dict[str, Severity]] = []
        first, unread = len(self.rows), len(self.sheet.unread)
        for task in group:
            levels.append(task.settings.severities(with_catalog=file is not None))
            before = mark = len(self.sheet.findings)
            self._about_words(task, plan, levels[-1])
            row = None
            for loaded, reduced in self._documents(task, plan, levels[-1]):
                spec = loaded.spec
                row = row if row is not None and not row.service.alone else self._row(task, file)
                row.read(as_judged(spec, self.sheet.sources[spec.uri].app, task.owner, task.catalogs))
                self.sheet.documents.append(row.judged[-1])
                self.notes += about_text(spec, self.sheet.sources[spec.uri])
                if plan or not self.many:
                    specs.append(spec)
                    declared.extend(reduced)
                if plan:
                    row.holds(spec, reduced)
                else:  # nothing holds documents together
                    self._judge_set(
                        [spec], reduced, plan, levels[-1] if self.alone else _split(levels[-1], together=False), task
                    )
                row.found(self.sheet.findings[mark:])
                if not plan:
                    self._settle(loaded)
                mark = len(self.sheet.findings)
            self._belong(task, before)
        # A rule about the set speaks as loud as anybody in it wants.
        loudest = {id_: max(level[id_] for level in levels) for id_ in levels[0]}
        if file is not None:
            self.held.append((file, group[0].owner, loudest))
        if len(self.sheet.unread) > unread:  # what a set lacks may stand in the document that nobody could read
            if plan and specs:
                from errlint.api.partial import not_judged

                self.notes += not_judged(group[0].catalogs, self.sheet.unread[unread:])
            return
        if plan:
            mark = len(self.sheet.findings)
            whole = self._judge_set(specs, declared, plan, loudest, group[0])
            self._fill(self.rows[first:], whole, plan, mark)
            self.codes += [covered(code, plan, whole.codes_declared, {}) for code in plan.codes]
            self.notes += idle_layers(plan, specs)
            self.covers = True
            return
        if not self.alone and specs:
            self._judge_set(specs, declared, plan, _split(loudest, together=True), group[0])

    def _row(self, task: Task, file: CatalogFile | None) -> Row:
        """A new row of the table: for a service, or for one document where nothing says which belong together."""
        alone = self.one_service or not task.service
        service = Service("", alone=alone, owner=task.owner, catalogs=task.catalogs, config=task.service)
        self.rows.append(Row(service, file.catalog.service if file is not None else ""))
        return self.rows[-1]

    def _fill(self, rows: Sequence[Row], whole: Documents, plan: Plan, since: int) -> None:
        """Fills in what the rows of one contract declare; what was said of the set is said of its only row."""
        self.together = holding(self.together, whole)
        if len(rows) == 1:
            rows[0].found(self.sheet.findings[since:])
        for row in rows:
            row.declares(whole if len(rows) == 1 else as_one(row.specs, row.declared, plan))

    def _judge_set(
        self, specs: Sequence[Spec], declared: Sequence[Declared], plan: Plan, severities: Mapping[str, Severity], task: Task
    ) -> Documents:
        """Judges documents that are held together, as one subject."""
        whole = as_one(specs, declared, plan)
        before = len(self.sheet.findings)
        name, owner = ("documents", "documents") if plan or len(specs) > 1 else (specs[0].uri, "document")
        self.sheet.judge([of_documents(whole, owner)], plan, severities, name, task.settings.options)
        self._belong(task, before)
        return whole

    def _settle(self, loaded: Loaded) -> None:
        """Of many documents none is kept longer than it takes to find the places of what was said of it."""
        if self.many:
            explain.forget()
            standalone.forget()
            self.sheet.settle(loaded.references.documents)
            self.library.forget()

    def _about_words(self, task: Task, plan: Plan, severities: Mapping[str, Severity]) -> None:
        """Judges the words that should mean rules; what another task has said of the same words is not said again."""
        told = len(self.sheet.findings)
        about_words(self.sheet, task.settings, plan, severities)
        new = [finding for finding in self.sheet.findings[told:] if finding not in self.sheet.findings[:told]]
        self.sheet.findings[told:] = new

    def _documents(
        self, task: Task, plan: Plan, severities: Mapping[str, Severity]
    ) -> Iterator[tuple[Loaded, Sequence[Declared]]]:
        """The documents of one task, judged each alone."""
        library = self.library if task.open_file is None else Library(open_file=task.open_file)
        for one in {one if isinstance(one, str) else one.uri: one for one in task.documents}.values():
            try:
                source = _document(one, library)  # one at a time: many would fill the memory
                loaded = read_spec(source, root=task.root, library=library)
            except LoadError as error:
                if self.sheet.strict:
                    raise
                self.sheet.unread.append((error.message, error.location, error.hint))
                continue
            reduced = reduce(loaded.spec, plan)
            self.sheet.sources.update(loaded.references.documents)
            units = of_document(loaded.spec, reduced, plan)
            self.sheet.judge(units, plan, severities, source.uri, task.settings.options, loaded)
            yield loaded, reduced

    def _belong(self, task: Task, since: int) -> None:
        """Notes whose findings those are that came since."""
        self.by_task.update((finding.fingerprint, task) for finding in self.sheet.findings[since:])

    def fleet(self, tasks: Sequence[Task]) -> None:
        """Holds the catalogs of several services against each other, as seriously as anybody takes it."""
        if len(self.held) > 1:
            from errlint.api.catalogs import FLEET, judge_fleet  # runs over several services only
            from errlint.checks.fleet import Member

            levels = {id_: max(level[id_] for _, _, level in self.held) for id_ in (*FLEET, "CFG006")}
            members = [Member(file, owner) for file, owner, _ in self.held]
            before = len(self.sheet.findings)
            judge_fleet(self.sheet, members, levels, tasks[0].settings.options)
            self._belong(tasks[0], before)

    def report(self, tasks: Sequence[Task], fail_on: Severity) -> Report:
        """The report over all that was judged. Raises: LoadError where nothing could be."""
        if self.sheet.unread and not self.sheet.documents:
            raise LoadError(*self.sheet.unread[0])
        self.fleet(tasks)
        limits = {fail_on if task.fail_on is None else task.fail_on for task in tasks} or {fail_on}
        report = self.sheet.report(
            "lint",
            next(iter(limits)) if len(limits) == 1 else Severity.OFF,
            coverage=Coverage(codes=tuple(self.codes)) if self.covers else None,
            read=read(self.sheet.documents),
            notes=list(dict.fromkeys(self.notes)),
        )
        findings = tuple(map(self._linked, report.findings))
        rows, meanings = services(self.rows, findings), together(self.together, report)
        report = replace(report, findings=findings, services=rows, together=meanings)
        if len(limits) > 1:
            failing = frozenset(finding.fingerprint for finding in findings if self._fails(finding, fail_on))
            report = replace(report, failing=failing, outcome="findings" if failing else report.outcome)
        if self.sheet.unread:
            from errlint.api.partial import cut_short

            return cut_short(report, self.sheet.unread)
        return report

    def _fails(self, finding: Finding, fail_on: Severity) -> bool:
        """Whether a finding fails the run, as those say who own its document."""
        task = self.by_task.get(finding.fingerprint)
        limit = fail_on if task is None or task.fail_on is None else task.fail_on
        return limit is not Severity.OFF and finding.severity >= limit and finding.suppressed is None

    def _linked(self, finding: Finding) -> Finding:
        """The finding with the user's own page about its rule."""
        task = self.by_task.get(finding.fingerprint)
        link = task.settings.links.get(finding.rule) if task is not None else None
        return replace(finding, help=f"{finding.help} See {link}".strip(), link=link) if link else finding


def _document(source: str | Document, library: Library) -> Document:
    """A document by its name, or as it was read already. Raises: LoadError."""
    if not isinstance(source, str):
        return source
    try:
        return library.read(source)
    except LoadError:
        from errlint.load.discover import named  # says what a file is that nothing can read

        return named(source, library)


def _split(severities: Mapping[str, Severity], *, together: bool) -> dict[str, Severity]:
    """The levels of the rules that judge documents together, or of those that judge each of them."""
    own = (id_ for id_ in severities if id_ == "CFG006" or (id_ in TOGETHER) is together)
    return {id_: severities[id_] for id_ in own}
