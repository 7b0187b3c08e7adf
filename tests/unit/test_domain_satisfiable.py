"""Schemas that admit nothing, and branches of a oneOf that admit the same body: only what is proven."""

from __future__ import annotations

import random
from typing import Any

import pytest

from errlint.match.domain import variants
from errlint.match.may_clash import may_clash
from errlint.match.satisfiable import Clash, Overlap, clash, overlap, overlapping, unsatisfiable
from errlint.model import pointer as pointers
from errlint.model.finding import Location
from errlint.model.spec import Node, Resolve, Unresolved
from tests.unit.schema_oracle import resolver


def at(text: str) -> Location:
    return Location("", pointers.parse(text))


def thing(members: dict[str, Any], *required: str, **others: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(required), **others}


CODE = {"type": "string"}
DEFS = {
    "Code": {"type": "integer", "enum": ["1 (Quota)", "2 (Missing)"]},
    "Base": thing({"error": thing({"code": {"const": "A"}}, "code")}, "error"),
    "One": thing({"code": CODE}, "code"),
    "Two": thing({"code": CODE, "detail": CODE}, "code"),
    "Loop": {"oneOf": [{"$ref": "#/$defs/Loop"}, {"$ref": "#/$defs/Loop"}]},
}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (False, ""),
        ({"enum": []}, "/enum"),
        ({"const": "a", "enum": ["b"]}, "/const"),
        ({"type": "string", "enum": [1, 2]}, "/enum"),
        ({"type": "integer", "minimum": 5, "maximum": 4}, "/minimum"),
        ({"type": "number", "exclusiveMinimum": 5, "maximum": 5}, "/exclusiveMinimum"),
        ({"type": "integer", "minimum": 1.2, "maximum": 1.8}, "/minimum"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "/minLength"),
        ({"allOf": [{"type": "object"}, {"type": "string"}]}, "/allOf/1/type"),
        ({"allOf": [{"const": 1}, {"const": True}]}, "/allOf/1/const"),
        ({"type": "object", "allOf": [{"type": "object"}, {"allOf": [{"enum": []}]}]}, "/allOf/1/allOf/0/enum"),
        (thing({"code": False}, "code"), "/properties/code"),
        (thing({"code": {"$ref": "#/$defs/Code"}}, "code"), "/$defs/Code/enum"),
        (thing({"error": thing({"code": {"enum": []}}, "code")}, "error"), "/properties/error/properties/code/enum"),
        (thing({}, "message", "code", additionalProperties=False), "/required/0"),
        (
            {"allOf": [{"$ref": "#/$defs/Base"}, {"properties": {"error": {"properties": {"code": {"const": "B"}}}}}]},
            "/allOf/1/properties/error/properties/code/const",
        ),
        (
            {"allOf": [thing({}, "a"), {"properties": {"b": {}}, "additionalProperties": False}]},
            "/allOf/1/additionalProperties",
        ),
        ({"oneOf": [{"enum": []}, False]}, "/oneOf"),
        ({"type": "object", "anyOf": [{"type": "string"}, {"type": "null"}]}, "/anyOf"),
        ({"oneOf": [{"enum": []}]}, "/oneOf/0/enum"),
        ({"not": {}}, "/not"),
        ({"type": "boolean", "not": {"enum": [True, False]}}, "/not/enum"),
    ],
)
def test_a_schema_that_admits_nothing_clashes_at(schema: Any, expected: str) -> None:
    if isinstance(schema, dict):
        schema = {**schema, "$defs": DEFS}
    assert unsatisfiable(Node("", (), schema), resolver(schema), "3.1") == at(expected)


CLOSED = {"additionalProperties": False, "allOf": [thing({"code": CODE}, "code")]}


@pytest.mark.parametrize(
    ("schema", "at_", "keywords", "other"),
    [
        (
            {"$ref": "#/$defs/Alias", "properties": {"error": {"properties": {"code": {"const": "B"}}}}},
            "/properties/error/properties/code/const",
            (("const", "B"), ("const", "A")),
            "/$defs/Base/properties/error/properties/code/const",
        ),
        (CLOSED, "/additionalProperties", (("additionalProperties", False), ("required", "code")), "/allOf/0/required/0"),
        ({"type": "object", "allOf": [{"type": "string"}]}, "/allOf/0/type", (("type", "string"), ("type", "object")), "/type"),
        ({"enum": []}, "/enum", (("enum", []),), None),
        ({"const": "a", "enum": ["b"]}, "/const", (("const", "a"), ("enum", ["b"])), "/enum"),
        (
            {"type": "string", "allOf": [{"minLength": 3}, {"maxLength": 2}]},
            "/allOf/1/maxLength",
            (("maxLength", 2), ("minLength", 3)),
            "/allOf/0/minLength",
        ),
        ({"not": {}}, "/not", (), None),
    ],
)
def test_a_clash_is_told_with_both_keywords(schema: Any, at_: str, keywords: Any, other: str | None) -> None:
    schema = {**schema, "$defs": {**DEFS, "Alias": {"$ref": "#/$defs/Base"}}}
    expected = Clash(at(at_), keywords, None if other is None else at(other))
    assert clash(Node("", (), schema), resolver(schema), "3.1") == expected


