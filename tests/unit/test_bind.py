"""An exchange finds its operation, and its body is held against the schema that is declared for its status."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from errlint import api
from errlint.bind import bodies
from errlint.bind.bodies import Bodies
from errlint.bind.route import Router
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.match.answer import read_answer
from errlint.model.exchange import Observation
from errlint.model.spec import Spec

OK = {"responses": {"200": {"description": "d"}}}


def spec(paths: dict[str, Any], version: str = "3.1.0", **more: Any) -> Spec:
    head = {"swagger" if version == "2.0" else "openapi": version, "info": {"title": "t", "version": "1"}}
    return read_spec(load(json.dumps({**head, **more, "paths": paths}).encode(), "openapi.json")).spec


def met(router: Router, method: str, url: str) -> str | None:
    found = router.operation(method, url)
    return found.label if found is not None else None


SHOP = {
    "/models/{id}": {"get": OK, "delete": OK},
    "/models/mine": {"get": OK},
    "/models": {"get": OK, "post": OK},
    "/": {"get": OK},
    "/files/{path+}": {"get": OK},
    "/broken/{id": {"get": OK},
    "/pairs/{id}/{id}": {"get": OK},
    "/a b/{x}": {"get": OK},
}


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("method", "path", "label"),
    [
        ("GET", "/models/7", "GET /models/{id}"),
        ("get", "/models/mine", "GET /models/mine"),
        ("DELETE", "/models/mine", "DELETE /models/{id}"),
        ("PUT", "/models/7", None),
        ("POST", "/models?dry=1#x", "POST /models"),
        ("GET", "/models/", None),
        ("GET", "/models/a%2Fb", "GET /models/{id}"),
        ("GET", "/models/a/b", None),
        ("GET", "/", "GET /"),
        ("GET", "/files/a/b/c", "GET /files/{path+}"),
        ("GET", "/broken/{id", "GET /broken/{id"),
        ("GET", "/pairs/1/2", "GET /pairs/{id}/{id}"),
        ("GET", "/a%20b/1", "GET /a b/{x}"),
        ("GET", "/nowhere", None),
    ],
)
def test_a_request_meets_its_operation_below_the_base_path(version, method, path, label):
    servers = {"basePath": "/v1"} if version == "2.0" else {"servers": [{"url": "https://api.example.com/v1"}]}
    router = Router(spec(SHOP, version, **servers))
    assert met(router, method, "http://127.0.0.1:8080/v1" + path) == label
    assert met(router, method, "http://127.0.0.1:8080" + path) is None


def test_the_given_base_path_replaces_the_servers_of_the_document():
    document = spec(SHOP, servers=[{"url": "/v1"}])
    assert met(Router(document, ""), "GET", "http://h/models/7") == "GET /models/{id}"
    assert met(Router(document, "/api/v2/"), "GET", "http://h/api/v2/models/7") == "GET /models/{id}"
    assert met(Router(document, "/api/v2/"), "GET", "http://h/v1/models/7") is None


def test_servers_of_a_path_and_of_an_operation_count():
    paths = {
        "/x": {"servers": [{"url": "https://other.example.com/up"}], "get": OK},
        "/y": {"post": {**OK, "servers": [{"url": "/down"}]}, "get": OK},
    }
    router = Router(spec(paths, servers=[{"url": "/v1"}]))
    urls = [("GET", "/up/x"), ("GET", "/v1/x"), ("POST", "/down/y"), ("POST", "/v1/y"), ("GET", "/v1/y")]
    found = [met(router, method, f"http://h{path}") for method, path in urls]
    assert found == ["GET /x", None, "POST /y", None, "GET /y"]


@pytest.mark.parametrize("url", ["", "http://[", "://", "http://h:x/models", "\x00", "http://h/%ff"])
def test_a_url_that_is_none_meets_nothing(url):
    assert met(Router(spec({"/models/{id}": {"get": OK}})), "GET", url) is None


def test_a_path_is_known_by_whatever_method():
    router = Router(spec(SHOP))
    assert [router.knows(f"http://h{path}") for path in ("/models/7", "/models/", "/files/a/b", "/x")] == [
        True,
        False,
        True,
        False,
    ]


def answering(schema: Any, version: str = "3.1.0", **more: Any) -> tuple[Spec, Bodies]:
    content = {"schema": schema} if version == "2.0" else {"content": {"application/json": {"schema": schema}}}
    document = spec({"/x": {"get": {"responses": {"404": {"description": "d", **content}}}}}, version, **more)
    return document, Bodies(document)


def held(document: Spec, hold: Bodies, body: Any, catalog: list[str] | None = None) -> Any:
    (operation,) = document.operations
    headers = {"content-type": "application/json"}
    seen = Observation("live", operation.location, 404, headers, json.dumps(body).encode(), operation=operation)
    return hold.held(read_answer(seen, api.compiled(api.contract(catalog or []))))


def test_openapi_core_has_the_last_word_on_what_is_refused():
    schema = {"type": "object", "required": ["secret", "message"], "properties": {"secret": {"writeOnly": True}}}
    told = held(*answering(schema, "3.0.3"), {"message": "gone"})
    assert (told.faults, told.unsure) == ((), "")
    (fault,) = held(*answering(schema, "3.0.3"), {"secret": 1}).faults
    assert (fault.keyword, fault.names) == ("required", ("message",))


def test_of_several_faults_only_those_remain_that_openapi_core_finds_too():
    member = {
        "message": {"type": "string"},
        "secret": {"writeOnly": True},
        "cause": {"oneOf": [{"required": ["a"]}, {"type": "array"}]},
    }
    schema = {"type": "object", "required": ["secret"], "properties": member}
    told = held(*answering(schema, "3.0.3"), {"message": 3, "cause": {}})
    assert [(fault.pointer, fault.keyword) for fault in told.faults] == [(("message",), "type"), (("cause",), "required")]


def test_what_a_default_declares_for_success_says_nothing_of_errors():
    answer = {"description": "The thing.", "content": {"application/json": {"schema": {"type": "array"}}}}
    document = spec({"/x": {"get": {"responses": {"default": answer}}}})
    assert document.operations[0].default_succeeds
    assert held(document, Bodies(document), {"message": "gone"}) is None


def test_references_into_other_schemas_and_back_are_followed():
    components = {"schemas": {"Error": {"type": "object", "properties": {"cause": {"$ref": "#/components/schemas/Error"}}}}}
    told = held(*answering({"$ref": "#/components/schemas/Error"}, components=components), {"cause": {"cause": 3}})
    assert [(fault.pointer, fault.message) for fault in told.faults] == [(("cause", "cause"), "3 is not of type object")]


@pytest.mark.parametrize(
    "schema",
    [{"$ref": "#/nowhere"}, {"$dynamicRef": "#x"}, {"$ref": "file:///etc/passwd"}, {"$ref": "http://127.0.0.1:9/schema"}],
)
def test_a_schema_that_cannot_be_read_is_not_checked(schema):
    assert held(*answering(schema), {}).unsure == "the declared schema is too involved"


def test_a_pattern_without_end_takes_no_time():
    schema = {"type": "object", "properties": {"message": {"type": "string", "pattern": "^(a+)+$"}}}
    (fault,) = held(*answering(schema), {"message": "a" * 40 + "!"}).faults
    assert fault.keyword == "pattern"


def test_openapi_core_is_asked_once_for_bodies_that_differ_in_message_and_request_id(monkeypatch):
    asked: list[Any] = []
    real = bodies.refused
    monkeypatch.setattr(bodies, "refused", lambda document, value: asked.append(value) or real(document, value))
    schema = {
        "type": "object",
        "properties": {"error": {"required": ["at"], "properties": {"message": {"maxLength": 20}}}},
    }
    document, hold = answering(schema)
    told = [
        held(document, hold, {"error": {"code": "ML_1001", "message": f"model {n}", "http": 404}}, ["builtin:eventml"])
        for n in range(300)
    ]
    assert {fault.names for one in told for fault in one.faults} == {("at",)}
    assert len(asked) == 1
    longer = held(document, hold, {"error": {"code": "ML_1001", "message": "m" * 21, "http": 404}}, ["builtin:eventml"])
    assert [fault.keyword for fault in longer.faults] == ["required", "maxLength"]
    assert len(asked) == 2


def test_a_path_of_many_placeholders_takes_no_time_to_be_told_from_another() -> None:
    from errlint.match.route import expression

    path = "/x" + "{a}".join("bcdefghijklmnopqrstuvwx")
    assert re.fullmatch(expression(path), "/xb" + "y" * 60) is not None
    assert re.fullmatch(expression(path), "/z" + "y" * 60) is None
