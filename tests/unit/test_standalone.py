"""Schemas that stand alone, and the one line that says what is wrong with an instance."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from errlint.match.standalone import CannotValidate, first_error, standalone
from errlint.model.spec import Node
from tests.unit.schema_oracle import documents, instance, resolver, translated

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def alone(schema: Any, dialect: str = "3.1") -> Any:
    """The standalone schema of a schema that is its own document, without the ``$schema`` that each has."""
    found = standalone(Node("", (), schema), resolver(schema), dialect)
    if isinstance(found, dict):
        assert found["$schema"] == DIALECT
        return {keyword: value for keyword, value in found.items() if keyword != "$schema"}
    return found


def fault(schema: Any, instance: Any) -> Any:
    found = standalone(Node("", (), schema), resolver(schema), "3.1")
    assert found is not None
    return first_error(found, instance)


@pytest.mark.parametrize(
    ("schema", "dialect", "expected"),
    [
        (True, "3.1", True),
        (False, "3.0", False),
        ({"type": "string", "nullable": True}, "3.0", {"type": ["string", "null"]}),
        ({"type": "string", "nullable": True}, "3.1", {"type": "string"}),
        ({"nullable": True, "enum": ["A"]}, "3.0", {"enum": ["A"]}),
        ({"type": "string", "x-nullable": True}, "2.0", {"type": ["string", "null"]}),
        ({"minimum": 1, "exclusiveMinimum": True}, "3.0", {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, "3.0", {"maximum": 1}),
        ({"exclusiveMinimum": 1}, "3.1", {"exclusiveMinimum": 1}),
        ({"type": "file"}, "2.0", True),
        ({"type": "any", "required": True, "enum": "A", "minLength": "1"}, "2.0", {}),
        (
            {"title": "E", "xml": {}, "example": 1, "format": "uuid", "discriminator": {"propertyName": "code"}, "x-a": 1},
            "3.0",
            {},
        ),
        (
            {
                "$id": "http://example.com/e",
                "$schema": "http://json-schema.org/draft-04/schema#",
                "$anchor": "e",
                "type": "object",
            },
            "3.1",
            {"type": "object"},
        ),
        ({"properties": {"id": {"readOnly": True, "type": "string"}}}, "3.0", {"properties": {"id": {"type": "string"}}}),
        ({"properties": {"$ref": {"type": "string"}}}, "3.0", {"properties": {"$ref": {"type": "string"}}}),
        (
            {"items": [{"type": "string"}], "additionalItems": False},
            "2.0",
            {"prefixItems": [{"type": "string"}], "items": False},
        ),
        (
            {"dependencies": {"a": ["b"], "c": {"type": "object"}}},
            "2.0",
            {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"type": "object"}}},
        ),
        ({"required": ["a", "a", 1]}, "3.0", {"required": ["a"]}),
    ],
)
def test_what_a_dialect_means_in_2020_12(schema: Any, dialect: str, expected: Any) -> None:
    assert alone(schema, dialect) == expected


def test_references_are_inside_and_each_target_is_written_once() -> None:
    document = {
        "properties": {"one": {"$ref": "#/components/E"}, "two": {"$ref": "#/components/E"}},
        "components": {
            "E": {"properties": {"cause": {"$ref": "#/components/E"}, "at": {"$ref": "#/components/P"}}},
            "P": {"type": "string"},
        },
    }
    assert alone(document) == {
        "properties": {"one": {"$ref": "#/$defs/1"}, "two": {"$ref": "#/$defs/1"}},
        "$defs": {"1": {"properties": {"cause": {"$ref": "#/$defs/1"}, "at": {"$ref": "#/$defs/2"}}}, "2": {"type": "string"}},
    }


def test_what_stands_beside_a_reference_counts_in_3_1_only() -> None:
    document = {"items": {"$ref": "#/E", "type": "string"}, "E": {"minLength": 1}}
    assert [alone(document, dialect) for dialect in ("3.0", "3.1")] == [
        {"items": {"$ref": "#/$defs/1"}, "$defs": {"1": {"minLength": 1}}},
        {"items": {"$ref": "#/$defs/1", "type": "string"}, "$defs": {"1": {"minLength": 1}}},
    ]


def test_references_to_the_same_schema_give_the_same_object() -> None:
    document = {"a": {"$ref": "#/E", "description": "one"}, "b": {"$ref": "#/E"}, "E": {"type": "object"}}
    resolve = resolver(document)
    one, two = (standalone(Node("", (name,), document[name]), resolve, "3.1") for name in ("a", "b"))
    assert one is two


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/nowhere"},
        {"properties": {"code": {"$ref": "http://example.com/x"}}},
        {"$ref": "#/A", "A": {"$ref": "#/A"}},
        {"$ref": "#/A", "A": {"allOf": [{"$ref": "#/B"}]}, "B": {"not": {"$ref": "#/A"}}},
        {"items": {"$dynamicRef": "#node"}},
        {"properties": {"code": 5}},
        {"anyOf": [{} for _ in range(20_000)]},
    ],
)
def test_what_cannot_be_written_down_is_unknown(schema: Any) -> None:
    assert alone(schema) is None


def test_nesting_without_end_is_unknown() -> None:
    schema: Any = {}
    for _ in range(2000):
        schema = {"items": schema}
    assert alone(schema) is None


def test_references_may_lead_deeper_than_schemas_are_nested() -> None:
    document: Any = {
        "$ref": "#/0",
        **{str(index): {"items": {"$ref": f"#/{index + 1}"}} for index in range(500)},
        "500": {"type": "null"},
    }
    assert len(alone(document)["$defs"]) == 500


ENVELOPE = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string", "pattern": "^ML_"}, "message": {"type": "string"}},
        }
    },
}
DETAIL = {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}


def kind(name: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"kind": {"const": name}, **properties}, "required": ["kind", *properties]}


@pytest.mark.parametrize(
    ("schema", "instance", "expected"),
    [
        (ENVELOPE, {"error": {"code": "ML_1", "message": ""}}, None),
        (ENVELOPE, {"error": {"code": "ML_1"}}, (("error",), 'member "message" is missing')),
        (ENVELOPE, {"error": {"code": 5, "message": ""}}, (("error", "code"), "5 is not of type string")),
        (ENVELOPE, [], ((), "[] is not of type object")),
        ({"items": {"enum": ["A", "B"]}}, ["A", "C"], (("1",), '"C" is not "A" or "B"')),
        ({"enum": list("ABCDEFG")}, None, ((), 'null is not one of "A", "B", "C", "D", "E", ... (7)')),
        ({"const": 400}, 404, ((), "404 is not 400")),
        ({"type": ["string", "null"]}, {"a": 1, "b": 2}, ((), '{"a", "b"} is not of type null or string')),
        ({"additionalProperties": False}, {"a": 1}, ((), 'member "a" is not allowed')),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1, "c": 2}, ((), 'members "b", "c" are not allowed')),
        ({"properties": {"a": {}}, "unevaluatedProperties": False}, {"b": 1}, ((), 'member "b" is not allowed')),
        ({"properties": {"a": False}}, {"a": 1}, (("a",), "1 is not allowed here")),
        ({"not": {"type": "string"}}, "a", ((), '"a" is what the schema excludes')),
        ({"minItems": 2}, [1], ((), "an array of 1 has less than 2 items")),
        ({"oneOf": [True, {"type": "string"}]}, "a", ((), '"a" fits more than one branch of oneOf')),
        ({"contains": {"type": "string"}}, [1], ((), "an array of 1 does not contain the element it must")),
        ({"format": "uuid"}, "no uuid", None),
    ],
)
def test_what_is_wrong(schema: Any, instance: Any, expected: Any) -> None:
    assert fault(schema, instance) == expected


@pytest.mark.parametrize(
    ("schema", "instance", "expected"),
    [
        ({"oneOf": [DETAIL, ENVELOPE]}, {"error": {"code": 5}}, (("error", "code"), "5 is not of type string")),
        ({"anyOf": [{"type": "string"}, DETAIL]}, {}, ((), 'member "detail" is missing')),
        (
            {"oneOf": [kind("a", x={"type": "integer"}), kind("b", y={})]},
            {"kind": "b", "x": "1"},
            ((), 'member "y" is missing'),
        ),
        (
            {"oneOf": [{"$ref": "#/d/A"}, {"$ref": "#/d/B"}], "d": {"A": kind("a"), "B": kind("b", y={})}},
            {"kind": "b"},
            ((), 'member "y" is missing'),
        ),
        (
            {"oneOf": [{"type": "null"}, {"anyOf": [{"type": "integer"}, {"properties": {"error": ENVELOPE}}]}]},
            {"error": {"error": 7}},
            (("error", "error"), "7 is not of type object"),
        ),
    ],
)
def test_the_branch_that_comes_closest_is_explained(schema: Any, instance: Any, expected: Any) -> None:
    assert fault(schema, instance) == expected


@pytest.mark.parametrize(
    ("schema", "instance"),
    [
        ({"pattern": "^" + "x" * 500}, "y" * 500 + "\n\t" * 50),
        ({"enum": ["x" * 500] * 9}, "y\n" * 500),
        ({"maxLength": 3}, "\n" * 500),
        ({"maxProperties": 1}, {"k" * 100 + str(index): index for index in range(100)}),
        ({"additionalProperties": False}, {"k\n" * 100 + str(index): index for index in range(100)}),
        ({"required": ["k" * 500]}, {}),
        ({"multipleOf": 2}, 10**300 + 1),
    ],
)
def test_a_message_is_one_short_line(schema: Any, instance: Any) -> None:
    _, message = fault(schema, instance)
    assert (len(message) <= 160, len(message.splitlines())) == (True, 1)


def test_a_pattern_that_would_run_for_years_is_answered() -> None:
    assert fault({"pattern": "^(a+)+$"}, "a" * 40 + "!") == ((), f'"{"a" * 36}... does not match ^(a+)+$')


@pytest.mark.parametrize(
    ("schema", "instance"),
    [
        ({"pattern": "("}, "a"),
        ({"pattern": "(a*)*\\1$"}, "a" * 60 + "!"),
        ({"oneOf": [{"pattern": "(a*)*\\1$"}, {"type": "null"}]}, "a" * 60 + "!"),
        ({"multipleOf": 0}, 1),
        ({}, {1: 2}),
    ],
)
def test_what_cannot_be_validated_is_unknown(schema: Any, instance: Any) -> None:
    with pytest.raises(CannotValidate):
        fault(schema, instance)


def test_a_body_nested_without_end_is_unknown() -> None:
    body: Any = []
    for _ in range(100_000):
        body = [body]
    with pytest.raises(CannotValidate):
        fault({}, body)
    while body:
        body = body.pop()


@settings(max_examples=200, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents(), st.integers(0, 2**32), st.sampled_from(("3.0", "3.1")))
def test_a_standalone_schema_judges_as_the_document_does(document: dict[str, Any], seed: int, dialect: str) -> None:
    rng = random.Random(seed)
    judge = Draft202012Validator(document if dialect == "3.1" else translated(document))
    found = standalone(Node("", (), document), resolver(document), dialect)
    assert found is not None
    for _ in range(8):
        value = instance(document, rng, document)
        assert (first_error(found, value) is None) == judge.is_valid(value)
