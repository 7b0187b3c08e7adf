"""OpenAPI documents -> Spec: operations, declarations, examples, and what is broken."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint.errors import LoadError
from errlint.load.openapi import looks_like, looks_like_openapi, read_spec
from errlint.load.openapi_keys import covered, meant
from errlint.load.source import load
from errlint.model.spec import Declaration, Operation, Spec

URI = "openapi.json"
ERROR = {"type": "object", "properties": {"code": {"type": "string"}}}
JSON = "application/json"


def spec(data: Any, uri: str = URI) -> Spec:
    return read_spec(load(json.dumps(data).encode(), uri)).spec


def document(responses: Any = None, version: str = "3.0.3", **root: Any) -> dict[str, Any]:
    """A document with one operation, ``GET /m/{id}``."""
    key = "swagger" if version == "2.0" else "openapi"
    return {key: version, "paths": {"/m/{id}": {"get": {"responses": responses or {}}}}, **root}


def operation(members: dict[str, Any], version: str = "3.0.3", **root: Any) -> Operation:
    """The operation with these members."""
    found = document(version=version, **root)
    found["paths"]["/m/{id}"]["get"] = members
    return spec(found).operations[0]


def content(schema: Any = ERROR, **members: Any) -> dict[str, Any]:
    return {"description": "", "content": {JSON: {"schema": schema, **members}}}


def brief(declaration: Declaration) -> tuple[str, str | None, str | None, bool]:
    """The status key, media type, pointer of the schema, and whether it is an error."""
    schema = declaration.schema
    return declaration.status_key, declaration.media_type, "/".join(schema.pointer) if schema else None, declaration.error


def refusal(data: Any) -> tuple[str, str]:
    text = data if isinstance(data, str) else json.dumps(data)
    with pytest.raises(LoadError) as caught:
        read_spec(load(text.encode(), URI))
    assert caught.value.location is not None
    return caught.value.message, "/".join(caught.value.location.pointer)


# Whether default is the success


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({"default": {"description": "successful operation"}}, True),
        ({"default": {"description": "Default response"}}, True),
        ({"default": {"description": ""}, "404": {"description": ""}}, True),
        ({"default": {"description": ""}, "4XX": {"description": ""}}, True),
        ({"default": {"description": ""}, "200": {"description": ""}}, False),
        ({"default": {"description": ""}, "2XX": {"description": ""}}, False),
        ({"default": {"description": ""}, "3xx": {"description": ""}}, False),
        ({"default": {"description": "An Unexpected answer"}}, False),
        ({"default": {"description": "errors"}}, False),
        ({"default": {"description": "any FAULT"}}, False),
        ({"default": content({"$ref": "#/components/schemas/Order"})}, True),
        ({"default": content({"$ref": "#/components/schemas/APIError"})}, False),
        ({"default": content({"type": "array", "items": {"$ref": "#/components/schemas/Problem"}})}, False),
        ({"default": content({"allOf": [{"$ref": "#/components/schemas/Failure"}]})}, False),
        ({"default": {"description": "", "content": {"application/problem+json": {}}}}, False),
        ({"default": {"$ref": "#/components/responses/Lost"}}, False),
        ({"default": None}, False),
        ({"404": {"description": ""}}, False),
    ],
)
def test_a_default_that_is_the_only_success_and_speaks_of_no_error_is_none(responses: Any, expected: bool) -> None:
    found = spec(document(responses))
    errors = [one.status_key for one in found.declarations if one.error]
    assert found.operations[0].default_succeeds is expected
    assert ("default" in errors) is (
        not expected and isinstance(responses.get("default"), dict) and "$ref" not in responses["default"]
    )


def test_a_broken_reference_in_a_shared_schema_names_all_operations_that_need_it() -> None:
    shared = {"E": {"properties": {"a": {"$ref": "#/components/schemas/F"}}}, "F": {"items": {"$ref": "#/gone"}}}
    get = {
        "responses": {"404": content({"$ref": "#/components/schemas/E"}), "200": content({"$ref": "#/components/schemas/E"})}
    }
    put = {"responses": {"409": content({"$ref": "#/components/schemas/F"}), "500": content({"type": "string"})}}
    data = {"openapi": "3.0.3", "paths": {"/a": {"get": get, "put": put}}, "components": {"schemas": shared}}
    (broken,) = spec(data).broken
    assert broken.location.pointer == ("components", "schemas", "F", "items")
    assert [(label, at.pointer[-1]) for label, at in broken.uses] == [("GET /a", "404"), ("PUT /a", "409")]


# What a document is


@pytest.mark.parametrize(
    ("version", "dialect"),
    [
        ("3.0.0", "3.0"),
        ("3.0.4", "3.0"),
        ("3.1.1", "3.1"),
        ("3.2.0", "3.1"),
        ("3.1", "3.1"),
        ("3.1.0-rc1", "3.1"),
        (3.0, "3.0"),
    ],
)
def test_the_version_is_kept_as_written(version: Any, dialect: str) -> None:
    found = spec({"openapi": version, "paths": {}})
    assert (found.version, found.dialect) == (str(version), dialect)


@pytest.mark.parametrize("version", ["2.0", 2.0])
def test_swagger_is_read(version: Any) -> None:
    found = spec({"swagger": version, "paths": {}})
    assert (found.version, found.dialect) == ("2.0", "2.0")


@pytest.mark.parametrize(
    ("data", "message", "pointer"),
    [
        ({"openapi": "4.0.0"}, "this version is not supported: openapi 4.0.0", "openapi"),
        ({"openapi": 3}, "this version is not supported: openapi 3", "openapi"),
        ({"openapi": "2.0"}, "this version is not supported: openapi 2.0", "openapi"),
        ({"openapi": "latest"}, "this version is not supported: openapi latest", "openapi"),
        ({"swagger": "1.2"}, "this version is not supported: swagger 1.2", "swagger"),
        ({"swaggerVersion": "1.2"}, "this version is not supported: Swagger 1.2", "swaggerVersion"),
        ({"openapi": None}, "openapi must be a version, not null", "openapi"),
        ({"openapi": {"x": 1}}, "openapi must be a version, not an object", "openapi"),
        ({"openapi": True}, "openapi must be a version, not a boolean", "openapi"),
        ([1], "this is no OpenAPI document: it is an array, not an object", ""),
        (7, "this is no OpenAPI document: it is a number, not an object", ""),
        ({}, "this is no OpenAPI document: it has no key openapi or swagger", ""),
        ({"asyncapi": "3.0.0"}, "this is no OpenAPI document: it looks like an AsyncAPI document", ""),
        ({"errlint": 1}, "this is no OpenAPI document: it looks like an errlint catalog", ""),
        ({"arazzo": "1.0.0"}, "this is no OpenAPI document: it looks like an Arazzo document", ""),
        ({"overlay": "1.0.0"}, "this is no OpenAPI document: it looks like an OpenAPI Overlay", ""),
        ({"$schema": "x", "type": "object"}, "this is no OpenAPI document: it looks like a JSON Schema", ""),
        ({"info": {"_postman_id": "x"}}, "this is no OpenAPI document: it looks like a Postman collection", ""),
        ({"log": {"entries": []}}, "this is no OpenAPI document: it looks like an HTTP archive (HAR)", ""),
        ({"paths": {}}, "this is no OpenAPI document: it looks like a part of an OpenAPI document", ""),
        ({"openapi": "3.0.0", "paths": []}, "paths must be an object", "paths"),
        ({"openapi": "3.0.0", "paths": {"$ref": "#/x"}}, "paths cannot be read: no such component: #/x", "paths"),
    ],
)
def test_what_is_no_document_is_refused_by_name(data: Any, message: str, pointer: str) -> None:
    assert refusal(data) == (message, pointer)


@pytest.mark.parametrize("key", ["openapi", "swagger", "swaggerVersion"])
def test_a_number_too_long_for_text_is_refused(key: str) -> None:
    document = load(b"{}", URI)
    document.data[key] = 16**5000  # YAML reads such a number where it is written in hexadecimal
    with pytest.raises(LoadError):
        read_spec(document)


def test_a_catalog_is_told_where_to_go() -> None:
    with pytest.raises(LoadError) as caught:
        spec({"errlint": 1})
    assert caught.value.hint == "give it with --catalog"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('syntax = "proto3";\nmessage Error {\n}\n', "a gRPC proto file"),
        ("type Query {\n  models: [Model!]!\n}\n", "a GraphQL schema"),
        ("schema {\n  query: Query\n}\n", "a GraphQL schema"),
        ("#%RAML 1.0\ntitle: x\n", "a RAML document"),
        ("<?xml version='1.0'?>", "XML or HTML"),
        ("hello", ""),
    ],
)
def test_other_languages_are_known_by_their_text(text: str, words: str) -> None:
    assert looks_like(None, text.encode()) == words


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"openapi": "3.0.0"}, True),
        ({"swagger": 2.0}, True),
        ({"openapi": {}}, False),
        ({"paths": {}}, False),
        ([], False),
        (None, False),
    ],
)
def test_a_document_says_of_itself_what_it_is(data: Any, expected: bool) -> None:
    assert looks_like_openapi(data) is expected


# Operations


def test_an_operation_has_its_label_and_place() -> None:
    found = operation({"operationId": " getM ", "tags": ["a", 7, "b"], "responses": {"200": {}, "x-y": {}, "404": {}}})
    assert (found.label, found.method, found.path, found.operation_id) == ("GET /m/{id}", "GET", "/m/{id}", "getM")
    assert (found.tags, found.statuses) == (("a", "b"), ("200", "404"))
    assert found.location.pointer == ("paths", "/m/{id}", "get")


@pytest.mark.parametrize(
    ("version", "labels"),
    [("2.0", ["GET /a"]), ("3.1.0", ["GET /a", "TRACE /a"]), ("3.2.0", ["GET /a", "TRACE /a", "QUERY /a", "COPY /a"])],
)
def test_the_methods_are_those_of_the_version(version: str, labels: list[str]) -> None:
    item = {"get": {}, "trace": {}, "query": {}, "additionalOperations": {"COPY": {}}, "GET": {}, "summary": {}}
    key = "swagger" if version == "2.0" else "openapi"
    assert [one.label for one in spec({key: version, "paths": {"/a": item, "x-b": {"get": {}}}}).operations] == labels


def test_webhooks_and_callbacks_are_not_answered_by_the_service() -> None:
    hook = {"e": {"post": {"responses": {"400": {}}}}}
    data = {"openapi": "3.1.0", "webhooks": hook, "paths": {"/a": {"get": {"callbacks": {"c": hook}}}}}
    assert [one.label for one in spec(data).operations] == ["GET /a"]


def test_a_path_item_may_stand_elsewhere_and_have_siblings() -> None:
    shared = {"get": {"responses": {"404": {}}}, "put": {}, "parameters": [{"name": "a", "in": "query"}]}
    item = {"$ref": "#/components/pathItems/A", "put": {"operationId": "mine"}}
    found = spec({"openapi": "3.1.0", "paths": {"/a": item}, "components": {"pathItems": {"A": shared}}})
    assert [(one.label, one.operation_id, one.node.pointer[0]) for one in found.operations] == [
        ("PUT /a", "mine", "paths"),
        ("GET /a", "", "components"),
    ]
    assert [one.name for one in found.operations[0].parameters] == ["a"]


def test_a_path_item_that_is_not_there_is_told_under_its_path() -> None:
    found = spec({"openapi": "3.0.0", "paths": {"/a": {"$ref": "#/x"}}})
    assert found.operations == ()
    assert [(one.operation.label, one.reason, one.location.pointer) for one in found.broken] == [
        ("/a", "no such component: #/x", ("paths", "/a"))
    ]


def test_parameters_of_the_operation_replace_those_of_the_path() -> None:
    data = document(components={"parameters": {"L": {"name": "limit", "in": "query", "schema": {"type": "integer"}}}})
    item = data["paths"]["/m/{id}"]
    item["parameters"] = [{"name": "id", "in": "path"}, {"$ref": "#/components/parameters/L"}, {"$ref": "#/gone"}]
    item["get"]["parameters"] = [
        {"name": "limit", "in": "query", "required": True, "content": {JSON: {"schema": {}}}},
        {"name": "limit", "in": "header", "schema": True},
        "nonsense",
    ]
    assert [
        (one.name, one.where, one.required, one.schema and one.schema.value) for one in spec(data).operations[0].parameters
    ] == [("id", "path", True, None), ("limit", "query", True, {}), ("limit", "header", False, True)]


def test_bodies_by_media_type() -> None:
    body = {"required": True, "content": {" application/json ": {"schema": ERROR}, "text/plain": {}}}
    found = operation({"requestBody": {"$ref": "#/components/requestBodies/B"}}, components={"requestBodies": {"B": body}})
    assert {name: node and node.value for name, node in found.bodies.items()} == {JSON: ERROR, "text/plain": None}
    assert found.body_required


def test_a_body_of_swagger_is_a_parameter() -> None:
    members = {"parameters": [{"name": "b", "in": "body", "required": True, "schema": ERROR}, {"name": "q", "in": "query"}]}
    found = operation(members, "2.0", consumes=["application/xml"])
    assert {name: node and node.value for name, node in found.bodies.items()} == {"application/xml": ERROR}
    assert (found.body_required, [one.name for one in found.parameters]) == (True, ["q"])


@pytest.mark.parametrize(
    ("kind", "consumes", "media_types"),
    [
        ("string", [], ["application/x-www-form-urlencoded"]),
        ("string", ["multipart/form-data"], ["multipart/form-data"]),
        ("file", ["application/json"], ["multipart/form-data"]),
    ],
)
def test_form_fields_of_swagger_are_a_body(kind: str, consumes: list[str], media_types: list[str]) -> None:
    field = {"name": "f", "in": "formData", "type": kind, "required": True}
    found = operation({"parameters": [field], "consumes": consumes}, "2.0")
    assert list(found.bodies) == media_types
    form = found.bodies[media_types[0]]
    assert form is not None
    assert form.value == {"type": "object", "properties": {"f": {"type": kind}}, "required": ["f"]}


@pytest.mark.parametrize(
    ("root", "own", "secured"),
    [
        (None, None, False),
        ([{"key": []}], None, True),
        ([{"key": []}], [], False),
        ([{"key": []}], [{}], False),
        ([{"key": []}], [{"a": []}, {}], False),
        (None, [{"a": []}], True),
        ([{}], None, False),
        ([{"key": []}], "nonsense", True),
        (["nonsense"], None, False),
    ],
)
def test_secured_means_no_anonymous_way(root: Any, own: Any, secured: bool) -> None:
    members = {} if own is None else {"security": own}
    assert operation(members, **({} if root is None else {"security": root})).secured is secured


@pytest.mark.parametrize(
    ("servers", "paths"),
    [
        (None, ("",)),
        ([], ("",)),
        ([{"url": "/"}], ("",)),
        ([{"url": "https://a.example/v1/"}, {"url": "https://b.example/v1"}, {"url": "/v2"}], ("/v1", "/v2")),
        ([{"url": "{scheme}://a/{base}", "variables": {"base": {"default": "v3"}}}], ("/v3",)),
        ([{"url": "v4?x=1"}, 7, {"url": None}], ("/v4",)),
        ([{"url": "//host/v5#x"}, {"url": "./v6"}], ("/v5", "/v6")),
    ],
)
def test_base_paths_are_the_servers_paths(servers: Any, paths: tuple[str, ...]) -> None:
    assert spec(document(**({} if servers is None else {"servers": servers}))).base_paths == paths


@pytest.mark.parametrize(("base", "path"), [("/v1/", "/v1"), ("v1", "/v1"), ("/", ""), (None, "")])
def test_the_base_path_of_swagger(base: Any, path: str) -> None:
    assert spec(document(version="2.0", basePath=base)).base_paths == (path,)


# Status keys


def test_an_explicit_status_beats_a_range_beats_default() -> None:
    got = covered(("404", "4XX", "500", "default", "2xx"), True)
    assert [statuses and statuses.text for statuses in got] == ["404", "4XX", "500", "default", None]
    sets = [statuses.values for statuses in got if statuses is not None]
    assert sets == [
        frozenset({404}),
        frozenset(range(400, 500)) - {404},
        frozenset({500}),
        frozenset(range(100, 600)) - frozenset(range(400, 500)) - {500},
    ]


def test_swagger_has_no_ranges() -> None:
    assert covered(("4XX",), False) == (None,)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("4xx", "4XX"),
        ("40X", "4XX"),
        ("4**", "4XX"),
        ("400-499", "4XX"),
        ("400-599", "4XX and 5XX"),
        ("'404'", "404"),
        (" 404", "404"),
        ("404 Not Found", "404"),
        ("400,404", "400 and 404"),
        ("Default", "default"),
        ("40", ""),
        ("699", ""),
        ("any", ""),
        ("", ""),
    ],
)
def test_a_key_that_is_none_is_told_with_the_one_that_was_meant(key: str, expected: str) -> None:
    found = spec(document({key: content()}))
    assert [(one.key, one.meant, one.location.pointer[-1]) for one in found.bad_keys] == [(key, expected, key)]
    assert [(one.statuses, one.error) for one in found.declarations] == [(None, False)]


def test_a_range_means_default_in_swagger() -> None:
    assert meant("4XX", False) == meant("400-499", False) == "default"


# Declarations


def test_every_status_key_and_media_type_is_declared_once() -> None:
    two = {"content": {" application/json; charset=utf-8 ": {"schema": ERROR}, "text/html": {}}}
    found = spec(document({"200": content(), "404": two, "5XX": {}, "default": {"content": {}}, "x-note": {}, "418": None}))
    at = "paths//m/{id}/get/responses"
    assert [brief(one) for one in found.declarations] == [
        ("200", JSON, f"{at}/200/content/{JSON}/schema", False),
        ("404", "application/json; charset=utf-8", f"{at}/404/content/ application/json; charset=utf-8 /schema", True),
        ("404", "text/html", None, True),
        ("5XX", None, None, True),
        ("default", None, None, True),
    ]
    assert found.operations[0].statuses == ("200", "404", "5XX", "default", "418")


def test_default_is_no_error_where_ranges_leave_it_none() -> None:
    found = spec(document({"4XX": {}, "5XX": {}, "default": {}}))
    assert [(one.status_key, one.error) for one in found.declarations] == [("4XX", True), ("5XX", True), ("default", False)]


def test_a_shared_response_is_declared_where_it_is_used() -> None:
    data = document({"404": {"$ref": "#/components/responses/E"}, "409": {"$ref": "#/components/responses/E"}})
    data["components"] = {"responses": {"E": content()}}
    first, second = spec(data).declarations
    assert (first.location.pointer[-1], second.location.pointer[-1]) == ("404", "409")
    assert first.response is second.response
    assert first.schema is second.schema
    assert first.response.pointer == ("components", "responses", "E")


def test_a_media_type_of_32_may_be_a_reference_and_describe_items() -> None:
    data = document({"500": {"content": {"text/event-stream": {"$ref": "#/m"}}}}, "3.2.0", m={"itemSchema": ERROR})
    assert [brief(one) for one in spec(data).declarations] == [("500", "text/event-stream", "m/itemSchema", True)]


def test_responses_of_swagger_come_in_what_the_operation_produces() -> None:
    data = document({"404": {"schema": ERROR}, "500": {}}, "2.0", produces=["application/json", "text/xml"])
    at = "paths//m/{id}/get/responses/404/schema"
    found = spec(data)
    assert [brief(one) for one in found.declarations] == [
        ("404", "application/json", at, True),
        ("404", "text/xml", at, True),
        ("500", None, None, True),
    ]
    assert found.operations[0].produces == ("application/json", "text/xml")


def test_swagger_that_produces_nothing_means_json() -> None:
    assert [one.media_type for one in spec(document({"404": {"schema": ERROR}}, "2.0")).declarations] == [JSON]


@pytest.mark.parametrize(
    ("marked", "layer"),
    [
        (["root"], "root"),
        (["root", "path"], "path"),
        (["root", "path", "operation"], "operation"),
        (["root", "path", "operation", "response"], "response"),
        (["root", "path", "operation", "response", "use"], "use"),
        (["root", "path", "operation", "response", "use", "media"], "media"),
    ],
)
def test_the_nearest_mark_names_the_layer(marked: list[str], layer: str) -> None:
    data = document({"404": {"$ref": "#/components/responses/E"}}, components={"responses": {"E": content()}})
    item = data["paths"]["/m/{id}"]
    response = data["components"]["responses"]["E"]
    places = {
        "root": data,
        "path": item,
        "operation": item["get"],
        "response": response,
        "use": item["get"]["responses"]["404"],
        "media": response["content"][JSON],
    }
    for name in marked:
        places[name]["x-errlint"] = {"layer": name}
    assert [one.layer for one in spec(data).declarations] == [layer]


# Broken references


def test_a_response_that_is_not_there_is_broken_and_not_declared() -> None:
    found = spec(document({"404": {"$ref": "#/x"}, "409": {"$ref": "#/x"}}))
    assert found.declarations == ()
    assert [(one.status_key, one.location.pointer[-1], one.cycle) for one in found.broken] == [
        ("404", "404", False),
        ("409", "409", False),
    ]
    assert found.operations[0].statuses == ("404", "409")


def test_a_cycle_of_responses_is_marked() -> None:
    found = spec(document({"404": {"$ref": "#/r"}}, r={"$ref": "#/r"}))
    assert [one.cycle for one in found.broken] == [True]


def test_a_broken_reference_deep_in_an_error_schema_is_told_once() -> None:
    schema = {"allOf": [{"properties": {"a": {"items": {"$ref": "#/gone"}}}}, {"$ref": "#/components/schemas/Tree"}]}
    tree = {"properties": {"left": {"$ref": "#/components/schemas/Tree"}, "$ref": {"type": "string"}}}
    data = document({"404": content({"$ref": "#/components/schemas/E"}), "409": content({"$ref": "#/components/schemas/E"})})
    data["components"] = {"schemas": {"E": schema, "Tree": tree}}
    assert [(one.status_key, one.location.pointer) for one in spec(data).broken] == [
        ("404", ("components", "schemas", "E", "allOf", "0", "properties", "a", "items"))
    ]


def test_schemas_of_successes_are_not_looked_into() -> None:
    assert spec(document({"200": content({"$ref": "#/gone"})})).broken == ()


@pytest.mark.parametrize(("version", "expected"), [("3.0.3", 0), ("3.1.0", 1)])
def test_siblings_of_a_reference_count_in_31_only(version: str, expected: int) -> None:
    schema = {"$ref": "#/components/schemas/E", "properties": {"a": {"$ref": "#/gone"}}}
    data = document({"404": content(schema)}, version, components={"schemas": {"E": {}}})
    assert len(spec(data).broken) == expected


def test_references_across_files_keep_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api").mkdir()
    (tmp_path / "api/errors.yaml").write_text("E:\n  content:\n    application/json:\n      schema: {$ref: '#/Gone'}\n")
    found = spec(document({"404": {"$ref": "./errors.yaml#/E"}}), "api/openapi.json")
    assert [one.response.location.uri for one in found.declarations] == ["api/errors.yaml"]
    assert [one.location.uri for one in found.broken] == ["api/errors.yaml"]


# Examples


def examples(data: Any) -> list[tuple[str, str, Any]]:
    """The status key, name and value of each example."""
    return [(one.declaration.status_key, one.name, one.node.value) for one in spec(data).examples]


def test_examples_of_media_types_are_listed_for_every_error() -> None:
    named = {
        "a": {"value": 1},
        "b": {"$ref": "#/components/examples/B"},
        "c": {"externalValue": "x"},
        "d": 7,
        "e": {"value": None},
    }
    data = document({"200": content(example=7), "400": content(example={"x": 1}), "404": content(examples=named)})
    data["components"] = {"examples": {"B": {"value": 2}}}
    assert examples(data) == [("400", "example", {"x": 1}), ("404", "a", 1), ("404", "b", 2), ("404", "e", None)]
    assert spec(data).examples[2].node.pointer == ("components", "examples", "B", "value")


def test_an_example_of_32_has_data() -> None:
    named = {"a": {"dataValue": 1, "serializedValue": "1"}, "b": {"serializedValue": "2"}}
    assert examples(document({"404": content(examples=named)}, "3.2.0")) == [("404", "a", 1)]


def test_an_example_that_is_not_there_is_told_under_an_error() -> None:
    named = {"a": {"$ref": "#/gone"}}
    found = spec(document({"200": content(examples=named), "404": content(examples=named)}))
    assert [one.status_key for one in found.broken] == ["404"]


def test_examples_of_swagger_stand_beside_the_schema() -> None:
    response = {"schema": ERROR, "examples": {"Application/JSON": {"a": 1}, "text/plain": "x"}}
    found = spec(document({"404": response}, "2.0"))
    assert [one.media_type for one in found.declarations] == [JSON]
    assert [(one.declaration.media_type, one.node.value) for one in found.examples] == [(JSON, {"a": 1}), ("text/plain", "x")]


def test_a_schema_illustrates_errors_only_and_only_where_the_media_type_does_not() -> None:
    schema = {"$ref": "#/components/schemas/E", "examples": [1]}
    data = document({"200": content(schema), "404": content(schema), "409": content(schema, example=9)}, "3.1.0")
    data["components"] = {"schemas": {"E": {"example": 2, "examples": [3]}}}
    assert examples(data) == [("404", "examples/0", 1), ("404", "example", 2), ("404", "examples/0", 3), ("409", "example", 9)]
    data["openapi"] = "3.0.0"
    assert examples(data) == [("404", "example", 2), ("409", "example", 9)]


# Whatever stands there


def test_shared_responses_do_not_multiply_without_end() -> None:
    shared = content(examples={str(number): {"value": number} for number in range(500)})
    item = {"get": {"responses": {"404": {"$ref": "#/components/responses/E"}}}}
    data = {"openapi": "3.0.0", "paths": {f"/{n}": item for n in range(500)}, "components": {"responses": {"E": shared}}}
    assert refusal(data) == ("declares more than 200,000 answers and examples", "paths")


SHARED = {
    "schemas": {"E": {"allOf": [ERROR, {"$ref": "#/components/schemas/E"}], "example": {"code": "A"}, "examples": [{}]}},
    "responses": {"R": {"$ref": "#/components/responses/S"}, "S": content({"$ref": "#/components/schemas/E"})},
    "examples": {"X": {"value": {"code": "B"}}},
    "parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "string"}}},
}
V3: dict[str, Any] = {
    "openapi": "3.2.0",
    "$self": "https://example.com/openapi",
    "servers": [{"url": "/{v}", "variables": {"v": {"default": "v1"}}}],
    "security": [{"key": []}],
    "x-errlint": {"layer": "root"},
    "paths": {
        "/a/{id}": {
            "parameters": [{"$ref": "#/components/parameters/P"}, {"name": "id", "in": "path"}],
            "post": {
                "operationId": "a",
                "tags": ["t"],
                "security": [{}],
                "requestBody": {"required": True, "content": {JSON: {"schema": {"$ref": "#/components/schemas/E"}}}},
                "responses": {
                    "200": content(example=1),
                    "4XX": {"$ref": "#/components/responses/R"},
                    "4xx": {"$ref": "#/gone"},
                    "default": content(ERROR, examples={"x": {"$ref": "#/components/examples/X"}}),
                },
            },
            "additionalOperations": {"COPY": {"responses": {"500": {"content": {"text/plain": {"itemSchema": True}}}}}},
        },
        "/b": {"$ref": "#/paths/~1a~1{id}"},
    },
    "components": SHARED,
}
V2: dict[str, Any] = {
    "swagger": "2.0",
    "basePath": "/v1",
    "consumes": [JSON],
    "produces": [JSON],
    "paths": {
        "/a": {
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [{"name": "f", "in": "formData", "type": "file"}, {"$ref": "#/parameters/B"}],
                "responses": {"404": {"$ref": "#/responses/R"}, "4XX": {"schema": {"$ref": "#/definitions/E"}}},
            }
        }
    },
    "parameters": {"B": {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/E"}}},
    "responses": {"R": {"schema": {"$ref": "#/definitions/E"}, "examples": {JSON: {"code": "A"}, "text/plain": "x"}}},
    "definitions": {"E": {"properties": {"e": {"$ref": "#/definitions/E"}}, "example": {}}},
}
ODD = st.sampled_from(
    [
        "",
        "#",
        "#/",
        "#/paths",
        "#/components/schemas/E",
        "#/components/responses/R",
        "x.json#/a",
        "http://x/",
        "3.1.0",
        "\0",
        "{",
        "[",
        "/",
        "4XX",
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | ODD
)
KEYS = (
    st.sampled_from(["$ref", "schema", "content", "examples", "value", "properties", "404", "x-errlint", "$id", "$anchor"])
    | ODD
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)


def containers(value: Any) -> list[Any]:
    """Every object and array with something in it."""
    below = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return ([value] if below else []) + [found for item in below for found in containers(item)]


def mutated(data: st.DataObject, original: dict[str, Any]) -> dict[str, Any]:
    """A document with some of its nodes replaced, and some keys renamed."""
    document = copy.deepcopy(original)
    for _ in range(data.draw(st.integers(1, 4))):
        places = containers(document)
        if not places:
            break
        place = places[data.draw(st.integers(0, len(places) - 1))]
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = keys[data.draw(st.integers(0, len(keys) - 1))]
        if isinstance(place, dict) and data.draw(st.integers(0, 4)) == 0:
            place[data.draw(KEYS)] = place.pop(key)
        else:
            place[key] = data.draw(VALUES)
    return document


def read_whatever(document: dict[str, Any]) -> Spec | None:
    """The Spec of a document, None where it is refused: nothing else may happen."""
    try:
        return spec(document)
    except LoadError:
        return None


@given(data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_document_is_read_or_refused(data: st.DataObject) -> None:
    found = read_whatever(mutated(data, data.draw(st.sampled_from([V3, V2]))))
    for declaration in found.declarations if found else ():
        assert declaration.status_key in declaration.operation.statuses
        assert declaration.error is (
            declaration.statuses is not None and any(400 <= one < 600 for one in declaration.statuses.values)
        )


@pytest.mark.parametrize("original", [V3, V2])
def test_the_documents_that_are_mutated_are_sound(original: dict[str, Any]) -> None:
    found = spec(original)
    assert found.examples
    assert any(one.error for one in found.declarations)
