"""Config files: found, read, refused, and what they come to in a run of the command line."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint import resources
from errlint.api.tasks import Planner
from errlint.checks.registry import RULES
from errlint.cli.main import run
from errlint.config import Asked, Choice, Settings
from errlint.config.check import problems
from errlint.config.places import TomlPlaces
from errlint.load.library import Library
from errlint.model.finding import Location, Severity

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}, "204": {"description": "", "content": {"a/b": {}}}}}}},
}
ONLY = ["--select", "DEC001,DEC006"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, in which the process stands."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: Any) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return name


def lint(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, str]]:
    """The findings of a run as (document, rule, severity); exit 2 would show its line."""
    capsys.readouterr()
    code = run(["lint", *arguments, "-f", "json"])
    shown = capsys.readouterr()
    assert code in (0, 1), shown.err
    return [(f["location"]["uri"], f["rule"], f["severity"]) for f in json.loads(shown.out)["findings"]]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of a run that is refused."""
    capsys.readouterr()
    assert run(["lint", *arguments]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    return shown.err.removeprefix("errlint: ").rstrip("\n")


def catalog(code: str) -> str:
    return (
        "errlint: 1\nservice: {name: shop}\n"
        "envelopes: {e: {code: {pointer: /code, type: string}, message: {pointer: /text, type: string}}}\n"
        f"errors:\n  - {{code: {code}, status: 400}}\n"
    )


def answering(code: str) -> Any:
    schema = {
        "type": "object",
        "required": ["code", "text"],
        "properties": {"code": {"enum": [code]}, "text": {"type": "string"}},
    }
    responses = {"400": {"description": "no", "content": {"application/json": {"schema": schema}}}}
    return {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"responses": responses}}}}


def test_two_services_in_one_call_have_their_own_catalogs_and_severities(capsys):
    for name, code in (("one", "EMPTY"), ("two", "FULL")):
        write(f"{name}/errors.yaml", catalog(code))
        write(f"{name}/api/openapi.json", answering("EMPTY"))
    write("one/errlint.toml", 'catalog = "errors.yaml"\nselect = "COD001"\n')
    write("two/pyproject.toml", '[tool.errlint]\ncatalog = ["errors.yaml"]\nselect = ["COD001"]\nrules.COD001 = "warning"\n')
    both = ("one/api/openapi.json", "two/api/openapi.json")
    assert lint(capsys, *both) == [("two/api/openapi.json", "COD001", "warning")]
    write("two/pyproject.toml", '[tool.errlint]\ncatalog = "errors.yaml"\nselect = "COD001"\n')
    assert lint(capsys, *both) == [("two/api/openapi.json", "COD001", "error")]
    assert lint(capsys, *both, "--catalog", "one/errors.yaml") == []


def test_what_fails_the_run_is_for_each_service_to_say(capsys):
    for name in ("one", "two"):
        write(f"{name}/openapi.json", DOCUMENT)
    write("one/errlint.toml", 'fail-on = "warning"\nselect = "DEC001"\n')
    write("two/errlint.toml", 'fail-on = "never"\nselect = ["DEC001", "DEC006"]\n')
    assert run(["lint", "two/openapi.json"]) == 0
    assert run(["lint", "one/openapi.json", "two/openapi.json"]) == 1
    assert run(["lint", "one/openapi.json", "two/openapi.json", "--fail-on", "never"]) == 0
    write("one/errlint.toml", 'fail-on = "error"\nselect = "DEC001"\n')
    assert run(["lint", "one/openapi.json", "two/openapi.json"]) == 0


