"""What a document proves of a request: its path, its query, its body, its ids."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint.model.exchange import Request
from errlint.probe.faults import Faults
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.trial import Trial
from tests.services.lax import THING, document, spec_of, things

BASE = "http://127.0.0.1:9/v1"
PATH = "a value in the path that breaks its schema"
QUERY = "a value in the query that breaks its schema"
MISSING = "a query without a required parameter"


def judged(doc: dict[str, Any], label: str, target: str, body: bytes | None = None, **members: Any) -> tuple[str, bool]:
    """(what is wrong with a request, whether it must be refused)."""
    scene = plan(spec_of(doc), Options(BASE)).scene
    method, _, _ = label.partition(" ")
    headers = (("Content-Type", members.pop("media_type", "application/json")),) if body is not None else ()
    request = Request(method, BASE + target, headers, body, members.pop("stimulus", "generated: x"))
    operation = next(one for one in scene.operations if one.label == label)
    told = Faults(scene).told(Trial(request, operation, **members)).request
    return told.fault, told.rejected


def read(schema: dict[str, Any], where: str, *statuses: str, **more: Any) -> dict[str, Any]:
    """A document with one read that has one parameter, ``p``."""
    parameter = {"name": "p", "in": where, "required": where == "path", "schema": schema, **more}
    answers = {status: {"description": ""} for status in ("200", *statuses)}
    path = "/things/{p}" if where == "path" else "/things"
    return document({path: {"get": {"parameters": [parameter], "responses": answers}}}, security=[])


SCHEMAS: list[tuple[dict[str, Any], str, bool]] = [
    ({"type": "integer"}, "x", True),
    ({"type": "integer"}, "7", False),
    ({"type": "integer"}, "7.0", False),
    ({"type": "integer"}, "0.5", True),
    ({"type": "integer", "maximum": 5}, "7", True),
    ({"type": "integer", "minimum": 1}, "-7", True),
    ({"type": "number"}, "1e3", False),
    ({"type": "boolean"}, "2", True),
    ({"type": "boolean"}, "1", False),
    ({"type": "boolean"}, "Yes", False),
    ({"type": "boolean"}, "null", True),
    ({"type": "boolean", "nullable": True}, "null", True),  # which no 3.1 document knows
    ({"type": ["boolean", "null"]}, "null", False),
    ({"type": "string", "enum": ["a", "b"]}, "c", True),
    ({"type": "string", "enum": ["1"]}, "1", False),
    ({"type": "string", "maxLength": 3}, "abcd", True),
    ({"type": "string", "minLength": 3}, "12", True),
    ({"type": "string", "pattern": "^[a-z]+$"}, "ABC", True),
    ({"type": "string", "format": "uuid"}, "zz", True),
    ({"type": "string", "format": "uuid"}, "550E8400E29B41D4A716446655440000", False),
    ({"type": "string", "format": "date"}, "zz", False),
    ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "zz", False),
    ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "zz", True),
    ({"anyOf": [{"type": "integer"}, {"type": "array"}]}, "zz", False),
    ({"type": "array", "items": {"type": "integer"}}, "zz", False),
    ({"maxLength": 1}, "zz", False),
    ({}, "zz", False),
]


@pytest.mark.parametrize(("schema", "text", "broken"), SCHEMAS)
def test_a_value_counts_as_broken_where_no_reading_of_it_fits(schema: dict[str, Any], text: str, broken: bool) -> None:
    assert judged(read(schema, "path"), "GET /things/{p}", f"/things/{text}") == (PATH if broken else "", False)
    assert judged(read(schema, "query"), "GET /things", f"/things?p={text}") == (QUERY if broken else "", False)


@pytest.mark.parametrize(
    ("where", "status", "refused"),
    [
        ("path", "404", True),
        ("path", "400", True),
        ("path", "4XX", True),
        ("path", "default", False),
        ("query", "400", True),
        ("query", "4XX", True),
        ("query", "422", True),
        ("query", "404", False),
        ("query", "default", False),
    ],
)
def test_it_must_be_refused_where_the_document_says_that_such_things_are(where: str, status: str, refused: bool) -> None:
    label, target = ("GET /things/{p}", "/things/x") if where == "path" else ("GET /things", "/things?p=x")
    assert judged(read({"type": "integer"}, where, status), label, target)[1] is refused


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string", "enum": ["a"]}, "b"),
        ({"type": "integer", "minimum": 1}, "0"),
        ({"type": "string", "maxLength": 1}, "ab"),
    ],
)
def test_what_many_services_take_in_a_query_need_not_be_refused(schema: dict[str, Any], text: str) -> None:
    assert judged(read(schema, "query", "400"), "GET /things", f"/things?p={text}") == (QUERY, False)
    assert judged(read(schema, "path", "400"), "GET /things/{p}", f"/things/{text}") == (PATH, True)


@pytest.mark.parametrize("target", ["/things?p=", "/things?p=1&p=x", "/things?q=x", "/things?p[]=x"])
def test_a_query_that_may_be_read_in_more_ways_is_not_judged(target: str) -> None:
    assert judged(read({"type": "integer"}, "query", "400"), "GET /things", target) == ("", False)


@pytest.mark.parametrize(
    ("schema", "fault"), [({"type": "integer"}, MISSING), ({"type": "integer", "default": 1}, ""), ({"type": "array"}, "")]
)
def test_a_required_parameter_that_is_missing_is_the_clients_fault(schema: dict[str, Any], fault: str) -> None:
    assert judged(read(schema, "query", "400", required=True), "GET /things", "/things") == (fault, bool(fault))


def test_a_parameter_with_a_media_type_is_not_judged() -> None:
    parameter = {"name": "p", "in": "query", "content": {"application/json": {"schema": {"type": "string", "maxLength": 3}}}}
    doc = document({"/things": {"get": {"parameters": [parameter], "responses": {"400": {"description": ""}}}}})
    assert judged(doc, "GET /things", '/things?p="abc"') == ("", False)


def test_a_path_that_meets_another_operation_is_not_judged() -> None:
    doc = read({"type": "integer"}, "path", "404")
    doc["paths"]["/things/all"] = {"get": {"responses": {"200": {"description": ""}}}}
    assert judged(doc, "GET /things/{p}", "/things/all") == ("", False)
    assert judged(doc, "GET /things/{p}", "/things/a%2Fb") == ("", False)
    assert judged(doc, "GET /things/{p}", "/things/a/b") == ("", False)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b'{"name": ', "a body that does not parse"),
        (b"[]", "a body of the wrong type"),
        (b"null", "a body of the wrong type"),
        (b"{}", "a body that lacks a required member"),
        (b'{"name": [1]}', "a body with a member of the wrong type"),
        (b'{"name": 1}', ""),  # which some services read as a text
        (b"", "a missing body"),
        (b'{"name": "n"}', ""),
        (b'{"name": ""}', ""),
    ],
)
def test_a_body_that_must_be_refused_is_told_by_what_breaks_it(body: bytes, fault: str) -> None:
    for stimulus in ("generated: x", "wrong-type"):
        assert judged(things(), "POST /things", "/things", body, stimulus=stimulus) == (fault, bool(fault))
    assert judged(things(), "POST /things", "/things", body, media_type="text/x") == ("", False)


def test_other_stimuli_keep_their_names() -> None:
    assert judged(things(), "POST /things", "/things", b"[]", stimulus="no-auth") == ("", False)


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        ("GET /things/{id}", "an id that names nothing"),
        ("DELETE /things/{id}", "an id that names nothing"),
        ("PUT /things/{id}", ""),
    ],
)
def test_an_id_that_is_made_up_need_not_be_refused_but_is_no_reason_to_fail(label: str, fault: str) -> None:
    valid = json.dumps({"name": "n"}).encode() if label.startswith("PUT") else None
    assert THING["required"] == ["name"]
    assert judged(things(), label, "/things/4f", valid, stimulus="unknown-id", fresh=True) == (fault, False)


def test_an_id_that_is_too_long_is_one_cause_whoever_made_the_request() -> None:
    named = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 255}}
    answers = {"200": {"description": ""}, "404": {"description": ""}}
    spec = spec_of(document({"/things/{id}": {"get": {"parameters": [named], "responses": answers}}}))
    trials = plan(spec, Options("http://127.0.0.1:9/v1")).trials
    faults = {one.request.fault for one in trials if one.request.stimulus == "malformed-id" and len(one.request.url) > 900}
    assert faults == {"a value in the path that breaks its schema"}
