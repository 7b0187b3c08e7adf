"""Errors that are missing by what an operation asks for: who speaks, how a share is put, and what is no business of theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint import api
from errlint.checks import judge as judging
from errlint.checks.precedence import SILENCES
from errlint.config import Settings
from errlint.load.source import load
from errlint.model.finding import Finding

BARE: dict[str, Any] = {"description": "d"}
ALL = ("COV003", "COV004", "COV005", "COV006", "COV007", "COV008")


def linted(paths: Any, *rules: str, options: Any = None, **root: Any) -> list[Finding]:
    data = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, **root}
    settings = Settings(select=rules, options=options or {})
    return list(api.lint([load(json.dumps(data).encode(), "openapi.json")], (), settings).findings)


def secured(without: int, covered: int, silent: int = 0) -> dict[str, Any]:
    """Secured operations: some without a 401, some with one, some without any error."""
    keys = ["404"] * without + ["401"] * covered + ["200"] * silent
    return {f"/{number}": {"get": {"responses": {key: BARE}}} for number, key in enumerate(keys)}


@pytest.mark.parametrize(
    ("without", "covered", "silent", "expected"),
    [
        (1, 9, 0, [("GET /0 is secured and declares no 401", "warning", 1)]),
        (7, 3, 0, [("7 of the 10 secured operations declare no 401", "warning", 7)]),
        (9, 1, 0, [("9 of the 10 secured operations declare no 401", "note", 9)]),
        (10, 0, 0, [("none of the 10 secured operations declares 401", "note", 10)]),
        (3, 20, 0, [("3 of the 23 secured operations declare no 401: GET /0, GET /1, GET /2", "warning", 3)]),
        (
            7,
            40,
            0,
            [
                (
                    "7 of the 47 secured operations declare no 401: GET /0, GET /1, GET /2 and 4 more",
                    "warning",
                    7,
                )
            ],
        ),
        (5, 0, 5, [("none of the 5 secured operations declares 401", "note", 5)]),
    ],
    ids=["one", "most", "a policy", "all", "a slip", "a larger slip", "where no error at all is declared DEC001 speaks"],
)
def test_a_share_of_secured_operations_is_a_sentence(without, covered, silent, expected):
    got = linted(secured(without, covered, silent), "DEC001", "COV003", security=[{"key": []}])
    assert [(f.message, str(f.severity), len(f.sites)) for f in got if f.rule == "COV003"] == expected


EVERYTHING = {
    "security": [{"oauth": ["read"]}],
    "x-ratelimit-limit": 10,
    "parameters": [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}],
    "responses": {"200": BARE},
}


def test_an_operation_without_any_error_is_one_finding(monkeypatch):
    paths = {"/a/{id}": {"get": EVERYTHING}}
    assert [f.rule for f in linted(paths, "DEC001", *ALL)] == ["DEC001"]
    monkeypatch.setattr(judging, "precedence", lambda raised: raised)
    assert sorted(f.rule for f in linted(paths, "DEC001", *ALL)) == [*ALL, "DEC001"]


def test_an_operation_without_any_error_is_asked_where_dec001_is_off():
    assert [f.rule for f in linted({"/a/{id}": {"get": EVERYTHING}}, *ALL)] == [*ALL[:1], "COV007", "COV008", *ALL[1:4]]


def test_dec001_silences_exactly_these():
    assert SILENCES["DEC001"] == frozenset(ALL)


def test_security_of_the_operation_replaces_that_of_the_document():
    get = {"security": [{"oauth": ["write", "read"]}], "responses": {"401": BARE}}
    got = linted({"/a": {"get": get}}, "COV004", security=[{"key": []}])
    assert [f.message for f in got] == ["GET /a demands scopes write, read and declares no 403"]


def test_long_names_are_cut_and_many_are_counted():
    scopes = [f"https://www.example.com/auth/{'very-' * 10}long-{number}" for number in range(4)]
    get = {"security": [{"oauth": scopes}], "responses": {"401": BARE}}
    (one,) = linted({"/a": {"get": get}}, "COV004")
    told = "GET /a demands scopes https://www.example.com/auth/…ery-very-very-very-very-long-0 and 3 more and declares no 403"
    assert one.message == told
    paths = {f"/{'things/' * 20}{number}": {"get": {"responses": {"404": BARE}}} for number in range(4)}
    paths |= {f"/{number}": {"get": {"responses": {"401": BARE}}} for number in range(40)}
    (slip,) = linted(paths, "COV003", security=[{"key": []}])
    assert len(slip.message) < 200


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, 1),
        ({"type": "integer"}, 1),
        ({"enum": ["a", "b"]}, 0),
        ({"const": "a"}, 0),
        ({"type": "boolean"}, 0),
        ({"$ref": "#/components/schemas/Kind"}, 0),
        ({"$ref": "#/components/schemas/Lost"}, 1),
    ],
)
def test_a_parameter_of_few_values_names_no_thing(schema, expected):
    parameter = {"name": "kind", "in": "path", "required": True, "schema": schema}
    get = {"parameters": [parameter], "responses": {"401": BARE}}
    got = linted({"/a/{kind}": {"get": get}}, "COV005", components={"schemas": {"Kind": {"enum": ["a"]}}})
    assert len(got) == expected


def test_a_declared_rate_limit_is_found_behind_references():
    paths = {"/a": {"get": {"responses": {"404": {"$ref": "#/components/responses/Gone"}}}}}
    gone = BARE | {"headers": {"x-RateLimit-Remaining": {"$ref": "#/components/headers/Lost"}}}
    got = linted(paths, "COV007", components={"responses": {"Gone": gone}})
    assert [f.message for f in got] == ["GET /a is rate limited and declares no 429"]


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
KEYS = st.sampled_from(["200", "4xx", "401", "default", "4XX", "x", ""])
RULES = ("DEC", "COV", "HTP", "CFG006")


@given(
    st.dictionaries(KEYS, HOSTILE | st.fixed_dictionaries({"$ref": st.just("#/components/schemas/A"), "headers": HOSTILE})),
    st.fixed_dictionaries({}, optional={"security": HOSTILE, "parameters": HOSTILE, "requestBody": HOSTILE}),
    st.fixed_dictionaries({"schemas": st.fixed_dictionaries({"A": HOSTILE})}, optional={"responses": HOSTILE, "x": HOSTILE}),
    HOSTILE,
)
def test_no_rule_crashes_over_parts_of_wrong_types(responses, operation, components, security):
    options = {"HTP001": {"declarations": True}, "HTP004": {"headers": {"default": ["A"]}}, "COV007": {"limited": "all"}}
    paths = {"/a/{id}": {"get": {"responses": responses, **operation}}}
    got = linted(paths, *RULES, options=options, components=components, security=security)
    assert [finding.message for finding in got if finding.rule == "CFG006"] == []
