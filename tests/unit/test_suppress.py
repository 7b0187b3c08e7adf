"""Ignores in documents, configuration and catalogs: what they cover, what is said of them, what never crashes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint.api.linting import Task, lint_all
from errlint.checks.raised import Raised, Unit
from errlint.checks.registry import RULES, Hit
from errlint.checks.suppress import ConfigIgnore, split
from errlint.config import Settings
from errlint.load.ignore_comments import nodes_at
from errlint.load.ignore_scope import is_whole
from errlint.load.ignores import read_ignores
from errlint.load.source import load
from errlint.model.finding import Location, Report, Severity
from errlint.model.ignore import Selection
from errlint.report.json_ import document as as_json

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
TODAY = "2026-06-30"
CFG = ("CFG001", "CFG002", "CFG003", "CFG005")


def linted(*sources: Any, catalog: tuple[str, ...] = (), **settings: Any) -> Report:
    """The report over texts (YAML, the first called openapi.yaml), data (JSON) or paths."""
    settings.setdefault("select", ("DEC001", "DEC004", "ENV005", *CFG))
    documents = []
    for number, source in enumerate(sources):
        name = f"openapi{number or ''}"
        if isinstance(source, dict):
            documents.append(load(json.dumps(source).encode(), f"{name}.json"))
        else:
            documents.append(load((HEAD + source).encode(), f"{name}.yaml") if "\n" in source else source)
    return lint_all([Task(tuple(documents), catalog, Settings(**settings))], today=TODAY)


def told(report: Report) -> list[tuple[str, str, str | None]]:
    """Rule, message and reason of each finding."""
    return [(finding.rule, finding.message, finding.suppressed) for finding in report.findings]


def uses(report: Report, rule: str) -> dict[str | None, tuple[str, ...]]:
    """The operations of a rule's findings, by the reason for which they are suppressed."""
    return {finding.suppressed: finding.operations for finding in report.findings if finding.rule == rule}


def bare(**paths: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {f"/{name}": one for name, one in paths.items()},
    }


def silent(**more: Any) -> dict[str, Any]:
    """An operation that declares no error."""
    return {"get": {"responses": {"200": {"description": "d"}}, **more}}


def ignoring(*items: Any) -> dict[str, Any]:
    return {"x-errlint": {"ignore": list(items)}}


LEGACY = {"rule": "DEC001", "reason": "legacy"}


# --- where an annotation holds


@pytest.mark.parametrize(
    "holder",
    [(), ("paths",), ("paths", "/a"), ("paths", "/a", "get"), ("paths", "/a", "get", "responses")],
    ids=lambda tokens: "/".join(tokens) or "root",
)
def test_an_annotation_holds_for_its_object_and_all_below(holder):
    data = bare(a=silent(), b={"get": {"responses": {"404": {"description": "d", "content": {}}}}})
    at: Any = data
    for token in holder:
        at = at[token]
    at |= ignoring(LEGACY)
    assert told(linted(data, select=("DEC001", *CFG))) == [("DEC001", "GET /a declares no error response", "legacy")]


def test_an_annotation_beside_holds_nowhere_else():
    data = bare(a=silent(), b=silent(**ignoring(LEGACY)))
    assert told(linted(data, select=("DEC001",))) == [
        ("DEC001", "GET /a declares no error response", None),
        ("DEC001", "GET /b declares no error response", "legacy"),
    ]


@pytest.mark.parametrize(
    "rule",
    ["DEC001", "no-error-response", "DEC", "ALL", ["COD001", "DEC001"], [" DEC001 "]],
    ids=str,
)
def test_a_rule_is_an_id_a_name_a_prefix_or_a_list_of_them(rule):
    data = bare(a=silent(**ignoring({"rule": rule, "reason": "r"})))
    assert told(linted(data, select=("DEC001",))) == [("DEC001", "GET /a declares no error response", "r")]


def shared(**use: Any) -> dict[str, Any]:
    """Three operations that share a response with a schema that accepts anything; ``use`` stands beside the $ref of /a."""
    response = {"$ref": "#/components/responses/Bad"}
    data = bare(
        a={"get": {"responses": {"404": response | use}}},
        b={"get": {"responses": {"404": response}}},
        c={"get": {"responses": {"404": response}}},
    )
    schema = {"$ref": "#/components/schemas/Error"}
    data["components"] = {
        "responses": {"Bad": {"description": "d", "content": {"application/json": {"schema": schema}}}},
        "schemas": {"Error": {"type": "object"}},
    }
    return data


ANY = {"rule": "ENV005", "reason": "anything goes"}
ALL_THREE = ("GET /a", "GET /b", "GET /c")