def test_many_schemas_beside_one_another_are_not_searched_without_end() -> None:
    levels: Any = {f"L{n}": {"allOf": [{"$ref": f"#/$defs/L{n + 1}"}] * 8} for n in range(8)} | {"L8": {"type": "object"}}
    schema = {"allOf": [{"$ref": "#/$defs/L0"}, {"type": "string"}], "$defs": levels}
    assert clash(Node("", (), schema), resolver(schema), "3.1") is not None


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (False, True),
        (True, False),
        ({"type": "string", "enum": ["a"]}, False),
        ({"type": "string", "enum": ["a", 1]}, True),
        ({"type": "string", "enum": []}, True),
        ({"type": "integer", "const": True}, True),
        ({"type": "string", "maxLength": 3}, False),
        ({"type": "string", "maxLength": -1}, True),
        ({"type": "string", "minLength": 3, "maxLength": 2}, True),
        ({"required": ["a"], "properties": {"a": {}}, "additionalProperties": False}, False),
        ({"required": ["b"], "properties": {"a": {}}, "additionalProperties": False}, True),
        ({"$ref": "#/a", "description": "d"}, False),
        ({"$ref": "#/a", "type": "string"}, True),
        ({"allOf": []}, True),
    ],
)
def test_most_schemas_have_no_keyword_that_could_clash(schema: Any, expected: bool) -> None:
    assert may_clash(schema) is expected


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {},
        {"type": "object", "additionalProperties": False},
        thing({"code": False}),
        thing({"code": {"enum": []}}, "message"),
        # Without a type it admits what is no object.
        {"properties": {"code": False}, "required": ["code"]},
        {"type": ["object", "null"], "properties": {"code": False}, "required": ["code"]},
        {"type": "array", "items": False},
        {"type": "object", "required": ["code"], "patternProperties": {"(": {}}, "additionalProperties": False},
        {"$ref": "#"},
        {"$ref": "#/nowhere"},
        {"oneOf": [{"$ref": "#/nowhere"}, False]},
        {"oneOf": []},
        {"type": "unknown", "enum": [1]},
        {"type": "string", "pattern": "^A$", "not": {"pattern": "A"}},
        {"type": "number", "minimum": 5, "maximum": 5},
    ],
)
def test_a_schema_that_may_admit_something_is_not_called_unsatisfiable(schema: Any) -> None:
    assert unsatisfiable(Node("", (), schema), resolver(schema), "3.1") is None


def test_3_0_ignores_what_clashes_beside_a_reference() -> None:
    schema = {"$ref": "#/$defs/One", "enum": [], "$defs": DEFS}
    found = [unsatisfiable(Node("", (), schema), resolver(schema), dialect) for dialect in ("3.0", "3.1")]
    assert found == [None, at("/enum")]


def both(*branches: Any, **beside: Any) -> Overlap | None:
    schema = {"oneOf": list(branches), **beside, "$defs": DEFS}
    return overlap(Node("", (), schema), resolver(schema), "3.1")


ONE, TWO = {"$ref": "#/$defs/One"}, {"$ref": "#/$defs/Two"}
A, B = at("/oneOf/0"), at("/oneOf/1")


@pytest.mark.parametrize(
    ("branches", "beside", "expected"),
    [
        ((ONE, TWO), {}, Overlap(A, B, False, {"code": "text"})),
        ((ONE, ONE), {}, Overlap(A, B, True)),
        ((thing({"code": {"pattern": "q[0-9]+z"}}), thing({"code": {"pattern": "q[0-9]+z"}})), {}, Overlap(A, B, True)),
        (
            (thing({"code": {"enum": ["A", "B"]}}), thing({"code": {"enum": ["B", "C"]}})),
            {},
            Overlap(A, B, False, {"code": "B"}),
        ),
        ((thing({"a": CODE}), thing({"b": CODE})), {}, Overlap(A, B, False, {"a": "text"})),
        ((thing({"a": CODE}), thing({"b": CODE}, "b")), {}, Overlap(A, B, False, {"b": "text"})),
        (
            (thing({"e": thing({"n": {"type": "integer", "minimum": 7}}, "n")}, "e"), thing({"e": thing({}, "n")}, "e")),
            {},
            Overlap(A, B, False, {"e": {"n": 7}}),
        ),
        (
            (thing({"errors": {"type": "array", "items": ONE}}), thing({"errors": {"type": "array", "minItems": 1}})),
            {},
            Overlap(A, B, False, {"errors": [{"code": "text"}]}),
        ),
        (
            (ONE, TWO),
            {"required": ["kind"], "properties": {"kind": {"const": 1}}},
            Overlap(A, B, False, {"code": "text", "kind": 1}),
        ),
        ((ONE, False, TWO), {}, Overlap(A, at("/oneOf/2"), False, {"code": "text"})),
    ],
)
def test_branches_that_admit_the_same_body(branches: Any, beside: Any, expected: Overlap) -> None:
    assert both(*branches, **beside) == expected


