"""``errlint catalog export --to openapi``: documents whose error responses say exactly what the catalog promises."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from errlint import api
from errlint.api.inputs import compiled, contract
from errlint.cli.commands import errlint
from errlint.demo.document import catalog_text, conforming_text
from errlint.export.patterns import pattern_of
from errlint.fixes.contract import Promise, body_of, message_of
from errlint.match.plan import Plan
from errlint.match.template import matcher
from errlint.model.catalog import Code, Layer, Message
from errlint.model.record import replace
from errlint.model.status import one

LOOSE = {"description": "An error.", "content": {"application/json": {"schema": {"type": "object"}}}}


def spec(responses: dict[str, Any], version: str = "3.1.0", path: str = "/things", **more: Any) -> dict[str, Any]:
    operation = {"operationId": "list", "responses": {"200": {"description": "ok"}, **responses}}
    return {"openapi": version, "info": {"title": "t", "version": "1"}, "paths": {path: {"get": operation}}, **more}


def export(folder: Path, catalog: str, document: Any, **options: Any) -> tuple[Any, tuple[str, ...]]:
    """(the exported document as data, the notes)."""
    into = folder / "openapi.json"
    into.write_text(json.dumps(document))
    reference = catalog
    if not catalog.startswith("builtin:"):
        (folder / "errors.yaml").write_text(catalog)
        reference = str(folder / "errors.yaml")
    made = api.export_openapi([reference], str(into), **options)
    return json.loads(made.text), made.notes


def responses_of(document: Any, path: str = "/things") -> dict[str, Any]:
    found = {}
    for key, response in document["paths"][path]["get"]["responses"].items():
        found[key] = resolved(document, response)
    return found


def resolved(document: Any, value: Any) -> Any:
    while isinstance(value, dict) and "$ref" in value:
        here = document
        for token in value["$ref"].removeprefix("#/").split("/"):
            here = here[token]
        value = here
    return value


def accepts(document: Any, schema: Any, body: Any) -> bool:
    """Whether a body satisfies a schema of a document, by the rules of its dialect."""
    return bool(validator(json.dumps(schema), json.dumps(document)).is_valid(body))


@lru_cache(maxsize=512)
def validator(schema: str, document: str) -> Any:
    data = json.loads(document)
    whole = {**json.loads(schema), "components": data.get("components", {}), "definitions": data.get("definitions", {})}
    return (OAS30Validator if data.get("openapi", "").startswith("3.0") else jsonschema.Draft202012Validator)(whole)


def branches(document: Any, schema: Any) -> list[Any]:
    found = resolved(document, schema)
    return found.get("oneOf") or found.get("anyOf") or [schema]


def samples(plan: Plan, layer: Layer, status: int) -> list[tuple[Code, Any]]:
    """A real body of each entry of a layer, in each of its envelopes of JSON."""
    found = []
    for signature in plan.signatures_of((layer.id,)):
        envelope = signature.envelope
        for code in plan.codes:
            if code.layer == layer.id and status in code.statuses and envelope.framing == "json":
                shown = message_of(code, status) or filled(code.messages(status))
                told = replace(code, variants=(), message=Message("literal", shown, "advise") if shown else None)
                body = body_of(Promise(layer, str(status), (told,), signature), told)
                if body is not None:
                    found.append((code, body))
    return found


def filled(messages: tuple[Message, ...]) -> str:
    """A message that a template writes."""
    for message in messages:
        text = re.sub(r"%(?:\(\w+\))?[a-z]|\{\w*\}", "7", message.text)
        if matcher(message).fits(text):
            return text
    return ""


@pytest.mark.parametrize("catalog", ["builtin:eventml", "builtin:maas"])
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_real_body_of_each_entry_is_exactly_one_branch_under_its_status(tmp_path: Path, catalog: str, version: str) -> None:
    plan = compiled(contract([catalog]))
    statuses = sorted({status for code in plan.codes if len(code.statuses.values) < 20 for status in code.statuses.values})
    declared = {str(status): LOOSE for status in statuses}
    document, _ = export(tmp_path, catalog, spec(declared, version))
    validate(document)
    checked = 0
    for status in statuses:
        media = responses_of(document).get(str(status), {}).get("content", {}).get("application/json")
        for layer in plan.layers.values():
            if layer.applies_to == "unrouted":
                continue
            for code, body in samples(plan, layer, status):
                hits = [one_ for one_ in branches(document, media["schema"]) if accepts(document, one_, body)]
                assert len(hits) == 1, (status, code.id, body, hits)
                assert accepts(document, media["schema"], body)
                checked += 1
    assert checked >= 30
    (tmp_path / "out.json").write_text(json.dumps(document))
    report = api.lint([str(tmp_path / "out.json")], [catalog])
    assert [one_.message for one_ in report.findings if one_.rule[:3] in ("COD", "ENV") and one_.severity >= 3] == []


BODY = {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 404}}


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"code": "ML_9999"}, False),
        ({"code": "ML_1000"}, False),
        ({"http": 400}, False),
        ({"message": "Model %s does not exist"}, False),
        ({"traceId": "1"}, False),
    ],
)
def test_what_the_catalog_does_not_promise_is_refused(tmp_path: Path, changed: dict[str, Any], taken: bool) -> None:
    document, notes = export(tmp_path, "builtin:eventml", spec({"404": LOOSE}))
    schema = responses_of(document)["404"]["content"]["application/json"]["schema"]
    assert accepts(document, schema, {"error": {**BODY["error"], **changed}}) is taken
    assert notes == ()


def test_codes_that_the_document_lists_are_kept_apart(tmp_path: Path) -> None:
    members = {"code": {"enum": ["ML_1001"]}, "message": {"type": "string"}, "http": {"type": "integer"}}
    error = {"type": "object", "required": ["code", "message", "http"], "properties": members}
    schema = {"type": "object", "required": ["error"], "properties": {"error": error}}
    listed = {"description": "", "content": {"application/json": {"schema": schema}}}
    document, _ = export(tmp_path, "builtin:eventml", spec({"404": listed}))
    assert responses_of(document)["404"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/ML_1001"}}
    }


LAYERS = """
errlint: 1
service: {name: things}
envelopes:
  own: {use: eventml}
  gate: {use: huawei-apig}
  web: {use: fastapi-detail}