def test_the_nearest_config_wins_and_the_repository_is_the_last_place(capsys, folder):
    write("openapi.json", DOCUMENT)
    write("a/b/openapi.json", DOCUMENT)
    write("errlint.toml", 'select = "DEC001"')
    assert lint(capsys, "a/b/openapi.json") == [("a/b/openapi.json", "DEC001", "warning")]
    write("a/pyproject.toml", "[tool.other]\nerrlint = 1\n")
    assert lint(capsys, "a/b/openapi.json") == [("a/b/openapi.json", "DEC001", "warning")]
    write("a/pyproject.toml", '[tool.errlint]\nselect = "DEC006"\n')
    assert lint(capsys, "a/b/openapi.json") == [("a/b/openapi.json", "DEC006", "error")]
    write("a/errlint.toml", 'select = ["DEC001", "DEC006"]\nignore = "DEC006"\n')
    assert lint(capsys, "a/b/openapi.json") == [("a/b/openapi.json", "DEC001", "warning")]
    assert lint(capsys, "openapi.json", "a/b/openapi.json", "--config", "a/pyproject.toml") == [
        ("a/b/openapi.json", "DEC006", "error"),
        ("openapi.json", "DEC006", "error"),
    ]
    (folder / "a/b/.git").mkdir()
    assert lint(capsys, "a/b/openapi.json", *ONLY) == [
        ("a/b/openapi.json", "DEC006", "error"),
        ("a/b/openapi.json", "DEC001", "warning"),
    ]


def test_isolated_reads_no_config(capsys):
    write("openapi.json", DOCUMENT)
    write("errlint.toml", "not toml")
    assert lint(capsys, "openapi.json", "--isolated", "--select", "DEC001") == [("openapi.json", "DEC001", "warning")]


def test_the_command_line_beats_an_entry_beats_a_config_beats_what_it_extends(capsys):
    write("openapi.json", DOCUMENT)
    write("other.json", DOCUMENT)
    write("base.toml", 'select = ["DEC001", "DEC006"]\nrules.DEC001 = "error"\nrules.DEC006 = "note"\n')
    write(
        "errlint.toml",
        'extends = "base.toml"\nrules.DEC006 = "warning"\n[[document]]\npath = "other.*"\nrules.DEC006 = "error"\n',
    )
    assert lint(capsys, "openapi.json") == [("openapi.json", "DEC001", "error"), ("openapi.json", "DEC006", "warning")]
    assert lint(capsys, "other.json") == [("other.json", "DEC001", "error"), ("other.json", "DEC006", "error")]
    assert lint(capsys, "other.json", "--severity", "DEC006=note", "--ignore", "DEC001") == [("other.json", "DEC006", "note")]


def test_of_several_extended_files_the_later_wins_and_a_file_may_come_twice(capsys):
    write("openapi.json", DOCUMENT)
    write("a.toml", 'select = "DEC001"\nrules.DEC001 = "error"\n')
    write("b.toml", 'extends = ["a.toml"]\nrules.DEC001 = "note"\n')
    write("errlint.toml", 'extends = ["a.toml", "b.toml"]\n')
    assert lint(capsys, "openapi.json") == [("openapi.json", "DEC001", "note")]


