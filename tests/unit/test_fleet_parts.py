"""Many documents are judged in parts: by one process or several, anew or from what is kept, the report is the same bytes."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import pytest

from errlint.api.cache import Cache
from errlint.api.linting import Task
from errlint.api.parts import Asked, Done, Part
from errlint.cli.main import run
from errlint.cli.many import own_folder
from errlint.model.finding import Excerpt, Finding, Location, Severity
from errlint.report import FORMATS
from tests.unit.fleet_maker import document, fleet, write

NUMBER = 17
"""The least number of documents that are not kept in memory."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.setenv("ERRLINT_CACHE_DIR", ".kept")
    fleet(tmp_path, NUMBER)
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # nobody writes them while a run lasts
    return tmp_path


def signed(text: bytes) -> bytes:
    """An entry that holds another thing than it should, with the right sum."""
    return sha256(text).hexdigest()[:40].encode() + b"\n" + text


HONEST = signed(b'{"date":"","files":[],"done":[1,["builtins.exec","x"]]}')


def touch(path: str, text: str) -> None:
    """Writes a file as if it had been written before the run."""
    Path(path).write_text(text, encoding="utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run(["lint", ".", *arguments])
    return code, *capsys.readouterr()


def test_every_report_is_the_same_from_one_process_from_two_and_from_what_is_kept(capsys):
    def reports(*arguments: str) -> list[bytes]:
        formats = [word for name in FORMATS for word in ("-f", f"{name}:out.{name}")]
        assert shown(capsys, *formats, "--show", "all", *arguments) == (1, "", "")
        return [Path(f"out.{name}").read_bytes() for name in FORMATS]

    alone = reports("--no-cache", "--jobs", "1")
    assert not Path(".kept").exists()
    assert reports("--no-cache", "--jobs", "2") == alone
    assert reports() == alone
    assert reports() == alone, "the reports as they were"
    for entry in Path(".kept/lint").iterdir():
        if '"done":[1,"' in entry.read_text():
            entry.unlink()
    assert reports() == alone, "the parts as they were"
    assert sorted(os.listdir(".kept")) == [".gitignore", "CACHEDIR.TAG", "lint"]


def test_what_changes_is_judged_again_whatever_file_it_is_in(capsys):
    def same() -> str:
        kept = shown(capsys)
        assert kept == shown(capsys, "--no-cache") == shown(capsys)
        return kept[1]

    before = same()
    touch("service-000/openapi.json", json.dumps(document("New", "S000_1")))
    after = same()
    touch("service-001/errors.json", Path("service-001/errors.json").read_text().replace("S001_2", "S001_9"))
    later = same()
    touch("service-002/errlint.toml", Path("service-002/errlint.toml").read_text() + "\n[rules]\nCOD001 = 'off'\n")
    last = same()
    assert len({before, after, later, last}) == 4


def test_a_file_that_was_not_there_is_looked_for_again(capsys):
    reference = {"$ref": "shared.json"}
    held = document("New", "S000_1")
    held["paths"]["/things"]["get"]["responses"]["404"]["content"]["application/json"]["schema"] = reference
    touch("service-000/openapi.json", json.dumps(held))
    assert "no such file: shared.json" in shown(capsys)[1]
    schema = document("", "S000_1", "S000_2")["paths"]["/things"]["get"]["responses"]["404"]["content"]["application/json"]
    touch("service-000/shared.json", json.dumps(schema["schema"]))

    assert shown(capsys) == shown(capsys, "--no-cache")


def test_a_schema_file_and_a_packaged_catalog_are_files_that_are_read(folder, capsys, monkeypatch):
    held = Path("service-003/errors.json").read_text()
    schema = {"type": "object", "x-errlint-role": "code"}
    touch("service-003/shape.json", json.dumps(schema))
    touch("service-003/errors.json", held.replace('"plain": {', '"plain": {"schema_file": "shape.json", '))
    touch("service-004/errlint.toml", 'catalog = "pkg:acme_kept/all.json"\n[[document]]\npath = "openapi.json"\n')
    package = folder / "installed" / "acme_kept"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    touch(str(package / "all.json"), Path("service-004/errors.json").read_text())
    monkeypatch.syspath_prepend(str(folder / "installed"))

    before = shown(capsys)
    assert before == shown(capsys, "--no-cache")
    touch(str(package / "all.json"), Path("service-004/errors.json").read_text().replace("S004_1", "S004_9"))
    after = shown(capsys)
    assert after == shown(capsys, "--no-cache") != before
    os.unlink("service-003/shape.json")
    assert shown(capsys) == shown(capsys, "--no-cache") != after


def test_a_link_that_leads_elsewhere_is_followed_again(folder, capsys):
    def same() -> tuple[int, str, str]:
        kept = shown(capsys, "--show", "all")
        assert kept == shown(capsys, "--show", "all", "--no-cache") == shown(capsys, "--show", "all")
        return kept

    def linked(name: str, target: str) -> None:
        if os.path.lexists(name):
            os.unlink(name)
        os.symlink(target, name)

    os.rename("service-000/openapi.json", "service-000/one.txt")
    touch("service-000/two.txt", json.dumps(document("New", "S000_1")))
    held = document("New", "S001_1")
    held["paths"]["/things"]["get"]["responses"]["404"] = {"$ref": "shared.json"}
    touch("service-001/openapi.json", json.dumps(held))
    touch("service-001/there.txt", '{"description": "there"}')
    touch("outside.txt", '{"description": "outside"}')
    linked("service-000/openapi.json", "one.txt")
    linked("service-001/shared.json", "nowhere.txt")
    states = [same()]
    linked("service-000/openapi.json", "two.txt")
    states.append(same())
    for target in ("../outside.txt", "there.txt", "nowhere.txt"):
        linked("service-001/shared.json", target)
        states.append(same())
    assert len(set(states)) == 4, "at last it is as it was before"


def test_no_device_that_a_link_leads_to_is_read(capsys):
    held = document("New", "S001_1")
    held["paths"]["/things"]["get"]["responses"]["404"] = {"$ref": "shared.json"}
    touch("service-001/openapi.json", json.dumps(held))
    os.symlink("/dev/zero", "service-001/shared.json")
    os.unlink("service-002/openapi.json")
    os.symlink("/dev/zero", "service-002/openapi.json")

    assert shown(capsys, "service-002/openapi.json") == shown(capsys, "service-002/openapi.json", "--no-cache")


def test_what_lies_in_a_folder_is_looked_at_again(capsys):
    ignore = '[[ignores]]\nrule = "COD001"\npath = "/nowhere"\nreason = "none"\n'
    touch("service-005/errlint.toml", f'catalog = "errors.json"\n{ignore}')
    alone = ("service-005/openapi.json", *(f"service-{index:03}/openapi.json" for index in range(NUMBER) if index != 5))

    def lint(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        return run(["lint", *alone, "--show", "all", *arguments]), *capsys.readouterr()

    before = lint()
    assert before == lint("--no-cache")
    touch("service-005/other.json", json.dumps(document("Beside", "S005_1")))
    assert lint() == lint("--no-cache") != before


def test_a_folder_that_was_moved_with_what_was_kept_is_judged_for_what_it_holds_now(folder, capsys, monkeypatch):
    kept = ("--cache-dir", ".kept")
    shown(capsys, *kept)
    moved = folder.parent / f"{folder.name}-moved"
    folder.rename(moved)
    monkeypatch.chdir(moved)
    before = shown(capsys, *kept)
    touch("service-000/openapi.json", json.dumps(document("New", "S000_1")))

    assert shown(capsys, *kept) == shown(capsys, "--no-cache") != before


def test_a_repository_brings_no_findings_along(folder, capsys, monkeypatch):
    monkeypatch.delenv("ERRLINT_CACHE_DIR")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent / "own"))
    before = sorted(folder.rglob("*"))

    shown(capsys)

    assert sorted(folder.rglob("*")) == before
    assert sorted(os.listdir(folder.parent / "own" / "errlint")) == [".gitignore", "CACHEDIR.TAG", "lint"]


