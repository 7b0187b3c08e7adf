"""Needs: npm's ``@microsoft/sarif-multitool-linux``, which holds the JSON schema of SARIF, and GitHub's rules for it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.consumers.runs import RUNS

PACKAGE = ("node_modules", "@microsoft", "sarif-multitool-linux")

NOT_OURS = {
    "SARIF2002": "wants the words of messages in the rules and arguments in results: GitHub shows neither",
    "SARIF2003": "wants the version control of what was judged, which upload-sarif adds",
    "SARIF2005": "wants a page of the tool",
    "SARIF2006": "asks whether addresses answer: nothing is reached here",
    "SARIF2012": "wants a page about each rule: only those that a config links have one",
    "SARIF2010": "wants the text of the place",
    "SARIF2011": "wants the text around the place",
}
"""What the tool advises beyond the format, and why it is not done; the last two only where no text is known."""

NOT_HERE = {("outside", "SARIF2016")}
"""Wants relative names: what is outside of the working directory, and of the repository where a CI tells it, has none."""


@pytest.fixture(scope="module")
def schema(tools: Path) -> Any:
    return json.loads(tools.joinpath(*PACKAGE, "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))


@pytest.mark.parametrize("name", RUNS)
def test_a_report_meets_the_json_schema(name: str, runs: Path, schema: Any) -> None:
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    log = json.loads((runs / f"{name}.sarif").read_text(encoding="utf-8"))
    assert [(list(error.absolute_path), error.message) for error in validator.iter_errors(log)] == []


def validated(tools: Path, output: Path, *paths: Path) -> list[tuple[str, str, str]]:
    """What the tool complains of: (file, rule, about what). It exits 0 whatever it finds, so that its own report is read."""
    command = [str(tools.joinpath(*PACKAGE, "Sarif.Multitool")), "validate", *map(str, paths)]
    options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--output", str(output)]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run([*command, *options], capture_output=True, text=True, env=environment, check=True)
    assert f"{len(paths)} files scanned" in done.stdout, done.stdout
    (run,) = json.loads(output.read_text(encoding="utf-8-sig"))["runs"]
    assert run["invocations"][0]["executionSuccessful"], run["invocations"]
    return [
        (
            Path(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).stem,
            one["ruleId"],
            str(one["message"].get("arguments")),
        )
        for one in run.get("results", ())
    ]


def test_github_has_nothing_to_complain_of(tools: Path, runs: Path, tmp_path: Path) -> None:
    found = validated(tools, tmp_path / "out.sarif", *(runs / f"{name}.sarif" for name in RUNS))
    assert [one for one in found if one[1] not in NOT_OURS and one[:2] not in NOT_HERE] == []
    assert {one[0] for one in found} == set(RUNS)  # each was read: there is always something of NOT_OURS


def test_the_tool_does_complain(tools: Path, runs: Path, tmp_path: Path) -> None:
    """Its rules for GitHub are on: what GitHub would not show is told."""
    log = json.loads((runs / "demo.sarif").read_text(encoding="utf-8"))
    for result in log["runs"][0]["results"]:
        del result["locations"]
    (tmp_path / "poor.sarif").write_text(json.dumps(log), encoding="utf-8")
    assert any(rule.startswith("GH") for _, rule, _ in validated(tools, tmp_path / "out.sarif", tmp_path / "poor.sarif"))


@pytest.mark.parametrize("name", RUNS)
def test_what_github_needs_is_there(name: str, runs: Path) -> None:
    """What the tool does not look at: fingerprints, all ends of regions, no scheme but file."""
    (run,) = json.loads((runs / f"{name}.sarif").read_text(encoding="utf-8"))["runs"]
    marks = [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]
    assert len(marks) == len(set(marks))
    for result in run["results"]:
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        assert set(physical["region"]) >= {"startLine", "startColumn", "endLine", "endColumn"}
        uri = physical["artifactLocation"]["uri"]
        assert uri.startswith("file:///") or ":" not in uri
    assert run["invocations"][0]["executionSuccessful"] is (RUNS[name] != 2)
    assert bool(run["results"]) or RUNS[name] != 1