def test_a_rule_that_was_switched_off_comes_back_by_its_own_name_only():
    off = Settings(choices=(Choice(ignore=("DEC006",)),))
    assert off.severities(with_catalog=False)["DEC006"] is Severity.OFF
    again = Settings(select=("DEC",), choices=off.choices)
    assert again.severities(with_catalog=False)["DEC006"] is Severity.OFF
    named = Settings(select=("DEC006",), choices=off.choices)
    assert named.severities(with_catalog=False)["DEC006"] is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('\nselct = ["DEC"]', "errlint.toml:2:1: unknown key selct; did you mean select?"),
        ('extend_select = ["DEC"]', "errlint.toml:1:1: unknown key extend_select; did you mean extend-select?"),
        ('profile = "strct"', "errlint.toml:1:1: profile: strct is none of default, strict; did you mean strict?"),
        ("profile = 1", "errlint.toml:1:1: profile must be a text, not a number"),
        ('profile = ["strict"]', "errlint.toml:1:1: profile must be a text, not a list"),
        ('\nfail-on = ["error"]', "errlint.toml:2:1: fail-on must be a text, not a list"),
        ('show = ["notes"]', "errlint.toml:1:1: show must be a text, not a list"),
        ('[[document]]\npath = "a"\nfail-on = {}', "errlint.toml:3:1: document 1: fail-on must be a text, not a table"),
        ('root = "a\\u0000b"', 'errlint.toml:1:1: root: "a\\u0000b" is not a path'),
        ('baseline = "\\u0000"', 'errlint.toml:1:1: baseline: "\\u0000" is not a path'),
        ('catalog = "\\u0000"', 'errlint.toml:1:1: catalog: "\\u0000" is not a path'),
        ('catalog = ["a",\n "\\u0000"]', 'errlint.toml:2:2: catalog 2: "\\u0000" is not a path'),
        ('extends = "\\u0000"', 'errlint.toml:1:1: extends: "\\u0000" is not a path'),
        ('format = "json:\\u0000"', 'errlint.toml:1:1: format: "json:\\u0000" is not a path'),
        ('[[document]]\npath = "\\u0000"', 'errlint.toml:2:1: document 1: path: "\\u0000" is not a path'),
        ("preview = 1", "errlint.toml:1:1: preview must be true or false, not a number"),
        ("select = 1", "errlint.toml:1:1: select must be a text or a list, not a number"),
        ('select = ["DEC",\n  7]', "errlint.toml:2:3: select 2 must be a text, not a number"),
        ('select = ""', "errlint.toml:1:1: select is empty"),
        ("rules = 1", "errlint.toml:1:1: rules must be a table, not a number"),
        (
            '[rules]\nDEC001 = "eror"',
            "errlint.toml:2:1: rules.DEC001: eror is none of error, warning, note, off; did you mean error?",
        ),
        ("[rules]\nDEC001 = 1", "errlint.toml:2:1: rules.DEC001 must be a text or a table, not a number"),
        (
            "[rules]\nDEC001 = {severity = true}",
            "errlint.toml:2:11: rules.DEC001.severity must be a text, not true or false",
        ),
        (
            '[rules.DEC001]\nlink = "x"',
            "errlint.toml:2:1: rules.DEC001.link: x is not the address of a page (https://...)",
        ),
        ("document = {}", "errlint.toml:1:1: document must be a list, not a table"),
        ('[[document]]\npath = "a"\n\n[[document]]\nowner = "x"', "errlint.toml:4:1: document 2 has no path and no app"),
        (
            '[[document]]\npth = "a"\npath = "b"\ncatlog = "c"',
            "errlint.toml:2:1: unknown key pth; did you mean path? (and 1 more)",
        ),
        (
            '[[document]]\npath = "a.yaml"\napp = "main:app"',
            "errlint.toml:3:1: document 1 has a path and an app; give each an entry of its own",
        ),
        ("[env.test]\nurl = 1", "errlint.toml:2:1: env.test.url must be a text, not a number"),
        ("[env.test]\nuri = 1", "errlint.toml:2:1: unknown key uri; did you mean url?"),
        ('catalog = "gone.yaml"', "errlint.toml:1:1: there is no catalog gone.yaml"),
        ('catalog = [\n "gone.yaml"]', "errlint.toml:2:2: there is no catalog gone.yaml"),
        ('[[ignores]]\nreason = "x"', "errlint.toml:1:1: an ignore of everything: it names no rule, path, operation or code"),
        (
            '[[ignores]]\ncode = "A"\nuntil = "soon"',
            "errlint.toml:3:1: ignores 1: until: soon is not a date such as 2027-01-31",
        ),
        ('[[ignores]]\ncode = "A"\nuntil = "2027-02-30"', "errlint.toml:3:1: there is no day 2027-02-30"),
        ('extends = "gone.toml"', "errlint.toml:1:1: there is no config gone.toml"),
        ('extends = "errlint.toml"', "errlint.toml:1:1: extends leads back to errlint.toml; remove one of the two extends"),
        ("select = [", "errlint.toml:1:11: not valid TOML: Invalid value"),
        ("a = 1\na = 2", "errlint.toml:2:6: not valid TOML: Cannot overwrite a value"),
        (
            'required-version = ">=99"\nnew-key = 1',
            "errlint.toml:1:1: this is errlint 0.1.0, the config requires >=99; pip install 'errlint>=99'",
        ),
        ('required-version = "new"', "errlint.toml:1:1: required-version: 'new' is no version specifier; write \">=0.3,<1\""),
    ],
)
def test_a_wrong_config_is_one_line_with_its_place(text, line, capsys, monkeypatch):
    monkeypatch.setattr("errlint.config.file.__version__", "0.1.0")
    write("openapi.json", DOCUMENT)
    write("errlint.toml", text)
    assert said(capsys, "openapi.json") == line


