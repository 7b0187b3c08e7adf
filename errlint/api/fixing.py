"""``--fix``: the changes that mend what a report found, as a diff or written to the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from errlint.errors import LoadError
from errlint.model.finding import Finding, Location, Report
from errlint.model.record import field, record, replace

if TYPE_CHECKING:
    from errlint.api.linting import Task
    from errlint.fixes.registry import Offer
    from errlint.load.library import Library
    from errlint.load.remote import Remote
    from errlint.load.source import Document
    from errlint.model.spec import Spec


@record
class Fixed:
    """What fixing came to. ``changes`` maps a document's uri to its bytes before and after.

    ``applied`` are (rule, what was done, where), ``skipped`` are (rule, why not), ``held`` is the number of findings that
    only ``unsafe`` fixes would mend.
    """

    changes: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict)
    applied: tuple[tuple[str, str, Location], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    held: int = 0


MOST_PASSES = 5
"""One fix may uncover the next finding: a key that is spelled right has a response that lacks a schema."""


def fixed(tasks: Sequence[Task], report: Report, *, unsafe: bool = False, library: Library | None = None) -> Fixed:
    """The changes that mend the findings of a report over these tasks, until nothing is left to mend; nothing is written.

    ``unsafe`` asks for fixes that may change the contract too, those that are generated from a catalog among them. The
    ``library`` is the one that the documents were read with. Raises: LoadError.
    """
    from errlint.api.linting import lint_all

    remote = library.remote if library is not None else None
    tasks, report = editable(tasks, report, remote)
    known = {site.fingerprint: one.suppressed for one in report.findings if one.suppressed for site in one.sites}
    result, texts = _once(tasks, report, unsafe, shelf_of(report.sources, remote))
    first = frozenset(site.fingerprint for one in report.findings for site in one.sites)
    for _ in range(MOST_PASSES - 1):
        if not texts:
            break
        sources = _mended(report.sources, texts)
        shelf = shelf_of(sources, remote)
        tasks = [_over(task, sources) for task in tasks]
        report = _undoubted(lint_all(tasks, library=shelf, known=known), first, result)
        report = replace(report, sources={**sources, **report.sources})
        later, texts = _once(tasks, report, unsafe, shelf_of(report.sources, remote))
        result = _after(result, later)
    return result


def editable(tasks: Sequence[Task], report: Report, remote: Remote | None = None) -> tuple[Sequence[Task], Report]:
    """Without the documents that applications make, and what was found in them: nothing writes their source.

    The documents that a run over many has let go of are read again, where something in them can be mended. Raises: LoadError.
    """
    report = replace(report, sources={**_again(tasks, report, remote), **report.sources})
    made = {uri for uri, document in report.sources.items() if document.app}
    if not made:
        return tasks, report
    kept = tuple(
        replace(task, documents=tuple(one for one in task.documents if isinstance(one, str) or one.uri not in made))
        for task in tasks
    )
    findings = tuple(one for one in report.findings if not any(at.uri in made for at in (one.location, *one.anchors)))
    sources = {uri: document for uri, document in report.sources.items() if uri not in made}
    return tuple(task for task in kept if task.documents), replace(report, findings=findings, sources=sources)


def _again(tasks: Sequence[Task], report: Report, remote: Remote | None) -> dict[str, Document]:
    """The documents, with all that their references reach, that are no longer at hand and hold something to mend."""
    from errlint.checks.prints import tidy
    from errlint.load.openapi import read_spec

    mendable = [one for one in report.counting() if one.fixable]
    homes = {report.homes.get(site.fingerprint, "") for one in mendable for site in one.sites}
    shelf = shelf_of(report.sources, remote)
    found: dict[str, Document] = {}
    for task in tasks:
        for name in task.documents if task.open_file is None else ():
            if isinstance(name, str) and name not in report.sources and tidy(name) in homes:
                found.update(read_spec(shelf.read(name), root=task.root, library=shelf).references.documents)
    return found


GUESSED, JUDGED_BY_CODE = "COD001", "MSG001"
"""The fix that guesses a code, and the one that writes what the catalog says of a code."""


def _undoubted(report: Report, first: frozenset[str], done: Fixed) -> Report:
    """The report without messages that only look wrong since a code was guessed; ``first`` are the sites before any fix."""
    if not any(rule == GUESSED for rule, _, _ in done.applied):
        return report
    kept = (one for one in report.findings if one.rule != JUDGED_BY_CODE or first.issuperset(s.fingerprint for s in one.sites))
    return replace(report, findings=tuple(kept))


def _after(first: Fixed, later: Fixed) -> Fixed:
    """Two passes as one: from the bytes before the first to those after the second."""
    changes = dict(first.changes)
    for uri, (old, new) in later.changes.items():
        changes[uri] = (changes[uri][0] if uri in changes else old, new)
    return Fixed(changes, (*first.applied, *later.applied), later.skipped, later.held)


def shelf_of(sources: Mapping[str, Document], remote: Remote | None) -> Library:
    """A library that has these documents, whatever their files hold."""
    from errlint.load.library import Library

    shelf = Library(remote=remote)
    for document in sources.values():
        shelf.keep(document)
    return shelf


def _mended(sources: Mapping[str, Document], texts: Mapping[str, bytes]) -> dict[str, Document]:
    from errlint.load.source import load

    return {uri: load(texts[uri], uri) if uri in texts else document for uri, document in sources.items()}


def _uri(source: str | Document) -> str:
    return source if isinstance(source, str) else source.uri


def _over(task: Task, sources: Mapping[str, Document]) -> Task:
    """The task over these documents."""
    return replace(task, documents=tuple(sources.get(_uri(source), source) for source in task.documents))


def _once(tasks: Sequence[Task], report: Report, unsafe: bool, shelf: Library) -> tuple[Fixed, dict[str, bytes]]:
    """One pass: what it mends, and the new texts as UTF-8."""
    offers, documents = offered(tasks, report, kinds(unsafe), shelf)
    return _made(offers, documents, _held(report.findings, bool(report.coverage), unsafe))


def offered(
    tasks: Sequence[Task], report: Report, wanted: Iterable[str], shelf: Library
) -> tuple[list[tuple[Finding, Offer]], dict[str, Document]]:
    """What the fixers offer for the findings of a report, and the documents that they speak of."""
    from errlint.api.inputs import compiled, contract
    from errlint.checks.rules import load_others
    from errlint.fixes.offers import of_documents
    from errlint.load.openapi import read_spec

    load_others()
    offers: list[tuple[Finding, Offer]] = []
    taken: set[str] = set()
    documents: dict[str, Document] = dict(report.sources)
    for group in _groups(tasks):
        specs: list[Spec] = []
        asked: dict[str, Mapping[str, Mapping[str, Any]]] = {}
        for task in group:
            for uri in dict.fromkeys(map(_uri, task.documents)):
                if uri in documents and uri not in taken:
                    loaded = read_spec(documents[uri], root=task.root, library=shelf)
                    taken.add(uri)
                    documents = {**loaded.references.documents, **documents}
                    specs.append(loaded.spec)
                    asked[uri] = task.settings.options
        if specs:
            plan = compiled(contract(group[0].catalogs))
            offers += of_documents(report.findings, specs, plan, documents, asked, wanted)
    return offers, documents


def _groups(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """The tasks that are held against one contract together; another version of a file is nobody's to change."""
    found: dict[tuple[str, tuple[str, ...]], list[Task]] = {}
    for task in tasks:
        if task.open_file is None:
            found.setdefault((task.service, task.catalogs), []).append(task)
    yield from found.values()


