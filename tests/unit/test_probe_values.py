"""Values made from a schema: fresh ids, plausible parameters, the smallest body."""

from __future__ import annotations

import math
import re
from random import Random
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint.model.spec import Node
from errlint.probe.patterns import sample
from errlint.probe.values import flat, plausible, segment, smallest, unknown
from tests.services.lax import document, spec_of

SCHEMAS = {"Name": {"type": "string", "minLength": 2}, "Loop": {"$ref": "#/components/schemas/Loop"}}
SPEC = spec_of(document({}, components={"schemas": SCHEMAS}))


def node(schema: Any) -> Node:
    return Node(SPEC.uri, ("somewhere",), schema)


@pytest.mark.parametrize(
    ("schema", "looks_like", "fresh"),
    [
        ({}, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", True),
        ({"type": "string", "format": "uuid"}, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", True),
        ({"type": "string", "maxLength": 20}, r"[0-9a-f]{12}", True),
        ({"type": "string", "maxLength": 4}, r"[0-9a-f]{4}", False),
        ({"type": "string", "minLength": 50}, r"[0-9a-f]{50}", True),
        ({"type": "string", "pattern": "^ord_[a-z0-9]{10}$"}, r"ord_[a-z0-9]{10}", True),
        ({"type": "string", "pattern": "^(a|b)$"}, r"[ab]", False),
        ({"type": "string", "pattern": "(?=broken"}, r".+", False),
        ({"type": "integer"}, r"1[0-9]{9}|2[0-9]{9}", True),
        ({"type": "integer", "format": "int64"}, r"[0-9]{16}", True),
        ({"type": "integer", "minimum": 1, "maximum": 9}, r"[4-9]", False),
        ({"type": "integer", "minimum": 5, "maximum": 5}, r"5", False),
        ({"type": ["null", "integer"]}, r"[0-9]{10}", True),
        ({"type": "boolean"}, r"true", False),
        ({"enum": ["red"]}, r"red", False),
        ({"const": 7}, r"7", False),
        ({"type": "string", "format": "date"}, r"2001-02-03", False),
        ({"$ref": "#/components/schemas/Name"}, r"[0-9a-f-]{36}", True),
        ({"allOf": [{"type": "integer"}, {"maximum": 3}]}, r"[0-3]", False),
        ({"$ref": "#/components/schemas/Nobody"}, r"[0-9a-f-]{36}", True),
        ({"type": "integer", "minimum": -10, "maximum": -5}, r"-[5-8]", False),
        ({"type": "integer", "maximum": -5}, r"-[0-9]+", True),
        ({"type": "integer", "minimum": 9, "maximum": 5}, r"9", False),
        ({"type": "integer", "minimum": math.inf}, r"[0-9]{10}", True),
        ({"type": "integer", "maximum": math.nan}, r"[0-9]{10}", True),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True, "maximum": 3, "exclusiveMaximum": True}, r"2", False),
        ({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 3}, r"2", False),
        ({"type": "integer", "minimum": 1.5, "maximum": 2.5}, r"2", False),
        ({"type": "integer", "maximum": 1e300, "multipleOf": 7}, r"[0-9]+", False),
        ({"type": "string", "minLength": -5, "maxLength": -1}, r"[0-9a-f]", False),
        ({"type": "string", "format": ["date"]}, r"[0-9a-f-]{36}", True),
    ],
)
def test_an_unknown_id_has_the_shape_that_is_asked_for(schema: dict[str, Any], looks_like: str, fresh: bool) -> None:
    made = unknown(flat(node(schema), SPEC.resolve), SPEC.resolve, Random(1))
    assert re.fullmatch(looks_like, made.text), made
    assert made.fresh is fresh


@pytest.mark.parametrize(
    ("schema", "examples", "value"),
    [
        ({"type": "integer", "minimum": 3}, False, "3"),
        ({"type": "integer", "maximum": -4}, False, "-4"),
        ({"type": "string", "example": "x", "default": "d"}, True, "d"),
        ({"type": "string", "example": "x"}, True, "x"),
        ({"type": "string", "examples": ["y"]}, True, "y"),
        ({"type": "boolean"}, False, "true"),
        ({"enum": ["a", "b"], "example": "b"}, False, "a"),
    ],
)
def test_a_parameter_is_plausible(schema: dict[str, Any], examples: bool, value: str) -> None:
    assert plausible(flat(node(schema), SPEC.resolve), SPEC.resolve, Random(1), examples) == value


