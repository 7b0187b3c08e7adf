"""A service with tests of its own, written without errlint in mind, meets errlint as its team would: as the README shows it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
SERVICE = ROOT / "tests/examples/bookings"

pytestmark = pytest.mark.xdist_group("first minute")


def shown() -> list[tuple[str, list[str]]]:
    """The README's transcript: each command with the pieces of its output, which "..." stands between."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- first minute -->\n```\n(.*?)\n```", text, re.S)
    assert found
    steps = re.split(r"(?m)^\$ ", found.group(1))[1:]
    return [(step.partition("\n")[0], pieces(step.partition("\n")[2])) for step in steps]


def pieces(text: str) -> list[str]:
    return [piece.strip("\n") for piece in re.split(r"(?m)^\.\.\.$", text) if piece.strip()]


def masked(text: str) -> str:
    """An output without what differs from run to run: how long tests took."""
    return "\n".join(line.rstrip() for line in re.sub(r"in \d+\.\d\ds", "in 1.01s", text).splitlines())


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit code and both outputs of a command, in the order in which they came."""
    words = shlex.split(command)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(
        [sys.executable, "-m", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder,
        env=environment, check=False,
    )  # fmt: skip
    return done.returncode, masked(done.stdout)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, str]]]:
    """The folder of the service, and what each command of the README came to there."""
    folder = tmp_path_factory.mktemp("minute") / "bookings"
    shutil.copytree(SERVICE, folder, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    (folder / "bin").mkdir()
    (folder / "bin" / "pytest").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pytest "$@"\n')
    (folder / "bin" / "pytest").chmod(0o755)
    return folder, [run(command, folder) for command, _ in shown()]


def test_the_readme_shows_what_is_printed(played: tuple[Path, list[tuple[int, str]]]) -> None:
    for (command, parts), (_, printed) in zip(shown(), played[1], strict=True):
        at = 0
        for part in parts:
            found = f"\n{printed}\n".find(f"\n{part}\n", at)
            assert found >= 0, f"{command} does not print this (or not here):\n{part}\n\nbut:\n{printed}"
            at = found + len(part)


def test_the_catalog_holds_every_code_of_the_source(played: tuple[Path, list[tuple[int, str]]]) -> None:
    source = (SERVICE / "bookings/errors.py").read_text(encoding="utf-8")
    told = dict(zip(re.findall(r'code = "(\w+)"', source), map(int, re.findall(r"status = (\d+)", source)), strict=True))
    written = yaml.safe_load((played[0] / "errors.yaml").read_text(encoding="utf-8"))["errors"]

    assert {one["code"]: one["status"] for one in written if one["code"] is not None} == told
    assert len(told) == 14


def test_what_is_found_is_true(played: tuple[Path, list[tuple[int, str]]]) -> None:
    """The one operation without any declared error, and the statuses that the service answers and its document hides."""
    found = [re.findall(r"(?m)^(?:error|warning) (\w{3}\d{3}) .*", printed) for _, printed in played[1]]

    assert found == [[], ["DEC001"], ["COV011", "COV011", "COV011", "HTP001"], []]
    assert [code for code, _ in played[1]] == [0, 0, 1, 0]
