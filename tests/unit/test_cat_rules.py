"""Every example on the cards of the CAT rules, and what the two shipped catalogs report."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint import resources
from errlint.checks import cat, cat_fleet  # noqa: F401 -- registers the rules
from errlint.checks.catalog_file import CatalogAndDocuments, CatalogFile
from errlint.checks.registry import RULES, Hit
from errlint.errors import LoadError
from errlint.load.catalog import merge, read_catalog
from errlint.model import pointer as pointers
from errlint.model.finding import Location, Severity
from tests.promised import kept

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
OWN = {id_: rule for id_, rule in RULES.items() if id_.startswith("CAT")}


def cards() -> Iterator[dict[str, Any]]:
    for file in sorted(resources.rules().iterdir(), key=lambda file: file.name):
        if file.name.startswith("CAT") and file.name.endswith(".yaml"):
            yield yaml.safe_load(resources.text(file)) | {"file": file.name}


CARDS = list(cards())


def examples(kind: str) -> list[Any]:
    return [
        pytest.param(card["id"], example, id=f"{card['id']}-{kind}-{index}")
        for card in CARDS
        for index, example in enumerate(card[kind])
        if "others" not in example  # several services at once: tests/test_rules.py
    ]


def operations(spec: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        f"{method.upper()} {path}" for path, item in spec.get("paths", {}).items() for method in item if method in METHODS
    )


def judged(rule_id: str, file: CatalogFile, spec: dict[str, Any] | None = None) -> list[Hit]:
    """The hits of one rule over a catalog (and the documents beside it)."""
    subjects = [file, *([CatalogAndDocuments(file, operations(spec))] if spec is not None else [])]
    return [
        hit
        for subject in subjects
        for kind, judge, applies in OWN[rule_id].judges
        if type(subject) is kind and (applies is None or applies(subject))
        for hit in judge(subject, None)
        if isinstance(hit, Hit)
    ]


def loaded(example: dict[str, Any], folder: Path) -> CatalogFile:
    (folder / "catalog.yaml").write_text(example["yaml"], encoding="utf-8")
    return read_catalog("catalog.yaml", base=folder, lenient=True)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["id"])
def test_each_card_is_valid_and_agrees_with_its_rule(card: dict[str, Any]) -> None:
    card = dict(card)
    rule = OWN[card["id"]]
    assert card.pop("file") == f"{rule.id}-{rule.name}.yaml"
    kept("rule", card)
    assert (card["id"], card["name"]) == (rule.id, rule.name)


def test_every_rule_has_a_card() -> None:
    assert [card["id"] for card in CARDS] == sorted(OWN) == [f"CAT{number:03}" for number in range(1, 25)]


@pytest.mark.parametrize(("rule_id", "example"), examples("bad"))
def test_a_bad_example_is_reported_in_these_words(rule_id: str, example: dict[str, Any], tmp_path: Path) -> None:
    hits = judged(rule_id, loaded(example, tmp_path), example.get("spec"))
    said = [(hit.message, pointers.text(hit.at.pointer) if hit.at else None) for hit in hits]
    assert said == [(example["says"], example.get("at", said[0][1] if said else None))]


@pytest.mark.parametrize(("rule_id", "example"), examples("good") + examples("irrelevant"))
def test_a_good_or_irrelevant_example_is_not_reported(rule_id: str, example: dict[str, Any], tmp_path: Path) -> None:
    assert judged(rule_id, loaded(example, tmp_path), example.get("spec")) == []


@pytest.mark.parametrize(("rule_id", "example"), examples("good"))
def test_a_good_example_is_a_valid_catalog(rule_id: str, example: dict[str, Any], tmp_path: Path) -> None:
    assert loaded(example, tmp_path).invalid == ()


def everything(file: CatalogFile) -> list[tuple[str, str, str]]:
    return [
        (rule.id, str(rule.severity), hit.message)
        for rule in sorted(OWN.values(), key=lambda rule: rule.id)
        if rule.severity is not Severity.OFF
        for hit in judged(rule.id, file)
    ]


def test_what_the_eventml_catalog_reports() -> None:
    assert everything(read_catalog("builtin:eventml", lenient=True)) == [
        ("CAT006", "warning", "the source claims 33 entries, the catalog holds 34"),
        ("CAT015", "warning", "ML_1601 MISSING_APPROVAL is 400; APPROVAL in a name means 403"),
        ("CAT018", "note", "the message of ML_1103 names internals: SageMaker, EC2"),
        ("CAT018", "note", "the resolution of ML_1702 names internals: auth-svc"),
        ("CAT018", "note", "the resolution of ML_1900 names internals: Aurora Serverless v2"),
        ("CAT018", "note", "the message of ML_2001 names internals: ECS"),
    ]


def test_what_the_maas_catalog_reports() -> None:
    assert everything(read_catalog("builtin:maas", lenient=True)) == [
        ("CAT007", "note", "ModelArts.81109 comes under 2 statuses: 401, 403"),
        ("CAT008", "note", "APIG.0203 has the whole class 5XX as its status"),
        ("CAT021", "note", 'the message of ModelArts.81011 ends in dots: "May contain senstive....."'),
        ("CAT022", "note", "layer platform mixes message templates: %s (ModelArts.81109) and {name} (ModelArts.81101)"),
    ]


def test_eventml_resolutions_are_held_against_a_document() -> None:
    spec = {"paths": {"/models": {"get": {}, "post": {}}, "/training": {"get": {}}, "/experiments": {"get": {}}}}
    hits = judged("CAT020", read_catalog("builtin:eventml"), spec)
    assert [(hit.code, hit.detail) for hit in hits] == [
        ("ML_1201", "POST /endpoints"),
        ("ML_1401", "POST /drift-monitors"),
        ("ML_1501", "POST /feature-store/groups"),
        ("ML_1601", "POST /governance/approvals"),
    ]


def test_what_an_extended_catalog_has_wrong_is_told_to_its_owner_only(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        "errlint: 1\nservice: {name: mine}\nextends: builtin:eventml\nerrors: []\n", encoding="utf-8"
    )
    assert everything(read_catalog("c.yaml", base=tmp_path, lenient=True)) == []


def test_equal_identities_of_two_named_catalogs_are_duplicates(tmp_path: Path) -> None:
    for name, status in (("a", 404), ("b", 410)):
        text = f"errlint: 1\nservice: {{name: {name}}}\nerrors:\n  - {{code: E1, status: {status}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    left = (tmp_path / "a.yaml").as_posix()
    file = merge([read_catalog(f"{name}.yaml", base=tmp_path) for name in "ab"])
    hits = judged("CAT002", file)
    assert [(hit.message, hit.at) for hit in hits] == [
        (
            f"E1 stands in {left} too (layer service); the catalogs are one contract, so say it once",
            Location((tmp_path / "b.yaml").as_posix(), ("errors", "0", "code")),
        )
    ]
    assert [related.location for related in hits[0].related] == [Location(left, ("errors", "0"))]


@pytest.mark.parametrize(
    "text",
    [
        "errors: 5",
        "errors: x",
        "layers: 5",
        "envelopes: [1]",
        "categories: [1]",
        "accepted: {a: 1}",
        "service: {expect_count: 1}",
    ],
)
def test_sections_of_a_wrong_type_are_told_once_and_crash_no_rule(text: str, tmp_path: Path) -> None:
    key = text.partition(":")[0]
    frame = {"errlint": "1", "service": "{name: x, expect_count: 3, expect_categories: 3}", "errors": "[]"}
    lines = [f"{name}: {value}" for name, value in frame.items() if name != key]
    file = loaded({"yaml": "\n".join([*lines, text]) + "\n"}, tmp_path)
    told = everything(file)
    assert len([message for rule, _, message in told if rule == "CAT001"]) == 1


@pytest.mark.parametrize("status", ["04", "0404", "404.0", "no"])
def test_a_mangled_status_is_told_once(status: str, tmp_path: Path) -> None:
    text = f"errlint: 1\nservice: {{name: x}}\nerrors:\n  - {{code: A, status: {status}}}\n"
    told = everything(loaded({"yaml": text}, tmp_path))
    assert [(rule, message.endswith("write the status as in 404")) for rule, _, message in told] == [("CAT013", True)]


def test_a_broken_schema_file_is_told_at_its_name(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text('{"required": "code"}', encoding="utf-8")
    text = "errlint: 1\nservice: {name: x}\nenvelopes: {e: {schema_file: e.json}}\nerrors: []\n"
    (hit,) = judged("CAT016", loaded({"yaml": text}, tmp_path))
    assert hit.message == 'envelope e has a schema that is no JSON Schema: "code" at /required is not a list'
    assert hit.at == Location((tmp_path / "catalog.yaml").as_posix(), ("envelopes", "e", "schema_file"))


# Any catalog


VALID: dict[str, Any] = {
    "errlint": 1,
    "service": {"name": "shop", "expect_count": 3, "expect_categories": 1, "source": {"date": "2025-01-01"}},
    "defaults": {"layer": "api", "message_check": "advise"},
    "extends": [],
    "envelopes": {
        "e": {
            "schema": {
                "type": "object",
                "required": ["code", "text"],
                "properties": {"code": {"type": "string", "pattern": "^A"}, "text": {"$ref": "#/$defs/text"}},
                "patternProperties": {"^x-": {"type": ["string", "null"]}},
                "allOf": [{"properties": {"kind": {"const": "error"}}}],
                "anyOf": [{"minProperties": 1}, {"items": {"enum": [1]}}],
                "$defs": {"text": {"type": "string", "minLength": 1}},
            },
            "code": {"pointer": "/code", "pattern": "^A", "type": "string"},
            "message": {"pointer": ["/text", "/more/*/text"], "extract": "(.*)"},
            "example": {"code": "A1", "text": "x"},
            "statuses": [400, "5XX"],
            "media_types": ["application/json"],
        },
        "f": {"code": {"pointer": "/code"}, "message": {"pointer": "/text"}, "framing": "sse"},
        "g": {"use": "openai", "schema": {"type": "array", "items": {"type": "object"}, "minItems": 1}},
    },
    "layers": {"api": {"envelope": ["e", "g"], "applies_to": ["GET /a/**"]}, "gate": {"envelope": "f", "codes": "open"}},
    "categories": {"c": {"title": "C", "prefix": "A", "range": [1, 9], "pattern": "^A", "statuses": [400, "5XX"]}},
    "errors": [
        {"code": "A1", "status": 404, "category": "c", "message": {"braces": "no {x}", "example": "no y"}, "match": {"/k": 1}},
        {
            "code": 7,
            "id": "seven",
            "status": [401, "5XX"],
            "layer": "gate",
            "variants": [{"status": 401, "message": "%s gone"}],
        },
        {"code": "A1", "id": "a", "status": 404, "replaced_by": "A1", "resolution": "GET /a", "operations": ["GET /a"]},
    ],
    "accepted": [{"rule": "CAT007", "code": "A1", "reason": "meant"}],
}
WORDS = [
    "builtin:eventml",
    "",
    "x",
    "404",
    "e",
    "A1",
    "#",
    "#/a",
    "#/",
    "/a",
    "*",
    "(",
    "^(a+)+$",
    "%s",
    "{x}",
    "\ud800",
    "\x00",
    "object",
    "a.json",
]
MEMBERS = (
    *("type", "const", "enum", "$ref", "$id", "$schema", "required", "properties", "items", "allOf", "oneOf", "not"),
    *("minItems", "minimum", "patternProperties", "additionalProperties", "use", "code", "pointer", "status"),
)
NODES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 404, 1.5, 404.0, 1e308, float("inf"), 10**400])
    | st.sampled_from(WORDS)
    | st.text(st.characters(), max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*WORDS, *MEMBERS]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for token, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(below, (*at, token))


PLACES = list(places(VALID))[1:]
MAAS = read_catalog("builtin:maas")


def replaced(value: Any, at: tuple[Any, ...], by: Any, renamed: bool) -> Any:
    """A copy with another node at a place; with ``renamed`` its key changes, where the new node can be one."""
    if isinstance(value, list):
        if at and isinstance(at[0], int) and at[0] < len(value):
            return [replaced(item, at[1:], by, renamed) if index == at[0] else item for index, item in enumerate(value)]
    elif isinstance(value, dict) and at and at[0] in value:
        if renamed and len(at) == 1 and isinstance(by, str):
            return {by if key == at[0] else key: item for key, item in value.items()}
        return {key: replaced(item, at[1:], by, renamed) if key == at[0] else item for key, item in value.items()}
    return value if at else by


@settings(max_examples=int(os.environ.get("ERRLINT_FUZZ", "150")), suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PLACES), NODES, st.booleans()), min_size=1, max_size=3))
def test_any_catalog_is_judged_or_refused_and_crashes_nothing(changes: list[tuple[tuple[Any, ...], Any, bool]]) -> None:
    data: Any = VALID
    for place, node, renamed in changes:
        data = replaced(data, place, node, renamed)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "c.json").write_text(json.dumps(data), encoding="utf-8")
        with contextlib.suppress(LoadError):
            file = read_catalog("c.json", base=Path(folder), lenient=True)
            assert all(message.encode() for _, _, message in everything(file))
            both = merge([file, MAAS])
            assert all(hit.message.encode() for rule in ("CAT002", "CAT017") for hit in judged(rule, both))
        with contextlib.suppress(LoadError):
            assert read_catalog("c.json", base=Path(folder)).invalid == ()
