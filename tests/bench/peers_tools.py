"""The tools that the benchmark runs: their command lines, what counts as an answer, and how the peers are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PYTHON_PEER = "openapi-spec-validator-rs"
PYTHON_PINS = {PYTHON_PEER: "0.2.3"}
NODE_PINS = {"@redocly/cli": "2.77.0", "@stoplight/spectral-cli": "6.16.3"}

REDOCLY = """\
rules:
  operation-4xx-response: error
  operation-4xx-problem-details-rfc7807: error
"""

# The same two questions. Redocly asks the second one of OpenAPI 3 only; numeric keys in YAML are no fault to it.
SPECTRAL = """\
parserOptions: {incompatibleValues: off}
rules:
  operation-4xx-response:
    severity: error
    formats: [oas2, oas3]
    given: $.paths[*][get,put,post,delete,options,head,patch,trace].responses
    then:
      function: schema
      functionOptions:
        schema: {not: {propertyNames: {not: {pattern: "^4[0-9Xx]{2}$"}}}}
  operation-4xx-problem-details:
    severity: error
    formats: [oas3]
    given: $.paths[*][get,put,post,delete,options,head,patch,trace].responses[?(@property.match(/^4[0-9Xx]{2}$/))]
    then:
      function: schema
      functionOptions:
        schema: {required: [content], properties: {content: {required: [application/problem+json]}}}
"""


@dataclass(frozen=True)
class Answer:
    """What one run said: its exit code, how many findings, and why it does not count ("" when it does)."""

    exit: int
    findings: int | None = None
    failure: str = ""


@dataclass(frozen=True)
class Tool:
    """A program of the comparison: the words before the documents, and the judge of (exit code, stdout, stderr, documents)."""

    name: str
    words: tuple[str, ...]
    judge: Callable[[int, str, str, int], Answer]

    def command(self, documents: list[Path]) -> list[str]:
        return [*self.words, *map(str, documents)]

    def version(self) -> str:
        asked = subprocess.run([self.words[0], "--version"], capture_output=True, text=True, env=environment(), check=False)
        return (re.findall(r"\d+\.\d+\.\d+\S*", asked.stdout) or ["unknown version"])[0]


def environment() -> dict[str, str]:
    """The environment of every run: no Python switches (they would forbid cached bytecode), memory for node, no calls home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    redocly = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    return kept | redocly | {"NODE_OPTIONS": "--max-old-space-size=8000"}


def last_line(text: str) -> str:
    return next((line.strip()[:160] for line in reversed(text.splitlines()) if line.strip()), "")


def judge_errlint(code: int, out: str, err: str, asked: int) -> Answer:
    """Exit 0 or 1 with a report of each document; one that shows findings must show places (``:LINE:COL``)."""
    shown = len(re.findall(r"^(?:error|warning) ", out, re.MULTILINE))
    if code not in (0, 1):
        return Answer(code, None, last_line(err) or last_line(out))
    read = len(re.findall(r" \(OpenAPI [\d.]+\): ", out))
    if read != asked:
        return Answer(code, None, f"reports {read} of {asked} documents")
    if code == 1 and not shown:
        return Answer(code, None, "exit 1 without a finding")
    if shown and not re.search(r":\d+:\d+\b", out):
        return Answer(code, None, "findings without a place")
    return Answer(code, shown)


def judge_osv(code: int, out: str, err: str, asked: int) -> Answer:
    """Exit 0 (valid) or 1: invalid, unreadable, or stopped, since it asks no document after the first invalid one."""
    invalid = len(re.findall(r": Validation Error\b", out + err))
    read = invalid + len(re.findall(r": OK$", out, re.MULTILINE))
    if code in (0, 1) and read == asked:
        return Answer(code, invalid)
    return Answer(code, None, f"reports {read} of {asked} documents" if read else last_line(err) or last_line(out))


def judge_redocly(code: int, out: str, err: str, asked: int) -> Answer:
    """Exit 0 or 1 with a JSON report of each document, one after the other; without one it could not read the document."""
    errors = [int(number) for number in re.findall(r'^\}?\{\s+"totals": \{\s+"errors": (\d+)', out, re.MULTILINE)]
    if code not in (0, 1) or len(errors) != asked:
        told = re.search(r"^.*(?:fail|error|cannot).*$", err, re.IGNORECASE | re.MULTILINE)
        return Answer(code, None, (told[0].strip()[:160] if told else last_line(err)) or "no report")
    return Answer(code, sum(errors))


def judge_spectral(code: int, out: str, err: str, asked: int) -> Answer:
    """Exit 0 or 1 with its JSON report of all findings, in which no document may be one that it does not recognise."""
    try:
        codes = [one["code"] for one in json.loads(out)]
    except (ValueError, KeyError, TypeError):
        return Answer(code, None, last_line(err) or "no report")
    if "unrecognized-format" in codes or code not in (0, 1):
        return Answer(code, None, last_line(err) or "unrecognized format")
    return Answer(code, sum(one.startswith("operation-4xx-") for one in codes))  # not its own notes, such as invalid-ref


def judge_plain(code: int, out: str, err: str, asked: int) -> Answer:
    """Exit 0 or 1: nothing more is known of a peer that has no judge here."""
    return Answer(code, None, "" if code in (0, 1) else last_line(err) or last_line(out))


def errlint(name: str, words: list[str]) -> Tool:
    """errlint itself; words after the executable are options of ``lint``."""
    return Tool(name, (words[0], "lint", *words[1:]), judge_errlint)


def peer(name: str, words: list[str], folder: Path) -> Tool:
    """A peer, known by its executable's name; its rules are written to the folder. An unknown one is run as it is given."""
    kind = Path(words[0]).name
    if kind == PYTHON_PEER:
        return Tool(name, tuple(words), judge_osv)
    if kind == "redocly":
        rules = folder / "redocly.yaml"
        rules.write_text(REDOCLY, encoding="utf-8")
        options = ("lint", "--config", str(rules), "--format", "json", "--max-problems", "1000000")
        return Tool(name, (*words, *options), judge_redocly)
    if kind == "spectral":
        rules = folder / "spectral.yaml"
        rules.write_text(SPECTRAL, encoding="utf-8")
        return Tool(name, (*words, "lint", "-q", "-r", str(rules), "-f", "json"), judge_spectral)
    return Tool(name, tuple(words), judge_plain)


def install(folder: Path) -> dict[str, Path]:
    """The peers' executables below a folder by name, installed at the pinned versions where they are not there yet."""
    bins = {"osv-rs": folder / "venv/bin" / PYTHON_PEER}
    bins |= {name: folder / "node_modules/.bin" / name for name in ("redocly", "spectral")}
    folder.mkdir(parents=True, exist_ok=True)
    if not bins["osv-rs"].exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        pins = [f"{name}=={version}" for name, version in PYTHON_PINS.items()]
        subprocess.run([folder / "venv/bin/python", "-m", "pip", "install", "-q", *pins], check=True)
    if not (bins["redocly"].exists() and bins["spectral"].exists()):
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("npm is not installed (Debian: apt-get install npm), so the two node peers cannot be")
        pins = [f"{name}@{version}" for name, version in NODE_PINS.items()]
        options = ["--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run([npm, "install", *options, "--prefix", folder, *pins], check=True, stdout=sys.stderr)
    return bins
