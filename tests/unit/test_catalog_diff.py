"""``errlint catalog diff``: two catalogs, two documents or two revisions, aligned and told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint import resources
from errlint.api.differing import diff_contracts
from errlint.checks.rules import load_all
from errlint.checks.ver_version import version_too_low
from errlint.cli.main import run
from errlint.config import Settings
from errlint.errors import ConfigError, LoadError
from errlint.match.align import compared
from errlint.match.versions import advice
from errlint.model.catalog import Catalog, Code, Layer, Message
from errlint.model.change import Change, Contract, Versions
from errlint.model.finding import Report, Severity
from errlint.model.status import union
from errlint.report.changes import changelog
from tests.promised import kept

SHOP = """errlint: 1
service: {name: shop, version: "1.4.0"}
errors:
  - {code: S1, name: CART_NOT_FOUND, status: 404, message: The cart does not exist}
  - {code: S2, name: CART_LOCKED, status: 409, message: The cart is locked by another request}
  - {code: S3, name: TOKEN_EXPIRED, status: 401, message: The token has expired}
"""
LATER = """errlint: 1
service: {name: shop, version: "1.5.0"}
errors:
  - {code: S1, name: CART_NOT_FOUND, status: 404, message: The cart does not exist, deprecated: true, replaced_by: S4}
  - {code: S3, name: TOKEN_EXPIRED, status: 403, message: The token has expired}
  - {code: S4, name: NO_SUCH_CART, status: 404, message: "There is no cart {id}, @you <b>"}