def test_examples_are_not_taken_where_they_are_not_allowed() -> None:
    assert plausible({"type": "string", "example": "real-id"}, SPEC.resolve, Random(1), examples=False) != "real-id"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 4}, "m": {}}}, {"n": 4}),
        ({"type": "array", "minItems": 2, "items": {"type": "boolean"}}, [True, True]),
        ({"allOf": [{"required": ["a"]}, {"properties": {"a": {"enum": ["x"]}}}]}, {"a": "x"}),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, 1),
        ({"type": "number", "maximum": 0}, 0),
        ({"type": "object", "example": {"name": "real"}}, {}),
        ({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, True),
        ({"type": "array", "minItems": math.inf, "items": {"type": "boolean"}}, []),
        ({"type": "integer", "minimum": -10, "maximum": -5}, -5),
    ],
)
def test_the_smallest_value_has_what_is_required(schema: dict[str, Any], value: Any) -> None:
    assert smallest(node(schema), SPEC.resolve, Random(1)) == value


def test_a_schema_that_holds_itself_ends() -> None:
    loop = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Loop"}}}
    assert isinstance(smallest(node(loop), SPEC.resolve, Random(1)), dict)


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_a_quoted_text_stays_one_segment(text: str) -> None:
    quoted = segment(text)
    assert not set(quoted) & set("/?# ")
    assert quoted not in (".", "..")
    assert unquote(quoted) == text
    assert quote(quoted, safe="%-_.~!$&'()*+,;=:@") == quoted


@pytest.mark.parametrize("pattern", ["^[a-z]{3}$", r"^\d{4}-\w+$", "^(a+)+$", "^[^/]+$", r"^(x|y)\1$", "^a?b*c+?$", "[A-Z]"])
def test_a_sample_matches_its_pattern(pattern: str) -> None:
    made = sample(pattern, Random(3))
    assert made is not None
    assert re.search(pattern, made[0])


@pytest.mark.parametrize("pattern", ["(?=a)b", "(", "((a{300}){300}){300}", r"\p{L}+"])
def test_a_pattern_that_is_not_understood_gives_nothing(pattern: str) -> None:
    assert sample(pattern, Random(3)) is None


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
BOUNDS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), -5, 0, 3, 1.5])
KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["integer", "number", "string", "array", "object", "boolean", "null", ["null", "integer"], []]),
    "format": st.sampled_from(["date", "int64", "uuid"]),
    "pattern": st.sampled_from(["^a{3}$", "(((", "^(a|b){100000}$", "[\ud800]", "(?=x)", "\\p{L}"]),
    "required": st.lists(st.sampled_from(["a", "b"]), max_size=2),
    "enum": st.lists(JSON_VALUES, max_size=2),
    **dict.fromkeys(("const", "default", "example", "examples"), JSON_VALUES),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), BOUNDS),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), BOUNDS),
}


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    below = {
        "items": inner,
        "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2) | JSON_VALUES,
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), st.lists(inner, max_size=2) | JSON_VALUES),
    }
    return st.fixed_dictionaries({}, optional={name: likely | JSON_VALUES for name, likely in KEYWORDS.items()} | below)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.recursive(JSON_VALUES | schemas(JSON_VALUES), schemas, max_leaves=3), st.booleans())
def test_no_schema_however_strange_ends_a_probe(schema: Any, examples: bool) -> None:
    flattened = flat(node(schema), SPEC.resolve)
    made = unknown(flattened, SPEC.resolve, Random(1))
    segment(made.text).encode("ascii")
    plausible(flattened, SPEC.resolve, Random(1), examples).encode()
    smallest(node(schema), SPEC.resolve, Random(1))


@settings(deadline=None, derandomize=True)
@given(BOUNDS, BOUNDS, BOUNDS, BOUNDS)
def test_an_integer_is_within_bounds_that_leave_one(low: Any, high: Any, above: Any, below: Any) -> None:
    schema = {"type": "integer", "minimum": low, "maximum": high, "exclusiveMinimum": above, "exclusiveMaximum": below}
    value = smallest(node(schema), SPEC.resolve, Random(1))
    assert isinstance(value, int)
    assert -(2**63) - 1 <= value <= 2**64