@pytest.mark.parametrize(
    ("branches", "beside"),
    [
        ((thing({"code": {"const": "A"}}, "code"), thing({"code": {"const": "B"}}, "code")), {}),
        # The empty object meets both, but nobody means it.
        ((thing({"code": {"const": "A"}}), thing({"code": {"const": "B"}})), {}),
        ((thing({"a": CODE}, "a"), thing({"b": CODE}, "b")), {}),
        ((thing({"a": CODE}, additionalProperties=False), thing({"b": CODE}, additionalProperties=False)), {}),
        ((thing({"a": CODE}), {"type": "array"}), {}),
        ((thing({"a": {"type": "string", "format": "uuid"}}), thing({"a": {"type": "string", "format": "date"}})), {}),
        ((ONE, TWO), {"discriminator": {"propertyName": "code", "mapping": {"x": "#/$defs/One", "y": "#/$defs/Two"}}}),
        (({"$ref": "#/$defs/Loop"}, {"$ref": "#/$defs/Loop"}), {}),
        (({"$ref": "#/nowhere"}, {"$ref": "#/nowhere"}), {}),
        (({"enum": []}, {"enum": []}), {}),
        ((thing({"a": {"pattern": "^(?!text)[p-q]{9}$"}}), thing({"a": CODE})), {}),
    ],
)
def test_branches_that_are_told_apart_or_may_be(branches: Any, beside: Any) -> None:
    assert both(*branches, **beside) is None


def test_a_choice_is_found_behind_references_and_conjunctions_and_what_stands_beside_counts() -> None:
    defs = {**DEFS, "Choice": {"oneOf": [ONE, TWO]}}
    behind = {"$ref": "#/$defs/Choice", "$defs": defs}
    within = {"allOf": [{"$ref": "#/$defs/Choice"}, thing({"code": {"const": "X"}}, "code")], "$defs": defs}
    apart = {"allOf": [{"$ref": "#/$defs/Choice"}, {"additionalProperties": False, "properties": {"id": {}}}], "$defs": defs}
    places = at("/$defs/Choice/oneOf/0"), at("/$defs/Choice/oneOf/1")
    found = [overlap(Node("", (), schema), resolver(schema), "3.0") for schema in (behind, within, apart)]
    assert overlapping(Node("", (), behind), resolver(behind), "3.0") == places
    assert found == [Overlap(*places, False, {"code": "text"}), Overlap(*places, False, {"code": "X"}), None]


JUNK: tuple[Any, ...] = (
    None,
    0,
    -1,
    1e400,
    float("nan"),
    10**30,
    "",
    "x",
    "#",
    "(",
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    [1],
    {"": {}},
    {"a": 1},
)
KEYWORDS: tuple[str, ...] = (
    "type",
    "enum",
    "const",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "multipleOf",
    "minLength",
    "maxLength",
)
KEYWORDS += (
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
)
KEYWORDS += ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "discriminator", "nullable", "x-extensible-enum")


def lenient(document: Any) -> Resolve:
    """A resolver that answers any reference, whatever it is."""
    follow = resolver(document)

    def resolve(node: Node) -> Node:
        try:
            return follow(node)
        except (TypeError, AttributeError, IndexError, ValueError):
            raise Unresolved("no reference", node.location) from None

    return resolve


def junk(rng: random.Random, depth: int) -> Any:
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(JUNK)
    found = {keyword: junk(rng, depth - 1) for keyword in rng.sample(KEYWORDS, rng.randint(1, 4))}
    if rng.random() < 0.3:
        found["discriminator"] = {
            "propertyName": rng.choice(("a", 1)),
            "mapping": {"a": rng.choice(("#", "#/oneOf/0", 1, "x"))},
        }
    if rng.random() < 0.5:
        found[rng.choice(("allOf", "oneOf", "anyOf"))] = [junk(rng, depth - 1) for _ in range(2)]
    if rng.random() < 0.3:
        found["properties"] = {"a": junk(rng, depth - 1), "code": junk(rng, depth - 1)}
    return found


@pytest.mark.parametrize("first", range(0, 900, 300))
def test_schemas_of_the_wrong_shape_crash_nothing(first: int) -> None:
    for number in range(first, first + 300):
        schema = junk(random.Random(number), 3)
        node = Node("", (), schema)
        for dialect in ("2.0", "3.0", "3.1"):
            variants(node, [("code",), ("a", "code"), ("a", "*", "code")], lenient(schema), dialect)
            unsatisfiable(node, lenient(schema), dialect)
            overlapping(node, lenient(schema), dialect)
