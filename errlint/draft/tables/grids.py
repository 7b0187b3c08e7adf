"""Tables as their readers hand them on: a header and rows of texts, whatever the page was written in."""

from __future__ import annotations

from errlint.model.record import record


@record
class Line:
    """One row: a text a column, the line of the page that it starts at (from 1, 0 where nobody knows), and questions."""

    cells: tuple[str, ...]
    line: int = 0
    doubts: tuple[str, ...] = ()


@record
class Grid:
    """One table: its header, its rows, and the heading above it (``Models ML_1000-1099``), empty where there is none.

    ``unread`` are rows that a reader could not cut into cells, each with its line.
    """

    header: tuple[str, ...]
    rows: tuple[Line, ...]
    heading: str = ""
    line: int = 0
    unread: tuple[tuple[int, str], ...] = ()


@record
class Page:
    """What a page holds: its tables, and its whole text without markup, from which further facts are read."""

    grids: tuple[Grid, ...]
    text: str
    title: str = ""
