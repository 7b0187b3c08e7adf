"""The write gate: nothing that may change a service leaves without proof that it must be refused."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from errlint.model.exchange import Request
from errlint.model.record import replace
from errlint.model.spec import Operation, Spec
from errlint.probe.gate import Gate
from errlint.probe.observe import Observed, observe, session
from errlint.probe.options import Options, Writes
from errlint.probe.plan import plan
from errlint.probe.refusal import Contract
from errlint.probe.trial import Trial
from tests.services.lax import THING, Reply, Seen, answer, document, fine, lax, problem, spec_of, things, wire

SPEC = spec_of(things())
JSON = ("Content-Type", "application/json")
TOKEN = ("Authorization", "Bearer good-token")
OPTIONS = Options("http://127.0.0.1:9/v1", (TOKEN,))


def find(label: str, spec: Spec = SPEC) -> Operation:
    return next(operation for operation in spec.operations if operation.label == label)


def trial(label: str, body: bytes | None = None, *headers: tuple[str, str], spec: Spec = SPEC, **members: Any) -> Trial:
    method, _, path = label.partition(" ")
    sent = headers or (TOKEN, JSON)
    return Trial(Request(method, "http://127.0.0.1:9/v1" + path, sent, body, writes=True), find(label, spec), **members)


def admits(made: Trial, writes: Writes = "rejected", spec: Spec = SPEC) -> bool:
    return Gate(replace(OPTIONS, writes=writes), Contract(spec)).admits(made)


@pytest.mark.parametrize(
    ("made", "goes"),
    [
        (trial("POST /things", b'{"name": "n"}'), False),
        (trial("POST /things", b'{"name": "n"}', ("Content-Type", "text/plain")), False),
        (trial("POST /things", b'{"name": "n"}', JSON, ("X", "y"), identity="none"), True),
        (trial("POST /things", b'{"name": "n"}', JSON, ("X", "Bearer good-token"), identity="none"), False),
        (trial("POST /things", b'{"name": "n"}', JSON, ("Cookie", "sid=1"), identity="none"), False),
        (trial("POST /things", b'{"name": "n"}', JSON, ("Authorization", "Bearer bad"), identity="garbage"), False),
        (trial("POST /things", b'{"name": '), True),
        (trial("POST /things", b'{"name": "n"} trailing'), False),
        (trial("POST /things", b"[] trailing"), True),
        (trial("POST /things", b""), True),
        (trial("POST /things", None), True),
        (trial("POST /things", b"{}"), True),
        (trial("POST /things", b"[]"), True),
        (trial("POST /things", b'{"name": 1}'), False),
        (trial("POST /things", b'{"name": [1]}'), True),
        (trial("POST /things", b'{"name": "n", "more": 1}'), False),
        (trial("POST /things", b'{"name": ""}'), False),
        (trial("POST /things", b'{"name": "n", "size": "x"}'), False),
        (trial("POST /things", b'{"name": "n"}', fresh=True), False),
        (trial("PUT /things/{id}", b'{"name": "n"}', fresh=True), False),
        (trial("PUT /things/{id}", b"{}", fresh=True), True),
        (trial("PATCH /things/{id}", b"{}", fresh=True), False),
        (trial("PATCH /things/{id}", b"[]", fresh=True), False),
        (trial("PATCH /things/{id}", b"[1]", fresh=True), True),
        (trial("PATCH /things/{id}", b"{}"), False),
        (trial("DELETE /things/{id}", fresh=True), True),
        (trial("DELETE /things/{id}"), False),
        (trial("DELETE /things/{id}", None, JSON, identity="none"), False),
    ],
)
def test_a_write_goes_out_only_with_a_proof(made: Trial, goes: bool) -> None:
    assert admits(made) is goes
    assert not admits(made, "never")
    assert admits(made, "allowed")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("writes", ["never", "rejected", "allowed"])
def test_an_undeclared_write_never_goes_out(method: str, writes: Writes) -> None:
    assert not admits(Trial(Request(method, "http://127.0.0.1:9/v1/things")), writes)
    assert not admits(Trial(Request(method, "http://127.0.0.1:9/v1/things"), replace(find("GET /things"))), writes)


@pytest.mark.parametrize("method", ["GET", "HEAD", "TRACE", "ERRLINT"])
def test_reads_and_harmless_methods_go_out(method: str) -> None:
    assert admits(Trial(Request(method, "http://127.0.0.1:9/v1/things")), "never")


def test_a_read_that_the_document_marks_as_a_write_is_one() -> None:
    doc = document({"/logout": {"get": {"x-errlint": {"writes": True}, "responses": {"200": {"description": ""}}}}})
    spec = spec_of(doc)
    made = plan(spec, OPTIONS)
    assert [one.request.stimulus for one in made.trials if one.request.method == "GET" and one.operation] == ["no-auth"]
    assert made.withheld == {"GET /logout": 6, "HEAD": 1}


@pytest.mark.parametrize(
    ("members", "proof"),
    [
        ({"required": ["a"], "properties": {"a": {"type": "string"}}}, True),
        ({"required": ["a"], "properties": {"a": {"type": "string", "readOnly": True}}}, False),
        ({"required": ["a"], "properties": {"a": {"type": "string", "default": "x"}}}, False),
        ({"required": ["a"], "properties": {"a": {"allOf": [{"readOnly": True}]}}}, False),
        ({"required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/Filled"}}}, False),
        ({"required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/Plain", "readOnly": True}}}, False),
        ({"required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/Plain"}}}, True),
        ({"required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/Nobody"}}}, False),
        ({"allOf": [{"required": ["a"]}, {"properties": {"a": {"readOnly": True}}}]}, False),
        ({"not": {"required": ["a"]}, "properties": {"a": {"default": 1}}}, False),
        ({"oneOf": [{"required": ["a"]}, {"maxProperties": 0}], "properties": {"a": {"default": 1}}}, False),
        ({}, False),
    ],
)
def test_a_member_that_a_service_may_fill_in_proves_nothing(members: dict[str, Any], proof: bool) -> None:
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", **members}}}}
    schemas = {"Filled": {"type": "string", "default": "x"}, "Plain": {"type": "string"}}
    paths = {"/things": {"post": {"requestBody": body, "responses": {"200": {"description": ""}}}}}
    spec = spec_of(document(paths, components={"schemas": schemas}))
    assert admits(trial("POST /things", b"{}", spec=spec), spec=spec) is proof


@pytest.mark.parametrize(
    ("media_type", "body", "proof"),
    [
        ("text/plain", b"errlint", False),
        ("application/octet-stream", b"errlint", False),
        ("application/xml", b"errlint", True),
        ("application/xml", b"<a/>", False),
        ("multipart/form-data", b"errlint", True),
        ("application/x-www-form-urlencoded", b"errlint", True),
        ("application/x-www-form-urlencoded", b"name=n", False),
        ("application/vnd.acme+json", b"{", True),
    ],
)
def test_what_breaks_each_media_type(media_type: str, body: bytes, proof: bool) -> None:
    content = {"required": True, "content": {media_type: {"schema": THING}}}
    spec = spec_of(document({"/things": {"post": {"requestBody": content, "responses": {"200": {"description": ""}}}}}))
    for sent in (media_type, "application/x-errlint"):
        made = trial("POST /things", body, TOKEN, ("Content-Type", sent), spec=spec)
        assert admits(made, spec=spec) is proof


@pytest.mark.parametrize("body", [None, b"", b" ", b"null"])
def test_nothing_is_a_valid_body_where_none_is_required(body: bytes | None) -> None:
    content = {"content": {"application/json": {"schema": THING}}}
    spec = spec_of(document({"/things": {"post": {"requestBody": content, "responses": {"200": {"description": ""}}}}}))
    assert not admits(trial("POST /things", body, spec=spec), spec=spec)


@pytest.mark.parametrize(
    ("body", "content_type", "proof"),
    [
        # What lacks a member, what is false, what is in a language that nobody reads: it may be taken for no body.
        (b"{}", "application/json", False),
        (b'{"size": 1}', "application/json", False),
        (b"[]", "application/json", False),
        (b"0", "application/json", False),
        (b'""', "application/json", False),
        (b"false", "application/json", False),
        (b'[] "errlint"', "application/json", False),
        (b"errlint", "application/x-errlint", False),
        (b'{"name": 1}', "text/plain", False),
        (b"size=1", "application/x-www-form-urlencoded", False),
        # What is there and wrong.
        (b'{"name": 1}', "application/json", False),
        (b'{"name": {}}', "application/json", True),
        (b"[1]", "application/json", True),
        (b"5", "application/json", True),
        (b'{"name": ', "application/json", True),
    ],
)
def test_what_may_be_taken_for_no_body_proves_nothing_where_none_is_required(
    body: bytes, content_type: str, proof: bool
) -> None:
    content = {"application/json": {"schema": THING}, "application/x-www-form-urlencoded": {"schema": THING}}
    answers = {"responses": {"200": {"description": ""}}}
    for optional in ({"content": content}, {"content": content, "required": False}):
        spec = spec_of(document({"/things": {"post": {"requestBody": optional, **answers}}}))
        made = trial("POST /things", body, TOKEN, ("Content-Type", content_type), spec=spec)
        assert admits(made, spec=spec) is proof


def test_a_body_that_an_old_document_does_not_require_is_no_proof_either() -> None:
    body = {"name": "body", "in": "body", "schema": THING}
    old = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "consumes": ["application/json"]}
    for required, proof in ((False, False), (True, True)):
        paths = {
            "/things": {"post": {"parameters": [{**body, "required": required}], "responses": {"200": {"description": ""}}}}
        }
        spec = spec_of({**old, "paths": paths})
        assert admits(trial("POST /things", b"{}", spec=spec), spec=spec) is proof


def test_a_service_that_makes_what_it_is_asked_to_change_gets_no_valid_change() -> None:
    kept: list[bytes] = []

    def reply(seen: Seen) -> Reply:
        try:
            change = json.loads(seen.body)
        except (ValueError, RecursionError):
            return problem(400)
        if seen.method != "PATCH" or not isinstance(change, dict):
            return problem(404 if seen.method == "GET" else 400)
        kept.append(seen.body)
        return 200, {"Content-Type": "application/json"}, b"{}"

    with lax(reply) as (url, seen):
        observed = observe(SPEC, Options(url + "/v1", (TOKEN,), accept_inconclusive=True))
    assert [one.method for one in writes_of(seen)].count("PATCH") > 3
    assert (kept, observed.may_have_written) == ([], ())


A = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
AB = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("dialect", "schema", "body", "proof"),
    [
        # Exactly one of several is seldom checked; none of them is.
        ("3.0.3", {"oneOf": [A, AB]}, {"a": "x"}, False),
        ("3.0.3", {"oneOf": [A, AB]}, {}, True),
        ("3.0.3", {"oneOf": [A, AB], "discriminator": {"propertyName": "kind"}}, {"a": "x"}, False),
        ("3.0.3", {"anyOf": [A, {"type": "array"}]}, [], False),
        ("3.0.3", {"anyOf": [A, {"type": "array"}]}, "x", True),
        # Closed objects, of which some contradict themselves.
        ("3.0.3", {**A, "additionalProperties": False}, {"a": "x", "more": 1}, False),
        ("3.1.0", {**A, "unevaluatedProperties": False}, {"a": "x", "more": 1}, False),
        ("3.1.0", {**A, "propertyNames": {"maxLength": 1}}, {"a": "x", "more": 1}, False),
        ("3.0.3", {**A, "maxProperties": 1}, {"a": "x", "more": 1}, False),
        ("3.0.3", {"allOf": [{**A, "additionalProperties": False}], "additionalProperties": False}, {}, False),
        ("3.0.3", {"allOf": [{"type": "object"}, {"type": "string"}]}, [], False),
        ("3.0.3", {"not": {}}, [], False),
        (
            "3.1.0",
            {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Loop"}}},
            {},
            False,
        ),
        # Null where a service may take it.
        ("3.0.3", {**A, "properties": {"a": {"$ref": "#/components/schemas/Plain", "nullable": True}}}, {"a": None}, False),
        (
            "3.0.3",
            {**A, "properties": {"a": {"allOf": [{"$ref": "#/components/schemas/Plain"}], "nullable": True}}},
            {"a": None},
            False,
        ),
        ("3.0.3", {**A, "properties": {"a": {"type": "string", "enum": ["x"], "nullable": True}}}, {"a": None}, False),
        ("3.0.3", {**A, "properties": {"a": {"$ref": "#/components/schemas/Plain"}}}, {"a": None}, False),
        # Values.
        ("3.0.3", {**A, "properties": {"a": {"type": "string", "pattern": "^x$"}}}, {"a": "y"}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "string", "enum": ["x"]}}}, {"a": "y"}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "string", "minLength": 9, "pattern": "(?=never)$"}}}, {}, True),
        ("3.0.3", {**A, "properties": {"a": {"type": "integer", "multipleOf": 3}}}, {"a": 2}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "integer"}}}, {"a": 1.5}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "integer"}}}, {"a": True}, False),
        # What frameworks read as another type: pydantic's lax mode, Jackson, PHP.
        ("3.0.3", {**A, "properties": {"a": {"type": "integer"}}}, {"a": "12"}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "number"}}}, {"a": "1e3"}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "integer"}}}, {"a": ""}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "integer"}}}, {"a": "errlint"}, True),
        ("3.0.3", {**A, "properties": {"a": {"type": "boolean"}}}, {"a": "yes"}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "boolean"}}}, {"a": 0}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "boolean"}}}, {"a": "maybe"}, True),
        ("3.0.3", {**A, "properties": {"a": {"type": "string"}}}, {"a": 5}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "string"}}}, {"a": {"b": 1}}, True),
        ("3.0.3", {**A, "properties": {"a": {"type": "string"}}}, {"a": None}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "array"}}}, {"a": "x"}, True),
        ("3.0.3", {**A, "properties": {"a": {"type": "array", "uniqueItems": True}}}, {"a": [1, 1]}, False),
        # Types: of the body, of what is required, at any depth; not of what may be left out.
        ("3.0.3", A, [], True),
        ("3.0.3", A, {"a": {}}, True),
        ("3.0.3", AB, {"a": "x", "b": "x"}, False),
        ("3.0.3", {"allOf": [{"required": ["a"]}, {"properties": {"a": {"type": "string"}}}]}, {"a": {}}, True),
        ("3.0.3", {**A, "properties": {"a": A}}, {"a": {}}, True),
        ("3.0.3", {**A, "properties": {"a": A}}, {"a": {"a": 1}}, False),
        ("3.0.3", {**A, "properties": {"a": A}}, {"a": {"a": [1]}}, True),
        ("3.1.0", {"type": ["object", "null"], "required": ["a"]}, None, False),
        # Read-only members hold anything; ones with a default may be missing, and have a type.
        ("3.0.3", {**A, "properties": {"a": {"type": "string", "readOnly": True}}}, {"a": {}}, False),
        ("3.0.3", {**A, "properties": {"a": {"$ref": "#/components/schemas/Hidden"}}}, {"a": {}}, False),
        ("3.0.3", {**A, "properties": {"a": {"allOf": [{"$ref": "#/components/schemas/Hidden"}]}}}, {}, False),
        ("3.0.3", {**A, "properties": {"a": {"oneOf": [{"$ref": "#/components/schemas/Hidden"}]}}}, {}, False),
        ("3.0.3", {**A, "properties": {"a": {"type": "string", "default": "x"}}}, {"a": {}}, True),
        # What is no schema.
        ("3.0.3", {"type": 7, "required": "x", "properties": []}, {}, False),
    ],
)
def test_only_what_even_a_lenient_service_refuses_is_proven(dialect: str, schema: Any, body: Any, proof: bool) -> None:
    content = {"required": True, "content": {"application/json": {"schema": schema}}}
    schemas = {
        "Plain": {"type": "string"},
        "Hidden": {"type": "integer", "readOnly": True},
        "Loop": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Loop"}}},
    }
    paths = {"/things": {"post": {"requestBody": content, "responses": {"200": {"description": ""}}}}}
    spec = spec_of(document(paths, openapi=dialect, components={"schemas": schemas}))
    assert admits(trial("POST /things", json.dumps(body).encode(), spec=spec), spec=spec) is proof


def test_a_form_that_lacks_only_what_is_read_only_may_be_taken() -> None:
    schema = {"type": "object", "required": ["id", "title"], "properties": {"id": {"readOnly": True}, "title": {}}}
    content = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    spec = spec_of(document({"/things": {"post": {"requestBody": content, "responses": {"200": {"description": ""}}}}}))
    form = (TOKEN, ("Content-Type", "application/x-www-form-urlencoded"))
    assert not admits(trial("POST /things", b"title=t", *form, spec=spec), spec=spec)
    assert admits(trial("POST /things", b"id=1", *form, spec=spec), spec=spec)


def test_a_number_before_garbage_may_be_taken_for_the_number() -> None:
    content = {"required": True, "content": {"application/json": {"schema": {"type": "integer"}}}}
    spec = spec_of(document({"/things": {"post": {"requestBody": content, "responses": {"200": {"description": ""}}}}}))
    assert not admits(trial("POST /things", b"12 errlint", spec=spec), spec=spec)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "size", "x"]), inner, max_size=3),
    max_leaves=6,
)
LIKELY = st.fixed_dictionaries({"name": st.text("ab", min_size=1, max_size=3)}, optional={"size": st.integers()})


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    value=LIKELY | VALUES,
    label=st.sampled_from(["POST /things", "PUT /things/{id}"]),
    content_type=st.sampled_from(
        ["application/json", "application/json; charset=utf-8", "text/plain", "application/x-errlint", ""]
    ),
    fresh=st.booleans(),
    tail=st.sampled_from([b"", b" ", b" x", b"\n{}"]),
)
def test_no_write_that_validates_goes_out(value: Any, label: str, content_type: str, fresh: bool, tail: bytes) -> None:
    body = json.dumps(value).encode() + tail
    valid = Draft202012Validator(THING).is_valid(value)
    assert not (valid and admits(trial(label, body, TOKEN, ("Content-Type", content_type), fresh=fresh)))


def writes_of(seen: list[Seen]) -> list[Seen]:
    return [one for one in seen if one.method in ("POST", "PUT", "PATCH", "DELETE")]


def valid(seen: Seen) -> bool:
    try:
        return Draft202012Validator(THING).is_valid(json.loads(seen.body))
    except (ValueError, RecursionError):
        return False


@pytest.mark.parametrize("generated", [False, True])
def test_a_service_that_accepts_everything_gets_one_refusable_write_each(generated: bool) -> None:
    with lax(fine) as (url, seen):
        observed = observe(SPEC, Options(url + "/v1", (TOKEN,), generated=generated))
    writes = writes_of(seen)
    assert sorted(one.method for one in writes) == ["DELETE", "PATCH", "POST", "PUT"]
    assert not any(valid(one) for one in writes)
    assert observed.may_have_written == ("POST /things", "PUT /things/{id}", "PATCH /things/{id}", "DELETE /things/{id}")
    assert observed.withheld["POST /things"] > 3


@pytest.mark.parametrize("writes", ["rejected", "allowed"])
def test_no_write_carries_an_example_of_the_document(writes: Writes) -> None:
    with lax(lambda seen: problem(404 if seen.method == "GET" else 400)) as (url, seen):
        observe(SPEC, Options(url + "/v1", (TOKEN,), writes=writes))
    assert not any("example-id" in one.target for one in writes_of(seen))
    assert any("example-id" in one.target for one in seen)
    if writes == "rejected":
        assert not any(valid(one) for one in writes_of(seen))
    else:
        assert any(valid(one) for one in writes_of(seen))


def test_never_means_no_write_at_all() -> None:
    with lax(fine) as (url, seen):
        observed = observe(SPEC, Options(url + "/v1", (TOKEN,), writes="never"))
    assert writes_of(seen) == []
    assert observed.not_probed == dict.fromkeys(
        ("POST /things", "PUT /things/{id}", "PATCH /things/{id}", "DELETE /things/{id}"),
        "it writes, and writes are switched off",
    )
    assert observed.may_have_written == ()


TAKEN = (200, 202, 299, 302, 303, 304, 307, 500, 502, 599)
"""Statuses that do not say that nothing was written."""


@pytest.fixture(scope="module")
def taken() -> tuple[Observed, list[Seen]]:
    """One run, with generated requests, against a service that answers the writes of each path with a status of its own."""
    doc = things()
    paths = {f"/{status}{path}": item for status in TAKEN for path, item in doc["paths"].items()}

    def reply(seen: Seen) -> Reply:
        status = int(seen.target.split("/")[2]) if seen.method == "POST" else 0
        return (status, {"Location": f"/{status}/things/1"}, b"") if status in TAKEN else problem(404)

    with lax(reply) as (url, seen):
        observed = observe(spec_of({**doc, "paths": paths}), Options(url + "/v1", (TOKEN,), accept_inconclusive=True))
    return observed, seen


@pytest.mark.parametrize("status", TAKEN)
def test_an_answer_that_is_no_plain_refusal_ends_the_writes_there(status: int, taken: tuple[Observed, list[Seen]]) -> None:
    observed, seen = taken
    assert [one.target.startswith(f"/v1/{status}/") for one in seen if one.method == "POST"].count(True) == 1
    assert [label for label in observed.may_have_written if f" /{status}/" in label] == [f"POST /{status}/things"]
    assert len(observed.may_have_written) == len(TAKEN)
    assert observed.withheld[f"POST /{status}/things"] > 30  # generated ones among them
    assert observed.stopped == ""


@pytest.mark.parametrize("status", [400, 404, 409, 422, 429, 499, 501, 503, 505])
def test_a_plain_refusal_lets_the_next_write_go(status: int) -> None:
    with lax(lambda seen: problem(status if seen.method == "POST" else 404)) as (url, seen):
        observed = observe(SPEC, Options(url + "/v1", (TOKEN,), accept_inconclusive=True, generated=False))
    assert [one.method for one in writes_of(seen)].count("POST") > 3
    assert observed.may_have_written == ()


def test_a_failure_where_a_write_must_be_refused_is_looked_at_twice_and_ends_the_writes_there() -> None:
    with lax(lambda seen: problem(500 if seen.method == "POST" else 404)) as (url, seen):
        options = Options(url + "/v1", (TOKEN,), accept_inconclusive=True, generated=False)
        with session(SPEC, options) as run:
            observed = run.observe()
            (first,) = [one for one in observed.observations if one.method == "POST"]
            assert first.request is not None
            again = run.again(first.request)
    assert again is not None
    posts = [(one.path, one.body) for one in writes_of(seen) if one.method == "POST"]
    assert posts == [posts[0]] * 2
    assert observed.may_have_written == ("POST /things",)


def test_a_write_that_was_accepted_is_never_sent_again() -> None:
    with lax(lambda seen: (201, {}, b"") if seen.method == "POST" else problem(404)) as (url, seen):
        options = Options(url + "/v1", (TOKEN,), accept_inconclusive=True, generated=False)
        with session(SPEC, options) as run:
            (first,) = [one for one in run.observe().observations if one.method == "POST"]
            assert first.request is not None
            assert run.again(first.request) is None
    assert [one.method for one in writes_of(seen)].count("POST") == 1


def test_a_connection_that_ends_without_an_answer_may_have_been_a_write() -> None:
    posts: list[bytes] = []

    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        if asked.startswith(b"POST"):
            posts.append(asked)
        else:
            answer(connection, 404)

    with wire(talk) as url:
        observed = observe(
            SPEC, Options(url + "/v1", (TOKEN,), accept_inconclusive=True, generated=False, include=("/things",))
        )
    assert len(posts) == 1
    assert observed.may_have_written == ("POST /things",)


def test_a_service_that_leaves_out_read_only_members_gets_no_valid_write() -> None:
    members = {"id": {"type": "integer", "readOnly": True}, "title": {"type": "string"}, "done": {"type": "boolean"}}
    schema = {"type": "object", "required": ["id", "title"], "properties": members, "additionalProperties": False}
    content = {"required": True, "content": {"application/json": {"schema": schema}}}
    spec = spec_of(document({"/todos": {"post": {"requestBody": content, "responses": {"200": {"description": ""}}}}}))
    kept: list[bytes] = []

    def reply(seen: Seen) -> Reply:
        try:
            title = json.loads(seen.body)["title"]
        except (ValueError, TypeError, KeyError):
            return problem(400)
        if not isinstance(title, str):
            return problem(400)
        kept.append(seen.body)
        return 201, {"Content-Type": "application/json"}, b"{}"

    with lax(reply) as (url, seen):
        observe(spec, Options(url + "/v1", (TOKEN,), accept_inconclusive=True))
    assert len(writes_of(seen)) > 5
    assert kept == []


def test_a_client_certificate_is_a_credential_that_always_goes_along() -> None:
    bare = trial("POST /things", b'{"name": "n"}', JSON, identity="none")
    options = replace(OPTIONS, cert="client.pem")
    assert Gate(OPTIONS, Contract(SPEC)).admits(bare)
    assert not Gate(options, Contract(SPEC)).admits(bare)


@pytest.mark.parametrize("writes", ["never", "rejected"])
def test_a_read_that_asks_to_be_taken_for_a_write_stays_here(writes: Writes) -> None:
    override = {"name": "X-HTTP-Method-Override", "in": "header", "required": True, "schema": {"enum": ["DELETE"]}}
    hidden = {"name": "_method", "in": "query", "required": True, "schema": {"enum": ["DELETE"]}}
    answers = {"200": {"description": ""}}
    doc = document(
        {
            "/a": {"get": {"parameters": [override], "responses": answers}},
            "/b": {"get": {"parameters": [hidden], "responses": answers}},
        }
    )
    with lax(lambda seen: problem(400)) as (url, seen):
        observe(spec_of(doc), Options(url + "/v1", (TOKEN,), writes=writes, accept_inconclusive=True))
    assert not [one for one in seen if "x-http-method-override" in one.headers or "_method" in one.target]


def test_redirects_lead_neither_to_what_is_left_out_nor_to_what_may_write() -> None:
    answers = {"200": {"description": ""}}
    doc = document(
        {
            "/things": {"get": {"responses": answers}},
            "/others": {"get": {"responses": answers}},
            "/logout": {"get": {"responses": answers}},
            "/danger": {"get": {"x-errlint": {"writes": True}, "responses": answers}},
        }
    )

    def reply(seen: Seen) -> Reply:
        targets = {"/v1/things": "/v1/logout", "/v1/others": "/v1/danger"}
        return (302, {"Location": targets[seen.path]}, b"") if seen.path in targets else problem(404)

    with lax(reply) as (url, seen):
        options = Options(url + "/v1", (TOKEN,), exclude=("GET /logout",), generated=False, accept_inconclusive=True)
        observed = observe(spec_of(doc), options)
    reached = {(one.method, one.path) for one in seen if one.method in ("GET", "HEAD")}
    assert not reached & {(method, path) for method in ("GET", "HEAD") for path in ("/v1/logout",)}
    assert ("GET", "/v1/danger") not in {(one.method, one.path) for one in seen if "good-token" in str(one.headers)}
    assert "GET /things: a redirect to an operation that is not to be asked was not followed" in observed.notes


def test_the_first_write_of_an_operation_is_never_sent_twice() -> None:
    """A connection that is lost says nothing: whether it was a kept one that the server closed cannot be known."""
    bodies: list[bytes] = []

    def reply(seen: Seen) -> Reply:
        if seen.method == "POST":
            bodies.append(seen.body)
            raise ConnectionAbortedError
        return fine(seen)

    with lax(reply) as (url, _):
        options = Options(url + "/v1", (TOKEN,), include=("/things",), generated=False, concurrency=1, accept_inconclusive=True)
        observe(SPEC, options, sleep=lambda seconds: None)
    assert len(bodies) == 1


def test_headers_that_frame_a_message_are_ours_alone() -> None:
    names = ("Content-Length", "Transfer-Encoding", "Host", "Connection")
    parameters = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string", "enum": ["7"]}} for name in names
    ]
    doc = document({"/a": {"get": {"parameters": parameters, "responses": {"200": {"description": ""}}}}})
    with lax(fine) as (url, seen):
        observe(spec_of(doc), Options(url + "/v1", (TOKEN,), accept_inconclusive=True))
    assert seen
    assert not [one for one in seen if "7" in (one.headers.get(name.lower()) for name in names)]