def test_a_wrong_config_in_pyproject_has_its_place_there(capsys):
    write("openapi.json", DOCUMENT)
    write("pyproject.toml", '[project]\nname = "x"\n\n[tool.errlint.rules]\nDEC001 = "bad"\n')
    assert said(capsys, "openapi.json") == ("pyproject.toml:5:1: rules.DEC001: bad is none of error, warning, note, off")
    write("pyproject.toml", "[tool]\nerrlint = 1\n")
    assert said(capsys, "openapi.json") == "pyproject.toml:2:1: tool.errlint must be a table"


def test_a_circle_of_extends_is_refused(capsys):
    write("openapi.json", DOCUMENT)
    write("errlint.toml", 'extends = "a.toml"')
    write("a.toml", 'extends = ["b.toml"]')
    write("b.toml", 'extends = ["a.toml"]')
    assert said(capsys, "openapi.json") == "b.toml:1:12: extends leads back to a.toml; remove one of the two extends"


def test_a_fitting_version_is_accepted(capsys, monkeypatch):
    write("openapi.json", DOCUMENT)
    write("errlint.toml", 'required-version = ">=0.3,<1"\nselect = "DEC006"')
    monkeypatch.setattr("errlint.config.file.__version__", "0.4.0rc1")
    assert lint(capsys, "openapi.json") == [("openapi.json", "DEC006", "error")]


def test_a_config_that_was_named_must_be_there(capsys):
    write("openapi.json", DOCUMENT)
    assert said(capsys, "openapi.json", "--config", "x.toml") == "there is no config x.toml"
    write("pyproject.toml", "")
    assert said(capsys, "openapi.json", "--config", "pyproject.toml") == "pyproject.toml has no table [tool.errlint]"


def test_a_mistyped_rule_in_a_config_is_a_finding_with_its_place(capsys):
    write("openapi.json", DOCUMENT)
    write("errlint.toml", 'select = "DEC006"\nignore = ["DEC",\n "COD0022"]\n[rules]\nDEC0001 = "off"\n')
    assert run(["lint", "openapi.json", "-f", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["message"], f["location"]["uri"], f["location"]["line"]) for f in found] == [
        ("no rule is called COD0022 (ignore); did you mean COD002?", "errlint.toml", 3),
        ("no rule is called DEC0001 (rules); did you mean DEC001?", "errlint.toml", 5),
    ]


def test_a_mistyped_rule_on_the_command_line_is_told_once_for_several_services(capsys):
    for name in ("one", "two"):
        write(f"{name}/openapi.json", DOCUMENT)
        write(f"{name}/errlint.toml", "")
    assert lint(capsys, "one/openapi.json", "two/openapi.json", "--select", "DEC0001") == [("command line", "CFG005", "error")]


def test_options_of_a_rule_are_held_against_its_schema(capsys, monkeypatch):
    RULES or run(["rules"])
    write("openapi.json", DOCUMENT)
    schemas = {"accept": {"type": "string", "enum": ["explicit", "any"]}, "least": {"type": "integer", "minimum": 1}}
    monkeypatch.setattr(RULES["DEC001"], "options", schemas)
    for written, line in (
        ("acept = 1", "DEC001 has no option acept; did you mean accept?"),
        ("zzz = 1", "DEC001 has no option zzz; it has severity, link, accept, least"),
        ('accept = "explcit"', 'accept: "explcit" is not one of "explicit" or "any"; did you mean explicit?'),
        ("least = 0", "least: 0 is less than the minimum of 1"),
    ):
        write("errlint.toml", f'[rules.no-error-response]\nseverity = "error"\n{written}\n')
        assert said(capsys, "openapi.json") == f"errlint.toml:3:1: {line}"
    write("errlint.toml", '[rules]\nDEC = {severity = "error", accept = "any"}\n')
    assert said(capsys, "openapi.json").startswith("errlint.toml:2:28: rules.DEC is ")


