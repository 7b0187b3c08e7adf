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
