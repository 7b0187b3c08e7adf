"""The code domain of a schema: hard cases with their whole results."""

from __future__ import annotations

from typing import Any

import pytest

from errlint.match.domain import variants
from errlint.match.patterns import language
from errlint.model import pointer as pointers
from errlint.model.claim import ABSENT_VALUES, JSON_TYPES, Values, Variant, json_type
from errlint.model.finding import Location
from errlint.model.record import record
from errlint.model.spec import Node
from tests.unit.schema_oracle import resolver

OBJECT = frozenset(("object",))
STRING = frozenset(("string",))
INTEGER = frozenset(("integer",))


def at(text: str) -> Location:
    return Location("", pointers.parse(text))


def some(*pairs: tuple[Any, str], presence: str = "required", pattern: str | None = None, exact: bool = True) -> Values:
    """Values that are listed, each with its place."""
    finite = tuple((value, at(place)) for value, place in pairs)
    return Values(presence, frozenset(json_type(value) for value, _ in pairs), finite, pattern, exact)  # type: ignore[arg-type]


def maybe(*pairs: tuple[Any, str], pattern: str | None = None, exact: bool = True) -> Values:
    return some(*pairs, presence="optional", pattern=pattern, exact=exact)


def anything(
    presence: str = "optional", types: frozenset[str] = JSON_TYPES, pattern: str | None = None, exact: bool = True
) -> Values:
    return Values(presence, types, None, pattern, exact)  # type: ignore[arg-type]


def variant(
    values: dict[str, Values],
    demands: str = "",
    members: str = "",
    closed: bool = False,
    types: frozenset[str] = OBJECT,
    exact: bool = True,
    branch: str | None = None,
) -> Variant:
    return Variant(
        {tuple(name.split("/")): found for name, found in values.items()},
        frozenset(demands.split()),
        frozenset(members.split()),
        closed,
        types,
        exact,
        None if branch is None else at(branch),
    )


def read(schema: Any, asked: str, dialect: str = "3.1") -> tuple[Variant, ...]:
    """The variants of a schema that is its own document, at pointers such as ``code error/code``."""
    places = [tuple(name.split("/")) for name in asked.split()]
    return variants(Node("", (), schema), places, resolver(schema), dialect)


@record
class Case:
    name: str
    schema: Any
    asked: str
    expected: tuple[Variant, ...]
    dialect: str = "3.1"


def branch(code: str, http: int) -> dict[str, Any]:
    return {"properties": {"code": {"const": code}, "http": {"const": http}}, "required": ["code", "http"]}


