"""Whole runs: what a command prints over a case, in text and JSON, compared whole."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import jsonschema
import pytest

from errlint.cli.main import run

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/command"))


@pytest.mark.parametrize("case", CASES)
def test_a_run_prints_what_its_golden_files_hold(case, capsys, monkeypatch, regenerate):
    folder = GOLDEN / case
    monkeypatch.chdir(folder)
    arguments = shlex.split((folder / "command").read_text(encoding="utf-8"))
    code = run(arguments)
    text = capsys.readouterr().out
    assert run([*arguments, "-f", "json"]) == code
    report = capsys.readouterr().out.replace(f'"version": "{_version()}"', '"version": "0"')
    jsonschema.validate(json.loads(report), SCHEMA)
    for name, got in (("expected.txt", text), ("expected.json", report)):
        path = folder / name
        if regenerate:
            path.write_text(got, encoding="utf-8")
        assert got == path.read_text(encoding="utf-8")


def _version() -> str:
    from errlint import __version__

    return __version__


def test_a_golden_report_of_an_earlier_version_still_validates():
    """Never regenerate this file: it holds what version 1 of the report promised."""
    report = json.loads((GOLDEN / "report-version-1.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)


@pytest.mark.parametrize("case", CASES)
def test_two_findings_never_share_a_fingerprint(case):
    report = json.loads((GOLDEN / case / "expected.json").read_text(encoding="utf-8"))
    fingerprints = [finding["fingerprint"] for finding in report["findings"]]
    assert len(fingerprints) == len(set(fingerprints))


@pytest.mark.parametrize("case", CASES)
def test_every_finding_has_a_line(case):
    report = json.loads((GOLDEN / case / "expected.json").read_text(encoding="utf-8"))
    assert [f["message"] for f in report["findings"] if not f["location"]["line"]] == []
