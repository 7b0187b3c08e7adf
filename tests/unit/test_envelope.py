"""Recognition: which envelope a body is, and what stands at its roles."""

from __future__ import annotations

from typing import Any

import pytest

from errlint.load.catalog import shipped_envelopes
from errlint.match.envelope import ABSENT, Found, Signature, elements, read
from errlint.match.explain import first_error
from errlint.match.inline import inlined
from errlint.model.catalog import Envelope, Place

FEW = ("eventml", "fastapi-detail", "huawei-apig", "maas-dual", "openai", "problem-json", "vllm-flat", "vllm-nested")
SHIPPED = {id_: shipped_envelopes()[id_] for id_ in FEW}  # as in a catalog that names some; test_recognition has them all
SIGNATURES = {id_: Signature(envelope) for id_, envelope in SHIPPED.items()}
SAMPLES = [
    pytest.param(id_, sample, media_type, id=f"{id_}-{number}-{media_type}")
    for id_, envelope in SHIPPED.items()
    for number, sample in enumerate(envelope.samples)
    for media_type in envelope.media_types or ("application/json", "")
]


def best(value: Any, media_type: str, among: dict[str, Signature]) -> list[str]:
    """The envelopes with the highest score; several where nothing tells them apart."""
    scores = {id_: signature.recognise(value, media_type) for id_, signature in among.items()}
    known = {id_: score for id_, score in scores.items() if score is not None}
    return [id_ for id_, score in known.items() if score == max(known.values())]


@pytest.mark.parametrize(("id_", "sample", "media_type"), SAMPLES)
def test_a_sample_is_its_own_envelope_when_a_few_compete(id_, sample, media_type):
    assert best(sample, media_type, SIGNATURES) == [id_]


@pytest.mark.parametrize(("id_", "sample", "media_type"), SAMPLES)
def test_a_sample_satisfies_its_schema(id_, sample, media_type):
    assert SIGNATURES[id_].strictly(sample)


@pytest.mark.parametrize("value", [None, 7, True, "ml_1001", "", [], ["ML_1001"], {"a": 1}, 1e999, "\ud800"], ids=repr)
@pytest.mark.parametrize("role", ["code", "message", "http"])
def test_what_a_role_holds_never_excludes_its_envelope(role, value):
    error = {"code": "ML_1001", "message": "?", "http": 404} | {role: value}
    assert SIGNATURES["eventml"].recognise({"error": error}, "") is not None


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"error": {"code": "ML_1001", "message": "?", "http": 404}}, True),
        ({"error": {"message": "?", "http": 404}}, True),
        ({"error": {"code": "ML_1001", "http": 404}}, True),
        ({"error": {"code": "ML_1001", "message": "?"}}, True),
        ({"error": {"code": "ML_1001"}}, False),
        ({"error": {}}, False),
        ({"error": "gone"}, False),
        ({"error": None}, False),
        ({"fault": {"code": "ML_1001", "message": "?", "http": 404}}, False),
        ([{"error": {"code": "ML_1001", "message": "?", "http": 404}}], False),
        ("gone", False),
        (None, False),
        ({"error": {"code": "ML_1001", "message": "?", "http": 404, "trace": "x"}, "more": 1}, True),
    ],
)
def test_a_shape_may_lack_one_role_and_have_unknown_members(body, fits):
    assert (SIGNATURES["eventml"].recognise(body, "") is not None) == fits


def test_the_types_at_the_roles_order_the_shapes_that_fit():
    nested = {"error": {"message": "?", "type": "NotFoundError", "param": None, "code": 404}}
    assert best(nested, "application/json", SIGNATURES) == ["vllm-nested"]
    assert best({"error": nested["error"] | {"code": "gone"}}, "application/json", SIGNATURES) == ["openai"]


def test_a_media_type_decides_before_the_shape():
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such thing"}
    assert best(problem, "application/problem+json", SIGNATURES) == ["problem-json"]
    assert best({"detail": "Not Found"}, "application/problem+json", SIGNATURES) == ["problem-json"]
    assert best({"detail": "Not Found"}, "application/json", SIGNATURES) == ["fastapi-detail"]


def made(id_: str, properties: dict[str, Any], *, generic: bool = False, **more: Any) -> Signature:
    schema = {"type": "object", "required": list(properties), "properties": properties | more}
    return Signature(Envelope(id_, schema, {"code": Place((("code",),), types=("string",))}, generic=generic))


def test_shapes_that_nothing_separates_are_answered_together():
    among = {id_: made(id_, {"code": {"type": "string"}}) for id_ in ("one", "two")}
    assert best({"code": "gone"}, "", among) == ["one", "two"]


