"""The summary for people as Markdown of GitHub's kind: for a job's summary, a merge request, an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO

from errlint.checks.words import plural
from errlint.model.finding import LIVE, CodeCoverage, Finding, Location, Report
from errlint.report import View
from errlint.report.artifacts import source_of
from errlint.report.markdown_words import advice, block, code, escaped
from errlint.report.paths import in_repository
from errlint.report.services_text import rows
from errlint.report.text import outcome, totals

FEW = 3
"""Operations named in a row; the others are counted."""

LONGEST = 600
"""Letters of a message in a row."""

ROOM = 2_000
"""Bytes kept for what says how much was left out."""


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the whole summary."""
    out.write(text(report, view))


def text(report: Report, view: View, limit: int | None = None) -> str:
    """The summary: outcome, findings at or above ``view.show``, what was not checked, coverage, how to see it again.

    It takes ``limit`` bytes of UTF-8 at the most: what stands last goes first, and is counted.
    """
    sheet = Sheet(limit)
    for line in _head(report, view):
        sheet.line(line)
    shown = report.counting(view.show)
    advised: set[str] = set()
    sheet.table(_columns(report), [_row(finding, report, view, advised) for finding in shown], "finding")
    for line in _beside(report, view):
        sheet.line(line)
    head, *services = rows(report) or [()]
    sheet.table(head, [["" if cell == "-" else escaped(cell) for cell in row] for row in services], "service")
    if report.coverage is not None and report.coverage.codes:
        _coverage(sheet, report.coverage.codes)
    _again(sheet, [finding for finding in shown if finding.reproduce])
    return sheet.text()


class Sheet:
    """Lines that are gathered as long as there is room for them; what has none is counted."""

    def __init__(self, limit: int | None = None) -> None:
        self._left = None if limit is None else max(limit - ROOM, 0)
        self._lines: list[str] = []
        self._missing: Counter[str] = Counter()

    def line(self, line: str) -> bool:
        """Adds a line. False where it has no room; then nothing that comes later has."""
        if self._left is not None:
            self._left -= len(line.encode("utf-8", "backslashreplace")) + 1
            if self._left < 0:
                return False
        self._lines.append(line)
        return True

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], noun: str) -> None:
        """A table of cells that are escaped already; what is left out of it is counted below it."""
        if not rows:
            return
        head = f"\n{_cells(columns)}\n{_cells(['---'] * len(columns))}"
        shown = 0
        if self.line(head):
            while shown < len(rows) and self.line(_cells(rows[shown])):
                shown += 1
        self._missing[noun] += len(rows) - shown

    def folded(self, summary: str, parts: Sequence[str], noun: str) -> None:
        """Parts that are hidden until somebody asks for them."""
        if not parts:
            return
        shown = 0
        opened = self.line(f"\n<details><summary>{summary}</summary>\n")
        while opened and shown < len(parts) and self.line(parts[shown]):
            shown += 1
        if opened:
            self._lines.append("\n</details>")
        self._missing[noun] += len(parts) - shown

    def text(self) -> str:
        """All that had room, and what had none."""
        missing = [plural(number, f"more {noun}") for noun, number in self._missing.items() if number]
        if missing:
            self._lines.append(f"\nNot shown here, for want of room: {', '.join(missing)}.")
        return "\n".join(self._lines) + "\n"


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _head(report: Report, view: View) -> Iterator[str]:
    """``### errlint lint: 2 errors, 1 warning``, what was read, and the outcome."""
    yield f"### errlint {escaped(report.command)}: {escaped(totals(report))}"
    yield ""
    yield f"Exit {view.code} ({outcome(report)}). {' '.join(f'{escaped(one)}.' for one in report.read)}".rstrip()
    if report.outcome not in ("clean", "findings") and report.reason and report.reason.strip():
        yield f"\n**{escaped(report.reason.strip())}**"


def _columns(report: Report) -> tuple[str, ...]:
    return ("", "Rule", "Finding", "Where", "Breaking" if report.changes is not None else "Operation")


def _row(finding: Finding, report: Report, view: View, advised: set[str]) -> tuple[str, ...]:
    """One finding in cells; below the first message of a rule stands what to do."""
    message = escaped(_cut(finding.message))
    if finding.help and finding.rule not in advised and finding.breaking is not False:
        advised.add(finding.rule)
        message += f"<br>{advice(_cut(finding.help))}"
    breaking = {True: "breaking", False: "compatible", None: ""}[finding.breaking]
    last = breaking if report.changes is not None else _operations(finding)
    rule = f"{code(finding.rule)} {escaped(finding.name)}"
    return (str(finding.severity), rule, message, _where(finding, view), last)


def _operations(finding: Finding) -> str:
    sites = (site.operation for site in finding.sites)
    names = list(dict.fromkeys(filter(None, (*sites, *finding.operations, finding.operation))))
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return "<br>".join(map(code, names[:FEW])) + more


def _where(finding: Finding, view: View) -> str:
    """The place of a finding; of a live one, what came back."""
    if finding.witness in LIVE:
        told = [finding.status or "", f"reproduced {finding.reproduced}" if finding.reproduced else ""]
        return ", ".join(escaped(one) for one in told if one)
    return code(_place(source_of(finding), view))


def _place(at: Location, view: View) -> str:
    uri = in_repository(at.uri, view) or at.uri
    return uri + (f":{at.line}" if at.line else "") + (f":{at.column}" if at.line and at.column else "")


def _beside(report: Report, view: View) -> Iterator[str]:
    """What is not in the table, and what could not be checked."""
    hidden = sum(1 for one in report.counting() if one.severity < view.show)
    known = sum(1 for one in report.findings if one.suppressed is not None)
    told = [f"{hidden} less severe not shown" if hidden else "", f"{known} suppressed" if known else ""]
    if any(told):
        yield f"\n{', '.join(filter(None, told))}."
    if report.unknown:
        reasons = Counter(one.why for one in report.unknown).most_common(4)
        yield f"\nNot checked: {'; '.join(f'{escaped(why)} ({number}×)' for why, number in reasons)}."
    for note in filter(str.strip, report.notes):
        yield f"\n{escaped(note.strip())}"


def _coverage(sheet: Sheet, codes: Sequence[CodeCoverage]) -> None:
    """How many codes were declared and seen, and the table of all, behind a fold: it may be long."""
    declared, observed = sum(1 for one in codes if one.declared), sum(1 for one in codes if one.observed)
    told = f"Codes: {declared} of {len(codes)} declared" + (f", {observed} observed" if observed else "")
    head = [_cells(("Code", "Status", "Layer", "Declared", "Observed", "")), _cells(["---"] * 6)]
    rows = [
        _cells(
            (code(one.id), escaped(one.statuses), escaped(one.layer), _few(one.declared), _few(one.observed), escaped(one.why))
        )
        for one in codes
    ]
    sheet.folded(told, ["\n".join((*head, rows[0])), *rows[1:]], "code")


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return "<br>".join(map(code, names[:FEW])) + more


def _again(sheet: Sheet, findings: Sequence[Finding]) -> None:
    """The lines that show a finding again."""
    parts = [
        f"{code(finding.rule)} {escaped(_cut(finding.message))}\n\n{block(finding.reproduce or '', 'sh')}\n"
        for finding in findings
    ]
    sheet.folded("How to see it again", parts, "command")


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