"""


def written(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, old=SHOP, new=LATER)
    return tmp_path


def told(report: Report) -> list[tuple[str, str, bool | None]]:
    return [(finding.rule, finding.message, finding.breaking) for finding in report.findings]


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def code(id_: str, value: str | int | None, *statuses: int, layer: str = "a", **more: Any) -> Code:
    return Code(id_, value, union(statuses), layer, **more)


def contract(*codes: Code) -> Contract:
    layers = {one.layer: Layer(one.layer, ()) for one in codes}
    return Contract(Catalog("s", {}, layers, {}, codes), "c")


def sides(*changes: Change) -> list[tuple[str | None, str | None]]:
    return [(one.old.id if one.old else None, one.new.id if one.new else None) for one in changes]


# The properties of an alignment


CODES = st.builds(
    lambda number, value, statuses, layer, removed, name, text: code(
        f"e{number}", value, *statuses, layer=layer, removed=removed, name=name, message=text
    ),
    st.integers(0, 5),
    st.sampled_from(["A", "B", "C", 1, None]),
    st.sets(st.sampled_from([400, 404, 500]), min_size=1, max_size=2),
    st.sampled_from("ab"),
    st.sampled_from(["", "", "1.0"]),
    st.sampled_from(["", "X_ONE", "Y_TWO"]),
    st.sampled_from([None, Message("literal", "One two three four", "advise"), Message("literal", "Five six seven", "strict")]),
)
CATALOGS = st.lists(CODES, max_size=7, unique_by=lambda one: (one.layer, one.id)).map(lambda codes: contract(*codes))
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(CATALOGS)
def test_a_catalog_and_itself_are_pairs_of_the_same_entry(one):
    pairs = compared(one, one).changes
    assert [(change.old, change.new) for change in pairs] == [(entry, entry) for entry in one.catalog.codes]
    assert [change for change in pairs if change.before.values != change.after.values] == []


@QUICK
@given(CATALOGS, CATALOGS)
def test_every_entry_of_either_side_stands_in_one_change(one, two):
    changes = compared(one, two).changes
    names = {renamed.old: renamed.new for renamed in compared(one, two).renamed}
    olds = sorted((names.get(entry.layer, entry.layer), entry.id) for entry in one.catalog.codes)
    assert sorted((c.old.layer, c.old.id) for c in changes if c.old is not None) == olds
    assert [c.new for c in changes if c.new is not None] == list(two.catalog.codes)


@QUICK
@given(CATALOGS, CATALOGS)
def test_as_many_entries_are_new_one_way_as_are_gone_the_other_way(one, two):
    there, back = compared(one, two).changes, compared(two, one).changes
    assert sum(c.old is None for c in there) == sum(c.new is None for c in back)


@QUICK
@given(CATALOGS)
def test_no_rule_has_anything_to_say_of_a_catalog_and_itself(one):
    found = compared(one, one)
    judges = [
        judge for id_, rule in load_all().items() if id_.startswith("VER") for of, judge, _ in rule.judges if of is Change
    ]
    assert [verdict for change in found.changes for judge in judges for verdict in judge(change, found)] == []


# What is which


def test_an_id_may_change_while_the_code_stays():
    changes = compared(contract(code("a", "S1", 404)), contract(code("b", "S1", 404))).changes
    assert sides(*changes) == [("a", "b")]


def test_ids_in_a_row_do_not_hide_that_the_codes_moved_up():
    old = contract(code("e1", "S1", 404), code("e2", "S2", 409), code("e3", "S3", 401))
    new = contract(code("e1", "S2", 409), code("e2", "S3", 401))
    assert sides(*compared(old, new).changes) == [("e2", "e1"), ("e3", "e2"), ("e1", None)]


def test_two_entries_of_one_code_that_become_one_are_no_change():
    old, new = contract(code("a", "S1", 401), code("b", "S1", 403)), contract(code("a", "S1", 401, 403))
    first, second = compared(old, new).changes
    assert (first.before.values, first.after.values) == ({401, 403}, {401, 403})
    assert (second.new, second.kin) == (None, new.catalog.codes[0])


def test_a_code_that_several_layers_have_did_not_move_from_one_to_another():
    old = contract(code("x", "Denied", 403, layer="a"), code("y", "Denied", 403, layer="b"))
    new = contract(code("x", "Denied", 403, layer="a"), code("z", "Denied", 403, layer="c"), code("w", "W", 400, layer="b"))
    assert sides(*compared(old, new).changes) == [("x", "x"), (None, "z"), (None, "w"), ("y", None)]


def test_layers_of_usual_codes_are_not_taken_for_one_that_has_another_name():
    usual = [code("Denied", "Denied", 403, layer=layer) for layer in "ab"]
    assert compared(contract(*usual), contract(usual[0], code("Denied", "Denied", 403, layer="c"))).renamed == ()


# Version numbers


@pytest.mark.parametrize(
    ("old", "new", "breaking", "added", "advised", "verdict"),
    [
        ("1.4.0", "2.0.0", 1, 0, "2.0.0", "fits"),
        ("1.4.0", "1.5.0", 1, 0, "2.0.0", "too-low"),
        ("1.4.0", "1.5.0", 0, 1, "1.5.0", "fits"),
        ("1.10", "1.9", 0, 1, "1.11.0", "too-low"),
        ("v1", "", 1, 0, "v2.0.0", "advised"),
        ("0.3.9", "0.4.0-rc.1", 1, 0, "0.4.0", "fits"),
        ("2025-08-04", "2025-08-04", 1, 0, "a later date", "too-low"),
        ("2025-08-04", "2026-01-01", 1, 0, "a later date", "fits"),
        ("", "2.0.0", 1, 0, "", "unknown"),
        ("summer", "autumn", 1, 0, "", "unknown"),
        ("1.0.0", "1.0.0", 0, 0, "", "none"),
    ],
)
def test_a_version_number_is_held_against_what_changed(old, new, breaking, added, advised, verdict):
    found = advice(Versions(old, new, breaking, added, 0))
    assert (found.advised, found.verdict) == (advised, verdict)


@pytest.mark.parametrize(("old", "new", "odd"), [("summer", "2.0.0", "summer"), ("1.0.0", "autumn", "autumn")])
def test_the_version_that_nobody_can_compare_is_the_one_that_is_named(old, new, odd):
    versions = Versions(old, new, 1, 0, 0)
    assert [one.why for one in version_too_low(versions, None)] == [f"the version {odd} is neither a number (1.2.0) nor a date"]


# Whole comparisons


def test_a_comparison_says_what_breaks_clients_and_what_does_not(shop):
    diff = diff_contracts("old.yaml", "new.yaml")
    known = "where clients treat a code that they do not know by its status"
    assert told(diff.report) == [
        ("VER003", "S3 moved from 401 to 403; breaking for clients that act on 401", True),
        ("VER001", "S2 is gone (was 409); breaking for clients that handle it", True),
        ("VER009", "the version is 1.5.0 after 1.4.0, with 2 breaking changes; 2.0.0 is due", None),
        ("VER011", "S1 is deprecated; S4 takes its place; compatible: answers still carry it", False),
        ("VER002", f"S4 is new (404 NO_SUCH_CART); compatible {known}", False),
    ]
    places = [(finding.location.uri, finding.location.line) for finding in diff.report.findings]
    assert places[:3] == [("new.yaml", 5), ("old.yaml", 5), ("new.yaml", 2)]


@pytest.mark.parametrize("name", ["builtin:eventml", "builtin:maas"])
def test_a_shipped_catalog_equals_itself(name):
    report = diff_contracts(name, name).report
    assert (told(report), report.unknown, report.outcome) == ([], (), "clean")


def test_the_drift_of_a_real_catalog_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = resources.text(resources.rules() / "catalogs" / "maas.yaml")
    for number in ("81004", "81006"):
        head, _, tail = text.partition(f"  - code: ModelArts.{number}\n    status: 401\n")
        text = f"{head}  - code: ModelArts.{number}\n    status: 403\n{tail}"
    added = "  - {code: ModelArts.81120, status: 429, layer: platform, category: maas, message: Too many tokens}\n"
    written(tmp_path, later=text + added)
    moved, new = diff_contracts("builtin:maas", "later.yaml").report.findings
    said, _, whom = moved.message.partition("; ")
    assert said == "2 codes of layer platform moved from 401 to 403: ModelArts.81004, ModelArts.81006"
    assert whom == "breaking for clients that act on 401"
    assert [site.code for site in moved.sites] == ["ModelArts.81004", "ModelArts.81006"]
    assert (new.rule, new.code, new.status) == ("VER002", "ModelArts.81120", "429")


def test_what_comes_by_extends_is_compared_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    base = "errlint: 1\nservice: {name: g}\nerrors: [{code: G1, status: %s}]\n"
    own = "errlint: 1\nservice: {name: s}\nextends: %s\nerrors: [{code: S1, status: 400}]\n"
    written(tmp_path, base1=base % 429, base2=base % 503, old=own % "base1.yaml", new=own % "base2.yaml")
    assert rules(diff_contracts("old.yaml", "new.yaml").report) == ["VER003"]


def test_an_owner_may_accept_a_change(shop):
    accepted = "accepted: [{rule: VER003, code: S3, reason: the gateway always did}]\n"
    written(shop, new=LATER + accepted)
    report = diff_contracts("old.yaml", "new.yaml").report
    assert [(f.rule, f.suppressed) for f in report.findings if f.suppressed] == [("VER003", "the gateway always did")]
    assert (report.changes.breaking, report.changes.compatible) == (1, 2)


def test_a_rule_that_a_user_takes_less_seriously_is_never_told_as_worse(shop):
    old = SHOP.replace("{code: S2,", "{code: S2, deprecated: true,")
    written(shop, old=old)
    findings = diff_contracts("old.yaml", "new.yaml", Settings(severity={"VER001": Severity.NOTE})).report.findings
    assert [str(finding.severity) for finding in findings if finding.rule == "VER001"] == ["note"]


def test_braces_of_a_user_are_no_gaps_of_a_message(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    odd = "'GET /{n}/{codes}/{0}/{x'"
    text = f"errlint: 1\nservice: {{name: s}}\nerrors:\n  - {{code: S0, status: 404, operations: [{odd}]}}\n"
    entries = "".join(f"  - {{code: S{number}, status: 404, operations: [GET /a%s]}}\n" for number in (1, 2))
    written(tmp_path, old=text + entries % ("", ""), new=text + entries % (f", {odd}", f", {odd}"))
    (finding,) = diff_contracts("old.yaml", "new.yaml").report.findings
    assert finding.message.partition(";")[0] == "2 codes may come from GET /{n}/{codes}/{0}/{x too: S1, S2"


def test_hostile_texts_of_a_catalog_steer_no_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    entry = {"code": "S\x1b[31m\u202e" + "x" * 5000, "status": 404, "name": "\n::error::", "message": "{" * 300}
    old = {"errlint": 1, "service": {"name": "s", "version": "1\x1b.0"}, "errors": [entry]}
    documents(tmp_path, old, {**old, "errors": []})
    for options in ((), ("--changelog",), ("-v",)):
        _, out, error = called(capsys, "old.json", "new.json", *options)
        assert [line for line in (out + error).splitlines() if "\x1b" in line or "\u202e" in line or len(line) > 600] == []


# Documents


def document(version: str, responses: dict[str, list[str] | None], path: str = "/carts") -> dict[str, Any]:
    def answer(codes: list[str] | None) -> dict[str, Any]:
        inner = {"type": "object", "required": ["code", "message", "http"]}
        kind = {"type": "string"} if codes is None else {"enum": codes}
        inner["properties"] = {"code": kind, "message": {"type": "string"}, "http": {"type": "integer"}}
        schema = {"type": "object", "required": ["error"], "properties": {"error": inner}}
        return {"description": "d", "content": {"application/json": {"schema": schema}}}

    answers = {status: answer(codes) for status, codes in responses.items()}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": version}, "paths": {path: {"get": {"responses": answers}}}}


def documents(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    (folder / "old.json").write_text(json.dumps(old), encoding="utf-8")
    (folder / "new.json").write_text(json.dumps(new), encoding="utf-8")


def test_two_documents_are_compared_by_the_codes_that_they_list(shop):
    documents(shop, document("1.0.0", {"404": ["S1"], "409": ["S2"]}), document("2.0.0", {"404": ["S1"], "403": ["S2", "S3"]}))
    report = diff_contracts("old.json", "new.json").report
    assert [(rule, message.partition(";")[0]) for rule, message, _ in told(report)] == [
        ("VER003", "S2 moved from 409 to 403"),
        ("VER002", "S3 is new (403)"),
    ]
    assert report.changes.verdict == "fits"


def test_a_document_whose_code_stands_elsewhere_breaks_every_client(shop):
    new = document("2.0.0", {"404": ["S1"], "409": ["S2"]})
    for response in new["paths"]["/carts"]["get"]["responses"].values():
        members = {"error_code": {"enum": ["S1", "S2"]}, "error_msg": {"type": "string"}}
        schema = {"type": "object", "required": list(members), "properties": members}
        response["content"]["application/json"]["schema"] = schema
    documents(shop, document("1.0.0", {"404": ["S1"], "409": ["S2"]}), new)
    assert told(diff_contracts("old.json", "new.json", Settings(select=("VER004",))).report) == [
        ("VER004", "2 codes moved from /error/code to /error_code: S1, S2; breaking for clients that read them there", True)
    ]


def test_a_code_is_not_gone_where_the_newer_document_allows_any(shop):
    documents(shop, document("1.0.0", {"404": ["S1", "S2"]}), document("1.0.1", {"404": ["S1"], "409": None}))
    report = diff_contracts("old.json", "new.json").report
    assert (rules(report), [one.why for one in report.unknown], report.notes) == (
        [],
        ["a code that is gone or not, where new.json allows any"],
        ("Not checked: the codes of 1 operation of new.json (any string is allowed).",),
    )


def test_errors_in_an_unknown_envelope_are_told_as_not_compared(shop):
    odd = document("1.0.0", {"404": ["S1"]})
    content = odd["paths"]["/carts"]["get"]["responses"]["404"]["content"]["application/json"]
    members = {"type": "object", "required": ["zap"], "properties": {"zap": {"enum": ["S1"]}}}
    content["schema"] = {**members, "additionalProperties": False}
    documents(shop, odd, odd)
    hint = "like no known envelope; --catalog FILE tells where their codes stand"
    sides = [f"Not checked: 1 error response of {name}.json ({hint})." for name in ("old", "new")]
    assert list(diff_contracts("old.json", "new.json").report.notes) == sides


def test_a_list_that_responses_of_several_statuses_share_says_nothing_about_each(shop):
    def shared(statuses: list[str]) -> dict[str, Any]:
        made = document("1.0.0", {status: ["S1", "S2"] for status in statuses})
        responses = made["paths"]["/carts"]["get"]["responses"]
        schema = next(iter(responses.values()))["content"]["application/json"]["schema"]
        made["components"] = {"schemas": {"Error": schema}}
        for response in responses.values():
            response["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/Error"}
        return made

    documents(shop, shared(["400", "404"]), shared(["400", "404", "500"]))
    assert told(diff_contracts("old.json", "new.json").report) == []


def test_a_catalog_and_a_document_are_not_compared(shop):
    documents(shop, document("1", {}), document("1", {}))
    with pytest.raises(ConfigError) as caught:
        diff_contracts("old.yaml", "new.json")
    assert caught.value.line() == (
        "old.yaml is a catalog and new.json an OpenAPI document: two versions of one kind are compared; "
        "errlint lint new.json --catalog old.yaml holds one against the other"
    )


# Git


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "api").mkdir()
    gateway = "errlint: 1\nservice: {name: g}\nerrors: [{code: G1, status: %s}]\n"
    written(tmp_path / "api", gateway=gateway % 429, errors=SHOP.replace("errors:", "extends: gateway.yaml\nerrors:"))
    for line in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "m"]):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *line], cwd=tmp_path, check=True, capture_output=True)
    written(tmp_path / "api", gateway=gateway % 503)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "old", "new", "revision"),
    [
        (".", "HEAD:api/errors.yaml", "api/errors.yaml", ""),
        ("api", "HEAD:api/errors.yaml", "errors.yaml", ""),
        ("api", "main:./errors.yaml", "errors.yaml", ""),
        ("api", "errors.yaml", "errors.yaml", "main"),
    ],
)
def test_an_older_version_is_what_git_has_with_all_that_it_extends(repository, monkeypatch, folder, old, new, revision):
    monkeypatch.chdir(repository / folder)
    (finding,) = diff_contracts(old, new, Settings(select=("VER003",)), revision=revision).report.findings
    assert finding.message.startswith("G1 moved from 429 to 503")
    uri = new.replace("errors", "gateway")
    name = "main" if "main" in (revision, old[:4]) else "HEAD"
    assert (finding.location.uri, finding.location.line) == (uri, 3)
    assert (finding.related[0].location.uri, finding.related[0].location.line) == (f"{name}:{uri}", 3)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("HEAD:api/none.yaml", "HEAD:api/none.yaml: is not in HEAD"),
        ("nowhere:api/errors.yaml", "nowhere:api/errors.yaml: is in a repository without revision nowhere"),
        ("-x:api/errors.yaml", "-x:api/errors.yaml is no revision"),
        ("HEAD:", "HEAD: names no file"),
    ],
)
def test_a_revision_that_is_not_there_is_one_line(repository, monkeypatch, reference, said):
    monkeypatch.chdir(repository)
    with pytest.raises((LoadError, ConfigError)) as caught:
        diff_contracts(reference, "api/errors.yaml")
    assert caught.value.line().startswith(said)


# The command


def called(capsys, *arguments: str) -> tuple[int, str, str]:
    status = run(["catalog", "diff", *arguments])
    out, error = capsys.readouterr()
    return status, out, error


def test_the_text_ends_with_the_totals_and_the_advised_version(shop, capsys):
    status, out, _ = called(capsys, "old.yaml", "new.yaml")
    assert status == 1
    assert out.splitlines()[-1] == (
        "Read old.yaml (3 entries) -> new.yaml (3 entries). "
        "2 breaking, 2 compatible changes; version 1.4.0 -> 2.0.0 advised, not 1.5.0 · exit 1 (findings)"
    )


def test_what_was_left_out_is_not_called_no_change(shop, capsys):
    _, out, _ = called(capsys, "old.yaml", "new.yaml", "--select", "VER006")
    assert out.splitlines()[-1].endswith("No change that the selected rules tell · exit 0 (clean)")


def test_the_json_report_keeps_its_promise(shop, capsys):
    _, out, _ = called(capsys, "old.yaml", "new.yaml", "-f", "json")
    report = json.loads(out)
    kept("report", report)
    assert report["changes"] == {
        "old": "old.yaml",
        "new": "new.yaml",
        "breaking": 2,
        "compatible": 2,
        "version": {"old": "1.4.0", "new": "1.5.0", "advised": "2.0.0", "verdict": "too-low"},
    }
    assert [(one["rule"], one.get("breaking")) for one in report["findings"]][:3] == [
        ("VER003", True),
        ("VER001", True),
        ("VER009", None),
    ]


@pytest.mark.parametrize(
    ("options", "status"),
    [((), 0), (("--fail-on", "breaking"), 1), (("--fail-on", "warning"), 1), (("--fail-on", "never"), 0)],
)
def test_what_was_announced_fails_only_where_all_that_breaks_does(shop, capsys, options, status):
    written(shop, old=LATER, new=LATER.replace("  - {code: S1,", "  # - {code: S1,").replace("1.5.0", "2.0.0"))
    assert called(capsys, "old.yaml", "new.yaml", *options)[0] == status


def test_a_changelog_has_its_sections_and_nothing_in_it_is_markup(shop, capsys):
    status, out, _ = called(capsys, "old.yaml", "new.yaml", "--changelog")
    assert (status, out) == (
        0,
        "## [1.5.0]\n"
        "\n### Added\n- `S4` (404): There is no cart {id}, @\u200byou \\<b\\>\n"
        "\n### Changed\n- S3 moved from 401 to 403; breaking for clients that act on 401\n"
        "\n### Deprecated\n- `S1` (404): The cart does not exist; use `S4`\n"
        "\n### Removed\n- **Breaking:** `S2` (409): The cart is locked by another request\n",
    )


def test_a_changelog_names_every_code_of_a_change_that_many_share(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    entries = "\n".join(f"  - {{code: S{number}, status: %s}}" for number in range(8))
    text = f"errlint: 1\nservice: {{name: s}}\nerrors:\n{entries}\n"
    written(tmp_path, old=text % ((401,) * 8), new=text % ((403,) * 8))
    diff = diff_contracts("old.yaml", "new.yaml")
    codes = ", ".join(f"`S{number}`" for number in range(8))
    assert changelog(diff.compared, diff.report.findings).splitlines()[-1] == f"  - {codes}"


USAGE = "errlint catalog diff"
NEITHER = "this is neither a catalog nor an OpenAPI document"
INSTEAD = "--changelog is printed instead of a report"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("old.yaml",), f"two versions are compared, 1 named; {USAGE} OLD NEW, or --since REV FILE"),
        (
            ("--since", "HEAD", "old.yaml", "new.yaml"),
            f"--since HEAD takes one file, not 2; {USAGE} --since REV FILE",
        ),
        (("none.yaml", "new.yaml"), "none.yaml: cannot be read: No such file or directory"),
        ((".", "new.yaml"), ".: is a directory, not a file"),
        (
            ("odd.yaml", "new.yaml"),
            f"odd.yaml:1:1: {NEITHER}: it looks like an AsyncAPI document",
        ),
        (
            ("old.yaml", "new.yaml", "--changelog", "-f", "json"),
            f"{INSTEAD}; leave out -f, or run it once more",
        ),
        (("--since", "HEAD", "builtin:maas"), "--since HEAD needs a file in a git repository, not builtin:maas"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_exit_2(shop, capsys, arguments, said):
    written(shop, odd="asyncapi: 3.0.0\n")
    assert called(capsys, *arguments) == (2, "", f"errlint: {said}\n")


ENVELOPED = """errlint: 1
service: {name: shop}
envelopes:
  main:
    schema: {type: object, required: REQUIRED, properties: {code: {type: string}, message: {type: TYPE}}}
    code: {pointer: /code}
    message: {pointer: /message}