def test_options_reach_the_rule_and_a_link_its_finding(capsys, monkeypatch):
    run(["rules"])
    seen: list[dict[str, Any]] = []
    rule = RULES["DEC001"]
    subject, judge, _ = rule.judges[0]

    def recording(one: Any, contract: Any, **options: Any) -> Any:
        seen.append(options)
        return judge(one, contract)

    monkeypatch.setattr(rule, "options", {"least": {"type": "integer"}})
    monkeypatch.setattr(rule, "judges", [(subject, recording, None)])
    write("openapi.json", DOCUMENT)
    write("base.toml", "[rules]\nDEC001 = {least = 2}\n")
    write("errlint.toml", 'extends = "base.toml"\nselect = "DEC001"\n[rules]\nDEC001 = {link = "https://wiki/dec001"}\n')
    capsys.readouterr()
    run(["lint", "openapi.json", "-f", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert seen == [{"least": 2}]
    assert [f["help"].rpartition(" See ")[2] for f in found] == ["https://wiki/dec001"]


LOCKING = 'locked = ["DEC006", "no-error-response"]\nselect = ["DEC001", "DEC006"]\nrules.DEC001 = "error"\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('ignore = ["DEC"]', "errlint.toml:2:11: DEC001 is locked by base.toml:1, it cannot be switched off"),
        ('ignore = "ALL"', "errlint.toml:2:1: DEC001 is locked by base.toml:1, it cannot be switched off"),
        ('rules.DEC001 = "warning"', "errlint.toml:2:1: DEC001 is locked by base.toml:1, it cannot be lowered to warning"),
        ('rules.DEC = "off"', "errlint.toml:2:1: DEC001 is locked by base.toml:1, it cannot be switched off"),
        (
            '[[ignores]]\nrule = "body-not-allowed"\nreason = "x"',
            "errlint.toml:3:1: DEC006 is locked by base.toml:1, it cannot be switched off",
        ),
        (
            '[[document]]\npath = "*.json"\nignore = "DEC006"',
            "errlint.toml:4:1: DEC006 is locked by base.toml:1, it cannot be switched off",
        ),
    ],
)
def test_a_locked_rule_cannot_be_lowered_by_who_extends_it(text, line, capsys):
    write("openapi.json", DOCUMENT)
    write("base.toml", LOCKING)
    write("errlint.toml", f'extends = "base.toml"\n{text}')
    assert said(capsys, "openapi.json") == line


def test_a_locked_rule_cannot_be_lowered_by_the_command_line(capsys):
    write("openapi.json", DOCUMENT)
    write("errlint.toml", LOCKING)
    refused = "DEC006 is locked by errlint.toml:1, it cannot be"
    assert said(capsys, "openapi.json", "--ignore", "DEC006") == f"--ignore DEC006: {refused} switched off"
    assert said(capsys, "openapi.json", "--severity", "DEC006=note") == f"--severity DEC006: {refused} lowered to note"
    both = [("openapi.json", "DEC001", "error"), ("openapi.json", "DEC006", "error")]
    assert lint(capsys, "openapi.json", "--select", "COD") == both
    assert lint(capsys, "openapi.json", "--severity", "DEC006=error") == both


@pytest.mark.parametrize("text", ["catalog = []", '[[document]]\npath = "*.json"\ncatalog = []'])
def test_who_extends_a_lock_cannot_take_the_catalog_away(text, capsys):
    write("openapi.json", answering("EMPTY"))
    write("errors.yaml", catalog("FULL"))
    write("base.toml", 'catalog = "errors.yaml"\nlocked = "COD001"\nselect = "COD001"\n')
    write("errlint.toml", f'extends = "base.toml"\n{text}\n')
    refused = "rules are locked by base.toml:2, the catalog cannot be taken away"
    line = text.count("\n") + 2
    assert said(capsys, "openapi.json") == f"errlint.toml:{line}:1: {refused}"
    write("base.toml", 'catalog = "errors.yaml"\nselect = "COD001"\n')
    assert lint(capsys, "openapi.json") == []


