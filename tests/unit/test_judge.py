"""What the judge makes of many hits: who speaks, what folds, how a share is put, and what a fingerprint survives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint import api
from errlint.checks import judge as judging
from errlint.checks.fold import findings
from errlint.checks.judge import judge
from errlint.checks.precedence import SILENCES
from errlint.checks.raised import Unit
from errlint.checks.registry import RULES
from errlint.checks.units import of_observation
from errlint.config import Settings
from errlint.load.source import load
from errlint.match.plan import Plan
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Finding, Location, Severity
from errlint.model.record import replace
from errlint.model.spec import Node, Operation
from tests.rule_examples import judged

GONE = {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 404}}
UNKNOWN = {"error": {"code": "ML_9999", "message": "?", "http": 404}}
PAGE = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>"
TWO_LAYERS = {
    "errlint": 1,
    "service": {"name": "shop"},
    "envelopes": {"eventml": {"use": "eventml"}, "apig": {"use": "huawei-apig"}},
    "layers": {"shop": {"envelope": "eventml"}, "gateway": {"envelope": "apig", "in_spec": "optional"}},
    "errors": [
        {"code": "ML_1", "status": 404, "layer": "shop"},
        {"code": "APIG.1", "status": 404, "layer": "shop"},
        {"code": "apig.1", "status": 404, "layer": "gateway"},
        {"code": "APIG.2", "status": 404, "layer": "gateway"},
    ],
}
PROBLEMS = {
    "errlint": 1,
    "service": {"name": "shop"},
    "envelopes": {"problem": {"use": "problem-json"}},
    "errors": [{"code": "https://example.org/gone", "status": 404}],
}


def eventml(code: Any = None, message: Any = None, http: Any = None, required: Any = ("code", "message", "http")) -> Any:
    members = {
        "code": code or {"type": "string"},
        "message": message or {"type": "string"},
        "http": http or {"type": "integer"},
    }
    error = {"type": "object", "required": list(required), "properties": members}
    return {"type": "object", "required": ["error"], "properties": {"error": error}}


def declared(schema: Any, example: Any = None, status: str = "404", media_type: str = "application/json") -> Any:
    media = {"schema": schema} if example is None else {"schema": schema, "example": example}
    return {status: {"description": "d", "content": {media_type: media}}}


CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("HTP007", "ENV001", {"catalog": "eventml", "status": 404, "headers": {"content-type": "text/plain"}, "body": {"a": 1}}),
    ("HTP007", "ENV011", {"status": 500, "headers": {"content-type": "application/json"}, "text": PAGE}),
    (
        "HTP007",
        "COD012",
        {
            "catalog": "eventml",
            "status": 404,
            "headers": {"content-type": "text/plain"},
            "body": {"error": {"message": "?", "http": 404}},
        },
    ),
    ("HTP007", "SEC006", {"status": 502, "headers": {"content-type": "application/json"}, "text": PAGE}),
    ("HTP006", "SEC006", {"catalog": "eventml", "status": 502, "headers": {"content-type": "text/html"}, "text": PAGE}),
    ("HTP005", "ENV001", {"catalog": "eventml", "status": 404, "media_types": ["application/hal+json"], "body": {"a": 1}}),
    (
        "HTP005",
        "COD012",
        {
            "catalog": "eventml",
            "status": 404,
            "media_types": ["application/hal+json"],
            "body": {"error": {"message": "?", "http": 404}},
        },
    ),
    ("HTP005", "SEC006", {"status": 404, "media_types": ["application/hal+json"], "body": {"detail": "Not Found"}}),
    (
        "PRB001",
        "HTP005",
        {"status": 404, "media_types": ["application/problem+json"], "body": {"title": "a", "type": "/a", "status": 404}},
    ),
    (
        "PRB002",
        "ENV004",
        {
            "catalog": PROBLEMS,
            "status": 404,
            "headers": {"content-type": "application/problem+json"},
            "body": {"type": "https://example.org/gone", "status": "404"},
        },
    ),
    ("ENV011", "SEC006", {"status": 404, "headers": {"content-type": "application/json"}, "text": "Not Found"}),
    ("ENV001", "SEC006", {"catalog": "eventml", "status": 404, "body": {"detail": "Not Found"}}),
    ("ENV001", "ENV005", {"catalog": "eventml", "responses": declared({"type": "object", "properties": {"a": {}}})}),
    ("ENV015", "SEC006", {"catalog": "eventml", "operation": None, "status": 404, "body": {"detail": "Not Found"}}),
    (
        "ENV005",
        "ENV003",
        {
            "catalog": "eventml",
            "responses": declared(
                {"type": "object", "properties": {"error": {"type": "object", "properties": {"code": {}, "message": {}}}}}
            ),
        },
    ),
    (
        "COD005",
        "COD004",
        {"catalog": TWO_LAYERS, "status": 404, "body": {"error": {"code": "apig.1", "message": "", "http": 404}}},
    ),
    (
        "COD005",
        "COD001",
        {"catalog": "eventml", "status": 404, "body": {"error": {"code": "ml_1001", "message": "", "http": 404}}},
    ),
    (
        "COD004",
        "COD001",
        {"catalog": TWO_LAYERS, "status": 404, "body": {"error": {"code": "APIG.2", "message": "", "http": 404}}},
    ),
    (
        "COD013",
        "COD001",
        {
            "catalog": "maas",
            "status": 400,
            "body": {"error_code": "A.1", "error_msg": "", "error": {"code": "A.2", "message": "", "type": "", "param": None}},
        },
    ),
    (
        "COD013",
        "COD002",
        {
            "catalog": "maas",
            "status": 400,
            "body": {
                "error_code": "ModelArts.81009",
                "error_msg": "",
                "error": {"code": "ModelArts.81001", "message": "", "type": "", "param": None},
            },
        },
    ),
    (
        "ENV007",
        "COD002",
        {"catalog": "eventml", "status": 200, "body": {"error": {"code": "ML_1001", "message": "", "http": 400}}},
    ),
    ("ENV007", "HTP010", {"catalog": "eventml", "status": 200, "rejected": True, "body": GONE}),
    ("COD001", "COV011", {"catalog": "eventml", "status": 404, "statuses": ["200"], "body": UNKNOWN}),
    (
        "COD014",
        "COV011",
        {
            "catalog": {
                "errlint": 1,
                "service": {"name": "shop"},
                "envelopes": {"flat": {"code": "none", "message": {"pointer": "/error"}}},
                "layers": {"service": {"envelope": "flat"}},
                "errors": [{"id": "gone", "code": None, "status": 404}],
            },
            "status": 409,
            "statuses": ["200"],
            "body": {"error": "?"},
        },
    ),
    ("HTP008", "COV011", {"status": 500, "rejected": True, "statuses": ["200"], "body": {}}),
    (
        "MSG002",
        "MSG001",
        {"catalog": "eventml", "status": 404, "body": {"error": {"code": "ML_1001", "message": "no %s", "http": 404}}},
    ),
    (
        "SEC001",
        "MSG001",
        {
            "catalog": "eventml",
            "status": 404,
            "body": {"error": {"code": "ML_1001", "message": "Traceback (most recent call last)", "http": 404}},
        },
    ),
    (
        "SEC004",
        "MSG001",
        {
            "catalog": "eventml",
            "status": 404,
            "body": {"error": {"code": "ML_1001", "message": "AKIAQWERTYUIOPASDFGH", "http": 404}},
        },
    ),
    ("COD001", "ENV010", {"catalog": "eventml", "responses": declared(eventml({"enum": ["ML_1001"]}), UNKNOWN)}),
    (
        "COD002",
        "ENV010",
        {"catalog": "eventml", "responses": declared(eventml({"enum": ["ML_1000"]}), GONE | {"x": 1}, status="400")},
    ),
    (
        "COD003",
        "ENV010",
        {
            "catalog": "eventml",
            "responses": declared(
                eventml({"enum": ["ML_1001"]}, http={"const": 404}),
                {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 400}},
            ),
        },
    ),
    (
        "COD005",
        "ENV010",
        {
            "catalog": "eventml",
            "responses": declared(eventml({"enum": ["ML_1001"]}), {"error": {"code": "ml_1001", "message": "", "http": 404}}),
        },
    ),
    (
        "COD012",
        "ENV010",
        {"catalog": "eventml", "responses": declared(eventml({"enum": ["ML_1001"]}), {"error": {"message": "", "http": 404}})},
    ),
    (
        "ENV004",
        "ENV010",
        {
            "catalog": "eventml",
            "responses": declared(eventml({"enum": ["ML_1001"]}), {"error": {"code": "ML_1001", "message": 7, "http": 404}}),
        },
    ),
    ("ENV001", "ENV010", {"catalog": "eventml", "responses": declared(eventml({"enum": ["ML_1001"]}), {"detail": "gone"})}),
    (
        "PRB002",
        "ENV010",
        {
            "responses": declared(
                {"type": "object", "properties": {"title": {"type": "string"}, "type": {"type": "string"}}},
                {"title": 7},
                media_type="application/problem+json",
            )
        },
    ),
]


@pytest.mark.parametrize(("winner", "loser", "example"), [pytest.param(*case, id=f"{case[0]}>{case[1]}") for case in CASES])
def test_a_rule_is_silent_where_another_one_explains_the_same_answer(winner, loser, example, tmp_path, monkeypatch):
    spoken = [bool(judged(rule, example, tmp_path)) for rule in (winner, loser)]
    monkeypatch.setattr(judging, "precedence", lambda raised: raised)
    alone = [bool(judged(rule, example, tmp_path)) for rule in (winner, loser)]
    assert (spoken, alone, loser in SILENCES[winner]) == ([True, False], [True, True], True)


def test_rules_that_stand_beside_anything_are_never_silenced():
    silenced = frozenset().union(*SILENCES.values())
    assert silenced & {"SEC001", "SEC004", "HTP008", "HTP009", "COD013", "DEC005", "CFG006"} == frozenset()


def test_precedence_has_no_circle():
    def reaches(rule: str, seen: tuple[str, ...]) -> bool:
        return rule in seen or any(reaches(loser, (*seen, rule)) for loser in SILENCES.get(rule, ()))

    assert [rule for rule in SILENCES if reaches(rule, ())] == []


def test_one_error_of_many_is_silenced_alone(tmp_path):
    catalog = {
        "errlint": 1,
        "service": {"name": "shop"},
        "envelopes": {
            "list": {
                "schema": {
                    "type": "object",
                    "required": ["errors"],
                    "properties": {
                        "errors": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
                        }
                    },
                },
                "code": {"pointer": "/errors/*/code"},
            }
        },
        "errors": [{"code": "GONE", "status": 404}],
    }
    example = {"catalog": catalog, "status": 404, "body": {"errors": [{"code": "gone"}, {"code": "GONE"}, {"code": "LOST"}]}}
    got = {rule: [f.message for f in judged(rule, example, tmp_path)] for rule in ("COD005", "COD001")}
    assert got == {
        "COD005": ["code GONE came as gone"],
        "COD001": ["code LOST is not in the catalog (layer service)"],
    }


def document(number: int, with_errors: int = 0, name: str = "openapi.json") -> Any:
    """A document with some operations without an error response, and some with one."""
    paths = {
        f"/things/{index}": {
            "get": {"responses": {"200": {"description": "d"}} | ({"404": {"description": "d"}} if index >= number else {})}
        }
        for index in range(number + with_errors)
    }
    return load(json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}).encode(), name)


def linted(*sources: Any, rule: str = "DEC001", catalog: tuple[str, ...] = ()) -> list[Finding]:
    report = api.lint(list(sources), list(catalog), Settings(select=(rule,)))
    return [finding for finding in report.findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("without", "with_one", "expected"),
    [
        (1, 9, [("GET /things/0 declares no error response", "warning", 1)]),
        (
            2,
            2,
            [
                ("GET /things/0 declares no error response", "warning", 1),
                ("GET /things/1 declares no error response", "warning", 1),
            ],
        ),
        (3, 2, [("3 of the 5 operations declare no error response", "warning", 3)]),
        (4, 1, [("4 of the 5 operations declare no error response", "warning", 4)]),
        (5, 1, [("5 of the 6 operations declare no error response", "note", 5)]),
        (3, 0, [("all 3 operations declare no error response", "note", 3)]),
    ],
    ids=["one", "two", "three are one", "four fifths", "a policy is told one severity lower", "all"],
)
def test_more_than_two_sites_are_one_finding_with_their_share(without, with_one, expected):
    got = [(f.message, str(f.severity), len(f.sites)) for f in linted(document(without, with_one))]
    assert got == expected


def test_a_folded_finding_lists_every_site_the_first_included():
    (finding,) = linted(document(3, 1))
    assert [(site.operation, site.location.pointer[1]) for site in finding.sites] == [
        ("GET /things/0", "/things/0"),
        ("GET /things/1", "/things/1"),
        ("GET /things/2", "/things/2"),
    ]
    assert (finding.location.pointer[1], finding.count, finding.operation) == ("/things/0", 3, None)


def test_a_site_keeps_its_fingerprint_when_another_one_joins():
    few, more = linted(document(2)), linted(document(3))
    alone = [finding.fingerprint for finding in few]
    assert [site.fingerprint for site in more[0].sites][:2] == alone


def test_several_faults_at_one_place_are_several_sites():
    (finding,) = linted(document(0, 1), rule="COV001", catalog=("builtin:eventml",))
    assert (finding.location.pointer, len({site.fingerprint for site in finding.sites}), finding.count) == ((), 28, 28)


def test_a_shared_schema_is_one_finding_with_all_its_uses():
    response = {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/E"}}}}
    paths = {f"/{name}": {"get": {"responses": {"404": response}}} for name in "abcd"}
    components = {"schemas": {"E": {"type": "object", "properties": {"code": {}}}}}
    whole = {"openapi": "3.1.0", "info": {}, "paths": paths, "components": components}
    (finding,) = linted(load(json.dumps(whole).encode(), "openapi.json"), rule="ENV005")
    assert (finding.location.pointer, finding.operations, finding.count) == (
        ("components", "schemas", "E"),
        ("GET /a", "GET /b", "GET /c", "GET /d"),
        4,
    )


def live(plan: Plan, path: str, status: int, body: Any) -> Unit:
    node = Node("openapi.json", ("paths", path, "get"), {})
    operation = Operation(f"GET {path}", "GET", path, node, statuses=("200",))
    observation = Observation(
        "live",
        operation.location,
        status,
        {"content-type": "application/json"},
        json.dumps(body).encode(),
        operation=operation,
        request=Request("GET", f"http://127.0.0.1{path}"),
    )
    return of_observation(observation, plan, lambda request: "curl")[0]


def observed(*answers: tuple[str, int, Any], rule: str) -> list[Finding]:
    plan = api.compiled(api.contract(["builtin:eventml"]))
    severities = Settings(select=(rule,)).severities(with_catalog=True)
    units = [live(plan, *answer) for answer in answers]
    return list(findings(judge(units, plan, severities), "openapi.json"))


def test_one_fault_of_a_service_is_one_finding_over_its_operations():
    wrong = {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 400}}
    got = observed(("/a", 400, wrong), ("/b", 400, wrong), ("/b", 400, wrong), ("/c", 409, wrong), rule="COD002")
    assert [(f.message, f.operations, f.count) for f in got] == [
        ("ML_1001 is documented for 404, came with 400", ("GET /a", "GET /b"), 3),
        ("ML_1001 is documented for 404, came with 409", ("GET /c",), 1),
    ]


def test_undeclared_statuses_of_many_operations_are_one_finding_for_each_status_and_layer():
    got = observed(("/a", 404, GONE), ("/b", 404, GONE), ("/c", 404, {"other": 1}), rule="COV011")
    assert sorted((f.message, f.operations) for f in got) == [
        ("2 operations answered 404 that they do not declare", ("GET /a", "GET /b")),
        ("GET /c answered 404, it declares no error", ("GET /c",)),
    ]


@pytest.fixture
def crashing():
    """DEC001 raises an exception for every operation."""

    def raises(subject: Any, contract: Any) -> Any:
        raise ZeroDivisionError("by zero")

    judges = RULES["DEC001"].judges
    judges.append((Operation, raises, None))
    yield
    judges.pop()


@pytest.mark.usefixtures("crashing")
def test_a_rule_that_crashes_is_a_finding_and_the_others_go_on():
    report = api.lint([document(1, 1)], (), Settings(select=("CFG006", "DEC001", "DEC004")))
    assert [(f.rule, str(f.severity), f.message, f.operation) for f in report.findings] == [
        ("CFG006", "error", "rule DEC001 (no-error-response) crashed: ZeroDivisionError: by zero", "GET /things/0"),
        ("CFG006", "error", "rule DEC001 (no-error-response) crashed: ZeroDivisionError: by zero", "GET /things/1"),
        ("DEC001", "warning", "GET /things/0 declares no error response", "GET /things/0"),
        ("DEC004", "warning", "GET /things/1 declares 404 with no content", "GET /things/1"),
    ]


YAML = """\
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    get: {responses: {'200': {description: d}}}
  /b:
    get: {responses: {4xx: {description: d}, '404': {description: d, content: {application/json: {schema: {}}}}}}