BRANCHES = [branch("A", 400), branch("B", 404)]
BASE = {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code"]}
REF_CONST = {"$ref": "#/$defs/Code", "const": "A"}
DEFS = {"Code": {"enum": ["A", "B"]}, "Base": BASE}

CASES = [
    Case(
        "oneOf gives code and status jointly, and names its branch",
        {"type": "object", "oneOf": BRANCHES},
        "code http",
        (
            variant(
                {"code": some(("A", "/oneOf/0/properties/code/const")), "http": some((400, "/oneOf/0/properties/http/const"))},
                "code http",
                "code http",
                branch="/oneOf/0",
            ),
            variant(
                {"code": some(("B", "/oneOf/1/properties/code/const")), "http": some((404, "/oneOf/1/properties/http/const"))},
                "code http",
                "code http",
                branch="/oneOf/1",
            ),
        ),
    ),
    Case(
        "an enum beside oneOf drops the branch that it does not list",
        {"type": "object", "properties": {"code": {"enum": ["A", "C"]}}, "oneOf": BRANCHES},
        "code",
        (
            variant(
                {"code": some(("A", "/oneOf/0/properties/code/const"))},
                "code http",
                "code http",
                branch="/oneOf/0",
            ),
        ),
    ),
    Case(
        "a member that was not asked for still tells the branches apart",
        {"type": "object", "properties": {"http": {"const": 404}}, "oneOf": BRANCHES},
        "code",
        (variant({"code": some(("B", "/oneOf/1/properties/code/const"))}, "code http", "code http", branch="/oneOf/1"),),
    ),
    Case(
        "allOf of a reference and a constant",
        {"allOf": [{"$ref": "#/$defs/Base"}, {"properties": {"code": {"const": "A"}}}], "$defs": DEFS},
        "code",
        (variant({"code": some(("A", "/allOf/1/properties/code/const"))}, "code", "code"),),
    ),
    Case(
        "allOf within allOf",
        {
            "allOf": [
                {"allOf": [{"allOf": [BASE]}, {"properties": {"code": {"enum": ["A", "B"]}}}]},
                {"properties": {"code": {"enum": ["B", "C"]}}},
            ]
        },
        "code",
        (variant({"code": some(("B", "/allOf/0/allOf/1/properties/code/enum/1"))}, "code", "code"),),
    ),
    Case(
        "3.1: what stands beside a reference counts",
        {"type": "object", "properties": {"code": REF_CONST}, "$defs": DEFS},
        "code",
        (variant({"code": maybe(("A", "/properties/code/const"))}, "", "code"),),
    ),
    Case(
        "3.0: what stands beside a reference is ignored",
        {"type": "object", "properties": {"code": REF_CONST}, "$defs": DEFS},
        "code",
        (variant({"code": maybe(("A", "/$defs/Code/enum/0"), ("B", "/$defs/Code/enum/1"))}, "", "code"),),
        "3.0",
    ),
    Case(
        "3.1: what stands beside a reference counts at every step of a chain",
        {
            "$ref": "#/$defs/Error",
            "$defs": {"Error": {"$ref": "#/$defs/Base", "properties": {"code": {"const": "A"}}}, "Base": BASE},
        },
        "code",
        (variant({"code": some(("A", "/$defs/Error/properties/code/const"))}, "code", "code"),),
    ),
    Case(
        "overlapping anyOf branches both stay",
        {"type": "object", "anyOf": [{"required": ["code"]}, {"properties": {"code": {"enum": ["A"]}}}]},
        "code",
        (
            variant({"code": anything("required")}, "code", branch="/anyOf/0"),
            variant({"code": maybe(("A", "/anyOf/1/properties/code/enum/0"))}, "", "code", branch="/anyOf/1"),
        ),
    ),
    Case(
        "the innermost branch is named",
        {"oneOf": [{"anyOf": [branch("A", 400), False]}, False], "type": "object"},
        "code",
        (
            variant(
                {"code": some(("A", "/oneOf/0/anyOf/0/properties/code/const"))},
                "code http",
                "code http",
                branch="/oneOf/0/anyOf/0",
            ),
        ),
    ),
    Case(
        "branches of a member are joint with each other",
        {"type": "object", "properties": {"error": {"type": "object", "oneOf": BRANCHES}}, "required": ["error"]},
        "error/code error/http",
        tuple(
            variant(
                {
                    "error/code": some((code, f"/properties/error/oneOf/{index}/properties/code/const")),
                    "error/http": some((http, f"/properties/error/oneOf/{index}/properties/http/const")),
                },
                "error",
                "error",
                branch=f"/properties/error/oneOf/{index}",
            )
            for index, (code, http) in enumerate((("A", 400), ("B", 404)))
        ),
    ),
    Case(
        "a constant object is looked into",
        {"const": {"error": {"code": "A"}}},
        "error/code code",
        (variant({"error/code": some(("A", "/const/error/code")), "code": ABSENT_VALUES}, "error", "error", closed=True),),
    ),
    Case(
        "an enum of objects is joint, and other keywords sift it",
        {
            "enum": [{"code": "A", "http": 400}, {"code": "B", "http": 404}, {"code": "C"}],
            "required": ["http"],
            "properties": {"http": {"minimum": 401}},
        },
        "code",
        (variant({"code": some(("B", "/enum/1/code"))}, "code http", "code http", closed=True),),
    ),
    Case(
        "3.0: nullable adds null beside a type",
        {"type": "object", "properties": {"code": {"type": "string", "nullable": True}}, "required": ["code"]},
        "code",
        (variant({"code": anything("required", frozenset(("string", "null")))}, "code", "code"),),
        "3.0",
    ),
    Case(
        "3.0: nullable adds no null to an enum without it, nor without a type",
        {
            "type": "object",
            "properties": {
                "code": {"type": "string", "nullable": True, "enum": ["A"]},
                "http": {"nullable": True, "enum": [400]},
            },
        },
        "code http",
        (
            variant(
                {"code": maybe(("A", "/properties/code/enum/0")), "http": maybe((400, "/properties/http/enum/0"))},
                "",
                "code http",
            ),
        ),
        "3.0",
    ),
    Case(
        "3.1: nullable is no keyword",
        {"type": "object", "properties": {"code": {"type": "string", "nullable": True}}},
        "code",
        (variant({"code": anything(types=STRING)}, "", "code"),),
    ),
    Case(
        "a list of types, of the object itself too",
        {"type": ["object", "null"], "properties": {"code": {"type": ["string", "integer"]}}, "required": ["code"]},
        "code",
        (variant({"code": anything(types=STRING | INTEGER)}, "code", "code", types=frozenset(("object", "null"))),),
    ),
    Case(
        "number admits integers, integer sifts a list by JSON's equality",
        {
            "type": "object",
            "properties": {"code": {"type": "integer", "enum": [1, 1.0, True, "1", 1.5]}, "http": {"type": "number"}},
        },
        "code http",
        (
            variant(
                {"code": maybe((1, "/properties/code/enum/0")), "http": anything(types=frozenset(("number", "integer")))},
                "",
                "code http",
            ),
        ),
    ),
    Case(
        "additionalProperties false: what is not listed is absent",
        {"type": "object", "properties": {"message": {}}, "additionalProperties": False},
        "code message",
        (variant({"code": ABSENT_VALUES, "message": anything()}, "", "message", closed=True),),
    ),
    Case(
        "a closed part of allOf takes the members of the others away",
        {
            "type": "object",
            "allOf": [{"properties": {"code": {"const": "A"}}}, {"properties": {"message": {}}, "additionalProperties": False}],
        },
        "code",
        (variant({"code": ABSENT_VALUES}, "", "message", closed=True),),
    ),
    Case(
        "and where one of those is required, nothing is left",
        {
            "type": "object",
            "allOf": [
                {"properties": {"code": {"const": "A"}}, "required": ["code"]},
                {"properties": {"message": {}}, "additionalProperties": False},
            ],
        },
        "code",
        (),
    ),
    Case(
        "additionalProperties with a schema, and properties by pattern",
        {"type": "object", "patternProperties": {"^co": {"enum": ["A"]}}, "additionalProperties": {"enum": [400]}},
        "code http",
        (
            variant(
                {"code": maybe(("A", "/patternProperties/^co/enum/0")), "http": maybe((400, "/additionalProperties/enum/0"))},
            ),
        ),
    ),
    Case(
        "a name that a broken pattern may hit is unknown",
        {"type": "object", "patternProperties": {"(": {"enum": ["A"]}}, "additionalProperties": False},
        "code",
        (variant({"code": anything(exact=False)}, exact=False),),
    ),
    Case(
        "an anchored pattern of few strings is a list",
        {"type": "object", "properties": {"code": {"type": "string", "pattern": "^ML_10(00|01)$"}}, "required": ["code"]},
        "code",
        (
            variant(
                {
                    "code": some(
                        ("ML_1000", "/properties/code/pattern"),
                        ("ML_1001", "/properties/code/pattern"),
                        pattern="^ML_10(00|01)$",
                    )
                },
                "code",
                "code",
            ),
        ),
    ),
    Case(
        "^A|B$ is not anchored",
        {"type": "object", "properties": {"code": {"type": "string", "pattern": "^A|B$"}}},
        "code",
        (variant({"code": anything(types=STRING, pattern="^A|B$")}, "", "code"),),
    ),
    Case(
        "a pattern lets through what is no string, and sifts a list",
        {
            "type": "object",
            "properties": {"code": {"pattern": "^[AB]$"}, "http": {"pattern": "^4", "enum": ["404", "500", 500]}},
        },
        "code http",
        (
            variant(
                {
                    "code": anything(pattern="^[AB]$"),
                    "http": maybe(("404", "/properties/http/enum/0"), (500, "/properties/http/enum/2"), pattern="^4"),
                },
                "",
                "code http",
            ),
        ),
    ),
    Case(
        "x-extensible-enum, default and example narrow nothing",
        {
            "type": "object",
            "properties": {"code": {"type": "string", "x-extensible-enum": ["A"], "default": "A", "example": "A"}},
        },
        "code",
        (variant({"code": anything(types=STRING)}, "", "code"),),
    ),
    Case(
        "the elements of an array",
        {
            "type": "object",
            "properties": {
                "errors": {"type": "array", "minItems": 1, "items": {"type": "object", "oneOf": BRANCHES}},
            },
            "required": ["errors"],
        },
        "errors/*/code",
        tuple(
            variant(
                {"errors/*/code": some((code, f"/properties/errors/items/oneOf/{index}/properties/code/const"))},
                "errors",
                "errors",
                branch=f"/properties/errors/items/oneOf/{index}",
            )
            for index, code in enumerate("AB")
        ),
    ),
    Case(
        "an array that may be empty has no element for certain; a tuple's elements differ",
        {
            "type": "object",
            "properties": {"errors": {"type": "array", "prefixItems": [{"const": "A"}, {"const": "B"}], "items": False}},
            "required": ["errors"],
        },
        "errors/* errors/1",
        (
            variant(
                {
                    "errors/*": maybe(("A", "/properties/errors/prefixItems/0/const"), exact=False),
                    "errors/1": maybe(("B", "/properties/errors/prefixItems/1/const")),
                },
                "errors",
                "errors",
                exact=False,
            ),
            variant(
                {
                    "errors/*": maybe(("B", "/properties/errors/prefixItems/1/const"), exact=False),
                    "errors/1": maybe(("B", "/properties/errors/prefixItems/1/const")),
                },
                "errors",
                "errors",
                exact=False,
            ),
        ),
    ),
    Case(
        "* is any member of an object too",
        {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": {"code": {"const": "A"}}, "required": ["code"]},
        },
        "*/code",
        (variant({"*/code": maybe(("A", "/additionalProperties/properties/code/const"))}),),
    ),
    Case(
        "if, then, else",
        {
            "type": "object",
            "properties": {"kind": {"enum": ["x", "y"]}},
            "required": ["kind"],
            "if": {"properties": {"kind": {"const": "x"}}},
            "then": {"properties": {"code": {"const": "A"}}},
            "else": {"properties": {"code": {"const": "B"}}},
        },
        "kind code",
        (
            variant(
                {"kind": some(("x", "/if/properties/kind/const")), "code": maybe(("A", "/then/properties/code/const"))},
                "kind",
                "code kind",
            ),
            variant(
                {"kind": some(("y", "/properties/kind/enum/1")), "code": maybe(("B", "/else/properties/code/const"))},
                "kind",
                "code kind",
            ),
        ),
    ),
    Case(
        "not takes listed values away",
        {
            "type": "object",
            "properties": {"code": {"enum": ["A", "B", None], "not": {"type": "null"}}},
            "not": {"properties": {"code": {"enum": ["A"]}}, "required": ["code"]},
        },
        "code",
        (variant({"code": maybe(("B", "/properties/code/enum/1"))}, "", "code"),),
    ),
    Case(
        "not takes nothing from an open set, and what it says otherwise is unknown",
        {
            "type": "object",
            "properties": {"code": {"type": "string", "not": {"const": "A"}}, "http": {"enum": [400], "not": {"minimum": 500}}},
        },
        "code http",
        (
            variant(
                {"code": anything(types=STRING, exact=False), "http": maybe((400, "/properties/http/enum/0"), exact=False)},
                "",
                "code http",
                exact=False,
            ),
        ),
    ),
    Case(
        "not required: the member is absent",
        {"type": "object", "not": {"required": ["code"]}},
        "code",
        (variant({"code": ABSENT_VALUES}),),
    ),
    Case(
        "a discriminator's mapping gives its branches their codes",
        {
            "type": "object",
            "oneOf": [{"$ref": "#/$defs/One"}, {"$ref": "#/$defs/Two"}, {"$ref": "#/$defs/Three"}],
            "discriminator": {
                "propertyName": "code",
                "mapping": {"A": "#/$defs/One", "B": "Two", "C": "#/$defs/One"},
            },
            "$defs": {"One": BASE, "Two": BASE, "Three": BASE},
        },
        "code",
        (
            variant(
                {"code": some(("A", "/discriminator/mapping/A"), ("C", "/discriminator/mapping/C"))},
                "code",
                "code",
                branch="/oneOf/0",
            ),
            variant({"code": some(("B", "/discriminator/mapping/B"))}, "code", "code", branch="/oneOf/1"),
            variant({"code": some(("Three", "/oneOf/2"), exact=False)}, "code", "code", exact=False, branch="/oneOf/2"),
        ),
    ),
    Case(
        "a discriminator that contradicts its branch does not empty it",
        {
            "type": "object",
            "oneOf": [{"$ref": "#/$defs/One"}],
            "discriminator": {"propertyName": "code", "mapping": {"Z": "#/$defs/One"}},
            "$defs": {"One": branch("A", 400)},
        },
        "code",
        (
            variant(
                {"code": some(("A", "/$defs/One/properties/code/const"), exact=False)},
                "code http",
                "code http",
                exact=False,
                branch="/oneOf/0",
            ),
        ),
    ),
    Case(
        "recursion through a member is followed as far as it is asked",
        {"type": "object", "properties": {"code": {"const": "A"}, "inner": {"$ref": "#"}}},
        "inner/inner/code",
        (variant({"inner/inner/code": maybe(("A", "/properties/code/const"))}, "", "code inner"),),
    ),
    Case(
        "recursion at one place is unknown",
        {"$ref": "#/$defs/E", "$defs": {"E": {"type": "object", "allOf": [{"$ref": "#/$defs/E"}], "required": ["code"]}}},
        "code",
        (variant({"code": anything("required", exact=False)}, "code", exact=False),),
    ),
    Case(
        "a reference that leads nowhere is unknown",
        {"type": "object", "properties": {"code": {"$ref": "#/nowhere"}}, "required": ["code"]},
        "code",
        (variant({"code": anything("required", exact=False)}, "code", "code", exact=False),),
    ),
    Case(
        "an object that cannot have what it must have leaves the other types",
        {"type": ["object", "null"], "properties": {"code": False}, "required": ["code"]},
        "code",
        (variant({"code": ABSENT_VALUES}, types=frozenset(("null",))),),
    ),
    Case(
        "* is also a member that nobody listed",
        {"type": "object", "properties": {"code": {"const": "A"}}},
        "*",
        (
            variant({"*": maybe(("A", "/properties/code/const"), exact=False)}, "", "code", exact=False),
            variant({"*": anything(exact=False)}, "", "code", exact=False),
        ),
    ),
    Case(
        "the case of letters counts",
        {"type": "object", "properties": {"code": {"enum": ["a", "A"]}}},
        "code",
        (variant({"code": maybe(("a", "/properties/code/enum/0"), ("A", "/properties/code/enum/1"))}, "", "code"),),
    ),
    Case("false admits nothing", False, "code", ()),
    Case("constants that clash at a required member admit nothing", {"type": "object", **BASE, "allOf": BRANCHES}, "code", ()),
    Case("an empty enum admits nothing", {"enum": []}, "code", ()),
    Case("types that clash admit nothing", {"type": "object", "allOf": [{"type": "string"}]}, "code", ()),
    Case("true admits anything", True, "code", (variant({"code": anything()}, types=JSON_TYPES),)),
    Case(
        "a clash at an optional member makes it absent",
        {"type": "object", "properties": {"code": {"const": "A", "enum": ["B"]}}},
        "code",
        (variant({"code": ABSENT_VALUES}),),
    ),
    Case(
        "what is no object has no member",
        {"type": "string"},
        "code",
        (variant({"code": ABSENT_VALUES}, types=STRING),),
    ),
    Case(
        "properties without a type mean an object, for presence",
        {"properties": {"code": {"const": "A"}}, "required": ["code"]},
        "code",
        (variant({"code": some(("A", "/properties/code/const"))}, "code", "code", types=JSON_TYPES),),
    ),
    Case(
        "keywords that are not followed make it inexact",
        {"type": "object", "properties": {"code": {"const": "A"}}, "dependentSchemas": {"code": False}},
        "code",
        (variant({"code": maybe(("A", "/properties/code/const"), exact=False)}, "", "code", exact=False),),
    ),
    Case(
        "unevaluatedProperties leaves what is listed exact",
        {"type": "object", "properties": {"code": {"const": "A"}}, "unevaluatedProperties": False},
        "code http",
        (
            variant(
                {"code": maybe(("A", "/properties/code/const")), "http": anything(exact=False)},
                "",
                "code",
                exact=False,
            ),
        ),
    ),
    Case(
        "draft 4's exclusive minimum and other bounds sift listed values",
        {
            "type": "object",
            "properties": {
                "http": {"enum": [400, 404, 500], "minimum": 400, "exclusiveMinimum": True, "maximum": 499},
                "code": {"enum": ["A", "ABC"], "minLength": 2},
            },
        },
        "http code",
        (
            variant(
                {"http": maybe((404, "/properties/http/enum/1")), "code": maybe(("ABC", "/properties/code/enum/1"))},
                "",
                "code http",
            ),
        ),
        "3.0",
    ),
]


NAMED = {"type": "object", "properties": {"kind": {"type": "string"}, "code": {"const": "A"}}, "required": ["kind", "code"]}
OTHER = {"type": "object", "properties": {"kind": {"enum": ["x", "y"]}, "code": {"const": "B"}}, "required": ["kind", "code"]}
HEIR = {"allOf": [{"$ref": "#/$defs/Base"}, {"properties": {"code": {"const": "H"}}, "required": ["code"]}]}
FAMILY = {
    "Base": {
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "required": ["kind"],
        "discriminator": {"propertyName": "kind", "mapping": {"h": "#/$defs/Heir", "stranger": "#/$defs/Named"}},
    },
    "Heir": HEIR,
    "Named": NAMED,
}

CASES += [
    Case(
        "a discriminator without a mapping means the names of the components, inexactly",
        {
            "oneOf": [{"$ref": "#/$defs/Named"}, {"$ref": "#/$defs/Other"}],
            "discriminator": {"propertyName": "kind"},
            "$defs": {"Named": NAMED, "Other": OTHER},
        },
        "kind code",
        (
            variant(
                {
                    "kind": some(("Named", "/oneOf/0"), exact=False),
                    "code": some(("A", "/$defs/Named/properties/code/const")),
                },
                "kind code",
                "kind code",
                exact=False,
                branch="/oneOf/0",
            ),
            # The branch says otherwise: then the names are not meant.
            variant(
                {
                    "kind": some(
                        ("x", "/$defs/Other/properties/kind/enum/0"), ("y", "/$defs/Other/properties/kind/enum/1"), exact=False
                    ),
                    "code": some(("B", "/$defs/Other/properties/code/const"), exact=False),
                },
                "kind code",
                "kind code",
                exact=False,
                branch="/oneOf/1",
            ),
        ),
    ),
    Case(
        "a reference that is no component has no name, and so no discriminator narrows it",
        {"oneOf": [{"$ref": "#/parts/0"}], "discriminator": {"propertyName": "kind"}, "parts": [NAMED]},
        "kind",
        (variant({"kind": anything("required", STRING)}, "kind code", "kind code", branch="/oneOf/0"),),
        "3.0",
    ),
    Case(
        "a reference to a schema with heirs means them too, but no stranger that its mapping names",
        {"$ref": "#/$defs/Base", "$defs": FAMILY},
        "kind code",
        (
            variant({"kind": anything("required", STRING), "code": anything()}, "kind", "kind"),
            variant(
                {
                    "kind": some(("h", "/$defs/Base/discriminator/mapping/h")),
                    "code": some(("H", "/$defs/Heir/allOf/1/properties/code/const")),
                },
                "kind code",
                "kind code",
                branch="/$defs/Heir",
            ),
        ),
        "3.0",
    ),
    Case(
        "an heir means itself only",
        {"$ref": "#/$defs/Heir", "$defs": FAMILY},
        "kind code",
        (
            variant(
                {
                    "kind": anything("required", STRING),
                    "code": some(("H", "/$defs/Heir/allOf/1/properties/code/const")),
                },
                "kind code",
                "kind code",
            ),
        ),
        "3.0",
    ),
    Case(
        "branches of a oneOf that may both hold are inexact",
        {"oneOf": [OTHER, OTHER]},
        "code",
        tuple(
            variant(
                {"code": some(("B", f"/oneOf/{index}/properties/code/const"), exact=False)},
                "kind code",
                "kind code",
                exact=False,
                branch=f"/oneOf/{index}",
            )
            for index in range(2)
        ),
    ),
    Case(
        "branches of a oneOf are exact where an optional constant, a missing member or another type leads past the others",
        {
            "oneOf": [
                {"type": "object", "properties": {"code": {"const": "A"}}},
                {"type": "object", "properties": {"code": {"const": "B"}}},
                {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]},
                {"type": "object", "properties": {"http": {"type": "integer"}, "code": {"type": "string"}}},
            ]
        },
        "code",
        (
            variant({"code": maybe(("A", "/oneOf/0/properties/code/const"))}, "", "code", branch="/oneOf/0"),
            variant({"code": maybe(("B", "/oneOf/1/properties/code/const"))}, "", "code", branch="/oneOf/1"),
            variant({"code": anything()}, "detail", "detail", branch="/oneOf/2"),
            variant({"code": anything(types=STRING)}, "", "code http", branch="/oneOf/3"),
        ),
    ),
    Case(
        "and inexact where what stands beside them closes that way",
        {
            "type": "object",
            "allOf": [
                {
                    "oneOf": [
                        {"properties": {"code": {"const": "A"}}},
                        {"properties": {"code": {"type": "string"}}, "required": ["detail"]},
                    ]
                },
                {"required": ["detail"]},
            ],
        },
        "code",
        (
            variant(
                {"code": maybe(("A", "/allOf/0/oneOf/0/properties/code/const"), exact=False)},
                "detail",
                "code",
                exact=False,
                branch="/allOf/0/oneOf/0",
            ),
            variant({"code": anything(types=STRING)}, "detail", "code", branch="/allOf/0/oneOf/1"),
        ),
    ),
    Case(
        "a range of few integers is a list, which stands at its lower bound",
        {
            "type": "object",
            "properties": {
                "http": {"type": "integer", "minimum": 400, "exclusiveMaximum": 403},
                "code": {"type": "number", "minimum": 400, "maximum": 403},
                "kind": {"allOf": [{"type": ["integer", "null"], "minimum": 0.5}, {"maximum": 2.5}]},
                "count": {"type": "integer", "minimum": 1, "maximum": 201},
            },
        },
        "http code kind count",
        (
            variant(
                {
                    "http": maybe(*((http, "/properties/http/minimum") for http in (400, 401, 402))),
                    "code": anything(types=frozenset(("number", "integer"))),
                    "kind": maybe(*((kind, "/properties/kind/allOf/0/minimum") for kind in (1, 2, None))),
                    "count": anything(types=INTEGER, exact=False),
                },
                "",
                "code count http kind",
                exact=False,
            ),
        ),
    ),
    Case(
        "bounds that clash leave nothing, and so does a not of all values of a type",
        {
            "type": "object",
            "properties": {
                "http": {"type": ["integer", "string"], "minimum": 5, "maximum": 4},
                "code": {"type": "string", "minLength": 3, "maxLength": 2},
                "kind": {"type": "boolean", "not": {"enum": [True, False]}},
            },
        },
        "http code kind",
        (variant({"http": anything(types=STRING), "code": ABSENT_VALUES, "kind": ABSENT_VALUES}, "", "http"),),
    ),
    Case(
        "what must stand beside the code, and perhaps cannot, makes it inexact",
        {
            "type": "object",
            "properties": {"code": {"const": "A"}, "kind": {"type": "string", "pattern": "^a", "minLength": 2}},
            "required": ["code", "kind"],
        },
        "code",
        (variant({"code": some(("A", "/properties/code/const"), exact=False)}, "code kind", "code kind", exact=False),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_whole_result_of(case: Case) -> None:
    assert read(case.schema, case.asked, case.dialect) == case.expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"properties": {"code": {"type": "string"}}}, "/properties/code"),
        ({"properties": {"code": {"$ref": "#/$defs/Code"}}, "$defs": {"Code": {"type": "string"}}}, "/$defs/Code"),
        ({"properties": {"code": {"pattern": "^ML_"}}}, "/properties/code/pattern"),
        ({"properties": {"code": {"allOf": [{"minLength": 1}, {"type": "string"}]}}}, "/properties/code/allOf/0"),
        ({"type": "object"}, ""),
    ],
)
def test_an_open_place_says_which_schema_leaves_it_open(schema: Any, expected: str) -> None:
    assert read(schema, "code")[0].values["code",].location == at(expected)


