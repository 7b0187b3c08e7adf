"""The codes that descriptions name: lists (``- `CODE`: text``, ``CODE - text``) and tables, in Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from errlint.draft.documents.extensions import LONGEST
from errlint.draft.documents.sightings import Sighting, Status, of_key, tidy
from errlint.draft.merge import MAIN
from errlint.draft.names import SYMBOL, WORD, plain
from errlint.draft.tables.table_html import page
from errlint.model.finding import Location
from errlint.model.record import record
from errlint.model.spec import Node, Spec

LONGEST_TEXT = 200_000
MOST_LINES = 5_000

_ITEM = re.compile(
    r"\s{0,8}(?P<mark>[-*+•]\s+|\d{1,3}[.)]\s+)?(?P<quote>\*\*`|`|\*\*|\"|')?(?P<code>[A-Za-z0-9][A-Za-z0-9_.:/#-]{0,99})"
    r"(?P<end>`\*\*|`|\*\*|\"|')?\s{0,4}(?P<sep>:|-|–|—|=>|=|\|)\s+(?P<text>\S.*)"
)
_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]")
_STATUS = re.compile(r"(?<![0-9])[45][0-9][0-9](?![0-9])")
_CODE_HEAD = ("code", "errorcode", "error", "errorname", "errortype", "exception", "reason", "errorid")
_STATUS_HEAD = ("status", "httpstatus", "httpstatuscode", "statuscode", "http", "httpcode")
_MESSAGE_HEAD = ("message", "errormessage", "msg")
_TEXT_HEAD = ("description", "meaning", "details", "detail", "cause", "explanation", "reason", "notes")
_ACTION_HEAD = ("resolution", "solution", "action", "remedy", "fix", "howtofix", "whattodo", "suggestedaction")


@record
class Told:
    """A code that a description names, the statuses and the words that stand beside it."""

    code: str
    words: tuple[tuple[str, str], ...] = ()
    statuses: tuple[Status, ...] = ()


def of_descriptions(spec: Spec, layers: Sequence[str], homes: Sequence[tuple[Node, tuple[Status, ...]]]) -> Iterator[Sighting]:
    """The codes that descriptions of error responses, and of the members that hold codes (``homes``), name.

    Other descriptions speak of much else: of those only tables count that have a column of error codes.
    """
    layer = layers[0] if layers else MAIN
    seen = set()
    for node, statuses, lists in _owners(spec, homes):
        text = node.value.get("description") if isinstance(node.value, dict) else None
        at = Location(node.uri, (*node.pointer, "description"))
        if not isinstance(text, str) or (at, statuses) in seen:
            continue
        seen.add((at, statuses))
        told = list(in_table(text[:LONGEST_TEXT], sure=lists))
        for one in told or (in_list(text[:LONGEST_TEXT]) if lists else ()):
            what = "table in a description" if told else "description"
            yield Sighting(one.code, layer, "shown", what, at, statuses or one.statuses, dict(one.words))


def of_listed(spec: Spec, listed: Iterable[Sighting]) -> Iterator[Sighting]:
    """The codes of lists that the description of one response names, as in "No such account (`ACCOUNT_NOT_FOUND`)"."""
    known = {one.code: one.layer for one in listed if isinstance(one.code, str) and SYMBOL.fullmatch(one.code)}
    seen = set()
    for declaration in spec.declarations if known else ():
        text = declaration.response.value.get("description") if isinstance(declaration.response.value, dict) else None
        statuses = of_key(declaration.status_key)
        if not declaration.error or not isinstance(text, str) or not all(isinstance(status, int) for status in statuses):
            continue
        at = Location(declaration.response.uri, (*declaration.response.pointer, "description"))
        if (at, statuses) in seen:
            continue
        seen.add((at, statuses))
        for word in dict.fromkeys(_WORDS.findall(text[:LONGEST_TEXT])):
            if word in known:
                yield Sighting(word, known[word], "shown", "response", at, statuses)


def _owners(spec: Spec, homes: Sequence[tuple[Node, tuple[Status, ...]]]) -> Iterator[tuple[Node, tuple[Status, ...], bool]]:
    """(what has the description, the statuses that it is about, whether it is about errors)."""
    for declaration in spec.declarations:
        if declaration.error and declaration.statuses is not None:
            yield declaration.response, of_key(declaration.status_key), True
    for node, statuses in homes:
        yield node, tidy(statuses), True
    for operation in spec.operations:
        yield operation.node, (), False
    info = spec.root.get("info")
    if info is not None:
        yield info, (), False


def in_list(text: str) -> Iterator[Told]:
    """The codes of the items of a list; only words that look like codes wherever they stand."""
    for line in text.splitlines()[:MOST_LINES]:
        found = _ITEM.match(line[:2_000])
        if found is not None and _is_code(found["code"]):
            words = _tidy(found["text"])
            yield Told(found["code"], (("description", words),) if words else ())


def _is_code(word: str) -> bool:
    return SYMBOL.fullmatch(word) is not None and not _STATUS.fullmatch(word)


def in_table(text: str, *, sure: bool) -> Iterator[Told]:
    """The codes of the tables of a text that have a column of codes, and one of what they mean.

    ``sure`` is true where the text is about errors; else a column must say that it is.
    """
    for rows in (*_markdown(text), *_html(text)):
        head = [plain(cell) for cell in rows[0]] if rows else []
        code = _column(head, _CODE_HEAD)
        meant = [_column(head, names) for names in (_STATUS_HEAD, _MESSAGE_HEAD, _TEXT_HEAD, _ACTION_HEAD)]
        about = sure or any("error" in name or "exception" in name for name in head)
        if code is None or not about or all(index in (None, code) for index in meant):
            continue
        for row in rows[1:]:
            word = _bare(row[code]) if code < len(row) else ""
            if WORD.fullmatch(word) and not _STATUS.fullmatch(word):
                yield _of_row(word, row, meant)


def _of_row(code: str, row: Sequence[str], columns: Sequence[int | None]) -> Told:
    cells = [row[index] if index is not None and index < len(row) else "" for index in columns]
    statuses = tuple(int(one) for one in _STATUS.findall(cells[0])[:5])
    named = zip(("message", "description", "resolution"), cells[1:], strict=True)
    return Told(code, tuple((name, words) for name, cell in named if (words := _tidy(cell))), statuses)


def _column(head: Sequence[str], names: Sequence[str]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _bare(cell: str) -> str:
    return cell.strip().strip("`*_\"' ").strip()


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("`", "")).strip(" *|")[:LONGEST]


def _markdown(text: str) -> Iterator[list[list[str]]]:
    """The tables whose rows are lines with ``|``, each a list of rows of cells."""
    rows: list[list[str]] = []
    for line in (*text.splitlines()[:MOST_LINES], ""):
        if "|" not in line:
            if len(rows) > 1:
                yield rows
            rows = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            rows.append(cells)


def _html(text: str) -> Iterator[list[list[str]]]:
    for grid in page(text).grids if "<t" in text else ():
        yield [list(cells) for cells in (grid.header, *(row.cells for row in grid.rows))]