layers: {service: {envelope: main}}
errors: []
"""


def test_the_type_of_a_message_is_compared_where_only_the_schema_says_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = ENVELOPED.replace("REQUIRED", "[code, message]")
    written(tmp_path, old=text.replace("TYPE", "string"), new=text.replace("TYPE", "object"))
    said = "envelope main: the member /message is object (was string); breaking for clients that read this envelope"
    assert told(diff_contracts("old.yaml", "new.yaml").report) == [("VER008", said, True)]


def test_a_schema_that_requires_less_than_its_roles_promise_is_no_change(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = ENVELOPED.replace("TYPE", "string")
    written(tmp_path, old=text.replace("REQUIRED", "[code, message]"), new=text.replace("REQUIRED", "[code]"))
    assert told(diff_contracts("old.yaml", "new.yaml").report) == []


def test_an_empty_revision_is_refused_not_taken_for_none(shop, capsys):
    assert run(["catalog", "diff", "--since", "", "new.yaml"]) == 2
    assert capsys.readouterr().err == (
        "errlint: --since names no revision; a variable that is empty? errlint catalog diff --since main FILE\n"
    )


def test_a_file_whose_name_has_a_colon_is_called_after_its_revision(repository, monkeypatch):
    monkeypatch.chdir(repository)
    Path("a:b.yaml").write_text(SHOP)
    for command in (
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@a.test", "-c", "commit.gpgsign=false", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], check=True, capture_output=True)
    report = diff_contracts("a:b.yaml", "a:b.yaml", revision="HEAD").report
    assert report.read == ("HEAD:a:b.yaml (3 entries) -> a:b.yaml (3 entries)",)


def test_a_code_that_a_document_puts_under_default_is_not_known_to_come_with_another_status(shop):
    documents(shop, document("1.0.0", {"200": None, "404": ["S1"]}), document("1.1.0", {"200": None, "default": ["S1"]}))
    said = "S1 comes with default now (was 404); compatible: no answer is known to have changed"
    assert told(diff_contracts("old.json", "new.json").report) == [("VER003", said, False)]
    later = document("2.0.0", {"200": None, "404": ["S2"], "default": ["S1"]})
    documents(shop, document("1.0.0", {"200": None, "404": ["S1"]}), later)
    assert told(diff_contracts("old.json", "new.json").report)[0][2] is True


def test_a_report_is_not_written_onto_what_is_compared(shop, capsys):
    assert run(["catalog", "diff", "old.yaml", "new.yaml", "-f", "json:./new.yaml"]) == 2
    assert Path("new.yaml").read_text() == LATER
    assert capsys.readouterr().err == "errlint: ./new.yaml is what is read here: it would be lost; write to another file\n"
