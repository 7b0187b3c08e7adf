"""Catalog files become one contract: defaults, envelopes, messages, extends, merging, and errors with their places."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint import resources
from errlint.errors import LoadError
from errlint.load import catalog_format
from errlint.load.catalog import merge, read_catalog, shipped_envelopes
from errlint.load.catalog_file import CatalogFile
from errlint.model.catalog import Accepted, Category, Code, Envelope, Layer, Message, Place, Variant
from errlint.model.finding import Location
from errlint.model.recipe import Recipe, Step
from errlint.model.record import replace
from errlint.model.status import one, union

HEAD = "errlint: 1\nservice: {name: shop}\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "shop.yaml", head: str = HEAD) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(head + text, encoding="utf-8")
    return name


def refused(reference: str) -> str:
    with pytest.raises(LoadError) as caught:
        read_catalog(reference)
    return caught.value.line()


def invalid(file: CatalogFile) -> list[tuple[str, tuple[str, ...]]]:
    return [(message, place.pointer) for message, place in file.invalid]


# The smallest catalog


def test_the_smallest_catalog_has_one_layer_and_recognises_shipped_envelopes(shop: Path) -> None:
    catalog = read_catalog(write("errors:\n  - {code: ML_1001, status: 404}\n")).catalog
    names = tuple(catalog.envelopes)
    assert {"eventml", "maas-dual", "odata", "openai", "problem-json"} <= set(names)
    assert {"huawei-apig", "drf-detail", "docker-engine", "vllm-flat"}.isdisjoint(names)  # they carry other codes, or none
    assert catalog.layers == {"service": Layer("service", names, location=Location("shop.yaml", ()))}
    assert {id_: envelope.generic for id_, envelope in catalog.envelopes.items()} == dict.fromkeys(names, True)
    assert catalog.codes == (Code("ML_1001", "ML_1001", one(404), "service", location=Location("shop.yaml", ("errors", "0"))),)


def test_numeric_codes_leave_the_envelopes_that_carry_numbers(shop: Path) -> None:
    catalog = read_catalog(write("errors:\n  - {code: 400, status: 400}\n")).catalog
    assert list(catalog.envelopes) == [
        *("cloudflare", "confluent", "falcon", "grpc-gateway", "jsonrpc", "twilio", "vllm-flat", "vllm-nested")
    ]
    assert catalog.codes[0].code == 400


def test_the_only_envelope_is_the_layers(shop: Path) -> None:
    catalog = read_catalog(write("envelopes: {own: {use: openai}}\nerrors: []\n")).catalog
    assert catalog.layers["service"].envelopes == ("own",)
    assert catalog.envelopes["own"] == replace(
        shipped_envelopes()["openai"], id="own", location=Location("shop.yaml", ("envelopes", "own"))
    )


def test_a_policy_without_codes_is_legal(shop: Path) -> None:
    catalog = read_catalog(write("envelopes: {own: {use: problem-json}}\nerrors: []\n")).catalog
    assert (catalog.codes, catalog.layers["service"].closed) == ((), True)


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("layers: {api: {envelope: openai}}\n", "api"),
        ("layers: {api: {envelope: openai}, gate: {envelope: openai}}\ndefaults: {layer: gate}\n", "gate"),
        ("layers: {api: {envelope: openai}, service: {envelope: openai}}\n", "service"),
        ("layers: {api: {envelope: openai}, gate: {envelope: openai}}\n", ""),
        ("defaults: {layer: api}\n", "api"),
    ],
)
def test_the_layer_of_an_entry_that_names_none(shop: Path, text: str, layer: str) -> None:
    file = read_catalog(write(text + "errors: [{code: A, status: 400}]\n"), lenient=True)
    assert [code.layer for code in file.catalog.codes] == [layer]


def test_a_layer_may_name_a_shipped_envelope(shop: Path) -> None:
    catalog = read_catalog(write("layers: {service: {envelope: huawei-apig}}\nerrors: []\n")).catalog
    assert catalog.envelopes == {"huawei-apig": shipped_envelopes()["huawei-apig"]}


def test_json_is_a_catalog_too(shop: Path) -> None:
    data = {"errlint": 1, "service": {"name": "shop"}, "errors": [{"code": "010", "status": 404}]}
    assert read_catalog(write(json.dumps(data), "shop.json", head="")).catalog.codes[0].code == "010"


# Everything an entry can say


def test_a_whole_entry(shop: Path) -> None:
    text = """
