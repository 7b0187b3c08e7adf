"""``--to html``: a reference as one page that needs nothing else: search, filters, an anchor for each code.

The page is whole without JavaScript, which only hides what a filter excludes; it makes no request (its policy allows none).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files

from errlint.export.reference import Row, Section, sections, title
from errlint.export.samples import shown_statuses
from errlint.model.catalog import Catalog
from errlint.report.visible import visible


@cache
def _file(name: str) -> str:
    return (files("errlint.export") / name).read_text(encoding="utf-8")


def html_text(catalog: Catalog, home: str = "") -> str:
    """The page, UTF-8. ``home`` is the address of the page above it, relative, empty without one."""
    style, script = _file("html.css"), _file("html.js")
    policy = (
        f"default-src 'none'; style-src '{policy_hash(style)}'; script-src '{policy_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    name, found = title(catalog), sections(catalog)
    count = len(catalog.codes)
    version = f", version {shown(catalog.version)}" if catalog.version else ""
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{shown(name)}: error codes</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        *([f'<p><a href="{shown(home)}">All pages</a></p>'] if home else []),
        f"<h1>{shown(name)}: error codes</h1>",
        f'<p class="soft">{count} {"entry" if count == 1 else "entries"}{version}. <span id="count"></span></p>',
        *_form(catalog, found),
        "<main>",
        *(line for section in found for line in _section(section, len(found) > 1)),
        "</main>",
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def policy_hash(text: str) -> str:
    """A script or style as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def shown(text: str) -> str:
    """A text as HTML that shows it, in elements and in quoted attributes; line breaks stay."""
    return escape("\n".join(visible(line) for line in text.splitlines()))


def _form(catalog: Catalog, found: tuple[Section, ...]) -> Iterator[str]:
    statuses = sorted({status for code in catalog.codes for status in shown_statuses(code.statuses)})
    yield "<form hidden>"
    yield '<input type="search" name="search" placeholder="Code, name or text" aria-label="Search" autocomplete="off">'
    yield from _select("status", "Every status", ((str(status), str(status)) for status in statuses))
    yield from _select("layer", "Every layer", ((section.id, section.title) for section in found))
    yield "</form>"


def _select(name: str, every: str, choices: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f'<select name="{name}" aria-label="{every}">'
    yield f'<option value="">{every}</option>'
    yield from (f'<option value="{shown(value)}">{shown(text)}</option>' for value, text in choices)
    yield "</select>"


def _section(section: Section, titled: bool) -> Iterator[str]:
    yield "<section>"
    if titled:
        yield f"<h2>{shown(section.title)}</h2>"
        words = f"{section.id}: {section.scope}" if section.scope else section.id
        yield f'<p class="soft">{shown(words)}.</p>'
    for block in section.blocks:
        yield "<section>"
        if block.title:
            yield f"<h3>{shown(block.title)}</h3>"
        for row in block.rows:
            yield from _article(row)
        yield "</section>"
    yield "</section>"


def _article(row: Row) -> Iterator[str]:
    statuses = " ".join(map(str, shown_statuses(row.code.statuses)))
    yield f'<article id="{shown(row.anchor)}" data-status="{statuses}" data-layer="{shown(row.code.layer)}">'
    name = f' <span class="soft">{shown(row.code.name)}</span>' if row.code.name else ""
    life = f' <span class="life">{shown(row.life)}</span>' if row.life else ""
    yield (
        f'<header><a href="#{shown(row.anchor)}">{shown(row.shown)}</a> '
        f'<span class="status">{shown(row.statuses)}</span>{name}{life}</header>'
    )
    facts = (
        ("message", row.message),
        ("for example", row.example),
        ("meaning", row.description),
        ("what to do", row.resolution),
        ("retry", row.retry),
        *row.facts,
    )
    yield "<dl>"
    yield from (f"<dt>{shown(label)}</dt><dd>{shown(text)}</dd>" for label, text in facts if text)
    yield "</dl>"
    yield "</article>"
