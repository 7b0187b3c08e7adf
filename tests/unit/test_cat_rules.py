"""Every example on the cards of the CAT rules, and what the two shipped catalogs report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from errlint import resources
from errlint.checks import cat  # noqa: F401 -- registers the rules
from errlint.checks.catalog_file import CatalogAndDocuments, CatalogFile
from errlint.checks.registry import RULES, Hit
from errlint.load.catalog import merge, read_catalog
from errlint.model import pointer as pointers
from errlint.model.finding import Location, Severity

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
    jsonschema.validate(card, json.loads(resources.text(resources.schemas() / "rule.schema.json")))
    assert (card["id"], card["name"]) == (rule.id, rule.name)


def test_every_rule_has_a_card() -> None:
    assert [card["id"] for card in CARDS] == sorted(OWN) == [f"CAT{number:03}" for number in range(1, 23)]


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
    file = merge([read_catalog(f"{name}.yaml", base=tmp_path) for name in "ab"])
    hits = judged("CAT002", file)
    assert [(hit.message, hit.at) for hit in hits] == [
        (
            "E1 stands twice in layer service; give each an id, or one entry both statuses",
            Location((tmp_path / "b.yaml").as_posix(), ("errors", "0", "code")),
        )
    ]