layers:
  service: {envelope: own, applies_to: declared-operations}
  edge: {envelope: gate, applies_to: all-operations, in_spec: IN_SPEC, codes: CODES}
  framework: {envelope: web, applies_to: all-operations, in_spec: forbidden, codes: open}
errors:
  - {code: ML_1001, status: 404, layer: service, message: Nothing here}
  - {code: ML_1002, status: 409, layer: service, message: "Thing {name} exists", operations: [GET /things]}
  - {code: ML_1003, status: 409, layer: service, message: "Other", operations: [GET /others]}
  - {code: APIG.0101, status: 404, layer: edge}
  - {code: APIG.0301, status: 401, layer: edge}
  - {id: web, code: null, status: 418, layer: framework}
"""


def layers(in_spec: str, codes: str = "closed") -> str:
    return LAYERS.replace("IN_SPEC", in_spec).replace("CODES", codes)


def names(document: Any, status: str) -> list[str]:
    schema = responses_of(document)[status]["content"]["application/json"]["schema"]
    return [one_["$ref"].rpartition("/")[2] for one_ in branches(document, schema)]


def test_layers_that_compete_are_joined_and_required_ones_are_declared(tmp_path: Path) -> None:
    document, notes = export(tmp_path, layers("required"), spec({"404": LOOSE}))
    assert {status: names(document, status) for status in ("404", "401", "409")} == {
        "404": ["ML_1001", "APIG.0101"],
        "401": ["APIG.0301"],
        "409": ["ML_1002"],  # its entry names the operation
    }
    schema = responses_of(document)["404"]["content"]["application/json"]["schema"]
    assert "oneOf" in resolved(document, schema)
    assert notes == ()
    validate(document)


def test_optional_layers_are_joined_and_not_declared_where_the_document_does_not(tmp_path: Path) -> None:
    document, _ = export(tmp_path, layers("optional"), spec({"404": LOOSE}))
    assert set(responses_of(document)) == {"200", "404", "409"}
    assert names(document, "404") == ["ML_1001", "APIG.0101"]


def test_a_layer_that_stays_out_of_documents_is_taken_away(tmp_path: Path) -> None:
    document, notes = export(tmp_path, layers("forbidden"), spec({"404": LOOSE, "418": LOOSE, "402": LOOSE}))
    assert set(responses_of(document)) == {"200", "402", "404", "409"}
    assert names(document, "404") == ["ML_1001"]
    assert notes == (
        "418 of GET /things is taken away: only layers answer it that stay out",
        "402 of GET /things is left as it is: the catalog has no entry for it",
    )


def test_an_open_layer_may_answer_other_codes_but_none_that_the_catalog_has(tmp_path: Path) -> None:
    document, _ = export(tmp_path, layers("required", "open"), spec({"404": LOOSE}))
    schema = responses_of(document)["404"]["content"]["application/json"]["schema"]
    body = {"error_msg": "no", "request_id": "1"}
    codes = ("APIG.0999", "APIG.0101", "APIG.0301")
    assert [accepts(document, schema, {**body, "error_code": code}) for code in codes] == [True, True, False]


@pytest.mark.parametrize(
    ("envelope", "codes", "body", "other"),
    [
        ("{use: fastapi-detail}", "closed", {"detail": "Nothing"}, {"detail": "Other"}),
        ("{use: fastapi-detail}", "open", {"detail": "Other"}, {"error": "Other"}),
        (
            "{code: {pointer: /errors/*/code}, message: {pointer: /errors/*/text}}",
            "closed",
            [{"code": "A", "text": "Nothing"}],
            None,
        ),
    ],
)
def test_bodies_without_one_code_are_one_schema(tmp_path: Path, envelope: str, codes: str, body: Any, other: Any) -> None:
    code = "null" if "fastapi" in envelope else "A"
    catalog = f"""