def test_more_than_256_variants_are_joined_into_the_last() -> None:
    found = read({"type": "object", "oneOf": [branch(f"C{index}", index) for index in range(300)]}, "code http")
    last = found[-1].values["code",]
    assert [len(found), len(last.finite or ()), last.exact, found[0].values["code",].exact] == [256, 45, False, True]


def test_members_that_multiply_beyond_256_are_joined() -> None:
    choice = {"oneOf": [{"properties": {"code": {"const": index}}} for index in range(20)]}
    found = read({"type": "object", "properties": {"a": choice, "b": choice}}, "a/code b/code")
    assert len(found) == 20
    assert {len(item.values["b", "code"].finite or ()) for item in found} | {
        len(item.values["a", "code"].finite or ()) for item in found
    } == {1, 20}


def test_choices_that_multiply_at_one_place_are_joined_to_64() -> None:
    choices = [
        {"oneOf": [{"properties": {name: {"const": index}}} for index in range(10)]} for name in ("code", "http", "kind")
    ]
    found = read({"type": "object", "allOf": choices}, "code")
    last = found[-1].values["code",]
    assert [len(found), found[0].exact, last.exact, len(last.finite or ())] == [64, True, False, 10]


def test_a_pattern_that_would_take_all_memory_is_unknown() -> None:
    found = read({"properties": {"code": {"enum": ["A"], "pattern": "((a{1000}){1000}){1000}"}}}, "code")
    assert found[0].values["code",].exact is False