OWN = [
    ("linux", {"XDG_CACHE_HOME": "/c"}, "/c/errlint"),
    ("linux", {"XDG_CACHE_HOME": "c", "HOME": "/h"}, "/h/.cache/errlint"),
    ("darwin", {"HOME": "/h"}, "/h/Library/Caches/errlint"),
    ("win32", {"LOCALAPPDATA": ""}, ""),
]


@pytest.mark.parametrize(("platform", "environment", "path"), OWN)
def test_what_is_kept_lies_among_the_users_caches(platform, environment, path, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("sys.platform", platform)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert own_folder() == path


@pytest.mark.parametrize("text", [b"\x00\xff" * 99, HONEST])
def test_an_entry_that_is_none_is_judged_again(text, capsys):
    before = shown(capsys)
    for entry in Path(".kept/lint").iterdir():
        entry.write_bytes(text)

    assert shown(capsys) == before


def test_a_cache_that_cannot_be_written_keeps_nothing_and_says_nothing(capsys):
    Path("taken").write_text("a file")

    assert shown(capsys, "--cache-dir", "taken") == shown(capsys, "--no-cache")
    assert Path("taken").read_text() == "a file"


def test_few_documents_keep_nothing(capsys):
    run(["lint", "service-001"])

    assert not Path(".kept").exists()


def test_a_document_that_cannot_be_read_is_one_line_and_the_others_are_judged_whoever_reads_it(capsys):
    before = shown(capsys, "--no-cache", "-f", "json")
    touch("service-009/openapi.json", '{"openapi": "3.1.0", "paths": [}')

    code, out, said = shown(capsys, "--no-cache", "-f", "json")
    assert (code, said) == (2, "errlint: service-009/openapi.json:1:32: not valid JSON: Expecting value\n")
    others = [one for one in json.loads(before[1])["findings"] if "service-009" not in one["location"]["uri"]]
    assert json.loads(out)["findings"] == others
    alone = shown(capsys, "--no-cache", "--jobs", "1")
    assert "\nNot judged: service-009/openapi.json:1:32: not valid JSON: Expecting value\n" in alone[1]
    assert shown(capsys, "--jobs", "2") == alone
    assert shown(capsys) == alone


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "1.5", "9999999999999"])
def test_a_number_of_processes_that_is_none_is_refused(jobs, capsys):
    code, _, said = shown(capsys, f"--jobs={jobs}")

    assert (code, said) == (2, f"errlint: --jobs '{jobs}' is no number of processes; 1 is this one alone\n")


