"""SARIF, as GitHub reads it."""

from __future__ import annotations

import json

import pytest

from errlint.model.finding import Finding, Location, Severity, Unknown
from errlint.model.record import replace
from errlint.report import View, sarif
from errlint.report.paths import path_of
from tests.unit.report_cases import EMPTY, FAILED, FULL, KEY, KNOWN, LINE, LIVE, VIEW, WORD, written


def run_of(report, view=VIEW) -> dict:
    log = json.loads(written(sarif, report, view))
    assert (log["$schema"], log["version"]) == ("https://json.schemastore.org/sarif-2.1.0.json", "2.1.0")
    assert list(blanks(log)) == []
    (run,) = log["runs"]
    return run


def blanks(value):
    """Empty texts, which GitHub refuses; a fix may take text away."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "insertedContent":
                yield from blanks(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from blanks(inner)
    elif value == "":
        yield value


def place(uri: str, line: int, start: int, end: int) -> dict:
    region = {"startLine": line, "startColumn": start, "endLine": line, "endColumn": end}
    return {"artifactLocation": {"uri": uri, "uriBaseId": "SRCROOT"}, "region": region}


def test_a_finding_is_a_result_with_all_that_is_known_of_it() -> None:
    physical = place("api/openapi.yaml", 9, 9, 12)
    physical["region"]["snippet"] = {"text": "4xx"}
    whole = {"startLine": 9, "startColumn": 1, "endLine": 9, "endColumn": len(LINE) + 1, "snippet": {"text": LINE}}
    assert run_of(replace(FULL, findings=(KEY,)))["results"] == [
        {
            "ruleId": "DEC005",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": KEY.message},
            "locations": [
                {
                    "physicalLocation": {**physical, "contextRegion": whole},
                    "logicalLocations": [{"fullyQualifiedName": "/paths/~1a/get/responses/4xx"}],
                }
            ],
            "partialFingerprints": {"primaryLocationLineHash": "00000000000000aa:1", "errlint/v1": "00000000000000aa"},
            "relatedLocations": [
                {
                    "id": 0,
                    "physicalLocation": place("api/errors.yaml", 4, 3, 4),
                    "logicalLocations": [{"fullyQualifiedName": "/errors/0"}],
                    "message": {"text": "the catalog's entry"},
                },
                {
                    "id": 1,
                    "physicalLocation": place("api/openapi.yaml", 19, 9, 10),
                    "logicalLocations": [{"fullyQualifiedName": "/paths/~1b/get/responses/4xx"}],
                    "message": {"text": "GET /b"},
                },
            ],
            "fixes": [
                {
                    "description": {"text": "write 4XX for 4xx"},
                    "artifactChanges": [
                        {
                            "artifactLocation": {"uri": "api/openapi.yaml", "uriBaseId": "SRCROOT"},
                            "replacements": [
                                {
                                    "deletedRegion": {"startLine": line, "startColumn": 9, "endLine": line, "endColumn": 12},
                                    "insertedContent": {"text": "4XX"},
                                }
                                for line in (9, 19)
                            ],
                        }
                    ],
                }
            ],
            "properties": {"name": "bad-status-key", "operation": "GET /a", "status": "4xx", "count": 2},
        }
    ]


def test_a_live_finding_says_how_to_see_it_again() -> None:
    (result,) = run_of(replace(FULL, findings=(LIVE,)))["results"]
    assert result["properties"] == {
        "name": "undocumented-code",
        "operation": "GET /a",
        "status": "404",
        "code": "ML_9999",
        "layer": "service",
        "count": 1,
        "reproduce": 'curl "$URL/a"',
        "reproduced": "2 of 2",
    }
    assert result["message"] == {"text": "code <ML_9999> & co\\x1b[31m is not in the catalog\ufffe"}
    # No scheme: GitHub refuses a whole report for an artifact that is no file.
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "svc.example/v1/openapi.json"}


def test_what_is_in_no_text_is_shown_at_the_first_document() -> None:
    (result,) = run_of(replace(FULL, findings=(WORD,)))["results"]
    assert result["locations"] == [{"physicalLocation": place("api/openapi.yaml", 1, 1, 2)}]


def test_a_suppressed_finding_opens_no_alert() -> None:
    assert [one["ruleId"] for one in run_of(replace(FULL, findings=(KNOWN, WORD)))["results"]] == [WORD.rule]


def test_rules_have_the_words_of_their_cards() -> None:
    linked = replace(KEY, link="https://wiki.example/dec005")
    run = run_of(replace(FULL, findings=(linked, LIVE)))
    rules = run["tool"]["driver"]["rules"]
    assert [(rule["id"], rule.get("helpUri")) for rule in rules] == [
        ("COD001", None),
        ("DEC005", "https://wiki.example/dec005"),
    ]
    assert [result["ruleIndex"] for result in run["results"]] == [1, 0]
    assert rules[1] == {
        "id": "DEC005",
        "name": "BadStatusKey",
        "shortDescription": {"text": "A key of a Responses Object that is no status, range or `default`: 4xx, 400-499, 40."},
        "fullDescription": {"text": "Tools skip it without a word, so the error is not declared at all."},
        "help": {
            "text": "Tools skip it without a word, so the error is not declared at all.\n\n"
            "Fix: Write three digits, `default`, or (from OpenAPI 3.0 on) a range with capital letters such as 4XX.\n\n"
            "See OpenAPI 3.1.1 section 4.8.16.2, Patterned Fields, https://wiki.example/dec005.",
            "markdown": "**DEC005 bad-status-key**: A key of a Responses Object that is no status, range or `default`: 4xx, "
            "400-499, 40.\n\n**Why**: Tools skip it without a word, so the error is not declared at all.\n\n"
            "**Fix**: Write three digits, `default`, or (from OpenAPI 3.0 on) a range with capital letters such as 4XX.\n\n"
            "**Reports**, for example: `'4xx' is no status code, range or default; did you mean 4XX?`\n\n"
            "**See**: OpenAPI 3.1.1 section 4.8.16.2, Patterned Fields, <https://wiki.example/dec005>\n\n"
            "`errlint explain DEC005` shows it whole.",
        },
        "helpUri": "https://wiki.example/dec005",
        "defaultConfiguration": {"level": "error"},
        "properties": {"precision": "high", "problem.severity": "error", "tags": ["api", "errors", "DEC"]},
    }


def test_a_run_tells_what_it_is_and_what_it_did_not_check() -> None:
    unsure = Unknown("COD001", "any string is allowed", None, None, Location("api/openapi.yaml", ()))
    run = run_of(replace(EMPTY, unknown=(unsure, unsure), notes=("Not checked: layer x.", "   next: errlint init")))
    assert {key: value for key, value in run.items() if key != "invocations"} == {
        "tool": {"driver": {"name": "errlint", "version": "1.2.3", "semanticVersion": "1.2.3", "rules": []}},
        "automationDetails": {"id": "errlint/catalog-check/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"uri": "file:///repo/"}},
        "results": [],
    }
    notes = ["Not checked: layer x.", "Not checked: any string is allowed (2×)"]
    told = [{"level": "note", "message": {"text": text}} for text in notes]
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1, "toolExecutionNotifications": told}]


def test_a_run_that_failed_says_why_and_where() -> None:
    (invocation,) = run_of(FAILED, replace(VIEW, code=2))["invocations"]
    assert invocation == {
        "executionSuccessful": False,
        "exitCode": 2,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {
                    "text": "errlint probe could not finish (unreachable): api/openapi.yaml: nobody answers\\nthere",
                },
                "locations": [{"physicalLocation": place("api/openapi.yaml", 4, 2, 3)}],
            }
        ],
    }


def many(number: int, severity: Severity) -> tuple[Finding, ...]:
    return tuple(replace(WORD, severity=severity, fingerprint=f"{severity}-{index}") for index in range(number))


def test_the_worst_are_kept_in_their_order(monkeypatch) -> None:
    monkeypatch.setattr(sarif, "MOST", 6)
    findings = (*many(3, Severity.WARNING), *many(3, Severity.NOTE), *many(2, Severity.ERROR))
    assert [one.fingerprint for one in sarif.most_important(findings)] == [
        *("warning-0", "warning-1", "warning-2", "note-0", "error-0", "error-1"),
    ]
    assert sarif.most_important(findings[:6]) == list(findings[:6])


def test_what_is_left_out_is_told_in_the_file_and_to_the_user(tmp_path, capsys, monkeypatch) -> None:
    from errlint.cli.output import Output

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sarif, "MOST", 2)
    Output((("sarif", "out.sarif"),), Severity.NOTE, False, "auto").emit(FULL, 1)
    told = "1 finding is left out, since GitHub shows 2 of a run: the worst are kept, -f json holds all"
    assert capsys.readouterr().err == f"errlint: sarif: {told}\n"
    (run,) = json.loads((tmp_path / "out.sarif").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["DEC005", "COD001"]
    notice = {"level": "warning", "message": {"text": told}}
    assert run["invocations"][0]["toolExecutionNotifications"] == [notice]


def test_brackets_in_a_message_are_no_link() -> None:
    (result,) = run_of(replace(FULL, findings=(replace(KEY, message="see [here](https://evil.example) or a[0]"),)))["results"]
    assert result["message"] == {"text": "see \\[here\\](https://evil.example) or a\\[0\\]"}


@pytest.mark.parametrize(
    ("uri", "path", "artifact"),
    [
        ("a b/ö.yaml", "a b/ö.yaml", {"uri": "a%20b/%C3%B6.yaml", "uriBaseId": "SRCROOT"}),
        ("./x/../a.yaml", "a.yaml", {"uri": "a.yaml", "uriBaseId": "SRCROOT"}),
        ("/repo/a.yaml", "a.yaml", {"uri": "a.yaml", "uriBaseId": "SRCROOT"}),
        ("../other/a.yaml", "/other/a.yaml", {"uri": "file:///other/a.yaml"}),
        ("/repository/a.yaml", "/repository/a.yaml", {"uri": "file:///repository/a.yaml"}),
        ("v1:openapi.yaml", "v1:openapi.yaml", {"uri": "v1%3Aopenapi.yaml", "uriBaseId": "SRCROOT"}),
        ("-", "stdin", {"uri": "stdin"}),
        ("builtin:maas", "builtin/maas", {"uri": "builtin/maas"}),
        ("pkg:acme/errors.yaml", "pkg/acme/errors.yaml", {"uri": "pkg/acme/errors.yaml"}),
        ("https://h.example:8443/a?b=c", "h.example:8443/a?b=c", {"uri": "h.example%3A8443/a%3Fb%3Dc"}),
        ("", ".", {"uri": ".", "uriBaseId": "SRCROOT"}),
    ],
)
def test_a_text_is_named_from_the_working_directory_and_never_with_a_scheme(uri, path, artifact) -> None:
    assert path_of(uri, VIEW) == path
    result = run_of(replace(FULL, documents=(), findings=(replace(WORD, location=Location(uri, (), 1, 1)),)))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_in_a_folder_of_the_repository_texts_are_named_from_its_root() -> None:
    view = View("1.2.3", folder="services/a b", here="/repo/services/a b")
    run = run_of(replace(FULL, findings=(KEY,)), view)
    assert run["originalUriBaseIds"] == {"SRCROOT": {"uri": "file:///repo/"}}
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "services/a%20b/api/openapi.yaml", "uriBaseId": "SRCROOT"}
    assert [path_of(uri, view) for uri in ("../x.yaml", "/repo/y.yaml", "/etc/z")] == ["services/x.yaml", "y.yaml", "/etc/z"]


def test_on_windows_an_address_is_one_too() -> None:
    view = View("1.2.3", folder="api", here="D:\\a\\repo\\api")
    run = run_of(replace(FULL, documents=(), findings=(replace(WORD, location=Location("C:\\x y\\z.yaml", (), 1, 1)),)), view)
    assert run["originalUriBaseIds"] == {"SRCROOT": {"uri": "file:///D:/a/repo/"}}
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///C:/x%20y/z.yaml"}


def test_without_a_working_directory_nothing_is_relative_to_one() -> None:
    run = run_of(replace(FULL, findings=(KEY,)), View("1.2.3"))
    assert "originalUriBaseIds" not in run
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "api/openapi.yaml"}
