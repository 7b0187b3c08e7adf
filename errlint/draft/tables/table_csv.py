"""Tables as comma-, semicolon- or tab-separated values (RFC 4180)."""

from __future__ import annotations

import csv
import io

from errlint.draft.tables import headers
from errlint.draft.tables.grids import Grid, Line, Page
from errlint.errors import LoadError
from errlint.model.finding import Location

DELIMITERS = (",", ";", "\t", "|")
LONGEST = 1_000_000
"""Characters of a cell."""


def page(text: str, uri: str) -> Page:
    """The one table of a file; its first row is the header. Raises: LoadError."""
    delimiter = _delimiter(text)
    rows: list[Line] = []
    unread = []
    header: tuple[str, ...] = ()
    before = csv.field_size_limit(LONGEST)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        start = 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = tuple(cell.strip() for cell in cells)
            elif len(cells) > len(header):
                unread.append((line, delimiter.join(cells)[:80]))
            else:
                rows.append(Line((*cells, *[""] * (len(header) - len(cells))), line))
    except csv.Error as error:
        raise LoadError(f"no table of values: {error}", Location(uri, (), start, 1)) from None
    finally:
        csv.field_size_limit(before)
    return Page((Grid(header, tuple(rows), "", 1, tuple(unread)),) if header else (), "")


def _delimiter(text: str) -> str:
    """What parts the cells: of the usual ones that with the most known columns, then that with the most columns."""
    line = text.lstrip()[:LONGEST].partition("\n")[0][:10_000]

    def fit(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in line.split(delimiter)]
        return sum(headers.meant(cell) is not None for cell in cells), len(cells)

    return max(DELIMITERS, key=fit)