def test_a_generic_shape_comes_last():
    among = {
        "loose": made("loose", {"code": {"type": "string"}}, generic=True),
        "strict": made("strict", {"code": {"type": "string"}, "kind": {"type": "string"}}),
    }
    assert best({"code": "gone", "kind": "error"}, "", among) == ["strict"]
    assert best({"code": "gone"}, "", among) == ["loose"]


def test_a_constant_outside_of_the_roles_excludes():
    among = {id_: made(id_, {"code": {"type": "string"}, "kind": {"const": id_}}) for id_ in ("red", "blue")}
    assert [best({"code": "gone", "kind": kind}, "", among) for kind in ("red", "blue", "green")] == [["red"], ["blue"], []]


def test_members_that_no_schema_names_cost():
    among = {
        "small": made("small", {"code": {"type": "string"}}),
        "known": made("known", {"code": {"type": "string"}}, hint={}),
    }
    assert best({"code": "gone", "hint": "x"}, "", among) == ["known"]


def test_an_allof_is_one_shape():
    schema = {
        "allOf": [
            {"type": "object", "required": ["error"], "properties": {"error": {"type": "object"}}},
            {"properties": {"error": {"required": ["code"], "properties": {"code": {"type": "string"}}}}},
        ]
    }
    signature = Signature(Envelope("both", schema, {"code": Place((("error", "code"),))}))
    got = [signature.recognise(body, "") is not None for body in ({"error": {"code": 7}}, {"error": {}}, {"error": 7}, {})]
    assert got == [True, True, False, False]


PLACE = Place((("code",),))
TWO = Place((("error_code",), ("error", "code")))
HEADER = Place((("code",),), header="X-MS-Error-Code")
PACKED = Place((("error_code",),), extract=r"^InferHub\.(ModelArts\.\d+)\.\d{3}$")
MANY = Place((("errors", "*", "code"),))


@pytest.mark.parametrize(
    ("place", "body", "headers", "value", "copies"),
    [
        (PLACE, {"code": "gone"}, {}, "gone", (("/code", "gone"),)),
        (PLACE, {"code": None}, {}, None, (("/code", None),)),
        (PLACE, {}, {}, ABSENT, ()),
        (PLACE, "gone", {}, ABSENT, ()),
        (None, {"code": "gone"}, {}, ABSENT, ()),
        (TWO, {"error": {"code": "b"}}, {}, "b", (("/error/code", "b"),)),
        (TWO, {"error_code": "a", "error": {"code": "a"}}, {}, "a", (("/error_code", "a"), ("/error/code", "a"))),
        (TWO, {"error_code": "a", "error": {"code": "b"}}, {}, "a", (("/error_code", "a"), ("/error/code", "b"))),
        (HEADER, {"code": "a"}, {"x-ms-error-code": "a"}, "a", (("/code", "a"), ("header X-MS-Error-Code", "a"))),
        (HEADER, {}, {"x-ms-error-code": "a"}, "a", (("header X-MS-Error-Code", "a"),)),
        (HEADER, {}, {"other": "a"}, ABSENT, ()),
        (PACKED, {"error_code": "InferHub.ModelArts.81114.429"}, {}, "ModelArts.81114", (("/error_code", "ModelArts.81114"),)),
        (PACKED, {"error_code": "ModelArts.81114"}, {}, ABSENT, ()),
        (PACKED, {"error_code": 7}, {}, ABSENT, ()),
        (MANY, {"errors": [{"code": "a"}, {"code": "b"}]}, {}, "a", (("/errors/0/code", "a"),)),
    ],
)
def test_a_place_is_read_with_all_its_copies(place, body, headers, value, copies):
    found = read(place, body, headers)
    assert (found.value, found.copies) == (value, copies)


@pytest.mark.parametrize(
    ("copies", "agrees"),
    [
        ((), True),
        ((("/a", "x"),), True),
        ((("/a", "x"), ("/b", "x")), True),
        ((("/a", "x"), ("/b", "y")), False),
        ((("/a", 1), ("/b", "1")), False),
        ((("/a", 1), ("/b", 1.0)), True),
        ((("/a", 1), ("/b", True)), False),
    ],
)
def test_copies_agree_as_json_values_do(copies, agrees):
    assert Found("x", None, copies).agrees == agrees


def test_each_error_of_an_array_is_read_by_itself():
    body = {"errors": [{"code": "a", "title": "A"}, {"title": "B"}, {"code": "c"}]}
    bounds = list(elements(MANY, body))
    titles = Place((("errors", "*", "title"),))
    assert [(read(MANY, body, {}, at).value, read(titles, body, {}, at).value) for at in bounds] == [
        ("a", "A"),
        (ABSENT, "B"),
        ("c", ABSENT),
    ]


def test_the_errors_of_several_fields_are_read_one_by_one():
    place = Place((("errors", "*", "*", "code"),))
    body = {"errors": {"name": [{"code": "short"}, {"code": "ugly"}], "age": [{"code": "low"}]}}
    assert [read(place, body, {}, at).value for at in elements(place, body)] == ["short", "ugly", "low"]


