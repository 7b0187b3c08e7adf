"""Needs: ``sarif-tools``, which makes GitLab's report of a SARIF file in its own way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.consumers.runs import RUNS

PLACED = [name for name, code in RUNS.items() if code != 2]
"""The runs whose findings both tell: a run that failed is an entry of ours alone."""


@pytest.mark.parametrize("name", PLACED)
def test_sarif_tools_makes_the_same_report_of_our_sarif(name: str, runs: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sarif", "codeclimate", str(runs / f"{name}.sarif"), "-o", str(tmp_path / "out.json")]
    subprocess.run(command, check=True, capture_output=True)
    theirs = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    ours = json.loads((runs / f"{name}.gitlab").read_text(encoding="utf-8"))
    assert sorted(map(told, ours)) == sorted(map(told, theirs))


def told(entry: dict) -> tuple[str, str, int, str]:
    path = unquote(entry["location"]["path"].removeprefix("file://"))
    return entry["check_name"], path, entry["location"]["lines"]["begin"], entry["severity"]


@pytest.mark.parametrize("name", RUNS)
def test_gitlab_shows_every_entry(name: str, runs: Path) -> None:
    """It drops an entry whose fingerprint it has seen, and shows none without these members."""
    entries = json.loads((runs / f"{name}.gitlab").read_text(encoding="utf-8"))
    marks = [entry["fingerprint"] for entry in entries]
    assert len(marks) == len(set(marks))
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["lines"]["begin"] >= 1
        assert entry["location"]["path"]
