"""Plays GitHub's runner: a workflow's or an action's steps with the environment, the files and the commands of the real one.

Known of the runner (actions/runner): a script runs as ``bash --noprofile --norc -e -o pipefail FILE`` in the workspace; an
output is ``NAME<<END`` lines in the file GITHUB_OUTPUT; ``::error ...::`` lines are commands, until ``::stop-commands::TOKEN``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
ACTION = "errlint/errlint"

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||[=!]=|[!(),]|[\w.-]+)")


@dataclass
class Step:
    """What became of a step: its id, exit code, outputs, and both its outputs as the log has them."""

    id: str
    code: int
    outputs: dict[str, str]
    log: str
    summary: str = ""
    uses: str = ""
    given: dict[str, str] = field(default_factory=dict)


def commands(log: str) -> list[str]:
    """The lines that the runner takes for commands."""
    found, stopped = [], ""
    for line in log.splitlines():
        if stopped:
            stopped = "" if line.strip() == f"::{stopped}::" else stopped
        elif line.lstrip().startswith("::stop-commands::"):
            stopped = line.strip().removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            found.append(line)
    return found


@dataclass
class Runner:
    """A job on a machine: the workspace, RUNNER_TEMP, the ``github`` context and the environment of every step."""

    workspace: Path
    temp: Path
    github: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    failed: bool = False

    def __post_init__(self) -> None:
        self.temp.mkdir(exist_ok=True)
        own = {"RUNNER_TEMP": str(self.temp), "GITHUB_WORKSPACE": str(self.workspace), "GITHUB_ACTIONS": "true"}
        self.environment = {**os.environ, **own, **self.environment}
        self.environment.pop("PYTHONPATH", None)

    def job(self, workflow: str, name: str) -> list[Step]:
        """The steps of a workflow's job, those inside of errlint's action too."""
        job = yaml.safe_load(workflow)["jobs"][name]
        return self._steps(job["steps"], {}, job.get("env", {}), None)

    def action(self, path: Path, given: Mapping[str, str], environment: Mapping[str, str] | None = None) -> list[Step]:
        """The steps of a composite action; the last one is the action itself, with its outputs."""
        action = yaml.safe_load((path / "action.yml").read_text(encoding="utf-8"))
        known = {name: str(one.get("default", "")) for name, one in action["inputs"].items()}
        assert set(given) <= set(known), "the runner warns of an input that the action does not have"
        before, self.failed = self.failed, False
        steps = self._steps(action["runs"]["steps"], {**known, **given}, environment or {}, path)
        self.failed = before
        outputs = {name: self.text(one["value"], {}, steps) for name, one in action["outputs"].items()}
        return [*steps, Step("", max((step.code for step in steps), default=0), outputs, "".join(step.log for step in steps))]

    def _steps(
        self, steps: Sequence[Any], inputs: Mapping[str, str], environment: Mapping[str, str], action: Path | None
    ) -> list[Step]:
        done: list[Step] = []
        for step in steps:
            condition = str(step.get("if", "success()"))
            status = re.search(r"\b(always|failure|cancelled|success)\(\)", condition)
            if not (self._value(condition, inputs, done) and (status or not self.failed)):
                continue
            filled = {key: self.text(str(value), inputs, done) for key, value in step.get("env", {}).items()}
            env = {**environment, **filled}
            if "run" in step:
                assert "${{" not in step["run"], "a value is pasted into a script"
                assert action is None or step["shell"] == "bash"
                made = [self._script(step, env, action)]
            else:
                given = {key: self.text(_written(value), inputs, done) for key, value in step.get("with", {}).items()}
                made = self._used(step, given, env)
            made[-1].id = step.get("id", "")
            self.failed = self.failed or (made[-1].code != 0 and not step.get("continue-on-error", False))
            done += made
        return done

    def _used(self, step: Mapping[str, Any], given: dict[str, str], environment: Mapping[str, str]) -> list[Step]:
        name = step["uses"]
        if name.split("@")[0] in (ACTION, "./"):
            return self.action(ROOT, given, environment)
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name), f"{name} is not pinned"
        outputs = {"python-path": sys.executable} if name.startswith("actions/setup-python@") else {}
        return [Step("", 0, outputs, "", uses=name.split("@")[0], given=given)]

    def _script(self, step: Mapping[str, Any], environment: Mapping[str, str], action: Path | None) -> Step:
        files = {name: self.temp / f"_{name.lower()}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        script = self.temp / "_script.sh"
        script.write_text(step["run"], encoding="utf-8")
        env = {**self.environment, **environment, **{name: str(file) for name, file in files.items()}}
        if action is not None:
            env["GITHUB_ACTION_PATH"] = str(action)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.workspace, env=env, check=False, timeout=300,
        )  # fmt: skip
        assert files["GITHUB_ENV"].read_text(encoding="utf-8") == "", "what a step writes there, every later program reads"
        outputs = _outputs(files["GITHUB_OUTPUT"].read_text(encoding="utf-8"))
        summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        return Step("", done.returncode, outputs, done.stdout.decode("utf-8", "replace"), summary)

    def text(self, text: str, inputs: Mapping[str, str] | None = None, steps: Sequence[Step] = ()) -> str:
        """A text with the values of its expressions."""
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: _written(self._value(found[1], inputs or {}, steps)), text)

    def _value(self, text: str, inputs: Mapping[str, str], steps: Sequence[Step]) -> Any:
        text = text.strip().removeprefix("${{").removesuffix("}}")
        tokens = _TOKEN.findall(text)
        assert "".join(tokens) == re.sub(r"\s(?=(?:[^']*'[^']*')*[^']*$)", "", text), f"this runner cannot read {text}"
        names = {
            "inputs": inputs,
            "steps": {step.id: {"outputs": step.outputs} for step in steps if step.id},
            "github": self.github,
            "runner": {"temp": str(self.temp)},
            "secrets": self.secrets,
        }
        reader = _Expression(tokens, names, self.failed)
        value = reader.either()
        assert not reader.tokens, f"this runner cannot read {text}"
        return value


@dataclass
class _Expression:
    """Reads an expression of a workflow: contexts, texts, ``== != && || !``, ``format`` and the functions of status."""

    tokens: list[str]
    names: Mapping[str, Any]
    failed: bool

    def either(self) -> Any:
        value = self.both()
        while self.tokens[:1] == ["||"]:
            self.tokens.pop(0)
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.equal()
        while self.tokens[:1] == ["&&"]:
            self.tokens.pop(0)
            other = self.equal()
            value = value and other
        return value

    def equal(self) -> Any:
        value = self.one()
        while self.tokens[:1] in (["=="], ["!="]):
            same = self.tokens.pop(0) == "=="
            value = (_written(value) == _written(self.one())) is same
        return value

    def one(self) -> Any:
        token = self.tokens.pop(0)
        if token == "!":
            return not self.one()
        if token == "(":
            value = self.either()
            assert self.tokens.pop(0) == ")"
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self.tokens[:1] == ["("]:
            return self.call(token)
        value: Any = self.names
        for name in token.split("."):
            value = value.get(name, "") if isinstance(value, Mapping) else ""
        return value

    def call(self, name: str) -> Any:
        self.tokens.pop(0)
        given = []
        while self.tokens[0] != ")":
            given.append(self.either())
            if self.tokens[0] == ",":
                self.tokens.pop(0)
        self.tokens.pop(0)
        if name == "format":
            return given[0].format(*given[1:])
        return {"always": True, "success": not self.failed, "failure": self.failed, "cancelled": False}[name]


def _written(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else "" if value is None else str(value)


def _outputs(text: str) -> dict[str, str]:
    found, lines = {}, iter(text.split("\n")[:-1])
    for line in lines:
        name, _, end = line.partition("<<")
        value = []
        while (line := next(lines)) != end:
            value.append(line)
        found[name] = "\n".join(value)
    return found
