"""Needs: check-jsonschema and kubernetes-validate (PyPI): the recipes are what the schemas of their platforms take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci_page import ROOT, recipe

TOOLS = Path(sys.executable).parent


def checked(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("schema", "mark"),
    [
        ("vendor.github-workflows", "file: .github/workflows/errlint.yml"),
        ("vendor.github-workflows", "file: .github/workflows/errlint-nightly.yml"),
        ("vendor.gitlab-ci", "file: .gitlab-ci.yml"),
    ],
)
def test_a_recipe_is_what_its_platform_takes(schema: str, mark: str, tmp_path: Path) -> None:
    file = tmp_path / "recipe.yml"
    file.write_text(recipe(mark), encoding="utf-8")
    code, told = checked(str(TOOLS / "check-jsonschema"), "--builtin-schema", schema, str(file))

    assert code == 0, told


def test_the_action_is_what_github_takes() -> None:
    code, told = checked(str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.github-actions", str(ROOT / "action.yml"))

    assert code == 0, told


def test_the_manifest_is_what_kubernetes_takes(tmp_path: Path) -> None:
    file = tmp_path / "errlint-cronjob.yaml"
    text = recipe("file: errlint-cronjob.yaml")
    file.write_text(text, encoding="utf-8")
    code, told = checked(str(TOOLS / "kubernetes-validate"), "--strict", str(file))
    file.write_text(text.replace("backoffLimit:", "backOffLimit:"), encoding="utf-8")

    assert code == 0, told
    assert checked(str(TOOLS / "kubernetes-validate"), "--strict", str(file))[0] != 0
