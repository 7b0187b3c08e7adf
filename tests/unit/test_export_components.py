"""``errlint catalog export --to components`` and ``--to overlay``: OpenAPI that holds what the catalog says."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from errlint import api
from errlint.cli.commands import errlint
from errlint.demo.document import catalog_text, conforming_text
from errlint.errors import LoadError
from errlint.export.components import components
from errlint.export.overlay import jsonpath, overlay
from errlint.export.written import applied
from errlint.export.yaml_ import yaml_text
from errlint.load.catalog import read_catalog
from errlint.model.catalog import Catalog
from errlint.model.finding import Location
from errlint.model.fix import AddMember, Remove, SetValue
from errlint.model.record import replace
from tests.unit.export_cases import documents, loaded, once, placeless, plan_of, shipped

BOTH = ("builtin:maas", "pkg:errlint/demo/catalog.yaml")


def read(text: str | bytes) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def exported(name: str, version: str) -> Any:
    return json.loads(api.export_catalog([name], "components", dialect=version, name="components.json").text)


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_components_are_a_valid_document_from_which_init_writes_the_same_catalog(
    tmp_path: Path, name: str, version: str
) -> None:
    document = exported(name, version)
    validate(document)
    assert document["openapi"].startswith(version)
    assert placeless(started(tmp_path, document)) == placeless(shipped(name))


def started(folder: Path, document: Any) -> Catalog:
    """The catalog that ``errlint init`` writes for a document."""
    (folder / "openapi.json").write_text(json.dumps(document))
    done = CliRunner().invoke(errlint, ["init", str(folder / "openapi.json"), "--dry-run"], standalone_mode=False)
    assert done.exception is None
    return loaded(folder, done.stdout, "errors.yaml")


@given(data=documents())
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_components_of_a_hostile_catalog_are_read_back_as_they_are_and_init_writes_it_again(tmp_path: Path, data: Any) -> None:
    catalog = loaded(tmp_path, data)
    document = components(catalog, plan_of(catalog))
    assert read(yaml_text(document)) == json.loads(json.dumps(document))
    assert all(
        re.fullmatch("[a-zA-Z0-9._-]+", name) for part in ("schemas", "responses") for name in document["components"][part]
    )
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\ufeff]", yaml_text(document)) == []
    assert placeless(started(tmp_path, document)) == placeless(replace(catalog, codes=tuple(once(catalog))))


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_each_example_satisfies_the_schema_of_its_response(name: str, version: str) -> None:
    document = exported(name, version)
    checked = 0
    for response in document["components"]["responses"].values():
        for content in response.get("content", {}).values():
            schema = {**content["schema"], "components": {"schemas": document["components"]["schemas"]}}
            judge = OAS30Validator(schema) if version == "3.0" else jsonschema.Draft202012Validator(schema)
            for example in content.get("examples", {}).values():
                assert list(judge.iter_errors(example["value"])) == []
                checked += 1
    entries = sum(len(code.statuses.text.split(", ")) + 1 for code in shipped(name).codes)
    assert checked == entries


def test_a_response_says_what_its_entry_is(tmp_path: Path) -> None:
    data = {
        "errlint": 1,
        "service": {"name": "shop", "version": "2"},
        "envelopes": {
            "own": {"code": {"pointer": "/code", "type": "string"}, "message": {"pointer": "/text", "type": "string"}}
        },
        "layers": {"service": {"envelope": "own"}},
        "errors": [
            {"code": "busy", "status": [429, "5XX"], "name": "BUSY", "message": "Wait {seconds} s", "headers": ["X-Left"]}
        ],
    }
    catalog = loaded(tmp_path, data)
    document = components(catalog, plan_of(catalog))
    entry = {"code": "busy", "status": [429, "5XX"], "name": "BUSY", "layer": "service", "message": "Wait {seconds} s"}
    entry["headers"] = ["X-Left"]
    bound = {"type": "object", "required": ["code"], "properties": {"code": {"const": "busy"}}}
    content = {
        "application/json": {
            "schema": {"allOf": [{"$ref": "#/components/schemas/OwnError"}, bound]},
            "examples": {"busy": {"summary": "BUSY", "value": {"code": "busy", "text": "Wait seconds s"}}},
        }
    }
    left = {"X-Left": {"schema": {"type": "string"}, "example": "1"}}
    waits = {**left, "Retry-After": {"schema": {"type": "string"}, "example": "1"}}
    assert document["components"]["responses"] == {
        "TooManyRequests": {"description": "Too Many Requests", "headers": waits, "content": content, "x-error-codes": [entry]},
        "Error5XX": {"description": "An error (5XX).", "headers": left, "content": content, "x-error-codes": [entry]},
        "busy": {"description": "Wait {seconds} s", "headers": waits, "content": content, "x-error-codes": [entry]},
    }
    assert document["components"]["schemas"]["ServiceCode"] == {
        "title": "The codes of service",
        "type": "string",
        "enum": ["busy"],
        "x-enum-varnames": ["BUSY"],
    }


@pytest.mark.parametrize(
    "text", ["no", "Off", "1e3", "0o17", "010", "1_000", "~", "null", "2020-01-01", ".5", "+1", "y", "1:20", "<<"]
)
def test_yaml_quotes_what_some_reader_takes_for_something_else(text: str) -> None:
    assert yaml_text({"code": text}) == f'code: "{text}"\n'


def test_a_catalog_without_an_envelope_has_plain_bodies_and_no_guess(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text("errlint: 1\nservice: {name: shop}\nerrors: [{code: GONE, status: 404, message: Gone}]\n")
    made = api.export_catalog([str(path)], "components", name="x.json")
    document = json.loads(made.text)
    assert list(document["components"]["schemas"]) == ["PlainError", "ServiceCode"]
    assert document["components"]["responses"]["GONE"]["content"]["application/json"]["examples"]["GONE"]["value"] == {
        "message": "Gone",
        "code": "GONE",
    }
    assert made.notes == (
        'the catalog names no envelope: bodies are {"code", "message"}; say what yours look like under envelopes',
    )
    assert placeless(started(tmp_path, document)) == placeless(read_catalog(str(path)).catalog)
    assert api.export_catalog([str(path)], "fastapi").notes == made.notes
    assert api.mock([str(path)]).notes == made.notes


def test_components_are_json_where_the_file_says_so(tmp_path: Path) -> None:
    for name in ("out.json", "out.yaml"):
        run = ["catalog", "export", "builtin:maas", "--to", "components", "-o", str(tmp_path / name)]
        assert CliRunner().invoke(errlint, run, standalone_mode=False).exception is None
    assert exported("builtin:maas", "3.1") == json.loads((tmp_path / "out.json").read_text())
    assert json.loads((tmp_path / "out.json").read_text()) == read((tmp_path / "out.yaml").read_text())


# The overlay

#: What Overlay 1.0.0 section 4.4 says of a document.
OVERLAY: dict[str, Any] = {
    "type": "object",
    "required": ["overlay", "info", "actions"],
    "additionalProperties": False,
    "properties": {
        "overlay": {"const": "1.0.0"},
        "info": {
            "type": "object",
            "required": ["title", "version"],
            "additionalProperties": False,
            "properties": {"title": {"type": "string"}, "version": {"type": "string"}},
        },
        "extends": {"type": "string", "format": "uri-reference"},
        "actions": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "required": ["target"],
                "additionalProperties": False,
                "oneOf": [{"required": ["update"]}, {"required": ["remove"]}],
                "properties": {
                    "target": {"type": "string", "pattern": "^\\$"},
                    "update": {"type": "object"},
                    "remove": {"const": True},
                },
            },
        },
    },
}


def overlaid(document: Any, made: Any) -> Any:
    """A document after an overlay: an applier of its own, by the words of Overlay 1.0.0, for normalized paths."""
    jsonschema.Draft202012Validator(OVERLAY).validate(made)
    found = copy.deepcopy(document)
    for action in made["actions"]:
        above, token, here = None, None, found
        for token in tokens(action["target"]):
            above, here = here, here[token]
        if action.get("remove"):
            del above[token]
        else:
            merge(here, action["update"])
    return found


def tokens(path: str) -> list[Any]:
    assert re.fullmatch(r"\$(\['(?:[^'\\]|\\.)*'\]|\[\d+\])*", path), path
    found = re.findall(r"\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]", path)
    return [
        int(index) if index else json.loads('"' + name.replace("\\'", "'").replace('"', '\\"') + '"') for name, index in found
    ]


def merge(target: Any, update: Any) -> None:
    for name, value in update.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            merge(target[name], value)
        elif isinstance(value, list) and isinstance(target.get(name), list):
            target[name] += copy.deepcopy(value)
        else:
            target[name] = copy.deepcopy(value)


def test_an_overlay_makes_of_the_document_what_the_openapi_target_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = read(conforming_text())
    kept = ("/models", "/training/{jobId}")
    document["paths"] = {path: item for path, item in document["paths"].items() if path in kept}
    Path("eventml.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    Path("errors.yaml").write_text(catalog_text())
    done = CliRunner().invoke(
        errlint, ["catalog", "export", "errors.yaml", "--to", "overlay", "--into", "eventml.yaml"], standalone_mode=False
    )
    assert done.exception is None
    made = read(done.stdout)
    assert {key: value for key, value in made.items() if key != "actions"} == {
        "overlay": "1.0.0",
        "info": {"title": "Errors of EventML Service", "version": "0"},
        "extends": "eventml.yaml",
    }
    assert overlaid(document, made) == read(api.export_openapi(["errors.yaml"], "eventml.yaml", every=True).text)


ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def test_an_overlay_gives_an_operation_without_errors_those_that_apply_to_it(tmp_path: Path) -> None:
    (tmp_path / "errors.yaml").write_text(
        "errlint: 1\nservice: {name: shop}\n"
        "envelopes: {own: {code: {pointer: /code}, message: {pointer: /text}}}\nlayers: {service: {envelope: own}}\n"
        "errors: [{code: gone, status: 404, operations: [GET /a/*]}, {code: full, status: 409, operations: [POST /a]}]\n"
    )
    item = {"get": {"responses": {"200": {"description": "ok"}}}, "parameters": [ID]}
    spec = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a/{id}": item}}
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    made = json.loads(api.export_overlay([str(tmp_path / "errors.yaml")], str(tmp_path / "spec.json"), name="x.json").text)
    after = overlaid(spec, made)
    validate(after)
    assert "extends" not in made
    assert list(after["paths"]["/a/{id}"]["get"]["responses"]) == ["200", "404"]
    assert made["actions"][-1]["target"] == "$['paths']['/a/{id}']['get']['responses']"


def test_a_value_that_stands_is_removed_before_another_takes_its_place() -> None:
    data = {"a": [{"it's": {"x": 1}, "b": {"y": 1}}]}
    edits = (
        SetValue(Location("", ("a", "0", "it's")), {"z": 2}),
        AddMember(Location("", ("a", "0")), "c\n", 3),
        AddMember(Location("", ("a", "0")), "d", {"e": []}),
        Remove(Location("", ("a", "0", "b"))),
    )
    made = overlay(shipped("builtin:eventml"), "https://x.test/spec.yaml", data, edits)
    assert made["extends"] == "https://x.test/spec.yaml"
    assert made["actions"] == [
        {"target": "$['a'][0]['it\\'s']", "remove": True},
        {"target": "$['a'][0]", "update": {"it's": {"z": 2}, "c\n": 3, "d": {"e": []}}},
        {"target": "$['a'][0]['b']", "remove": True},
    ]
    assert overlaid(data, made) == applied(data, edits)
    assert jsonpath({}, ("a\\b\x01",)) == "$['a\\\\b\\u0001']"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--to", "overlay"], "--to overlay needs a document; name it: --into SPEC"),
        (["--to", "openapi"], "--to openapi needs a document; name it: --into SPEC"),
        (["--to", "html", "--into", "x"], "--into does nothing for --to html; it belongs to --to openapi and --to overlay"),
        (["--to", "csv", "--openapi", "3.0"], "--openapi does nothing for --to csv; it belongs to --to components"),
        (
            ["--to", "overlay", "--into", "x", "--declare-all"],
            "--declare-all does nothing for --to overlay; it belongs to --to openapi",
        ),
    ],
)
def test_options_that_do_nothing_for_a_target_are_refused(arguments: list[str], line: str) -> None:
    from errlint.errors import ConfigError

    done = CliRunner().invoke(errlint, ["catalog", "export", "builtin:eventml", *arguments], standalone_mode=False)
    assert isinstance(done.exception, ConfigError)
    assert done.exception.line() == line


def test_an_overlay_that_would_do_nothing_is_refused(tmp_path: Path) -> None:
    from errlint.errors import ConfigError

    (tmp_path / "spec.json").write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {}})
    )
    with pytest.raises(ConfigError) as caught:
        api.export_overlay(["builtin:eventml"], str(tmp_path / "spec.json"))
    assert caught.value.message.startswith("the catalog has no error for an operation of ")


def test_an_overlay_of_a_document_with_a_list_for_an_object_is_refused() -> None:
    edit = AddMember(Location("spec.json", ("components", "schemas")), "Error", {})
    with pytest.raises(LoadError) as caught:
        overlay(shipped("builtin:eventml"), "spec.json", {"components": []}, [edit])
    assert caught.value.line() == "spec.json: cannot be changed: a list stands where an object should"
