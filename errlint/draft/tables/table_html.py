"""Tables in HTML: cells over several rows and columns, nested tables, whatever markup is inside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from errlint.draft.tables.grids import Grid, Line, Page
from errlint.model.record import field, mutable

SILENT = frozenset(("script", "style", "template", "noscript"))
BREAKING = frozenset(("br", "p", "div", "li", "tr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table", "dt", "dd", "section"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption"))
NOTE = re.compile(r"\s*[\[(]?(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z])[\])]?\s*")
"""What a superscript says that is the mark of a footnote."""

WIDEST = 100
TALLEST = 1_000
DEEPEST = 50


@mutable
class _Cell:
    texts: list[str] = field(default_factory=list)
    rows: int = 1
    columns: int = 1
    is_header: bool = False


@mutable
class _Table:
    """A table while it is read: ``held`` are cells that reach into the rows below, by column, with the rows left."""

    line: int
    heading: str
    rows: list[tuple[int, tuple[str, ...], bool]] = field(default_factory=list)
    row: list[_Cell] | None = None
    start: int = 0
    held: dict[int, tuple[str, int]] = field(default_factory=dict)

    def close_row(self) -> None:
        if self.row is None:
            return
        cells: list[str] = []
        own, self.row = self.row, None
        for cell in own:
            self._fill(cells)
            text = _text(cell.texts)
            for _ in range(cell.columns):
                if cell.rows > 1:
                    self.held[len(cells)] = (text, cell.rows - 1)
                cells.append(text)
        self._fill(cells)
        if own:
            self.rows.append((self.start, tuple(cells), all(cell.is_header for cell in own)))

    def _fill(self, cells: list[str]) -> None:
        """Puts the cells in that reach down from the rows above."""
        while len(cells) in self.held and len(cells) < WIDEST * 10:
            text, left = self.held.pop(len(cells))
            if left > 1:
                self.held[len(cells)] = (text, left - 1)
            cells.append(text)

    def grid(self) -> Grid | None:
        self.close_row()
        if len(self.rows) < 2:
            return None
        last = next((at for at, (_, _, is_header) in enumerate(self.rows) if not is_header), 0)
        first = max(last - 1, 0)  # of several header rows the last one names each column
        _, header, _ = self.rows[first]
        lines, unread = [], []
        for line, cells, _ in self.rows[first + 1 :]:
            if cells == header:
                continue  # repeated, as the foot of a table does
            if len(set(cells)) == 1 and len(header) > 1 and cells[0] and len(cells) > 1:
                continue  # one cell over the whole width is a heading inside of the table
            if len(cells) > len(header):
                unread.append((line, " ".join(cells)[:80]))
            else:
                lines.append(Line((*cells, *[""] * (len(header) - len(cells))), line))
        return Grid(header, tuple(lines), self.heading, self.line, tuple(unread))


def _text(texts: list[str]) -> str:
    lines = (re.sub(r"[ \t\r\f\v\xa0]+", " ", line).strip() for line in "".join(texts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.grids: list[Grid] = []
        self.text: list[str] = []
        self.heading = ""
        self.title = ""
        self.silent = ""
        self.open_heading: list[str] | None = None
        self.in_title = False
        self.raised: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent:
            return
        if tag in SILENT:
            self.silent = tag
        elif tag == "title":
            self.in_title = True
        elif tag == "table" and len(self.tables) < DEEPEST:
            self.tables.append(_Table(self.getpos()[0], self.heading))
        elif tag == "tr" and self.tables:
            self.tables[-1].close_row()
            self.tables[-1].row, self.tables[-1].start = [], self.getpos()[0]
        elif tag == "sup":
            self._lower()
            self.raised = []
        elif tag in ("td", "th") and self.tables:
            self._lower()
            self._open_cell(tag, dict(attrs))
        elif tag in HEADINGS:
            self.open_heading = []
        self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def _open_cell(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if table.row is None:
            table.row, table.start = [], self.getpos()[0]
        if len(table.row) < WIDEST * 10:
            rows = _span(attributes.get("rowspan"), TALLEST)
            table.row.append(_Cell([], rows, _span(attributes.get("colspan"), WIDEST), tag == "th"))

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            self.silent = "" if tag == self.silent else self.silent
            return
        if tag == "title":
            self.in_title = False
        elif tag in ("sup", "td", "th"):
            self._lower()
        elif tag == "table" and self.tables:
            self._close_table()
        elif tag == "tr" and self.tables:
            self.tables[-1].close_row()
        elif tag in HEADINGS and self.open_heading is not None:
            self.heading = _text(self.open_heading).replace("\n", " ")
            self.open_heading = None
            if tag == "caption" and self.tables:
                self.tables[-1].heading = self.heading
        self._break(tag)

    def _lower(self) -> None:
        """Ends a superscript: the number of a footnote is no part of the text."""
        if self.raised is not None:
            text, self.raised = "".join(self.raised), None
            if not NOTE.fullmatch(text):
                self._say(text)

    def _break(self, tag: str) -> None:
        if tag in BREAKING:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            if self.in_title:
                self.title += data
            if self.raised is not None and len(self.raised) < 100:
                self.raised.append(data)
            else:
                self._say(data)

    def _say(self, text: str) -> None:
        self.text.append(text)
        if self.open_heading is not None:
            self.open_heading.append(text)
        if self.tables and self.tables[-1].row:
            self.tables[-1].row[-1].texts.append(text)

    def _close_table(self) -> None:
        self._lower()
        closed = self.tables.pop()
        made = closed.grid()
        if made is not None:
            self.grids.append(made)
        elif self.tables and self.tables[-1].row:  # a table of one row in a cell is how its text is laid out
            self.tables[-1].row[-1].texts += [f" {text} " for _, cells, _ in closed.rows for text in cells]

    def done(self) -> None:
        self._lower()
        while self.tables:
            self._close_table()


def _span(text: str | None, most: int) -> int:
    return min(max(int(text), 1), most) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1


def page(text: str) -> Page:
    """The tables of an HTML page, inner ones as tables of their own, and its text."""
    reader = _Reader()
    reader.feed(_tamed(text))
    reader.close()
    reader.done()
    plain = re.sub(r"\n\s*\n+", "\n\n", "".join(reader.text))
    return Page(tuple(sorted(reader.grids, key=lambda grid: grid.line)), plain, " ".join(reader.title.split()))


def _tamed(text: str) -> str:
    """The page without comments, and without what never ends: the parser would look for its end again and again."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        parts.append(text[at:start])
        end = text.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(text)
    parts.append(text[at:])
    whole = "".join(parts).replace("<![", "&lt;![")
    end = whole.rfind(">") + 1
    return whole[:end] + whole[end:].replace("<", "&lt;")