errlint: 1
service: {{name: things}}
envelopes:
  own: {envelope}
layers: {{service: {{envelope: own, codes: {codes}}}}}
errors:
  - {{id: a, code: {code}, status: 404, message: Nothing}}
  - {{id: b, code: {"null" if code == "null" else "B"}, status: 404, message: Gone}}
"""
    document, notes = export(tmp_path, catalog, spec({"404": LOOSE}))
    schema = responses_of(document)["404"]["content"]["application/json"]["schema"]
    good = {"errors": body} if isinstance(body, list) else body
    bad = {"errors": [{"code": "C", "text": "Nothing"}]} if other is None else other
    assert [accepts(document, schema, one_) for one_ in (good, bad)] == [True, False]
    assert (len(branches(document, schema)), notes) == (1, ())


def test_every_status_is_declared_on_request(tmp_path: Path) -> None:
    document, _ = export(tmp_path, "builtin:eventml", spec({}), every=True)
    assert set(responses_of(document)) == {"200", "400", "401", "403", "404", "409", "500", "502", "503", "504"}
    validate(document)


def test_bodies_that_no_schema_tells_apart_are_an_any_of(tmp_path: Path) -> None:
    catalog = """
errlint: 1
service: {name: things}
envelopes:
  one: {code: {pointer: /code}, message: {pointer: /message}}
  two: {code: {pointer: /code}, message: {pointer: /text}}
