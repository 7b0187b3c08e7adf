"""The life of rules: ids and names stay, changes are written down, and what was removed is told wherever it is named."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from errlint import __version__, cards, resources
from errlint.api import rule_list
from errlint.checks import life
from errlint.checks.life import Past, Removed, Renamed
from errlint.checks.rules import load_all
from errlint.cli.main import run
from errlint.errors import ConfigError
from errlint.model.record import replace

PROMISED = json.loads((Path(__file__).parents[1] / "golden" / "rules.json").read_text(encoding="utf-8"))
"""Every rule that there ever was: id -> name, severity with a catalog, severity without, when it came.

Lines are added by hand; none is taken away or changed but the first three members of a rule of the version under work.
"""

PAST = Past(
    (Removed("COD099", "odd-code", "0.1.0", "0.2.0", "It said what COD001 says.", ("COD001",)),),
    {"unknown-code": Renamed("unknown-code", "COD001", "0.2.0")},
)


@pytest.fixture
def before(monkeypatch):
    monkeypatch.setattr(life, "past", lambda: PAST)


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_the_data_of_removed_rules_is_valid():
    schema = json.loads(resources.schema_text("removed.schema.json"))
    data = json.loads(resources.rule_text(life.FILE))
    jsonschema.validate(data, schema)
    assert [name for name, one in data["names"].items() if one["rule"] not in load_all()] == []


def test_an_id_that_ever_was_is_a_rule_or_a_removed_one_and_never_both():
    rules, gone = set(load_all()), {one.id for one in life.past().rules}
    assert rules & gone == set()
    assert set(PROMISED) == rules | gone


def test_a_name_that_ever_was_means_its_rule_or_a_removed_one():
    means = {(rule.name, rule.id) for rule in load_all().values()} | {(one.name, one.id) for one in life.past().rules}
    means |= {(name, one.rule) for name, one in life.past().names.items()}
    assert {(one["name"], id_) for id_, one in PROMISED.items()} - means == set()


@pytest.mark.parametrize("kind", ["severity", "alone"])
def test_another_severity_than_the_first_is_written_on_the_card(kind):
    told = {}
    for id_, rule in load_all().items():
        steps = [one[kind] for one in cards.card(id_).get("changed", ()) if kind in one]
        told[id_] = (steps[-1] if steps else PROMISED[id_][kind], str(getattr(rule, kind)))
    assert {id_: pair for id_, pair in told.items() if pair[0] != pair[1]} == {}


def test_no_rule_is_older_or_newer_than_it_says():
    assert {id_: cards.since(id_) for id_ in load_all()} == {id_: PROMISED[id_]["since"] for id_ in load_all()}
    versions = {cards.since(id_) for id_ in load_all()} | {when for id_ in load_all() for when, _ in cards.changes(id_)}
    assert [one for one in versions if numbers(one) > numbers(__version__)] == []


def test_a_removed_rule_is_told_as_a_warning_wherever_it_is_named(before, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    Path("openapi.json").write_text(json.dumps(document), encoding="utf-8")
    Path("errlint.toml").write_text('ignore = ["COD099"]\n[rules]\nodd-code = "off"\n', encoding="utf-8")
    assert run(["lint", "openapi.json", "--extend-select", "COD099", "-f", "json"]) == 0
    told = "COD099 odd-code was removed in 0.2.0: It said what COD001 says; COD001 judges it now"
    found = {(f["severity"], f["message"]) for f in json.loads(capsys.readouterr().out)["findings"] if f["rule"] == "CFG005"}
    assert found == {("warning", f"{told} ({where})") for where in ("ignore", "rules", "--extend-select")}


def test_an_old_name_goes_on_meaning_its_rule_and_is_told(before, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    Path("openapi.json").write_text(json.dumps(document), encoding="utf-8")
    assert run(["lint", "openapi.json", "--severity", "unknown-code=note"]) == 0
    line = "warning CFG005 unknown-rule: unknown-code is called undocumented-code since 0.2.0 (--severity)"
    assert capsys.readouterr().out.splitlines()[0] == line


def test_explain_tells_the_fate_of_a_rule(before, capsys):
    assert run(["explain", "COD099", "unknown-code"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "COD099 odd-code was removed in 0.2.0: It said what COD001 says; COD001 judges it now."
    assert lines[2:4] == ["unknown-code is called undocumented-code since 0.2.0.", "COD001 undocumented-code"]


def test_what_changed_since_a_version_is_listed():
    rows = {row.id: row for row in rule_list.rule_rows(["COD001", "COD002", "COD003"])}
    new = replace(rows["COD001"], since="0.2.0")
    other = replace(rows["COD002"], changed=(("0.2.0", "a warning now"),))
    since = rule_list.rule_changes("0.1.0", [new, other, rows["COD003"]], PAST)
    assert ([row.id for row in since.new], [(row.id, when, what) for row, when, what in since.changed]) == (
        ["COD001"],
        [("COD002", "0.2.0", "a warning now")],
    )
    assert [one.word for one in since.gone] == ["COD099", "unknown-code"]
    assert rule_list.rule_changes("v0.2", [new, other], PAST) == rule_list.Changes((), (), ())


def test_rules_are_listed_by_words(capsys):
    assert [row.id for row in rule_list.rule_rows(["PRB", "bad-status-key"])] == [
        "DEC005",
        "PRB001",
        "PRB002",
        "PRB003",
        "PRB004",
    ]
    assert run(["rules", "COD01", "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [rule["id"] for rule in data["rules"]] == ["COD010", "COD011", "COD012", "COD013", "COD014"]
    assert run(["rules", "--changed-since", __version__]) == 0
    assert capsys.readouterr().out == f"No rule is new, changed, renamed or removed since {__version__}.\n"
    for arguments, line in (
        (["bad-statuskey"], "no rule is called bad-statuskey; did you mean bad-status-key?"),
        (["--changed-since", "x"], "'x' is no version; write 0.3.0, as errlint --version says it"),
    ):
        assert run(["rules", *arguments]) == 2
        assert capsys.readouterr().err == f"errlint: {line}\n"


def test_a_word_that_means_no_rule_names_a_removed_one(before):
    with pytest.raises(ConfigError, match=r"^COD099 odd-code was removed in 0\.2\.0: "):
        rule_list.rule_rows(["COD099"])


def test_no_two_rules_have_one_name():
    names = [rule.name for rule in load_all().values()]
    assert sorted(names) == sorted(set(names))
