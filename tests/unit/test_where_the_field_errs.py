"""Where other linters err, errlint is right: a small document for each sentence of that list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint import api
from errlint.config import Settings
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.model.status import one

KEY = [{"key": []}]
BARE: dict[str, Any] = {"description": "d"}
CATALOG = "builtin:eventml"
JSON = "application/json"


def document(paths: Any, version: str = "3.1.0", **root: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "t", "version": "1"}, "paths": paths, **root}


def answering(responses: Any, version: str = "3.1.0", **root: Any) -> dict[str, Any]:
    """A document with one operation, ``GET /a``."""
    return document({"/a": {"get": {"responses": responses}}}, version, **root)


def found(data: Any, *rules: str, catalog: tuple[str, ...] = (), **options: Any) -> list[tuple[str, str]]:
    """The rule and message of each finding of these rules."""
    settings = Settings(select=rules, options=options)
    report = api.lint([load(json.dumps(data).encode(), "openapi.json")], catalog, settings)
    return [(finding.rule, finding.message) for finding in report.findings]


def error(schema: Any, media_type: str = JSON, **response: Any) -> dict[str, Any]:
    return {"description": "d", "content": {media_type: {"schema": schema}}, **response}


ENVELOPE = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "http"],
            "properties": {"code": {"const": "ML_1001"}, "message": {"type": "string"}, "http": {"const": 404}},
        }
    },
}


# Presence


def test_a_schema_property_called_responses_is_no_response():
    log = {"type": "object", "properties": {"responses": {"type": "object", "properties": {"401": {"type": "object"}}}}}
    data = answering({"404": BARE}, components={"schemas": {"Log": log}})
    every = ("DEC001", "DEC004", "DEC005", "COV003", "HTP011")
    assert found(data, *every) == found(answering({"404": BARE}), *every) == [("DEC004", "GET /a declares 404 with no content")]


@pytest.mark.parametrize("security", [[], [{}], [{"key": []}, {}]])
def test_an_empty_security_or_an_empty_way_is_public(security):
    data = document({"/a": {"get": {"security": security, "responses": {"404": BARE}}}}, security=KEY)
    assert found(data, "COV003") == []


@pytest.mark.parametrize("key", ["4XX", "default"])
def test_a_range_and_default_count_as_coverage(key):
    parameters = [{"name": "q", "in": "query", "required": True, "schema": {}}]
    operation = {"parameters": parameters, "security": [{"oauth": ["read"]}], "responses": {"200": BARE, key: BARE}}
    data = document({"/a/{id}": {"get": operation}})
    assert found(data, "DEC001", "COV003", "COV004", "COV005", "COV006") == []


@pytest.mark.parametrize(
    ("accept", "keys", "expected"),
    [
        ("explicit", ["4XX", "default"], [("COV003", "GET /a is secured and declares no 401")]),
        ("range", ["default"], [("COV003", "GET /a is secured and declares no 401")]),
        ("range", ["4XX"], []),
        ("default", ["default"], []),
        ("explicit", ["401"], []),
    ],
)
def test_what_counts_as_coverage_is_an_option(accept, keys, expected):
    data = answering(dict.fromkeys(["200", *keys], BARE), security=KEY)
    assert found(data, "COV003", COV003={"accept": accept}) == expected


def test_4xx_in_lower_case_is_no_range():
    expected = [("DEC005", "'4xx' is no status code, range or default; did you mean 4XX?")]
    assert found(answering({"4xx": BARE}, security=KEY), "DEC001", "DEC005", "COV003") == expected


# Media types


@pytest.mark.parametrize("media_type", ["application/problem+json; charset=utf-8", "Application/Problem+JSON"])
def test_a_media_type_is_compared_without_case_and_parameters(media_type):
    problem = {"type": "object", "properties": {name: {"type": "string"} for name in ("type", "title", "detail")}}
    data = answering({"404": error(problem | {"required": ["type", "title"]}, media_type)})
    assert found(data, "PRB001", "HTP005", "HTP006", "ENV") == []


def test_a_media_type_that_ends_in_json_is_json():
    data = answering({"404": error({"type": "object"}, "application/vnd.shop.v1+json")})
    assert found(data, "HTP006", "ENV005") == [("ENV005", "the error schema accepts {}: it requires no member")]


# Envelopes


def test_an_envelope_that_is_built_with_all_of_and_references_is_an_envelope():
    inner = ENVELOPE["properties"]["error"]
    composed = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"error": {"$ref": "#/components/schemas/E"}}}]}
    base = {"type": "object", "required": ["error"]}
    data = answering({"404": error(composed)}, components={"schemas": {"Base": base, "E": inner}})
    assert found(data, "ENV001", "ENV002", "ENV003", "ENV005", catalog=(CATALOG,)) == []


def test_of_a_one_of_the_branch_that_fails_is_named():
    detail = {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}
    data = answering({"404": error({"oneOf": [ENVELOPE, detail]})})
    assert found(data, "ENV001", "ENV002", catalog=(CATALOG,)) == [
        ("ENV002", "oneOf/1 is not the envelope eventml: it has no member error")
    ]


# Headers and HEAD


def test_names_of_headers_ignore_case():
    headers = {"headers": {"wWW-authenticate": {"schema": {"type": "string"}}}}
    data = answering({"401": BARE | headers})
    assert found(data, "HTP001", HTP001={"declarations": True}) == []


def test_a_429_without_any_header_does_not_pass():
    expected = [("HTP002", "429 is declared without Retry-After")]
    assert found(answering({"429": BARE}), "HTP002", HTP002={"declarations": True}) == expected


def test_an_answer_to_head_needs_no_content():
    head = {"head": {"security": KEY, "responses": {"200": BARE, "404": BARE}}}
    assert found(document({"/a": head}), "DEC001", "DEC004", "COV003", "COV006") == []


# Statuses


@pytest.mark.parametrize("status", ["422", "308", "418", "421", "424", "425", "451"])
def test_a_registered_status_is_registered(status):
    assert found(answering({status: error(ENVELOPE)}), "HTP011", "DEC005") == []


@pytest.mark.parametrize("status", ["480", "499", "520", "599"])
def test_an_unregistered_status_is_a_status_all_the_same(status):
    data = answering({status: error(ENVELOPE)})
    assert found(data, "DEC001", "DEC005", "HTP011") == [("HTP011", f"{status} is no registered HTTP status code")]


def test_explicit_beats_range_beats_default():
    data = answering({"404": BARE, "4XX": BARE, "default": BARE})
    spec = read_spec(load(json.dumps(data).encode(), "openapi.json")).spec
    covered = {one.status_key: one.statuses.values for one in spec.declarations if one.statuses is not None}
    client = one("4XX").values
    assert covered == {"404": {404}, "4XX": client - {404}, "default": frozenset(range(100, 600)) - client}


def test_a_code_of_an_explicit_status_is_wrong_under_the_range_beside_it():
    inner = ENVELOPE["properties"]["error"]
    members = inner["properties"] | {"http": {"type": "integer"}}
    other = ENVELOPE | {"properties": {"error": inner | {"properties": members}}}
    data = answering({"404": error(ENVELOPE), "4XX": error(other)})
    assert found(data, "COD002", catalog=(CATALOG,)) == [("COD002", "ML_1001 is documented for 404, declared under 4XX")]


# References


def narrowed(version: str) -> dict[str, Any]:
    """A document whose error schema is a loose component, with a sibling that demands a member."""
    schema = {"$ref": "#/components/schemas/E", "required": ["code"]}
    loose = {"type": "object", "properties": {"code": {"type": "string"}}}
    return answering({"404": error(schema)}, version, components={"schemas": {"E": loose}})


def test_siblings_of_a_reference_are_ignored_in_3_0():
    assert found(narrowed("3.0.3"), "ENV005", "DEC009") == [
        ("ENV005", "the error schema accepts {}: it requires no member"),
        ("DEC009", "required beside $ref has no effect in OpenAPI 3.0"),
    ]


def test_siblings_of_a_reference_count_in_3_1():
    assert found(narrowed("3.1.0"), "ENV005", "DEC009") == []


def test_what_is_unresolved_is_unknown_and_one_finding():
    data = answering({"404": error({"$ref": "#/components/schemas/Lost"})})
    rules = ("DEC", "ENV", "COD", "COV")
    report = api.lint([load(json.dumps(data).encode(), "openapi.json")], [CATALOG], Settings(ignore=("COV001", "COV002")))
    assert [f.rule for f in report.findings if f.rule.startswith(rules)] == ["DEC014"]