@pytest.mark.parametrize("body", [{}, {"errors": []}, {"errors": None}, []], ids=repr)
def test_an_array_without_errors_is_one_error_without_a_code(body):
    assert list(elements(MANY, body)) == [()]


REFERRED = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"$ref": "#/$defs/Error", "description": "what went wrong"}},
    "$defs": {
        "Error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"$ref": "#/$defs/Text"}, "cause": {"$ref": "#/$defs/Error"}},
        },
        "Text": {"type": "string"},
    },
}
NESTED = {"code": Place((("error", "code"),)), "message": Place((("error", "message"),))}


def test_an_envelope_is_read_through_its_references():
    signature = Signature(Envelope("referred", REFERRED, NESTED))
    assert [(part.pointer, part.required) for part in signature.parts] == [
        (("error",), True),
        (("error", "code"), True),
        (("error", "message"), True),
        (("error", "cause"), False),
    ]
    assert signature.required_roles == {"code", "message"}
    bodies = ({"error": {"code": 7, "message": "m"}}, {"error": {"message": "m"}}, {"error": {}}, {})
    assert [signature.recognise(body, "") is not None for body in bodies] == [True, True, False, False]


@pytest.mark.parametrize(
    ("schema", "plain"),
    [
        ({"const": {"a": 1}}, {"const": {"a": 1}}),
        ({"$ref": "#"}, True),
        ({"properties": {"$ref": {"$ref": "#/$defs/a~1b"}}, "$defs": {"a/b": {"type": "null"}}}, {"$ref": {"type": "null"}}),
        ({"properties": {"a": {"$ref": "#/nowhere"}}}, {"a": True}),
        ({"properties": {"a": {"$ref": "other.json"}}}, {"a": {"$ref": "other.json"}}),
        (
            {"properties": {"a": {"$ref": "#/$defs/A", "type": "object"}}, "$defs": {"A": {"required": ["b"]}}},
            {"a": {"type": "object", "allOf": [{"required": ["b"]}]}},
        ),
    ],
)
def test_references_are_written_out(schema, plain):
    found = inlined(schema)
    assert (found.get("properties", found) if isinstance(found, dict) else found) == plain


def test_references_that_multiply_come_to_an_end():
    defs = {f"d{n}": {"properties": {x: {"$ref": f"#/$defs/d{n + 1}"} for x in "abcd"}} for n in range(30)}
    assert inlined({"$ref": "#/$defs/d0", "$defs": defs})["properties"].keys() == set("abcd")


def test_the_parts_of_a_branch_are_not_required():
    def branch(kind: str, **more: Any) -> dict[str, Any]:
        return {"required": ["kind"], "properties": {"kind": {"type": "string", "const": kind}, **more}}

    schema = {"type": "object", "required": ["code"], "oneOf": [branch("a"), branch("b", hint={"type": "string"})]}
    parts = Signature(Envelope("either", schema, {"code": PLACE})).parts
    assert [(part.pointer, part.required, part.types, part.constants) for part in parts] == [
        (("code",), True, None, None),
        (("kind",), False, frozenset(("string",)), ("a", "b")),
        (("hint",), False, None, None),
    ]


def test_an_element_has_what_its_array_requires_of_each():
    items = {"type": "object", "required": ["code"], "properties": {"code": {}}}
    schema = {"type": "object", "required": ["errors"], "properties": {"errors": {"type": "array", "items": items}}}
    assert Signature(Envelope("many", schema, {"code": MANY})).required_roles == {"code"}


def either(code: Any, **more: Any) -> dict[str, Any]:
    error = {"type": "object", "required": ["code"], "properties": {"code": code, **more}}
    return {"type": "object", "required": ["error"], "properties": {"error": error}}


@pytest.mark.parametrize(
    ("branches", "code", "told"),
    [
        (
            [either({"const": "pay.declined"}), either({"const": "pay.expird"})],
            "pay.expired",
            '"pay.expired" is not "pay.declined" or "pay.expird"',
        ),
        ([either({"enum": ["a", "b"]}), either({"const": "c"}), {"type": "null"}], 7, '7 is not "a", "b" or "c"'),
        ([either({"enum": ["a", "b"]}), either({"const": "c"}, n={})], "c", None),
        ([either({"enum": ["a", "b"]}, n={"type": "null"}), either({"const": "c"})], "b", "1 is not of type null"),
    ],
)
def test_a_member_that_tells_branches_apart_is_explained_by_all_of_them(branches, code, told):
    for keyword in ("oneOf", "anyOf"):
        found = first_error({keyword: branches}, {"error": {"code": code, "n": 1}})
        assert (found[1] if found else None) == told
