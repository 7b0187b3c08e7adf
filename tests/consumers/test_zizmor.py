"""Needs: zizmor (PyPI). It audits the action, the workflows, and those that .github/CI.md gives to others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.ci_page import ROOT, recipe

ZIZMOR = Path(sys.executable).with_name("zizmor")

AT_A_TAG = {"rules": {"unpinned-uses": {"config": {"policies": {"errlint/errlint": "ref-pin", "*": "hash-pin"}}}}}
"""The page names a release of this action: nobody knows a commit before it is there."""


def findings(*arguments: str) -> list[tuple[str, str]]:
    """What zizmor finds, as (rule, severity)."""
    done = subprocess.run([ZIZMOR, "--offline", "--format=json", *arguments], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return [(one["ident"], one["determinations"]["severity"]) for one in json.loads(done.stdout)]


def test_nothing_is_found_in_the_action_by_an_auditor() -> None:
    assert findings("--persona=auditor", str(ROOT / "action.yml")) == []


def test_nothing_is_found_in_the_repository_and_all_of_it_is_read() -> None:
    assert findings(str(ROOT)) == []

    read = subprocess.run([ZIZMOR, "--offline", str(ROOT)], capture_output=True, text=True, check=False).stderr
    workflows = [path.name for path in (ROOT / ".github/workflows").glob("*.yml")]
    for name in (*workflows, "dependabot.yml", "action.yml", ".pre-commit-hooks.yaml"):
        assert name in read, f"zizmor did not look at {name}"


def test_nothing_is_found_in_the_workflows_that_others_copy(tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for name in ("errlint.yml", "errlint-nightly.yml"):
        (folder / name).write_text(recipe(f"file: .github/workflows/{name}"), encoding="utf-8")
    config = tmp_path / "zizmor.yml"
    config.write_text(json.dumps(AT_A_TAG), encoding="utf-8")

    assert findings("--persona=pedantic", f"--config={config}", str(tmp_path)) == []


def test_a_pasted_value_would_be_found(tmp_path: Path) -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    (tmp_path / "action.yml").write_text(text.replace("main.py\" run'", "main.py\" run ${{ inputs.args }}'"), encoding="utf-8")

    assert findings(str(tmp_path / "action.yml")) == [("template-injection", "High")]
