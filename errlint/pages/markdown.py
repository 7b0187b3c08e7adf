"""Pages in GitHub's Markdown; links between them are relative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from errlint.checks.life import past
from errlint.export.markdown import inline
from errlint.export.markdown import markdown_text as catalog_text
from errlint.model.catalog import Catalog
from errlint.pages import TITLE
from errlint.pages.facts import RulePage, short
from errlint.pages.prose import Link, links, pieces
from errlint.pages.samples import OPEN, Sample
from errlint.pages.site import CatalogPage, grouped
from errlint.report.visible import visible

INDEX = "README.md"


def rule_text(page: RulePage, ids: Iterable[str]) -> str:
    """The page of a rule, which lies beside those of the rules ``ids``."""
    link = links({*ids} - {page.id}, "{}.md")
    lines = [
        f"[All rules](../{INDEX}) · {inline(short(page.id))}",
        "",
        f"# {page.id} {inline(page.name)}",
        "",
        _prose(page.summary, link),
        "",
        "| | |",
        "|---|---|",
        *(f"| {_prose(label, link)} | {_prose(text, link)} |" for label, text in page.facts),
    ]
    for title, text in (("Why", page.why), ("What to do", page.fix)):
        lines += ["", f"## {title}", "", _prose(text, link)]
    if page.options:
        lines += ["", "## Options", "", *_options(page, link)]
    lines += ["", "## Reported", *_samples(page.bad, link)]
    lines += ["", "## Not reported", *_samples(page.good, link)]
    if page.irrelevant:
        lines += ["", "### Looks alike, is another matter", *_samples(page.irrelevant, link, 0)]
    lines += ["", "## Leave it out", *_ignoring(page, link)]
    seen = (*page.references, *(f"takes the place of {one}" for one in page.supersedes))
    if seen:
        lines += ["", "## See also", "", *(f"- {_prose(text, link)}" for text in seen)]
    return "\n".join(lines) + "\n"


def catalog_page(catalog: Catalog) -> str:
    """The page of a catalog."""
    return f"[All rules and catalogs](../{INDEX})\n\n{catalog_text(catalog)}"


def index_text(rules: Sequence[RulePage], catalogs: Sequence[CatalogPage]) -> str:
    """The page that leads to all others."""
    link = links((page.id for page in rules), "rules/{}.md")
    lines = [f"# {TITLE}", "", f"{len(rules)} rules, {len(catalogs)} catalogs of error codes."]
    lines += ["", "## Catalogs", "", "| Catalog | Codes |", "| --- | ---: |"]
    lines += [f"| [{inline(one.title)}](catalogs/{one.name}.md) | {len(one.catalog.codes)} |" for one in catalogs]
    for title, pages in grouped(rules):
        lines += ["", f"## {title}", "", "| Rule | Name | Reports | Severity |", "| --- | --- | --- | --- |"]
        for page in pages:
            cells = f"[{page.id}](rules/{page.id}.md)", inline(page.name), _prose(page.summary, link), inline(page.severity)
            lines.append(f"| {' | '.join(cells)} |")
    gone = past().rules
    if gone:
        lines += ["", "## Removed", "", *(f"- {_prose(one.told(), link)}" for one in gone)]
    return "\n".join(lines) + "\n"


def _options(page: RulePage, link: Link) -> Iterator[str]:
    described = any(option.description for option in page.options)
    yield "| Option | Values | Default |" + (" Meaning |" if described else "")
    yield "| --- | --- | --- |" + (" --- |" if described else "")
    for option in page.options:
        cells = [_code(option.name), _prose(option.values, link), _code(option.default)]
        yield f"| {' | '.join(cells + [_prose(option.description, link)] * described)} |"


def _samples(samples: Sequence[Sample], link: Link, opened: int = OPEN) -> Iterator[str]:
    for one in samples[:opened]:
        yield from _sample(one, link)
    rest = samples[opened:]
    if rest:
        more = " more" if opened else ""
        yield from ("", f"<details><summary>{len(rest)}{more} {'example' if len(rest) == 1 else 'examples'}</summary>")
        for number, one in enumerate(rest):
            yield from ("", "---") if number else ()
            yield from _sample(one, link)
        yield from ("", "</details>")


def _sample(one: Sample, link: Link) -> Iterator[str]:
    given = [*([f"catalog [builtin:{one.builtin}](../catalogs/{one.builtin}.md)"] if one.builtin else [])]
    given += [_prose(text, link) for text in one.given]
    if one.note:
        yield from ("", f"*{_prose(one.note, link)}*")
    if given:
        yield from ("", f"Given: {'; '.join(given)}.")
    for block in one.blocks:
        yield from ("", f"{inline(block.label)}:", "", *fenced(block.text, block.language))
    if one.says:
        at = f" at {_code(one.at)}" if one.at else ""
        yield from ("", f"errlint says{at}:", "", *fenced(one.says, "text"))


def _ignoring(page: RulePage, link: Link) -> Iterator[str]:
    for what, language, text in page.left_out:
        yield from ("", f"{_prose(what, link)}:", "", *fenced(text, language))


def _prose(text: str, link: Link) -> str:
    shown = []
    for kind, words, target in pieces(" ".join(text.split()), link):
        if kind == "code":
            shown.append(_code(words))
        elif kind == "link":
            shown.append(f"[{inline(words)}]({target})")
        else:
            # inline() trims its text: what stands beside code and links keeps its distance
            before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            shown.append(f"{before}{inline(words)}{after}" if words.strip() else words)
    return "".join(shown)


def _code(text: str) -> str:
    """A code span, in a table too; its fence is longer than any in the text."""
    if not text:
        return ""
    text = visible(text).replace("|", "\\|")
    fence = "`" * (_longest(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fenced(text: str, language: str) -> list[str]:
    """A text as it is, in a fence that it cannot close."""
    fence = "`" * max(3, _longest(text) + 1)
    return [f"{fence}{language}", *(visible(line) for line in text.rstrip("\n").split("\n")), fence]


def _longest(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