layers: {service: {envelope: [one, two]}}
errors: [{code: A, status: 404}]
"""
    document, notes = export(tmp_path, catalog, spec({"404": LOOSE}))
    schema = resolved(document, responses_of(document)["404"]["content"]["application/json"]["schema"])
    assert list(schema) == ["anyOf"]
    assert accepts(document, schema, {"code": "A", "message": "x", "text": "y"})
    assert notes == ("404 of GET /things is an anyOf: what tells its bodies apart cannot be said in a schema",)


def test_openapi_2_lists_the_codes_and_says_so(tmp_path: Path) -> None:
    document = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"get": {"responses": {"404": {"description": "", "schema": {"type": "object"}}}}}},
    }
    made, notes = export(tmp_path, "builtin:eventml", document)
    validate(made)
    schema = responses_of(made)["404"]["schema"]
    assert accepts(made, schema, BODY)
    assert not accepts(made, schema, {"error": {**BODY["error"], "code": "ML_1000"}})
    assert notes == ("OpenAPI 2.0 has no oneOf: each response lists its codes, with neither status nor message of each",)


def test_a_shared_response_that_means_different_codes_is_written_out_where_it_is_used(tmp_path: Path) -> None:
    headers = {"Retry-After": {"schema": {"type": "integer"}}}
    shared = {"Missing": {**LOOSE, "headers": headers}}
    document = spec({"404": {"$ref": "#/components/responses/Missing"}}, components={"responses": shared})
    document["paths"]["/others"] = {"get": {"responses": {"409": {"$ref": "#/components/responses/Missing"}}}}
    made, _ = export(tmp_path, layers("optional"), document)
    assert responses_of(made)["404"]["headers"] == headers
    assert names(made, "404") == ["ML_1001", "APIG.0101"]
    other = responses_of(made, "/others")["409"]["content"]["application/json"]["schema"]
    assert other == {"$ref": "#/components/schemas/ML_1003"}


def test_names_that_are_taken_stay_with_their_owners(tmp_path: Path) -> None:
    own = {"ML_1001": {"type": "string"}}
    document, _ = export(tmp_path, "builtin:eventml", spec({"404": LOOSE}, components={"schemas": own}))
    assert document["components"]["schemas"]["ML_1001"] == {"type": "string"}
    assert "ML_1001_2" in names(document, "404")


def test_comments_and_everything_else_of_a_yaml_document_stay(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(conforming_text())
    (tmp_path / "errors.yaml").write_text(catalog_text())
    made = api.export_openapi([str(tmp_path / "errors.yaml")], str(tmp_path / "openapi.yaml"))
    kept = made.text.decode().splitlines()
    assert [line for line in conforming_text().splitlines() if line.lstrip().startswith("#") and line not in kept] == []
    validate(yaml.safe_load(made.text))
    assert made.notes == ()
    report = api.lint([_written(tmp_path, made.text)], [str(tmp_path / "errors.yaml")])
    assert [(one_.rule, one_.message) for one_ in report.findings if one_.severity >= 2] == []


def _written(folder: Path, text: bytes) -> str:
    (folder / "strict.yaml").write_bytes(text)
    return str(folder / "strict.yaml")


def test_a_document_that_cannot_be_changed_in_place_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n"
        "        '404': &e\n          description: x\n          content: {application/json: {schema: {type: object}}}\n"
        "  /b:\n    get:\n      responses: {'404': *e}\n"
    )
    made = api.export_openapi(["builtin:eventml"], str(tmp_path / "openapi.yaml"))
    data = yaml.safe_load(made.text)
    validate(data)
    for path in ("/a", "/b"):
        schema = data["paths"][path]["get"]["responses"]["404"]["content"]["application/json"]["schema"]
        assert accepts(data, schema, BODY)
    assert [note.partition(":")[0] for note in made.notes] == ["written anew, without comments"]


def test_the_command_writes_a_file_or_standard_output_and_its_notes_apart(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(spec({"404": LOOSE, "402": LOOSE})))
    words = ["catalog", "export", "builtin:eventml", "--to", "openapi", "--into", str(tmp_path / "a.json")]
    shown = CliRunner().invoke(errlint, words, standalone_mode=False)
    assert json.loads(shown.stdout)["components"]["schemas"].keys() >= {"ML_1001", "EventmlError"}
    assert shown.stderr == "errlint: 402 of GET /things is left as it is: the catalog has no entry for it\n"
    target = tmp_path / "out.json"
    quiet = CliRunner().invoke(errlint, [*words, "-o", str(target)], standalone_mode=False)
    assert (quiet.stdout, target.read_text()) == ("", shown.stdout)
    failed = CliRunner().invoke(errlint, [*words, "-o", str(tmp_path / "no" / "out.json")], standalone_mode=False)
    assert "cannot write" in str(failed.exception)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.json", "out.json"]


@pytest.mark.parametrize(
    ("kind", "text", "fits", "fails"),
    [
        ("literal", "a.b (c)", ["a.b (c)"], ["a.b (c) ", "axb (c)"]),
        ("printf", "Task %s: 100%% of %d", ["Task x: 100% of 12"], ["Task : 100% of 12", "Task x: 100% of y"]),
        ("braces", "Model {name} does not exist", ["Model a\nb does not exist"], ["Model does not exist"]),
        ("prefix", "Invalid", ["Invalid body"], ["An Invalid"]),
        ("regex", "^[a-z]+$", ["abc"], ["A"]),
    ],
)
def test_templates_become_patterns(kind: Any, text: str, fits: list[str], fails: list[str]) -> None:
    code = Code("a", "a", one(404), "service", message=Message(kind, text, "advise"))
    pattern = pattern_of((code,), 404, "all")
    schema = jsonschema.Draft202012Validator({"pattern": pattern})
    assert [schema.is_valid(word) for word in [*fits, *fails]] == [True] * len(fits) + [False] * len(fails)
    assert pattern_of((code,), 404, "strict") is None
    assert pattern_of((code, replace(code, message=None)), 404, "all") is None


def test_what_is_written_anew_means_the_same_in_every_version_of_yaml(tmp_path: Path) -> None:
    into = tmp_path / "openapi.yaml"
    into.write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n"
        "        '404': &e\n          description: x\n          content: {application/json: {schema: {type: object}}}\n"
        "  /b:\n    get:\n      responses: {'404': *e}\n"
    )
    (tmp_path / "errors.yaml").write_text(
        "errlint: 1\nservice: {name: x}\nenvelopes: {flat: {use: huawei-apig}}\nlayers: {service: {envelope: flat}}\n"
        'errors: [{code: "1e3", status: 404}, {code: "\\u2028x", status: 404}]\n'
    )
    made = api.export_openapi([str(tmp_path / "errors.yaml")], str(into))
    written = made.text.decode()
    assert (made.notes[0][:12], re.findall('(?:const|- ).*(?:1e3|[^h]x)"', written)) == (
        "written anew",
        ['const: "1e3"', 'const: "\\Lx"'],
    )