def test_an_ignore_with_an_end_is_kept_for_its_day_only(folder):
    part: Part = (Task(("service-000/openapi.json",)),)
    finding = Finding("COD001", "n", Severity.NOTE, "schema", "m", Location("a", ("b",), 1, 2), "f", excerpt=Excerpt("x", 0, 1))
    done = Done(findings=(finding,), files=((str(folder / "service-000" / "openapi.json"), True),), dated=True)
    Cache("kept").put(part, Asked({}, "2026-01-01"), done)

    found = Cache("kept").get(part, Asked({}, "2026-01-01"))
    assert found == done
    assert found is not None
    assert found.findings[0].excerpt == finding.excerpt
    assert Cache("kept").get(part, Asked({}, "2026-01-02")) is None


def test_a_file_that_is_written_while_the_run_lasts_is_not_kept(folder):
    part: Part = (Task(("service-000/openapi.json",)),)
    kept = Cache("kept")
    path = write(folder / "service-000" / "openapi.json", document("New", "S000_1"))
    os.utime(path, ns=(kept.started + 1, kept.started + 1))

    kept.put(part, Asked({}), Done(files=((str(path), True),)))

    assert Cache("kept").get(part, Asked({})) is None


def test_a_process_that_was_killed_is_told_in_one_line_and_in_each_report(capsys, monkeypatch):
    monkeypatch.setattr("errlint.api.spreading._context", lambda: get_context("fork"))  # which inherits the next line
    monkeypatch.setattr("errlint.api.spreading.judged", lambda part, asked: os._exit(1))

    code, out, said = shown(capsys, "--no-cache", "--jobs", "2", "-f", "json")

    told = "a process that judged documents was killed; 2 judged at once, each with some 100 MB and its documents: "
    assert (code, said) == (2, f"errlint: {told}--jobs 1 needs the least memory\n")
    assert json.loads(out)["summary"]["outcome"] == "inconclusive"


@pytest.mark.parametrize("before", [None, ""])
def test_a_process_of_its_own_imports_nothing_from_the_working_directory(before, capsys, monkeypatch):
    """What Windows, macOS and later Pythons start is a new interpreter, which looks there before it is told not to."""
    held = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, number: int, *more: object, **options: object) -> None:
            super().__init__(number)
            held.append(os.environ["PYTHONSAFEPATH"])

        def submit(self, *work: object, **options: object) -> object:
            held.append(os.environ["PYTHONSAFEPATH"])
            return super().submit(*work, **options)

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    if before is not None:
        monkeypatch.setenv("PYTHONSAFEPATH", before)
    assert shown(capsys, "--no-cache", "--jobs", "2")[0] in (0, 1)
    assert (set(held), os.environ.get("PYTHONSAFEPATH")) == ({"1"}, before)
    assert len(held) > 1


def test_many_documents_are_mended_as_few_are(capsys):
    for number in range(NUMBER):
        document = {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"4xx": {"description": "d"}}}}},
        }
        write(Path(f"many/{number}/openapi.json"), json.dumps(document))
    code, out, _ = shown(capsys, "--isolated", "--select", "DEC005", "-f", "rdjson")
    diagnostics = json.loads(out)["diagnostics"]
    assert (code, [len(one["suggestions"]) for one in diagnostics]) == (1, [1] * NUMBER)
    assert shown(capsys, "--isolated", "--select", "DEC005", "--fix")[::2] == (0, f"{NUMBER} faults fixed in {NUMBER} files.\n")
