"""What is generated from a catalog: text for text, in each dialect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from errlint.api.fixing import fixed, write
from errlint.api.linting import Task, lint_all
from errlint.fixes.dialects import translated
from errlint.load.source import read
from errlint.model.finding import Severity
from tests.unit.fix_cases import CATALOG, CODES, ENVELOPE, OPTIONAL, answer, document, schema

TEXT = """# The shop's contract.
openapi: 3.1.0
info:
  title: Shop   # the old one
  version: '1.0'
paths:
  /things:
    get:
      # what it answers
      responses:
        '200':
          description: ok
        # see the catalog
        '404':
          description: There is none   # said by the database
# the end
"""

MENDED = """# The shop's contract.
openapi: 3.1.0
info:
  title: Shop   # the old one
  version: '1.0'
paths:
  /things:
    get:
      # what it answers
      responses:
        '200':
          description: ok
        # see the catalog
        '404':
          description: There is none   # said by the database
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Service404'
components:
  schemas:
    Service404:
      type: object
      required:
        - error
      properties:
        error:
          type: object
          required:
            - code
            - message
            - status
          properties:
            code:
              type: string
              enum:
                - SHOP-2004
            message:
              type: string
            status:
              type: integer
              const: 404
# the end
"""


def mended(text: str, folder: Path, catalog: dict[str, Any] | str, name: str = "openapi.yaml") -> str:
    path = folder / name
    path.write_text(text)
    reference = catalog
    if not isinstance(catalog, str):
        (folder / "errors.json").write_text(json.dumps(catalog))
        reference = str(folder / "errors.json")
    tasks = [Task((str(path),), (str(reference),))]
    write(fixed(tasks, lint_all(tasks), unsafe=True))
    assert [one for one in lint_all(tasks).findings if one.severity is Severity.ERROR] == []
    return path.read_text()


def test_a_schema_is_added_and_every_other_line_stays(tmp_path: Path) -> None:
    assert mended(TEXT, tmp_path, OPTIONAL) == MENDED


def test_all_lines_end_as_they_did(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    (tmp_path / "errors.json").write_text(json.dumps(OPTIONAL))
    tasks = [Task((str(path),), (str(tmp_path / "errors.json"),))]
    write(fixed(tasks, lint_all(tasks), unsafe=True))
    assert path.read_bytes() == MENDED.replace("\n", "\r\n").encode()


def test_a_response_of_3_1_has_an_example_of_each_code(tmp_path: Path) -> None:
    text = mended(yaml.safe_dump(document({"200": {"description": "ok"}})), tmp_path, {**OPTIONAL, "errors": CODES[:2]})
    assert yaml.safe_load(text)["components"]["responses"]["ServiceError"] == {
        "description": "An error of service.",
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/ServiceError"},
                "examples": {
                    "SHOP-1000": {
                        "summary": "BAD_INPUT",
                        "value": {"error": {"code": "SHOP-1000", "message": "The input is not valid", "status": 400}},
                    },
                    "SHOP-1001": {
                        "summary": "NO_LOGIN",
                        "value": {"error": {"code": "SHOP-1001", "message": "Log in first", "status": 401}},
                    },
                },
            }
        },
    }


def test_a_response_of_2_0_has_one_example(tmp_path: Path) -> None:
    text = mended(json.dumps(document({"200": {"description": "ok"}}, openapi="2.0")), tmp_path, OPTIONAL, "swagger.json")
    data = json.loads(text)
    assert data["responses"]["ServiceError"] == {
        "description": "An error of service.",
        "schema": {"$ref": "#/definitions/ServiceError"},
        "examples": {"application/json": {"error": {"code": "SHOP-1000", "message": "The input is not valid", "status": 400}}},
    }
    assert data["definitions"]["ServiceError"]["properties"]["error"]["properties"]["code"] == {
        "type": "string",
        "enum": [code["code"] for code in CODES],
    }


@pytest.mark.parametrize(
    ("openapi", "status"), [("3.1.0", {"type": "integer", "const": 404}), ("3.0.3", {"type": "integer", "enum": [404]})]
)
def test_the_status_is_fixed_as_the_dialect_can(openapi: str, status: dict[str, Any], tmp_path: Path) -> None:
    responses = {"200": {"description": "ok"}, "404": {"description": "d"}}
    text = mended(yaml.safe_dump(document(responses, openapi=openapi)), tmp_path, OPTIONAL)
    properties = yaml.safe_load(text)["components"]["schemas"]["Service404"]["properties"]["error"]["properties"]
    assert properties["status"] == status


def test_a_message_with_placeholders_and_no_example_shows_nothing(tmp_path: Path) -> None:
    codes = [
        {"code": "A", "status": 404, "message": {"braces": "no {thing}"}},
        {"code": "B", "status": 404, "message": {"braces": "no {thing}", "example": "no hat"}},
    ]
    text = mended(yaml.safe_dump(document({"200": {"description": "ok"}})), tmp_path, {**OPTIONAL, "errors": codes})
    media = yaml.safe_load(text)["components"]["responses"]["ServiceError"]["content"]["application/json"]
    assert media["examples"] == {"B": {"value": {"error": {"code": "B", "message": "no hat", "status": 404}}}}


def test_both_copies_of_a_code_are_listed(tmp_path: Path) -> None:
    catalog = {**OPTIONAL, "envelopes": {"shop": {"use": "maas-dual"}}, "errors": [CODES[3]]}
    text = mended(yaml.safe_dump(document({"200": {"description": "ok"}, "404": {"description": "d"}})), tmp_path, catalog)
    properties = yaml.safe_load(text)["components"]["schemas"]["Service404"]["properties"]
    listed = {"type": "string", "enum": ["SHOP-2004"]}
    assert (properties["error_code"], properties["error"]["properties"]["code"]) == (listed, listed)


def test_the_envelopes_media_type_is_declared(tmp_path: Path) -> None:
    catalog = {**OPTIONAL, "envelopes": {"shop": {**ENVELOPE, "media_types": ["application/vnd.shop+json"]}}}
    text = mended(yaml.safe_dump(document({"200": {"description": "ok"}, "404": {"description": "d"}})), tmp_path, catalog)
    content = yaml.safe_load(text)["paths"]["/things"]["get"]["responses"]["404"]["content"]
    assert content == {"application/vnd.shop+json": {"schema": {"$ref": "#/components/schemas/Service404"}}}


def test_codes_of_other_operations_are_left_out(tmp_path: Path) -> None:
    catalog = {**OPTIONAL, "errors": [CODES[3], {"code": "SHOP-2005", "status": 404, "operations": ["POST /things"]}]}
    text = mended(yaml.safe_dump(document({"200": {"description": "ok"}, "404": {"description": "d"}})), tmp_path, catalog)
    properties = yaml.safe_load(text)["components"]["schemas"]["Service404"]["properties"]["error"]["properties"]
    assert properties["code"]["enum"] == ["SHOP-2004"]


def test_the_shipped_contract_mends_a_document_wholly(tmp_path: Path) -> None:
    responses = {"200": {"description": "ok"}, "404": {"description": "d"}, "409": {"description": "d"}}
    path = tmp_path / "openapi.yaml"
    mended(yaml.safe_dump(document(responses, openapi="3.0.3")), tmp_path, "builtin:eventml")
    report = lint_all([Task((str(path),), ("builtin:eventml",))])
    assert {one.rule for one in report.findings} == {"COV001"}
    assert read(str(path)).data["components"]["schemas"].keys() == {"Service404", "Service409"}


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "a": {"type": ["string", "null"], "examples": ["x", "y"]},
        "b": {"const": 1},
        "c": {"type": ["string", "integer"]},
        "title": {"type": "array", "prefixItems": [True], "items": {"const": "z"}},
        "d": True,
    },
    "not": {"required": ["e"]},
    "if": {"required": ["a"]},
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (
            "3.0",
            {
                "a": {"type": "string", "nullable": True, "example": "x"},
                "b": {"enum": [1]},
                "c": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "title": {"type": "array", "items": {"enum": ["z"]}},
                "d": {},
            },
        ),
        (
            "2.0",
            {
                "a": {"type": "string", "x-nullable": True, "example": "x"},
                "b": {"enum": [1]},
                "c": {},
                "title": {"type": "array", "items": {"enum": ["z"]}},
                "d": {},
            },
        ),
    ],
)
def test_a_schema_is_said_in_the_words_of_a_dialect(dialect: str, expected: dict[str, Any]) -> None:
    assert translated(SCHEMA, dialect) == {"type": "object", "properties": expected, "additionalProperties": False}


def test_a_code_that_another_document_declares_is_not_added(tmp_path: Path) -> None:
    codes = [{"code": code, "status": 404} for code in ("A1", "B2")]
    catalog = {**CATALOG, "errors": codes}
    (tmp_path / "errors.json").write_text(json.dumps(catalog))
    names = []
    for name, listed in (("one", ["A1"]), ("two", ["B2"])):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document({"200": {"description": "ok"}, "404": answer(schema({"enum": listed}))})))
        names.append(str(path))
    tasks = [Task(tuple(names), (str(tmp_path / "errors.json"),))]
    assert fixed(tasks, lint_all(tasks), unsafe=True).changes == {}