def test_an_ignore_that_another_document_of_the_config_may_need_is_not_called_unused(capsys):
    for name in ("a", "b"):
        write(f"{name}.json", DOCUMENT)
    ignore = '[[ignores]]\nrule = "DEC001"\npath = "/gone"\nreason = "r"\n'
    write("errlint.toml", f'select = ["CFG001"]\nextend-select = ["DEC001"]\n{ignore}')
    rules = [rule for _, rule, _ in lint(capsys, "a.json")]
    assert (rules.count("CFG001"), rules.count("DEC001")) == (0, 1)
    assert [rule for _, rule, _ in lint(capsys, "a.json", "b.json")].count("CFG001") == 1
    write("errlint.toml", f'select = ["CFG001", "DEC001"]\n{ignore}[[document]]\npath = "a.json"\n')
    assert [rule for _, rule, _ in lint(capsys, "a.json")].count("CFG001") == 1
    write("errlint.toml", 'extends = "base.toml"\nselect = ["CFG001", "DEC001"]\n')
    write("base.toml", ignore)
    assert [rule for _, rule, _ in lint(capsys, "a.json", "b.json")].count("CFG001") == 0


def test_who_extends_a_lock_may_choose_other_rules_and_raise_locked_ones(capsys):
    write("openapi.json", DOCUMENT)
    write("base.toml", 'locked = "DEC001"\nrules.DEC001 = "note"\n')
    write("errlint.toml", 'extends = "base.toml"\nselect = "DEC006"\nrules.DEC006 = "note"\nrules.DEC001 = "error"\n')
    assert lint(capsys, "openapi.json") == [("openapi.json", "DEC001", "error"), ("openapi.json", "DEC006", "note")]


def test_without_names_the_documents_of_the_config_are_linted(capsys, monkeypatch):
    write("openapi.json", DOCUMENT)
    write("specs/a.json", DOCUMENT)
    write("specs/b.yaml", json.dumps(DOCUMENT))
    write("specs/readme.json", {"name": "x"})
    write("errlint.toml", 'select = "DEC006"\n[[document]]\npath = "specs/*"\nowner = "me"\n')
    assert lint(capsys) == [("specs/a.json", "DEC006", "error"), ("specs/b.yaml", "DEC006", "error")]
    monkeypatch.chdir("specs")
    assert lint(capsys) == [("a.json", "DEC006", "error"), ("b.yaml", "DEC006", "error")]


def test_an_entry_speaks_of_a_file_by_its_path_its_link_or_its_folder(capsys, folder):
    write("real/openapi.json", DOCUMENT)
    os.symlink("real", "link")
    for pattern in ("real/openapi.json", "link/*.json", "real", "re*/", "**/openapi.json", str(folder / "real/*")):
        write("errlint.toml", f'select = "DEC006"\n[[document]]\npath = "{pattern}"\nrules.DEC006 = "note"\n')
        assert [level for _, _, level in lint(capsys, "link/openapi.json")] == ["note"], pattern
    write("errlint.toml", 'select = "DEC006"\n[[document]]\npath = "openapi.json"\nrules.DEC006 = "note"\n')
    assert [level for _, _, level in lint(capsys, "link/openapi.json")] == ["error"]


def test_environments_are_kept_for_probes():
    write("base.toml", '[env.test]\nurl = "http://a"\n[env.live]\nurl = "http://b"\nexclude = ["DELETE *"]\n')
    write("errlint.toml", 'extends = "base.toml"\n[env.test]\nurl = "http://c"\nauth = "bearer:env:T"\n')
    held = Planner(Asked(), Library()).held("openapi.json")
    assert {name: (one.data, str(one.at("url"))) for name, one in held.environments.items()} == {
        "test": ({"url": "http://c", "auth": "bearer:env:T"}, str(Location("errlint.toml", ("env", "test", "url"), 3, 1))),
        "live": (
            {"url": "http://b", "exclude": ["DELETE *"]},
            str(Location("base.toml", ("env", "live", "url"), 4, 1)),
        ),
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("gone.json", "errlint.toml:2:1: there is no document gone.json"),
        ("gone/*.json", "errlint.toml:2:1: nothing matches gone/*.json"),
        ("*.toml", "errlint.toml:2:1: 1 files match *.toml, none is an OpenAPI document"),
    ],
)
def test_a_document_of_the_config_that_is_not_there_is_told(path, line, capsys):
    write("errlint.toml", f'[[document]]\npath = "{path}"')
    assert said(capsys) == line


