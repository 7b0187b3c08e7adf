"""Declared error schemas, reduced: which envelope they can produce, and what their claims hold at its places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.match.declared import Declared, reduce
from errlint.match.plan import Plan
from errlint.model.catalog import Catalog, Envelope, Layer, Place
from errlint.model.claim import Values
from errlint.model.finding import Location

TEXT = {"type": "string"}
ERROR = {"type": "object", "required": ["code", "message"], "properties": {"code": TEXT, "message": TEXT}}
SHAPE = {"type": "object", "required": ["error"], "properties": {"error": ERROR}}
LIST = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {"type": "array", "items": {"type": "object", "required": ["code"], "properties": {"code": TEXT}}}
    },
}
NESTED = {"code": Place((("error", "code"),)), "message": Place((("error", "message"),))}
URI = "https://errors.example.com/"
SCHEMA = ("paths", "/a", "get", "responses", "404", "content", "application/json", "schema")


def read(schema: Any, envelope: Envelope, status: str = "404") -> Declared:
    """One declared response, reduced against a catalog of one envelope."""
    response = {"description": "d", "content": {"application/json": {"schema": schema}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}, status: response}}}},
    }
    spec = read_spec(load(json.dumps(document).encode(), "d.json")).spec
    layer = Layer(id="shop", envelopes=(envelope.id,))
    (found,) = reduce(spec, Plan(Catalog("shop", {envelope.id: envelope}, {"shop": layer}, {}, ())))
    return found


def code(schema: Any, envelope: Envelope, status: str = "404") -> Values:
    (claim,) = read(schema, envelope, status).claims
    return claim.code


def below(*tokens: str) -> Location:
    return Location("d.json", (*SCHEMA, *tokens))


def wrapped(**error: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["error"], "properties": {"error": error}}


DETAIL = {"detail": TEXT}


@pytest.mark.parametrize(
    ("schema", "fits", "differs"),
    [
        (wrapped(type="object", properties=DETAIL), ["mismatch"], "it has no member error.code"),
        (wrapped(type="object", properties=DETAIL, additionalProperties=False), ["mismatch"], "it has no member error.code"),
        (wrapped(allOf=[{"type": "object"}, {"properties": DETAIL}]), ["mismatch"], "it has no member error.code"),
        (wrapped(type="object"), ["match"], ""),
        (wrapped(), ["match"], ""),
        (wrapped(type="object", properties=DETAIL, additionalProperties=TEXT), ["match"], ""),
        (wrapped(type="object", properties=DETAIL, patternProperties={"^c": TEXT}), ["match"], ""),
        (wrapped(type="object", properties=DETAIL, required=["code", "message"]), ["match"], ""),
        (wrapped(type="object", properties={**DETAIL, "code": TEXT}), ["match"], ""),
        (wrapped(type="object", allOf=[{"properties": DETAIL}, ERROR]), ["match"], ""),
        (wrapped(type="object", oneOf=[ERROR, {"properties": {**ERROR["properties"], **DETAIL}}]), ["match", "match"], ""),
        (
            wrapped(oneOf=[{"type": "object", "properties": DETAIL}, ERROR]),
            ["mismatch", "match"],
            "it has no member error.code",
        ),
    ],
)
def test_an_object_that_lists_its_members_has_no_others(schema, fits, differs):
    branches = read(schema, Envelope("shop", SHAPE, NESTED)).branches
    assert ([branch.fit for branch in branches], branches[0].differs) == (fits, differs)


def test_a_problem_of_an_error_in_a_list_is_seen_in_its_elements():
    envelope = Envelope("shop", LIST | {"required": ["errors", "id"]}, {"code": Place((("errors", "*", "code"),))})
    schema = {"type": "object", "properties": {"errors": {"type": "array", "items": {"type": "object", "properties": DETAIL}}}}
    (branch,) = read(schema, envelope).branches
    assert (branch.fit, branch.differs) == ("mismatch", "it has no member id")


@pytest.mark.parametrize(
    ("listed", "extract", "presence", "got"),
    [
        (["nope", "not-found"], rf"{URI}(.+)$", "required", [("nope", 0), ("not-found", 1)]),
        (["not-found"], r"/(\d+)$", "required", []),
        (["a/1", "a", "b/1"], r"/(\d+)$", "required", [("1", 0)]),
    ],
)
def test_what_a_place_extracts_is_the_code(listed, extract, presence, got):
    envelope = Envelope("shop", {"type": "object", "required": ["type"]}, {"code": Place((("type",),), extract=extract)})
    schema = {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": [f"{URI}{name}" for name in listed]}},
    }
    found = code(schema, envelope)
    places = tuple((value, below("properties", "type", "enum", str(index))) for value, index in got)
    assert (found.presence, found.finite, found.exact) == (presence, places, True)


def test_what_is_extracted_from_an_open_set_is_not_known():
    envelope = Envelope("shop", {"type": "object", "required": ["type"]}, {"code": Place((("type",),), extract="/(.+)$")})
    schema = {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", "pattern": "^a/.+"}}}
    found = code(schema, envelope)
    assert (found.finite, found.pattern, found.exact) == (None, None, False)


@pytest.mark.parametrize(("status", "values"), [("404", (404,)), ("4XX", None), ("default", None)])
def test_a_code_that_is_the_status_is_declared_by_its_key(status, values):
    envelope = Envelope("shop", {"type": "object"}, {"message": Place((("message",),))}, code_is="status")
    found = code({"type": "object", "properties": {"message": TEXT}}, envelope, status)
    use = Location("d.json", ("paths", "/a", "get", "responses", status))
    assert found.finite == (None if values is None else tuple((value, use) for value in values))
    assert (found.presence, found.exact) == ("required", values is not None)


@pytest.mark.parametrize(
    ("member", "finite", "listed", "known"),
    [
        (
            {"pattern": "^(A|B)$", **TEXT},
            [("A", "pattern"), ("B", "pattern")],
            False,
            [],
        ),
        ({"enum": ["A"]}, [("A", "enum/0")], True, []),
        (
            {"x-extensible-enum": ["A", "B", "A"], **TEXT},
            None,
            True,
            [("A", "x-extensible-enum/0"), ("B", "x-extensible-enum/1")],
        ),
        ({"x-extensible-enum": ["A", "B"], "enum": ["A"]}, [("A", "enum/0")], True, []),
        ({"x-extensible-enum": "A", **TEXT}, None, True, []),
    ],
)
def test_where_values_come_from_can_be_told(member, finite, listed, known):
    found = code(wrapped(type="object", properties={"code": member, "message": TEXT}), Envelope("shop", SHAPE, NESTED))

    def placed(pairs: Any) -> Any:
        at = ("properties", "error", "properties", "code")
        return tuple((value, below(*at, *place.split("/"))) for value, place in pairs)

    assert found.finite == (None if finite is None else placed(finite))
    assert (found.listed, found.known) == (listed, placed(known))


@pytest.mark.parametrize(
    ("outer", "inner", "more", "presence"),
    [
        (["errors"], ["code"], {}, "required"),
        (["errors"], ["code"], {"minItems": 1}, "required"),
        (["errors"], [], {"minItems": 1}, "optional"),
        ([], ["code"], {"minItems": 1}, "optional"),
    ],
)
def test_the_code_of_each_element_is_required_by_the_elements(outer, inner, more, presence):
    items = {"type": "object", "required": inner, "properties": {"code": TEXT}}
    schema = {"type": "object", "required": outer, "properties": {"errors": {"type": "array", "items": items, **more}}}
    assert code(schema, Envelope("shop", LIST, {"code": Place((("errors", "*", "code"),))})).presence == presence


def test_a_code_that_a_catalog_places_where_the_envelopes_schema_says_nothing_is_read():
    problem = {"type": "object", "required": ["type"], "properties": {"type": TEXT, "title": TEXT}}
    envelope = Envelope("problem", problem, {"code": Place((("code",),), required=False), "message": Place((("detail",),))})
    schema = {"type": "object", "properties": {"type": TEXT, "code": {"enum": ["GONE", "AWAY"]}, "detail": TEXT}}
    assert [value for value, _ in code(schema, envelope).scalars()] == ["GONE", "AWAY"]
