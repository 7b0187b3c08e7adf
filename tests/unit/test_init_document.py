"""What ``errlint init`` reads in an OpenAPI document: whole catalogs, compared as texts."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from errlint import api
from errlint.draft.documents.document import asked, of_document
from errlint.draft.merge import merged
from errlint.draft.text import catalog_text, questions
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.model.draft import Draft, Entry, Evidence


def drafted(text: str) -> Draft:
    return asked(merged([of_document(read_spec(load(textwrap.dedent(text).encode(), "api.yaml")))]))


def catalog(text: str) -> str:
    return catalog_text(drafted(text))


def document(responses: str, *, more: str = "") -> str:
    """A document of one operation with these responses; both texts are indented as they stand at the left margin."""
    body = textwrap.indent(textwrap.dedent(responses), " " * 8)
    return (
        f"openapi: 3.1.0\ninfo: {{title: Shop, version: '1.0'}}\npaths:\n  /things:\n    get:\n      responses:\n{body}\n"
        + (textwrap.dedent(more))
    )


def response(key: str, schema: str) -> str:
    return f"{key}: {{description: An error, content: {{application/json: {{schema: {schema}}}}}}}\n"


def codes(text: str) -> dict[Any, Any]:
    """code -> status of the written catalog."""
    return {entry["code"]: entry["status"] for entry in yaml.safe_load(catalog(text))["errors"]}


ENUM = document(
    """
    '404':
      description: Gone
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Error'}
    '409':
      description: Conflict
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Error'}
          examples:
            THING_LOCKED: {summary: Somebody else edits it, value: {error: {code: T_2, message: The thing is locked}}}
    """,
    more="""
    components:
      schemas:
        Error:
          type: object
          required: [error]
          properties:
            error:
              type: object
              required: [code, message]
              properties:
                code: {type: string, enum: [T_1, T_2], x-enum-descriptions: [Not there, Locked]}
                message: {type: string}
    """,
)


def test_a_list_that_two_statuses_share_becomes_entries_for_both_and_one_question() -> None:
    assert catalog(ENUM) == textwrap.dedent(
        """\
        # ? api.yaml:32 lists T_1 for 404 and 409: what is its status?
        errlint: 1
        service: {name: shop, title: Shop, version: "1.0"}
        envelopes:
          error: {code: {pointer: /error/code, type: string}, message: {pointer: /error/message, type: string}}
        layers:
          service: {envelope: error}
        errors:
          # enum: api.yaml:32
          - code: T_1
            status: [404, 409]
            description: Not there
          # enum: api.yaml:32; example: api.yaml:19
          - code: T_2
            status: 409
            name: THING_LOCKED
            message: The thing is locked
            description: Locked
        """
    )


def test_a_document_without_codes_is_a_policy() -> None:
    text = document(
        "'404': {description: Gone, content: {application/json: {schema: {properties: {message: {type: string}}}}}}"
    )
    assert yaml.safe_load(catalog(text))["errors"] == []
    assert questions(drafted(text)) == ()


EXTENSIONS = {
    "a list of codes": ("x-error-codes: [NO_THING, GONE]", {"NO_THING": 404, "GONE": 404}),
    "a list of objects": ("x-error-codes: [{code: NO_THING, status: 410}, {errorCode: GONE}]", {"NO_THING": 410, "GONE": 404}),
    "a map to texts": ("x-errors: {NO_THING: It is not there}", {"NO_THING": 404}),
    "a map to objects": ("x-errors: {'1000': {description: Throttled, resolution: Wait}}", {"1000": 404}),
    "codes by status": ("x-error-codes: {'409': [NO_THING], '410': {GONE: It went}}", {"NO_THING": 409, "GONE": 410}),
    "eBay's": ("x-response-codes: {errors: {'11001': {category: REQUEST, description: No item}}}", {"11001": 404}),
    "BeezUP's": ("x-exceptions: [ThingNotFoundException]", {"ThingNotFoundException": 404}),
    "Azure's": ("x-ms-error-code: ThingNotFound", {"ThingNotFound": 404}),
    "files.com's": ("x-errors: [{http-code: 423, title: Locked, type: processing/locked}]", {"processing/locked": 423}),
    "nothing that is a code": ("x-errors: {count: 4, list: [true, null, ''], x-more: A text}", {}),
}


@pytest.mark.parametrize("written", EXTENSIONS)
def test_extensions_of_a_response_name_codes(written: str) -> None:
    extension, expected = EXTENSIONS[written]
    assert codes(document(f"'404':\n  description: Gone\n  {extension}\n")) == expected


def test_extensions_at_the_root_and_at_an_operation_say_no_status_that_they_do_not_name() -> None:
    text = document("'404': {description: Gone}", more="x-error-codes: [{code: BAD, status: 400}, {code: LOST}]\n")
    assert codes(text) == {"BAD": 400, "LOST": "any"}
    assert questions(drafted(text))[-1] == "LOST: nothing says its status: which one?"


def test_an_exception_of_amazons_documents_is_the_description_of_its_response() -> None:
    assert codes(document("'480': {description: NoSuchJob, x-aws-exception: true}")) == {"NoSuchJob": 480}


def test_a_header_may_list_the_codes() -> None:
    text = document("'404': {description: Gone, headers: {x-ms-error-code: {schema: {enum: [BlobNotFound]}}}}")
    assert codes(text) == {"BlobNotFound": 404}


def test_what_an_extension_says_narrows_the_list_that_statuses_share() -> None:
    text = ENUM.replace("description: Gone", "description: Gone\n          x-error-codes: [{code: T_1, resolution: Wait}]")
    assert codes(text) == {"T_1": 404, "T_2": 409}


PROSE = {
    "a list in Markdown": (
        "- `THING_GONE`: It is gone\n- **NO_THING** - None there\n* `limit`: at most 10",
        ["THING_GONE", "NO_THING"],
    ),
    "lines without bullets": (
        "One of\nTHING_GONE - It is gone\nE1002: Broken\nPlease note: all is well",
        ["THING_GONE", "E1002"],
    ),
    "a table in Markdown": (
        "| Code | Meaning |\n|---|---|\n| thing_gone | It is gone |\n| `no_thing` | None |",
        ["thing_gone", "no_thing"],
    ),
    "a table in HTML": (
        "<table><tr><th>Error code<th>Description</tr><tr><td><code>7001</code></td><td>Gone</td></tr></table>",
        ["7001"],
    ),
    "a table in HTML whose cells nobody closes": (
        "<table>\n<tr>\n<th>Error code<th>Description\n<tr>\n<td>7001<td>Gone\n<![if x]></table>",
        ["7001"],
    ),
    "a table about something else": ("| Field | Meaning |\n|---|---|\n| limit | At most 10 |", []),
    "a sentence": ("The thing was not found: see THING_GONE in the guide.", []),
}


@pytest.mark.parametrize("written", PROSE)
def test_descriptions_of_error_responses_name_codes(written: str) -> None:
    text, expected = PROSE[written]
    assert list(codes(document(f"'404': {{description: {json.dumps(text)}}}"))) == expected


def test_a_table_in_the_description_of_the_api_gives_code_status_and_words() -> None:
    table = "Errors\n\n| Error code | HTTP status | Message | What to do |\n|--|--|--|--|\n| T_1 | 404 | Not there | Ask |\n"
    text = document("'404': {description: Gone}").replace("title: Shop", f"title: Shop, description: {json.dumps(table)}")
    entries = yaml.safe_load(catalog(text))["errors"]
    assert entries == [{"code": "T_1", "status": 404, "message": "Not there", "resolution": "Ask"}]


BRANCHES = document(
    """
    default:
      description: An error
      content:
        application/json:
          schema:
            oneOf:
              - {$ref: '#/components/schemas/Gone'}
              - {$ref: '#/components/schemas/Locked'}
    """,
    more="""
    components:
      schemas:
        Gone: &gone
          type: object
          required: [code, message, status]
          properties:
            code: {const: GONE, description: It is gone}
            message: {const: The thing is gone}
            status: {const: 410}
        Locked: {<<: *gone, properties: {code: {const: LOCKED}, message: {type: string}, status: {const: 423}}}
    """,
)


def test_branches_tell_code_status_and_message_together() -> None:
    assert yaml.safe_load(catalog(BRANCHES))["errors"] == [
        {"code": "GONE", "status": 410, "message": "The thing is gone", "description": "It is gone"},
        {"code": "LOCKED", "status": 423},
    ]


def test_codes_that_yaml_would_turn_into_something_else_come_back_as_they_are() -> None:
    hostile = ["NO", "010", "1e3", "1_000", "a\nb", 'q"q', "it's", "~", "null", " x ", "# c", "é", "a\u2028b", 7, "x" * 3000]
    values = ", ".join(json.dumps(code) for code in hostile)
    schema = f"{{type: object, properties: {{code: {{enum: [{values}, '', null, true]}}}}}}"
    assert list(codes(document(response("'404'", schema)))) == hostile


def test_a_status_that_a_response_or_another_source_tells_is_not_asked_for() -> None:
    named = ENUM.replace("description: Conflict", "description: It is locked (`T_2`).")
    spec = of_document(read_spec(load(textwrap.dedent(named.partition("          examples:")[0]).encode(), "api.yaml")))
    whole = of_document(read_spec(load(textwrap.dedent(named).encode(), "api.yaml")))
    source = Draft((Entry({"code": "T_1", "status": 404}, (Evidence("class T1", "shop.py:3"),)),))
    assert spec.shared == ()
    assert [(one.code, one.statuses) for one in merged([whole, source]).entries] == [("T_1", (404,)), ("T_2", (409,))]
    assert asked(merged([whole, source])).doubts == ()


def test_a_blank_in_a_list_of_codes_is_no_code_that_is_missing(tmp_path: Path) -> None:
    file, catalog = tmp_path / "api.yaml", tmp_path / "errors.yaml"
    file.write_text(document(response("'404'", "{type: object, required: [code], properties: {code: {enum: ['', A_1]}}}")))
    catalog.write_text(catalog_text(of_document(read_spec(load(file.read_bytes(), "api.yaml")))))
    assert [one.rule for one in api.lint([str(file)], [str(catalog)]).findings if one.rule.startswith("COD")] == []


def test_a_list_of_ten_thousand_codes_is_one_question() -> None:
    data = yaml.safe_load(document(response("default", "{type: object, properties: {code: {enum: [E0]}}}")))
    schema = data["paths"]["/things"]["get"]["responses"]["default"]["content"]["application/json"]["schema"]
    schema["properties"]["code"]["enum"] = [f"E{number}" for number in range(10_000)]
    draft = drafted(json.dumps(data))
    assert len(draft.entries) == 10_000
    assert draft.entries[-1].statuses == ("any",)
    where = "api.yaml#/paths/~1things/get/responses/default/content/application~1json/schema/properties/code/enum"
    assert questions(draft) == (
        "error: no schema requires /code; does every error have it? Then leave out required: false",
        f"{where} lists E0, E1, E2 and 9997 more for any error status: what is the status of each?",
    )


def test_the_kind_of_an_object_and_the_members_of_a_resource_are_no_codes() -> None:
    resource = "{type: object, properties: {type: {enum: [STATION, AREA]}, description: {type: string}}}"
    marker = "{type: object, properties: {type: {enum: [error]}, message: {type: string}}}"
    text = document(response("'404'", resource) + response("'409'", marker))
    assert codes(text) == {}


def test_a_body_that_is_no_error_is_a_question() -> None:
    text = document("'409': {description: Held, content: {application/json: {schema: {properties: {lines: {type: array}}}}}}")
    assert questions(drafted(text)) == (
        "GET /things 409 (api.yaml:7): the body has neither a code nor a message that errlint recognises; "
        "is it an error of this service?",
    )


def test_frameworks_answer_in_a_layer_of_their_own() -> None:
    text = document(
        """
        '404': {description: Gone, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
        '422': {description: Bad, content: {application/json: {schema: {$ref: '#/components/schemas/HTTPValidationError'}}}}
        """,
        more="""
        components:
          schemas:
            Error: {type: object, required: [code], properties: {code: {enum: [GONE]}}}
            HTTPValidationError:
              type: object
              properties:
                detail: {type: array, items: {$ref: '#/components/schemas/ValidationError'}}
            ValidationError:
              type: object
              properties: {loc: {type: array, items: {type: string}}, msg: {type: string}, type: {type: string}}
        """,
    )
    written = yaml.safe_load(catalog(text))
    assert written["layers"] == {
        "service": {"envelope": "error"},
        "framework": {
            "envelope": "fastapi-detail",
            "applies_to": "all-operations",
            "in_spec": "optional",
            "codes": "open",
        },
    }
    assert written["envelopes"] == {
        "error": {"code": {"pointer": "/code", "type": "string"}},
        "fastapi-detail": {"use": "fastapi-detail"},
    }


def test_an_example_that_no_list_has_is_an_entry_with_a_question() -> None:
    text = ENUM.replace("code: T_2, message: The", "code: T_9, message: The")
    assert codes(text)["T_9"] == 409
    assert questions(drafted(text))[-1] == "T_9: only an example shows it, no schema lists it: a code, or a mistake?"


def test_codes_of_examples_alone_leave_the_layer_open() -> None:
    text = document(
        "'404': {description: Gone, content: {application/json: {schema: {type: object, properties: {code: {type: string}}}, "
        "example: {code: GONE}}}}"
    )
    written = yaml.safe_load(catalog(text))
    assert written["errors"] == [{"code": "GONE", "status": 404}]
    assert written["layers"] == {"service": {"envelope": "error", "in_spec": "optional", "codes": "open"}}
