"""What a run says in the end, seen by services that answer as real ones do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.config import Settings
from errlint.load.source import load
from errlint.model.finding import Finding, Location, Report, Severity
from errlint.probe.options import Options
from errlint.report.text import lines as write_lines
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
    assert report.notes[2].startswith("More writes to these, not sent: ")
    assert not any("since nothing proves" in note for note in report.notes)


def test_a_write_that_was_accepted_stands_before_all_other_findings() -> None:
    report = probed(things(), lambda seen: (201, JSON, b"{}") if seen.method == "POST" else problem(500))
    assert {str(finding.severity) for finding in report.findings} >= {"error", "warning"}
    assert report.findings[0].message == "no-auth was accepted with 201; it may have written"


@pytest.mark.parametrize(
    ("message", "line"),
    [("the error came as text/html", "   GET /a   404 \u00b7 3 answers"), ("GET /a answered 404", "   GET /a   3 answers")],
)
def test_a_live_finding_says_its_status_once(message: str, line: str) -> None:
    at = Location("a.yaml", ())
    finding = Finding("HTP006", "x", Severity.ERROR, "live", message, at, "f" * 16, operation="GET /a", status="404", count=3)
    assert line in list(write_lines(Report(command="probe", outcome="findings", findings=(finding,))))


def test_a_run_that_a_limit_cut_short_says_so_and_names_no_other_reason() -> None:
    report = probed(things(), lambda seen: problem(404), max_requests=12)
    assert "The run ended early: the limit of 12 requests was reached." in report.notes
    assert report.coverage is not None
    whys = {one.why for one in report.coverage.operations if one.state == "not-probed"}
    assert whys == {"the limit of 12 requests was reached"}


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


def servers(**members: Any) -> dict[str, Any]:
    """A document with everything below one server, as PowerDNS has it."""
    answers = {"responses": {"200": {"description": ""}, "404": {"description": ""}}}
    named = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in ("server_id", "zone_id")]
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["name"]}}}}
    paths = {
        "/servers": {"get": answers},
        "/servers/{server_id}": {"parameters": named[:1], "get": answers},
        "/servers/{server_id}/cache": {"parameters": named[:1], "delete": answers},
        "/servers/{server_id}/zones": {"parameters": named[:1], "get": answers, "post": {**answers, "requestBody": body}},
        "/servers/{server_id}/zones/{zone_id}": {"parameters": named, "get": answers, "delete": answers},
    }
    return {**things(security=[]), "paths": paths, **members}


def of_one_server(seen: Seen) -> Reply:
    """200 to reads of what is there, 404 to what is below a server that is not."""
    parts = seen.path.split("/")[2:]
    if parts[0] != "servers" or (len(parts) > 1 and parts[1] != "localhost"):
        return problem(404)
    if len(parts) == 4 and parts[3] != "example.org":
        return problem(404)
    return (200, JSON, b"[]") if seen.method == "GET" else problem(422)


def states(report: Report) -> dict[str, str]:
    assert report.coverage is not None
    return {one.operation: one.state for one in report.coverage.operations}


def test_what_is_below_an_id_that_is_made_up_is_not_reached() -> None:
    report = probed(servers(), of_one_server, "COV012", generated=True, writes="rejected")
    below = ("DELETE /servers/{server_id}/cache", "GET /servers/{server_id}/zones", "POST /servers/{server_id}/zones")
    leaves = ("GET /servers/{server_id}/zones/{zone_id}", "DELETE /servers/{server_id}/zones/{zone_id}")
    assert {name for name, state in states(report).items() if state == "unreached"} == {*below, *leaves}
    assert told(report) == [("COV012", "5 of the 7 operations were not reached")]
    assert report.coverage is not None
    assert {one.why for one in report.coverage.operations if one.state == "unreached"} == {
        "every answer was the same 404, and {server_id} is made up: give one with --path-param server_id=..."
    }


def test_an_id_that_the_user_gives_leads_on_and_is_never_written_to() -> None:
    source = load(json.dumps(servers()).encode(), "openapi.json")
    with lax(of_one_server) as (url, seen):
        ids = (("server_id", "localhost"), ("zone_id", "example.org"))
        report = api.probe(source, Options(url + "/v1", path_params=ids, accept_inconclusive=True))
    assert {state for name, state in states(report).items() if name != "DELETE /servers/{server_id}/cache"} == {"reached"}
    asked = {(one.method, one.path) for one in seen}
    assert ("GET", "/v1/servers/localhost/zones/example.org") in asked
    assert ("POST", "/v1/servers/localhost/zones") in asked
    deleted = {path for method, path in asked if method == "DELETE"}
    assert deleted
    assert not {path for path in deleted if path.endswith(("/example.org", "/localhost/cache"))}
    assert {path.split("/")[3] for path in deleted if "/zones/" in path} == {"localhost"}


def test_a_refusal_that_is_none_of_authentication_says_so() -> None:
    doc = things()
    doc["paths"] = {"/things": doc["paths"]["/things"], "/reset": {"post": {"responses": {"200": {"description": ""}}}}}
    report = probed(doc, lambda seen: problem(403) if "reset" in seen.path else (200, JSON, b"[]"), "COV012")
    assert told(report) == [("COV012", "POST /reset was not reached: every answer was 403")]


def test_answers_to_stray_requests_that_no_layer_covers_are_one_finding(tmp_path: Path) -> None:
    catalog = tmp_path / "errors.json"
    catalog.write_text(json.dumps({"errlint": 1, "service": {"name": "s"}, "errors": [{"code": "E1", "status": 404}]}))

    def reply(seen: Seen) -> Reply:
        if seen.method in ("TRACE", "ERRLINT"):
            return 405, {"Content-Type": "text/plain", "Allow": "GET"}, b"Method Not Allowed"
        return 404, {"Content-Type": "text/plain"}, b"404 page not found\n"

    source = load(json.dumps(things()).encode(), "openapi.json")
    with lax(reply) as (url, _):
        options = Options(url + "/v1", (TOKEN,), generated=False, accept_inconclusive=True)
        report = api.probe(source, options, [str(catalog)], settings=Settings(select=("ENV015",)))
    assert told(report) == [
        ("ENV015", "no layer of the catalog covers the answers to stray requests: 404, 405 (the default body of Go net/http)")
    ]
