"""The rules over error schemas and their examples: across uses of one component, and over whatever a document may hold."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from errlint import api
from errlint.checks.schema_levels import level
from errlint.config import Settings
from errlint.load.source import load
from errlint.model.finding import Finding
from errlint.model.spec import Node

NEW = ("ENV005", "ENV008", "ENV009", "ENV013", "COD006", "COD008", "COD009", "COD010", "COD011", "MSG003", "PRB003", "PRB004",
       "SEC002", "SEC003", "SEC005", "SEC007")  # fmt: skip
CODES = "ABCDEFGH"


def linted(spec: dict[str, Any], catalog: dict[str, Any] | None, tmp_path: Any, *rules: str) -> list[Finding]:
    """The findings of some rules over a document."""
    source = load(json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, **spec}).encode(), "openapi.json")
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(catalog), encoding="utf-8")
    report = api.lint([source], [str(path)] if catalog else [], Settings(extend_select=NEW))
    return [finding for finding in report.findings if finding.rule in rules]


def shop(*errors: dict[str, Any]) -> dict[str, Any]:
    flat = {"code": {"pointer": "/code"}, "message": {"pointer": "/message"}}
    return {
        "errlint": 1,
        "service": {"name": "shop"},
        "envelopes": {"flat": flat},
        "layers": {"service": {"envelope": "flat"}},
        "errors": [*errors],
    }


def document(enum: list[str], *statuses: str) -> dict[str, Any]:
    """Two operations whose errors share one list of codes."""
    error = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": {"$ref": "#/components/schemas/Code"}, "message": {}},
    }
    response = {"description": "d", "content": {"application/json": {"schema": error}}}
    operation = {"get": {"responses": dict.fromkeys(statuses, response)}}
    return {"paths": {"/a": operation, "/b": operation}, "components": {"schemas": {"Code": {"enum": enum}}}}


def test_a_list_that_fell_behind_is_one_finding_and_its_codes_are_not_told_as_undeclared(tmp_path):
    catalog = shop(*({"code": code, "status": 400} for code in CODES))
    found = linted(document([*"ABCDEF", "X"], "400"), catalog, tmp_path, "COD001", "COD010", "COV001")
    assert [(finding.rule, finding.message) for finding in found] == [
        ("COD001", "code X is not in the catalog (layer service)"),
        ("COD010", "Code lists the codes of layer service without G, H"),
    ]


def test_a_list_need_not_have_the_codes_of_statuses_that_another_response_declares(tmp_path):
    catalog = shop(*({"code": code, "status": 500 if code == "H" else 400} for code in CODES))
    spec = document([*"ABCDEFG"], "400")
    own = {"type": "object", "required": ["code", "message"], "properties": {"code": {"const": "H"}, "message": {}}}
    spec["paths"]["/c"] = {
        "get": {"responses": {"500": {"description": "d", "content": {"application/json": {"schema": own}}}}}
    }
    assert linted(spec, catalog, tmp_path, "COD010", "COV001") == []


def test_a_shared_list_may_hold_a_code_of_one_of_its_operations_only(tmp_path):
    catalog = shop({"code": "A", "status": 400, "operations": ["GET /b"]}, {"code": "B", "status": 400, "operations": ["/c"]})
    found = linted(document(["A", "B"], "400"), catalog, tmp_path, "COD006")
    assert [finding.message for finding in found] == ["B is documented for /c only, it is declared by GET /a and 1 more"]


def test_an_example_says_nothing_of_a_member_that_its_schema_already_has(tmp_path):
    schema = {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {}, "error": {"properties": {"debug": {"type": "string"}}}},
    }
    media = {"schema": schema, "example": {"code": "A", "error": {"debug": "x"}}}
    spec = {"paths": {"/a": {"get": {"responses": {"400": {"description": "d", "content": {"application/json": media}}}}}}}
    found = linted(spec, None, tmp_path, "SEC005")
    assert [finding.message for finding in found] == ["the error schema has the member error.debug, which is for developers"]


def test_a_level_is_what_all_branches_say_together():
    schema = {"allOf": [{"properties": {"a": {}}}], "oneOf": [{"required": ["b"]}, {"patternProperties": {"^x-": {}}}]}
    found = level([Node("a", (), schema)], lambda node: node)
    told = {name: found.knows(name) for name in ("a", "b", "x-c", "d")}
    assert (told, found.free, found.closed) == ({"a": True, "b": True, "x-c": True, "d": False}, False, False)


WORDS = (
    "type properties required oneOf anyOf allOf enum const pattern items discriminator mapping propertyName"
    " additionalProperties patternProperties $ref code message debug error description"
)
KEYWORDS = st.sampled_from(WORDS.split())
SCALARS = st.sampled_from(
    [None, True, 0, -1, 1e300, "", "A", "ML_1", "#/components/schemas/E", "^[", "string", "object", "about:blank"]
)
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=4), max_leaves=12
)


@given(schema=JUNK, example=JUNK, media_type=st.sampled_from(["application/json", "application/problem+json"]))
def test_whatever_a_document_holds_no_rule_crashes(schema, example, media_type, tmp_path_factory):
    media = {"schema": schema, "example": example}
    spec = {
        "paths": {
            "/a": {
                "get": {"description": example, "responses": {"400": {"description": schema, "content": {media_type: media}}}}
            }
        },
        "components": {"schemas": {"E": schema}},
    }
    catalogs = (
        None,
        shop({"code": "A", "status": 400, "operations": ["tag:x"]}, {"code": "B", "status": 400, "deprecated": True}),
    )
    folder = tmp_path_factory.mktemp("junk")
    assert [linted(spec, catalog, folder, "CFG006") for catalog in catalogs] == [[], []]
