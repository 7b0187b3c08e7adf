"""What documents write badly, beyond the examples on the cards: several documents, other files, shapes of references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.config import Settings
from errlint.load.openapi import read_spec
from errlint.load.source import load

BARE: dict[str, Any] = {"description": "d"}
JSON = "application/json"


def whole(paths: Any, version: str = "3.1.0", **root: Any) -> dict[str, Any]:
    key = "swagger" if version == "2.0" else "openapi"
    return {key: version, "info": {"title": "t", "version": "1"}, "paths": paths, **root}


def answering(responses: Any, version: str = "3.1.0", **root: Any) -> dict[str, Any]:
    return whole({"/a": {"get": {"responses": responses}}}, version, **root)


def error(schema: Any) -> dict[str, Any]:
    return {"description": "d", "content": {JSON: {"schema": schema}}}


def told(data: Any, *rules: str, **options: Any) -> list[tuple[str, str, str]]:
    """The rule, message and pointer of each finding."""
    report = api.lint([load(json.dumps(data).encode(), "a.json")], (), Settings(select=rules, options=options))
    return [(f.rule, f.message, "/".join(f.location.pointer)) for f in report.findings]


def written(folder: Path, **files: Any) -> list[str]:
    """Files below a folder, their names."""
    for name, data in files.items():
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    return [str(folder / f"{name}.json") for name in files]


# References


def test_a_misplaced_reference_is_one_finding_and_no_other_rule_speaks_of_it():
    gone = error({"type": "object", "required": ["code"]})
    uses = {"404": error({"$ref": "#/components/responses/Gone"}), "409": error({"$ref": "#/components/responses/Gone"})}
    got = told(answering(uses, components={"responses": {"Gone": gone}}), "DEC004", "DEC008", "ENV005")
    assert [(rule, pointer) for rule, _, pointer in got] == [
        ("DEC008", "paths//a/get/responses/404/content/application/json/schema"),
        ("DEC008", "paths//a/get/responses/409/content/application/json/schema"),
    ]


def test_a_response_that_refers_to_a_schema_is_no_response_without_content():
    data = answering({"404": {"$ref": "#/definitions/E"}}, "2.0", definitions={"E": {"type": "object"}})
    assert told(data, "DEC004", "DEC008") == [
        ("DEC008", "a response is wanted here, the reference leads to a schema: #/definitions/E", "paths//a/get/responses/404")
    ]


def test_ignored_siblings_are_told_once_for_their_place():
    members = {"code": {"$ref": "#/components/schemas/C", "description": "d", "enum": ["A"]}}
    schemas = {"E": {"type": "object", "properties": members}, "C": {"type": "string"}}
    responses = dict.fromkeys(("400", "404", "409"), error({"$ref": "#/components/schemas/E"}))
    data = answering(responses, "3.0.3", components={"schemas": schemas})
    assert told(data, "DEC009") == [
        ("DEC009", "description, enum beside $ref have no effect in OpenAPI 3.0", "components/schemas/E/properties/code")
    ]


def test_a_member_that_is_called_ref_is_no_reference():
    link = {"type": "object", "properties": {"$ref": {"type": "string"}, "title": {"type": "string"}}}
    assert told(answering({"404": error(link)}, "3.0.3"), "DEC008", "DEC009", "DEC014") == []


def test_a_broken_reference_of_a_shared_component_is_of_all_operations():
    gone = {"400": error({"$ref": "#/components/schemas/E"})}
    paths = {f"/{name}": {"get": {"responses": gone}} for name in "abc"}
    schemas = {"E": {"properties": {"code": {"$ref": "#/components/schemas/Gone"}}}}
    data = whole(paths, components={"schemas": schemas})
    (found,) = api.lint([load(json.dumps(data).encode(), "a.json")], (), Settings(select=("DEC014",))).findings
    assert (found.operations, len(found.sites)) == (("GET /a", "GET /b", "GET /c"), 3)


def choice(*names: str) -> dict[str, Any]:
    return error({"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]})


def test_branches_that_overlap_are_one_fault_however_often_they_are_written():
    schemas = {
        name: {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}, name: {"type": "string"}}}
        for name in "ABC"
    }
    uses = {"/a": choice("A", "B"), "/b": choice("A", "B"), "/c": choice("A", "C")}
    data = whole({path: {"get": {"responses": {"400": use}}} for path, use in uses.items()}, components={"schemas": schemas})
    two = whole({path: data["paths"][path] for path in ("/a", "/b")}, components={"schemas": schemas})
    assert [(rule, message) for rule, message, _ in told(two, "ENV008")] == [
        ("ENV008", "A and B accept the same error: a oneOf makes each such body invalid")
    ]
    assert [(rule, message) for rule, message, _ in told(data, "ENV008")] == [
        ("ENV008", "in 3 places two branches of a oneOf accept the same error, the first: A and B")
    ]


def test_error_responses_are_counted_once_for_their_media_types():
    body = {"schema": {"type": "object", "required": ["code"]}}
    two = {"description": "d", "content": {JSON: body, "application/xml": body}}
    report = api.lint([load(json.dumps(answering({"400": two, "404": two})).encode(), "a.json")], ())
    assert report.read == ("a.json (OpenAPI 3.1.0): 1 operation, 2 error responses",)


# Components that nothing uses


def test_a_component_that_another_document_refers_to_is_used(tmp_path):
    base = whole({"/a": {"get": {"responses": {"404": BARE}}}}, components={"responses": {"NotFound": BARE, "Denied": BARE}})
    other = whole({"/b": {"get": {"responses": {"404": {"$ref": "base.json#/components/responses/NotFound"}}}}})
    report = api.lint(written(tmp_path, base=base, other=other), (), Settings(select=("DEC011",)))
    assert [f.message for f in report.findings] == ["nothing refers to this error response: Denied"]


def test_a_component_that_a_read_file_refers_back_to_is_used(tmp_path):
    item = {"get": {"responses": {"404": {"$ref": "base.json#/components/responses/NotFound"}}}}
    base = whole({"/a": {"$ref": "item.json"}}, components={"responses": {"NotFound": BARE}})
    names = written(tmp_path, base=base, item=item)
    assert api.lint(names[:1], (), Settings(select=("DEC011",))).findings == ()


def test_unused_components_may_refer_to_one_another_in_a_circle():
    responses = {"NotFound": error({"$ref": "#/components/schemas/E"})}
    schemas = {"E": {"properties": {"inner": {"$ref": "#/components/schemas/F"}}}, "F": {"$ref": "#/components/schemas/E"}}
    data = answering({"404": BARE}, components={"responses": responses, "schemas": schemas})
    assert told(data, "DEC011") == [
        ("DEC011", "nothing refers to this error response: NotFound", "components/responses/NotFound")
    ]


def test_a_schema_that_is_also_used_elsewhere_is_used():
    responses = {"NotFound": error({"$ref": "#/components/schemas/E"})}
    for other in (
        {"A": {"$ref": "#/components/schemas/E"}},
        {"A": {"discriminator": {"mapping": {"e": "#/components/schemas/E"}}}},
    ):
        data = answering({"404": BARE}, components={"responses": responses, "schemas": {"E": {"type": "object"}, **other}})
        assert [message for _, message, _ in told(data, "DEC011")] == ["nothing refers to this error response: NotFound"]


def test_references_are_looked_for_only_where_a_response_may_be_unused():
    spec = read_spec(load(json.dumps(answering({"404": BARE})).encode(), "a.json")).spec
    assert [(top.uri, top.pointer, set(top.value)) for top in spec.reached()] == [("a.json", (), {"openapi", "info", "paths"})]


# Paths


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/a/{id}", "/a/{name}/", ["/a/{id} and /a/{name}/ are one path"]),
        ("/a/{id}", "/a/mine", []),
        ("/a/{id}.json", "/a/{name}.json", ["/a/{id}.json and /a/{name}.json are one path"]),
        ("/a/{id}.json", "/a/{name}.xml", []),
        ("/{a}/b/c", "/x/{b}/c", ["/x/b/c is both /{a}/b/c and /x/{b}/c"]),
        ("/{a}/b", "/x/{b}/c", []),
    ],
)
def test_two_paths_meet_where_neither_is_the_more_concrete_one(one, other, expected):
    data = whole({path: {"get": {"responses": {}}} for path in (one, other)})
    assert [message for _, message, _ in told(data, "DEC015")] == expected


def test_very_many_paths_are_not_compared():
    data = whole({f"/{number}/{{x}}": {"get": {"responses": {}}} for number in range(800)})
    report = api.lint([load(json.dumps(data).encode(), "a.json")], (), Settings(select=("DEC015",)))
    assert [one.why for one in report.unknown] == ["whether paths are ambiguous: there are too many"]


# Layers


SHOP = {
    "errlint": 1,
    "service": {"name": "shop"},
    "envelopes": {"eventml": {"use": "eventml"}},
    "layers": {"shop": {"envelope": "eventml"}, "gateway": {"envelope": "eventml", "applies_to": "all-operations"}},
    "errors": [{"code": "A", "status": 404, "layer": "shop"}, {"code": "B", "status": [404, 429], "layer": "gateway"}],
}


def envelope(code: Any, http: int) -> dict[str, Any]:
    members = {"code": code, "message": {"type": "string"}, "http": {"const": http}}
    inner = {"type": "object", "required": list(members), "properties": members}
    return error({"type": "object", "required": ["error"], "properties": {"error": inner}})


def test_an_ambiguous_layer_is_told_once_for_a_document(tmp_path):
    (catalog,) = written(tmp_path, errors=SHOP)
    open_code = envelope({"type": "string"}, 404)
    data = whole({f"/{name}": {"get": {"responses": {"404": open_code}}} for name in "abc"})
    report = api.lint([load(json.dumps(data).encode(), "a.json")], [catalog], Settings(select=("DEC012",)))
    assert [f.message for f in report.findings] == ["GET /a 404 may be of layers shop, gateway (and 2 more like it)"]


def test_a_closed_layer_that_has_no_such_status_is_none_of_them(tmp_path):
    (catalog,) = written(tmp_path, errors=SHOP)
    data = answering({"429": envelope({"type": "string"}, 429)})
    assert api.lint([load(json.dumps(data).encode(), "a.json")], [catalog], Settings(select=("DEC012",))).findings == ()
