"""What ``--fix`` would do, told at the findings that it mends; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from errlint.api.fixing import editable, offered, shelf_of
from errlint.api.writing import is_read_only
from errlint.errors import EditError
from errlint.fixes.edits import Workspace
from errlint.fixes.table import KINDS
from errlint.fixes.write_flow import Splice
from errlint.load.lines import places
from errlint.load.source import Document
from errlint.model.finding import Finding, Report, Suggestion
from errlint.model.fix import Fix
from errlint.model.record import record, replace

if TYPE_CHECKING:
    from errlint.api.linting import Task
    from errlint.load.library import Library


@record
class Change:
    """One splice of a text, and the finding that it mends."""

    uri: str
    splice: Splice
    fingerprint: str
    does: str


def suggested(tasks: Sequence[Task], report: Report, library: Library | None = None) -> Report:
    """The report with what one pass of the safe fixes would do at its findings: all of them together are that pass.

    The ``library`` is the one that the documents were read with. Raises: LoadError.
    """
    if not any(one.fixable and KINDS.get(one.rule) == "safe" for one in report.findings):
        return report
    remote = library.remote if library is not None else None
    of_files, known = editable(tasks, report, remote)
    shelf = shelf_of(known.sources, remote)
    offers, documents = offered(of_files, known, ("safe",), shelf)
    fixes = [(finding, fix) for finding, fix in offers if isinstance(fix, Fix)]
    fixes = [(finding, fix) for finding, fix in fixes if not any(is_read_only(edit.at.uri) for edit in fix.edits)]
    if not fixes:
        return report
    workspace = Workspace(documents)
    made = [pair for pair, why in zip(fixes, workspace.make([fix for _, fix in fixes]), strict=True) if why is None]
    found: dict[str, list[Suggestion]] = {}
    for uri in workspace.texts():
        for fingerprint, one in _suggestions(documents[uri], list(_changes(workspace, uri, made))):
            found.setdefault(fingerprint, []).append(one)
    findings = (replace(one, suggestions=tuple(found.get(one.fingerprint, ()))) for one in report.findings)
    return replace(report, findings=tuple(findings))


def _changes(workspace: Workspace, uri: str, made: Iterable[tuple[Finding, Fix]]) -> Iterator[Change]:
    """The splices of one text, each with the finding whose edit it is part of: the innermost around it."""
    regions = [
        (*workspace.extent(edit.at), finding.fingerprint, fix.text)
        for finding, fix in made
        for edit in fix.edits
        if edit.at.uri == uri
    ]
    waiting = sorted(regions, key=lambda region: (-region[0], region[1]))
    try:
        splices = workspace.splices(uri)
    except EditError:
        return
    around: list[tuple[int, int, str, str]] = []  # what begins before the splice, the innermost last: regions nest
    for splice in splices:
        start, stop, _ = splice
        while waiting and waiting[-1][0] < max(stop, start + 1):
            around.append(waiting.pop())
        while around and around[-1][1] < start:
            around.pop()
        if around:
            yield Change(uri, splice, *around[-1][2:])


def _suggestions(document: Document, changes: Sequence[Change]) -> Iterator[tuple[str, Suggestion]]:
    """The changes by finding, as places in the text; those of one finding on one line are one suggestion."""
    text = document.text.decode()
    spots = _spots(text, {offset for one in changes for offset in one.splice[:2]})
    runs: list[list[Change]] = []
    for one in changes:
        last = runs[-1][-1] if runs else None
        if last is not None and last.fingerprint == one.fingerprint and spots[last.splice[1]][0] == spots[one.splice[0]][0]:
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        first, end = run[0], run[-1].splice[1]
        parts, read = [], first.splice[0]
        for start, stop, new in (one.splice for one in run):
            parts += [text[read:start], new]
            read = stop
        yield first.fingerprint, Suggestion(first.uri, spots[first.splice[0]], spots[end], "".join(parts), first.does)


def _spots(text: str, offsets: Iterable[int]) -> Mapping[int, tuple[int, int, int]]:
    """The (line, column in letters, column in bytes of UTF-8) of each offset, all from 1. The text is read once."""
    spots: dict[int, tuple[int, int, int]] = {}
    read, of_line, counted = 0, 0, 1
    for offset, (line, column) in sorted(places(text, offsets).items()):
        begin = read if line == of_line else offset - column + 1
        counted = (counted if line == of_line else 1) + len(text[begin:offset].encode("utf-8", "replace"))
        read, of_line = offset, line
        spots[offset] = (line, column, counted)
    return spots
