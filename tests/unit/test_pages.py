"""``errlint docs``: the pages are whole, lead to each other, ask no network, and show hostile words as words."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from errlint.api.documenting import pages
from errlint.checks.rules import load_all
from errlint.cli.main import run as main
from errlint.errors import ConfigError
from errlint.model.catalog import Catalog
from errlint.model.record import replace
from errlint.pages import html, markdown
from errlint.pages.facts import rule_pages
from errlint.pages.prose import pieces
from errlint.pages.samples import sample
from errlint.pages.site import catalog_pages

DOCS = Path(__file__).parents[2] / ".github" / "docs"
HOSTILE = (
    '"><script>alert(1)</script>',
    "</pre></code></details><img src=x onerror=alert(1)>",
    "` `` ``` ````\n```\n# closed",
    "a | b \\| c @everyone $x$ <!-- --> [x](javascript:alert(1))",
    "::error::x\x1b[31m\u202eevil\x00",
)
VOID = frozenset(("meta", "input", "br", "hr", "img", "link"))


class Read(HTMLParser):
    """A page as a reader sees it: its tags, which must close each other, its links, ids and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@cache
def site() -> dict[str, str]:
    return dict(pages(("errlint/demo/catalog.yaml",)))


@cache
def parsed() -> dict[str, Read]:
    return {path: Read(text) for path, text in site().items()}


rules = cache(rule_pages)


def rule(id_: str = "COD001"):
    return next(page for page in rules() if page.id == id_)


def test_the_pages_of_the_repository_are_what_the_command_writes():
    held = {str(path.relative_to(DOCS).as_posix()): path.read_bytes() for path in DOCS.rglob("*.md")}
    made = {path: text.encode() for path, text in pages((), "markdown")}
    told = "write them again: errlint docs .github/docs --to markdown --isolated"
    assert sorted(held) == sorted(made), told
    assert [path for path in made if held[path] != made[path]] == [], told


def test_every_rule_and_every_catalog_has_a_page():
    expected = ["index.html", *(f"rules/{id_}.html" for id_ in load_all())]
    assert sorted(site()) == sorted([*expected, *(f"catalogs/{name}.html" for name in ("catalog", "eventml", "maas"))])


def test_every_html_page_is_whole_and_asks_no_network():
    for path, page in parsed().items():
        assert page.open == [], path
        assert [tag for tag in page.tags if tag in ("link", "img", "iframe", "object", "base")] == [], path
        assert [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "style")] == [], path
        assert len(page.ids) == len(set(page.ids)), path
        assert "default-src &#x27;none&#x27;" in site()[path], path


def test_every_link_between_the_html_pages_leads_somewhere():
    outside = set()
    for path, page in parsed().items():
        for link in page.links:
            if link.startswith("https://"):
                outside.add(link.split("/")[2])
                continue
            target, _, anchor = link.partition("#")
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert there in parsed(), (path, link)
            assert not anchor or anchor in parsed()[there].ids, (path, link)
    assert outside <= {"www.rfc-editor.org", "www.iana.org", "spec.openapis.org"}


def test_every_link_between_the_markdown_pages_leads_somewhere():
    made = dict(pages((), "markdown"))
    for path, text in made.items():
        for link in re.findall(r"\]\(([^)#]+)", re.sub(r"(?ms)^(`{3,}).*?^\1$", "", text)):
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            assert link.startswith("https://") or there in made, (path, link)


def test_every_option_is_told_with_its_values_and_its_default():
    told = {(page.id, one.name): (one.values, one.default) for page in rules() for one in page.options}
    assert set(told) == {(one.id, name) for one in load_all().values() for name in one.options}
    assert [key for key, (values, default) in told.items() if not values or not default] == []
    assert told["COV003", "accept"] == ('`"explicit"`, `"range"`, `"default"`', '"default"')


