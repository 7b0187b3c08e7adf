"""``errlint catalog export`` to texts that people and programs read: each is read back by a parser of its own."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt

from errlint.errors import ConfigError
from errlint.export.csv_ import COLUMNS, csv_text, harmless
from errlint.export.html import html_text
from errlint.export.json_ import json_text
from errlint.export.literals import comment
from errlint.export.markdown import markdown_text
from errlint.export.names import named, pascal, slug, upper
from errlint.export.python import info, keyed, python_text
from errlint.export.reference import sections
from errlint.export.regexes import text_of
from errlint.export.typescript import typescript_text
from errlint.model.catalog import Catalog, Code
from errlint.model.status import one
from errlint.report.visible import visible
from tests.unit.export_cases import SHIPPED, documents, loaded, once, placeless, shipped

hostile = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])

SCREEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What no export may hold raw, but for line breaks and tabs."""


@pytest.mark.parametrize("name", SHIPPED)
def test_the_json_is_the_same_catalog(tmp_path: Path, name: str) -> None:
    catalog = shipped(name)
    assert placeless(loaded(tmp_path, json_text(catalog))) == placeless(catalog)


@pytest.mark.parametrize("defaults", ["", "defaults: {layer: shop}\n"])
def test_what_is_implied_without_a_word_is_not_written_out(tmp_path: Path, defaults: str) -> None:
    text = f"errlint: 1\nservice: {{name: shop}}\n{defaults}errors: [{{code: GONE, status: 404}}]\n"
    catalog = loaded(tmp_path, text, "short.yaml")
    written = json.loads(json_text(catalog))
    assert ("envelopes" in written, "layers" in written) == (False, False)
    assert placeless(loaded(tmp_path, written)) == placeless(catalog)


@given(data=documents())
@hostile
def test_a_hostile_catalog_survives_json(tmp_path: Path, data: Any) -> None:
    catalog = loaded(tmp_path, data)
    text = json_text(catalog)
    assert placeless(loaded(tmp_path, text, "again.json")) == placeless(catalog)
    assert SCREEN.findall(text) == []


