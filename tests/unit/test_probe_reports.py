"""What a run says in the end, seen by services that answer as real ones do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from errlint import api
from errlint.config import Settings
from errlint.load.source import load
from errlint.model.finding import Finding, Report
from errlint.probe.options import Options
from tests.services.lax import Reply, Seen, lax, problem, things

TOKEN = ("Authorization", "Bearer good-token")
JSON = {"Content-Type": "application/json"}


def probed(doc: dict[str, Any], reply: Callable[[Seen], Reply], *rules: str, **options: Any) -> Report:
    """The report of a run; of the rules only those that are named, all where none is."""
    source = load(json.dumps(doc).encode(), "openapi.json")
    with lax(reply) as (url, _):
        asked = {"headers": (TOKEN,), "generated": False, "accept_inconclusive": True, **options}
        return api.probe(source, Options(url + "/v1", **asked), settings=Settings(select=rules) if rules else None)


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.message) for finding in report.findings]


def of(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


def test_writes_that_were_answered_as_done_and_those_that_failed_are_told_apart() -> None:
    answers: dict[str, Reply] = {"POST": (201, JSON, b"{}"), "PUT": problem(500), "PATCH": problem(302)}

    def reply(seen: Seen) -> Reply:
        return answers.get(seen.method, problem(404))

    report = probed(things(), reply)
    assert report.notes[:2] == (
        "May have written, was answered 2xx or 3xx: POST /things, PATCH /things/{id}.",
        "May have written, failed with 5xx or without an answer: PUT /things/{id}.",
    )


def test_a_write_that_was_accepted_stands_before_the_other_findings_of_its_severity() -> None:
    report = probed(things(), lambda seen: (201, JSON, b"{}") if seen.method == "POST" else problem(405))
    warnings = [finding for finding in report.findings if str(finding.severity) == "warning"]
    assert len({finding.rule for finding in warnings}) > 1
    assert warnings[0].message == "no-auth was accepted with 201; it may have written"


def test_one_cause_is_one_finding_whatever_made_the_request() -> None:
    def reply(seen: Seen) -> Reply:
        try:
            body = json.loads(seen.body or b"{}")
        except (ValueError, RecursionError):
            return problem(400)
        return problem(400 if isinstance(body, dict) else 500)

    report = probed(things(security=[]), reply, "HTP008", generated=True)
    assert told(report) == [("HTP008", "a body of the wrong type was answered 500: the fault is the client's")]
    assert report.findings[0].operations == ("POST /things", "PUT /things/{id}", "PATCH /things/{id}")


def test_a_value_in_the_path_that_is_too_long_for_the_service_is_a_fault_of_its() -> None:
    name = {
        "name": "name",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "maxLength": 30, "pattern": "^[a-z0-9]+$"},
    }
    answers = {"200": {"description": ""}, "404": {"description": ""}}
    doc = things(security=[])
    doc["paths"] = {f"/{kind}/{{name}}": {"get": {"parameters": [name], "responses": answers}} for kind in ("tags", "blobs")}
    report = probed(
        doc, lambda seen: problem(500 if 30 < len(seen.path.rpartition("/")[2]) < 1000 else 404), "HTP008", generated=True
    )
    assert told(report) == [
        ("HTP008", "a value in the path that breaks its schema was answered 500: the fault is the client's")
    ]
    assert report.findings[0].operations == ("GET /tags/{name}", "GET /blobs/{name}")


def test_an_id_that_names_nothing_is_no_reason_to_fail_but_may_be_deleted() -> None:
    report = probed(
        things(security=[]), lambda seen: problem(500) if seen.method == "DELETE" else problem(404), "HTP008", "HTP010"
    )
    assert told(report) == [("HTP008", "an id that names nothing was answered 500: the fault is the client's")]
    report = probed(
        things(security=[]), lambda seen: (200, JSON, b"{}") if seen.method == "DELETE" else problem(404), "HTP008", "HTP010"
    )
    assert told(report) == []
