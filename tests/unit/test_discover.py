"""Which documents names, folders and globs mean: known by what they say."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint.api.linting import Task, lint_all
from errlint.cli.main import run
from errlint.load.discover import expanded, matches
from errlint.load.library import Library

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {},
    "paths": {"/a": {"get": {"responses": {"204": {"description": "x"}}}}},
}
BROKEN = {**DOCUMENT, "paths": {"/a": {"get": {"responses": {"204": {"description": "", "content": {"a/b": {}}}}}}}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: Any = BROKEN) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return name


def linted(capsys: pytest.CaptureFixture[str], *names: str) -> list[str]:
    """The documents of a run: each has one finding."""
    capsys.readouterr()
    code = run(["lint", *names, "--select", "DEC006", "-f", "json"])
    shown = capsys.readouterr()
    assert code in (0, 1), shown.err
    return [finding["location"]["uri"] for finding in json.loads(shown.out)["findings"]]


def said(capsys: pytest.CaptureFixture[str], *names: str) -> str:
    capsys.readouterr()
    assert run(["lint", *names]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    return shown.err.removeprefix("errlint: ").rstrip("\n")


def test_a_folder_is_searched_by_content(capsys):
    write("specs/a.json")
    write(
        "specs/deep/er/b.yaml",
        "# c\n---\nopenapi: 3.0.0\npaths:\n  /a: {get: {responses: {204: {description: x, content: {a/b: {}}}}}}\n",
    )
    write("specs/c.yml", "swagger: '2.0'\npaths: {/a: {get: {responses: {'204': {schema: {}}}}}}\n")
    write("specs/catalog.yaml", "errlint: 1\nservice: {name: x}\nerrors: []\n")
    write("specs/package.json", {"dependencies": {"swagger": "1.0", "openapi": "2"}})
    write("specs/broken.json", '{"openapi-like": ')
    write("specs/template.yaml", "name: x\nurl: {{ openapi: }}\n")
    write("specs/empty.json", "")
    write("specs/notes.txt", json.dumps(BROKEN))
    for skipped in (".hidden", "node_modules", ".venv"):
        write(f"specs/{skipped}/a.json")
    write("specs/.a.json")
    assert linted(capsys, "specs") == ["specs/a.json", "specs/c.yml", "specs/deep/er/b.yaml"]
    assert linted(capsys, "specs/", "specs/a.json", "./specs/a.json") == linted(capsys, "specs")


def test_a_document_with_sorted_keys_is_found_however_late_it_says_so(capsys):
    late = {"components": {"schemas": {f"S{number}": {"type": "object"} for number in range(1000)}}, **BROKEN}
    write("specs/a.json", late)
    write(
        "specs/b.yaml",
        "definitions: {}\n" + "# x\n" * 2000 + "swagger: '2.0'\npaths: {/a: {get: {responses: {'204': {schema: {}}}}}}\n",
    )
    write("specs/data.json", {"rows": [{"openapi": "3.0.0"}] * 1000})
    assert linted(capsys, "specs") == ["specs/a.json", "specs/b.yaml"]


def test_a_broken_document_in_a_folder_is_not_skipped_in_silence(capsys):
    write("specs/a.json")
    write("specs/b.yaml", "openapi: 3.1.0\npaths: [\n")
    assert run(["lint", "specs"]) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("errlint: specs/b.yaml:")
    assert "Not judged: specs/b.yaml:" in shown.out
    write("specs/b.yaml", "openapi: 3.1.0\npaths: []\n")
    assert run(["lint", "specs"]) == 2
    assert capsys.readouterr().err.startswith("errlint: specs/b.yaml:2:")


def test_links_between_folders_do_not_go_round_for_ever(capsys):
    write("specs/a.json")
    os.symlink("..", "specs/up")
    os.symlink(".", "specs/self")
    os.symlink("loop", "specs/loop")
    os.symlink("gone", "specs/gone.json")
    os.symlink("a.json", "specs/again.json")
    os.mkfifo("specs/pipe.json")
    assert linted(capsys, "specs") == ["specs/a.json"]
    assert linted(capsys, "**/*.json") == ["specs/a.json"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.json", ["a.json"]),
        ("*", ["a.json"]),
        ("**/*.json", ["a.json", "x/b.json", "x/y/c.json"]),
        ("x/**", ["x/b.json", "x/y/c.json"]),
        ("x/*/*.json", ["x/y/c.json"]),
        ("./x/?.json", ["x/b.json"]),
        ("x/[ab].json", ["x/b.json"]),
        ("x/[!b].json", None),
        ("**/y/../b.json", ["x/y/../b.json"]),
        ("x/**/**/c.json", ["x/y/c.json"]),
    ],
)
def test_a_glob_is_expanded_and_other_files_are_skipped(pattern, expected, capsys):
    for name in ("a.json", "x/b.json", "x/y/c.json", ".h/d.json", "x/.e.json"):
        write(name)
    write("x/readme.yaml", "a: 1")
    if expected is None:
        assert said(capsys, pattern) == f"nothing matches {pattern}"
    else:
        assert linted(capsys, pattern) == expected


def test_a_file_whose_name_looks_like_a_glob_is_a_file(capsys):
    write("a[1].json")
    write("a1.json")
    assert linted(capsys, "a[1].json") == ["a[1].json"]


def test_what_is_named_must_be_a_document(capsys):
    write("list/readme.json", {"name": "x"})
    write("schema.graphql", '"""All."""\ntype Query { a(x: [Int!]!): String }\n')
    write("plain.graphql", "type Query { a: String }\n")
    write("a.proto", 'syntax = "proto3";\n')
    write("async.yaml", "asyncapi: 2.0.0\n")
    write("errors.yaml", "errlint: 1\nservice: {name: x}\nerrors: []\n")
    reads = "errlint reads OpenAPI 2.0 (Swagger), 3.0, 3.1 and 3.2"
    none = "this is no OpenAPI document: it looks like"
    assert said(capsys, "list") == "no OpenAPI document is in the folder list"
    assert said(capsys, "list/*") == "1 files match list/*, none is an OpenAPI document"
    assert said(capsys, "list/readme.json").startswith("list/readme.json:1:1: this is no OpenAPI document: ")
    assert said(capsys, "schema.graphql") == f"schema.graphql: {none} a GraphQL schema; {reads}"
    assert said(capsys, "plain.graphql") == f"plain.graphql:1:1: {none} a GraphQL schema; {reads}"
    assert said(capsys, "a.proto") == f"a.proto:1:1: {none} a gRPC proto file; {reads}"
    assert said(capsys, "async.yaml") == f"async.yaml:1:1: {none} an AsyncAPI document; {reads}"
    assert said(capsys, "errors.yaml") == f"errors.yaml:1:1: {none} an errlint catalog; give it with --catalog"
    assert said(capsys, "gone.json") == "gone.json: cannot be read: No such file or directory"
    assert said(capsys, "a\0b").startswith("a\\x00b: cannot be read: ")


def test_without_names_the_usual_places_are_looked_into(capsys):
    assert said(capsys) == "no document to lint; name one: errlint lint openapi.yaml, or a folder of several: errlint lint ."
    write("docs/openapi.v1.json")
    write("api/swagger.yaml", "swagger: '2.0'\npaths: {/a: {get: {responses: {'204': {schema: {}}}}}}\n")
    write("openapi.md", "openapi: 3.1.0")
    write("docs/openapi-notes.yaml", "a: 1")
    write("other/openapi.json")
    assert linted(capsys) == ["api/swagger.yaml", "docs/openapi.v1.json"]


def test_many_documents_are_counted_in_the_totals(capsys):
    for number in range(4):
        write(f"specs/{number}.json", DOCUMENT)
    assert run(["lint", "specs", "--select", "DEC006"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Read 4 documents: 4 operations, 0 error responses. No error or warning · exit 0 (clean)"
    )


def test_statistics_count_the_findings_of_each_rule(capsys):
    for number in range(2):
        write(f"specs/{number}.json", BROKEN)
    assert run(["lint", "specs", "--select", "DEC006,DEC001", "--statistics", "-q"]) == 1
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "     2  warning  DEC001      no-error-response",
        "     2  error    DEC006 [*]  body-not-allowed",
        "[*] fixable with --fix",
    ]
    assert run(["lint", "specs", "--select", "DEC006", "--statistics", "-f", "json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["summary"]["error"] == 2
    assert shown.err == "     2  error    DEC006 [*]  body-not-allowed\n[*] fixable with --fix\n"


def test_a_file_that_many_documents_share_is_parsed_once(monkeypatch):
    write("common.json", {"content": {"a/b": {}}})
    names = [
        write(f"{n}/openapi.json", {**DOCUMENT, "paths": {"/a": {"get": {"responses": {"204": {"$ref": "../common.json"}}}}}})
        for n in "ab"
    ]
    read: list[str] = []
    import errlint.load.library as library

    original = library.read
    monkeypatch.setattr(library, "read", lambda path, uri=None: read.append(uri or path) or original(path, uri))
    report = lint_all([Task(tuple(names), root="."), Task(tuple(names), root=".", service="other")])
    assert sorted(read) == ["a/openapi.json", "b/openapi.json", "common.json"]
    assert sorted(report.sources) == ["a/openapi.json", "b/openapi.json", "common.json"]


def test_a_file_has_the_name_by_which_it_was_reached():
    write("x/a.json", {"b": 1})
    os.symlink("x", "y")
    shelf = Library()
    assert [shelf.read("x/a.json").uri, shelf.read("y/a.json").uri, shelf.read("y/a.json").data] == [
        "x/a.json",
        "y/a.json",
        {"b": 1},
    ]


NAMES = st.text("ab.", min_size=1, max_size=3).filter(lambda name: name.strip("."))
PATTERNS = st.lists(st.one_of(NAMES, st.sampled_from(["*", "**", "?", "a*", "*b", "[ab]"])), min_size=1, max_size=4)


@given(PATTERNS, st.lists(st.lists(NAMES, min_size=1, max_size=3), min_size=1, max_size=5))
def test_a_glob_matches_what_it_expands_to(tmp_path_factory, pattern, paths):
    folder = tmp_path_factory.mktemp("glob")
    files = set()
    for path in paths:
        file = folder.joinpath(*path)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("", encoding="utf-8")
        except OSError:  # a file is in the way of a folder
            continue
        files.add("/".join(path))
    found = {os.path.relpath(path, folder).replace(os.sep, "/") for path in expanded(f"{folder}/{'/'.join(pattern)}")}
    assert found == {path for path in files if matches("/".join(pattern), path)}


def test_a_glob_of_many_stars_is_matched_in_time():
    assert not matches("/".join(["**", "a*a*a*a*a*a*a*b"] * 20), "/".join(["a" * 200] * 60))
