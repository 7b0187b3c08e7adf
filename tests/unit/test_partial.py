"""A document that cannot be read among several: the others are judged, nothing is said that it could refute, and exit is 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errlint import api
from errlint.api.linting import Task, lint_all
from errlint.api.partial import cut_short
from errlint.cli.main import run
from errlint.errors import LoadError
from errlint.model.finding import Location, Report
from errlint.report import FORMATS
from tests.unit.fleet_maker import catalog, document, write

BROKEN = '{"openapi": "3.1.0", "paths": [}'
SAID = "b.json:1:32: not valid JSON: Expecting value"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    write(tmp_path / "errors.json", catalog("shop", "A_1", "A_2"))
    write(tmp_path / "a.json", document("A", "A_1", "A_9"))
    write(tmp_path / "b.json", BROKEN)
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run(["lint", *arguments])
    return code, *capsys.readouterr()


def test_what_the_others_say_is_told_and_what_the_unread_one_may_declare_is_not_missed(capsys):
    code, out, said = shown(capsys, ".", "--catalog", "errors.json", "-f", "json")

    report = json.loads(out)
    assert (code, said) == (2, f"errlint: {SAID}\n")
    assert [one["rule"] for one in report["findings"] if one["severity"] != "note"] == ["COD001"], (
        "A_2 may be declared in b.json"
    )
    assert (report["summary"]["outcome"], report["summary"]["reason"]) == ("invalid-input", SAID)


def test_each_unread_document_and_what_was_not_held_against_the_catalog_is_told(capsys):
    code, out, said = shown(capsys, "a.json", "b.json", "gone.json", "--catalog", "errors.json")

    assert (code, said) == (2, f"errlint: {SAID} (and 1 more document: gone.json)\n")
    assert f"Not judged: {SAID}\nNot judged: gone.json: cannot be read: No such file or directory\n" in out
    assert "Not checked: what the documents held against errors.json declare together, since b.json cannot be read.\n" in out
    assert "exit 2 (not all of the input can be read)" in out


def test_where_none_can_be_read_it_is_one_line(capsys):
    assert shown(capsys, "b.json", "gone.json") == (2, "", f"errlint: {SAID}\n")


@pytest.mark.parametrize("options", [("--fix",), ("--diff",), ("--baseline", "known.json", "--baseline-update")])
def test_nothing_is_written_where_not_all_can_be_read(options, capsys, folder):
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    assert shown(capsys, ".", *options)[::2] == (2, f"errlint: {SAID}\n")
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_an_ignore_may_be_of_use_in_the_document_that_cannot_be_read(capsys, folder):
    ignore = '[[ignores]]\nrule = "COD001"\npath = "/nowhere"\nreason = "none"\n'
    write(folder / "errlint.toml", f'catalog = "errors.json"\n{ignore}')

    assert "CFG001" not in shown(capsys, ".", "--show", "all")[1]
    assert "CFG001" not in shown(capsys, "a.json", "--show", "all")[1]
    (folder / "b.json").unlink()
    assert "CFG001" in shown(capsys, ".", "--show", "all")[1]


def test_a_program_gets_the_error(folder):
    with pytest.raises(LoadError, match="not valid JSON"):
        api.lint(["a.json", "b.json"])
    assert lint_all([Task(("a.json", "b.json"))], strict=False).outcome == "invalid-input"


def test_of_many_the_first_are_named():
    unread = [("is a pipe", Location(f"{index}.json", ()), "") for index in range(30)]

    report = cut_short(Report("lint", "clean"), unread)

    assert report.reason == "0.json: is a pipe (and 29 more documents: 1.json, 2.json, 3.json, ...)"
    assert report.notes[19:] == ("Not judged: 19.json: is a pipe", "Not judged: 10 more documents.")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_what_the_others_say(name, capsys):
    code, out, said = shown(capsys, ".", "--catalog", "errors.json", "-f", name)

    assert (code, said) == (2, f"errlint: {SAID}\n")
    assert ("A_9" in out) == (name != "csv"), "csv is the table of services"
