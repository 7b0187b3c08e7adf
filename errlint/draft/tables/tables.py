"""The tables of a page -> a draft: one entry a row, categories from headings, layers from the bodies that rows show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from errlint.draft.merge import ANY_BODY, MAIN, UNKNOWN
from errlint.draft.statuses import is_status
from errlint.draft.tables import cells, facts, headers, headings
from errlint.draft.tables.cells import Told
from errlint.draft.tables.grids import Grid, Line, Page
from errlint.draft.tables.wholes import told_apart, united
from errlint.model.draft import Draft, Entry
from errlint.model.record import replace


def draft(page: Page, uri: str) -> Draft:
    """The draft of a page; its ``read`` lines say what was read, ``doubts`` what is to be decided."""
    told: list[Told] = []
    categories: dict[str, Mapping[str, Any]] = {}
    unread: list[str] = []
    skipped: list[str] = []
    tables = 0
    for grid in page.grids:
        rows = list(_rows(grid, uri))
        why = _no_codes(grid, rows)
        if why:
            skipped.append(f"the table at line {grid.line} is left out: {why}" if grid.line else f"a table is left out: {why}")
            continue
        tables += 1
        told += _categorised(rows, grid, categories)
        unread += [f"{uri}:{line}: no row of the table: “{' '.join(text.split())[:60]}”" for line, text in grid.unread]
    found = facts.of_page(page, uri)
    if found.message_is_description:
        told = [replace(one, entry=_as_message(one.entry)) for one in told]
    drawn = _layered(told, found.envelope)
    entries, repeated = united(drawn.entries)
    entries = told_apart(entries)
    read = [f"{uri}: {len(told)} {_many('row', len(told))} in {tables} {_many('table', tables)}, {_codes(entries)}"]
    read += _counts(told, repeated, unread, skipped)
    read += found.read
    titles = {one.entry.fields["category"]: one.category for one in reversed(told) if one.category}
    own = {id_: {"title": titles.get(id_, id_)} for entry in entries if (id_ := entry.fields.get("category"))}
    return Draft(
        entries,
        found.service,
        drawn.envelopes,
        drawn.layers,
        {**own, **categories},
        (*drawn.doubts, *_claims(found.service, entries), *_numbers(entries), *unread),
        tuple(read),
    )


def _many(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _codes(entries: Sequence[Entry]) -> str:
    return f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"


def _rows(grid: Grid, uri: str) -> Iterator[Told]:
    """The rows of a table; one that has neither a code nor a status goes on with the row above it."""
    columns = headers.fields(grid.header)
    rows: list[tuple[Line, dict[str, list[str]]]] = []
    for line in grid.rows:
        held = {field: text for field, text in zip(columns, line.cells, strict=False) if field is not None and text.strip()}
        if all(text.strip().lower() in cells.NOTHING for text in held.values()):
            continue
        if rows and not held.keys() & {"code", "status"}:
            for field, text in held.items():
                rows[-1][1].setdefault(field, []).append(text)
        else:
            rows.append((line, {field: [text] for field, text in held.items()}))
    for line, texts in rows:
        joined = {field: "\n".join(parts) for field, parts in texts.items()}
        yield cells.entry(joined, line, f"{uri}:{line.line}" if line.line else uri)


def _no_codes(grid: Grid, rows: Sequence[Told]) -> str:
    """Why a table is none of error codes, empty where it is one."""
    columns = headers.fields(grid.header)
    if "code" not in columns:
        return f"no column is called code ({', '.join(grid.header)[:80]})"
    codes = [one.entry.code for one in rows if one.entry.code is not None]
    if codes and all(is_status(code) for code in codes) and not any(one.seen for one in rows):
        return "its codes are HTTP statuses"
    if "status" not in columns and not any(_is_code(code) for code in codes):
        return f"its column {grid.header[columns.index('code')]} holds no codes"
    if not rows and not grid.unread:
        return "it has no rows"
    return ""


def _is_code(code: Any) -> bool:
    """Whether a value looks like an error code: a number, or one word in capitals, with digits, or of several parts."""
    if isinstance(code, int):
        return True
    return (
        isinstance(code, str)
        and " " not in code
        and (any(c in "_.-:" or c.isdigit() for c in code) or code.isupper() or not code.islower())
    )


def _categorised(rows: list[Told], grid: Grid, categories: dict[str, Mapping[str, Any]]) -> list[Told]:
    codes = [str(one.entry.code) for one in rows if one.entry.code is not None]
    found = headings.category(grid.heading, codes)
    if found is None:
        return rows
    id_, category = found
    known = categories.get(id_)
    if known is not None and known != category:
        id_, number = f"{id_}-2", 2
        while id_ in categories:
            number += 1
            id_ = f"{found[0]}-{number}"
    categories[id_] = category
    return [replace(one, entry=replace(one.entry, fields={**one.entry.fields, "category": id_})) for one in rows]


def _as_message(entry: Entry) -> Entry:
    """The entry with its description as its message: the page's example shows that the service sends just that."""
    if "message" in entry.fields or "description" not in entry.fields:
        return entry
    return replace(entry, fields={("message" if k == "description" else k): v for k, v in entry.fields.items()})