def test_at_a_reference_an_annotation_holds_for_that_use_only():
    report = linted(shared(**ignoring(ANY)))
    assert uses(report, "ENV005") == {None: ("GET /b", "GET /c"), "anything goes": ("GET /a",)}


@pytest.mark.parametrize(
    "holder",
    [
        ("components", "responses", "Bad"),
        ("components", "responses", "Bad", "content"),
        ("components", "responses", "Bad", "content", "application/json"),
        ("components", "responses", "Bad", "content", "application/json", "schema"),
        ("components", "schemas", "Error"),
        ("components", "schemas"),
        ("components",),
    ],
    ids="/".join,
)
def test_at_the_target_of_a_reference_an_annotation_holds_for_all_uses(holder):
    data = shared()
    at: Any = data
    for token in holder:
        at = at[token]
    at |= ignoring(ANY)
    assert uses(linted(data, select=("ENV005", *CFG)), "ENV005") == {"anything goes": ALL_THREE}


def test_each_use_may_have_a_reason_of_its_own_and_no_fingerprint_is_used_twice():
    data = shared(**ignoring(ANY))
    data["paths"]["/b"] |= ignoring({"rule": "ENV005", "reason": "later"})
    report = linted(data)
    assert uses(report, "ENV005") == {None: ("GET /c",), "anything goes": ("GET /a",), "later": ("GET /b",)}
    assert len({finding.fingerprint for finding in report.findings}) == len(report.findings)


def test_sites_keep_their_fingerprints_when_they_are_suppressed():
    def sites(report: Report) -> dict[str | None, str]:
        return {site.operation: site.fingerprint for f in report.findings if f.rule == "ENV005" for site in f.sites}

    assert sites(linted(shared(**ignoring(ANY)))) == sites(linted(shared()))


def test_what_counts_keeps_its_fingerprint_when_a_use_of_it_is_suppressed():
    def counted(report: Report) -> list[str]:
        return [f.fingerprint for f in report.findings if f.rule == "ENV005" and f.suppressed is None]

    assert counted(linted(shared(**ignoring(ANY)))) == counted(linted(shared()))


def test_a_ratio_counts_what_is_left_and_its_severity_what_there_is():
    left = [f"p{number}" for number in range(6)]
    data = bare(**{name: silent() for name in left}, **{f"q{n}": silent(**ignoring(LEGACY)) for n in range(3)})
    report = linted(data, select=("DEC001",))
    assert [(f.message, f.severity, len(f.sites), f.suppressed) for f in report.findings] == [
        ("6 of the 9 operations declare no error response", Severity.NOTE, 6, None),
        ("3 of the 9 operations declare no error response", Severity.NOTE, 3, "legacy"),
    ]


def test_suppressed_findings_stay_in_the_json_report_marked():
    report = linted(bare(a=silent(**ignoring(LEGACY))), select=("DEC001",))
    data = as_json(report, "0")
    assert [(one["rule"], one["suppressed"]) for one in data["findings"]] == [("DEC001", "legacy")]
    assert (data["summary"]["suppressed"], data["summary"]["warning"], report.outcome) == (1, 0, "clean")


def test_an_annotation_in_a_file_that_references_reach_holds_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "errors.yaml").write_text(
        "Error:\n  type: object\n  x-errlint:\n    ignore:\n      - {rule: ENV005, reason: shared}\n"
        "Other: {type: object}  # errlint: ignore[ENV005] by comment\n"
    )
    (tmp_path / "api.yaml").write_text(
        HEAD
        + "paths:\n  /a:\n    get:\n      responses:\n"
        + "        '404': {description: d, content: {application/json: {schema: {$ref: 'errors.yaml#/Error'}}}}\n"
        + "        '409': {description: d, content: {application/json: {schema: {$ref: 'errors.yaml#/Other'}}}}\n"
    )
    assert told(linted("api.yaml")) == [
        ("ENV005", "the error schema accepts {}: it requires no member", "shared"),
        ("ENV005", "the error schema accepts {}: it requires no member", "by comment"),
    ]


