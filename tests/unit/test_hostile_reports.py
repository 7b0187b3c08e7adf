"""What strangers wrote goes through every format and is obeyed by no reader of it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from errlint.cli.main import run
from errlint.model.finding import (
    CodeCoverage,
    Coverage,
    Excerpt,
    Finding,
    Judged,
    Location,
    OperationCoverage,
    Related,
    Report,
    Seen,
    Severity,
    Site,
    Unknown,
)
from errlint.report import FORMATS, View
from tests.hostile_strings import HOSTILE
from tests.written import written


def report(words: str) -> Report:
    """A report in which every text that a stranger can write is the same."""
    at = Location(words, (words, "0"), 3, 5)

    def finding(number: int, severity: Severity) -> Finding:
        return Finding(
            rule="COD001",
            name="undocumented-code",
            severity=severity,
            witness="live" if number == 1 else "schema",
            message=words,
            location=at,
            fingerprint=f"{number:016x}",
            help=words,
            related=(Related(at, words),),
            operation=words,
            operations=(words, f"GET /{words}"),
            sites=(Site(words, at, f"{number:016x}", words), Site(f"GET /{words}", at, f"{number:015x}f")),
            status=words,
            code=words,
            layer=words,
            reproduce=words,
            request_id=words,
            suppressed=words if number == 3 else None,
            reproduced="2 of 2",
            again=words,
            excerpt=Excerpt(words[:100], 0, min(len(words), 100)),
        )

    severities = (Severity.ERROR, Severity.ERROR, Severity.WARNING, Severity.WARNING, Severity.NOTE)
    findings = tuple(finding(number, severity) for number, severity in enumerate(severities))
    return Report(
        command="probe",
        outcome="findings",
        findings=findings,
        unknown=(Unknown("COD001", words, words, words, at),),
        judged=3,
        coverage=Coverage(
            codes=(CodeCoverage(words, words, words, words, (words,), (), words, "fault"),),
            operations=(OperationCoverage(words, "unreached", 1, words, ((words, 2),)),),
            seen=(Seen(words, words, words, words, (words,), 1),),
        ),
        read=(words,),
        notes=(words,),
        failing=frozenset(one.fingerprint for one in findings[:2]),
        documents=(Judged(words, words, words, (words, f"GET /{words}"), 2, "", words, (words,)),),
        rules={"COD001": Severity.ERROR, "COD002": Severity.ERROR},
    )


def failed(words: str) -> Report:
    return Report(command="lint", outcome="invalid-input", reason=words)


def obeyed(text: str) -> list[str]:
    """The lines that a CI takes for a command, as GitHub's runner reads them: ``::x::`` behind blanks, ``##[x]`` anywhere."""
    lines = re.split("[\r\n]", text)
    return [line for line in lines if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)]


RAW = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff]")
"""What steers a terminal, ends a line or turns one around, or does not stand in UTF-8."""


def text(told: str, words: str) -> None:
    assert obeyed(told) == []


def as_json(told: str, words: str) -> None:
    json.loads(told)
    assert obeyed(told) == []


def lossless_json(told: str, words: str) -> None:
    as_json(told, words)
    data = json.loads(told)
    assert {one["message"] for one in data["findings"]} <= {words}
    assert data["summary"]["reason"] in (words, None)


COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")


def github(told: str, words: str) -> None:
    """Each line is one command of the three, with the properties that we write, or begins with our name."""
    for line in told.splitlines():
        found = COMMAND.fullmatch(line)
        assert found is not None, line
        names = [item.partition("=")[0] for item in found[2].split(",")]
        assert set(names) <= {"file", "line", "col", "endColumn", "title"}
        assert len(names) == len(set(names))
        assert re.search(r"##\w*\[", line) is None
    assert len(told.split("\n")) - 1 == len(told.splitlines()) in (1, 3, 4)


def of_tags(told: str, known: set[str]) -> ElementTree.Element:
    root = ElementTree.fromstring(told.encode())
    assert {one.tag for one in root.iter()} <= known
    assert obeyed(told) == []
    return root


