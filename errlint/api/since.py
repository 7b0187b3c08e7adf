"""What is not new: the sites that an earlier version of the documents has, by git revision or as another file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from errlint.api.linting import Task, lint_all
from errlint.errors import ConfigError, LoadError
from errlint.load.library import Library
from errlint.load.openapi import read_spec
from errlint.load.source import Document, load, read
from errlint.model.finding import Location, Severity
from errlint.model.ignore import Known
from errlint.model.record import record, replace

if TYPE_CHECKING:
    from errlint.api.revision import Revision

OpenFile = Callable[[str], bytes]


@record
class Since:
    """What ``lint_all`` takes as known, and what the user should know of the comparison."""

    known: Known
    notes: tuple[str, ...] = ()


def since(tasks: Sequence[Task], reference: str, *, today: str = "") -> Since:
    """The sites that the same documents have in an earlier version, judged by today's contract and settings.

    ``reference`` is a git revision, or a file that holds the earlier version of the one document of the run. What has no
    earlier version is new as a whole; a note says so. ``today`` is the date for ``lint_all``.
    Raises: ConfigError for what cannot be either, and for a revision that nobody has; LoadError where the contract or the
    earlier file cannot be read.
    """
    if _is_file(reference):
        earlier = _of_file(tasks, reference)
    else:
        from errlint.api.revision import Revision  # starts processes

        earlier = _of_revision(tasks, Revision(reference))
    olds, notes = _judgeable(earlier, reference)
    known: dict[str, str] = {}
    if olds:
        report = lint_all(olds, fail_on=Severity.OFF, library=earlier.library, today=today)
        for finding in report.findings:
            if finding.suppressed is None:
                known.update((site.fingerprint, f"since {reference}") for site in finding.sites)
    return Since(Known(known), tuple(dict.fromkeys((*earlier.notes, *notes))))


@record
class _Earlier:
    """The tasks with the documents as they were, the files that these reach, and what has no earlier version."""

    tasks: tuple[Task, ...]
    library: Library
    notes: tuple[str, ...] = ()


def _is_file(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:  # a NUL
        return False


def _uri(document: str | Document) -> str:
    return document if isinstance(document, str) else document.uri


def _of_file(tasks: Sequence[Task], name: str) -> _Earlier:
    """The one document's earlier version, under the name that the document has now."""
    documents = [one for task in tasks for one in task.documents]
    if len(documents) != 1:
        raise ConfigError(
            f"--since {name} is one file, {len(documents)} documents are judged",
            hint="name one document, or a git revision",
        )
    uri = _uri(documents[0])
    old = load(read(name).text, uri)
    reader = _beside(os.path.dirname(os.path.realpath(uri)), os.path.dirname(os.path.realpath(name)))
    return _Earlier(tuple(replace(task, documents=(old,)) for task in tasks if task.documents), Library(open_file=reader))


def _beside(folder: str, earlier: str) -> OpenFile:
    """Gives files from the folder of the earlier version; where it has none, the file as it is now."""

    def open_file(path: str) -> bytes:
        inside = os.path.relpath(path, folder)
        candidate = os.path.realpath(os.path.join(earlier, inside))
        if not inside.startswith("..") and candidate.startswith(os.path.join(earlier, "")) and os.path.isfile(candidate):
            return read(candidate).text
        return read(path).text

    return open_file


def _of_revision(tasks: Sequence[Task], revision: Revision) -> _Earlier:
    """The documents as a revision has them. Raises: ConfigError where no repository of theirs has it."""
    notes: list[str] = []
    faults: list[str] = []

    def open_file(path: str) -> bytes:
        found = revision.bytes_of(path)
        if isinstance(found, str):
            raise LoadError(found, Location(path, ()))
        return found

    olds = []
    for task in tasks:
        documents: list[str | Document] = []
        made = {one.uri for one in task.documents if not isinstance(one, str) and one.app}
        for uri in map(_uri, task.documents):
            found = revision.bytes_of(uri) if _is_file(uri) else "is no file"
            found = found if isinstance(found, bytes) or uri not in made else "is made by an application as that is now"
            if isinstance(found, str):
                notes.append(f"All of {uri} is new: it {found}.")
                faults += [f"{uri} {found}"] * _is_file(uri)
                continue
            try:
                documents.append(load(found, uri))
            except LoadError as error:
                notes.append(f"All of {uri} is new: in {revision.name} it cannot be read ({error.message}).")
        olds.append(replace(task, documents=tuple(documents)))
    if faults and not revision.found:
        raise ConfigError(f"--since {revision.name} compares with nothing: {faults[0]}", hint="name a revision, or a file")
    return _Earlier(tuple(olds), Library(open_file=open_file), tuple(notes))


def _judgeable(earlier: _Earlier, reference: str) -> tuple[list[Task], list[str]]:
    """The tasks without what was no OpenAPI document then."""
    kept, notes = [], []
    for task in earlier.tasks:
        documents: list[str | Document] = []
        for document in task.documents:
            try:
                loaded = earlier.library.read(document) if isinstance(document, str) else document
                read_spec(loaded, root=task.root, library=earlier.library)
            except LoadError as error:
                notes.append(f"All of {_uri(document)} is new: in {reference} it cannot be judged ({error.message}).")
            else:
                documents.append(document)
        kept.append(replace(task, documents=tuple(documents)))
    return [task for task in kept if task.documents], notes