def test_a_rules_page_tells_what_the_rule_does():
    text = markdown.rule_text(rule("COV003"), ["COV003", "DEC001"])
    assert text.startswith("[All rules](../README.md) · Coverage\n\n# COV003 secured-without-401\n")
    for part in (
        "| Severity | warning |",
        "| Can be mended | with a catalog, `--fix --unsafe-fixes` |",
        "```text\nwarning COV003 secured-without-401: GET /a is secured and declares no 401\n```",
        "*no error at all is [DEC001](DEC001.md)*",
        "# errlint: ignore[COV003] why",
        "[RFC 9110 section 15.5.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2)",
    ):
        assert part in text


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_of_a_card_are_shown_and_do_nothing_in_html(word):
    example = {"catalog": "eventml", "status": 404, "body": {word: word}, "says": word, "note": word, "at": word, "sent": word}
    one = sample(load_all()["COD001"], example)
    calm = Read(html.rule_text(replace(rule(), bad=(replace(one, note="n"),)), ()))
    page = Read(html.rule_text(replace(rule(), summary=word, why=word, fix=word, bad=(one,), references=(word,)), ()))
    assert page.open == []
    assert set(page.tags) <= {*calm.tags, "ul", "li", "code"}
    assert not any("javascript:" in link for link in page.links)
    assert "\x1b" not in "".join(page.texts)


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_of_a_card_close_no_fence_and_no_cell_in_markdown(word):
    example = {"yaml": word, "says": word, "note": word, "at": word}
    one = sample(load_all()["COD001"], example)
    text = markdown.rule_text(replace(rule(), facts=((word, word),), why=word, bad=(one,), good=(), irrelevant=()), ())
    plain = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    spans = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", re.sub(r"\\`", "", plain))
    assert "<" not in spans
    assert "`" not in spans
    assert not re.search(r"(?<!\\)\]\(javascript:", spans)
    assert "@everyone" not in spans
    assert {line.count("|") - line.count("\\|") for line in spans.splitlines() if line.startswith("|")} == {3}
    assert "\x1b" not in text


def test_words_of_a_card_are_links_where_they_can_be_and_nothing_is_lost():
    text = "see `x`, COD001, XYZ999 and RFC 9110 section 15.5.1; https://example.com/a."
    found = list(pieces(text, lambda id_: "COD001.md" if id_ == "COD001" else ""))
    assert [(kind, words, target) for kind, words, target in found if kind != "text"] == [
        ("code", "x", ""),
        ("link", "COD001", "COD001.md"),
        ("link", "RFC 9110 section 15.5.1", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.1"),
        ("link", "https://example.com/a", "https://example.com/a"),
    ]
    assert "".join(words for _, words, _ in found) == text.replace("`", "")


def test_the_catalogs_of_the_config_come_first_and_can_be_found(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "errlint.toml").write_text('catalog = "errors.yaml"\n')
    (tmp_path / "errors.yaml").write_text("errlint: 1\nservice: {name: <shop>}\nerrors: [{code: SHOP_1, status: 404}]\n")
    code = main(["docs", "site"])
    count = len(load_all()) + 4
    assert (code, capsys.readouterr().out) == (0, f"Wrote {count} pages: {Path('site/index.html')}\n")
    index = (tmp_path / "site" / "index.html").read_text()
    assert '<a href="catalogs/errors.html#SHOP_1">SHOP_1</a>' in index
    assert index.index("&lt;shop&gt;") < index.index("COD001")
    assert (tmp_path / "site" / "catalogs" / "errors.html").is_file()


def test_a_catalog_that_cannot_be_read_leaves_no_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "errors.yaml").write_text("errlint: 1\nerrors: 3\n")
    assert main(["docs", "site", "--catalog", "errors.yaml"]) == 2
    assert "errors.yaml:1:1: service is missing" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_a_folder_that_is_a_file_is_told(tmp_path):
    from errlint.api import write_pages

    (tmp_path / "site").write_text("")
    with pytest.raises(ConfigError, match=r"cannot write .*site"):
        write_pages(str(tmp_path / "site"))


@pytest.mark.parametrize(("to", "index"), [("markdown", "README.md"), ("html", "index.html")])
def test_an_index_is_replaced_where_errlint_wrote_it_alone(to, index, tmp_path, monkeypatch):
    from errlint.api import write_pages

    few = tuple(page for page in rule_pages() if page.id == "COD001")
    monkeypatch.setattr("errlint.pages.facts.rule_pages", lambda: few)
    (tmp_path / index).write_text("# Our own")
    with pytest.raises(ConfigError, match="is there already, and errlint did not write it"):
        write_pages(str(tmp_path), (), to)
    assert [path.name for path in tmp_path.iterdir()] == [index]
    (tmp_path / index).unlink()
    ours = tmp_path / "rules" / f"COD001.{index.rpartition('.')[2]}"
    ours.parent.mkdir()
    ours.write_text("Our own")
    with pytest.raises(ConfigError, match=r"COD001.* is there already, and errlint did not write it"):
        write_pages(str(tmp_path), (), to)
    assert [path.name for path in tmp_path.rglob("*.*")] == [ours.name]
    ours.unlink()
    assert write_pages(str(tmp_path), (), to) == write_pages(str(tmp_path), (), to)


def test_no_page_bears_the_name_of_a_device_and_no_two_one_name():
    empty = Catalog("", {}, {}, {}, ())
    names = ("a/con.yaml", "b/CON.yaml", "nul.tar.yaml", "com1", "lpt0.json", "console.yaml")

    pages = catalog_pages(dict.fromkeys(names, empty))

    assert [page.name for page in pages] == [
        "catalog-con", "catalog-CON-2", "catalog-nul.tar", "catalog-com1", "catalog-lpt0", "console",
    ]  # fmt: skip
