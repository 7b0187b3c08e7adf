"""The GitHub Action, run as the runner runs it."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.runner import ROOT, Runner, commands

DOCUMENT = """\
openapi: 3.1.0
info: {title: shop, version: "1"}
paths:
  /orders:
    get:
      responses:
        "200": {description: d}
        "404":
          description: d
          content:
            application/json:
              example: {error: {code: ORDER_GONE, message: m}}
"""
CATALOG = """\
errlint: 1
service: {name: shop}
envelopes:
  shop: {code: {pointer: /error/code, type: string}, message: {pointer: /error/message, type: string}}
errors:
  - {code: ORDER_UNKNOWN, status: 404, message: m}
"""
FOUND = {"exit-code": "1", "errors": "1", "warnings": "1"}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A job in a repository with a document, whose errlint is this one."""
    workspace, temp = tmp_path / "w", tmp_path / "t"
    workspace.mkdir()
    (workspace / "openapi.yaml").write_text(DOCUMENT)
    (workspace / "errors.yaml").write_text(CATALOG)
    installed(temp)
    return Runner(workspace, temp)


def installed(temp: Path, wanted: str = str(ROOT)) -> None:
    """Has the action find its errlint installed already: the one of this environment."""
    python = temp / "errlint/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (temp / "errlint/installed.txt").write_text(f"{wanted}\n{sys.executable}\n")


def told(outputs: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in outputs.items() if not name.endswith("-file")}


def test_findings_fail_the_step_and_are_told_to_later_ones_in_every_form(runner: Runner) -> None:
    given = {"catalogs": "errors.yaml", "upload-sarif": "true", "category": "shop"}
    *_, errlint, upload, action = runner.action(ROOT, given)
    reports = {name: Path(path) for name, path in action.outputs.items() if name.endswith("-file")}

    assert (action.code, told(action.outputs)) == (1, FOUND)
    assert "error COD001 undocumented-code" in errlint.log
    assert [line.split("title=")[0] for line in commands(errlint.log) if line.startswith("::error")] == [
        "::error file=openapi.yaml,line=12,col=33,endColumn=49,"
    ]
    assert errlint.summary.count("COD001") == reports["markdown-file"].read_text().count("COD001") > 0
    assert json.loads(reports["sarif-file"].read_text())["version"] == "2.1.0"
    assert json.loads(reports["json-file"].read_text())["summary"]["error"] == 1
    assert {path.parent.parent for path in reports.values()} == {runner.temp.resolve()}
    assert sorted(os.listdir(runner.workspace)) == ["errors.yaml", "openapi.yaml"]
    assert upload.uses == "github/codeql-action/upload-sarif"
    assert upload.given == {"sarif_file": action.outputs["sarif-file"]}
    (sent,) = json.loads(reports["sarif-file"].read_text())["runs"]
    assert sent["automationDetails"] == {"id": "shop/"}


def test_inputs_become_options(runner: Runner) -> None:
    given = {"catalogs": "\n errors.yaml \n\n", "args": "--ignore=COD001\n--severity=DEC001=error", "fail-on": "never"}
    *steps, action = runner.action(ROOT, given)

    assert (action.code, told(action.outputs)) == (0, {"exit-code": "0", "errors": "0", "warnings": "1"})
    assert [step.uses for step in steps if step.uses] == ["actions/setup-python"]


def test_the_project_s_own_workflow_tries_it(tmp_path: Path) -> None:
    installed(tmp_path)
    runner = Runner(ROOT, tmp_path)
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")

    assert (runner.job(workflow, "action")[-1].code, runner.failed) == (0, False)


HOSTILE = (
    '"; touch pwned; "',
    "$(touch pwned)",
    "`touch pwned`",
    "x\ntouch pwned",
    "--config=/etc/passwd",
    "'; touch pwned #",
    "x\n::error::pwned",
)


def test_no_input_is_ever_run(runner: Runner) -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    text = "\n".join(HOSTILE)
    every = {name: text for name in inputs if name != "version"}
    option = {"documents": "--fail-on=never"}
    for given in ({"version": text}, every, {**every, "command": "lint"}, {"documents": text}, {"catalogs": text}, option):
        done = runner.action(ROOT, given)[-1]
        assert (done.code, given) == (2, given), done.log
        assert [line for line in commands(done.log) if not re.match(r"::error (file=[^:]*,)?title=errlint", line)] == []
    assert sorted(os.listdir(runner.workspace)) == ["errors.yaml", "openapi.yaml"]


def test_what_stands_in_the_checkout_is_not_imported(runner: Runner) -> None:
    for name in ("json.py", "errlint.py", "sitecustomize.py"):
        (runner.workspace / name).write_text("raise SystemExit('pwned')")
    runner.environment["PYTHONPATH"] = str(runner.workspace)

    assert told(runner.action(ROOT, {"catalogs": "errors.yaml"})[-1].outputs) == FOUND


def test_what_a_document_says_is_no_command_to_the_runner(runner: Runner) -> None:
    said = "x\\r\\n::error::pwned\\n##[error]pwned\\n::set-output name=a::b"
    hostile = DOCUMENT.replace("ORDER_GONE", f'"{said}"').replace("/orders:", f'"/{said}":')
    (runner.workspace / "openapi.yaml").write_text(hostile)
    done = runner.action(ROOT, {"catalogs": "errors.yaml"})[-1]

    assert done.code == 1
    assert [line for line in commands(done.log) if not re.match(r"::(error|warning|notice) (file|title)=", line)] == []


def main() -> Any:
    """The script of the action as a module."""
    spec = importlib.util.spec_from_file_location("errlint_action", ROOT / ".github/action/main.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_version_is_a_release_the_newest_one_or_the_action_s_own() -> None:
    module = main()
    refused = [
        "1",
        "1.2",
        "v1.2.3",
        "1.2.3 ",
        "1.2.3\n",
        "١.٢.٣",
        "git+https://example.org/x",
        "1.2.3; touch pwned",
        "--pre",
        ".",
        "Latest",
    ]

    assert [module.requirement(version) for version in ("", "latest", "0.12.3")] == [str(ROOT), "errlint", "errlint==0.12.3"]
    for version in refused:
        with pytest.raises(module.InputError):
            module.requirement(version)


def test_no_value_of_an_output_can_write_another_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.runner import _outputs

    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    values = {"a": "1\nend\nb=2", "b": "c<<end-0\nx\nend-0", "c": ""}
    main()._tell(values)

    assert _outputs((tmp_path / "outputs").read_text()) == values


def test_all_actions_are_pinned_the_same_everywhere() -> None:
    files = [ROOT / "action.yml", *sorted((ROOT / ".github").rglob("*.yml")), ROOT / ".github/CI.md"]
    used = {
        line for file in files if file.is_file() for line in re.findall(r"uses: (\S+@\S.*)", file.read_text(encoding="utf-8"))
    }
    pins: dict[str, set[str]] = {}
    for line in used - {one for one in used if one.startswith("errlint/errlint@")}:
        name, pin = line.split("@", 1)
        assert re.fullmatch(r"[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", pin), line
        pins.setdefault(name, set()).add(pin)

    assert {name: len(found) for name, found in pins.items()} == dict.fromkeys(pins, 1)