def fixed_catalogs(references: Sequence[str], report: Report, *, unsafe: bool = False) -> Fixed:
    """The changes that mend what ``catalog check`` found in these catalogs; nothing is written. Raises: LoadError."""
    from errlint.fixes.offers import of_catalogs

    own = [name for name in references if not name.startswith(("builtin:", "pkg:"))]
    offers = list(of_catalogs(report.findings, report.sources, own, kinds(unsafe)))
    return _made(offers, report.sources, _held(report.findings, False, unsafe))[0]


def kinds(unsafe: bool) -> tuple[str, ...]:
    """The kinds of fix that are made."""
    return ("safe", "unsafe", "generated") if unsafe else ("safe",)


def _held(findings: Iterable[Finding], with_catalog: bool, unsafe: bool) -> int:
    from errlint.fixes.table import KINDS, fixable

    return 0 if unsafe else sum(1 for one in findings if fixable(one, with_catalog) and KINDS[one.rule] != "safe")


def _made(
    offers: Sequence[tuple[Finding, Offer]], documents: Mapping[str, Document], held: int
) -> tuple[Fixed, dict[str, bytes]]:
    """The fixes among the offers, made and proved, the safe ones first; and the new texts as UTF-8.

    What stands in a file that may not be written is skipped.
    """
    from errlint.api.writing import is_read_only
    from errlint.fixes.edits import Workspace
    from errlint.fixes.table import KINDS
    from errlint.model.fix import Fix

    offers = sorted(offers, key=lambda pair: ("safe", "unsafe", "generated").index(KINDS[pair[0].rule]))
    fixes: list[tuple[Finding, Fix]] = []
    skipped: list[tuple[str, str]] = []
    for finding, offer in offers:
        closed = next((edit.at.uri for edit in offer.edits if is_read_only(edit.at.uri)), "") if isinstance(offer, Fix) else ""
        if isinstance(offer, Fix) and not closed:
            fixes.append((finding, offer))
        else:
            skipped.append((finding.rule, f"{closed} is read-only" if isinstance(offer, Fix) else offer.why))
    workspace = Workspace(documents)
    applied: list[tuple[str, str, Location]] = []
    for (finding, fix), why in zip(fixes, workspace.make([fix for _, fix in fixes]), strict=True):
        if why is None:
            applied.append((finding.rule, fix.text, fix.edits[-1].at))
        else:
            skipped.append((finding.rule, f"{fix.text}: {why}"))
    changes: dict[str, tuple[bytes, bytes]] = {}
    texts = workspace.texts()
    for uri, new in texts.items():
        old = _bytes(documents[uri])
        changes[uri] = (old, _encoded(old, documents[uri], new))
    return Fixed(changes, tuple(dict.fromkeys(applied)), tuple(dict.fromkeys(skipped)), held), texts


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def _bytes(document: Document) -> bytes:
    """The bytes of a document's file, with their byte order mark; its text where it is no file or has changed since."""
    import os

    if not os.path.isfile(document.uri):
        return document.text
    with open(document.uri, "rb") as file:
        raw = file.read()
    return raw if raw == document.text or _encoded(raw, document, document.text) == raw else document.text


