"""What a probe covered: which codes each operation showed, why others were not seen, what counts, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.demo.server import serve
from errlint.demo.service import TOKEN, create_app
from errlint.load.envelopes import shipped_envelopes
from errlint.load.source import load
from errlint.match.answer import Answer, read_answer
from errlint.match.plan import Plan
from errlint.model.catalog import Catalog, Code
from errlint.model.exchange import Observation, Request
from errlint.model.finding import (
    CodeCoverage,
    CodeSeen,
    Coverage,
    Location,
    OperationCoverage,
    OperationState,
    Report,
    Seen,
)
from errlint.model.recipe import Recipe, Step
from errlint.model.record import replace
from errlint.model.spec import Node, Operation
from errlint.model.status import one
from errlint.probe import coverage
from errlint.probe.observed import Observed
from errlint.probe.options import Options
from errlint.probe.played import Played
from errlint.probe.seen import seen as described
from errlint.probe.tally import Tally, tally
from errlint.report import coverage_text
from errlint.report.json_ import document
from tests.promised import kept

ROOT = Path(__file__).parents[2]
PLACE = Location("spec.json", ())


def operation(label: str, secured: bool = False) -> Operation:
    method, path = label.split(" ")
    return Operation(label, method.lower(), path, Node("spec.json", (), {}), secured=secured)


def observation(label: str | None, status: int | None, code: str = "", stimulus: str = "valid", **more: Any) -> Observation:
    body = json.dumps({"error": {"code": code, "message": "m", "http": status}}).encode() if code else b""
    return Observation(
        "live",
        PLACE,
        status,
        {"content-type": "application/json"},
        body,
        operation=operation(label) if label else None,
        request=Request("GET", "http://127.0.0.1/a", stimulus=stimulus),
        dropped=status is None,
        **more,
    )


ENVELOPE = shipped_envelopes()["eventml"]


def contract(*codes: Code) -> Plan:
    from errlint.model.catalog import Layer

    layer = Layer("service", ("eventml",), applies_to="all-operations")
    return Plan(Catalog("shop", {"eventml": ENVELOPE}, {"service": layer}, {}, codes))


def code(name: str = "A", status: int = 404, **more: Any) -> Code:
    return Code(name, name, one(status), "service", **more)


def seen(**more: Any) -> Observed:
    return Observed(**{"observations": (), "requests": {}, "not_probed": {}, "withheld": {}, "may_have_written": (), **more})


def counted(plan: Plan, *observations: Observation, **more: Any) -> Tally:
    return tally([read_answer(each, plan) for each in observations], seen(**more))


def why(entry: Code, *observations: Observation, declared: tuple[str, ...] = (), **more: Any) -> tuple[str, str]:
    return tuple(coverage.why_unseen(entry, declared, counted(contract(entry, code("B", 400)), *observations, **more)))


STEP = Step("POST", "/a")
COOKED = code(recipes=(Recipe(("service", "A"), (), STEP),))
OTHER = observation("GET /a", 400, "B", "malformed-json")
UNKNOWN = observation("GET /a", 400, "Z", "malformed-json")
PLAIN = observation("GET /b", 415, "", "malformed-json")


def played(state: Any, text: str = "", step: str = "", tried: str = "", status: int | None = None) -> Any:
    return {"played": (Played(("service", "A"), state, text, step, tried, status),)}


WHYS: dict[str, tuple[tuple[Code, tuple[Observation, ...], dict[str, Any]], tuple[str, str]]] = {
    "a retired code": ((code(removed="2.0"), (), {}), ("removed", "was removed from the service")),
    "a fault": ((code(reachable="fault"), (), {}), ("fault", "needs a fault inside the service")),
    "never": ((code(reachable="never"), (), {}), ("never", "is not reachable from outside")),
    "left out": (
        (code(provoke=("no-auth",)), (), {"declared": ("GET /a",), "excluded": frozenset({"GET /a"})}),
        ("left-out", "is declared only for operations that the user left out"),
    ),
    "not probed": (
        (code(), (), {"declared": ("GET /a",), "not_probed": {"GET /a": "it writes, and writes are switched off"}}),
        ("not-probed", "is declared only for operations that were not probed (it writes, and writes are switched off)"),
    ),
    "nothing in the catalog": (
        (code(), (), {}),
        ("needs-recipe", "no request that errlint knows of provoked it: a recipe (provoke) can"),
    ),
    "under another status": (
        (code(), (observation("GET /a", 400, "A", "unknown-id"),), {"declared": ("GET /a",)}),
        ("got-another", "came with 400 only"),
    ),
    "the run ended before": (
        (code(), (OTHER,), {"stopped": "the limit of 8 requests was reached", "stopped_by": "limit"}),
        ("run-ended", "was not seen before the run ended early (the limit of 8 requests was reached)"),
    ),
    "after a write that failed": (
        (code(), (OTHER,), {"declared": ("POST /a",), "failed_writes": ("POST /a",)}),
        ("writes", "is declared for operations that failed at a write, and got no other"),
    ),
    "behind a rate limit": (
        (code(), (OTHER, observation("GET /a", 429, "", "malformed-id")), {"declared": ("GET /a",)}),
        ("rate-limited", "1 of the 2 answers were 429: the service limits the rate (--rate sends slower)"),
    ),
    "a second user that the catalog does not ask for": (
        (code(status=403), (OTHER,), {}),
        ("second-user", "was not seen: a second user who may do less can provoke it, give --low-auth"),
    ),
    "another code": (
        (code(provoke=("malformed-json",)), (OTHER, OTHER, UNKNOWN), {"declared": ("GET /a",)}),
        ("got-another", "malformed-json was tried and got 400 B, 400 Z instead"),
    ),
    "where it is declared": (
        (code(provoke=("malformed-json",)), (OTHER, PLAIN), {"declared": ("GET /b",)}),
        ("got-another", "malformed-json was tried and got 415 instead"),
    ),
    "anywhere, as no operation declares it": (
        (code(provoke=("malformed-json", "no-auth")), (OTHER, PLAIN, PLAIN), {}),
        ("got-another", "malformed-json was tried and got 415, 400 B instead"),
    ),
    "only elsewhere": (
        (code(provoke=("malformed-json",)), (OTHER,), {"declared": ("GET /c",)}),
        ("not-tried", "malformed-json was not tried on an operation that declares it"),
    ),
    "neither of two": (
        (code(provoke=("wrong-type", "unknown-value")), (), {}),
        ("not-tried", "wrong-type and unknown-value were not tried"),
    ),
    "not at all": ((code(provoke=("malformed-json",)), (), {}), ("not-tried", "malformed-json was not tried")),
    "a write that may not be refused": (
        (code(provoke=("unknown-value",)), (), {"declared": ("POST /a",), "withheld": {"POST /a": 1}}),
        (
            "writes",
            "unknown-value was not tried: it may write, and nothing proves that it is refused (--writes allowed sends it)",
        ),
    ),
    "no writes": (
        (code(provoke=("unknown-value",)), (), {"declared": ("POST /a",), "withheld": {"POST /a": 1}, "writes": "never"}),
        ("writes", "unknown-value was not tried: writes are switched off"),
    ),
    "on request": (
        (code(provoke=("oversize-body",)), (), {"declared": ("GET /a",)}),
        ("not-tried", "oversize-body was not tried: it is sent on request, give --stress oversize-body"),
    ),
    "a second user": (
        (code(provoke=("low-auth",)), (), {}),
        ("second-user", "low-auth was not tried: it needs a second user, give --low-auth"),
    ),
    "a state that only a recipe makes": (
        (replace(COOKED, reachable="fault"), (), {}),
        ("recipe-not-played", "its recipe was not played"),
    ),
    "a recipe left out": (
        (COOKED, (), played("left-out", "it writes, add --recipes")),
        ("recipe-not-played", "its recipe was not played: it writes, add --recipes"),
    ),
    "a recipe that the run did not come to": (
        (COOKED, (), {"stopped": "interrupted"}),
        ("recipe-not-played", "its recipe was not played: the run ended before it"),
    ),
    "a recipe that ended": (
        (COOKED, (OTHER,), played("ended", "", "setup request 2 (POST /a)", OTHER.request.stimulus, 400)),
        ("recipe-ended", "its recipe ended at setup request 2 (POST /a): 400 B"),
    ),
    "a recipe without a value": (
        (COOKED, (), played("ended", "a member /id is missing, id cannot be saved", "setup request 1 (POST /a)")),
        ("recipe-ended", "its recipe ended at setup request 1 (POST /a): a member /id is missing, id cannot be saved"),
    ),
    "a recipe that needs a second user": (
        (COOKED, (), played("ended", "it needs a second user: give --low-auth", "its request (POST /a)")),
        ("second-user", "its recipe ended at its request (POST /a): it needs a second user: give --low-auth"),
    ),
    "a recipe that led elsewhere": (
        (COOKED, (UNKNOWN,), played("answered", "", "its request (POST /a)", UNKNOWN.request.stimulus, 400)),
        ("recipe-got-another", "its recipe got 400 Z"),
    ),
}


@pytest.mark.parametrize("case", WHYS)
def test_why_a_code_was_not_seen(case):
    (entry, observations, more), expected = WHYS[case]
    assert why(entry, *observations, **more) == expected


def test_the_recipe_that_came_furthest_speaks():
    three = [Played(("service", "A"), state, state) for state in ("left-out", "ended")]
    answered = Played(("service", "A"), "answered", status=404)
    assert why(COOKED, played=(*three, answered)) == ("recipe-got-another", "its recipe got 404")


def test_a_row_of_the_table_of_codes():
    plan = contract(code(), code("B", 400))
    counts = counted(plan, OTHER, observation(None, 400, "B"), OTHER)
    rows = coverage.codes(plan, counts, {("service", "A"): ("GET /a",)})
    assert rows == (
        CodeCoverage("A", "A", "service", "404", ("GET /a",), (), NEEDS, "needs-recipe"),
        CodeCoverage("B", "B", "service", "400", (), ("GET /a", "outside the document's operations")),
    )
    assert [row.state for row in rows] == ["declared", "observed"]


NEEDS = WHYS["nothing in the catalog"][1][1]


def test_an_operation_has_its_statuses_and_its_codes_declared_or_seen():
    plan = contract(code(), code("B", 400), code("C", 409))
    counts = counted(plan, OTHER, OTHER, observation("GET /a", 200), requests={"GET /a": 3})
    declared = {("service", "C"): ("GET /a",), ("service", "A"): ("GET /a", "GET /b")}
    assert coverage.operations([operation("GET /a")], plan, counts, declared) == (
        OperationCoverage(
            "GET /a",
            "reached",
            3,
            statuses=(("200", 1), ("400", 2)),
            codes=(CodeSeen("A", "service", True, 0), CodeSeen("C", "service", True, 0), CodeSeen("B", "service", False, 2)),
        ),
    )


@pytest.mark.parametrize(
    ("statuses", "secured", "more", "expected"),
    [
        ((200,), True, {}, ("reached", "", False)),
        ((401, 403), True, {}, ("unreached", "every answer was 401 or 403", False)),
        ((401,), False, {}, ("reached", "", False)),
        ((None,), True, {}, ("reached", "", False)),
        ((), True, {}, ("unreached", "no request was answered", False)),
        ((), True, {"requests": {}}, ("not-probed", "the run ended before it", False)),
        (
            (),
            True,
            {"requests": {}, "not_probed": {"GET /a": "interrupted"}, "stopped": "interrupted", "stopped_by": "interrupted"},
            ("not-probed", "interrupted", True),
        ),
        (
            (),
            True,
            {"requests": {}, "not_probed": {"GET /a": "it writes"}, "stopped": "interrupted", "stopped_by": "interrupted"},
            ("not-probed", "it writes", True),
        ),
        ((), True, {"requests": {}, "excluded": frozenset({"GET /a"})}, ("not-probed", "left out by the user", False)),
    ],
)
def test_how_far_a_probe_came_with_an_operation(statuses, secured, more, expected):
    plan = contract(code())
    known = operation("GET /a", secured)
    counts = counted(
        plan,
        *(replace(observation("GET /a", status), operation=known) for status in statuses),
        **{"requests": {"GET /a": 2}, **more},
    )
    (row,) = coverage.operations([known], plan, counts, {})
    assert (row.state, row.why, row.cut) == expected


@pytest.mark.parametrize(
    ("entry", "declared", "excluded", "counts"),
    [
        (code(), (), (), True),
        (code(reachable="fault"), (), (), False),
        (code(reachable="never"), (), (), False),
        (code(removed="2"), (), (), False),
        (replace(COOKED, reachable="fault"), (), (), True),
        (code(), ("GET /a", "GET /b"), ("GET /a",), True),
        (code(), ("GET /a",), ("GET /a",), False),
    ],
)
def test_a_code_counts_where_a_probe_can_reach_it(entry, declared, excluded, counts):
    plan = contract(entry)
    (row,) = coverage.codes(plan, counted(plan, excluded=frozenset(excluded)), {("service", "A"): declared})
    assert row.counted is counts


# The whole run


def probed(**options: Any) -> Report:
    more = {name: options.pop(name) for name in ("min_coverage", "progress") if name in options}
    catalog = options.pop("catalog", ["pkg:errlint/demo/catalog.yaml"])
    with serve(create_app(options.pop("faults", ()))) as url:
        headers = (("Authorization", f"Bearer {TOKEN}"),)
        return api.probe(
            str(ROOT / "errlint/demo/openapi.yaml"),
            Options(base_url=f"{url}/v1", headers=headers, generated=False, **options),
            catalog,
            **more,
        )


def found(report: Report) -> list[tuple[str, str, str]]:
    return [(each.rule, str(each.severity), each.message) for each in report.findings]


def test_what_cannot_be_reached_does_not_count_for_the_coverage_that_was_asked_for():
    assert found(probed(min_coverage=57)) == [
        (
            "COV010",
            "error",
            "17 of 30 codes that the probe could reach were observed (56 %), asked for were 57 % (6 others do not count)",
        )
    ]
    assert found(probed(min_coverage=56)) == []


def test_codes_of_operations_that_the_user_left_out_do_not_count():
    report = probed(min_coverage=100, include=("GET /health",))
    assert report.coverage is not None
    left_out = [row for row in report.coverage.codes if row.reason == "left-out"]
    assert all(not row.counted for row in left_out)
    assert {row.id for row in report.coverage.codes if row.counted} == {"framework.404", "framework.405"}
    assert found(report) == []


def test_an_interrupted_run_blames_nobody_for_what_it_did_not_come_to():
    def stop(operation: str, sent: int, *_: int) -> None:
        if sent == 20:
            raise KeyboardInterrupt

    report = probed(min_coverage=100, progress=stop)
    assert (report.outcome, found(report)) == ("interrupted", [])
    assert {each.why for each in report.unknown if each.rule in ("COV010", "COV012")} == {
        "whether enough codes were observed: the run ended early (interrupted)",
        "whether an operation can be reached: the run was interrupted before it",
    }


def test_a_limit_of_the_users_is_no_excuse():
    rules = {rule for rule, _, _ in found(probed(min_coverage=100, max_requests=20))}
    assert rules == {"COV010", "COV012"}


def test_the_json_report_holds_the_matrix_and_keeps_its_promise():
    report = document(probed(recipes=True), "0")
    kept("report", report)
    (row,) = [row for row in report["coverage"]["operations"] if row["operation"] == "POST /training"]
    assert [each["status"] for each in row["statuses"]] == ["202", "400", "401", "409", "504"]
    assert {each["id"]: each["declared"] for each in row["codes"] if each["observed"]} == dict.fromkeys(
        ["ML_1100", "ML_1102", "ML_1104", "ML_1700", "ML_1800", "ML_1801"], True
    )
    assert report["coverage"]["seen"] == []


def test_without_a_catalog_what_was_seen_is_a_table_of_codes_and_never_a_finding():
    report = probed(catalog=[], min_coverage=100)
    assert (found(report), report.coverage.codes) == ([], ())
    rows = [(row.status, row.code, row.shape, row.envelope, row.operations) for row in report.coverage.seen]
    assert rows[0] == ("400", "ML_1000", "{error: {code, http, message}}", "eventml", ("POST /models",))
    assert rows[-1] == ("405", "", "{detail}", "fastapi-detail", ("outside the document's operations",))
    kept("report", document(report, "0"))


# What was seen, without a catalog

SHAPES: list[tuple[Any, str, tuple[str, str, str]]] = [
    ({"error": {"code": "E1", "message": "m"}}, "application/json", ("{error: {code, message}}", "odata", "E1")),
    ({"errors": [{"code": "E2"}]}, "application/json", ("{errors: [{code}]}", "", "E2")),
    ({"error": "not_found"}, "application/json", ("{error}", "oauth2", "not_found")),
    ({"error": "Something went wrong"}, "application/json", ("{error}", "", "")),
    ({"detail": "Not Found"}, "application/json", ("{detail}", "fastapi-detail", "")),
    ({"detail": "gone"}, "application/json", ("{detail}", "drf-detail or fastapi-detail", "")),
    ({"code": 404, "text": "m"}, "application/json", ("{code, text}", "", "404")),
    ({"code": True, "text": "m"}, "application/json", ("{code, text}", "", "")),
    ([], "application/json", ("[]", "", "")),
    ("oops", "application/json", ("string", "", "")),
    (
        {"type": "https://a.test/out-of-credit", "title": "t", "status": 403, "detail": "d"},
        "application/problem+json",
        ("{detail, status, title, type}", "problem-json", "https://a.test/out-of-credit"),
    ),
    (b"<html></html>", "text/html", ("an HTML page", "", "")),
    (b"", "", ("no body", "", "")),
    (b"oops", "text/plain", ("a text", "", "")),
    ({"a" * 100: 1}, "application/json", ("{" + "a" * 78 + "…", "", "")),
]


def answers(*bodies: tuple[Any, str], status: int = 400) -> list[Answer]:
    plan = Plan(None, shipped_envelopes)
    return [
        read_answer(
            Observation(
                "live",
                PLACE,
                status,
                {"content-type": kind} if kind else {},
                body if isinstance(body, bytes) else json.dumps(body).encode(),
                operation=operation("GET /a"),
            ),
            plan,
        )
        for body, kind in bodies
    ]


@pytest.mark.parametrize(("body", "kind", "expected"), SHAPES)
def test_a_body_is_described_by_its_members_and_its_code(body, kind, expected):
    (row,) = described(answers((body, kind)), shipped_envelopes)
    assert row == Seen(expected[2], "400", kind, expected[0], ("GET /a",), 1, expected[1])


def test_equal_errors_are_one_row_and_successes_none():
    bodies = [({"error": {"code": name, "message": name * 3}}, "application/json") for name in ("E1", "E2", "E1")]
    rows = described([*answers(*bodies), *answers(*bodies, status=200)], shipped_envelopes)
    assert [(row.code, row.count) for row in rows] == [("E1", 2), ("E2", 1)]


def test_ids_are_no_codes():
    bodies = [({"error": {"code": f"id-{number}", "message": "m"}}, "application/json") for number in range(101)]
    assert [(row.code, row.count) for row in described(answers(*bodies), shipped_envelopes)] == [("", 101)]


def test_what_an_error_echoes_makes_no_row_of_its_own():
    echoed = [1, {"a": 1}, [1], {"b": {"c": 1}}]
    bodies = [({"detail": [{"msg": "m", "input": one}]}, "application/json") for one in echoed]
    assert [(row.shape, row.count) for row in described(answers(*bodies), shipped_envelopes)] == [("{detail: […]}", 4)]
    assert len(described(answers(*bodies[:2]), shipped_envelopes)) == 2


# The report for people


def told(covered: Coverage, verbose: bool = False) -> str:
    out = StringIO()
    for line in coverage_text.lines(covered, verbose):
        out.write(line + "\n")
    return out.getvalue()


def row(name: str, reason: str = "", words: str = "", observed: tuple[str, ...] = ()) -> CodeCoverage:
    return CodeCoverage(name, name, "service", "404", (), observed, words, reason)


CODES = (
    row("A", observed=("GET /a",)),
    row("B", "fault", "needs a fault inside the service"),
    row("C", "never", "is not reachable from outside"),
    row("D", "needs-recipe", "needs a state"),
    row("E", "strange", "is strange"),
)


def reached(label: str, *codes: CodeSeen, statuses: Mapping[str, int] | None = None) -> OperationCoverage:
    state: OperationState = "reached"
    return OperationCoverage(label, state, 1, "", tuple((statuses or {}).items()), codes)


A, B, C = CodeSeen("A", "service", True, 2), CodeSeen("B", "service", True, 0), CodeSeen("C", "service", False, 1)


def test_a_code_is_free_where_its_status_is_declared_with_any_code() -> None:
    plan = contract(code(), code("B", 400))
    counts = counted(plan, observation("GET /a", 404, "A"), observation("GET /a", 400, "B"))
    (row,) = coverage.operations([operation("GET /a")], plan, counts, {}, {"GET /a": frozenset({404})})
    assert [(one.id, one.declared, one.free) for one in row.codes] == [("A", False, True), ("B", False, False)]


def test_the_codes_are_summed_up_by_the_kind_of_reason():
    assert told(Coverage(CODES, (reached("GET /a", A, B, C), reached("GET /b")))) == (
        "1 of 5 codes observed; 2 not reachable from outside, 1 in need of a recipe, 1 for other reasons.\n"
        "   not seen: B (needs a fault inside the service)\n"
        "   not seen: C (is not reachable from outside)\n"
        "   not seen: D (needs a state)\n"
        "   not seen: E (is strange)\n"
        "By operation: codes seen of those declared\n"
        "   GET /a    1 of 2  A; not declared: C\n"
    )


def test_what_stands_under_a_status_that_is_declared_with_any_code_is_not_called_undeclared():
    free = CodeSeen("D", "service", False, 1, True)
    lines = told(Coverage(CODES, (reached("GET /a", free), reached("GET /b", A, free, C)))).splitlines()
    assert lines[-2:] == ["   GET /a  any code  D", "   GET /b    1 of 1  A; any code: D; not declared: C"]


def test_everything_stands_in_the_verbose_report():
    assert told(Coverage(CODES, (reached("GET /a", A, B, C, statuses={"200": 3}), reached("GET /b"))), verbose=True) == (
        "1 of 5 codes observed; 2 not reachable from outside, 1 in need of a recipe, 1 for other reasons.\n"
        "   A 404 [service] GET /a\n"
        "   B 404 [service] not seen (needs a fault inside the service)\n"
        "   C 404 [service] not seen (is not reachable from outside)\n"
        "   D 404 [service] not seen (needs a state)\n"
        "   E 404 [service] not seen (is strange)\n"
        "By operation: codes seen of those declared\n"
        "   GET /a: 200 (3×)\n"
        "      declared and seen: A\n"
        "      declared, not seen: B\n"
        "      seen, not declared: C\n"
        "   GET /b: no answer\n"
    )


def test_much_is_cut_to_the_terminal_and_counted():
    codes = tuple(row(f"CODE_{number}", "got-another", f"reason {number}") for number in range(12))
    operations = tuple(reached(f"GET /{'long-' * 20}{number}", *[A] * 40) for number in range(14))
    lines = told(Coverage(codes, operations)).splitlines()
    assert max(map(len, lines)) <= 100
    assert [line for line in lines if "more" in line] == [
        "   not seen: 4 more, each with its reason (-v)",
        "   4 more operations (-v)",
    ]


def test_what_was_seen_is_a_table():
    rows = (
        Seen("E1", "400", "application/json", "{code}", ("GET /a",), 1),
        Seen("", "404", "text/html", "an HTML page", ("GET /a", "GET /b", "GET /c"), 12),
    )
    assert told(Coverage((), (), rows)) == (
        "Errors seen, by status and code; a catalog could begin with these\n"
        "   400  E1       1×   {code}                   GET /a\n"
        "   404  no code  12×  an HTML page, text/html  GET /a and 2 more\n"
    )


def test_no_text_of_a_service_can_move_the_cursor():
    rows = (Seen("\x1b[2J", "400", "a\x1bb", "{\x1b}", ("GET /\x1b",), 1),)
    assert "\x1b" not in told(Coverage((), (), rows)) + told(Coverage((row("\x1b", "x", "\x1b"),), (reached("\x1b", A),)), True)


def test_a_broken_document_and_an_empty_run_have_a_table_too():
    spec = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {}}}}
    with serve(create_app()) as url:
        options = Options(base_url=f"{url}/v1", generated=False, accept_inconclusive=True)
        report = api.probe(load(json.dumps(spec).encode(), "spec.json"), options, ["builtin:eventml"])
    kept("report", document(report, "0"))
    assert [row.operation for row in report.coverage.operations] == ["GET /a"]