def test_an_annotation_beside_the_reference_of_a_path_item_holds_for_its_operations(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(json.dumps(silent()))
    path = {"$ref": "a.json"}
    (tmp_path / "api.json").write_text(json.dumps(bare(a=path | ignoring(LEGACY), b=path)))
    report = linted("api.json", select=("DEC001",))
    assert {f.operation: f.suppressed for f in report.findings} == {"GET /a": "legacy", "GET /b": None}


def test_an_annotation_beside_a_reference_inside_a_schema_holds_for_what_stands_behind_it():
    code = {"$ref": "#/components/schemas/Code"}
    body = {"type": "object", "required": ["error"], "properties": {"error": {"type": "object"}}}
    error = {"type": "object", "required": ["code", "message", "http"]}
    error["properties"] = {"code": code, "message": {"type": "string"}, "http": {"const": 404}}
    annotated = {**error, "properties": {**error["properties"], "code": code | ignoring({"rule": "COD001", "reason": "soon"})}}

    def answer(error: Any) -> Any:
        schema = {**body, "properties": {"error": error}}
        return {"get": {"responses": {"404": {"description": "d", "content": {"application/json": {"schema": schema}}}}}}

    data = bare(a=answer(annotated), b=answer(error))
    data["components"] = {"schemas": {"Code": {"type": "string", "enum": ["ML_9999"]}}}
    report = linted(data, catalog=("builtin:eventml",), select=("COD001", *CFG))
    assert uses(report, "COD001") == {None: ("GET /b",), "soon": ("GET /a",)}
    assert {f.rule for f in report.findings} == {"COD001"}


# --- comments


COMMENTED = """paths:
  /a:{path}
    get:{get}
      responses:{responses}
        '200': {{description: d}}
"""


@pytest.mark.parametrize("place", ["path", "get", "responses"])
def test_a_comment_at_the_end_of_a_line_holds_for_the_key_on_it_and_all_below(place):
    comments = {"path": "", "get": "", "responses": ""} | {place: "  # errlint: ignore[DEC001] legacy"}
    assert told(linted(COMMENTED.format(**comments))) == [("DEC001", "GET /a declares no error response", "legacy")]


@pytest.mark.parametrize("place", ["path", "get"])
def test_a_comment_on_a_line_of_its_own_holds_for_the_next_node(place):
    comments = {"path": "", "get": "", "responses": ""} | {place: "\n\n    # errlint: ignore[DEC001] legacy\n    # why\n"}
    assert told(linted(COMMENTED.format(**comments))) == [("DEC001", "GET /a declares no error response", "legacy")]


def test_a_comment_holds_for_nothing_above_or_beside_it():
    text = "paths:\n  /a:\n    get:\n      responses:\n        '200': {description: d}  # errlint: ignore[DEC001] too low\n"
    assert told(linted(text)) == [
        ("DEC001", "GET /a declares no error response", None),
        ("CFG001", "DEC001 is ignored here, nothing of it is found", None),
    ]


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# errlint: ignore[DEC001] legacy", "legacy"),
        ("#errlint:ignore[DEC001] legacy", "legacy"),
        ("# errlint: ignore[COD, DEC001] legacy until=2027-01-01", "legacy"),
        ("# errlint: ignore[no-error-response] until=2026-06-30 a b", "a b"),
        ("# errlint: ignore[DEC001]: legacy", "legacy"),
        ("# errlint: ignore[DEC001]", "no reason given"),
    ],
)
def test_a_comment_may_name_several_rules_a_reason_and_a_last_day(comment, reason):
    text = COMMENTED.format(path="", get=f"  {comment}", responses="")
    assert told(linted(text, select=("DEC001",))) == [("DEC001", "GET /a declares no error response", reason)]


@pytest.mark.parametrize(
    "key",
    [
        "description: 'text # errlint: ignore[DEC001] no'",
        'description: "text # errlint: ignore[DEC001] no"',
        "description: |\n    # errlint: ignore[DEC001] no\n    more",
        "description: >-\n    text\n    # errlint: ignore[DEC001] no",
        "description: text#errlint:ignore[DEC001] no",
        'description: "text\n\n    # errlint: ignore[DEC001] no"',
        "'key # errlint: ignore[DEC001] no': 1",
    ],
)
def test_what_looks_like_a_comment_inside_a_scalar_is_none(key):
    document = load(f"{HEAD}x-a:\n  {key}\n  x: 1\n".encode(), "openapi.yaml")
    assert read_ignores(document) == ((), ())


def test_a_comment_after_a_block_scalars_header_and_at_a_reference_is_one():
    text = (
        "paths:\n  /a:\n    get:\n      responses:\n        '404':\n"
        "          $ref: '#/components/responses/Bad'  # errlint: ignore[ENV005] one use\n"
        "  /b:\n    get:\n      responses:\n        '404':\n          $ref: '#/components/responses/Bad'\n"
        "components:\n  responses:\n    Bad:\n      description: |  # errlint: ignore[DEC004] of no use\n        text\n"
        "      content: {application/json: {schema: {type: object}}}\n"
    )
    report = linted(text)
    assert uses(report, "ENV005") == {None: ("GET /b",), "one use": ("GET /a",)}


def test_a_comment_on_the_first_line_holds_for_the_document_itself():
    text = "# errlint: ignore[COV001] not ours\n" + HEAD + "paths: {}\n"
    document = load(text.encode(), "openapi.yaml")
    report = lint_all([Task((document,), ("builtin:eventml",), Settings(select=("COV001", *CFG)))], today=TODAY)
    assert [(f.rule, f.count, f.suppressed) for f in report.findings] == [("COV001", 34, "not ours")]


