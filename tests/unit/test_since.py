"""``--since``: only what is new against a git revision or another file."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from errlint.api.linting import Task, lint_all
from errlint.api.since import Since, since
from errlint.config import Settings
from errlint.errors import ConfigError, LoadError
from errlint.load.source import load
from errlint.model.finding import Report

SETTINGS = Settings(select=("DEC001", "ENV005", "ENV006", "COV001", "CFG"))


def bare(*names: str, **declared: Any) -> dict[str, Any]:
    silent = {name: {"get": {"responses": {"200": {"description": "d"}}}} for name in names}
    others = {name: {"get": {"responses": {"404": response}}} for name, response in declared.items()}
    return {"openapi": "3.1.0", "info": {}, "paths": {f"/{name}": one for name, one in (silent | others).items()}}


def answer(schema: Any) -> dict[str, Any]:
    return {"description": "d", "content": {"application/json": {"schema": schema}}}


class Repository:
    """A git repository in a folder, which is the current one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *arguments: str) -> None:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=self.folder, check=True, capture_output=True)

    def write(self, name: str, data: Any) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "m")


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Repository:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path)


def compared(reference: str, *documents: Any, catalog: tuple[str, ...] = (), root: str | None = None) -> tuple[Report, Since]:
    tasks = [Task(documents, catalog, SETTINGS, root)]
    found = since(tasks, reference, today="2026-01-01")
    return lint_all(tasks, known=found.known, today="2026-01-01"), found


def told(report: Report) -> list[tuple[str, str, str | None]]:
    return [(finding.rule, finding.message, finding.suppressed) for finding in report.findings]


def test_what_a_revision_had_already_does_not_count(repository):
    repository.write("api.json", bare("a"))
    repository.commit()
    repository.write("api.json", bare("new", "a"))
    report, found = compared("HEAD", "api.json")
    assert told(report) == [
        ("DEC001", "GET /new declares no error response", None),
        ("DEC001", "GET /a declares no error response", "since HEAD"),
    ]
    assert found.notes == ()


@pytest.mark.parametrize("reference", ["HEAD~1", "main~1", "v1"])
def test_a_revision_is_a_commit_a_branch_or_a_tag(repository, reference):
    repository.write("api.json", bare("a"))
    repository.commit()
    repository.git("tag", "v1")
    repository.write("api.json", bare("a", "b"))
    repository.commit()
    report, _ = compared(reference, "api.json")
    assert [f.operation for f in report.findings if f.suppressed is None] == ["GET /b"]


def test_the_files_that_references_reach_are_those_of_the_revision(repository):
    repository.write("service/api.json", bare(a=answer({"$ref": "../shared/errors.json#/E"})))
    repository.write("shared/errors.json", {"E": {"type": "object", "required": ["code"]}})
    repository.commit()
    repository.write("shared/errors.json", {"E": {"type": "object"}})
    report, found = compared("HEAD", "service/api.json", root=".")
    assert (told(report), found.notes) == ([("ENV005", "the error schema accepts {}: it requires no member", None)], ())
    repository.commit()
    report, found = compared("HEAD", "service/api.json", root=".")
    assert [f.suppressed for f in report.findings] == ["since HEAD"]


def test_a_file_that_references_reached_may_be_gone(repository):
    repository.write("api.json", bare(a=answer({"$ref": "old/errors.json#/E"})))
    repository.write("old/errors.json", {"E": {"type": "object"}})
    repository.commit()
    (repository.folder / "old/errors.json").unlink()
    (repository.folder / "old").rmdir()
    repository.write("api.json", bare(a=answer({"type": "object"})))
    _, found = compared("HEAD", "api.json")
    assert (len(found.known), found.notes) == (1, ())


def test_what_is_said_of_a_whole_document_is_compared_too(repository):
    flat = {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}}
    deep = {"type": "object", "required": ["error"], "properties": {"error": flat}}
    repository.write("a.json", bare(a=answer(flat), b=answer(deep)))
    repository.commit()
    repository.write("a.json", bare(a=answer(flat), b=answer(deep), c=answer(deep)))
    report, _ = compared("HEAD", "a.json")
    assert [(f.rule, f.suppressed) for f in report.findings if f.rule == "ENV006"] == [("ENV006", "since HEAD")]


def test_codes_that_were_undeclared_already_are_known(repository):
    repository.write("a.json", bare("a"))
    repository.commit()
    report, _ = compared("HEAD", "a.json", catalog=("builtin:eventml",))
    assert {f.suppressed for f in report.findings} == {"since HEAD"}


def test_an_ignore_that_was_taken_away_leaves_something_new(repository):
    ignore = {"x-errlint": {"ignore": [{"rule": "DEC001", "reason": "r"}]}}
    repository.write("a.json", bare("a") | ignore)
    repository.commit()
    repository.write("a.json", bare("a"))
    report, _ = compared("HEAD", "a.json")
    assert told(report) == [("DEC001", "GET /a declares no error response", None)]