def test_a_config_says_what_is_shown_and_how_unless_the_command_line_does(capsys):
    write("openapi.json", DOCUMENT)
    write("errlint.toml", 'select = "DEC001"\nrules.DEC001 = "note"\nshow = "notes"\nformat = ["text", "json:out.json"]')
    assert run(["lint", "openapi.json"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("note DEC001 ")
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["summary"]["note"] == 1
    Path("out.json").unlink()
    assert run(["lint", "openapi.json", "-f", "text", "--show", "errors"]) == 0
    assert "note DEC001" not in capsys.readouterr().out
    assert not Path("out.json").exists()


def test_the_root_of_references_is_relative_to_the_config(capsys):
    write("shared/e.json", {"description": "", "content": {"a/b": {}}})
    document = {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"204": {"$ref": "../../shared/e.json"}}}}}}
    write("svc/api/openapi.json", document)
    write("svc/errlint.toml", 'select = "DEC006"\n')
    assert lint(capsys, "svc/api/openapi.json") == []
    write("svc/errlint.toml", 'select = "DEC006"\nroot = ".."\n')
    assert [rule for _, rule, _ in lint(capsys, "svc/api/openapi.json")] == ["DEC006"]


def test_profile_and_preview_come_from_the_config_or_the_command_line():
    levels = Settings(profile="strict").severities(with_catalog=False)
    assert {id_ for id_, level in levels.items() if level is Severity.NOTE} <= {
        rule.id for rule in RULES.values() if rule.preview
    }


HOSTILE = {
    "nul": b'select = "a\0b"',
    "not-utf8": b'select = "\xff"',
    "deep-list": b"select = " + b"[" * 50_000,
    "deep-closed": b"select = " + b"[" * 50_000 + b"]" * 50_000,
    "deep-table": b"a = " + b"{a=" * 20_000,
    "dots": b"a" + b".a" * 200_000 + b" = 1",
    "header-dots": b"[a" + b".a" * 100_000 + b"]",
    "digits": b"select = " + b"9" * 10_000,
    "large": b"#" * (1024 * 1024 + 1),
    "list": b"[[select]]",
    "control": b'"\\u001b[31m" = 1',
    "surrogate": b'"\\ud800" = 1',
    "date": b"preview = 1979-05-27T07:32:00Z",
    "nan": b"[rules]\nDEC001 = {severity = nan}",
    "rules": b"[rules]\n'' = 1",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_config_is_one_line(name, capsys):
    write("openapi.json", DOCUMENT)
    Path("errlint.toml").write_bytes(HOSTILE[name])
    assert said(capsys, "openapi.json").startswith("errlint.toml")


def test_a_config_that_is_no_file_is_one_line(capsys):
    write("openapi.json", DOCUMENT)
    os.symlink("errlint.toml", "errlint.toml")
    assert said(capsys, "openapi.json").startswith("errlint.toml: cannot be read: ")
    Path("errlint.toml").unlink()
    os.mkfifo("errlint.toml")
    assert said(capsys, "openapi.json") == "errlint.toml: is no file"


def test_a_chain_of_many_files_ends(capsys):
    write("openapi.json", DOCUMENT)
    write("errlint.toml", 'extends = "c0.toml"')
    for number in range(80):
        write(f"c{number}.toml", f'extends = "c{number + 1}.toml"')
    write("c80.toml", "")
    assert said(capsys, "openapi.json") == "c49.toml:1:1: extends leads to more than 50 files"


TOML = """# [comment]
select = ["a", 'b', \"\"\"c
= [x]\"\"\"]
rules.DEC001 = {severity = "error", link = "a = b"}   # x = 1
"quoted key" = 1
[env.test]
url = "x"
[[document]]
path = "a"
ignores = [
  {rule = "A"},

  {rule = ["B", "C"]},
]
[[document]]
path = "b"
[document.rules]
DEC = "off"
[[document.ignores]]
code = 1
"""


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("select", (2, 1)),
        ("select/1", (2, 16)),
        ("select/2", (2, 21)),
        ("rules/DEC001", (4, 1)),
        ("rules/DEC001/link", (4, 37)),
        ("rules/DEC001/gone", (4, 1)),
        ("quoted key", (5, 1)),
        ("env/test", (6, 1)),
        ("env/test/url", (7, 1)),
        ("document/0/path", (9, 1)),
        ("document/0/ignores/1/rule", (13, 4)),
        ("document/0/ignores/1/rule/1", (13, 17)),
        ("document/1", (15, 1)),
        ("document/1/rules/DEC", (18, 1)),
        ("document/1/ignores/0/code", (20, 1)),
        ("gone", (1, 1)),
    ],
)
def test_the_place_of_a_key(pointer, place):
    assert TomlPlaces(TOML).of(tuple(pointer.split("/"))) == place