def _encoded(old: bytes, document: Document, new: bytes) -> bytes:
    """A new text in the encoding of the old bytes."""
    if old == document.text:
        return new
    mark, encoding = next(((mark, name) for mark, name in _MARKS if old.startswith(mark)), (b"", "utf-8"))
    return mark + new.decode().encode(encoding)


def write(fixed: Fixed) -> tuple[str, ...]:
    """Writes the changes to the files, each at once or not at all, keeps their mode, and returns their names.

    What stands in no file (standard input, a running application) is not written. Raises: LoadError for a file that
    changed since it was read or cannot be written.
    """
    import os

    from errlint.api.writing import put

    files = [uri for uri in fixed.changes if os.path.isfile(uri)]
    for uri in files:
        with open(uri, "rb") as file:
            if file.read() != fixed.changes[uri][0]:
                raise LoadError("has changed since it was read: nothing was written", Location(uri, ()))
    for uri in files:
        try:
            put(os.path.realpath(uri), fixed.changes[uri][1])
        except OSError as error:
            raise LoadError(f"cannot be written: {error.strerror or error}", Location(uri, ())) from None
    return tuple(files)


def diff(fixed: Fixed) -> str:
    """The changes as one unified diff, as ``git apply`` and ``patch`` read it; empty where there are none."""
    from difflib import unified_diff  # start-up: most runs show no diff

    parts: list[str] = []
    for uri, (old, new) in fixed.changes.items():
        before, after = _lines(old), _lines(new)
        for line in unified_diff(before, after, uri, uri):
            parts.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(parts)


def _lines(raw: bytes) -> list[str]:
    """The lines of a text with their breaks, which are line feeds only: no other character ends a line of a diff."""
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    text = raw.decode(encoding, "replace")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([text.rsplit("\n", 1)[-1]] if not text.endswith("\n") else [])
