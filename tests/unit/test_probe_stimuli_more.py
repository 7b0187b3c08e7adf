"""The stimuli about how bodies are written, about queries, and about paths that are spelled another way."""

from __future__ import annotations

from typing import Any

import pytest

from errlint import api
from errlint.match.answer import read_answer
from errlint.model.exchange import Observation
from errlint.model.finding import Location
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.reproduce import curl
from errlint.probe.trial import Trial
from tests.services.lax import THING, document, spec_of, things
from tests.unit.test_probe_stimuli import operation, sent, shown

JSON = {"application/json": {"schema": THING}}


def reading(*parameters: dict[str, Any], statuses: tuple[str, ...] = ("200", "400")) -> dict[str, Any]:
    """A document with one GET that takes these query parameters."""
    asked = [{"in": "query", **one} for one in parameters]
    answers = {status: {"description": ""} for status in statuses}
    return document({"/things": {"get": {"parameters": asked, "responses": answers}}})


def queries(doc: dict[str, Any], stimulus: str) -> list[tuple[str, bool]]:
    """(query, whether it must be refused) of the requests of one stimulus."""
    return [(seen.target.partition("?")[2], rejected) for seen, rejected in sent(doc, stimulus)]


def planned(doc: dict[str, Any], stimulus: str, **options: Any) -> list[Trial]:
    made = plan(spec_of(doc), Options("http://127.0.0.1:9/v1", **options)).trials
    return [trial for trial in made if trial.request.stimulus == stimulus]


def test_a_wrong_charset_is_named_over_other_bytes_and_bytes_are_no_utf_8() -> None:
    named, bare = sent(operation(JSON), "wrong-charset")
    assert (named[0].headers["content-type"], named[0].body) == ("application/json; charset=utf-16", b'{"errlint": ')
    assert (bare[0].headers["content-type"], bare[0].body) == ("application/json", b'{"errlint": "\xff\xfe')
    assert (named[1], bare[1]) == (True, True)


def test_a_wrong_encoding_stands_over_a_body_that_no_decoder_takes() -> None:
    found = sent(operation(JSON), "wrong-encoding")
    assert [(seen.headers["content-encoding"], seen.body) for seen, _ in found] == [
        ("errlint", b'{"errlint": '),
        ("gzip", b'{"errlint": '),
    ]
    assert all(rejected for _, rejected in found)


def test_duplicate_members_break_the_schema_whichever_of_them_holds() -> None:
    assert shown(operation(JSON), "duplicate-members") == [("POST", "/v1/things", b'{"errlint":1,"errlint":2}', True)]
    assert sent(operation({"application/json": {"schema": {"type": "object"}}}), "duplicate-members") == []


def test_deep_nesting_is_bounded_never_closed_and_harmless_to_the_client() -> None:
    ((seen, rejected),) = sent(operation(JSON), "deep-nesting")
    assert (seen.body, rejected) == (b"[" * 2000, True)
    (trial,) = planned(operation({"application/json": {"schema": {}}}), "deep-nesting")
    assert (trial.request.rejected, len(curl(trial.request)) < 2500) == (True, True)


def test_no_stimulus_about_json_goes_to_an_operation_that_takes_none() -> None:
    doc = operation({"text/plain": {"schema": {"type": "string"}}})
    names = ("wrong-charset", "wrong-encoding", "duplicate-members", "deep-nesting", "unknown-value")
    assert [planned(doc, name, writes="allowed") for name in names] == [[], [], [], [], []]


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        ({"modelId": {"type": "string"}, "note": {"type": "string"}}, "modelId"),
        ({"note": {"type": "string"}, "model": {"type": "string"}}, "model"),
        ({"modelId": {"type": "string"}, "stage": {"type": "string", "enum": ["a", "b"]}}, "stage"),
        ({"name": {"type": "string"}}, None),
        ({"modelId": {"type": "string", "maxLength": 3}}, None),
        ({"modelId": {"type": "integer"}}, None),
    ],
)
def test_an_unknown_value_names_nothing_and_is_a_write_that_only_the_user_can_allow(
    members: dict[str, Any], wanted: str | None
) -> None:
    schema = {"type": "object", "required": list(members), "properties": members}
    doc = operation({"application/json": {"schema": schema}})
    found = planned(doc, "unknown-value", writes="allowed")
    valid = {name: "errlint-no-such-value" for name in members if name == wanted == "stage"}
    assert len(found) == (wanted is not None)
    assert all(f'"{name}":"{value}"'.encode() in (found[0].request.body or b"") for name, value in valid.items())
    assert [trial.request.rejected for trial in found] in ([], [False])
    assert planned(doc, "unknown-value") == []


def test_an_unknown_value_is_no_example_of_the_document() -> None:
    schema = {
        "type": "object",
        "required": ["modelId"],
        "properties": {"modelId": {"type": "string", "example": "m-real", "default": "m-real"}},
    }
    (trial,) = planned(operation({"application/json": {"schema": schema}}), "unknown-value", writes="allowed")
    assert b"m-real" not in (trial.request.body or b"")


def test_a_read_is_tried_with_a_value_that_no_list_has() -> None:
    doc = reading({"name": "kind", "schema": {"type": "string", "enum": ["a", "b"]}}, {"name": "q", "schema": {}})
    assert queries(doc, "unknown-value") == [("kind=errlint", False)]


