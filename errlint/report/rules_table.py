"""The rules as a table for people and as JSON for tools."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from errlint.checks.words import plural
from errlint.model.finding import Severity
from errlint.model.record import record
from errlint.report.terminal import BOLD, DIM, RESET
from errlint.report.text import COLOURS

WITH, WITHOUT, STRICT = 8, 10, 7
"""Columns of the severities."""

GROUPS = {
    "DEC": "Declarations: what a document says of its errors",
    "ENV": "Envelopes: the shape of an error body",
    "COD": "Codes",
    "MSG": "Messages",
    "COV": "Coverage: what is declared, and what was observed",
    "HTP": "HTTP: status, header fields, media type, connection",
    "PRB": "Problem details (RFC 9457)",
    "SEC": "Security: what an error gives away",
    "CAT": "Catalogs themselves",
    "VER": "Versions: what changed between two contracts",
    "CFG": "Configuration and the run itself",
}


@record
class Row:
    """One rule: its severity with a catalog and without (``alone``), both in profile strict; ``fix`` is "", safe, unsafe or
    generated (unsafe, from the catalog); ``changed`` are (version, what changed).
    """

    id: str
    name: str
    summary: str
    severity: Severity
    alone: Severity
    strict: Severity
    strict_alone: Severity
    preview: bool
    fix: str
    since: str
    changed: tuple[tuple[str, str], ...] = ()


@record
class Gone:
    """A rule that was removed, or a name that a rule had: the word, the version that has it no more, what is said of it."""

    word: str
    version: str
    told: str


def table(rows: Sequence[Row], colour: bool = False) -> Iterator[str]:
    """The lines, the rules below their groups."""
    width = max((len(row.name) for row in rows), default=0)
    titles = f"{'severity':<{WITH}} {'no catalog':<{WITHOUT}} {'strict':<{STRICT}} since"
    yield _dim(f"  {'rule':<6}  {'name':<{width}} {'fix':<3}  {titles}", colour)
    for group in dict.fromkeys((*GROUPS, *(row.id[:3] for row in rows))):
        inside = [row for row in rows if row.id[:3] == group]
        if inside:
            title = GROUPS.get(group, group)
            yield f"{BOLD}{title}{RESET}" if colour else title
            yield from (_line(row, width, colour) for row in inside)
            yield ""
    fixes = "[*] is fixed by --fix, [-] with --unsafe-fixes"
    yield f"{plural(len(rows), 'rule')}. {fixes}."
    yield "errlint explain RULE tells more."


def changed(rows: Sequence[Row], changes: Sequence[tuple[Row, str, str]], gone: Sequence[Gone], version: str) -> Iterator[str]:
    """What is different since a version: new rules, what changed of others, what was removed or renamed."""
    if not (rows or changes or gone):
        yield f"No rule is new, changed, renamed or removed since {version}."
    if rows:
        width = max(len(row.name) for row in rows)
        yield f"New since {version}:"
        yield from (f"{_line(row, width, False)}" for row in rows)
    if changes:
        yield f"Changed since {version}:"
        yield from (f"  {row.id}  {row.name}: {what} ({when})" for row, when, what in changes)
    if gone:
        yield f"Removed or renamed since {version}:"
        yield from (f"  {one.told}" for one in gone)


MARKS = {"": "", "safe": "[*]"}


def _line(row: Row, width: int, colour: bool) -> str:
    lifted = "" if row.strict == row.severity else str(row.strict)
    without = "" if row.alone == row.severity else str(row.alone)
    levels = (
        _level(row.severity, str(row.severity), WITH, colour),
        _level(row.alone, without, WITHOUT, colour),
        _level(row.strict, lifted, STRICT, colour),
    )
    told = f"  {row.id}  {row.name:<{width}} {MARKS.get(row.fix, '[-]'):<3}  {' '.join(levels)}"
    return f"{told} {_dim(row.since, colour)}{'  preview' if row.preview else ''}"


def _level(severity: Severity, text: str, width: int, colour: bool) -> str:
    padded = f"{text:<{width}}"
    if not colour or not text:
        return padded
    return f"{COLOURS.get(severity, DIM)}{padded}{RESET}"


def _dim(text: str, colour: bool) -> str:
    return f"{DIM}{text}{RESET}" if colour else text


def as_json(rows: Iterable[Row], gone: Iterable[Gone]) -> str:
    """``{version, rules: [...], removed: [...]}``, each member as a row has it."""
    data = {"version": 1, "rules": [_data(row) for row in rows], "removed": [_gone(one) for one in gone]}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _data(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "summary": row.summary,
        "severity": {"with_catalog": str(row.severity), "without": str(row.alone)},
        "strict": {"with_catalog": str(row.strict), "without": str(row.strict_alone)},
        "preview": row.preview,
        "fix": row.fix or None,
        "since": row.since,
        "changed": [{"version": version, "what": what} for version, what in row.changed],
    }


def _gone(one: Gone) -> dict[str, str]:
    return {"word": one.word, "version": one.version, "told": one.told}
