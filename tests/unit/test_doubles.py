"""One root cause is one finding: a fault of a schema and of its examples, and what a fault makes unknowable."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint.api.linting import Task, lint_all
from errlint.checks.doubles import once
from errlint.config import Settings
from errlint.load.envelopes import overridden
from errlint.load.source import load
from errlint.match.envelope import Signature, read
from errlint.match.plan import Plan
from errlint.model.catalog import Catalog, Category, Code, Envelope, Layer
from errlint.model.finding import NOWHERE, Finding
from errlint.model.status import one

FLAT = {
    "errlint": 1,
    "service": {"name": "shop"},
    "envelopes": {
        "flat": {"code": {"pointer": "/code", "type": "string"}, "message": {"pointer": "/message", "type": "string"}}
    },
    "errors": [{"code": "NOT_FOUND", "status": 404}, {"code": "DOWN", "status": 503}],
}
DOWN = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"enum": ["DOWN"]}, "message": {"type": "string"}},
}


def schema(code: Any, message: Any = None) -> dict[str, Any]:
    members = {"code": code, "message": message or {"type": "string"}}
    return {"type": "object", "required": ["code", "message"], "properties": members}


def response(schema: Any, example: Any = None) -> dict[str, Any]:
    content = {"schema": schema} | ({} if example is None else {"example": example})
    return {"description": "d", "content": {"application/json": content}}


def linted(tmp_path: Any, responses: dict[str, Any], catalog: Any = FLAT, **document: Any) -> list[Finding]:
    contract = tmp_path / "errors.yaml"
    contract.write_text(json.dumps(catalog), encoding="utf-8")
    paths = {"/a": {"get": {"responses": {"200": {"description": "ok"}, "503": response(DOWN), **responses}}}}
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, **document}
    source = load(json.dumps(whole).encode(), "d.json")
    return list(lint_all([Task((source,), (str(contract),), Settings(ignore=("COV003", "DEC007", "DEC013")))]).findings)


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.rule, one.witness) for one in findings]


@pytest.mark.parametrize(
    ("code", "message", "example", "rule"),
    [
        ({"enum": ["NOPE"]}, None, {"code": "NOPE", "message": "m"}, "COD001"),
        ({"enum": ["not_found"]}, None, {"code": "not_found", "message": "m"}, "COD005"),
        ({"enum": ["DOWN"]}, None, {"code": "DOWN", "message": "m"}, "COD002"),
        ({"type": "integer"}, None, {"code": 7, "message": "m"}, "ENV004"),
        ({"enum": ["NOT_FOUND"]}, {"type": "integer"}, {"code": "NOT_FOUND", "message": 7}, "ENV004"),
    ],
)
def test_a_fault_of_a_schema_and_its_example_is_one_finding(tmp_path, code, message, example, rule):
    (finding,) = linted(tmp_path, {"404": response(schema(code, message), example)})
    assert (finding.rule, finding.witness, [one.text for one in finding.related]) == (rule, "schema", ["its example shows it"])


def test_a_code_that_schema_and_example_lack_is_one_finding(tmp_path):
    lacking = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
    assert told(linted(tmp_path, {"404": response(lacking, {"message": "m"})})) == [("ENV004", "schema")]


def test_another_fault_of_the_example_is_its_own(tmp_path):
    found = linted(tmp_path, {"404": response(schema({"enum": ["NOPE"]}), {"code": "NOT_THERE", "message": "m"})})
    assert sorted(told(found)) == [("COD001", "example"), ("COD001", "schema")]


def test_the_fault_of_an_example_alone_is_told_there(tmp_path):
    found = linted(tmp_path, {"404": response(schema({"enum": ["NOT_FOUND"]}), {"code": "NOPE", "message": "m"})})
    assert told(found) == [("COD001", "example")]


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (schema({"enum": ["NOT_FOUND"], "const": "DOWN"}), "DEC010"),
        ({"oneOf": [schema({"const": "NOT_FOUND"}), schema({"const": "NOT_FOUND"})]}, "ENV008"),
    ],
)
def test_an_example_of_a_broken_schema_is_not_blamed_for_it(tmp_path, wrong, rule):
    assert told(linted(tmp_path, {"404": response(wrong, {"code": "NOT_FOUND", "message": "m"})})) == [(rule, "schema")]


def test_an_example_that_no_branch_fits_is_told_beside_overlapping_branches(tmp_path):
    both = {"oneOf": [schema({"const": "NOT_FOUND"}), schema({"const": "NOT_FOUND"})]}
    found = linted(tmp_path, {"404": response(both, {"code": "DOWN", "message": "m"})})
    assert told(found) == [("COD002", "example"), ("ENV008", "schema")]


def test_nothing_is_dropped_where_no_example_spoke():
    nothing: list[Any] = []
    assert once(nothing) is nothing


@pytest.mark.parametrize(
    "faulty",
    [
        {"description": "d"},
        {"description": "d", "content": {"text/plain": {"schema": {"type": "string"}}}},
        response({"type": "array", "items": {"type": "string"}}),
        response({}),
        response(schema({"enum": ["not_found"]})),
        response(schema({"enum": ["NOPE"]})),
        response(schema({"type": "integer"})),
        response(schema({"enum": ["NOT_FOUND"], "const": "DOWN"})),
        response({"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}),
    ],
    ids=["empty", "text", "list", "anything", "case", "unknown", "type", "unsatisfiable", "missing"],
)
def test_a_code_is_not_undeclared_where_a_faulty_response_may_hold_it(tmp_path, faulty):
    found = linted(tmp_path, {"404": faulty})
    assert [one.rule for one in found if one.rule.startswith("COV")] == []


def test_a_code_of_an_undeclared_status_is_said_once(tmp_path):
    assert told(linted(tmp_path, {})) == [("COV001", "schema")]


def test_a_status_is_said_where_not_all_its_codes_are_undeclared(tmp_path):
    errors = [*FLAT["errors"], {"code": "GONE", "status": [404, 410]}]
    found = linted(tmp_path, {"410": response(schema({"const": "GONE"}))}, FLAT | {"errors": errors})
    assert [(one.rule, one.message) for one in found] == [
        ("COV001", "no operation declares NOT_FOUND (404)"),
        ("COV002", "no operation declares 404 of layer service (NOT_FOUND, GONE)"),
    ]


def test_a_shared_text_is_one_place_however_many_use_it(tmp_path):
    use = {"$ref": "#/components/responses/R"}
    shared = {"R": {"description": "d", "content": {"application/problem+json": {"schema": schema({"const": "NOT_FOUND"})}}}}
    found = linted(tmp_path, {"404": use, "410": use, "4XX": use}, components={"responses": shared})
    problem = [one.message for one in found if one.rule == "PRB001"]
    assert problem == ["declared as application/problem+json, but has no member of a problem (RFC 9457)"]


@pytest.mark.parametrize("pointer", ["/errors/0/code", "/errors/1/code"])
def test_digits_of_a_pointer_are_an_index_of_a_list(tmp_path, pointer):
    indexed = {"indexed": {"code": {"pointer": pointer}, "message": {"pointer": pointer.replace("code", "title")}}}
    items = {
        "type": "object",
        "required": ["code", "title"],
        "properties": {"code": {"const": "DOWN"}, "title": {"type": "string"}},
    }
    errors = {"type": "array", "minItems": 2, "items": items}
    body = {"errors": [{"code": "DOWN", "title": "t"}] * 2}
    whole = {"type": "object", "required": ["errors"], "properties": {"errors": errors}}
    catalog = FLAT | {"envelopes": indexed, "errors": [{"code": "DOWN", "status": 503}]}
    assert linted(tmp_path, {"503": response(whole, body)}, catalog) == []


def test_an_index_among_several_pointers_is_read():
    from errlint.load.envelopes import written_envelope

    places = {"code": {"pointer": ["/errors/0/code", "/code"], "type": "string"}}
    signature = Signature(written_envelope("two", places, None, NOWHERE))
    place = signature.envelope.roles["code"]
    bodies = [{"errors": [{"code": "A"}]}, {"code": "B"}]
    assert [read(place, body, {}).value for body in bodies] == ["A", "B"]
    assert [signature.strictly(body) for body in (*bodies, {"errors": []})] == [True, True, False]


def plan(*, prefix: str = "SHOP.", pattern: str | None = r"^EDGE\.\d+$") -> Plan:
    """Two layers that share an envelope, each with a category of its own."""
    envelope = overridden(Envelope("flat", {"type": "object"}, {}), {"code": {"pointer": "/code", "type": "string"}})
    layers = {name: Layer(name, ("flat",), closed=name == "shop") for name in ("shop", "edge")}
    categories = {"shop": Category("shop", "Shop", prefix, (1, 99)), "edge": Category("edge", "Edge", pattern=pattern)}
    codes = (
        Code("SHOP.1", "SHOP.1", one(404), "shop", category="shop"),
        Code("EDGE.1", "EDGE.1", one(404), "edge", category="edge"),
    )
    return Plan(Catalog("shop", {"flat": envelope}, layers, categories, codes))


@pytest.mark.parametrize(
    ("given", "value", "owners"),
    [
        ({}, "SHOP.1", ("shop",)),
        ({}, "SHOP.2", ("shop",)),
        ({}, "EDGE.2", ("edge",)),
        ({}, "SHOP.100", ("shop",)),
        ({}, "X", ("shop", "edge")),
        ({"pattern": None}, "X", ("edge",)),
        ({"prefix": ""}, "X", ("shop",)),
    ],
    ids=["known", "in a range", "by a pattern", "by a prefix", "of neither", "one says nothing", "the other says nothing"],
)
def test_a_code_is_of_the_layers_whose_categories_do_not_exclude_it(given, value, owners):
    assert plan(**given).owners(("shop", "edge"), value) == owners


def test_a_code_of_the_same_status_is_meant_before_a_closer_one():
    codes = (Code("ML_1000", "ML_1000", one(400), "shop"), Code("ML_1009", "ML_1009", one(404), "shop"))
    several = Plan(Catalog("shop", {}, {"shop": Layer("shop", ())}, {}, codes))
    assert [several.closest(("shop",), "ML_1001", one(status)) for status in (400, 404, 500)] == [
        "ML_1000",
        "ML_1009",
        "ML_1000",
    ]


@pytest.mark.parametrize("code", ["DOWN", "down"])
def test_a_code_that_stands_under_a_wrong_status_is_not_undeclared_too(tmp_path, code):
    found = linted(tmp_path, {"503": response(schema({"enum": ["OTHER"]})), "500": response(schema({"enum": [code]}))})
    assert "COV001" not in {one.rule for one in found if one.code == "DOWN"}
