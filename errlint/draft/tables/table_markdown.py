"""Tables in Markdown: cells between pipes (GitHub Flavored Markdown, section 4.10), and tables drawn with ``+--+``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from errlint.draft.tables.grids import Grid, Line, Page
from errlint.draft.tables.table_text import page as text_page

DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
RULE = re.compile(r"\s*\+[-=+:]+\+\s*")
FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*")
LONGEST = 50_000

TICKS = re.compile("`+")
LITERAL = re.compile(r"`+|\\[!-/:-@\[-`{-~]")
FIRST_ASIDE, MOST_ASIDE = 0xE000, 0x1900
ASIDE = re.compile("[\ue000-\uf8ff]")
"""Private characters (Unicode's Private Use Area) that stand for what is set aside; a page's own are left out."""

LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
BREAK = re.compile(r"<br\s*/?>", re.I)
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


def page(text: str) -> Page:
    """The tables of a Markdown page; one without any is read as plain text."""
    lines = text.splitlines()
    grids = tuple(_grids(lines))
    if not grids:
        return text_page(text)
    title = next((found[2] for line in lines if len(line) < 500 and (found := HEADING.fullmatch(line))), "")
    return Page(grids, text, title)


def is_table(text: str) -> bool:
    """Whether a text holds the start of a pipe table: a row of cells above a row of dashes."""
    lines = text.splitlines()
    return any(
        len(below) <= LONGEST and "|" in above and "-" in below and "|" in below and DELIMITER.fullmatch(below)
        for above, below in pairwise(lines)
    )


def _grids(lines: Sequence[str]) -> Iterator[Grid]:
    heading, fenced, index = "", "", 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if len(line) > LONGEST:
            continue
        fence = FENCE.match(line)
        if fence and (not fenced or line.strip().startswith(fenced)):
            fenced = "" if fenced else fence[1]
        titled = HEADING.fullmatch(line) if not fenced and line.lstrip().startswith("#") else None
        if titled:
            heading = _plain(ASIDE.sub("", titled[2]))
        if fenced or "|" not in line or RULE.fullmatch(line):
            continue
        below = lines[index] if index < len(lines) and len(lines[index]) <= LONGEST else ""
        if RULE.fullmatch(below) or ("|" in below and DELIMITER.fullmatch(below)):
            made, index = _grid(lines, index - 1, heading)
            yield made


def _grid(lines: Sequence[str], start: int, heading: str) -> tuple[Grid, int]:
    """The table whose header is at a line, and the line after it."""
    header = _cells(lines[start])
    rows, unread = [], []
    index = start + 2
    while index < len(lines) and lines[index].strip() and ("|" in lines[index] or RULE.fullmatch(lines[index])):
        text = lines[index]
        index += 1
        if RULE.fullmatch(text):
            continue
        if len(text) > LONGEST:
            unread.append((index, text[:80]))
            continue
        if _is_heading(text):
            continue
        cells = _cells(text)
        doubts = ("its row has more cells than the header: is a | in it not escaped?",) if len(cells) > len(header) else ()
        filled = (*cells, *[""] * (len(header) - len(cells)))[: len(header)]
        rows.append(Line(filled, index, doubts))
    return Grid(header, tuple(rows), heading, start + 1, tuple(unread)), index


def _is_heading(line: str) -> bool:
    """Whether a row is a heading inside of the table: in bold, and most of its cells empty."""
    cells = [TAG.sub("", cell).strip() for cell in line.strip().strip("|").split("|")]
    held = [cell for cell in cells if cell]
    return (
        len(held) * 2 <= len(cells)
        and bool(held)
        and all(cell[:2] in ("**", "__") and cell[-2:] == cell[:2] and len(cell) > 4 for cell in held)
    )


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a row; ``\\|`` is a pipe inside of one."""
    text = ASIDE.sub("", line.strip().removeprefix("|"))
    cells = re.split(r"(?<!\\)\|", text)
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return tuple(_plain(cell.replace("\\|", "|").strip()) for cell in cells)


def _plain(text: str) -> str:
    """The text of a cell without its markup; what stands in backticks or behind a backslash is kept as it is."""
    kept: list[str] = []
    marked = _unmarked(_set_aside(text, kept))
    return re.sub(ASIDE, lambda found: kept[ord(found[0]) - FIRST_ASIDE], marked).strip() if kept else marked.strip()


def _set_aside(text: str, kept: list[str]) -> str:
    """The text with a private character for each piece that no markup is looked for in; ``kept`` gets these pieces."""
    parts: list[str] = []
    open_ended: set[int] = set()
    at = 0
    for found in LITERAL.finditer(text):
        if found.start() < at or len(kept) == MOST_ASIDE:
            continue
        run = found[0]
        end = found.end()
        if run[0] == "`":
            close = -1 if len(run) in open_ended else _closing(text, end, run)
            if close < 0:
                open_ended.add(len(run))
                continue
            piece, end = text[found.end() : close].strip(), close + len(run)
        else:
            piece = run[1]
        parts += [text[at : found.start()], chr(FIRST_ASIDE + len(kept))]
        kept.append(piece)
        at = end
    return "".join(parts) + text[at:]


def _closing(text: str, at: int, run: str) -> int:
    """Where the next run of just as many backticks starts, -1 where none does."""
    return next((found.start() for found in TICKS.finditer(text, at) if len(found[0]) == len(run)), -1)


def _unmarked(text: str) -> str:
    text = TAG.sub("", BREAK.sub("\n", LINK.sub(r"\1", text)))
    parts = text.split("**")
    strong = [part for part in parts[1:-1:2] if part and part == part.strip()]
    if len(parts) > 2 and len(parts) % 2 and len(strong) == len(parts) // 2:
        text = "".join(parts)
    if len(text) > 4 and text.startswith("__") and text.endswith("__"):
        text = text[2:-2]
    return html.unescape(text)
