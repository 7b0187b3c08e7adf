"""Whatever format one run is written in, it holds the same findings: json, sarif, gitlab, and what else tells fingerprints."""

from __future__ import annotations

import json
import re
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest

from errlint.cli.main import run
from errlint.model.finding import Report
from errlint.report import FORMATS, View

FINGERPRINT = re.compile(r'"(?:fingerprint|errlint/v1)": ?"([0-9a-f]{16})"')

TELLING = [name for name in ("json", "sarif", "gitlab", "html") if name in FORMATS]
"""The formats that tell fingerprints."""

DOCUMENT = """openapi: 3.1.0
info: {title: Things, version: "1"}
x-errlint: {ignore: [{rule: DEC006, reason: the gateway strips it}]}
paths:
  /things:
    get:
      responses:
        '200': {description: ok}
        '204': {description: d, content: {application/json: {}}}
        4xx: {description: d}
        '400': {description: Bad Request, content: {application/json: {schema: {type: object}}}}
        '404': {$ref: '#/components/responses/Error'}
  /others:
    get:
      responses:
        '200': {description: ok}
        '404': {$ref: '#/components/responses/Error'}
components:
  responses:
    Error: {description: e, content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}}
    Idle: {description: nobody uses it}
"""


def reports(text: str, folder: Path) -> dict[str, dict]:
    """The reports of one run over a document, by format."""
    (folder / "openapi.yaml").write_text(text, encoding="utf-8")
    wanted = [word for name in TELLING for word in ("-f", f"{name}:{name}.out")]
    assert (
        run(["lint", "openapi.yaml", "--isolated", "--severity", "ENV005=note", "--catalog", "builtin:eventml", *wanted]) == 1
    )
    return {name: (folder / f"{name}.out").read_text(encoding="utf-8") for name in TELLING}


def marks(text: str, name: str) -> list[str]:
    """The fingerprints of the findings that count, as a format tells them."""
    if name == "json":
        return [one["fingerprint"] for one in json.loads(text)["findings"] if one["suppressed"] is None]
    if name == "sarif":
        found = [one["partialFingerprints"] for one in json.loads(text)["runs"][0]["results"]]
        assert [one["primaryLocationLineHash"] for one in found] == [f"{one['errlint/v1']}:1" for one in found]
        return [one["errlint/v1"] for one in found]
    if name == "gitlab":
        return [one["fingerprint"] for one in json.loads(text)]
    return FINGERPRINT.findall(text)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_run_has_the_same_findings_in_every_format(here: Path) -> None:
    written = reports(DOCUMENT, here)
    told = {name: marks(text, name) for name, text in written.items()}
    findings = [one for one in json.loads(written["json"])["findings"] if one["suppressed"] is None]
    assert {"error", "warning", "note"} == {one["severity"] for one in findings}
    assert len(set(told["json"])) == len(findings)
    for name, found in told.items():
        if name == "html":  # it shows what is suppressed, and places with their own fingerprints
            assert set(told["json"]) <= set(found), name
        else:
            assert found == told["json"], name


def test_fingerprints_survive_blank_lines_and_moves(here: Path) -> None:
    before = reports(DOCUMENT, here)
    lines = DOCUMENT.splitlines()
    paths = lines.index("paths:")
    components = lines.index("components:")
    moved = "\n\n# a comment\n".join([*lines[:paths], *lines[components:], "", *lines[paths:components], ""])
    after = reports(moved, here)
    for name in TELLING:
        assert sorted(marks(before[name], name)) == sorted(marks(after[name], name)), name
    assert before["json"] != after["json"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_an_empty_run_and_one_that_failed(name: str) -> None:
    write = import_module(FORMATS[name]).write
    for report in (Report("lint", "clean"), Report("probe", "unreachable", reason="nobody answers")):
        first, again = StringIO(), StringIO()
        assert write(report, first, View("1.2.3")) is None
        write(report, again, View("1.2.3"))
        assert first.getvalue() == again.getvalue()
    if name in ("json", "sarif", "gitlab", "checkstyle", "rdjson"):
        assert "nobody answers" in first.getvalue()


HOSTILE = (
    "::error::x\x1b[31mred\x07 \u202eevil \u2028 ##[group] <script> ]]> \r\n::set-output name=a::b | `x` @team [a](http://b)"
)


@pytest.mark.parametrize("name", ["sarif", "gitlab", "checkstyle", "rdjson"])
def test_hostile_text_is_text_in_formats_for_machines(name: str, here: Path) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": HOSTILE, "version": "1"},
        "paths": {
            f"/{HOSTILE}": {"get": {"responses": {HOSTILE: {"description": HOSTILE}, "404": {"$ref": f"#/{HOSTILE}"}}}},
        },
    }
    path = here / "open\x1b[31m\u202e<&'\"api.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert run(["lint", path.name, "--isolated", "-f", f"{name}:out"]) == 1
    text = (here / "out").read_text(encoding="utf-8")
    assert [one for one in text if (ord(one) < 32 and one != "\n") or one in "\u202e\u2028\x7f"] == []
    assert [line for line in text.splitlines() if line.startswith(("::", "##["))] == []
    if name == "checkstyle":
        from xml.etree import ElementTree

        assert [file.attrib["name"] for file in ElementTree.fromstring(text)] == ["open\\x1b[31m\\u202e<&'\"api.json"]
    else:
        told = list(texts(json.loads(text)))
        assert [one for one in told if re.search("[\x00-\x09\x0b-\x1f\u202e\u2028]", one)] == []
        assert any("::set-output" in one for one in told)


def texts(value):
    """All keys and texts of some data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value