def test_comments_are_found_in_flow_collections_and_with_any_line_break():
    text = (HEAD + "paths: {\n  /a: {  # errlint: ignore[DEC001] flow\n    get: {responses: {}}}}\n").replace("\n", "\r\n")
    report = lint_all([Task((load(text.encode(), "a.yaml"),), (), Settings(select=("DEC001",)))], today=TODAY)
    assert told(report) == [("DEC001", "GET /a declares no error response", "flow")]


def test_nodes_on_a_line_are_the_outermost_that_begin_there():
    document = load(b"a: {b: 1,\n  c: [1,\n 2]}\nd:\n- e: 1\n  f: 2\n", "a.yaml")
    assert nodes_at(document, (1, 2, 3, 4, 5, 6, 7)) == {
        1: (("a",),),
        2: (("a", "c"),),
        3: (("a", "c", "1"),),
        4: (("d",),),
        5: (("d", "0"),),
        6: (("d", "0", "f"),),
        7: (),
    }


@given(
    st.recursive(
        st.none() | st.integers() | st.text("ab#' :", max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3),
        max_leaves=12,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_comment_at_any_line_of_any_text_is_about_what_begins_there(data):
    import yaml

    text = yaml.safe_dump({"root": data})
    document = load(text.encode(), "a.yaml")
    found = nodes_at(document, range(1, text.count("\n") + 1))
    for line, pointers in found.items():
        assert {document.locate((pointer,))[pointer][0] for pointer in pointers} <= {line}


# --- what is said of ignores


def test_an_ignore_without_a_reason_holds_and_is_told_at_its_own_place():
    text = "paths:\n  /a:\n    x-errlint: {ignore: [{rule: DEC001}]}\n    get: {responses: {}}\n"
    report = linted(text)
    assert [(f.rule, f.message, f.suppressed, f.location.line, f.location.column) for f in report.findings] == [
        ("CFG002", "DEC001 is ignored here without a reason", None, 5, 26),
        ("DEC001", "GET /a declares no error response", "no reason given", 6, 11),
    ]


def test_an_ignore_past_its_last_day_holds_no_more_and_is_an_error():
    text = "paths:\n  /a:\n    get:  # errlint: ignore[DEC001] moving until=2026-06-29\n      responses: {}\n"
    report = linted(text)
    assert [(f.rule, f.message, f.suppressed, f.location.line, f.location.column) for f in report.findings] == [
        ("CFG003", "DEC001 was ignored here until 2026-06-29 (moving): the ignore has ended", None, 5, 11),
        ("DEC001", "GET /a declares no error response", None, 6, 7),
    ]


@pytest.mark.parametrize(("until", "rules"), [("2026-06-30", []), ("2026-06-29", ["CFG003"]), ("2999-01-01", [])])
def test_the_last_day_is_one_on_which_it_holds(until, rules):
    data = bare(a=silent(**ignoring({**LEGACY, "until": until})))
    assert [f.rule for f in linted(data).findings if f.suppressed is None and f.rule != "DEC001"] == rules


def test_an_ignore_of_nothing_that_is_found_is_told():
    data = bare(a={"get": {"responses": {"404": {"description": "d"}}, **ignoring(LEGACY)}})
    report = linted(data, select=("DEC001", *CFG))
    assert [(f.message, f.severity, f.location.pointer) for f in report.findings] == [
        ("DEC001 is ignored here, nothing of it is found", Severity.WARNING, ("paths", "/a", "get", "x-errlint", "ignore", "0"))
    ]


def test_of_several_rules_only_those_are_told_that_are_of_no_use():
    schema = {"type": "object", "required": ["code"]}
    fine = {"404": {"description": "d", "content": {"application/json": {"schema": schema}}}}
    data = bare(a=silent())
    data["paths"]["/a"] |= {
        "post": {"responses": fine},
        **ignoring({"rule": ["DEC001", "DEC004", "ENV005", "COD"], "reason": "r"}),
    }
    report = linted(data)
    assert [f.message for f in report.findings if f.rule == "CFG001"] == [
        "DEC004 and ENV005 are ignored here, nothing of them is found"
    ]


def test_an_ignore_of_a_rule_that_is_off_is_not_called_unused():
    data = bare(a={"get": {"responses": {"404": {"description": "d"}}, **ignoring(LEGACY)}})
    assert told(linted(data, select=("DEC004", "CFG001"), ignore=("DEC004",))) == []


def test_an_ignore_in_a_shared_part_that_no_operation_reaches_is_not_called_unused():
    data = bare(a={"get": {"responses": {"404": {"description": "d"}}}})
    data["components"] = {"schemas": {"Unreached": {"type": "object", **ignoring(ANY)}}}
    assert told(linted(data, select=("ENV005", "CFG001"))) == []


def test_an_ignore_that_a_probe_may_need_is_a_note_only():
    data = bare(a={"get": {"responses": {"404": {"description": "d"}}, **ignoring({"rule": "ENV001", "reason": "nginx"})}})
    data["paths"]["/a"]["get"]["responses"]["404"]["content"] = {
        "application/json": {"example": {"error": {"code": "ML_1001", "message": "", "http": 404}}}
    }
    report = linted(data, select=("ENV001", "CFG001"), catalog=("builtin:eventml",))
    assert [(f.message, f.severity) for f in report.findings] == [
        ("ENV001 is ignored here, nothing of it is found in the document (a live answer may break it)", Severity.NOTE)
    ]


def test_a_word_that_no_rule_has_is_told_with_the_one_that_was_meant():
    data = bare(a=silent(**ignoring({"rule": "no-error-respons", "reason": "r"})))
    assert [f.message for f in linted(data, select=CFG).findings] == [
        "no rule is called no-error-respons (an ignore); did you mean no-error-response?"
    ]


def test_nothing_suppresses_a_crash_or_an_unknown_word():
    data = bare(a=silent(**ignoring({"rule": "zzz", "reason": "r"}))) | ignoring({"rule": ["ALL", "CFG005"], "reason": "r"})
    assert [(f.rule, f.suppressed) for f in linted(data, select=("CFG005",)).findings] == [("CFG005", None)]


# --- hostile and mistaken shapes


MISTAKES = [
    ([], "x-errlint must be an object, not an array"),
    ("ignore", "x-errlint must be an object, not text"),
    (None, "x-errlint must be an object, not null"),
    ({"ignore": None}, "ignore must be an array of objects, not null"),
    ({"ignore": "DEC001"}, "ignore must be an array of objects, not text"),
    ({"ignore": {"rule": "DEC001"}}, "ignore must be an array of objects, not an object"),
    ({"ignore": ["DEC001"]}, "an ignore must be an object with a rule and a reason, not text"),
    ({"ignore": [None]}, "an ignore must be an object with a rule and a reason, not null"),
    ({"ignore": [{}]}, "it names no rule: rule is an id, a prefix or a name, or an array of them"),
    ({"ignore": [{"rule": []}]}, "it names no rule: rule is an id, a prefix or a name, or an array of them"),
    ({"ignore": [{"rule": [1]}]}, "it names no rule: rule is an id, a prefix or a name, or an array of them"),
    ({"ignore": [{"rule": ""}]}, "it names no rule: rule is an id, a prefix or a name, or an array of them"),
    ({"ignore": [{"rule": {"a": 1}}]}, "it names no rule: rule is an id, a prefix or a name, or an array of them"),
    ({"ignore": [{"rule": "DEC001", "reason": 1}]}, "its reason must be text, not a number"),
    ({"ignore": [{"rule": "DEC001", "until": "soon"}]}, "its until must be a date like 2027-01-31"),
    ({"ignore": [{"rule": "DEC001", "until": "2027-02-30"}]}, "its until must be a date like 2027-01-31"),
    ({"ignore": [{"rule": "DEC001", "until": 20270101}]}, "its until must be a date like 2027-01-31"),
    ({"ignore": [{"rule": "DEC001", "untill": "2027-01-01"}]}, "an ignore has no member 'untill', only rule, reason, until"),
]


@pytest.mark.parametrize(("annotation", "why"), MISTAKES, ids=[json.dumps(one) for one, _ in MISTAKES])
def test_an_ignore_that_cannot_be_followed_is_told_and_never_obeyed(annotation, why):
    data = bare(a=silent(**{"x-errlint": annotation}))
    data["info"]["description"] = "x-errlint ignore"
    report = linted(data, select=("DEC001", *CFG))
    assert sorted(told(report)) == [
        ("CFG002", f"this ignore is not understood, it has no effect: {why}", None),
        ("DEC001", "GET /a declares no error response", None),
    ]


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("# errlint: ignore DEC001", "the comment is not understood: write # errlint: ignore[RULE] reason"),
        ("# errlint: ignore", "the comment is not understood: write # errlint: ignore[RULE] reason"),
        ("# errlint: disable[DEC001] x", "the comment is not understood: write # errlint: ignore[RULE] reason"),
        ("# errlint: ignore[] x", "it names no rule: rule is an id, a prefix or a name, or an array of them"),
        ("# errlint: ignore[DEC001] x until=never", "its until must be a date like 2027-01-31"),
    ],
)
def test_a_comment_that_cannot_be_followed_is_told_and_never_obeyed(comment, why):
    report = linted(COMMENTED.format(path="", get=f"  {comment}", responses=""))
    assert told(report) == [
        ("CFG002", f"this ignore is not understood, it has no effect: {why}", None),
        ("DEC001", "GET /a declares no error response", None),
    ]


