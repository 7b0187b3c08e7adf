"""What stops a run, or its report, is exit 2 and one line; no half-written report is left, and no older one is lost."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from errlint.cli.main import run
from errlint.report import FORMATS
from tests.unit.test_hostile_reports import CHECKS

DOCUMENT = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {"responses": {}}}}}'
ALL = [word for name in FORMATS for word in ("-f", f"{name}:out.{name}")]
REPORTS = sorted(f"out.{name}" for name in FORMATS)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document that has an error: no operation declares one."""
    (tmp_path / "openapi.json").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def older() -> None:
    for name in REPORTS:
        Path(name).write_text("an older report\n")


def reports() -> dict[str, str]:
    return {name: Path(name).read_text() for name in sorted(os.listdir(".")) if name.startswith(("out.", ".errlint"))}


def process(code: str, *arguments: str, **more: object) -> subprocess.Popen[str]:
    """errlint in a process of its own, after some code."""
    script = f"import sys, os, signal\n{code}\nsys.argv[1:] = {list(arguments)!r}\nfrom errlint.__main__ import main\nmain()"
    own = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **more}
    return subprocess.Popen([sys.executable, "-B", "-c", script], **own)


STOPPED = {
    "broken config": (["lint", "openapi.json"], "errlint.toml", "[rules\n", "errlint.toml:1:"),
    "unknown key": (["lint", "openapi.json"], "errlint.toml", "selekt = []\n", "errlint.toml:1:1: "),
    "missing catalog": (["lint", "openapi.json", "--catalog", "none.yaml"], "x", "", "none.yaml: "),
    "broken catalog": (["catalog", "check", "errors.yaml"], "errors.yaml", "errlint: [\n", "errors.yaml:2:1: "),
    "missing document": (["lint", "none.json"], "x", "", "none.json: "),
    "unreachable": (["probe", "openapi.json", "--url", "http://127.0.0.1:9", "-q"], "x", "", ""),
}


@pytest.mark.parametrize("name", STOPPED)
def test_what_stops_a_run_is_one_line_and_a_report_in_every_format(name, capsys):
    arguments, file, text, place = STOPPED[name]
    Path(file).write_text(text)
    older()
    assert run([*arguments, *ALL]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n"), shown.err.startswith(f"errlint: {place}")) == ("", 1, True), shown.err
    reason = shown.err.removeprefix("errlint: ").strip()
    assert json.loads(Path("out.json").read_text())["summary"]["reason"] == reason
    told = reports()
    assert sorted(told) == REPORTS
    for format_ in FORMATS:
        assert "an older report" not in told[f"out.{format_}"]
        if format_ != "json":  # its reason is asked above
            CHECKS[format_](told[f"out.{format_}"], "")


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_that_cannot_be_written_is_said_before_the_work_begins(name, capsys):
    Path("held").mkdir()
    Path("round").symlink_to("round")
    others = [word for other in ("json", "text") for word in ("-f", f"{other}:out.{other}")]
    reasons = {
        "none/x": "the folder none does not exist",
        "held": "it is a directory",
        "round": "it is a link that leads nowhere",
    }
    for target, why in reasons.items():
        assert run(["lint", "openapi.json", "-f", f"{name}:{target}", *others]) == 2
        told = f"cannot write {target}: {why}"
        assert capsys.readouterr().err == f"errlint: {told}\n"
        assert json.loads(Path("out.json").read_text())["summary"]["reason"] == told
        assert Path("out.text").read_text() == f"{told}\nNothing was judged · exit 2 (the input cannot be read)\n"
    assert sorted(os.listdir(".")) == ["held", "openapi.json", "out.json", "out.text", "round"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_device_keeps_no_other_report_from_its_file(name, capsys):
    other = "json" if name != "json" else "junit"
    assert run(["lint", "openapi.json", "-f", f"{name}:/dev/full", "-f", f"{other}:out.{other}"]) == 2
    assert capsys.readouterr().err == "errlint: cannot write /dev/full: No space left on device\n"
    assert "DEC001" in reports()[f"out.{other}"]


def test_a_full_disk_leaves_the_older_reports(folder):
    older()
    done = process("", "lint", "openapi.json", *ALL, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)))
    out, err = done.communicate(timeout=60)
    told = "; ".join(f"cannot write out.{name}: File too large" for name in FORMATS)
    assert (done.returncode, out, err) == (2, "", f"errlint: {told}; what stands there is older\n")
    assert reports() == dict.fromkeys(REPORTS, "an older report\n")