def test_schemas_within_schemas_without_end_are_unknown() -> None:
    schema: Any = {"const": {"code": "A"}}
    for _ in range(2000):
        schema = {"allOf": [schema]}
    assert read(schema, "code") == (variant({"code": anything(exact=False)}, types=JSON_TYPES, exact=False),)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^ML_10(00|01)$", ("ML_1000", "ML_1001")),
        ("^(?:A|B)?$", ("", "A", "B")),
        ("^[A-C]\\d{0}$", ("A", "B", "C")),
        ("^(?<kind>A|B)X$", ("AX", "BX")),
        ("^A$|^B$", ("A", "B")),
        ("^a^b$", ()),
        ("^A|B$", None),
        ("A", None),
        ("^A", None),
        ("^[A-Z]{3}$", None),
        ("^A+$", None),
        ("^(?i)a$", None),
        ("(?i)^a$", None),
        ("^(?i:a)$", None),
        ("^A{,2}$", None),
        ("^[^A]$", None),
        ("^A.$", None),
        ("^(?=A)A$", None),
        ("^(A)\\1$", None),
        ("^\\bA$", None),
        ("\\AA\\Z", None),
        ("^(A|B", None),
        ("^" + "(" * 900 + "A" + ")" * 900 + "$", None),
        ("^A{99999}$", None),
    ],
)
def test_the_language_of(pattern: str, expected: tuple[str, ...] | None) -> None:
    assert language(pattern) == expected