def test_a_file_that_the_revision_has_not_is_new_and_a_note_says_so(repository):
    repository.write("a.json", bare("a"))
    repository.commit()
    repository.write("b.json", bare("b"))
    report, found = compared("HEAD", "a.json", "b.json")
    assert {f.operation: f.suppressed for f in report.findings if f.rule == "DEC001"} == {
        "GET /a": "since HEAD",
        "GET /b": None,
    }
    assert found.notes == ("All of b.json is new: it is not in HEAD.",)


def refused(reference: str, *documents: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        compared(reference, *documents)
    return caught.value.message


def test_a_revision_that_nobody_has_is_refused(repository):
    repository.write("a.json", bare("a"))
    repository.commit()
    told = "a.json is in a repository without revision no-such-branch"
    assert refused("no-such-branch", "a.json") == f"--since no-such-branch compares with nothing: {told}"


def test_outside_a_repository_a_revision_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "a.json").write_text(json.dumps(bare("a")))
    assert refused("HEAD", "a.json") == "--since HEAD compares with nothing: a.json is in no git repository"


def test_a_document_outside_the_repository_that_has_the_revision_is_new(repository, tmp_path_factory):
    repository.write("a.json", bare("a"))
    repository.commit()
    other = tmp_path_factory.mktemp("other") / "b.json"
    other.write_text(json.dumps(bare("b")))
    _, found = compared("HEAD", "a.json", str(other))
    assert (len(found.known) > 0, found.notes) == (True, (f"All of {other} is new: it is in no git repository.",))


def test_without_git_a_revision_is_refused(repository, monkeypatch):
    repository.write("a.json", bare("a"))
    repository.commit()
    monkeypatch.setenv("PATH", str(repository.folder))
    told = "a.json cannot be compared: git cannot be run (No such file or directory)"
    assert refused("HEAD", "a.json") == f"--since HEAD compares with nothing: {told}"


@pytest.mark.parametrize("old", ["{", "- a list", '{"asyncapi": "2.0.0"}', '{"openapi": "3.1.0", "info": {}, "paths": []}'])
def test_a_document_that_was_none_then_is_new(repository, old):
    repository.write("a.json", old)
    repository.write("b.json", bare("b"))
    repository.commit()
    repository.write("a.json", bare("a"))
    report, found = compared("HEAD", "a.json", "b.json")
    assert {f.operation: f.suppressed for f in report.findings if f.rule == "DEC001"} == {
        "GET /a": None,
        "GET /b": "since HEAD",
    }
    assert (len(found.notes), found.notes[0].startswith("All of a.json is new: in HEAD it cannot be ")) == (1, True)


def test_what_came_from_standard_input_is_new():
    source = load(json.dumps(bare("a")).encode(), "-")
    report, found = compared("HEAD", source)
    assert ([f.suppressed for f in report.findings], found.notes) == ([None], ("All of - is new: it is no file.",))


def test_a_hook_of_another_repository_does_not_matter(repository, monkeypatch):
    repository.write("a.json", bare("a"))
    repository.commit()
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    report, _ = compared("HEAD", "a.json")
    assert [f.suppressed for f in report.findings] == ["since HEAD"]


def test_a_link_is_compared_by_what_it_names(repository):
    repository.write("real.json", bare("a"))
    (repository.folder / "link.json").symlink_to("real.json")
    repository.commit()
    report, _ = compared("HEAD", "link.json")
    assert [f.suppressed for f in report.findings] == ["since HEAD"]


@pytest.mark.parametrize("reference", ["", "-x", "--output=x", "HEAD:a.json", "a\0b", "a\nb"])
def test_what_can_be_no_revision_is_refused(repository, reference):
    repository.write("a.json", bare("a"))
    with pytest.raises(ConfigError):
        compared(reference, "a.json")


# --- another file


def test_another_file_is_the_earlier_version_under_the_documents_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.json").write_text(json.dumps(bare("a")))
    (tmp_path / "api.json").write_text(json.dumps(bare("a", "new")))
    report, found = compared("old.json", "api.json")
    assert {f.operation: f.suppressed for f in report.findings} == {"GET /a": "since old.json", "GET /new": None}
    assert found.notes == ()


def test_the_files_beside_the_earlier_version_are_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder, error in (("old", {"type": "object", "required": ["code"]}), ("new", {"type": "object"})):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "api.json").write_text(json.dumps(bare(a=answer({"$ref": "errors.json#/E"}))))
        (tmp_path / folder / "errors.json").write_text(json.dumps({"E": error}))
    assert [f.suppressed for f in compared("old/api.json", "new/api.json")[0].findings] == [None]
    (tmp_path / "old/errors.json").unlink()
    assert [f.suppressed for f in compared("old/api.json", "new/api.json")[0].findings] == ["since old/api.json"]


def test_one_file_is_no_earlier_version_of_two_documents(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("old.json", "a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(bare("a")))
    with pytest.raises(ConfigError) as caught:
        compared("old.json", "a.json", "b.json")
    assert caught.value.message == "--since old.json is one file, 2 documents are judged"


def test_an_earlier_file_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.json").write_text("{")
    (tmp_path / "api.json").write_text(json.dumps(bare("a")))
    with pytest.raises(LoadError):
        compared("old.json", "api.json")
