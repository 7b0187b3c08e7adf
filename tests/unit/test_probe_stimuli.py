"""What each directed stimulus puts on the wire, seen by a service that records everything."""

from __future__ import annotations

import json
import re
from base64 import b64decode, urlsafe_b64decode
from pathlib import Path
from random import Random
from typing import Any

import pytest

from errlint.probe.auth import Fixed
from errlint.probe.observe import observe
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.secret import Secret
from errlint.probe.security import Scheme, expired, garbage, malformed, wrong_scheme
from errlint.probe.stimuli.repertoire import load_all
from tests.services.lax import THING, Reply, Seen, document, lax, problem, spec_of, things

TOKEN = "Bearer good-token"


def refuse(seen: Seen) -> Reply:
    """404 to everything that names an id or a stray path, 401 without the token, 200 to plain reads, else 400."""
    if seen.headers.get("authorization") != TOKEN:
        return problem(401)
    if seen.path.count("/") > 2 or "errlint" in seen.path:
        return problem(404, "none")
    return problem(400) if seen.method != "GET" else (200, {"Content-Type": "application/json"}, b"[]")


def sent(doc: dict[str, Any], stimulus: str, base: str = "/v1") -> list[tuple[Seen, bool]]:
    """(request, whether it must be refused) of one stimulus, in order, as they came over the wire."""
    with lax(refuse) as (url, seen):
        options = Options(url + base, (("Authorization", TOKEN),), generated=False, accept_inconclusive=True, concurrency=1)
        observed = observe(spec_of(doc), options)
    pairs = zip(seen, observed.observations, strict=True)
    return [
        (got, made.request.rejected)
        for got, made in pairs
        if made.request and made.request.stimulus.partition(" (")[0] == stimulus
    ]


def shown(doc: dict[str, Any], stimulus: str) -> list[tuple[str, str, bytes, bool]]:
    return [(seen.method, seen.path, seen.body, rejected) for seen, rejected in sent(doc, stimulus)]