categories: {c: {title: C, prefix: A, range: [1, 9], statuses: 4XX}}
accepted: [{rule: CAT007, code: A1, reason: meant}]
errors:
  - id: a
    code: A1
    status: [401, 5XX]
    name: AN_A
    category: c
    message: {braces: "no {x}", check: strict, example: no y}
    description: D
    resolution: R
    match: {/error/type: t, /a~1b: null}
    variants: [{status: 401, message: gone, description: V, resolution: W}]
    retry: backoff
    headers: [Retry-After]
    operations: ["GET /a/**", tag:x]
    provoke: [no-auth, {request: {method: GET, path: /a}}]
    reachable: fault
    deprecated: true
    since: "1"
    removed: "2"
    replaced_by: b
    owner: blue
    tags: [t]
    x-team: 7
"""
    catalog = read_catalog(write(text)).catalog
    assert catalog.codes == (
        Code(
            "a",
            "A1",
            union([401, "5XX"]),
            "service",
            name="AN_A",
            message=Message("braces", "no {x}", "strict", "no y"),
            description="D",
            resolution="R",
            category="c",
            match={("error", "type"): "t", ("a/b",): None},
            variants=(Variant(one(401), Message("literal", "gone", "advise"), "V", "W"),),
            retry="backoff",
            headers=("Retry-After",),
            operations=("GET /a/**", "tag:x"),
            provoke=("no-auth", {"request": {"method": "GET", "path": "/a"}}),
            recipes=(
                Recipe(
                    ("service", "a"),
                    (),
                    Step("GET", "/a", location=Location("shop.yaml", ("errors", "0", "provoke", "1", "request"))),
                    location=Location("shop.yaml", ("errors", "0", "provoke", "1")),
                ),
            ),
            reachable="fault",
            deprecated=True,
            removed="2",
            replaced_by="b",
            owner="blue",
            extra={"since": "1", "tags": ["t"], "x-team": 7},
            location=Location("shop.yaml", ("errors", "0")),
        ),
    )
    assert catalog.accepted == (Accepted("CAT007", "A1", "meant"),)
    place = Location("shop.yaml", ("categories", "c"))
    assert catalog.categories == {"c": Category("c", "C", "A", (1, 9), None, one("4XX"), place)}


@pytest.mark.parametrize(
    ("written", "message", "description"),
    [
        ('"No such item"', Message("literal", "No such item", "advise"), "No such item"),
        ('"Item %s is gone"', Message("printf", "Item %s is gone", "advise"), ""),
        ('"Item {id} is gone"', Message("braces", "Item {id} is gone", "advise"), ""),
        ('"Item is...."', Message("prefix", "Item is", "advise", "Item is...."), ""),
        ("{regex: '^a'}", Message("regex", "^a", "advise"), ""),
        ("{literal: a %s, check: ignore}", Message("literal", "a %s", "ignore"), "a %s"),
        ("{example: as is}", Message("literal", "as is", "advise"), "as is"),
        ("{check: strict}", None, ""),
    ],
)
def test_messages_are_typed_by_their_text(shop: Path, written: str, message: Message | None, description: str) -> None:
    (code,) = read_catalog(write(f"errors: [{{code: A, status: 400, message: {written}}}]\n")).catalog.codes
    assert (code.message, code.description) == (message, description)


def test_the_default_check_of_messages(shop: Path) -> None:
    text = "defaults: {message_check: ignore}\nerrors:\n  - {code: A, status: 400, message: a}\n"
    text += "  - {code: B, status: 400, message: {literal: b, check: strict}}\n"
    codes = read_catalog(write(text)).catalog.codes
    assert [code.message.check for code in codes if code.message] == ["ignore", "strict"]


# Envelopes


IDS = """adyen anthropic apiflask aspnet-problem aspnet-validation-problem aws-apigateway aws-json cloudflare confluent
digitalocean docker-engine drf-detail drf-validation elastic eventml falcon fastapi-detail fastify flask-restx
flask-smorest github google-rpc graphql grpc-gateway hapi huawei-apig jira jsonapi jsonrpc k8s-status kong laravel
litestar maas-dual mlflow nestjs oauth2 oci-registry odata openai paypal problem-json pyramid rails sanic scim slack
spring-boot stripe twilio vault vllm-flat vllm-nested"""


def test_the_shipped_envelopes() -> None:
    assert [*shipped_envelopes()] == IDS.split()  # catalogs name them: an id that was there once stays
    assert {id_ for id_, envelope in shipped_envelopes().items() if envelope.code_is == "none"} == {
        *("apiflask", "docker-engine", "drf-detail", "drf-validation", "fastapi-detail", "flask-restx", "hapi", "jira", "kong"),
        *("laravel", "litestar"),
        *("nestjs", "rails", "sanic", "spring-boot", "vault"),
    }
    assert {id_ for id_, envelope in shipped_envelopes().items() if envelope.code_is == "status"} == {
        "flask-smorest",
        "pyramid",
    }
    assert all(envelope.source and envelope.samples for envelope in shipped_envelopes().values())
    assert shipped_envelopes()["eventml"].roles == {
        "code": Place((("error", "code"),), pattern="^ML_[0-9]{4}$", types=("string",)),
        "message": Place((("error", "message"),), types=("string",)),
        "status": Place((("error", "http"),), types=("integer",)),
    }
    flat = shipped_envelopes()["vllm-flat"].roles
    assert flat["code"] == flat["status"] == Place((("code",),), types=("integer",))
    assert shipped_envelopes()["problem-json"].media_types == ("application/problem+json",)


@pytest.mark.parametrize("id_", list(shipped_envelopes()))
def test_a_shipped_envelope_accepts_its_samples(id_: str) -> None:
    import jsonschema

    envelope = shipped_envelopes()[id_]
    jsonschema.Draft202012Validator.check_schema(envelope.schema)
    validator = jsonschema.Draft202012Validator(envelope.schema)
    assert [sample for sample in envelope.samples if not validator.is_valid(sample)] == []


def test_a_file_is_read_when_its_envelope_is_asked_for() -> None:
    from errlint.load.envelopes import _Shipped

    shipped = _Shipped()
    assert ("openai" in shipped, "opnai" in shipped, len(shipped), shipped._read) == (True, False, len(IDS.split()), {})
    assert shipped["openai"] is shipped["openai"]
    assert [*shipped._read] == ["openai"]


def test_a_role_of_a_shipped_envelope_may_be_overridden(shop: Path) -> None:
    text = "envelopes: {e: {use: eventml, code: {pattern: '^SHOP_'}, status: {pointer: /error/status}, statuses: [400, 5XX]}}\n"
    envelope = read_catalog(write(text + "errors: []\n")).catalog.envelopes["e"]
    assert envelope.roles == {
        "code": Place((("error", "code"),), pattern="^SHOP_", types=("string",)),
        "message": Place((("error", "message"),), types=("string",)),
        "status": Place((("error", "status"),), types=("integer",)),
    }
    assert envelope.statuses == union([400, "5XX"])


def test_an_envelope_without_a_schema_holds_its_code_and_message(shop: Path) -> None:
    text = """