def junit(told: str, words: str) -> None:
    root = of_tags(told, {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"})
    read = JUnitXml.fromstring(told.encode())
    cases = [case for suite in read for case in suite]
    assert read.tests == len(cases) == len(root.findall(".//testcase"))
    assert read.failures == len(root.findall(".//failure"))
    assert read.errors == len(root.findall(".//error"))


def checkstyle(told: str, words: str) -> None:
    of_tags(told, {"checkstyle", "file", "error", "exception"})


class Tags(HTMLParser):
    """The elements of a page with their attributes, and the text outside of code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._code = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._code += tag in ("code", "pre", "script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("code", "pre", "script", "style")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.words.append(data)


MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
RENDERED = {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "details", "summary", "br", "strong"}


def markdown(told: str, words: str) -> None:
    """As it is rendered there is no element that we did not write, no link, no mention; each row has its cells."""
    page = MARKDOWN.render(told)
    tags = Tags(page)
    assert {tag for tag, _ in tags.tags} <= RENDERED
    assert {name for _, own in tags.tags for name in own} <= {"class"}
    shown = " ".join(tags.words)
    assert re.findall(r"@\w|https?://|www\.|#\d|GH-\d", shown) == []
    assert {row.count("<td") for row in page.split("<tr>")[1:]} <= {0, 5, 6}
    assert [tag for tag, _ in tags.tags].count("h3") == 1
    assert obeyed(told) == []


def html(told: str, words: str) -> None:
    tags = Tags(told).tags
    assert [name for _, own in tags for name in own if name.startswith("on")] == []
    assert {tag for tag, _ in tags} & {"img", "svg", "iframe", "object", "embed"} <= {"svg"}
    assert [
        own["href"] for _, own in tags if own.get("href") and not re.match(r"#|https?://|data:image/", own["href"] or "")
    ] == []
    assert "<script>alert" not in told.replace("\\u003c", "")


def as_csv(told: str, words: str) -> None:
    cells = [cell for row in csv.reader(StringIO(told)) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []


CHECKS: dict[str, Callable[[str, str], None]] = {
    "text": text,
    "json": lossless_json,
    "github": github,
    "junit": junit,
    "markdown": markdown,
    "sarif": as_json,
    "gitlab": as_json,
    "rdjson": as_json,
    "checkstyle": checkstyle,
    "html": html,
    "csv": as_csv,
}
"""What each format's own reader must find in it; a format without a line here has not been thought about."""


def test_every_format_is_held_to_harmlessness():
    assert set(FORMATS) - set(CHECKS) == set()


VIEWS = (View("1", 1, Severity.NOTE, True, False), View("1", 1, Severity.WARNING, False, False, "a/b"))
PEOPLE = ("text", "github", "markdown")
"""Formats that look otherwise by what a user wants to see."""


@pytest.mark.parametrize("name", FORMATS)
def test_no_reader_of_a_format_obeys_what_strangers_wrote(name):
    obeying = {}
    for label, words in HOSTILE.items():
        for made in (report(words), failed(words)):
            for view in VIEWS[: 2 if name in PEOPLE else 1]:
                told = written(name, made, view)
                try:
                    assert RAW.findall(told) == []
                    CHECKS[name](told, words)
                except (AssertionError, ValueError, ElementTree.ParseError) as error:
                    obeying[label] = str(error)
    assert obeying == {}


def responses(code: str) -> dict[str, object]:
    members = {"code": {"enum": [code]}, "message": {"type": "string"}, "http": {"const": 404}}
    inner = {"type": "object", "required": [*members], "properties": members}
    error = {"type": "object", "required": ["error"], "properties": {"error": inner}}
    return {"404": {"description": code, "content": {"application/json": {"schema": error}}}, code: {"description": code}}


NAME = "a\n::error::b,c %0A ##[group] \u202e<img src=x>|`@team`.json"


def test_a_hostile_document_of_a_hostile_name_is_obeyed_by_nobody(tmp_path, monkeypatch, capsys):
    words = [one for name, one in HOSTILE.items() if len(one) < 1_000 and one.strip() and name != "lone surrogate"]
    document = {
        "openapi": "3.1.0",
        "info": {"title": words[0], "version": words[1]},
        "paths": {f"/{one}": {"get": {"operationId": one, "summary": one, "responses": responses(one)}} for one in words},
    }
    catalog = {
        "errlint": 1,
        "service": {"name": words[0]},
        "envelopes": {"own": {"use": "eventml"}},
        "layers": {"service": {"envelope": "own"}},
        "errors": [{"code": one, "status": 400, "message": one} for one in words[::2]],
    }
    monkeypatch.chdir(tmp_path)
    Path(NAME).write_text(json.dumps(document))
    Path("errors.json").write_text(json.dumps(catalog))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    formats = [word for name in FORMATS for word in ("-f", f"{name}:out.{name}")]
    code = run(["lint", NAME, "--catalog", "errors.json", "--show", "notes", "-v", *formats])
    shown = capsys.readouterr()
    assert (code, shown.out, obeyed(shown.err)) == (1, "", []), shown.err
    for name in FORMATS:
        told = Path(f"out.{name}").read_text("utf-8")
        assert RAW.findall(told) == []
        assert ("COD001" in told) is (name != "csv")
        if name not in ("json", "github"):  # those ask about one string
            CHECKS[name](told, "")
    markdown(Path("summary.md").read_text("utf-8"), "")
