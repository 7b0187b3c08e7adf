"""reviewdog's diagnostic format."""

from __future__ import annotations

import json

from errlint.load.source import load
from errlint.model.record import replace
from errlint.report import rdjson
from tests.unit.report_cases import EMPTY, FAILED, FULL, KEY, written


def diagnostics(report) -> list:
    result = json.loads(written(rdjson, report))
    assert result["source"] == {"name": "errlint"}
    return result["diagnostics"]


def reach(line: int, start: int, end: int) -> dict:
    return {"start": {"line": line, "column": start}, "end": {"line": line, "column": end}}


def test_a_finding_is_a_diagnostic_on_each_line_that_its_fix_changes() -> None:
    told = "bad-status-key: '4xx' is no status code, range or default; did you mean 4XX?\n\nWrite three digits."
    said = {"message": told, "severity": "ERROR", "code": {"value": "DEC005", "url": "https://wiki.example/dec005"}}
    assert diagnostics(replace(FULL, findings=(replace(KEY, link="https://wiki.example/dec005"),))) == [
        {
            **said,
            "location": {"path": "api/openapi.yaml", "range": reach(9, 9, 12)},
            "suggestions": [{"range": reach(9, 9, 12), "text": "4XX"}],
            "related_locations": [
                {"message": "the catalog's entry", "location": {"path": "api/errors.yaml", "range": {"start": {"line": 4}}}}
            ],
        },
        {
            **said,
            "location": {"path": "api/openapi.yaml", "range": reach(19, 9, 12)},
            "suggestions": [{"range": reach(19, 9, 12), "text": "4XX"}],
        },
    ]


def test_what_counts_is_told_and_what_is_suppressed_is_not() -> None:
    one, again, live, word = diagnostics(FULL)
    assert [entry["code"]["value"] for entry in (one, again, live, word)] == ["DEC005", "DEC005", "COD001", "CFG005"]
    assert live["location"] == {"path": "svc.example/v1/openapi.json", "range": {"start": {"line": 3}}}
    assert (live["severity"], word["severity"]) == ("WARNING", "INFO")
    assert word["location"] == {"path": "api/openapi.yaml", "range": {"start": {"line": 1}}}


def test_columns_count_bytes_also_behind_what_is_cut_off() -> None:
    text = '{"paths": {"/größe": "' + "ü" * 200 + '", "/naïve": "x"}}'
    location = load(text.encode(), "o.json").location(("paths", "/naïve"))
    excerpt = load(text.encode(), "o.json").shown([location.pointer])[location.pointer]
    report = replace(FULL, findings=(replace(KEY, location=location, excerpt=excerpt, suggestions=(), related=()),))
    start = len(text[: text.index('"/naïve"')].encode()) + 1
    assert diagnostics(report)[0]["location"]["range"] == reach(1, start, start + len('"/naïve": "x"'.encode()))


def test_a_run_that_failed_is_a_diagnostic_and_an_empty_one_has_none() -> None:
    assert diagnostics(EMPTY) == []
    assert diagnostics(FAILED) == [
        {
            "message": "errlint probe could not finish (unreachable): api/openapi.yaml: nobody answers\\nthere",
            "location": {"path": "api/openapi.yaml", "range": {"start": {"line": 4}}},
            "severity": "ERROR",
            "code": {"value": "errlint"},
        }
    ]