envelopes:
  e:
    code: {pointer: /error/code, type: string}
    message: {pointer: "/errors/*/text"}
    request_id: {pointer: /id, header: X-Id}
    media_types: [Application/JSON]
    example: {any: thing}
errors: []
"""
    assert read_catalog(write(text)).catalog.envelopes["e"] == Envelope(
        "e",
        {
            "type": "object",
            "required": ["error", "errors"],
            "properties": {
                "error": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
                "errors": {
                    "type": "array",
                    "items": {"type": "object", "required": ["text"], "properties": {"text": {}}},
                },
                "id": {},
            },
        },
        {
            "code": Place((("error", "code"),), types=("string",)),
            "message": Place((("errors", "*", "text"),)),
            "request_id": Place((("id",),), "X-Id", required=False),
        },
        media_types=("application/json",),
        samples=({"any": "thing"},),
        location=Location("shop.yaml", ("envelopes", "e")),
    )


def test_places_that_must_agree_need_one_of_them(shop: Path) -> None:
    text = "envelopes: {e: {code: {pointer: [/a, /b/c]}}}\nerrors: []\n"
    assert read_catalog(write(text)).catalog.envelopes["e"].schema == {
        "type": "object",
        "properties": {"a": {}, "b": {"type": "object", "properties": {"c": {}}}},
        "allOf": [
            {
                "anyOf": [
                    {"type": "object", "required": ["a"], "properties": {"a": {}}},
                    {
                        "type": "object",
                        "required": ["b"],
                        "properties": {"b": {"type": "object", "required": ["c"], "properties": {"c": {}}}},
                    },
                ]
            }
        ],
    }


@pytest.mark.parametrize(("code", "code_is"), [("none", "none"), ("status", "status")])
def test_an_envelope_may_carry_no_code(shop: Path, code: str, code_is: str) -> None:
    text = f"envelopes: {{e: {{use: openai, code: {code}}}}}\nerrors: []\n"
    envelope = read_catalog(write(text)).catalog.envelopes["e"]
    assert (envelope.code_is, sorted(envelope.roles)) == (code_is, ["message", "request_id"])


def test_a_schema_file_brings_its_roles(shop: Path) -> None:
    schema = {"type": "object", "x-errlint": {"roles": {"code": {"pointer": "/c"}}, "source": "us"}}
    write(json.dumps(schema), "schemas/e.json", head="")
    text = "envelopes: {e: {schema_file: ../schemas/e.json, message: {pointer: /m}}}\nerrors: []\n"
    envelope = read_catalog(write(text, "catalogs/shop.yaml")).catalog.envelopes["e"]
    roles: dict[Any, Place] = {"code": Place((("c",),)), "message": Place((("m",),))}
    place = Location("catalogs/shop.yaml", ("envelopes", "e"))
    assert envelope == Envelope("e", {"type": "object"}, roles, source="us", location=place)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "schema_file e.json: there is no file e.json"),
        ("[]", "schema_file e.json is no JSON Schema: an object is expected"),
    ],
)
def test_a_schema_file_that_is_none(shop: Path, content: str | None, said: str) -> None:
    if content is not None:
        write(content, "e.json", head="")
    file = read_catalog(write("envelopes: {e: {schema_file: e.json}}\nerrors: []\n"), lenient=True)
    assert invalid(file) == [(said, ("envelopes", "e", "schema_file"))]


# Where catalogs come from


def test_a_reference_is_relative_to_the_base(shop: Path) -> None:
    write("errors: []\n", "conf/shop.yaml")
    file = read_catalog("shop.yaml", base=shop / "conf")
    assert file.named == frozenset(file.sources) == {(shop / "conf" / "shop.yaml").as_posix()}


def test_a_package_may_hold_a_catalog(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("", "acme_errors/__init__.py", head="")
    write("layers: {gateway: {envelope: openai}}\nerrors: [{code: G, status: 502}]\n", "acme_errors/a/gateway.yaml")
    write("extends: gateway.yaml\nerrors: []\n", "acme_errors/a/all.yaml")
    monkeypatch.syspath_prepend(str(shop))
    file = read_catalog("pkg:acme_errors/a/all.yaml")
    assert [code.location.uri for code in file.catalog.codes] == ["pkg:acme_errors/a/gateway.yaml"]
    assert list(file.sources) == ["pkg:acme_errors/a/all.yaml", "pkg:acme_errors/a/gateway.yaml"]


def test_a_package_that_a_catalog_names_is_not_imported(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("acme_errors", "acme_errors/inner"):
        write("raise SystemExit('imported')\n", f"{name}/__init__.py", head="")
        write("errors: [{code: G, status: 502}]\n", f"{name}/a.yaml")
    monkeypatch.syspath_prepend(str(shop))
    for reference in ("pkg:acme_errors/a.yaml", "pkg:acme_errors.inner/a.yaml"):
        assert list(read_catalog(reference).sources) == [reference]
    assert not [name for name in sys.modules if name.startswith("acme_errors")]


def test_a_catalog_is_read_out_of_a_zipped_package(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(shop / "zipped.whl", "w") as archive:
        archive.writestr("zipped_errors/__init__.py", "raise SystemExit('imported')")
        archive.writestr("zipped_errors/a.yaml", "errlint: 1\nservice: {name: x}\nerrors: [{code: G, status: 502}]\n")
    monkeypatch.syspath_prepend(str(shop / "zipped.whl"))
    assert list(read_catalog("pkg:zipped_errors/a.yaml").sources) == ["pkg:zipped_errors/a.yaml"]


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        ("nowhere.yaml", "nowhere.yaml: cannot be read: No such file or directory"),
        ("eventml", "there is no file eventml; the shipped catalog is builtin:eventml"),
        ("builtin:evntml", "there is no catalog builtin:evntml; did you mean builtin:eventml?"),
        ("builtin:zzz", "there is no catalog builtin:zzz; shipped are: builtin:eventml, builtin:maas"),
        (
            "pkg:no_such_package/x.yaml",
            "there is no package no_such_package for pkg:no_such_package/x.yaml; is it installed beside errlint?",
        ),
        ("pkg:json/../x.yaml", "pkg:json/../x.yaml is not pkg:PACKAGE/PATH"),
        ("pkg:json/nothing.yaml", "there is no file pkg:json/nothing.yaml"),
        (
            "pkg:json.decoder/x.yaml",
            "there is no package json.decoder for pkg:json.decoder/x.yaml; is it installed beside errlint?",
        ),
        ("pkg:..x/y.yaml", "there is no package ..x for pkg:..x/y.yaml; is it installed beside errlint?"),
    ],
)
def test_a_reference_that_leads_nowhere(shop: Path, reference: str, line: str) -> None:
    assert refused(reference) == line


# extends


def test_a_local_part_replaces_the_inherited_one(shop: Path) -> None:
    write(
        "layers: {gateway: {envelope: openai}}\ncategories: {g: {title: G}}\n"
        "errors: [{code: G1, status: 502}, {code: G2, status: 503}]\naccepted: [{rule: CAT008, reason: x}]\n",
        "base/gateway.yaml",
    )
    text = "extends: [../base/gateway.yaml]\ncategories: {g: {title: Mine}}\n"
    text += "errors: [{code: G1, status: 504, layer: gateway}, {code: S1, status: 400}]\n"
    catalog = read_catalog(write(text, "api/shop.yaml")).catalog
    assert [(code.layer, code.id, str(code.statuses), code.location.uri) for code in catalog.codes] == [
        ("gateway", "G2", "503", "base/gateway.yaml"),
        ("gateway", "G1", "504", "api/shop.yaml"),
        ("service", "S1", "400", "api/shop.yaml"),
    ]
    assert list(catalog.layers) == ["gateway", "service"]
    assert catalog.categories["g"].title == "Mine"
    assert catalog.accepted == (Accepted("CAT008", None, "x"),)


def test_entries_beside_an_inherited_service_layer_are_its_own(shop: Path) -> None:
    catalog = read_catalog(write("extends: builtin:eventml\nerrors: [{code: ML_1004, status: 429}]\n")).catalog
    assert (len(catalog.codes), list(catalog.layers), catalog.codes[-1].layer) == (35, ["service"], "service")
    assert (catalog.service, catalog.expect_count) == ("shop", None)


def test_one_file_on_two_ways_is_one_file(shop: Path) -> None:
    write("errors: [{code: A, status: 400}]\n", "a.yaml")
    write("extends: a.yaml\nerrors: []\n", "b.yaml")
    write("extends: ./a.yaml\nerrors: []\n", "c.yaml")
    catalog = read_catalog(write("extends: [b.yaml, c.yaml]\nerrors: []\n")).catalog
    assert [code.id for code in catalog.codes] == ["A"]


def test_a_cycle_is_refused(shop: Path) -> None:
    write("extends: shop.yaml\nerrors: []\n", "b.yaml")
    write("extends: [b.yaml]\nerrors: []\n")
    assert refused("shop.yaml") == "b.yaml:3:1: extends leads back to shop.yaml; remove one of the two extends"


def test_an_extended_file_that_is_not_there(shop: Path) -> None:
    write("extends: [other.yaml]\nerrors: []\n")
    assert refused("shop.yaml") == "shop.yaml:3:11: there is no file other.yaml"


def test_what_is_wrong_in_an_extended_file_is_placed_there(shop: Path) -> None:
    write("errors: [{code: A}]\n", "a.yaml")
    write("extends: a.yaml\nerrors: []\n")
    assert refused("shop.yaml") == "a.yaml:3:10: A: status is missing"


# Several catalogs


def test_merging_keeps_both_entries_of_one_identity(shop: Path) -> None:
    files = [read_catalog(write(f"errors: [{{code: A, status: {status}}}]\n", f"{status}.yaml")) for status in (400, 404)]
    merged = merge(files)
    assert [(code.layer, code.id, code.location.uri) for code in merged.catalog.codes] == [
        ("service", "A", "400.yaml"),
        ("service", "A", "404.yaml"),
    ]
    assert (list(merged.sources), merged.named) == (["400.yaml", "404.yaml"], frozenset(("400.yaml", "404.yaml")))


def test_merging_joins_layers_and_renames_what_differs(shop: Path) -> None:
    left = (
        "envelopes: {e: {use: openai}}\ncategories: {c: {title: Left}}\nlayers: {service: {envelope: e, applies_to: [tag:a]}}\n"
    )
    right = "envelopes: {e: {use: eventml}}\ncategories: {c: {title: Right}}\n"
    right += "layers: {service: {envelope: e, applies_to: [tag:b], codes: open}}\n"
    one_, two = (
        read_catalog(write(f"{text}errors: [{{code: {code}, status: 400, category: c}}]\n", f"{code}.yaml"))
        for code, text in (("L", left), ("R", right))
    )
    catalog = merge([one_, two]).catalog
    assert list(catalog.envelopes) == ["e", "e-2"]
    assert {id_: category.title for id_, category in catalog.categories.items()} == {"c": "Left", "c-2": "Right"}
    assert [(code.id, code.category) for code in catalog.codes] == [("L", "c"), ("R", "c-2")]
    place = Location("L.yaml", ("layers", "service"))
    assert catalog.layers == {
        "service": Layer("service", ("e", "e-2"), applies_to=("tag:a", "tag:b"), closed=False, location=place)
    }


def test_merging_one_or_the_same_catalog_changes_nothing_of_the_contract() -> None:
    eventml = read_catalog("builtin:eventml")
    assert merge([eventml]) is eventml
    twice = merge([eventml, read_catalog("builtin:eventml")]).catalog
    assert replace(twice, expect_count=33, expect_categories=11) == eventml.catalog


# What breaks the format


def test_every_problem_is_found_in_the_order_of_the_text(shop: Path) -> None:
    text = """
