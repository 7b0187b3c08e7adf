"""``--to markdown``: a reference in GitHub's Markdown, a table for each category, an anchor for each code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from errlint.export.reference import Block, Row, sections, title
from errlint.model.catalog import Catalog
from errlint.report.visible import visible

_MARKED = re.compile(r"[\\`*\[\]|~#]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "$": "&#36;"}

COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Code", lambda row: f'<a id="{row.anchor}"></a>{inline(row.shown)}'),
    ("Status", lambda row: inline(row.statuses)),
    ("Name", lambda row: inline(row.code.name)),
    ("Message", lambda row: _joined(row.message, f"e.g. {row.example}" if row.example else "")),
    ("Meaning", lambda row: _joined(row.description, *(f"{label}: {text}" for label, text in row.facts))),
    ("What to do", lambda row: inline(row.resolution)),
    ("Retry", lambda row: inline(row.retry)),
    ("Life", lambda row: inline(row.life)),
)


def markdown_text(catalog: Catalog) -> str:
    """The reference; columns that a table would leave empty are left out."""
    count = len(catalog.codes)
    version = f", version {inline(catalog.version)}" if catalog.version else ""
    lines = [f"# {inline(title(catalog))}: error codes", "", f"{count} {'entry' if count == 1 else 'entries'}{version}."]
    found = sections(catalog)
    for section in found:
        if len(found) > 1:
            words = f"{section.id}: {section.scope}" if section.scope else section.id
            lines += ["", f"## {inline(section.title)}", "", f"{inline(words)}."]
        for block in section.blocks:
            if block.title:
                lines += ["", f"{'###' if len(found) > 1 else '##'} {inline(block.title)}"]
            lines += ["", *_table(block)]
    return "\n".join(lines) + "\n"


def _table(block: Block) -> Iterator[str]:
    columns = [(name, [cell(row) for row in block.rows]) for name, cell in COLUMNS]
    kept = [(name, cells) for name, cells in columns if any(cells)]
    yield f"| {' | '.join(name for name, _ in kept)} |"
    yield f"|{'|'.join(' --- ' for _ in kept)}|"
    for cells in zip(*(cells for _, cells in kept), strict=True):
        yield f"| {' | '.join(cells)} |"


def _joined(*texts: str) -> str:
    return "<br>".join(inline(text) for text in texts if text)


def inline(text: str) -> str:
    """A text that Markdown shows as it is: no markup, no HTML, no mention, no line break but ``<br>``."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "<br>".join(_line(visible(line)) for line in lines if line)


def _line(text: str) -> str:
    marked = _MARKED.sub(lambda found: "\\" + found[0], text)
    return "".join(_ENTITIES.get(sign, sign) for sign in marked)