def choice(count: int, name: str) -> dict[str, Any]:
    return {"oneOf": [{"properties": {name: {"const": index}}} for index in range(count)]}


@pytest.mark.parametrize(
    ("schema", "variants_", "exact"),
    [
        ({"oneOf": [{"type": "object", **branch(f"C{index}", 400)} for index in range(200)]}, 200, 200),
        ({"oneOf": [{"type": "object", **branch("C", 400)} for _ in range(200)]}, 200, 0),
        ({"type": "object", "properties": {"code": {"oneOf": [{"const": f"C{index}"} for index in range(10_000)]}}}, 256, 255),
        ({"type": "object", "properties": {"code": {"enum": [f"C{index}" for index in range(10_000)]}}}, 1, 1),
        ({"type": "object", "allOf": [choice(50, name) for name in ("code", "http", "a", "b", "c", "d")]}, 64, 0),
        (
            {
                "$ref": "#/$defs/S0",
                "$defs": {
                    f"S{index}": {
                        "type": "object",
                        "allOf": [{"$ref": f"#/$defs/S{other}"} for other in range(40) if other != index],
                        "discriminator": {"propertyName": "k", "mapping": {f"x{n}": f"#/$defs/S{n}" for n in range(40)}},
                    }
                    for index in range(40)
                },
            },
            40,
            0,
        ),
    ],
    ids=("branches", "the same branch", "a choice of constants", "an enum", "a product", "heirs of each other"),
)
def test_large_schemas_are_read_to_the_end(schema: Any, variants_: int, exact: int) -> None:
    found = read(schema, "code http")
    assert [len(found), sum(item.exact for item in found)] == [variants_, exact]


def test_a_chain_of_200_references_is_read_as_deep_as_python_bears() -> None:
    links = {f"S{n}": {"allOf": [{"$ref": f"#/$defs/S{n + 1}"}, {"required": [f"m{n}"]}]} for n in range(200)}
    found = read({"$ref": "#/$defs/S0", "$defs": {**links, "S200": {"type": "object", **branch("A", 400)}}}, "code")
    assert [(len(item.demands), item.exact) for item in found] == [(29, False)]


def test_a_branch_is_exact_however_others_are_told_apart_at_a_place_that_it_does_not_have() -> None:
    flat = {"type": "object", "additionalProperties": False, "required": ["id"], "properties": {"id": {"enum": ["A"]}}}
    coded = {"type": "object", "additionalProperties": False, "required": ["code"], "properties": {"code": {"enum": [400]}}}
    found = variants(Node("d", (), {"oneOf": [flat, coded]}), [("id",), ("code",)], lambda node: node, "3.0")
    assert [(variant.exact, variant.values[("id",)].presence) for variant in found] == [(True, "required"), (True, "absent")]
