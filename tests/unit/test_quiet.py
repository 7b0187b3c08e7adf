"""``--quiet`` prints findings alone, ``--statistics`` how many each rule has, for every command that judges."""

from __future__ import annotations

import json

import pytest

from errlint.cli.main import run

BROKEN = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}, "4OO": {"description": "d"}}}}},
}
PLAIN = {**BROKEN, "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}}}}}}
TWO = {**BROKEN, "paths": {**BROKEN["paths"], "/b": PLAIN["paths"]["/a"]}}
REQUEST = {
    "method": "GET",
    "url": "http://localhost/a",
    "headers": [],
    "queryString": [],
    "cookies": [],
    "httpVersion": "HTTP/1.1",
}
ANSWER = {"status": 500, "statusText": "", "headers": [], "cookies": [], "httpVersion": "HTTP/1.1", "redirectURL": ""}
ENTRY = {
    "startedDateTime": "2026-01-01T00:00:00Z",
    "time": 1,
    "request": {**REQUEST, "headersSize": -1, "bodySize": 0},
    "response": {
        **ANSWER,
        "headersSize": -1,
        "bodySize": 0,
        "content": {"size": 0, "mimeType": "application/json", "text": ""},
    },
    "cache": {},
    "timings": {"send": 0, "wait": 1, "receive": 0},
}
HAR = {"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [ENTRY]}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text(json.dumps(BROKEN), encoding="utf-8")
    for name, data in (("plain", PLAIN), ("two", TWO)):
        (tmp_path / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "one.har").write_text(json.dumps(HAR), encoding="utf-8")
    return tmp_path


def test_quiet_prints_nothing_where_nothing_is_found(folder, capsys):
    assert run(["lint", "bad.json", "-q", "--select", "DEC006"]) == 0
    assert run(["catalog", "check", "builtin:eventml", "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def test_quiet_prints_the_errors_and_no_totals(folder, capsys):
    assert run(["lint", "bad.json", "-q"]) == 1
    out = capsys.readouterr().out
    assert [line.split(":")[0] for line in out.splitlines() if not line.startswith(" ")] == ["error DEC005 bad-status-key"]


def test_quiet_says_why_the_exit_code_is_not_0_where_no_finding_does(folder, capsys):
    assert run(["lint", "plain.json", "-q", "--select", "DEC001", "--fail-on", "warning"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].endswith("1 warning · exit 1 (findings)")


def test_show_is_heard_before_quiet(folder, capsys):
    assert run(["lint", "plain.json", "-q", "--show", "warnings", "--select", "DEC001"]) == 0
    assert capsys.readouterr().out.startswith("warning DEC001 no-error-response: ")


CATALOG = """errlint: 1
service: {name: shop}
envelopes: {flat: {code: {pointer: /code, type: string}, message: {pointer: /message, type: string}}}
layers: {shop: {envelope: flat}}
errors: [{code: A1, status: 404, layer: shop, name: one}, {code: A2, status: 404, layer: shop, name: one}]
"""


def test_statistics_are_for_every_command_that_judges(folder, capsys):
    (folder / "errors.yaml").write_text(CATALOG, encoding="utf-8")
    assert run(["catalog", "check", "errors.yaml", "--select", "CAT003", "--statistics"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "     1  warning  CAT003  duplicate-name"
    replay = ["probe", "plain.json", "--url", "http://localhost", "--replay", "one.har", "--select", "COV011", "--statistics"]
    assert run(replay) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "     1  error    COV011  undeclared-status"
    assert run(["catalog", "diff", "errors.yaml", "errors.yaml", "--statistics"]) == 0
    assert "exit 0" in capsys.readouterr().out.splitlines()[-1]


def test_what_a_fix_mends_is_marked(folder, capsys):
    assert run(["lint", "two.json", "--select", "DEC001,DEC005", "--statistics"]) == 1
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "     1  warning  DEC001      no-error-response",
        "     1  error    DEC005 [*]  bad-status-key",
        "[*] fixable with --fix",
    ]
