"""Tables in Markdown: cells between pipes (GitHub Flavored Markdown, section 4.10), and tables drawn with ``+--+``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from errlint.draft.grids import Grid, Line, Page
from errlint.draft.table_text import page as text_page

DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
RULE = re.compile(r"\s*\+[-=+:]+\+\s*")
FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*")
LONGEST = 50_000

SPAN = re.compile(r"(`+)(.+?)\1(?!`)")
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
BREAK = re.compile(r"<br\s*/?>", re.I)
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


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
            heading = _plain(titled[2])
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
    return len(held) * 2 <= len(cells) and bool(held) and all(STRONG.fullmatch(cell) for cell in held)


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a row; ``\\|`` is a pipe inside of one."""
    text = line.strip().removeprefix("|")
    cells = re.split(r"(?<!\\)\|", text)
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return tuple(_plain(cell.replace("\\|", "|").strip()) for cell in cells)


def _plain(text: str) -> str:
    """The text of a cell without its markup; what stands in backticks is kept as it is."""
    found: list[str] = []
    at = 0
    for span in SPAN.finditer(text):
        found += [_unmarked(text[at : span.start()]), span[2].strip() if span[2].strip() else span[2]]
        at = span.end()
    return ("".join(found) + _unmarked(text[at:])).strip()


def _unmarked(text: str) -> str:
    text = TAG.sub("", BREAK.sub("\n", LINK.sub(r"\1", text)))
    text = STRONG.sub(r"\2", text)
    return html.unescape(ESCAPED.sub(r"\1", text))