def test_a_comment_that_stands_at_nothing_is_told():
    report = linted("paths:\n  /a: {get: {responses: {}}}\n# errlint: ignore[DEC001] the end\n", select=("CFG002",))
    assert [f.message for f in report.findings] == [
        "this ignore is not understood, it has no effect: the comment stands at no key or item"
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["DEC001", "ALL", "2020-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ignore", "rule", "reason", "until", "layer", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values, json_values)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_annotation_of_any_shape_crashes(first, second):
    data = shared(**{"x-errlint": first}) | {"x-errlint": {"ignore": second}}
    report = linted(data)
    assert [f.message for f in report.findings if f.rule == "CFG006"] == []


def test_an_annotation_with_other_members_is_none_of_this():
    data = bare(a=silent(**{"x-errlint": {"layer": "service", "writes": False, "note": "ignore"}}))
    assert [f.rule for f in linted(data).findings] == ["DEC001"]


def test_a_property_that_is_called_x_errlint_is_no_annotation():
    schema = {"type": "object", "required": ["ignore"], "properties": {"x-errlint": {"type": "object", "ignore": 1}}}
    data = bare(a={"get": {"responses": {"404": {"description": "d", "content": {"application/json": {"schema": schema}}}}}})
    assert told(linted(data)) == []


class Untouchable(dict):  # type: ignore[type-arg]
    """Data that nobody may walk."""

    def __iter__(self):
        raise AssertionError("walked")

    items = values = keys = __iter__


def test_a_text_without_the_words_is_not_walked():
    document = load(b'{"openapi": "3.1.0", "x-errlint": {"layer": "a"}}', "openapi.json")
    document.data = Untouchable()
    assert read_ignores(document) == ((), ())


def test_many_ignores_cost_no_quadratic_time():
    schemas = {f"S{n}": {"type": "object", **ignoring(ANY)} for n in range(3000)}
    answers = {
        f"p{n}": {
            "get": {
                "responses": {
                    "404": {
                        "description": "d",
                        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/S{n}"}}},
                    }
                }
            }
        }
        for n in range(3000)
    }
    data = bare(**answers) | {"components": {"schemas": schemas}}
    report = linted(data, select=("ENV005", "CFG001"))
    assert [(f.rule, f.count, f.suppressed) for f in report.findings if f.rule != "ENV005"] == []
    assert sum(len(f.sites) for f in report.findings) == 3000


def test_more_ignores_than_anybody_writes_are_told():
    document = load(b"a:\n" + b"- 1 # errlint: ignore[DEC] r\n" * 10_001, "a.yaml")
    ignores, misread = read_ignores(document)
    assert (len(ignores), [(one.why, one.where.line) for one in misread]) == (
        10_000,
        [("the document has more than 10,000 ignores, the others are not read", 10_002)],
    )


# --- configuration and catalog


TWO = bare(a=silent(operationId="readA"), b={"post": {"responses": {}}})


@pytest.mark.parametrize(
    ("ignore", "expected"),
    [
        (ConfigIgnore(rules=("DEC001",), path="/a", reason="r"), ["GET /a"]),
        (ConfigIgnore(rules=("DEC001",), path="/*", reason="r"), ["GET /a", "POST /b"]),
        (ConfigIgnore(rules=("DEC",), path="POST /*", reason="r"), ["POST /b"]),
        (ConfigIgnore(rules=("no-error-response",), operation="readA", reason="r"), ["GET /a"]),
        (ConfigIgnore(operation="POST /b", reason="r"), ["POST /b"]),
        (ConfigIgnore(rules=("DEC001",), document="openapi.*", path="/b", reason="r"), ["POST /b"]),
        (ConfigIgnore(rules=("DEC001",), document="other.json", reason="r"), []),
        (ConfigIgnore(rules=("DEC001",), code="ML_1001", reason="r"), []),
        (ConfigIgnore(rules=("DEC001",), path="/a", reason="r", until="2026-01-01"), []),
    ],
)
def test_an_ignore_of_the_configuration_holds_where_all_that_it_names_is_met(ignore, expected):
    report = linted(TWO, select=("DEC001",), ignores=(ignore,))
    assert sorted(f.operation or "" for f in report.findings if f.suppressed == "r") == expected


def test_an_ignore_of_the_configuration_by_code():
    enum = {"type": "string", "enum": ["ML_9998", "ML_9999"]}
    error = {"type": "object", "required": ["code", "message", "http"], "properties": {"code": enum}}
    schema = {"type": "object", "required": ["error"], "properties": {"error": error}}
    data = bare(a={"get": {"responses": {"404": {"description": "d", "content": {"application/json": {"schema": schema}}}}}})
    ignore = ConfigIgnore(rules=("COD001",), code="ML_9999", reason="next release")
    report = linted(data, catalog=("builtin:eventml",), select=("COD001", *CFG), ignores=(ignore,))
    assert [(f.code, f.suppressed) for f in report.findings] == [("ML_9998", None), ("ML_9999", "next release")]


def test_what_is_said_of_an_ignore_of_the_configuration_stands_at_its_place_there():
    ignores = (
        ConfigIgnore(rules=("DEC001",), path="/c", where="errlint.toml:12:3", reason="r"),
        ConfigIgnore(rules=("DEC001",), path="/a", where="C:/x/errlint.toml:14:1"),
        ConfigIgnore(rules=("DEC001",), operation="POST /b", where="errlint.toml", until="2026-01-01"),
        ConfigIgnore(rules=("DEC004",), path="/nowhere", where="errlint.toml:20:1", reason="r"),
    )
    declared = {"get": {"responses": {"404": {"description": "d"}}}}
    report = linted(TWO | {"paths": TWO["paths"] | {"/c": declared}}, ignores=ignores)
    assert [(f.message, f.location.uri, f.location.line) for f in report.findings if f.rule.startswith("CFG")] == [
        ("DEC001 was ignored for POST /b until 2026-01-01: the ignore has ended", "errlint.toml", 1),
        ("DEC001 is ignored for /a without a reason", "C:/x/errlint.toml", 14),
        ("DEC001 is ignored for POST /b without a reason", "errlint.toml", 1),
        ("DEC001 is ignored for /c, nothing of it is found", "errlint.toml", 12),
        ("DEC004 is ignored for /nowhere, nothing of it is found", "errlint.toml", 20),
    ]


def test_a_locked_rule_cannot_be_ignored_in_a_document():
    data = bare(a=silent(**ignoring(LEGACY)))
    assert told(linted(data, select=("DEC001",), locked=("DEC001",))) == [("DEC001", "GET /a declares no error response", None)]


def test_what_a_catalog_accepts_is_suppressed_before_it_folds(tmp_path):
    catalog = tmp_path / "errors.yaml"
    catalog.write_text(
        "errlint: 1\nservice: {name: s}\nlayers:\n  service: {in_spec: required, envelope: eventml}\nerrors:\n"
        + "".join(f"  - {{code: E_{n}, status: 400, message: m}}\n" for n in range(4))
        + "accepted:\n  - {rule: COV001, code: E_0, reason: internal only}\n"
    )
    report = linted(bare(a=silent()), catalog=(str(catalog),), select=("COV001", *CFG))
    assert {f.suppressed: f.message for f in report.findings} == {
        None: "3 of the 4 codes that the documents must declare are declared by no operation: E_1, E_2, E_3",
        "internal only": "no operation declares E_0 (400)",
    }


# --- what nothing may silence, and what costs too much


@pytest.mark.parametrize("rule", ["ALL", "CFG", "CFG001", "CFG002", "CFG003"])
def test_an_ignore_says_nothing_of_ignores(rule):
    data = bare(a={"get": {"responses": {"404": {"description": "d"}}, **ignoring(LEGACY, {"rule": "DEC004"}, {"rule": 1})}})
    data["paths"]["/a"]["get"]["x-errlint"]["ignore"].append({"rule": "DEC001", "reason": "r", "until": "2020-01-01"})
    data |= ignoring({"rule": rule, "reason": "be quiet"})
    report = linted(data, select=("DEC001", *CFG))
    found = {f.rule: f.suppressed for f in report.findings if f.rule.startswith("CFG")}
    assert found == {"CFG001": None, "CFG002": None, "CFG003": None}


def test_a_locked_rule_is_not_silenced_by_what_is_known():
    data = bare(a=silent())
    known = {site.fingerprint: "baseline" for f in linted(data, select=("DEC001",)).findings for site in f.sites}
    task = Task((load(json.dumps(data).encode(), "openapi.json"),), (), Settings(select=("DEC001",), locked=("DEC001",)))
    assert [f.suppressed for f in lint_all([task], known=known).findings] == [None]
    free = Task(task.documents, (), Settings(select=("DEC001",)))
    assert [f.suppressed for f in lint_all([free], known=known).findings] == ["baseline"]


class Counted(tuple):  # type: ignore[type-arg]
    """Uses that count how often they are walked."""

    walks = 0

    def __iter__(self):
        type(self).walks += 1
        return super().__iter__()


def test_uses_with_reasons_of_their_own_are_walked_once():
    uses = Counted((f"GET /{n}", Location("a", ("x", str(n)))) for n in range(50))
    unit = Unit((), "schema", Location("a", ()), "o", uses=uses)
    raised = Raised(RULES["DEC001"], Hit("m"), unit, Severity.ERROR)
    parts = list(split(raised, [f"r{n}" for n in range(49)] + [None]))
    assert [(one.suppressed, one.unit.uses) for one in parts] == [
        *((f"r{n}", (uses[n],)) for n in range(49)),
        (None, (uses[49],)),
    ]
    assert Counted.walks == 1


def test_two_ignores_in_one_comment_count_both():
    both = "  # errlint: ignore[DEC001] one # errlint: ignore[DEC004] two until=2020-01-01"
    report = linted(COMMENTED.format(path="", get=both, responses=""))
    assert told(report) == [
        ("CFG003", "DEC004 was ignored here until 2020-01-01 (two): the ignore has ended", None),
        ("DEC001", "GET /a declares no error response", "one"),
    ]
    text = COMMENTED.format(path="", get="\n    # errlint: ignore[DEC001] one # errlint: ignore[DEC004] two\n", responses="")
    ignores, misread = read_ignores(load((HEAD + text).encode(), "a.yaml"))
    assert ([(one.rules, one.reason) for one in ignores], misread) == ([(("DEC001",), "one"), (("DEC004",), "two")], ())
    assert len({one.scope for one in ignores}) == 1
    text = COMMENTED.format(path="", get="  # errlint: ignore[DEC001] one ignore[DEC004] two", responses="")
    ignores, misread = read_ignores(load((HEAD + text).encode(), "a.yaml"))
    assert ([(one.rules, one.reason) for one in ignores], misread) == ([(("DEC001",), "one"), (("DEC004",), "two")], ())


@pytest.mark.parametrize(
    "text",
    [
        f"# errlint: ignore[DEC001] all of it\n{HEAD}",
        HEAD.replace("3.1.0", "3.1.0  # errlint: ignore[DEC001] here"),
        HEAD.replace("}", "}  # errlint: ignore[DEC001] here"),
    ],
)
def test_a_comment_that_covers_nothing_is_told_where_no_error_is_declared(text):
    document = load((text + "paths:\n  /a: {get: {responses: {}}}\n").encode(), "openapi.yaml")
    report = lint_all([Task((document,), (), Settings(select=("DEC001", *CFG)))], today=TODAY)
    assert sorted(told(report)) == [
        ("CFG001", "DEC001 is ignored here, nothing of it is found", None),
        ("DEC001", "GET /a declares no error response", None),
    ]


def test_a_word_of_a_config_that_no_rule_has_is_told():
    ignores = (ConfigIgnore(rules=("no-error-respons",), path="/a", where="errlint.toml:2:1", reason="r"),)
    report = linted(bare(a=silent()), select=("CFG005",), ignores=ignores)
    assert [(f.rule, f.message, f.location.uri) for f in report.findings] == [
        ("CFG005", "no rule is called no-error-respons (an ignore); did you mean no-error-response?", "errlint.toml")
    ]


def test_an_ignore_of_a_config_that_one_of_its_tasks_needs_is_of_use():
    ignores = (ConfigIgnore(rules=("DEC001",), path="/a", where="errlint.toml:2:1", reason="r"),)
    fine = bare(b={"get": {"responses": {"404": {"description": "d"}}}})
    documents = [load(json.dumps(one).encode(), f"{n}.json") for n, one in enumerate((fine, bare(a=silent())))]
    tasks = [Task((one,), (), Settings(select=("DEC001", *CFG), ignores=ignores)) for one in documents]
    assert told(lint_all(tasks, today=TODAY)) == [("DEC001", "GET /a declares no error response", "r")]
    assert told(lint_all([tasks[0], tasks[0]], today=TODAY)) == [
        ("CFG001", "DEC001 is ignored for /a, nothing of it is found", None)
    ]


@pytest.mark.parametrize(
    ("paths", "judged", "whole"),
    [
        ((), ("a.json", "b/c.json"), True),
        ((), ("a.json",), False),
        (("a.json",), ("a.json",), True),
        (("*.json", "b/**"), ("a.json",), False),
        (("*.json", "b"), ("a.json", "b/c.json"), True),
        (("gone.json",), (), True),
    ],
)
def test_an_ignore_of_a_config_is_of_no_use_only_where_all_its_documents_were_judged(paths, judged, whole, tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("a.json", "b/c.json"):
        (tmp_path / name).write_text(json.dumps(bare(a={"get": {"responses": {"404": {"description": "d"}}}})))
    (tmp_path / "other.json").write_text("{}")
    uris = [str(tmp_path / name) for name in judged]
    assert is_whole(Selection(str(tmp_path), paths), uris) is whole
    assert is_whole(Selection("", paths), uris) is False
