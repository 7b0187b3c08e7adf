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
    of_files, known = editable(tasks, report)
    shelf = shelf_of(known.sources, library.remote if library is not None else None)
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
    """The splices of one text, each with the finding whose edit it is part of: the narrowest around it."""
    regions = sorted(
        (
            (workspace.extent(edit.at), finding.fingerprint, fix.text)
            for finding, fix in made
            for edit in fix.edits
            if edit.at.uri == uri
        ),
        key=lambda region: region[0][1] - region[0][0],
    )
    try:
        splices = workspace.splices(uri)
    except EditError:
        return
    for splice in splices:
        start, stop, _ = splice
        near = next((one for one in regions if one[0][0] <= stop and start <= one[0][1]), None)
        if near is not None:
            yield Change(uri, splice, near[1], near[2])


def _suggestions(document: Document, changes: Sequence[Change]) -> Iterator[tuple[str, Suggestion]]:
    """The changes by finding, as places in the text; those of one finding on one line are one suggestion."""
    text = document.text.decode()
    spots = _spots(text, {offset for one in changes for offset in one.splice[:2]})
    joined: list[Change] = []
    for one in changes:
        last = joined[-1] if joined else None
        if last is not None and last.fingerprint == one.fingerprint and spots[last.splice[1]][0] == spots[one.splice[0]][0]:
            between = text[last.splice[1] : one.splice[0]]
            whole = (last.splice[0], one.splice[1], last.splice[2] + between + one.splice[2])
            joined[-1] = replace(last, splice=whole)
        else:
            joined.append(one)
    for one in joined:
        start, stop, new = one.splice
        yield one.fingerprint, Suggestion(one.uri, spots[start], spots[stop], new, one.does)


def _spots(text: str, offsets: Iterable[int]) -> Mapping[int, tuple[int, int, int]]:
    """The (line, column in letters, column in bytes of UTF-8) of each offset, all from 1."""
    return {
        offset: (line, column, len(text[offset - column + 1 : offset].encode("utf-8", "replace")) + 1)
        for offset, (line, column) in places(text, offsets).items()
    }