def _layered(told: Sequence[Told], example: str | None) -> Draft:
    """The entries with their layers: one layer an envelope where rows show several, none where all are of one kind."""
    shown = list(dict.fromkeys(one.seen.envelope for one in told if one.seen is not None))
    bare = any(one.seen is None for one in told)
    names = [example] if not shown and example else shown
    if not names:
        return Draft(tuple(one.entry for one in told))
    envelopes: dict[str, Mapping[str, Any]] = {name: {"use": name} for name in names}
    if len(names) == 1 and (not bare or not shown):
        layers = {MAIN: {"envelope": names[0], "applies_to": "declared-operations", "in_spec": "required", "codes": "closed"}}
        return Draft(tuple(one.entry for one in told), envelopes=envelopes, layers=layers)
    layers = {name: {"envelope": name} for name in names}
    doubts: tuple[str, ...] = ()
    if bare:
        first = next(str(one.entry.code) for one in told if one.seen is None)
        number = sum(1 for one in told if one.seen is None)
        if example is None:
            envelopes[UNKNOWN] = ANY_BODY
            doubts = (f"no row shows the body of {first} and {number - 1} more: which envelope do they come in?",)
        layers = {MAIN: {"envelope": example or UNKNOWN}, **layers}
    return Draft(tuple(_placed(one, MAIN) for one in told), envelopes=envelopes, layers=layers, doubts=doubts)


def _placed(one: Told, main: str) -> Entry:
    fields = dict(one.entry.fields)
    fields.setdefault("layer", one.seen.envelope if one.seen is not None else main)
    if fields.get("code") is None and one.seen is not None:
        statuses = one.entry.statuses
        fields["id"] = f"{one.seen.envelope}.{statuses[0]}" if statuses else one.seen.envelope
    doubts = one.entry.doubts
    if cells.varies(fields):
        doubts = (*doubts, "its message is one example: which of it varies? write {name} there")
    return Entry(fields, one.entry.evidence, doubts)


def _counts(told: Sequence[Told], repeated: Sequence[str], unread: Sequence[str], skipped: Sequence[str]) -> Iterator[str]:
    no_code = sum(1 for one in told if one.entry.code is None)
    no_status = sum(1 for one in told if not one.entry.statuses)
    parsed = sum(1 for one in told if one.parsed)
    unknown = sum(1 for one in told if one.parsed and one.seen is None)
    ambiguous = sum(1 for one in told if one.entry.doubts)
    if repeated:
        yield f"{len(repeated)} {_many('code', len(repeated))} in several rows, united: {', '.join(repeated[:5])}"
    if parsed:
        yield f"{parsed} {_many('row', parsed)} with a body in a cell, read" + (
            f"; {unknown} of no known envelope" if unknown else ""
        )
    if no_code:
        yield f"{no_code} {_many('row', no_code)} without a code"
    if no_status:
        yield f"{no_status} {_many('row', no_status)} without a status"
    if ambiguous:
        yield f"{ambiguous} {_many('row', ambiguous)} that could be read in two ways"
    if unread:
        yield f"{len(unread)} {_many('line', len(unread))} of the tables not read"
    yield from skipped


def _claims(service: Mapping[str, Any], entries: Sequence[Entry]) -> Iterator[str]:
    claimed = service.get("expect_count")
    if claimed is not None and claimed != len(entries):
        yield f"the page says {claimed} codes, its tables have {len(entries)}: which is right?"


def _numbers(entries: Sequence[Entry]) -> Iterator[str]:
    """What a table cannot say: whether a code of digits is a number or a text in the body."""
    found = [entry for entry in entries if isinstance(entry.code, int) and "match" not in entry.fields]
    if found:
        told = f"codes are digits, such as {found[0].code}" if len(found) > 1 else f"the code {found[0].code} is digits"
        yield f"{told}: numbers in the body, or texts? quote texts"
