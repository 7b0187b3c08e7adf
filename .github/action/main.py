"""What action.yml runs: ``main.py install``, then ``main.py run``. Every input comes by the environment, as GHA_ERRLINT_NAME.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
"""The errlint that this action comes with."""

LOCKED = CHECKOUT / ".github/locked"
"""What it needs, and what builds it, each by version and hash."""

REPORTS = {"sarif": "errlint.sarif", "json": "errlint.json", "markdown": "errlint.md", "github": "annotations.txt"}
"""The formats that are written to files, each with its file."""


class InputError(Exception):
    """An input that cannot be meant; its text is for the user."""


def requirement(version: str) -> str:
    """What pip is asked for: this checkout, the newest release, or one release. Raises: InputError."""
    if version == "":
        return str(CHECKOUT)
    if version == "latest":
        return "errlint"
    if re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version):
        return f"errlint=={version}"
    raise InputError(f"version is X.Y.Z, latest or nothing, not {version!r}")


def interpreter(folder: Path) -> Path:
    """The Python of an environment, here or on Windows."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def install(inputs: Mapping[str, str], folder: Path) -> int:
    """Puts errlint into the environment in ``folder``, unless an earlier step did; the job's own is left alone."""
    wanted = requirement(inputs.get("VERSION", ""))
    done, made = folder / "installed.txt", f"{wanted}\n{sys.executable}\n"
    if done.is_file() and done.read_text(encoding="utf-8") == made:
        return 0
    pip = (str(interpreter(folder)), "-I", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    steps: list[tuple[str, ...]] = [(*pip, "--", wanted)]
    if wanted == str(CHECKOUT):  # nothing is installed but what this commit names, hash by hash
        steps = [(*pip, "--require-hashes", "-r", str(LOCKED / name)) for name in ("requirements.txt", "build.txt")]
        steps.append((*pip, "--no-deps", "--no-build-isolation", "--", wanted))
    for command in ((sys.executable, "-I", "-m", "venv", "--clear", str(folder)), *steps):
        code = subprocess.run(command, check=False).returncode  # noqa: S603 -- a list, and no shell
        if code:
            raise InputError(f"errlint could not be installed: pip ended with {code}")
    done.write_text(made, encoding="utf-8")
    return 0


def arguments(inputs: Mapping[str, str], reports: Path) -> Iterator[str]:
    """The command line of errlint. A value is never taken for an option, a document neither. Raises: InputError."""
    command = inputs.get("COMMAND", "")
    if command not in ("lint", "probe"):
        raise InputError(f"command is lint or probe, not {command!r}")
    yield command
    for option in ("CONFIG", "SINCE", "URL", "FAIL_ON"):
        if inputs.get(option, ""):
            yield f"--{option.lower().replace('_', '-')}={inputs[option]}"
    for catalog in _lines(inputs.get("CATALOGS", "")):
        yield f"--catalog={catalog}"
    for option in _lines(inputs.get("ARGS", "")):
        if not option.startswith("-") or option == "--":
            raise InputError(f"args takes one option a line, with its value after '=', not {option!r}")
        yield option
    yield "--format=text"
    for name, file in REPORTS.items():
        yield f"--format={name}:{reports / file}"
    yield "--"
    yield from _lines(inputs.get("DOCUMENTS", ""))


def run(inputs: Mapping[str, str], folder: Path) -> int:
    """Runs errlint, shows its annotations, and tells the later steps what came of it."""
    reports = Path(tempfile.mkdtemp(prefix="errlint-", dir=folder.parent))
    command = [str(interpreter(folder)), "-I", "-X", "utf8", "-m", "errlint", *arguments(inputs, reports)]
    # What a document or a service says must never be read as a command to the runner.
    token = secrets.token_hex(16)
    _print(f"::stop-commands::{token}")
    try:
        code = subprocess.run(command, check=False).returncode  # noqa: S603 -- a list, and no shell
    finally:
        _print(f"\n::{token}::")
    _categorise(reports / REPORTS["sarif"], inputs.get("CATEGORY", "").strip())
    annotations = reports / REPORTS["github"]
    if annotations.is_file():
        _print(annotations.read_text(encoding="utf-8").rstrip("\n"))
    elif code:
        _print(f"::error title=errlint::errlint ended with exit code {code}: the log of this step says why")
    _tell({"exit-code": str(code), **_counts(reports / REPORTS["json"]), **_files(reports)})
    return code


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _categorise(report: Path, category: str) -> None:
    """Names the report for code scanning; ``category`` of upload-sarif is not heard where a report has a name, and ours has."""
    if category and report.is_file():
        log = json.loads(report.read_text(encoding="utf-8"))
        for one in log["runs"]:
            one["automationDetails"] = {"id": f"{category.rstrip('/')}/"}
        report.write_text(json.dumps(log), encoding="utf-8")


def _counts(report: Path) -> dict[str, str]:
    if not report.is_file():
        return {}
    summary = json.loads(report.read_text(encoding="utf-8"))["summary"]
    return {"errors": str(summary["error"]), "warnings": str(summary["warning"])}


def _files(reports: Path) -> dict[str, str]:
    made = {f"{name}-file": reports / REPORTS[name] for name in ("sarif", "json", "markdown")}
    return {name: str(path) for name, path in made.items() if path.is_file()}


def _tell(outputs: Mapping[str, str]) -> None:
    """Writes outputs of the step; no value can end its own text, whatever it holds."""
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        for name, value in outputs.items():
            end = f"end-{secrets.token_hex(16)}"
            file.write(f"{name}<<{end}\n{value}\n{end}\n")


def _print(text: str) -> None:
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


def main() -> int:
    """Does one step; what a user can mend is one annotation."""
    inputs = {key.removeprefix("GHA_ERRLINT_"): value for key, value in os.environ.items() if key.startswith("GHA_ERRLINT_")}
    folder = Path(os.environ["RUNNER_TEMP"]).resolve() / "errlint"
    try:
        return {"install": install, "run": run}[sys.argv[1]](inputs, folder)
    except InputError as error:
        _print("::error title=errlint::" + str(error).replace("%", "%25"))
        return 2


if __name__ == "__main__":
    sys.exit(main())