def operation(body: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A document with one POST that takes such a body."""
    content = {"requestBody": {"required": True, "content": body}} if body is not None else {}
    return document({"/things": {"post": {"responses": {"200": {"description": ""}}, **content, **members}}})


def test_valid_is_a_plain_read_of_operations_without_ids() -> None:
    assert shown(things(), "valid") == [("GET", "/v1/things", b"", False)]


def test_valid_carries_the_required_parameters() -> None:
    parameters = [
        {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}, "example": "a b"},
        {"name": "n", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 5}},
        {"name": "X-Kind", "in": "header", "required": True, "schema": {"enum": ["red", "blue"]}},
        {"name": "optional", "in": "query", "schema": {"type": "string"}},
    ]
    doc = document({"/things": {"get": {"parameters": parameters, "responses": {"200": {"description": ""}}}}})
    ((seen, _),) = sent(doc, "valid")
    assert seen.target.partition("?")[2].split("&")[1] == "n=5"
    assert (seen.headers["x-kind"], "optional" in seen.target) == ("red", False)


def test_unknown_path_is_refused_inside_the_base_and_only_tried_at_the_root() -> None:
    (inside, refused), (root, may) = sent(things(), "unknown-path")
    assert inside.path == "/v1" + root.path
    assert root.path.startswith("/errlint-no-such-path-")
    assert (inside.method, refused, may) == ("GET", True, False)
    assert inside.headers["authorization"] == TOKEN


def test_unknown_path_avoids_a_declared_catch_all() -> None:
    doc = document({"/{anything}": {"get": {"responses": {"200": {"description": ""}}}}})
    assert [seen.path.count("/") for seen, _ in sent(doc, "unknown-path")] == [3, 1]


def test_wrong_method_is_trace_and_an_unregistered_token_and_trace_carries_no_credentials() -> None:
    found = sent(things(), "wrong-method")
    assert {seen.method for seen, _ in found} == {"TRACE", "ERRLINT"}
    assert all(rejected for _, rejected in found)
    assert {seen.headers.get("authorization") for seen, _ in found if seen.method == "TRACE"} == {None}
    assert {seen.headers.get("authorization") for seen, _ in found if seen.method == "ERRLINT"} == {TOKEN}
    assert all(not seen.body for seen, _ in found)


def test_wrong_method_stays_few_on_a_wide_service() -> None:
    paths = {f"/p{number}": {"get": {"responses": {"200": {"description": ""}}}} for number in range(40)}
    assert len(sent(document(paths), "wrong-method")) == 6


def test_head_is_refused_where_get_is_for_an_id_that_names_nothing() -> None:
    plain, by_id = shown(things(), "head")
    assert (plain[0], plain[1], plain[3]) == ("HEAD", "/v1/things", False)
    assert (by_id[0], by_id[1].count("/"), by_id[3]) == ("HEAD", 3, True)
    doc = things()
    del doc["paths"]["/things/{id}"]["get"]["responses"]["404"]
    assert [rejected for _, _, _, rejected in shown(doc, "head")][:1] == [False]


def test_wrong_accept_replaces_even_the_users_own() -> None:
    with lax(refuse) as (url, seen):
        headers = (("Authorization", TOKEN), ("accept", "text/csv"))
        observe(spec_of(things()), Options(url + "/v1", headers, generated=False, concurrency=1))
    accepts = [one.headers["accept"] for one in seen if one.method != "TRACE"]
    assert accepts.count("application/x-errlint") == 2
    assert set(accepts) == {"application/x-errlint", "text/csv"}


def test_wrong_accept_expects_nothing() -> None:
    assert {rejected for _, rejected in sent(things(), "wrong-accept")} == {False}


def test_no_auth_leaves_out_every_header_of_the_users() -> None:
    with lax(refuse) as (url, seen):
        headers = (("Authorization", TOKEN), ("X-Strange-Name", "also-a-credential"))
        observed = observe(spec_of(things()), Options(url + "/v1", headers, generated=False, concurrency=1))
    pairs = zip(seen, observed.observations, strict=True)
    bare = [(got, made) for got, made in pairs if made.request and made.request.stimulus == "no-auth"]
    assert [got.method for got, _ in bare] == ["GET", "POST", "GET", "PUT", "PATCH", "DELETE"]
    assert all("authorization" not in got.headers and "x-strange-name" not in got.headers for got, _ in bare)
    assert all(made.request and made.request.rejected for _, made in bare)


def test_no_auth_keeps_a_header_that_the_operation_declares() -> None:
    tenant = {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}}
    doc = document({"/things": {"get": {"parameters": [tenant], "responses": {"200": {"description": ""}}}}})
    with lax(refuse) as (url, seen):
        headers = (("Authorization", TOKEN), ("X-Tenant", "acme"))
        observe(spec_of(doc), Options(url + "/v1", headers, generated=False, concurrency=1))
    bare = [one for one in seen if "authorization" not in one.headers and one.method == "GET"]
    assert [one.headers["x-tenant"] for one in bare] == ["acme"]


def test_no_auth_is_not_tried_on_a_public_operation() -> None:
    assert sent({**things(), "security": []}, "no-auth") == []


def test_no_auth_writes_carry_a_body_that_nobody_may_send() -> None:
    assert [body for method, _, body, _ in shown(things(), "no-auth") if method in ("POST", "PUT")] == [b"{}", b"{}"]


@pytest.mark.parametrize(
    ("scheme", "header", "starts"),
    [
        ({"type": "http", "scheme": "bearer"}, "authorization", "Bearer errlint-"),
        ({"type": "http", "scheme": "basic"}, "authorization", "Basic "),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "x-key", "errlint-"),
        ({"type": "apiKey", "in": "cookie", "name": "sid"}, "cookie", "sid=errlint-"),
        ({"type": "openIdConnect", "openIdConnectUrl": "https://errlint.invalid"}, "authorization", "Bearer errlint-"),
    ],
)
def test_bad_auth_puts_garbage_where_the_scheme_says(scheme: dict[str, Any], header: str, starts: str) -> None:
    found = sent(things(components={"securitySchemes": {"bearer": scheme}}), "bad-auth")
    assert found[0][0].headers[header].startswith(starts)
    assert all(rejected for _, rejected in found)
    assert all(TOKEN not in seen.headers.values() for seen, _ in found)


def wrong(scheme: dict[str, Any]) -> list[str]:
    """What stands in Authorization, without the made-up part, on the operation that gets every kind."""
    found = [seen for seen, _ in sent(things(components={"securitySchemes": {"bearer": scheme}}), "bad-auth")]
    first = [seen.headers.get("authorization", "") for seen in found if seen.path == found[0].path]
    return [value.partition(" ")[0] + (" ?" if " " in value else "") for value in first]


@pytest.mark.parametrize(
    ("scheme", "values"),
    [
        ({"type": "http", "scheme": "bearer"}, ["Bearer ?", "Bearer ?", "Basic ?", "Bearer"]),
        ({"type": "oauth2", "flows": {}}, ["Bearer ?", "Bearer ?", "Basic ?", "Bearer"]),
        ({"type": "http", "scheme": "basic"}, ["Basic ?", "Bearer ?", "Basic"]),
        ({"type": "http", "scheme": "digest"}, ["Digest ?", "Digest"]),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, [""]),
    ],
)
def test_bad_auth_is_garbage_expired_of_another_scheme_and_malformed(scheme: dict[str, Any], values: list[str]) -> None:
    assert wrong(scheme) == values


def test_an_expired_token_is_a_well_formed_jwt_of_the_year_2000() -> None:
    bearer = Scheme("bearer", "header", "Authorization", "Bearer")
    value = expired(bearer, Random(0)) or ""
    head, claims, signature = value.removeprefix("Bearer ").split(".")
    padded = [urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (head, claims, signature)]
    assert json.loads(padded[0]) == {"alg": "HS256", "typ": "JWT"}
    assert json.loads(padded[1]) == {"sub": "errlint", "iat": 946681200, "exp": 946684800}
    assert len(padded[2]) == 32
    assert expired(Scheme("basic", "header", "Authorization", "Basic"), Random(0)) is None


def test_bad_basic_credentials_name_a_user_that_does_not_exist() -> None:
    basic = Scheme("basic", "header", "Authorization", "Basic")
    user, _, password = b64decode(garbage(basic, Random(0)).removeprefix("Basic ")).decode().partition(":")
    assert user == password
    assert user.startswith("errlint-")
    bearer = Scheme("bearer", "header", "Authorization", "Bearer")
    assert (wrong_scheme(bearer, Random(0)) or "").startswith("Basic ")
    assert (malformed(bearer, Random(0)), malformed(Scheme("k", "query", "key"), Random(0))) == ("Bearer", None)


def test_bad_auth_goes_to_one_operation_per_tag_and_every_kind_to_the_first_of_a_scheme() -> None:
    found = [(method, path.count("/")) for method, path, _, _ in shown(things(), "bad-auth")]
    assert found == [*[("GET", 2)] * 4, ("GET", 3)]


def test_bad_auth_stays_few_on_a_wide_service_unless_all_are_wanted() -> None:
    get = {"responses": {"200": {"description": ""}}}
    spec = spec_of(document({f"/p{number}": {"get": {**get, "tags": [f"t{number}"]}} for number in range(40)}))
    few, everything = (plan(spec, Options("http://127.0.0.1:9/v1", auth_tests=which)).trials for which in ("few", "all"))
    found = [[trial for trial in made if trial.request.stimulus.startswith("bad-auth")] for made in (few, everything)]
    assert [len(made) for made in found] == [16, 160]
    assert {trial.identity for made in found for trial in made} == {"garbage"}


def test_low_auth_goes_to_every_secured_operation_and_no_write_of_it_can_succeed() -> None:
    low = (Fixed(Secret("Bearer low-token")),)
    options = Options("http://127.0.0.1:9/v1", (("Authorization", TOKEN),), low_auth=low)
    made = plan(spec_of(things()), options)
    found = [trial for trial in made.trials if trial.request.stimulus == "low-auth"]
    assert [trial.label for trial in found] == [operation.label for operation in made.scene.operations if operation.secured]
    assert {trial.identity for trial in found} == {"low"}
    assert {TOKEN in dict(trial.request.headers).values() for trial in found} == {False}
    assert [trial.request.body for trial in found if trial.request.method in ("POST", "PUT")] == [b"{}", b"{}"]
    assert {trial.request.rejected for trial in found} == {False}


def test_low_auth_is_not_tried_without_a_second_user() -> None:
    made = plan(spec_of(things()), Options("http://127.0.0.1:9/v1"))
    assert [trial for trial in made.trials if trial.request.stimulus == "low-auth"] == []


def test_unknown_id_is_fresh_well_formed_and_refused_where_the_document_says_404() -> None:
    found = shown(things(), "unknown-id")
    assert [(method, rejected) for method, _, _, rejected in found] == [("GET", True), ("DELETE", False)]
    identifiers = [path.rpartition("/")[2] for _, path, _, _ in found]
    assert len(set(identifiers)) == 2
    assert all(len(text) == 36 for text in identifiers)


@pytest.mark.parametrize(
    ("schema", "statuses", "refused"),
    [
        ({"type": "string"}, ["200", "404"], True),
        ({"type": "string"}, ["200", "4XX"], True),
        ({"type": "string"}, ["200", "default"], False),
        ({"type": "string"}, ["200"], False),
        ({"type": "integer"}, ["404"], True),
        ({"type": "integer", "maximum": 100}, ["404"], False),
        ({"enum": ["red", "blue"]}, ["404"], False),
        ({"type": "string", "pattern": "^mdl_[0-9a-f]{16}$"}, ["404"], True),
        ({"type": "string", "pattern": "^[a-z]{2}$"}, ["404"], False),
        ({"type": "string", "format": "date"}, ["404"], False),
    ],
)
def test_unknown_id_expects_a_refusal_only_where_it_is_proven(
    schema: dict[str, Any], statuses: list[str], refused: bool
) -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": schema}
    answers = {status: {"description": ""} for status in statuses}
    doc = document({"/things/{id}": {"get": {"parameters": [parameter], "responses": answers}}})
    trials = plan(spec_of(doc), Options("http://127.0.0.1:9/v1")).trials
    assert [trial.request.rejected for trial in trials if trial.request.stimulus == "unknown-id"] == [refused]


def test_malformed_ids_stay_one_segment_and_go_to_reads_only() -> None:
    assert [(method, path) for method, path, _, _ in shown(things(), "malformed-id")] == [
        ("GET", "/v1/things/zz"),
        ("GET", "/v1/things/%2E%2E%2F"),
        ("GET", "/v1/things/..%2F"),
        ("GET", "/v1/things/%FF"),
        ("GET", "/v1/things/%00"),
        ("GET", "/v1/things/" + "z" * 1024),
    ]


def test_a_text_that_one_of_several_schemas_takes_is_no_malformed_id() -> None:
    one, other = {"type": "integer"}, {"type": "string"}
    for schema, refused in (({"anyOf": [one, other]}, False), ({"oneOf": [one, other]}, False), (one, True)):
        parameter = {"name": "id", "in": "path", "required": True, "schema": schema}
        doc = document({"/things/{id}": {"get": {"parameters": [parameter], "responses": {"200": {"description": ""}}}}})
        trials = plan(spec_of(doc), Options("http://127.0.0.1:9/v1")).trials
        (found,) = [trial.request for trial in trials if trial.request.url.endswith("/zz")]
        assert found.rejected is refused


def test_malformed_json_is_truncated_and_followed_by_garbage() -> None:
    found = [(method, body, rejected) for method, _, body, rejected in shown(things(), "malformed-json")]
    assert found[:2] == [("POST", b'{"errlint": ', True), ("POST", b'[] "errlint"', True)]
    assert [method for method, _, _ in found] == ["POST", "POST", "PUT", "PUT", "PATCH"]


def test_empty_body_has_the_json_type_and_no_bytes() -> None:
    seen, rejected = sent(things(), "empty-body")[0]
    assert (seen.headers["content-type"], seen.body, rejected) == ("application/json", b"", True)
    assert seen.headers.get("content-length", "0") == "0"


def test_empty_body_is_not_sent_where_the_body_is_optional() -> None:
    doc = operation({"application/json": {"schema": {"type": "object"}}})
    doc["paths"]["/things"]["post"]["requestBody"]["required"] = False
    assert sent(doc, "empty-body") == []


def test_bodies_break_the_schema_in_one_way_each() -> None:
    doc = operation({"application/json": {"schema": THING}})
    assert [body for _, _, body, _ in shown(doc, "missing-required")] == [b"{}"]
    assert [body for _, _, body, _ in shown(doc, "wrong-type")] == [b"[]", b"5", b"null", b'{"name":{"errlint":1}}']


def test_an_unknown_member_is_a_write_that_only_the_user_can_allow() -> None:
    spec = spec_of(operation({"application/json": {"schema": THING}}))
    held, sent_ = (plan(spec, Options("http://127.0.0.1:9/v1", writes=writes)) for writes in ("rejected", "allowed"))
    assert [trial for trial in held.trials if trial.request.stimulus == "extra-member"] == []
    (extra,) = [trial.request for trial in sent_.trials if trial.request.stimulus == "extra-member"]
    assert (extra.body or b"").endswith(b',"errlintUnknownMember":1}')
    assert not extra.rejected


def test_bodies_that_are_wrong_hold_no_read_only_member() -> None:
    members = {"id": {"type": "integer", "readOnly": True}, "title": {"type": "string"}}
    schema = {"type": "object", "required": ["id", "title"], "properties": members, "additionalProperties": False}
    doc = operation({"application/json": {"schema": schema}})
    assert [body for _, _, body, _ in shown(doc, "wrong-type")] == [b"[]", b"5", b"null", b'{"title":{"errlint":1}}']
    trials = plan(spec_of(doc), Options("http://127.0.0.1:9/v1", writes="allowed")).trials
    assert [b'"id"' in (trial.request.body or b"") for trial in trials if trial.request.stimulus == "extra-member"] == [False]


def test_bodies_that_break_nothing_are_not_made() -> None:
    doc = operation({"application/json": {"schema": {}}})
    assert [sent(doc, name) for name in ("missing-required", "wrong-type", "extra-member")] == [[], [], []]


def test_wrong_content_type_carries_no_body_of_any_declared_type() -> None:
    seen, rejected = sent(things(), "wrong-content-type")[0]
    assert (seen.headers["content-type"], seen.body, rejected) == ("application/x-errlint", b"errlint", True)


def test_wrong_content_type_is_withheld_where_text_is_welcome() -> None:
    assert sent(operation({"text/plain": {"schema": {"type": "string"}}}), "wrong-content-type") == []


def test_every_stimulus_has_a_test() -> None:
    here = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_probe_stimuli*.py"))
    called = r"(?:sent|shown|planned|queries|trials)\([^\n]*\"{}[\"=]|stimulus == \"{}\"|\"{}\"\)"
    assert {name for name in load_all() if re.search(called.replace("{}", name), here)} == set(load_all())


def test_the_same_seed_gives_the_same_requests_and_another_seed_other_ids() -> None:
    spec = spec_of(things())
    first, again, other = (plan(spec, Options("http://127.0.0.1:9/v1", seed=seed)).trials for seed in (1, 1, 2))
    assert first == again
    assert [trial.request.stimulus for trial in other] == [trial.request.stimulus for trial in first]
    assert other != first


def test_the_plan_goes_breadth_first_and_counts_its_writes() -> None:
    made = plan(spec_of(things()), Options("http://203.0.113.1/v1"))
    names = [trial.request.stimulus.partition(" (")[0] for trial in made.trials]
    assert names == sorted(names, key=names.index)
    assert made.writes == sum(1 for trial in made.trials if trial.request.method not in ("GET", "HEAD", "TRACE", "ERRLINT"))
    assert made.seconds() == len(made.trials) / 20


def test_stimuli_are_tried_in_a_fixed_order() -> None:
    assert list(load_all()) == [
        "unknown-path",
        "unknown-path-method",
        "wrong-method",
        "trailing-slash",
        "double-slash",
        "head",
        "valid",
        "wrong-accept",
        "no-auth",
        "bad-auth",
        "low-auth",
        "unknown-id",
        "malformed-id",
        "malformed-json",
        "empty-body",
        "wrong-content-type",
        "missing-required",
        "wrong-type",
        "extra-member",
        "unknown-value",
        "wrong-charset",
        "wrong-encoding",
        "duplicate-members",
        "deep-nesting",
        "oversize-body",
        "long-url",
        "huge-header",
        "burst",
        "repeat-create",
    ]
