"""Pages in HTML, each whole in itself: its style inside, no request, a policy that allows none; links are relative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from errlint.checks.life import past
from errlint.export.html import html_text as catalog_text
from errlint.export.html import policy_hash, shown
from errlint.export.names import identity, named, slug
from errlint.model.catalog import Catalog
from errlint.pages import TITLE
from errlint.pages.facts import RulePage, short
from errlint.pages.prose import Link, links, pieces
from errlint.pages.samples import OPEN, Block, Sample
from errlint.pages.site import CatalogPage, grouped

INDEX = "index.html"


@cache
def _file(name: str) -> str:
    return (files("errlint.pages") / name).read_text(encoding="utf-8")


def rule_text(page: RulePage, ids: Iterable[str]) -> str:
    """The page of a rule, which lies beside those of the rules ``ids``."""
    link = links({*ids} - {page.id}, "{}.html")
    body = [
        f'<nav><a href="../{INDEX}">All rules</a> · <a href="../{INDEX}#{page.id[:3]}">{shown(short(page.id))}</a></nav>',
        f"<h1>{page.id} <span>{shown(page.name)}</span></h1>",
        f'<p class="lead">{_prose(page.summary, link)}</p>',
        "<dl>",
        *(f"<dt>{_prose(label, link)}</dt><dd>{_prose(text, link)}</dd>" for label, text in page.facts),
        "</dl>",
        f"<h2>Why</h2><p>{_prose(page.why, link)}</p>",
        f"<h2>What to do</h2><p>{_prose(page.fix, link)}</p>",
        *_options(page, link),
        "<h2>Reported</h2>",
        *_samples(page.bad, link),
        "<h2>Not reported</h2>",
        *_samples(page.good, link),
        *(["<h3>Looks alike, is another matter</h3>"] if page.irrelevant else []),
        *_samples(page.irrelevant, link, 0),
        *_ignoring(page, link),
    ]
    seen = (*page.references, *(f"takes the place of {one}" for one in page.supersedes))
    if seen:
        body += ["<h2>See also</h2>", "<ul>", *(f"<li>{_prose(text, link)}</li>" for text in seen), "</ul>"]
    return _page(f"{page.id} {page.name} · errlint", body)


def catalog_page(catalog: Catalog) -> str:
    """The page of a catalog."""
    return catalog_text(catalog, f"../{INDEX}")


def index_text(rules: Sequence[RulePage], catalogs: Sequence[CatalogPage]) -> str:
    """The page that leads to all others, with a search over rules and codes."""
    link = links((page.id for page in rules), "rules/{}.html")
    codes = sum(len(one.catalog.codes) for one in catalogs)
    body = [
        f"<h1>{TITLE}</h1>",
        f'<p class="soft">{len(rules)} rules, {codes} codes in {len(catalogs)} catalogs. <span id="count"></span></p>',
        '<form hidden><input type="search" name="search" placeholder="Rule, code or text" aria-label="Search"'
        ' autocomplete="off"></form>',
        "<main>",
    ]
    own = [one for one in catalogs if not one.shipped]
    shipped = [one for one in catalogs if one.shipped]
    body.insert(2, _chapters(own, rules, shipped))
    for one in own:
        body += _codes(one)
    for name, pages in grouped(rules):
        body += [f'<section id="{pages[0].id[:3]}">', f"<h2>{shown(name)}</h2>", "<table>"]
        body += ["<thead><tr><th>Rule</th><th>Reports</th><th>Severity</th></tr></thead>", "<tbody>"]
        body += [
            f'<tr><td><a href="rules/{page.id}.html">{page.id}</a><br><span class="soft">{shown(page.name)}</span></td>'
            f"<td>{_prose(page.summary, link)}</td><td>{shown(page.severity)}</td></tr>"
            for page in pages
        ]
        body += ["</tbody>", "</table>", "</section>"]
    for one in shipped:
        body += _codes(one)
    gone = past().rules
    if gone:
        body += ["<h2>Removed</h2>", "<ul>", *(f"<li>{_prose(one.told(), link)}</li>" for one in gone), "</ul>"]
    return _page(TITLE, [*body, "</main>"], _file("index.js"))


def _chapters(own: Sequence[CatalogPage], rules: Sequence[RulePage], shipped: Sequence[CatalogPage]) -> str:
    """Links to the parts of the index."""
    links = [(f"codes-{one.name}", one.title) for one in own]
    links += [(pages[0].id[:3], short(pages[0].id)) for _, pages in grouped(rules)]
    links += [(f"codes-{one.name}", one.title) for one in shipped]
    made = [f'<a href="#{shown(anchor)}">{shown(title)}</a>' for anchor, title in links]
    return f"<nav>{' · '.join(made)}</nav>"


def _codes(page: CatalogPage) -> Iterator[str]:
    """The codes of one catalog, each with a link to its entry."""
    anchors = named(page.catalog.codes, slug, by_name=False, fold=True)
    target = f"catalogs/{page.name}.html"
    yield f'<section id="codes-{page.name}"><h2><a href="{target}">{shown(page.title)}</a></h2>'
    yield "<table><thead><tr><th>Code</th><th>Status</th><th>Message</th></tr></thead>"
    yield "<tbody>"
    for code in page.catalog.codes:
        word = code.id if code.code is None else str(code.code)
        name = f'<br><span class="soft">{shown(code.name)}</span>' if code.name else ""
        said = code.description or (code.message.example or code.message.text if code.message is not None else "")
        yield (
            f'<tr><td><a href="{target}#{shown(anchors[identity(code)])}">{shown(word)}</a>{name}</td>'
            f"<td>{shown(str(code.statuses))}</td><td>{shown(said)}</td></tr>"
        )
    yield "</tbody></table></section>"


def _options(page: RulePage, link: Link) -> Iterator[str]:
    if not page.options:
        return
    described = any(option.description for option in page.options)
    yield "<h2>Options</h2>"
    titles = ("Option", "Values", "Default", *(("Meaning",) if described else ()))
    yield f"<table><thead><tr>{''.join(f'<th>{title}</th>' for title in titles)}</tr></thead><tbody>"
    for one in page.options:
        meaning = f"<td>{_prose(one.description, link)}</td>" if described else ""
        yield (
            f"<tr><td><code>{shown(one.name)}</code></td><td>{_prose(one.values, link)}</td>"
            f"<td><code>{shown(one.default)}</code></td>{meaning}</tr>"
        )
    yield "</tbody></table>"


def _samples(samples: Sequence[Sample], link: Link, opened: int = OPEN) -> Iterator[str]:
    for one in samples[:opened]:
        yield from _sample(one, link)
    rest = samples[opened:]
    if rest:
        more = " more" if opened else ""
        yield f"<details><summary>{len(rest)}{more} {'example' if len(rest) == 1 else 'examples'}</summary>"
        for one in rest:
            yield from _sample(one, link)
        yield "</details>"


def _sample(one: Sample, link: Link) -> Iterator[str]:
    yield '<section class="sample">'
    if one.note:
        yield f"<p>{_prose(one.note, link)}</p>"
    name = shown(one.builtin)
    given = [f'catalog <a href="../catalogs/{name}.html">builtin:{name}</a>'] if name else []
    given += [_prose(text, link) for text in one.given]
    if given:
        yield f'<p class="soft">Given: {"; ".join(given)}.</p>'
    for block in one.blocks:
        yield from _block(block)
    if one.says:
        at = f" at <code>{shown(one.at)}</code>" if one.at else ""
        yield f'<p class="soft">errlint says{at}:</p><pre class="says">{shown(one.says)}</pre>'
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    yield f'<p class="soft">{shown(block.label)}:</p><pre><code>{shown(block.text.rstrip())}</code></pre>'


def _ignoring(page: RulePage, link: Link) -> Iterator[str]:
    yield "<h2>Leave it out</h2>"
    for what, _, text in page.left_out:
        yield f'<p class="soft">{_prose(what, link)}:</p><pre><code>{shown(text)}</code></pre>'


def _prose(text: str, link: Link) -> str:
    made = {"text": "{0}", "code": "<code>{0}</code>", "link": '<a href="{1}">{0}</a>'}
    return "".join(made[kind].format(shown(words), shown(target)) for kind, words, target in pieces(text, link))


def _page(title: str, body: Sequence[str], script: str = "") -> str:
    style = _file("pages.css")
    allowed = f"script-src '{policy_hash(script)}'; " if script else ""
    policy = f"default-src 'none'; style-src '{policy_hash(style)}'; {allowed}base-uri 'none'; form-action 'none'"
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{shown(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{shown(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        *body,
        *([f"<script>{script}</script>"] if script else []),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"