VALUES = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.sampled_from(["", "error", "off", "x", "2027-01-31"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["path", "rule", "severity", "link", "url", "until", "code", "zzz"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)
SCHEMA = json.loads(resources.text(resources.schemas() / "config.schema.json"))


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "zzz"]), VALUES, max_size=3))
def test_the_words_about_a_config_are_those_of_its_schema(data):
    assert bool(list(problems(data))) == (not jsonschema.Draft202012Validator(SCHEMA).is_valid(data))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "[a]",
            "[[b]]",
            "[b.c]",
            "[a.d]",
            "k{} = 1",
            'k{} = "x # ["',
            "k{} = [1, [2], {{x = 1}}]",
            "k{} = {{x = {{y = []}}}}",
            "'q{}'.z = '''\n[t]\n'''",
            '"e{}=" = 0.5',
            "k{} = [ # c\n 1,\n]",
            "",
            "# c",
        ]
    ),
    max_size=12,
)


def pointers(value: Any, at: tuple[str, ...]) -> list[tuple[str, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in ((*at, str(key)), *pointers(item, (*at, str(key))))]


@given(FRAGMENTS)
def test_every_key_of_a_valid_text_stands_where_it_is_said_to(fragments):
    text = "\n".join(fragment.format(number) for number, fragment in enumerate(fragments))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found, lines = TomlPlaces(text), text.split("\n")
    for pointer in pointers(data, ()):
        line, column = found.of(pointer)
        rest = lines[line - 1][column - 1 :]
        starts = (
            ("[", "1", "2", "{") if pointer[-1].isdigit() else (pointer[-1], f"'{pointer[-1]}", f'"{pointer[-1]}', "[", "'q")
        )
        assert rest.startswith(starts), (pointer, rest)


def test_a_config_of_very_many_words_is_refused(capsys):
    write("openapi.json", DOCUMENT)
    words = ", ".join(f'"DEC{number}"' for number in range(50_000))
    write("errlint.toml", f"ignore = [{words}]")
    assert said(capsys, "openapi.json") == "errlint.toml:1:1: ignore has 50000 entries, which is too many"
    write("errlint.toml", "[rules]\n" + "".join(f"A{number} = 'off'\n" for number in range(10_000)))
    assert said(capsys, "openapi.json") == "errlint.toml:1:1: rules has 10000 entries, which is too many"


def test_a_required_version_is_looked_at_before_all_else_of_its_file(capsys, monkeypatch):
    monkeypatch.setattr("errlint.config.file.__version__", "0.1.0")
    write("openapi.json", DOCUMENT)
    told = "this is errlint 0.1.0, the config requires ~=2.0; pip install 'errlint~=2.0'"
    write("errlint.toml", 'new-key = 1\nselect = 5\nrequired-version = "~=2.0"\n[rules]\nNEW001 = "fatal"')
    assert said(capsys, "openapi.json") == f"errlint.toml:3:1: {told}"
    write("base.toml", 'new-key = 1\nrequired-version = "~=2.0"')
    write("errlint.toml", 'extends = "base.toml"')
    assert said(capsys, "openapi.json") == f"base.toml:2:1: {told}"
    write("errlint.toml", "required-version = 2\nnew-key = 1")
    assert said(capsys, "openapi.json").startswith("errlint.toml:1:1: required-version must be a text, not a number")
    for fits in (">=0.1", "==0.1.*", "~=0.1.0", ">=0.1, <1", "", ">=0.1.0rc1"):
        write("errlint.toml", f'required-version = "{fits}"')
        assert run(["lint", "openapi.json", "--select", "COD001"]) == 0
