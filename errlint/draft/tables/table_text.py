"""Tables in plain text, as a page gives them when it is copied: glued rows, a paragraph a cell, or aligned columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from errlint.draft.statuses import IN_TEXT
from errlint.draft.tables import headers, table_glued
from errlint.draft.tables.grids import Grid, Line, Page

GAP = re.compile(r"\t+| {2,}")
LONGEST = 20_000
"""Characters of a line that is read at all."""


def page(text: str) -> Page:
    """The tables of a plain text."""
    lines = text.splitlines()
    grids = [*_by_line(lines), *_by_paragraph(lines)]
    return Page(tuple(sorted(grids, key=lambda grid: grid.line)), text, _title(lines))


def _title(lines: Sequence[str]) -> str:
    return next((line.strip() for line in lines if line.strip()), "")[:200]


def _by_line(lines: Sequence[str]) -> Iterator[Grid]:
    """Tables that have a row on a line: glued ones, and those whose columns stand apart."""
    heading = ""
    index = 0
    while index < len(lines):
        text = lines[index]
        index += 1
        if not text.strip() or len(text) > LONGEST:
            continue
        glued = headers.glued(text.strip())
        apart = tuple(GAP.split(text.strip()))
        if glued is not None:
            rows = _until_blank(lines, index)
            made = table_glued.grid(glued, rows, heading, index)
            index += len(rows)
            if made is not None:
                yield made
        elif len(apart) > 1 and headers.is_header(apart):
            rows = _until_blank(lines, index)
            yield _aligned(text, apart, rows, heading, index)
            index += len(rows)
        else:
            heading = text.strip()


def _until_blank(lines: Sequence[str], index: int) -> list[tuple[int, str]]:
    found = []
    for number in range(index, len(lines)):
        if not lines[number].strip():
            break
        found.append((number + 1, lines[number].rstrip()))
    return found


def _aligned(text: str, header: tuple[str, ...], rows: Sequence[tuple[int, str]], heading: str, line: int) -> Grid:
    """Columns that tabs part, or two spaces, or the places at which the header's columns start."""
    starts = [found.end() for found in GAP.finditer(text.rstrip()) if found.start()]
    found, unread = [], []
    for number, row in rows:
        if set(row.strip()) <= set("-=+| \t"):
            continue
        if len(row) > LONGEST:
            unread.append((number, row[:80]))
            continue
        cells = tuple(cell.strip() for cell in (row.split("\t") if "\t" in row else GAP.split(row.strip())))
        if len(cells) != len(header) and "\t" not in row:
            cells = _at(row, [0, *starts]) or cells
        if len(cells) == len(header):
            found.append(Line(cells, number))
        else:
            unread.append((number, row))
    return Grid(header, tuple(found), heading, line, tuple(unread))


def _at(row: str, starts: Sequence[int]) -> tuple[str, ...] | None:
    """The cells of a row by the header's places, None where a word lies across one of them."""
    if any(start and len(row) > start and row[start - 1] != " " and row[start] != " " for start in starts):
        return None
    ends = [*starts[1:], len(row)]
    return tuple(row[start:end].strip() for start, end in zip(starts, ends, strict=True))


def _by_paragraph(lines: Sequence[str]) -> Iterator[Grid]:
    """Tables that have a cell a paragraph: the header's cells first, one after the other."""
    paragraphs = list(_paragraphs(lines))
    index = 0
    while index < len(paragraphs):
        width = _header_width(paragraphs, index)
        if not width:
            index += 1
            continue
        header = tuple(text for _, text in paragraphs[index : index + width])
        end = next((at for at in range(index + width, len(paragraphs)) if _header_width(paragraphs, at)), len(paragraphs))
        heading = paragraphs[index - 1][1] if index else ""
        yield _cells(header, paragraphs[index + width : end], heading, paragraphs[index][0])
        index = end


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    number, held = 0, list[str]()
    for index, line in enumerate((*lines, "")):
        if line.strip() and len(line) <= LONGEST:
            number = number if held else index + 1
            held.append(line.strip())
        elif held:
            yield number, "\n".join(held)
            held = []


def _header_width(paragraphs: Sequence[tuple[int, str]], index: int) -> int:
    """How many paragraphs from here on are column headers, 0 where they are none."""
    width = 0
    while index + width < len(paragraphs) and width < 12 and headers.meant(paragraphs[index + width][1]) is not None:
        width += 1
    texts = [text for _, text in paragraphs[index : index + width]]
    return width if width > 1 and headers.is_header(texts) else 0


def _cells(header: tuple[str, ...], paragraphs: Sequence[tuple[int, str]], heading: str, line: int) -> Grid:
    """A table of one paragraph a cell; a paragraph that ends in a comma goes on in the next one."""
    cells = list(_joined(paragraphs))
    width, columns = len(header), headers.fields(header)
    at = columns.index("status") if "status" in columns else None
    found, unread = [], []
    index = 0
    while index < len(cells):
        row = cells[index : index + width]
        if len(row) < width or (at is not None and not _is_status(row[at][1])):
            unread.append(row[0])
            index += 1
            continue
        found.append(Line(tuple(text for _, text in row), row[0][0]))
        index += width
    return Grid(header, tuple(found), heading, line, tuple(unread))


def _joined(paragraphs: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    held: list[str] = []
    number = 0
    for line, text in paragraphs:
        number = number if held else line
        held.append(text)
        if not text.endswith(","):
            yield number, "\n".join(held)
            held = []
    if held:
        yield number, "\n".join(held)


def _is_status(text: str) -> bool:
    return len(text) <= 40 and IN_TEXT.search(text) is not None