layers: {Gate: {envelope: a}, s: {envelope: a, codes: opne}}
envelopes: {a: {use: eventmll}, b: {code: {pointer: c}}, c: {code: {pointer: /c, extract: "("}}}
errors:
  - {code: A1, statuss: 404}
  - {code: A2, status: [404, 4xx]}
  - {status: 404}
  - {code: A4, status: 404, message: {litteral: x}}
  - {code: A5, status: 404, retry: bakoff, tag: 1}
  - {code: A6, status: 404}
errorz: []
"""
    file = read_catalog(write(text), lenient=True)
    word = "an id: lower-case letters, digits, `.`, `_` and `-`, a letter first"
    assert invalid(file) == [
        (f"layer Gate: Gate is not {word}", ("layers", "Gate")),
        ("layer s: codes: opne is none of closed, open; did you mean open?", ("layers", "s", "codes")),
        (
            "envelope b: pointer: c is not an RFC 6901 pointer or a list of them",
            ("envelopes", "b", "code", "pointer"),
        ),
        ("A1: unknown key statuss; did you mean status?", ("errors", "0", "statuss")),
        (
            "A2: status: 4xx is not an HTTP status (100 to 599), a class such as 5XX, or `any`",
            ("errors", "1", "status", "1"),
        ),
        ("entry 3: it needs a code or an id", ("errors", "2")),
        ("A4: unknown key litteral; did you mean literal?", ("errors", "3", "message", "litteral")),
        (
            "A5: retry: bakoff is none of never, same, backoff, after-state, new-key, reauthenticate, unknown; "
            "did you mean backoff?",
            ("errors", "4", "retry"),
        ),
        ("A5: unknown key tag; did you mean tags?", ("errors", "4", "tag")),
        ("unknown key errorz; did you mean errors?", ("errorz",)),
        ("envelope a: there is no shipped envelope eventmll; did you mean eventml?", ("envelopes", "a", "use")),
        (
            "envelope c: ( is no regular expression: missing ) at position 1",
            ("envelopes", "c", "code", "extract"),
        ),
    ]
    assert [code.location.pointer for code in file.catalog.codes] == [("errors", "3"), ("errors", "5")]


def test_the_first_problem_is_raised_with_its_place_and_the_number_of_the_others(shop: Path) -> None:
    write("errors:\n  - {code: A1, statuss: 404}\n  - {code: A2, status: 99}\n")
    assert refused("shop.yaml") == (
        "shop.yaml:4:16: A1: unknown key statuss; did you mean status? (and 1 more: errlint catalog check shop.yaml)"
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("errors: []\n", [("errlint is missing", ()), ("service is missing", ())]),
        ("errlint: 2\nservice: {name: x}\nerrors: []\n", [("errlint 2 is not 1", ("errlint",))]),
        ("errlint: 1\nservice: shop\nerrors: []\n", [("service shop is not the service: an object with a name", ("service",))]),
        ("errlint: 1\nservice: {name: x}\nerrors: {}\n", [("errors must be a list, not an object", ("errors",))]),
    ],
)
def test_a_broken_frame_is_still_loaded_leniently(shop: Path, text: str, problems: list[tuple[str, tuple[str, ...]]]) -> None:
    file = read_catalog(write(text, head=""), lenient=True)
    assert invalid(file) == problems
    assert file.catalog.codes == ()


@pytest.mark.parametrize("text", ["[]\n", "word\n", ""])
def test_what_is_no_object_is_no_catalog(shop: Path, text: str) -> None:
    write(text, head="")
    assert refused("shop.yaml") == ("shop.yaml:1:1: this is no catalog: an object with errlint, service and errors is expected")


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        ("{required: code}", '3:26: NO_SCHEMA "code" at /required is not a list'),
        ("{properties: [c]}", '3:26: NO_SCHEMA ["c"] at /properties is not an object'),
        (
            "{properties: {code: text}}",
            '3:39: NO_SCHEMA "text" at /properties/code is not an object or true or false',
        ),
        ('{pattern: "("}', '3:26: NO_SCHEMA "(" at /pattern is no regular expression'),
        ("{required: [1, code]}", "3:37: NO_SCHEMA 1 at /required/0 is not a text"),
        (
            "{type: [null]}",
            "3:26: NO_SCHEMA null at /type is none of array, boolean, integer, null, "
            'number, object, string; write "null" in quotes',
        ),
        (
            "{type: strng}",
            '3:26: NO_SCHEMA "strng" at /type is none of array, boolean, integer, null, '
            "number, object, string; did you mean string?",
        ),
        (
            "{$ref: ./details.json}",
            "3:26: envelope e has a schema that refers to ./details.json, which is not read: an envelope refers to nothing "
            "outside of itself",
        ),
        ("{$ref: '#/$defs/c'}", "3:26: envelope e has a schema that refers to #/$defs/c, which is not there"),
        ("{$schema: 'urn:x'}", '3:26: envelope e has a schema of an unknown dialect: "urn:x"'),
    ],
)
def test_a_schema_that_does_not_work_is_refused(shop: Path, schema: str, line: str) -> None:
    name = write(f"envelopes: {{e: {{schema: {schema}}}}}\nerrors: []\n")
    assert refused(name) == f"shop.yaml:{line}".replace("NO_SCHEMA", "envelope e has a schema that is no JSON Schema:")
    assert read_catalog(name, lenient=True).invalid == ()


def test_a_schema_file_that_does_not_work_is_refused(shop: Path) -> None:
    write('{"$schema": "https://json-schema.org/draft/2020-12/schema", "required": "code"}', "e.json", head="")
    said = refused(write("envelopes: {e: {schema_file: e.json}}\nerrors: []\n"))
    assert said == 'shop.yaml:3:17: envelope e has a schema that is no JSON Schema: "code" at /required is not a list (e.json)'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "layers: {service: {envelope: openia}}\nerrors: []\n",
            "3:20: layer service names the envelope openia, which is not there; did you mean openai?",
        ),
        (
            "layers: {gate: {envelope: openai}}\nerrors: [{code: A, status: 400, layer: gates}]\n",
            "4:33: A names the layer gates, which is not there; did you mean gate?",
        ),
        (
            "layers: {a: {envelope: openai}, b: {envelope: openai}}\nerrors: [{code: A, status: 400}]\n",
            "4:10: A names no layer, and there are several: a, b",
        ),
    ],
)
def test_what_belongs_to_nobody_is_refused(shop: Path, text: str, line: str) -> None:
    assert refused(write(text)) == f"shop.yaml:{line}"
    assert read_catalog("shop.yaml", lenient=True).invalid == ()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ('"404"', 'A: status is the text "404": write the number 404'),
        ('[400, "404"]', 'A: status is the text "404": write the number 404'),
        ('"04"', 'A: status is the text "04": write the status as a number, such as 404'),
    ],
)
def test_a_status_in_quotes(shop: Path, status: str, said: str) -> None:
    file = read_catalog(write(f"errors: [{{code: A, status: {status}}}]\n"), lenient=True)
    assert [message for message, _ in file.invalid] == [said]


def test_halves_of_surrogate_pairs_are_no_text(shop: Path) -> None:
    data = {"errlint": 1, "service": {"name": "x"}, "errors": [{"code": "A\ud800", "status": 400}, {"\udfff": 1}]}
    file = read_catalog(write(json.dumps(data), "c.json", head=""), lenient=True)
    assert invalid(file)[:2] == [
        ("A\ufffd holds half of a surrogate pair, which is no text", ("errors", "0", "code")),
        ("a key holds half of a surrogate pair, which is no text", ("errors", "1")),
    ]
    data = {"errlint": 1, "service": {"name": "x"}, "errors": [], "extends": "\ud800.yaml"}
    said = refused(write(json.dumps(data), "d.json", head=""))
    assert said == "d.json:1:56: \ufffd.yaml holds half of a surrogate pair, which is no text"


@pytest.mark.parametrize("name", ["eventml", "maas"])
def test_the_shipped_catalogs_keep_the_format(name: str) -> None:
    file = read_catalog(f"builtin:{name}")
    document = file.sources[f"builtin:{name}"]
    assert (catalog_format.problems(document.data), file.catalog.uri) == ([], f"builtin:{name}")
    import jsonschema

    schema = json.loads(resources.text(resources.schemas() / "catalog.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document.data, schema)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 700) | st.text("ab/*", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "status", "id", "use", "x-a", "q"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = ("errlint", "service", "extends", "defaults", "envelopes", "layers", "categories", "accepted", "errors", "other")


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4), st.lists(JSON, max_size=3))
def test_any_data_is_a_catalog_or_a_load_error(data: dict[str, Any], errors: list[Any]) -> None:
    data = {"errlint": 1, "service": {"name": "x"}, "errors": errors} | data
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "c.json").write_text(json.dumps(data), encoding="utf-8")
        refusals = LoadError if "extends" in data else ()  # only a file that is not there stops a lenient reading
        with contextlib.suppress(refusals):
            file = read_catalog("c.json", base=Path(folder), lenient=True)
            assert bool(file.invalid) or isinstance(data["errors"], list)