"""
REORDERED = """\
# a comment
paths:

  /b:
    get:
      responses:
        '404':
          content: {application/json: {schema: {}}}
          description: d
        4xx: {description: d}

  /a: {get: {responses: {'200': {description: d}}}}
info: {version: '1', title: t}
openapi: 3.1.0
"""


def fingerprints(text: str, name: str = "openapi.yaml") -> dict[str, str]:
    report = api.lint([load(text.encode(), name)], (), Settings(select=("DEC001", "DEC004", "DEC005", "ENV")))
    return {finding.message: finding.fingerprint for finding in report.findings}


def test_fingerprints_survive_blank_lines_comments_and_reordering():
    assert fingerprints(YAML) == fingerprints(REORDERED)
    assert len(fingerprints(YAML)) == 3


def test_fingerprints_name_their_document():
    assert set(fingerprints(YAML).values()) & set(fingerprints(YAML, "renamed.yaml").values()) == set()


def test_equal_faults_of_two_documents_have_two_fingerprints():
    found = linted(document(1, name="a.json"), document(1, name="b.json"))
    assert (len(found), len({finding.fingerprint for finding in found})) == (2, 2)


def test_a_share_of_live_answers_counts_answers_and_not_kinds_of_them():
    plan = api.compiled(api.contract(["builtin:eventml"]))
    odd, plain = ({"error": {"http": 404, "code": "ML_1001", "message": "m", **more}} for more in ({"odd": 1}, {}))
    units = [live(plan, "/models/a", 404, odd), live(plan, "/models/b", 404, odd), live(plan, "/models/c", 404, plain)]
    counted = [replace(unit, owner=f"GET /{number}", repeats=10) for number, unit in enumerate(units)]
    judgement = judge(counted, plan, Settings(select=("ENV013",)).severities(with_catalog=True))
    assert [f.message for f in findings(judgement, "openapi.json")] == [
        "20 of the 30 error bodies have members that nothing documents"
    ]


def test_two_findings_that_differ_in_severity_alone_are_the_worse_one():
    unit = Unit((), "live", Location("openapi.json", ()), "GET /a", "GET /a", status="404")
    rule, hit = RULES["COV011"], judging.Hit("answered 404", detail="404")
    verdicts = judging.Verdicts([judging.Raised(rule, hit, unit, severity) for severity in (Severity.NOTE, Severity.ERROR)])
    assert [f.severity for f in findings(verdicts, "openapi.json")] == [Severity.ERROR]


def test_a_status_that_came_with_several_codes_names_none_of_them():
    other = {"error": {"code": "ML_1301", "message": "x", "http": 404}}
    got = observed(("/a", 404, GONE), ("/a", 404, other), rule="COV011")
    assert [f.message for f in got] == ["GET /a answered 404, it declares no error"]
