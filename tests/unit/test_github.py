"""Annotations of GitHub Actions, the summary of a step, and what is printed there without being asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errlint.cli import ci
from errlint.cli.main import run
from errlint.model.finding import Excerpt, Finding, Location, Report, Severity, Site
from errlint.report import View
from errlint.report.paths import in_repository
from tests.written import written

DOCUMENT = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {"responses": {}}}}}'


def finding(number: int, severity: Severity = Severity.ERROR, **more: object) -> Finding:
    values = {
        "rule": "COD002",
        "name": "code-under-wrong-status",
        "severity": severity,
        "witness": "schema",
        "message": f"fault {number}",
        "location": Location("api/openapi.yaml", ("paths",), number, 5),
        "fingerprint": f"{number:016x}",
    }
    return Finding(**{**values, **more})


def of(*findings: Finding, **more: object) -> Report:
    return Report(command="lint", outcome="findings", findings=findings, **more)


def test_an_annotation_stands_at_what_is_meant_with_the_way_to_see_it_again():
    one = finding(
        3,
        message="100% wrong: a,b",
        help="Return it.",
        sites=tuple(Site(f"GET /{n}", Location("", ()), f"{n}") for n in range(5)),
        reproduce="curl 'http://127.0.0.1/x'",
        excerpt=Excerpt("    code: 1", 4, 8),
    )
    assert written("github", of(one), View(folder="services/a,b")) == (
        "::error file=services/a%2Cb/api/openapi.yaml,line=3,col=5,endColumn=9,title=COD002 code-under-wrong-status"
        "::100%25 wrong: a,b%0AGET /0, GET /1, GET /2 and 2 more%0Ahelp: Return it.%0Acurl 'http://127.0.0.1/x'\n"
    )


def test_ten_of_a_kind_are_annotated_and_the_others_counted():
    findings = [finding(n) for n in range(1, 13)] + [finding(n, Severity.WARNING) for n in range(20, 31)]
    hidden = [finding(n, Severity.ERROR, suppressed="known") for n in range(40, 60)] + [finding(70, Severity.NOTE)]
    lines = written("github", of(*findings, *hidden)).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["errlint:"]
    assert "title=COD002 code-under-wrong-status::fault 10" in lines[9]
    assert lines[-1] == "errlint: GitHub shows 10 annotations of a kind; 2 more errors, 1 more warning: see the job summary"
    assert written("github", of(finding(70, Severity.NOTE)), View(show=Severity.NOTE)).startswith("::notice file=")


def test_a_place_that_is_no_line_of_the_repository_is_told_in_words():
    one = finding(7, location=Location("https://api.example/openapi.json", ("paths",), 7, 5))
    told = "::error title=COD002 code-under-wrong-status::fault 7%0Aat https://api.example/openapi.json:7\n"
    assert written("github", of(one)) == told


def test_a_run_that_failed_is_an_annotation():
    place = Location("openapi.yaml", (), 3, 7)
    failed = Report(command="lint", outcome="invalid-input", reason="openapi.yaml:3:7: no YAML: 50%", place=place)
    told = "::error file=openapi.yaml,line=3,col=7,title=errlint lint::openapi.yaml:3:7: no YAML: 50%25\n"
    assert written("github", failed) == told
    assert written("github", Report(command="lint", outcome="clean")) == ""


def test_what_a_framework_adds_to_a_document_stands_at_the_handler_that_has_it():
    sites = tuple(Site(f"GET /{line}", Location("shop/main.py", ("paths",), line), str(line)) for line in (0, 6, 9))
    report = of(finding(1, location=Location("shop.main:app", ("components",)), sites=sites))
    assert written("github", report).startswith("::error file=shop/main.py,line=6,title=COD002 ")
    assert json.loads(written("gitlab", report))[0]["location"] == {"path": "shop/main.py", "lines": {"begin": 6}}
    assert json.loads(written("rdjson", report))["diagnostics"][0]["location"]["path"] == "shop/main.py"
    assert "`shop/main.py:6`" in written("markdown", report)


HERE = View(folder="services/x", here="/repository/services/x")
LINKED = View(folder="services/x", here="/repository/services/x", roots=("/link", "/repository"))
BESIDE = View(here="/tmp", roots=("/tmp/work/repository",))
WINDOWS = View(folder="services/x", here="D:\\a\\repository\\services\\x")


@pytest.mark.parametrize(
    ("uri", "view", "path"),
    [
        ("openapi.yaml", View(), "openapi.yaml"),
        ("./a/../openapi.yaml", HERE, "services/x/openapi.yaml"),
        ("../shared/errors.yaml", HERE, "services/shared/errors.yaml"),
        ("../../../else.yaml", HERE, ""),
        ("../../else.yaml", View(folder="services"), ""),
        ("..hidden/a.yaml", View(), "..hidden/a.yaml"),
        ("/repository/services/y/openapi.yaml", HERE, "services/y/openapi.yaml"),
        ("/else/openapi.yaml", HERE, ""),
        ("/link/services/y/openapi.yaml", LINKED, "services/y/openapi.yaml"),
        ("/linked/openapi.yaml", LINKED, ""),
        ("/tmp/work/repository/openapi.yaml", BESIDE, "openapi.yaml"),
        ("openapi.yaml", WINDOWS, "services/x/openapi.yaml"),
        ("..\\shared/errors.yaml", WINDOWS, "services/shared/errors.yaml"),
        ("D:\\a\\repository\\openapi.yaml", WINDOWS, "openapi.yaml"),
        ("C:/else/openapi.yaml", WINDOWS, ""),
        ("docs\\openapi.yaml", HERE, "services/x/docs\\openapi.yaml"),
        ("builtin:eventml", HERE, ""),
        ("shop.main:app", HERE, ""),
        ("shop:create_app()", HERE, ""),
        ("v1:openapi.yaml", View(), "v1:openapi.yaml"),
        ("https://a.example/x.json", View(), ""),
        ("-", View(), ""),
        ("", View(), ""),
    ],
)
def test_paths_are_told_from_the_root_of_the_repository(uri, view, path):
    assert in_repository(uri, view) == path


def test_the_folder_of_a_run_is_what_the_ci_says(tmp_path, monkeypatch):
    here = tmp_path / "repository/services/orders"
    here.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "repository")
    monkeypatch.chdir(here)
    assert ci.folder({}) == ""
    assert ci.folder({"GITHUB_WORKSPACE": str(tmp_path / "link")}) == "services/orders"
    assert ci.folder({"CI_PROJECT_DIR": str(tmp_path / "repository/")}) == "services/orders"
    assert ci.folder({"GITHUB_WORKSPACE": str(here)}) == ""
    assert ci.folder({"GITHUB_WORKSPACE": str(tmp_path / "repo"), "CI_PROJECT_DIR": ""}) == ""
    assert ci.folder({"WORKSPACE": str(tmp_path / "repository")}) == ""
    assert ci.folder({"JENKINS_URL": "https://ci.example/", "WORKSPACE": str(tmp_path / "repository")}) == "services/orders"


def test_a_repository_behind_a_link_goes_by_both_names(tmp_path, monkeypatch):
    (tmp_path / "repository/services").mkdir(parents=True)
    link, real = tmp_path / "link", tmp_path / "repository"
    link.symlink_to(real)
    monkeypatch.chdir(real / "services")
    assert ci.roots({"GITHUB_WORKSPACE": str(link), "PWD": str(link / "services")}) == (str(real), str(link))
    assert ci.roots({"PWD": str(link / "services")}) == (str(real / "services"), str(link / "services"))
    assert ci.roots({"GITHUB_WORKSPACE": str(tmp_path / "none"), "PWD": str(tmp_path)}) == ()


@pytest.fixture
def actions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A step of a workflow in a folder below the repository's root."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api/openapi.json").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path / "api")
    for name, value in {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path


def test_a_step_gets_annotations_and_a_summary_without_asking(actions, capsys):
    assert run(["lint", "openapi.json"]) == 0
    shown = capsys.readouterr()
    first, *_, last = shown.out.splitlines()
    assert first.startswith("warning DEC001 no-error-response: ")
    assert (last.startswith("::warning file=api/openapi.json,line=1,col="), shown.err) == (True, "")
    assert (actions / "summary.md").read_text().startswith("### errlint lint: 1 warning\n\nExit 0 (clean). openapi.json ")


def test_who_names_a_format_gets_that_and_the_summary(actions, capsys, monkeypatch):
    (actions / "summary.md").write_text("# Before\n")
    assert run(["lint", "openapi.json", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["warning"] == 1
    assert (actions / "summary.md").read_text().startswith("# Before\n### errlint lint: 1 warning\n")
    Path("errlint.toml").write_text('format = ["text"]\n')
    assert run(["lint", "openapi.json"]) == 0
    assert "::" not in capsys.readouterr().out
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    Path("errlint.toml").unlink()
    assert run(["lint", "openapi.json"]) == 0
    assert "::" not in capsys.readouterr().out


def test_a_failed_run_is_seen_in_the_step(actions, capsys):
    assert run(["lint", "none.json"]) == 2
    assert (
        capsys.readouterr().out
        == "::error file=api/none.json,title=errlint lint::none.json: cannot be read: No such file or directory\n"
    )
    told = "### errlint lint: Nothing was judged\n\nExit 2 (the input cannot be read).\n\n**none.json: cannot be read: "
    assert (actions / "summary.md").read_text().startswith(told)


def test_a_summary_that_cannot_be_written_fails_no_run(actions, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(actions))
    assert run(["lint", "openapi.json", "-q"]) == 0
    assert capsys.readouterr().err == f"errlint: no summary: cannot write {actions}: Is a directory\n"
    full = actions / "full.md"
    full.write_bytes(b"x" * ci.LARGEST)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(full))
    assert run(["lint", "openapi.json", "-q"]) == 0
    assert capsys.readouterr().err == f"errlint: no summary: {full} is full: GitHub takes 1024 KiB of a step\n"
    assert full.stat().st_size == ci.LARGEST


def test_text_and_annotations_share_standard_output(actions, capsys):
    assert run(["lint", "openapi.json", "-f", "github", "-f", "text"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("::warning file=api/openapi.json,line=1,")
