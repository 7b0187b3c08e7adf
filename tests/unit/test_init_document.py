"""What ``errlint init`` reads in an OpenAPI document: whole catalogs, compared as texts."""

from __future__ import annotations

import textwrap
from typing import Any

import yaml

from errlint.draft.document import of_document
from errlint.draft.merge import merged
from errlint.draft.text import catalog_text, questions
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.model.draft import Draft


def drafted(text: str) -> Draft:
    return merged([of_document(read_spec(load(textwrap.dedent(text).encode(), "api.yaml")))])


def catalog(text: str) -> str:
    return catalog_text(drafted(text))


def document(responses: str, *, more: str = "") -> str:
    """A document of one operation with these responses; both texts are indented as they stand at the left margin."""
    body = textwrap.indent(textwrap.dedent(responses), " " * 8)
    return (
        f"openapi: 3.1.0\ninfo: {{title: Shop, version: '1.0'}}\npaths:\n  /things:\n    get:\n      responses:\n{body}\n"
        + (textwrap.dedent(more))
    )


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
        # ? api.yaml:32 lists 2 codes for 404, 409 together: which code comes with which status?
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
            status: [404, 409]
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