@given(data=documents())
@hostile
def test_a_hostile_catalog_is_one_row_an_entry_and_no_cell_runs(tmp_path: Path, data: Any) -> None:
    catalog = loaded(tmp_path, data)
    rows = list(csv.reader(io.StringIO(csv_text(catalog), newline="")))
    assert (rows[0], len(rows)) == (list(COLUMNS), len(catalog.codes) + 1)
    for row, code in zip(rows[1:], catalog.codes, strict=True):
        cells = dict(zip(COLUMNS, row, strict=True))
        assert [cells[name] for name in ("id", "name", "resolution", "owner")] == [
            harmless(text) for text in (code.id, code.name, code.resolution, code.owner)
        ]
        assert [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@") and not re.fullmatch(r"[+-]?\d+", cell)] == []


def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe() -> None:
    told = [harmless(text) for text in ("=1+1", " @x", "\t-a", "+1 2", "-12", "+3.5", "a=1", "")]
    assert told == ["'=1+1", "' @x", "'\t-a", "'+1 2", "-12", "+3.5", "a=1", ""]


def python_of(catalog: Catalog) -> dict[str, Any]:
    text = python_text(catalog)
    assert SCREEN.findall(text) == []
    space: dict[str, Any] = {"__name__": "generated"}
    exec(compile(ast.parse(text), "generated.py", "exec", dont_inherit=True), space)
    return space


@pytest.mark.parametrize("name", SHIPPED)
def test_the_python_module_holds_every_entry(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    holds_every_entry(shipped(name), monkeypatch)


@given(data=documents())
@hostile
def test_the_python_module_of_a_hostile_catalog_holds_every_entry(tmp_path: Path, data: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        holds_every_entry(loaded(tmp_path, data), patch)


def holds_every_entry(catalog: Catalog, patch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    patch.setitem(sys.modules, "generated", types.ModuleType("generated"))  # dataclasses look their module up
    space = python_of(catalog)
    held = {key: {name: getattr(one, name) for name in one.__slots__} for key, one in space["ERRORS"].items()}
    assert held == {key: info(code) for key, code in keyed(catalog)}
    values = [member.value for kind in ("ErrorCode", "ErrorNumber") for member in space.get(kind, ())]
    wanted = {(type(code.code), code.code) for code in catalog.codes if code.code is not None}
    assert ({(type(value), value) for value in values}, len(values)) == (wanted, len(wanted))


def test_python_finds_the_entries_of_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    monkeypatch.setitem(sys.modules, "generated", types.ModuleType("generated"))
    space = python_of(shipped("builtin:maas"))
    asked = [("ModelArts.81109", 403), ("ModelArts.81109", 404), ("APIG.0203", 502), (None, 405), (404, None), ("404", None)]
    told = [tuple(one.id for one in space["find"](code, status)) for code, status in asked]
    assert told == [("ModelArts.81109",), (), ("APIG.0203",), ("fastapi.405",), ("vllm.model-not-found",), ()]


def read_typescript(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(the members of ErrorCode, the rows of errors), each literal read as JSON, which it must be."""
    codes = text.split("export const ErrorCode = {\n")[1].split("\n} as const;")[0]
    members = {}
    for line in codes.splitlines():
        if line.strip().startswith("/**"):
            assert (line.count("*/"), line.endswith("*/")) == (1, True)
        else:
            name, _, value = line.strip().partition(": ")
            members[name] = json.loads(value.removesuffix(","))
    rows = []
    for line in text.split("export const errors = [\n")[1].split("\n] as const")[0].splitlines():
        row, at = {}, 4
        while line[at - 2 : at] != " }":
            name, _, _ = line[at:].partition(": ")
            row[name], at = json.JSONDecoder().raw_decode(line, at + len(name) + 2)
            at += 2
        rows.append(row)
    return members, rows


@given(data=documents())
@hostile
def test_the_typescript_of_a_hostile_catalog_holds_every_entry(tmp_path: Path, data: Any) -> None:
    catalog = loaded(tmp_path, data)
    text = typescript_text(catalog)
    assert (SCREEN.findall(text), "</" in text, "<!--" in text) == ([], False, False)
    members, rows = read_typescript(text)
    wanted = [{**info(code), "statuses": list(info(code)["statuses"])} for code in catalog.codes]
    assert rows == [{("messageKind" if name == "message_kind" else name): v for name, v in row.items()} for row in wanted]
    assert {repr(value) for value in members.values()} == {repr(code.code) for code in catalog.codes if code.code is not None}
    assert all(re.fullmatch("[A-Z][A-Z0-9_]*", name) for name in members)


class Page(HTMLParser):
    """What a browser makes of a page: its elements, the attributes they have, and the text of each article."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.articles: list[dict[str, Any]] = []
        self.words: list[str] = []
        self.odd: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "input"):
            self.open.append(tag)
        if tag == "article":
            self.articles.append({**dict(attrs), "words": []})

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            self.odd.append(tag)

    def handle_data(self, data: str) -> None:
        if "article" in self.open:
            self.articles[-1]["words"].append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)


def shown(text: str) -> str:
    """A text as a page shows it."""
    return "\n".join(visible(line) for line in text.splitlines())


@given(data=documents())
@hostile
def test_the_page_of_a_hostile_catalog_shows_every_entry_and_has_no_element_of_its_own(tmp_path: Path, data: Any) -> None:
    catalog = loaded(tmp_path, data)
    text = html_text(catalog)
    page = Page(text)
    rows = [row for section in sections(catalog) for block in section.blocks for row in block.rows]
    assert (page.open, page.odd, page.tags.count("script"), page.tags.count("style")) == ([], [], 1, 1)
    assert {name for name in page.attributes if name.startswith("on") or name in ("src", "style", "action")} == set()
    assert [one["id"] for one in page.articles] == [row.anchor for row in rows]
    for article, row in zip(page.articles, rows, strict=True):
        wanted = {shown(word) for word in (row.shown, row.message, row.description, row.resolution, row.life) if word}
        assert wanted - {word.strip(" ") for word in article["words"]} - set(article["words"]) == set()
    assert SCREEN.findall(text) == []


def test_the_page_is_self_contained_and_its_policy_lets_nothing_else_run() -> None:
    import base64
    import hashlib

    text = html_text(shipped("builtin:eventml"))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    scripts, styles = (
        re.findall(r"<script>(.*?)</script>", text, re.DOTALL),
        re.findall(r"<style>(.*?)</style>", text, re.DOTALL),
    )
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (*styles, *scripts)]
    assert policy is not None
    assert policy[1].replace("&#x27;", "'") == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert re.findall(r"(?:https?:)?//[a-z]", text) == []
    assert [word for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(") if word in scripts[0]] == []


READER = MarkdownIt("commonmark").enable("table")


@given(data=documents())
@hostile
def test_the_tables_of_a_hostile_catalog_have_a_row_an_entry_and_no_markup_of_its_own(tmp_path: Path, data: Any) -> None:
    catalog = loaded(tmp_path, data)
    text = markdown_text(catalog)
    rows = [row for section in sections(catalog) for block in section.blocks for row in block.rows]
    seen, kinds, cells = [], set(), set()
    for token in READER.parse(text):
        for child in token.children or ():
            kinds.add(child.type)
            if child.type == "html_inline":
                found = re.fullmatch(r'<a id="([0-9A-Za-z._-]+)">|</a>|<br>', child.content)
                assert found is not None
                seen += [found[1]] if found[1] else []
            cells.add(child.content)
    assert kinds <= {"text", "html_inline"}
    assert seen == [row.anchor for row in rows]
    wanted = {" ".join(visible(" ".join(line.split())) for line in row.shown.splitlines()) for row in rows}
    read = {"".join(child.content for child in t.children if child.type == "text") for t in READER.parse(text) if t.children}
    assert {"".join(word.split()) for word in wanted} - {"".join(word.split()) for word in read} == set()
    assert SCREEN.findall(text) == []


def test_markdown_leaves_out_columns_that_would_be_empty(tmp_path: Path) -> None:
    data = {
        "errlint": 1,
        "service": {"name": "shop", "title": "Shop | orders"},
        "categories": {"a": {"title": "Orders", "prefix": "A", "range": [1, 9]}},
        "errors": [
            {"code": "A1", "status": 404, "category": "a", "message": "No order {id}", "deprecated": True, "replaced_by": "A2"},
            {"code": "A2", "status": [401, 403], "category": "a", "description": "See *this*"},
        ],
    }
    assert markdown_text(loaded(tmp_path, data)) == (
        "# Shop \\| orders: error codes\n\n2 entries.\n\n## Orders (A1 to A9)\n\n"
        "| Code | Status | Message | Meaning | Life |\n| --- | --- | --- | --- | --- |\n"
        '| <a id="A1"></a>A1 | 404 | No order {id} |  | deprecated, use A2 |\n'
        '| <a id="A2"></a>A2 | 401, 403 |  | See \\*this\\* |  |\n'
    )


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("write", [markdown_text, html_text])
def test_a_reference_has_an_anchor_for_each_entry(name: str, write: Any) -> None:
    catalog = shipped(name)
    found = re.findall(r'(?:<a|<article) id="([^"]+)"', write(catalog))
    assert sorted(found) == sorted(slug(code.id) for code in once(catalog))


def code(id_: str, name: str = "", layer: str = "service", value: Any = None) -> Code:
    return Code(id_, value, one(400), layer, name)


@pytest.mark.parametrize(
    ("text", "constant", "class_", "anchor"),
    [
        ("ModelArts.81001", "MODEL_ARTS_81001", "ModelArts81001", "ModelArts.81001"),
        ("81001", "CODE_81001", "Code81001", "81001"),
        ("not-found", "NOT_FOUND", "NotFound", "not-found"),
        ("class", "CLASS", "Class", "class"),
        ("NotFoundError", "NOT_FOUND_ERROR", "NotFoundError", "NotFoundError"),
        ("HTTPError", "HTTPERROR", "Httperror", "HTTPError"),
        ("Größe", "GRO_UDF_E", "GroUdfE", "Gro-udf-e".replace("-udf-", "_udf_")),
        ("Код", "U41A_U43E_U434", "U41aU43eU434", "_u41a__u43e__u434_"),
        ('"; --', "CODE", "Code", "code"),
        ("", "CODE", "Code", "code"),
    ],
)
def test_names_are_identifiers(text: str, constant: str, class_: str, anchor: str) -> None:
    assert (upper(text), pascal(text), slug(text)) == (constant, class_, anchor)


def test_names_that_are_one_after_mangling_stay_apart_and_the_first_keeps_its_own() -> None:
    codes = [code("a-b"), code("a.b"), code("x", "A_B"), code("x", "A_B", "gateway"), code("y", "A_B")]
    assert list(named(codes, upper).values()) == ["A_B", "A_B_A_B", "A_B_X", "A_B_X_2".replace("_X_2", "_GATEWAY"), "A_B_Y"]
    assert list(named(codes[:2], upper, taken=["A_B"]).values()) == ["A_B_A_B", "A_B_SERVICE"]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^Task \d+ of (\w+|none) is [^a-z]{2}\.?$", "Task 1 of a is 11"),
        (r"(?P<who>ab|cd) and (?P=who)", "ab and ab"),
        (r"^a{3}[^\s\S]?$", "aaa"),
        (r"^(?=x)y", None),
        (r"((a{1000}){1000}){1000}", None),
        (r"\p{L}+", None),
        (r"(", None),
    ],
)
def test_a_text_is_written_that_an_expression_is_found_in(pattern: str, text: str | None) -> None:
    assert text_of(pattern) == text


def test_a_comment_is_one_line_that_ends_nothing() -> None:
    assert comment('a */ b\n""" <c> \u202e') == 'a * / b """ ‹c› \\u202e'


def test_an_unknown_target_is_refused() -> None:
    from errlint import api

    with pytest.raises(ConfigError) as caught:
        api.export_catalog(["builtin:eventml"], "pdf")
    assert caught.value.line() == (
        "'pdf' is no target; use one of markdown, html, json, csv, components, python, typescript, fastapi, openapi, overlay"
    )
