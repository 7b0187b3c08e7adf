"""Needs: uv, pipx, build (PyPI) and PyPI. errlint is installed as .github/CI.md says, from a wheel of this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errlint import __version__
from tests.ci_page import ROOT, recipe, write
from tests.runner import Runner

TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel, which stands for the release on PyPI."""
    folder = tmp_path_factory.mktemp("wheels")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def bash(text: str, folder: Path, **environment: str) -> tuple[int, str]:
    own = {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder / "home"), **environment}
    done = subprocess.run(
        ["bash", "-euc", text], cwd=folder, env={**os.environ, **own},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_uvx_runs_it(folder: Path, wheels: Path) -> None:
    code, told = bash(recipe("commands: uvx"), folder, UV_FIND_LINKS=str(wheels), UV_PYTHON=sys.executable)

    assert (code, "error COD001 undocumented-code: code ORDER_GONE" in told) == (1, True), told


def test_pipx_runs_and_installs_it(folder: Path, wheels: Path) -> None:
    once, installed = recipe("commands: pipx").splitlines()
    own = {"PIP_FIND_LINKS": str(wheels), "PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "bin")}
    own |= {"PIPX_DEFAULT_BACKEND": "pip", "PIPX_DEFAULT_PYTHON": sys.executable}
    code, told = bash(once, folder, **own)
    assert (code, "error COD001" in told) == (1, True), told
    code, told = bash(f"{installed} && bin/errlint --version", folder, **own)
    assert (code, told.rstrip().splitlines()[-1].endswith(__version__)) == (0, True), told


def test_wheels_are_enough_where_there_is_no_network(folder: Path, wheels: Path) -> None:
    code, told = bash(recipe("commands: download"), folder, PIP_FIND_LINKS=str(wheels))
    assert code == 0, told
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:1/",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "http_proxy": "http://127.0.0.1:1",
    }
    code, told = bash(recipe("commands: install"), folder, **nowhere, https_proxy="http://127.0.0.1:1")

    assert (code, "error COD001" in told) == (1, True), told


def test_the_action_installs_itself_and_a_second_step_finds_it(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    write(workspace)
    runner = Runner(workspace, tmp_path / "temp")
    python = tmp_path / "temp/errlint/bin/python"
    first = runner.action(ROOT, {})[-1]
    made = python.stat().st_ctime_ns
    second = runner.action(ROOT, {"documents": "openapi.yaml"})[-1]
    where = subprocess.run(
        [python, "-I", "-c", "import errlint; print(errlint.__file__)"], capture_output=True, text=True, check=True
    )

    assert [(step.code, step.outputs["errors"]) for step in (first, second)] == [(1, "1")] * 2, first.log
    assert (python.stat().st_ctime_ns, where.stdout.startswith(str(tmp_path.resolve()))) == (made, True)


def test_a_release_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    action = Runner(tmp_path / "workspace", tmp_path / "temp").action(ROOT, {"version": "0.0.0"})[-1]

    assert (action.code, action.outputs["exit-code"]) == (2, "")
    assert "::error title=errlint::errlint could not be installed: pip ended with 1" in action.log