def test_a_read_is_tried_without_the_parameters_that_it_requires() -> None:
    needed = {"name": "q", "required": True, "schema": {"type": "string"}}
    assert queries(reading(needed, {"name": "n", "schema": {"type": "integer"}}), "missing-required") == [("", True)]
    assert queries(reading(needed, statuses=("200", "default")), "missing-required") == [("", False)]
    assert queries(reading({**needed, "schema": {"type": "string", "default": "a"}}), "missing-required") == []
    assert queries(reading({"name": "q", "schema": {"type": "string"}}), "missing-required") == []


@pytest.mark.parametrize(
    ("schema", "tried"),
    [
        ({"type": "integer"}, True),
        ({"type": "number", "minimum": 0}, True),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, True),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, False),
        ({"type": ["integer", "string"]}, False),
        ({"type": "array", "items": {"type": "integer"}}, False),
        ({"type": "boolean"}, False),
        ({"type": "string"}, False),
        ({}, False),
        ({"$ref": "#/components/schemas/nowhere"}, False),
    ],
)
def test_a_read_is_tried_with_a_word_where_only_a_number_can_be(schema: dict[str, Any], tried: bool) -> None:
    assert queries(reading({"name": "n", "schema": schema}), "wrong-type") == ([("n=errlint", True)] if tried else [])


def test_a_word_for_a_number_keeps_the_other_required_parameters() -> None:
    doc = reading({"name": "n", "schema": {"type": "integer"}}, {"name": "q", "required": True, "schema": {"const": "a"}})
    assert queries(doc, "wrong-type") == [("q=a&n=errlint", True)]


def test_a_key_in_the_query_is_never_left_out_or_replaced() -> None:
    doc = reading({"name": "key", "required": True, "schema": {"type": "integer"}})
    doc["components"] = {"securitySchemes": {"bearer": {"type": "apiKey", "in": "query", "name": "key"}}}
    assert [planned(doc, name) for name in ("missing-required", "wrong-type")] == [[], []]


@pytest.mark.parametrize(("stimulus", "path"), [("trailing-slash", "/v1/things/"), ("double-slash", "/v1//things")])
def test_a_path_that_is_spelled_another_way_is_tried_once_and_expected_nothing_of(stimulus: str, path: str) -> None:
    assert shown(things(), stimulus) == [("GET", path, b"", False)]


def test_a_spelling_that_the_document_declares_too_is_not_tried() -> None:
    answers = {"responses": {"200": {"description": ""}}}
    doc = document({"/things": {"get": answers}, "/things/": {"get": answers}})
    assert planned(doc, "trailing-slash") == []
    assert planned(document({"/things": {"get": answers}, "/{all+}": {"get": answers}}), "double-slash") == []


def test_what_a_server_may_route_all_the_same_is_near_its_operation() -> None:
    found = [*planned(things(), "trailing-slash"), *planned(things(), "double-slash"), *planned(things(), "malformed-id")]
    assert [(trial.label, trial.request.near.label if trial.request.near else "") for trial in found] == [
        (None, "GET /things"),
        (None, "GET /things"),
        ("GET /things/{id}", ""),
        (None, "GET /things/{id}"),
        (None, "GET /things/{id}"),
        *[("GET /things/{id}", "")] * 3,
    ]


def test_an_unknown_path_is_asked_with_an_unregistered_method_too() -> None:
    ((method, path, body, rejected),) = shown(things(), "unknown-path-method")
    assert (method, path.rpartition("-")[0], body, rejected) == ("ERRLINT", "/v1/errlint-no-such-path", b"", True)


def test_an_id_that_no_resource_has_is_refused_where_the_document_says_404() -> None:
    found = [(path.rpartition("/")[2][:8], rejected) for _, path, _, rejected in shown(things(), "malformed-id")]
    assert found[3:] == [("%FF", True), ("%00", True), ("zzzzzzzz", True)]
    doc = things()
    del doc["paths"]["/things/{id}"]["get"]["responses"]["404"]
    assert [rejected for _, _, _, rejected in shown(doc, "malformed-id")][3:] in ([False] * 3, [True] * 3)


def test_directed_requests_stay_few() -> None:
    made = plan(spec_of(things()), Options("http://127.0.0.1:9/v1")).trials
    counts: dict[str, int] = {}
    for trial in made:
        counts[trial.label or ""] = counts.get(trial.label or "", 0) + 1
    assert max(counts.values()) <= 20
    bodies = [trial for trial in made if trial.request.method in ("POST", "PUT")]
    assert len(bodies) > 20
    assert all(trial.request.rejected for trial in bodies)


def test_a_service_may_answer_a_strayed_request_as_its_operation_would() -> None:
    catalog = api.compiled(api.contract(["pkg:errlint/demo/catalog.yaml"]))
    service = {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 404}}

    def layers(trial: Trial, body: Any) -> tuple[str, ...]:
        seen = Observation(
            "live", Location("a", ()), 404, {"content-type": "application/json"}, value=body, request=trial.request
        )
        return read_answer(seen, catalog).layers

    (near,), (far, _) = planned(things(), "trailing-slash"), planned(things(), "unknown-path")
    assert (layers(near, service), layers(far, service)) == (("service",), ("framework",))
    assert layers(near, {"detail": "Not Found"}) == layers(near, {"status": "missing"}) == ("framework",)
