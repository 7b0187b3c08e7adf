"""Needs: npm's ``@umbrelladocs/rdformat-validator``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.consumers.runs import RUNS


def validated(tools: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    command = [str(tools / "node_modules" / ".bin" / "rdformat-validator"), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_reports_are_what_reviewdog_reads(tools: Path, runs: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.json" for name in RUNS]  # it knows what it reads by the end of the name
    for path in paths:
        path.write_bytes((runs / f"{path.stem}.rdjson").read_bytes())
    done = validated(tools, *paths)
    assert (done.returncode, done.stdout.count("✓")) == (0, len(RUNS) + 1), done.stdout + done.stderr


def test_the_validator_does_complain(tools: Path, runs: Path, tmp_path: Path) -> None:
    report = json.loads((runs / "fixable.rdjson").read_text(encoding="utf-8"))
    assert any("suggestions" in one for one in report["diagnostics"])
    report["diagnostics"][0]["severity"] = "FATAL"
    (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    assert validated(tools, tmp_path / "report.json").returncode != 0