def test_a_full_disk_leaves_no_half_summary(folder):
    Path("summary.md").write_text("# Before\n")
    done = process(
        "resource = __import__('resource'); resource.setrlimit(resource.RLIMIT_FSIZE, (60, 60))",
        *("lint", "openapi.json", "-q"),
        env={**os.environ, "GITHUB_STEP_SUMMARY": "summary.md"},
    )
    _, err = done.communicate(timeout=60)
    assert (done.returncode, err) == (0, "errlint: no summary: cannot write summary.md: File too large\n")
    assert Path("summary.md").read_text() == "# Before\n"


def test_a_full_standard_output_is_exit_2_after_the_files():
    with open("/dev/full", "w") as full:
        done = process("", "lint", "openapi.json", "-f", "text", "-f", "github", "-f", "json:out.json", stdout=full)
        _, err = done.communicate(timeout=60)
    assert (done.returncode, err) == (2, "errlint: cannot write to standard output: No space left on device\n")
    assert "DEC001" in reports()["out.json"]


def test_a_closed_standard_output_is_exit_2(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert run(["lint", "openapi.json"]) == 2
    assert capsys.readouterr().err == "errlint: there is no standard output; write to a file: -f json:FILE\n"


def test_a_closed_standard_error_changes_no_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", None)
    assert run(["lint", "none.json"]) == 2
    assert run(["lint", "openapi.json", "--baseline-update", "--baseline", "b.json", "-f", "json:out.json"]) == 0


WAITING = "os.replace = lambda *names: (print('ready', flush=True), signal.pause())"


@pytest.mark.parametrize("there", [True, False], ids=["an older report", "no report"])
def test_a_killed_run_leaves_no_half_report_under_its_name(there):
    if there:
        Path("out.json").write_text("an older report\n")
    with process(WAITING, "lint", "openapi.json", "-f", "json:out.json") as done:
        assert done.stdout is not None
        assert done.stdout.readline() == "ready\n"
        done.kill()
    found = {name: text for name, text in reports().items() if name.startswith("out.")}
    assert (done.returncode, found) == (-signal.SIGKILL, {"out.json": "an older report\n"} if there else {})


JUDGING = "import errlint.api as api; api.lint_all = lambda *a, **k: (print('ready', flush=True), signal.pause())"


@pytest.mark.parametrize(("signal_", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_asked_to_end_says_so_in_its_reports(signal_, code):
    restored = "signal.signal(signal.SIGINT, signal.default_int_handler)"  # where tests run behind a &, nobody heeds it
    with process(f"{restored}\n{JUDGING}", "lint", "openapi.json", "-f", "json:out.json", "-f", "junit:out.junit") as done:
        assert done.stdout is not None
        assert done.stderr is not None
        assert done.stdout.readline() == "ready\n"
        done.send_signal(signal_)
        err = done.stderr.read()
    assert (done.returncode, err) == (code, "errlint: interrupted\n")
    assert json.loads(Path("out.json").read_text())["summary"]["outcome"] == "interrupted"
    assert 'type="interrupted"' in Path("out.junit").read_text()


def test_a_run_that_is_asked_to_end_while_it_writes_leaves_nothing_behind():
    with process(WAITING, "lint", "openapi.json", "-f", "json:out.json") as done:
        assert done.stdout is not None
        assert done.stdout.readline() == "ready\n"
        done.send_signal(signal.SIGTERM)
    assert (done.returncode, sorted(os.listdir("."))) == (143, ["openapi.json"])
